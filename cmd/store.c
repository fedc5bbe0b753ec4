#include "cmd/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"

static const char prefix[] = "vnet-files-";
static const char fifo[] = ".alive",
                  new_fifo[] = ".new"; /* no file has such a name (cmd/files.c) */

enum { YOUNG = 60 /* seconds: a folder without FIFO may still get one */ };

static int open_folder(int at, const char *name)
{
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* ---- removing ---- */

static void empty(int folder)
{
    int fd = open_folder(folder, ".");
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e; d && (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            unlinkat(fd, e->d_name, 0);
    if (d)
        closedir(d);
    else if (fd >= 0)
        close(fd);
}

/* Nobody has it, and nobody will: `now` is the time of a folder made just now. */
static bool is_left(int folder, time_t now)
{
    struct stat st;
    if (fstat(folder, &st) < 0 || st.st_uid != geteuid())
        return false;
    int fd = openat(folder, fifo, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        close(fd);
        return false;
    }
    return errno == ENXIO || (errno == ENOENT && st.st_mtime + YOUNG < now);
}

static void remove_left(const char *tmp, time_t now)
{
    DIR *d = opendir(tmp);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (strncmp(e->d_name, prefix, sizeof(prefix) - 1) != 0)
            continue;
        int folder = open_folder(dirfd(d), e->d_name);
        if (folder < 0)
            continue;
        if (is_left(folder, now)) {
            empty(folder);
            unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
        }
        close(folder);
    }
    if (d)
        closedir(d);
}

void store_remove(const struct store *s)
{
    int folder = open_folder(AT_FDCWD, s->path);
    if (folder < 0)
        return;
    empty(folder);
    close(folder);
    rmdir(s->path);
}

/* ---- making ---- */

/* Open before it has its name: who finds it by that finds a reader. */
static int make_fifo(struct store *s, int folder)
{
    if (mkfifoat(folder, new_fifo, 0600) < 0)
        return -errno;
    s->alive = openat(folder, new_fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (s->alive < 0 || renameat(folder, new_fifo, folder, fifo) < 0)
        return -errno;
    return 0;
}

static int fill(struct store *s, const char *tmp)
{
    struct stat st;
    int folder = open_folder(AT_FDCWD, s->path);
    if (folder < 0)
        return -errno;
    int rc = make_fifo(s, folder);
    if (rc == 0 && fstat(folder, &st) == 0)
        remove_left(tmp, st.st_mtime);
    close(folder);
    return rc;
}

int store_make(struct store *s, const char *tmp)
{
    struct strbuf path = STRBUF_INIT;
    strbuf_addf(&path, "%s/%sXXXXXX", tmp, prefix);
    if (!mkdtemp(path.data)) {
        int e = errno;
        strbuf_release(&path);
        return -e;
    }
    s->path = strbuf_detach(&path);
    s->alive = -1;
    int rc = fill(s, tmp);
    if (rc < 0) {
        store_remove(s);
        store_release(s);
    }
    return rc;
}

void store_release(struct store *s)
{
    if (s->path && s->alive >= 0)
        close(s->alive);
    free(s->path);
    s->path = NULL;
}
