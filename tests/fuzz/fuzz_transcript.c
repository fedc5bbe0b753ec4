/* Transcripts: split into steps, commands split into words, listings read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/transcript.h"
#include "cmd/shell/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct transcript t;
    struct vnet_err err;
    char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    if (transcript_parse(text, size, &t, &err) == 0) {
        for (size_t i = 0; i < t.n; i++) {
            struct shell_command cmd;
            if (shell_parse(t.steps[i].command, &cmd, &err) == 0)
                shell_command_release(&cmd);
        }
    }
    transcript_release(&t);
    free(text);
    return 0;
}
