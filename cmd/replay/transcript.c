#include "cmd/replay/transcript.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int transcript_parse(const char *text, size_t len, struct transcript *t, struct vnet_err *err)
{
    *t = (struct transcript){0};
    if (memchr(text, '\0', len))
        return vnet_err(err, EINVAL, "not a text: it has a NUL byte");
    source_split(&t->source, text, len);
    transcript_build(t);
    if (t->n == 0)
        return vnet_err(err, EINVAL,
                        "no commands found: neither a prompt (\"$ \", \"# \", \"[root@host ~]# \") "
                        "nor a line that begins with a command known here");
    transcript_pair(t);
    transcript_note_namespaces(t);
    return 0;
}

void transcript_release(struct transcript *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct step *s = &t->steps[i];
        for (size_t k = 0; k < s->nexpected; k++)
            free(s->expected[k].text);
        free(s->expected);
        free(s->command);
        free(s->note);
        free(s->elsewhere);
        free(s->shell_in);
    }
    free(t->steps);
    source_release(&t->source);
    *t = (struct transcript){0};
}
