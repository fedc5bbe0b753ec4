/* Listings from strangers: read, the world made of them, and that one's commands. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/export/export.h"
#include "cmd/import/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void export_it(struct vnet *w)
{
    struct sink out, err;
    char name[] = "export", option[] = "--commands", *argv[] = {name, option, NULL};
    sink_init_mem(&out);
    sink_init_mem(&err);
    struct cmd_env env = {
        .out = &out, .err = &err, .session = vnet_session_memory(w), .netns = ""};
    export_main(&env, 2, argv);
    vnet_session_free(env.session); /* and w */
    sink_release(&out);
    sink_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct listing l = {0};
    struct vnet_err err = {""};
    char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    listing_read_text(&l, text, strlen(text), 1);
    if (!listing_empty(&l)) {
        struct vnet *w = vnet_new(vnet_profiles(), 1, 0);
        listing_apply(&l, w, &err);
        export_it(w);
    }
    listing_release(&l);
    free(text);
    return 0;
}
