/* State files: what loads lives on for a second, and can be saved and loaded again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "state/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct strbuf saved = STRBUF_INIT;
    struct vnet_err err;
    char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    struct vnet *w = state_parse(text, size, &err);
    if (!w)
        return 0;
    int64_t until = vnet_now(w) + NSEC_PER_SEC;
    for (int i = 0; i < 100 && vnet_run_one(w, until < STATE_TIME_MAX ? until : STATE_TIME_MAX);
         i++)
        ;
    state_save(w, &saved);
    vnet_free(w);
    size_t len = saved.len;
    w = state_parse(strbuf_detach(&saved), len, &err);
    if (!w)
        abort();
    vnet_free(w);
    return 0;
}
