#include "cmd/replay/update.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/mem.h"

/* What becomes of one line of the source. */
struct edit {
    bool removed;
    char *instead;        /* NULL: as it is; owned */
    struct strbuf behind; /* lines to add, each with its newline; owned */
};

struct editor {
    const struct source *s;
    struct edit *edits; /* one a line */
    size_t changes;
    const char *newline;
};

/* ---- what to change ---- */

/* A line to print where nothing was expected stands behind the last line that was. */
static void add_behind(struct editor *ed, const struct step *s, size_t line, const char *text)
{
    struct strbuf *behind = &ed->edits[line].behind;
    const char *like = ed->s->line[s->line_no - 1].text; /* the markup's white space, as there */
    strbuf_add(behind, like, s->indent < strlen(like) ? s->indent : 0);
    strbuf_adds(behind, text);
    strbuf_adds(behind, ed->newline);
    ed->changes++;
}

static const char *at_indent(const char *line, size_t indent)
{
    size_t own = strspn(line, " \t");
    return line + (own < indent ? own : indent);
}

/* HH:MM:SS.ffffff and a space */
static size_t clock_len(const char *line)
{
    static const char shape[] = "00:00:00.000000 ";
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '0' ? !isdigit((unsigned char)line[i]) : line[i] != shape[i])
            return 0;
    return sizeof(shape) - 1;
}

/* The line as the author would have seen it: his values, and his clock as in the line `like`. */
static char *new_line(const struct unify_step *d, const char *like)
{
    char *line = mem_strdup(d->as_author ? d->as_author : d->actual);
    size_t n = clock_len(line);
    if (n && clock_len(like))
        memcpy(line, like, n);
    return line;
}

static void edit_step(struct editor *ed, const struct step *s, const struct replay_outcome *o)
{
    size_t at = s->end - 1, e = 0; /* the line behind which the next addition goes */
    for (size_t i = 0; i < o->diff.n; i++) {
        const struct unify_step *d = &o->diff.step[i];
        while (d->expected && e < s->nexpected && s->expected[e].text != d->expected)
            e++;
        if (d->expected && e < s->nexpected)
            at = s->expected[e++].line;
        if (d->verdict != UNIFY_DIFFERENT)
            continue;
        if (!d->expected) {
            char *line = new_line(d, at_indent(ed->s->line[at].text, s->indent));
            add_behind(ed, s, at, line);
            free(line);
            continue;
        }
        ed->edits[at].removed = !d->actual;
        if (d->actual && !ed->edits[at].instead)
            ed->edits[at].instead = new_line(d, d->expected);
        ed->changes++;
    }
}

/* Output where the transcript shows none, but the command fails: it is added. */
static void edit_unshown(struct editor *ed, const struct step *s, const struct replay_outcome *o)
{
    for (size_t i = 0; i < o->nlines; i++)
        add_behind(ed, s, s->end - 1, o->lines[i]);
}

/* ---- the new text ---- */

static void write_line(const struct editor *ed, size_t i, const char *text, struct strbuf *out)
{
    const struct source_line *l = &ed->s->line[i];
    const struct edit *edit = &ed->edits[i];
    if (!edit->removed && !edit->instead) {
        strbuf_add(out, text + l->start, l->end - l->start);
    } else if (edit->instead) {
        size_t n = l->end - l->start, indent = strspn(text + l->start, " \t");
        const char *end = text + l->start + n;
        bool nl = n && end[-1] == '\n';
        size_t own = strspn(edit->instead, " \t");
        strbuf_add(out, text + l->start, indent > own ? indent - own : 0);
        strbuf_adds(out, edit->instead);
        strbuf_adds(out, nl ? ed->newline : "");
    }
    if (edit->behind.len && out->len && out->data[out->len - 1] != '\n')
        strbuf_adds(out, ed->newline);
    strbuf_add(out, strbuf_cstr(&edit->behind), edit->behind.len);
}

size_t update_text(const struct replay *r, const struct playing *p, const char *text, size_t len,
                   struct strbuf *out)
{
    const struct source *s = &r->t.source;
    const char *nl = memchr(text, '\n', len);
    struct editor ed = {.s = s,
                        .edits = mem_calloc(s->n + 1, sizeof(*ed.edits)),
                        .newline = nl && nl > text && nl[-1] == '\r' ? "\r\n" : "\n"};
    for (size_t i = 0; i < p->n; i++) {
        const struct replay_outcome *o = &p->outcomes[i];
        if (o->verdict != REPLAY_BEHAVIOURAL)
            continue;
        if (o->not_compared)
            edit_unshown(&ed, &r->t.steps[i], o);
        else
            edit_step(&ed, &r->t.steps[i], o);
    }
    for (size_t i = 0; i < s->n; i++) {
        write_line(&ed, i, text, out);
        strbuf_release(&ed.edits[i].behind);
        free(ed.edits[i].instead);
    }
    free(ed.edits);
    return ed.changes;
}

/* ---- the file ---- */

static int write_through(int fd, const struct strbuf *text)
{
    int rc = write_all(fd, strbuf_cstr(text), text->len);
    return rc == 0 && fsync(fd) < 0 ? -errno : rc;
}

int update_file(const char *name, const struct strbuf *text, struct vnet_err *err)
{
    struct strbuf temp = STRBUF_INIT;
    struct stat st;
    strbuf_addf(&temp, "%s.XXXXXX", name);
    int fd = stat(name, &st) == 0 ? mkstemp(temp.data) : -1;
    int rc = fd < 0 ? -errno : write_through(fd, text);
    if (fd >= 0) {
        if (rc == 0 && fchmod(fd, st.st_mode & 07777) < 0)
            rc = -errno;
        close(fd);
        if (rc == 0 && rename(temp.data, name) < 0)
            rc = -errno;
        if (rc < 0)
            unlink(temp.data);
    }
    strbuf_release(&temp);
    return rc < 0 ? vnet_err(err, -rc, "%s: %s", name, cmd_strerror(-rc)) : 0;
}
