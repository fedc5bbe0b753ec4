#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "cmd/sysctl/sysctl.h"
#include "vnet_sysctl.h"

void sysctl_warn(const struct sysctl_run *r, const char *fmt, ...)
{
    va_list ap;
    sink_printf(r->env->err, "%s: ", r->name);
    va_start(ap, fmt);
    sink_vprintf(r->env->err, fmt, ap);
    va_end(ap);
    sink_puts(r->env->err, "\n");
}

bool sysctl_matches(const struct sysctl_run *r, const char *text)
{
    return !r->pattern || (r->pattern_ok && regexec(&r->re, text, 0, NULL, 0) == 0);
}

void sysctl_swap(const struct sysctl_run *r, struct strbuf *key, char from, char to)
{
    bool warned = false;
    char *p = key->len ? strpbrk(key->data, "/.") : NULL;
    if (!p || *p == to)
        return;
    for (; p; p = strpbrk(p + 1, "/.")) {
        if ((p[1] == '/' || p[1] == '.') && !warned) {
            sysctl_warn(r, "separators should not be repeated: %s", p);
            warned = true;
        }
        *p = *p == from ? to : from;
    }
}

static bool is_file(const struct sysctl_run *r, const char *path)
{
    struct strbuf value = STRBUF_INIT;
    int rc = vnet_sysctl_get(r->ns, path, &value);
    strbuf_release(&value);
    return rc == 0 || rc == -EIO || rc == -EACCES;
}

static bool is_folder(const struct sysctl_run *r, const char *path)
{
    struct strbuf value = STRBUF_INIT;
    int rc = vnet_sysctl_get(r->ns, path, &value);
    strbuf_release(&value);
    return rc == -EISDIR;
}

static void drop_last(struct strbuf *path)
{
    char *slash = path->len ? strrchr(path->data, '/') : NULL;
    path->len = slash ? (size_t)(slash - path->data) : 0;
    if (path->data)
        path->data[path->len] = '\0';
}

/* One component more. 0, or why it cannot be walked to. */
static int walk(const struct sysctl_run *r, struct strbuf *path, const char *part, size_t len)
{
    if (len == 0 || (len == 1 && part[0] == '.'))
        return path->len && is_file(r, path->data) ? -ENOTDIR : 0;
    if (len == 2 && memcmp(part, "..", 2) == 0) {
        if (path->len == 0)
            return -EXDEV;
        drop_last(path);
        return 0;
    }
    if (path->len && is_file(r, path->data))
        return -ENOTDIR;
    if (path->len)
        strbuf_addc(path, '/');
    strbuf_add(path, part, len);
    return is_file(r, path->data) || is_folder(r, path->data) ? 0 : -ENOENT;
}

int sysctl_stat(const struct sysctl_run *r, const char *key, struct strbuf *path)
{
    int rc = 0;
    strbuf_reset(path);
    for (;;) {
        size_t len = strcspn(key, "/");
        rc = walk(r, path, key, len);
        if (rc || key[len] == '\0')
            break;
        key += len + 1;
    }
    if (rc == 0 && path->len == 0)
        return -EXDEV;
    return rc ? rc : !is_file(r, path->data);
}
