/* Settings out of files: Preload() of procps-ng 4.0.2. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/sysctl/sysctl.h"

struct settings {
    char **lines;
    size_t n, cap;
};

static void add_line(const struct sysctl_run *r, struct settings *all, const char *file,
                     unsigned number, const char *line)
{
    struct strbuf where = STRBUF_INIT;
    strbuf_addf(&where, "%s(%u)", file, number);
    if (sysctl_is_setting(r, line, where.data) && strchr(line, '=')) {
        ARRAY_GROW(all->lines, all->n, all->cap);
        all->lines[all->n++] = mem_strdup(line);
    }
    strbuf_release(&where);
}

/* 0, or 1 after a message. */
static int read_file(const struct sysctl_run *r, struct settings *all, const char *file)
{
    struct reader in;
    struct strbuf line = STRBUF_INIT;
    int rc = cmd_open_reader(r->env, file, &in);
    if (rc == -EISDIR)
        return 0;
    if (rc < 0) {
        sysctl_warn(r, "cannot open \"%s\": %s", file, cmd_strerror(-rc));
        return 1;
    }
    for (unsigned number = 1; reader_line(&in, &line) == 1; number++)
        add_line(r, all, file, number, line.data);
    reader_release(&in);
    strbuf_release(&line);
    return 0;
}

int sysctl_load(const struct sysctl_run *r, const char *first, char *const *files, int n)
{
    struct settings all = {NULL, 0, 0};
    int status = first ? read_file(r, &all, first) : 0;
    for (int i = 0; i < n; i++)
        status |= read_file(r, &all, files[i]);
    for (size_t i = 0; i < all.n; i++) {
        status |= sysctl_write(r, all.lines[i]);
        free(all.lines[i]);
    }
    free(all.lines);
    return status;
}
