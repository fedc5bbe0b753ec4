/* Transcripts of any shape: cut into steps, commands looked at, outputs compared with each other.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/recognise.h"
#include "cmd/replay/transcript.h"
#include "cmd/replay/unify.h"
#include "cmd/shell/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const char *command)
{
    struct vnet_err err;
    size_t len;
    const char *word = recognise_placeholder(command, &len);
    if (word && (word < command || word + len > command + strlen(command)))
        abort();
    (void)recognise_command(command);
    (void)recognise_synopsis(command);
    (void)recognise_incomplete(command);
    const char *traffic = recognise_traffic(command);
    if (traffic && (traffic < command || traffic >= command + strlen(command)))
        abort();
    (void)shell_check(command, &err);
}

static const char **lines_of(const struct step *s, struct unify_text *text)
{
    const char **lines = mem_calloc(s->nexpected + 1, sizeof(*lines));
    for (size_t i = 0; i < s->nexpected; i++)
        lines[i] = s->expected[i].text;
    *text = (struct unify_text){lines, s->nexpected};
    return lines;
}

static void compare(struct unify *u, const struct step *a, const struct step *b)
{
    struct unify_text expected, actual;
    const char **e = lines_of(a, &expected), **l = lines_of(b, &actual);
    unify_command(u, a->command);
    (void)unify_block(u, &expected, &actual, unify_command_is_unordered(a->command), NULL);
    free(e);
    free(l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct unify_opts opts = {.ifindex_bound = true, .elisions = true};
    struct transcript t;
    struct vnet_err err;
    char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    if (transcript_parse(text, size, &t, &err) == 0) {
        struct unify *u = unify_new(&opts);
        for (size_t i = 0; i < t.n; i++) {
            look_at(t.steps[i].command);
            if (i > 0 && t.steps[i].traffic != SIZE_MAX && t.steps[i].traffic >= t.n)
                abort();
            compare(u, &t.steps[i], &t.steps[i ? i - 1 : 0]);
        }
        unify_free(u);
    }
    transcript_release(&t);
    free(text);
    return 0;
}
