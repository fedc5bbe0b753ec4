#include "cmd/shell/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/reader.h"

enum { MOST = 1000 };

static void drop_first(struct history *h)
{
    free(h->lines.v[0]);
    memmove(h->lines.v, h->lines.v + 1, h->lines.n * sizeof(*h->lines.v));
    h->lines.n--;
    h->grown = true;
}

static void add(struct history *h, char *line)
{
    words_add(&h->lines, line);
    if (h->lines.n > MOST)
        drop_first(h);
}

static void read_file(struct history *h)
{
    struct reader in;
    struct strbuf line = STRBUF_INIT;
    int fd = open(h->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    reader_init_fd(&in, fd, true);
    while (reader_line(&in, &line) == 1) {
        line.data[strcspn(line.data, "\n")] = '\0';
        if (*line.data)
            add(h, mem_strdup(line.data));
    }
    reader_release(&in);
    strbuf_release(&line);
}

void history_init(struct history *h, const char *path)
{
    *h = (struct history){.path = mem_strdup(path)};
    if (path)
        read_file(h);
}

/* The folders of the file, as the XDG base directory specification wants them. */
static void make_folders(const char *path)
{
    char *copy = mem_strdup(path);
    for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
        *p = '\0';
        mkdir(copy, 0700);
        *p = '/';
    }
    free(copy);
}

/* Lines from `from` on. Where that fails, nothing that the user asked for is lost. */
static void write_lines(const struct history *h, size_t from, int flags)
{
    struct sink out;
    int fd = open(h->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, 0600);
    if (fd < 0 && errno == ENOENT) {
        make_folders(h->path);
        fd = open(h->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, 0600);
    }
    if (fd < 0)
        return;
    sink_init_fd(&out, fd);
    for (size_t i = from; i < h->lines.n; i++)
        sink_printf(&out, "%s\n", h->lines.v[i]);
    sink_release(&out);
    close(fd);
}

void history_release(struct history *h)
{
    if (h->path && h->grown)
        write_lines(h, 0, O_TRUNC);
    words_release(&h->lines);
    free(h->path);
}

void history_add(struct history *h, const char *line)
{
    if (!line[strspn(line, " \t\n")])
        return;
    if (h->lines.n && strcmp(h->lines.v[h->lines.n - 1], line) == 0)
        return;
    add(h, mem_strdup(line));
    if (h->path)
        write_lines(h, h->lines.n - 1, O_APPEND);
}

void history_clear(struct history *h)
{
    words_release(&h->lines);
    if (h->path)
        unlink(h->path);
}

void history_print(const struct history *h, size_t n, struct sink *out)
{
    size_t from = n < h->lines.n ? h->lines.n - n : 0;
    for (size_t i = from; i < h->lines.n; i++)
        sink_printf(out, "%5zu  %s\n", i + 1, h->lines.v[i]);
}
