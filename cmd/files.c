#include "cmd/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/store.h"

struct files {
    char *tmp;          /* where it is made */
    struct store store; /* the private folder */
    size_t most;        /* bytes in the store, 0: any number */
    pid_t owner;        /* the process that removes it */
    char *folder;       /* the current one, absolute */
    char *allowed;      /* the host's folder, absolute; NULL: none */
    int allowed_fd;
};

static const char home[] = "/root";

static char *absolute(const char *folder, const char *name);

/* The allowed folder by its absolute name. */
static int open_allowed_folder(struct files *f, const char *name)
{
    char cwd[4096];
    if (!getcwd(cwd, sizeof(cwd)))
        return -1;
    f->allowed = absolute(cwd, name);
    f->allowed_fd = open(f->allowed, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return f->allowed_fd;
}

struct files *files_new(const char *allowed, const char *tmp)
{
    struct files *f = mem_alloc(sizeof(*f));
    f->owner = getpid();
    f->tmp = mem_strdup(tmp && *tmp == '/' ? tmp : "/tmp");
    f->allowed_fd = -1;
    if (allowed && open_allowed_folder(f, allowed) < 0) {
        int e = errno;
        files_free(f);
        errno = e;
        return NULL;
    }
    f->folder = mem_strdup(f->allowed ? f->allowed : home);
    return f;
}

/* ---- the store ---- */

int files_ready(struct files *f)
{
    return f->store.path ? 0 : store_make(&f->store, f->tmp);
}

void files_free(struct files *f)
{
    if (!f)
        return;
    if (f->store.path && f->owner == getpid())
        store_remove(&f->store);
    store_release(&f->store);
    if (f->allowed_fd >= 0)
        close(f->allowed_fd);
    free(f->allowed);
    free(f->folder);
    free(f->tmp);
    free(f);
}

/* ---- names ---- */

/* The absolute name without ".", ".." and empty parts. */
static char *absolute(const char *folder, const char *name)
{
    struct strbuf all = STRBUF_INIT, out = STRBUF_INIT;
    if (name[0] != '/')
        strbuf_adds(&all, folder);
    strbuf_addf(&all, "/%s", name);
    for (const char *p = all.data; *p;) {
        p += strspn(p, "/");
        size_t n = strcspn(p, "/");
        if (n == 2 && memcmp(p, "..", 2) == 0) {
            while (out.len && out.data[--out.len] != '/')
                ;
        } else if (n && !(n == 1 && *p == '.')) {
            strbuf_addc(&out, '/');
            strbuf_add(&out, p, n);
        }
        p += n;
    }
    if (!out.len)
        strbuf_addc(&out, '/');
    out.data[out.len] = '\0';
    strbuf_release(&all);
    return strbuf_detach(&out);
}

/* A name in the store: %XX for what is no plain character. */
static void add_escaped(struct strbuf *out, const char *name)
{
    for (; *name; name++) {
        if (strchr("/%.", *name) || (unsigned char)*name <= ' ')
            strbuf_addf(out, "%%%02x", (unsigned char)*name);
        else
            strbuf_addc(out, *name);
    }
}

static char *unescaped(const char *name)
{
    struct strbuf out = STRBUF_INIT;
    for (; *name; name++) {
        unsigned byte;
        if (*name == '%' && sscanf(name + 1, "%2x", &byte) == 1) {
            strbuf_addc(&out, (char)byte);
            name += 2;
        } else {
            strbuf_addc(&out, *name);
        }
    }
    return strbuf_detach(&out);
}

/* Below the allowed folder: the rest of the name, else NULL. */
static const char *below_allowed(const struct files *f, const char *path)
{
    size_t n = f->allowed ? strlen(f->allowed) : 0;
    if (!n || strncmp(path, f->allowed, n) != 0)
        return NULL;
    if (n == 1) /* all of the host */
        return path + 1;
    return path[n] == '/' ? path + n + 1 : path[n] ? NULL : path + n;
}

/* The folder of `rest` below the allowed one, no symbolic link followed; *base is set to the last
 * part of the name. A file descriptor or -errno. */
static int walk(const struct files *f, const char *rest, const char **base)
{
    int dir = fcntl(f->allowed_fd, F_DUPFD_CLOEXEC, 0);
    for (const char *slash; dir >= 0 && (slash = strchr(rest, '/')); rest = slash + 1) {
        char *part = mem_strndup(rest, (size_t)(slash - rest));
        int next = openat(dir, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int e = errno;
        free(part);
        close(dir);
        dir = next;
        errno = e;
    }
    *base = *rest ? rest : ".";
    return dir < 0 ? -errno : dir;
}

static int open_allowed(const struct files *f, const char *rest, int flags)
{
    const char *base;
    int dir = walk(f, rest, &base);
    if (dir < 0)
        return dir;
    int fd = openat(dir, base, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666), e = errno;
    close(dir);
    struct stat st;
    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
        e = S_ISDIR(st.st_mode) ? EISDIR : EACCES;
        close(fd);
        fd = -1;
    }
    return fd < 0 ? -e : fd;
}

void files_limit(struct files *f, size_t most)
{
    f->most = most;
}

/* No room for more, as far as there is a limit. */
static bool is_full(const struct files *f)
{
    enum { MOST_FILES = 1000 };
    size_t files = 0, bytes = 0;
    struct stat st;
    DIR *d = f->most ? opendir(f->store.path) : NULL;
    for (struct dirent *e; d && (e = readdir(d));) {
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
            continue;
        files++;
        bytes += (size_t)st.st_size;
    }
    if (d)
        closedir(d);
    return files >= MOST_FILES || (f->most && bytes >= f->most);
}

static int open_stored(struct files *f, const char *path, int flags)
{
    struct strbuf name = STRBUF_INIT;
    int rc = f->store.path || (flags & O_CREAT) ? files_ready(f) : -ENOENT;
    if (rc == 0 && (flags & O_CREAT) && is_full(f))
        rc = -ENOSPC;
    if (rc == 0) {
        strbuf_addf(&name, "%s/", f->store.path);
        add_escaped(&name, path);
        int fd = open(name.data, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
        rc = fd < 0 ? -errno : fd;
    }
    strbuf_release(&name);
    return rc;
}

/* Folders that are taken to be there; files cannot be. */
static bool is_folder(const char *path)
{
    static const char *const folders[] = {
        "/",    "/root", "/tmp", "/home", "/etc", "/dev", "/proc",    "/sys",   "/run",  "/usr",
        "/opt", "/mnt",  "/var", "/srv",  "/lib", "/bin", "/var/tmp", "/media", "/boot", "/sbin"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (strcmp(path, folders[i]) == 0)
            return true;
    return strncmp(path, "/home/", 6) == 0 && !strchr(path + 6, '/');
}

/* What may lie at any depth of a folder that is there. */
static bool has_folder(const char *path)
{
    char *top = mem_strndup(path, 1 + strcspn(path + 1, "/"));
    bool has = !path[strlen(top)] || is_folder(top);
    free(top);
    return has;
}

/* /proc, /sys and /dev are no place for files. */
static bool is_special(const char *path)
{
    return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/sys/", 5) == 0 ||
           strncmp(path, "/dev/", 5) == 0;
}

int files_open(struct files *f, const char *name, int flags)
{
    if (!f || strcmp(name, "/dev/null") == 0) {
        int fd = open(name, flags | O_CLOEXEC, 0666);
        return fd < 0 ? -errno : fd;
    }
    if (!*name)
        return -ENOENT;
    char *path = absolute(f->folder, name);
    const char *rest = below_allowed(f, path);
    int rc;
    if (rest)
        rc = open_allowed(f, rest, flags);
    else if (is_folder(path))
        rc = -EISDIR;
    else if (is_special(path))
        rc = flags & O_CREAT ? -EACCES : -ENOENT;
    else if (!has_folder(path))
        rc = -ENOENT;
    else
        rc = open_stored(f, path, flags);
    free(path);
    return rc;
}

int files_remove(struct files *f, const char *name)
{
    if (!f)
        return unlink(name) < 0 ? -errno : 0;
    char *path = absolute(f->folder, name);
    const char *rest = below_allowed(f, path), *base;
    struct strbuf stored = STRBUF_INIT;
    int rc = 0;
    if (rest) {
        int dir = walk(f, rest, &base);
        rc = dir < 0 ? dir : unlinkat(dir, base, 0) < 0 ? -errno : 0;
        if (dir >= 0)
            close(dir);
    } else if (is_folder(path)) {
        rc = -EISDIR;
    } else if (!f->store.path) {
        rc = -ENOENT;
    } else {
        strbuf_addf(&stored, "%s/", f->store.path);
        add_escaped(&stored, path);
        rc = unlink(stored.data) < 0 ? -errno : 0;
    }
    strbuf_release(&stored);
    free(path);
    return rc;
}

static void list_store(const struct files *f, void (*each)(const char *name, void *arg), void *arg)
{
    DIR *d = f->store.path ? opendir(f->store.path) : NULL;
    for (struct dirent *e; d && (e = readdir(d));) {
        char *name = unescaped(e->d_name);
        if (name[0] == '/')
            each(name, arg);
        free(name);
    }
    if (d)
        closedir(d);
}

/* The current folder as the host has it. */
static void list_allowed(const struct files *f, void (*each)(const char *name, void *arg),
                         void *arg)
{
    const char *rest = below_allowed(f, f->folder), *base;
    int dir = rest ? walk(f, rest, &base) : -1;
    int fd = dir >= 0 ? openat(dir, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e; d && (e = readdir(d));) {
        struct strbuf name = STRBUF_INIT;
        strbuf_addf(&name, "%s/%s", strcmp(f->folder, "/") == 0 ? "" : f->folder, e->d_name);
        if (e->d_name[0] != '.')
            each(name.data, arg);
        strbuf_release(&name);
    }
    if (d)
        closedir(d);
    else if (fd >= 0)
        close(fd);
    if (dir >= 0)
        close(dir);
}

void files_list(struct files *f, void (*each)(const char *name, void *arg), void *arg)
{
    list_store(f, each, arg);
    list_allowed(f, each, arg);
}

char *files_absolute(const struct files *f, const char *name)
{
    return absolute(f->folder, name);
}

const char *files_folder(const struct files *f)
{
    return f->folder;
}

int files_change_folder(struct files *f, const char *name)
{
    char *path = absolute(f->folder, name);
    const char *rest = below_allowed(f, path), *base;
    int rc = is_folder(path) ? 0 : -ENOENT;
    if (rest) {
        int dir = walk(f, rest, &base);
        struct stat st;
        rc = dir < 0                                            ? dir
             : fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) < 0 ? -errno
             : S_ISDIR(st.st_mode)                              ? 0
                                                                : -ENOTDIR;
        if (dir >= 0)
            close(dir);
    }
    if (rc < 0) {
        free(path);
        return rc;
    }
    free(f->folder);
    f->folder = path;
    return 0;
}
