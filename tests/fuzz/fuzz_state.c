/* State files: what loads lives on for a second, and can be saved and loaded again; the same once
 * all that sleeps in it is awake. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dev/netns.h"
#include "state/asleep.h"
#include "state/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where the text has a sum, the right one, so that what is behind it is read as it is. */
static void add_sealed(struct strbuf *text, const uint8_t *data, size_t size)
{
    static const char key[] = ",\n\"sum\":";
    const size_t len = sizeof(key) - 1;
    size_t at = size < len ? 0 : size - len;
    while (at > 0 && memcmp(data + at, key, len) != 0)
        at--;
    strbuf_add(text, (const char *)data, at > 0 ? at : size);
    if (at == 0)
        return;
    strbuf_adds(text, "\n}\n");
    asleep_seal(text, 0);
}

/* A world that is broken is never saved. */
static void save_and_load(const struct vnet *w)
{
    struct strbuf saved = STRBUF_INIT;
    struct vnet_err err;
    state_save(w, &saved);
    size_t len = saved.len;
    struct vnet *again = state_parse(strbuf_detach(&saved), len, &err);
    if (!again && !w->broken)
        abort();
    vnet_free(again);
}

/* What the head of a text says of a world's profile is so. */
static const struct vnet_profile *head_profile(const struct strbuf *text)
{
    char head[STATE_HEAD + 1] = "";
    memcpy(head, strbuf_cstr(text), text->len < STATE_HEAD ? text->len : STATE_HEAD);
    return state_head_profile(head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf text = STRBUF_INIT;
    struct vnet_err err;
    add_sealed(&text, data, size);
    size_t len = text.len;
    const struct vnet_profile *profile = head_profile(&text);
    struct vnet *w = state_parse(strbuf_detach(&text), len, &err);
    if (!w)
        return 0;
    if (profile && profile != vnet_world_profile(w))
        abort();
    int64_t until = vnet_now(w) + NSEC_PER_SEC;
    for (int i = 0; i < 100 && vnet_run_one(w, until < STATE_TIME_MAX ? until : STATE_TIME_MAX);
         i++)
        ;
    save_and_load(w);
    netns_wake_all(w);
    save_and_load(w);
    vnet_free(w);
    return 0;
}
