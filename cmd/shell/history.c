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
    h->kept -= h->kept > 0;
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
    h->kept = h->lines.n;
}

void history_init(struct history *h, const char *path)
{
    *h = (struct history){.path = path ? mem_strdup(path) : NULL};
    if (path)
        read_file(h);
}

/* All of it anew where the file has grown long, else what is new behind it. */
static void write_file(struct history *h)
{
    bool whole = h->lines.n >= MOST;
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (whole ? O_TRUNC : O_APPEND);
    int fd = open(h->path, flags, 0600);
    struct sink out;
    if (fd < 0)
        return; /* nothing that the user asked for is lost */
    sink_init_fd(&out, fd);
    for (size_t i = whole ? 0 : h->kept; i < h->lines.n; i++)
        sink_printf(&out, "%s\n", h->lines.v[i]);
    sink_release(&out);
    close(fd);
}

void history_release(struct history *h)
{
    if (h->path && h->kept < h->lines.n)
        write_file(h);
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
}

void history_clear(struct history *h)
{
    words_release(&h->lines);
    h->kept = 0;
    if (h->path)
        unlink(h->path);
}

void history_print(const struct history *h, size_t n, struct sink *out)
{
    size_t from = n < h->lines.n ? h->lines.n - n : 0;
    for (size_t i = from; i < h->lines.n; i++)
        sink_printf(out, "%5zu  %s\n", i + 1, h->lines.v[i]);
}
