#include "cmd/text/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

const struct tool text_tools[] = {
    {"cat", "print files", cat_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"cut", "print parts of lines", cut_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"egrep", "grep -E", grep_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"fgrep", "grep -F", grep_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"grep", "print lines that match", grep_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"head", "print the first lines", head_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"sed", "change lines (s, p, d, q, =)", sed_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"seq", "print numbers", seq_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"sort", "sort lines", sort_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"tail", "print the last lines", tail_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"tee", "copy to files, too", tee_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"tr", "exchange or drop characters", tr_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"uniq", "drop lines that repeat", uniq_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"wc", "count lines, words, bytes", wc_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {.name = NULL},
};

const struct tool *text_tool_find(const char *name)
{
    return tool_of(text_tools, name);
}

int text_fail(struct cmd_env *env, const char *name, const char *file, int error)
{
    if (error < 0)
        error = -error;
    if (error == EINTR && env->interrupted && *env->interrupted)
        return 128 + (int)*env->interrupted;
    if (env->out->fd >= 0)
        sink_flush(env->out); /* as error(3) does */
    sink_printf(env->err, "%s: %s: %s\n", name, file, cmd_strerror(error));
    return 1;
}

int text_usage(struct cmd_env *env, const char *name, int status)
{
    sink_printf(env->err, "vnet: this %s does not have that option; see help %s\n", name, name);
    return status;
}

int text_read_lines(struct cmd_env *env, const char *name, const char *file, struct reader *in,
                    text_line_fn *each, void *arg)
{
    struct strbuf line = STRBUF_INIT;
    int rc;
    while ((rc = reader_line(in, &line)) == 1 && each(line.data, line.len, arg))
        if (env->interrupted && *env->interrupted) { /* a file may have no end */
            rc = -EINTR;
            break;
        }
    reader_release(in);
    strbuf_release(&line);
    return rc < 0 ? text_fail(env, name, file, rc) : 0;
}

int text_each_line(struct cmd_env *env, const char *name, const char *file, text_line_fn *each,
                   void *arg)
{
    struct reader in;
    int rc = cmd_open_reader(env, file, &in);
    return rc < 0 ? text_fail(env, name, file, rc)
                  : text_read_lines(env, name, file, &in, each, arg);
}

int text_output_fd(const struct cmd_env *env, const struct reader *in, off_t *size)
{
    struct stat from, to;
    while (in->shared)
        in = in->shared;
    if (in->fd < 0 || env->out->fd < 0 || fstat(in->fd, &from) < 0 || fstat(env->out->fd, &to) < 0)
        return -1;
    if (!S_ISREG(to.st_mode) || from.st_dev != to.st_dev || from.st_ino != to.st_ino)
        return -1;
    sink_flush(env->out);
    *size = fstat(in->fd, &from) == 0 ? from.st_size : 0;
    return in->fd;
}

int text_all_lines(struct cmd_env *env, const char *name, const struct options *o,
                   text_line_fn *each, void *arg)
{
    int status = 0;
    if (o->noperands == 0)
        return text_each_line(env, name, "-", each, arg);
    for (int i = 0; i < o->noperands; i++) {
        int rc = text_each_line(env, name, o->operands[i], each, arg);
        status = rc ? rc : status;
    }
    return status;
}

bool text_number(const char *word, unsigned long most, unsigned long *n)
{
    char *end;
    if (*word < '0' || *word > '9')
        return false;
    errno = 0;
    *n = strtoul(word, &end, 10);
    return !*end && !errno && *n <= most;
}

bool text_collect(const char *line, size_t len, void *arg)
{
    struct text_lines *lines = arg;
    lines->cut = line[len - 1] != '\n';
    if (!lines->cut)
        len--;
    ARRAY_GROW(lines->v, lines->n, lines->cap);
    lines->v[lines->n++] = (struct text_line){mem_strndup(line, len), len};
    return true;
}

void text_lines_release(struct text_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        free(lines->v[i].text);
    free(lines->v);
    *lines = (struct text_lines){0};
}
