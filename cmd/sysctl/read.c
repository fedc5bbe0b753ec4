#include <errno.h>
#include <string.h>

#include "cmd/sysctl/sysctl.h"
#include "vnet_sysctl.h"

static void print_value(const struct sysctl_run *r, const char *name, const char *value)
{
    if (r->names_only)
        sink_printf(r->env->out, "%s\n", name);
    else if (r->no_name)
        sink_printf(r->env->out, r->no_newline ? "%s" : "%s\n", value);
    else
        sink_printf(r->env->out, "%s = %s\n", name, value);
}

static int read_file(const struct sysctl_run *r, const char *path, const char *name)
{
    struct strbuf value = STRBUF_INIT;
    int rc = 0;
    if (!sysctl_matches(r, name))
        return 0;
    rc = vnet_sysctl_get(r->ns, path, &value);
    if (rc == -EACCES) { /* write-only: passed over */
        strbuf_release(&value);
        return 0;
    }
    if (r->names_only)
        rc = 0;
    if (rc == 0)
        print_value(r, name, strbuf_cstr(&value));
    strbuf_release(&value);
    return rc ? 1 : 0; /* a secret that is not set: nothing is said of it */
}

/* The real one exchanges the separators of a key twice over, and so complains twice. */
static void display_name(const struct sysctl_run *r, const char *key, struct strbuf *name)
{
    strbuf_reset(name);
    strbuf_adds(name, key);
    sysctl_swap(r, name, '/', '.');
    strbuf_reset(name);
    strbuf_adds(name, key);
    sysctl_swap(r, name, '/', '.');
}

struct folder {
    const struct sysctl_run *r;
    const char *base; /* the folder as it was asked for, with '/' at the end; "": all */
    size_t skip;      /* bytes of the real path that base stands for */
    int status;
};

/* A file or folder of that name is left out of listings. */
static bool is_deprecated(const char *path)
{
    static const char *const names[] = {"base_reachable_time", "retrans_time"};
    for (; path; path = strchr(path, '/') ? strchr(path, '/') + 1 : NULL)
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            if (strcspn(path, "/") == strlen(names[i]) &&
                strncmp(path, names[i], strlen(names[i])) == 0)
                return true;
    return false;
}

static int show_file(const char *path, bool readable, bool writable, void *arg)
{
    struct folder *f = arg;
    const char *rest = path + f->skip;
    (void)writable;
    if (!readable || (!f->r->deprecated && is_deprecated(rest)))
        return 0;
    struct strbuf key = STRBUF_INIT, name = STRBUF_INIT;
    strbuf_addf(&key, "%s%s", f->base, rest);
    display_name(f->r, key.data, &name);
    int status = read_file(f->r, path, name.data);
    if (!strchr(rest, '/')) /* what fails in folders below is forgotten */
        f->status |= status;
    strbuf_release(&key);
    strbuf_release(&name);
    return 0;
}

static int read_folder(const struct sysctl_run *r, const char *path, const char *key)
{
    struct strbuf base = STRBUF_INIT;
    strbuf_addf(&base, "%s/", key);
    struct folder f = {.r = r, .base = base.data, .skip = strlen(path) + 1};
    vnet_sysctl_list(r->ns, path, show_file, &f);
    strbuf_release(&base);
    return f.status;
}

int sysctl_read_all(const struct sysctl_run *r)
{
    struct folder f = {.r = r, .base = ""};
    vnet_sysctl_list(r->ns, "", show_file, &f);
    return f.status;
}

static int refuse(const struct sysctl_run *r, const char *key, int error)
{
    if (error == -EXDEV) {
        sysctl_warn(r, "Path is not under /proc/sys/: /proc/sys/%s", key);
        return -1;
    }
    if (r->ignore_errors)
        return 0;
    sysctl_warn(r, "cannot stat /proc/sys/%s: %s", key, cmd_strerror(-error));
    return 1;
}

int sysctl_read(const struct sysctl_run *r, const char *arg)
{
    struct strbuf key = STRBUF_INIT, name = STRBUF_INIT, path = STRBUF_INIT;
    if (!arg[0]) {
        sysctl_warn(r, "\"\" is an unknown key");
        return -1;
    }
    strbuf_adds(&key, arg);
    sysctl_swap(r, &key, '.', '/');
    display_name(r, arg, &name);
    int rc = sysctl_stat(r, key.data, &path);
    if (rc < 0)
        rc = refuse(r, key.data, rc);
    else if (rc == 1)
        rc = read_folder(r, path.data, key.data);
    else
        rc = read_file(r, path.data, name.data);
    strbuf_release(&key);
    strbuf_release(&name);
    strbuf_release(&path);
    return rc;
}
