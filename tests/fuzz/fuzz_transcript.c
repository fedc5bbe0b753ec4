/* Transcripts: split into steps, commands split into words, listings read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/transcript.h"
#include "cmd/shell/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct transcript t;
    struct vnet_err err;
    char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    if (transcript_parse(text, size, &t, &err) == 0) {
        for (size_t i = 0; i < t.n; i++) {
            shell_check(t.steps[i].command, &err);
        }
    }
    transcript_release(&t);
    free(text);
    return 0;
}
