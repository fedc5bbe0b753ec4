#include "state/keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/mem.h"
#include "state/file.h"

static const char *const folders[] = {[KEEP_STEP] = ".undo", [KEEP_SNAPSHOT] = ".snapshots"};

/* ---- in memory ---- */

static struct kept *find(const struct vnet_session *s, enum keep_kind kind, const char *name)
{
    for (size_t i = s->nkept; i-- > 0;)
        if (s->kept[i].kind == kind && strcmp(s->kept[i].name, name) == 0)
            return &s->kept[i];
    return NULL;
}

static void put(struct vnet_session *s, enum keep_kind kind, const char *name, char *text,
                size_t len)
{
    struct kept *k = find(s, kind, name);
    if (k) {
        free(k->text);
    } else {
        ARRAY_GROW(s->kept, s->nkept, s->kept_cap);
        k = &s->kept[s->nkept++];
        k->kind = kind;
        k->name = mem_strdup(name);
    }
    k->text = text;
    k->len = len;
}

static void release(struct kept *k)
{
    free(k->name);
    free(k->text);
}

static int forget(struct vnet_session *s, struct kept *k)
{
    if (!k)
        return -ENOENT;
    release(k);
    *k = s->kept[--s->nkept];
    return 0;
}

void keep_release(struct vnet_session *s)
{
    for (size_t i = 0; i < s->nkept; i++)
        release(&s->kept[i]);
    free(s->kept);
}

/* ---- on disk ---- */

static char *folder_of(const struct vnet_session *s, enum keep_kind kind)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_addf(&sb, "%s%s", s->file.path, folders[kind]);
    return strbuf_detach(&sb);
}

static char *path_of(const struct vnet_session *s, enum keep_kind kind, const char *name)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_addf(&sb, "%s%s/%s", s->file.path, folders[kind], name);
    return strbuf_detach(&sb);
}

static int make_folder(const struct vnet_session *s, enum keep_kind kind)
{
    char *folder = folder_of(s, kind);
    int rc = mkdir(folder, 0700) == 0 || errno == EEXIST ? 0 : -errno;
    free(folder);
    return rc;
}

static int link_to(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0 ? 0 : -errno;
}

/* The name is there already after something was undone, or of a process that was killed. */
static int link_current(const struct vnet_session *s, enum keep_kind kind, const char *path)
{
    int rc = link_to(s->file.path, path);
    if (rc == -ENOENT && (rc = make_folder(s, kind)) == 0)
        rc = link_to(s->file.path, path);
    if (rc == -EEXIST && unlink(path) == 0)
        rc = link_to(s->file.path, path);
    return rc;
}

int keep_current(struct vnet_session *s, enum keep_kind kind, const char *name)
{
    if (session_in_memory(s)) {
        size_t len = s->text.own.len;
        put(s, kind, name, strbuf_detach(&s->text.own), len);
        return 0;
    }
    char *path = path_of(s, kind, name);
    int rc = link_current(s, kind, path);
    free(path);
    return rc;
}

static int write_file(const char *path, const char *text, size_t len)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    int fd = open(path, flags, 0600);
    if (fd < 0)
        return -errno;
    int rc = write_all(fd, text, len);
    if (rc == 0 && fsync(fd) < 0)
        rc = -errno;
    if (close(fd) < 0 && rc == 0)
        rc = -errno;
    return rc;
}

int keep_text(struct vnet_session *s, enum keep_kind kind, const char *name, const char *text,
              size_t len)
{
    if (session_in_memory(s)) {
        put(s, kind, name, mem_strndup(text, len), len);
        return 0;
    }
    int rc = make_folder(s, kind);
    if (rc < 0)
        return rc;
    char *path = path_of(s, kind, name), *temporary = path_of(s, kind, ".new");
    rc = write_file(temporary, text, len);
    if (rc == 0 && rename(temporary, path) < 0)
        rc = -errno;
    if (rc < 0)
        unlink(temporary);
    free(path);
    free(temporary);
    return rc;
}

static int read_open(int fd, size_t most, struct strbuf *text)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EINVAL;
    if (most > STATE_SIZE_MAX && st.st_size > STATE_SIZE_MAX)
        return -EFBIG;
    size_t size = (size_t)st.st_size < most ? (size_t)st.st_size : most;
    strbuf_grow(text, size);
    int rc = read_all(fd, text->data, size);
    if (rc < 0)
        return rc;
    text->len = size;
    text->data[size] = '\0';
    return 0;
}

int keep_read(struct vnet_session *s, enum keep_kind kind, const char *name, size_t most,
              struct strbuf *text)
{
    const struct kept *k = session_in_memory(s) ? find(s, kind, name) : NULL;
    strbuf_reset(text);
    if (k) {
        strbuf_add(text, k->text, k->len < most ? k->len : most);
        return 0;
    }
    if (session_in_memory(s))
        return -ENOENT;
    char *path = path_of(s, kind, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    int rc = fd < 0 ? -errno : read_open(fd, most, text);
    if (fd >= 0)
        close(fd);
    free(path);
    return rc;
}

bool keep_has(struct vnet_session *s, enum keep_kind kind, const char *name)
{
    struct stat st;
    if (session_in_memory(s))
        return find(s, kind, name);
    char *path = path_of(s, kind, name);
    bool has = lstat(path, &st) == 0;
    free(path);
    return has;
}

int keep_drop(struct vnet_session *s, enum keep_kind kind, const char *name)
{
    if (session_in_memory(s))
        return forget(s, find(s, kind, name));
    char *path = path_of(s, kind, name);
    int rc = unlink(path) == 0 ? 0 : -errno;
    free(path);
    return rc;
}

int keep_drop_for_reuse(struct vnet_session *s, enum keep_kind kind, const char *name)
{
    if (session_in_memory(s))
        return forget(s, find(s, kind, name));
    char *path = path_of(s, kind, name);
    int rc = state_file_reuse(&s->file, path);
    free(path);
    return rc;
}

static void add_name(char ***names, size_t *n, size_t *cap, const char *name)
{
    ARRAY_GROW(*names, *n, *cap);
    (*names)[(*n)++] = mem_strdup(name);
}

size_t keep_names(struct vnet_session *s, enum keep_kind kind, char ***names)
{
    size_t n = 0, cap = 0;
    *names = NULL;
    for (size_t i = 0; i < s->nkept; i++)
        if (s->kept[i].kind == kind)
            add_name(names, &n, &cap, s->kept[i].name);
    if (session_in_memory(s))
        return n;
    char *folder = folder_of(s, kind);
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            add_name(names, &n, &cap, e->d_name);
    if (d)
        closedir(d);
    free(folder);
    return n;
}
