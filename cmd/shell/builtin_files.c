/* Builtins on the shell's own files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/shell/builtins.h"
#include "base/mem.h"
#include "cmd/shell/state.h"
#include "vnet_link.h"
#include "vnet_sysctl.h"

int builtin_pwd(struct call *c)
{
    sink_printf(c->env->out, "%s\n", c->env->files ? files_folder(c->env->files) : "/");
    return 0;
}

int builtin_cd(struct call *c)
{
    struct vars *vars = &c->sh->vars;
    const char *target = c->argc > 1 ? c->argv[1] : vars_get(vars, "HOME");
    bool back = target && strcmp(target, "-") == 0;
    if (c->argc > 2)
        return builtin_fail(c, "too many arguments");
    if (!c->env->files)
        return shell_unsupported(c->sh, "cd is not supported here");
    if (back)
        target = vars_get(vars, "OLDPWD");
    if (back && !target)
        return builtin_fail(c, "OLDPWD not set");
    int rc = target && *target ? files_change_folder(c->env->files, target) : 0;
    if (c->argc == 1 && rc == -ENOENT) /* the host's home folder is not here */
        rc = files_change_folder(c->env->files, "/root");
    if (rc < 0)
        return builtin_fail(c, "%s: %s", target, cmd_strerror(-rc));
    const char *old = vars_get(vars, "PWD");
    vars_set(vars, "OLDPWD", old ? old : "/");
    vars_set(vars, "PWD", files_folder(c->env->files));
    if (back)
        sink_printf(c->env->out, "%s\n", files_folder(c->env->files));
    return 0;
}

int builtin_rm(struct call *c)
{
    int first = 1, status = 0;
    bool force = false;
    for (; first < c->argc && c->argv[first][0] == '-' && c->argv[first][1]; first++) {
        if (strcmp(c->argv[first], "--") == 0) {
            first++;
            break;
        }
        if (strcmp(c->argv[first], "-f") != 0)
            return shell_unsupported(c->sh, "rm %s is not supported", c->argv[first]);
        force = true;
    }
    if (!c->env->files)
        return shell_unsupported(c->sh, "rm is not supported here");
    for (int i = first; i < c->argc; i++) {
        int rc = files_remove(c->env->files, c->argv[i]);
        if (rc == 0 || (force && rc == -ENOENT))
            continue;
        sink_printf(c->env->err, "rm: cannot remove '%s': %s\n", c->argv[i],
                    rc == -EISDIR ? "Is a directory" : cmd_strerror(-rc));
        status = 1;
    }
    return status;
}

/* ---- ls ---- */

struct listing {
    struct words names;
    const char *folder; /* absolute, without a slash at its end */
    bool exists;        /* something is in it, or is it */
};

/* The part of an absolute name that stands in the folder. */
static void list_name(const char *name, void *arg)
{
    struct listing *l = arg;
    size_t n = strlen(l->folder);
    if (strncmp(name, l->folder, n) != 0 || name[n] != '/')
        return;
    char *part = mem_strndup(name + n + 1, strcspn(name + n + 1, "/"));
    l->exists = true;
    for (size_t i = 0; i < l->names.n && part; i++)
        if (strcmp(l->names.v[i], part) == 0) {
            free(part);
            part = NULL;
        }
    if (part)
        words_add(&l->names, part);
}

static int list_sysctl(const char *path, bool readable, bool writable, void *arg)
{
    struct strbuf name = STRBUF_INIT;
    (void)readable;
    (void)writable;
    strbuf_addf(&name, "/proc/sys/%s", path);
    list_name(name.data, arg);
    strbuf_release(&name);
    return 0;
}

static void list_world(struct call *c, struct listing *l)
{
    static const char devices[] = "/sys/class/net";
    char name[VNET_IFNAMSIZ];
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(c->env, &w, &ns) < 0)
        return;
    if (strncmp(l->folder, "/proc/sys", 9) == 0)
        vnet_sysctl_list(ns, "", list_sysctl, l);
    if (strcmp(l->folder, devices) == 0)
        for (int i = 0; (i = vnet_link_next(ns, i)) != 0; l->exists = true)
            words_add(&l->names, mem_strdup(vnet_link_name(ns, i, name)));
    cmd_abort(c->env);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_one(struct call *c, const char *name, bool titled)
{
    struct listing l = {.names = {NULL, 0, 0}};
    char *folder = files_absolute(c->env->files, name);
    l.folder = strcmp(folder, "/") == 0 ? "" : folder;
    files_list(c->env->files, list_name, &l);
    list_world(c, &l);
    int fd = l.exists ? -EISDIR : files_open(c->env->files, name, O_RDONLY), status = 0;
    if (fd == -EISDIR && titled)
        sink_printf(c->env->out, "%s:\n", name);
    if (l.names.n)
        qsort(l.names.v, l.names.n, sizeof(*l.names.v), by_name);
    for (size_t i = 0; i < l.names.n; i++)
        sink_printf(c->env->out, "%s\n", l.names.v[i]);
    if (fd >= 0) {
        sink_printf(c->env->out, "%s\n", name);
        close(fd);
    } else if (fd != -EISDIR) {
        sink_printf(c->env->err, "ls: cannot access '%s': %s\n", name, cmd_strerror(-fd));
        status = 2;
    }
    words_release(&l.names);
    free(folder);
    return status;
}

int builtin_ls(struct call *c)
{
    int first = 1, status = 0;
    for (; first < c->argc && c->argv[first][0] == '-' && c->argv[first][1]; first++)
        if (strcmp(c->argv[first], "-1") != 0 && strcmp(c->argv[first], "--") != 0)
            return shell_unsupported(c->sh, "ls %s is not supported", c->argv[first]);
    if (!c->env->files)
        return shell_unsupported(c->sh, "ls is not supported here");
    if (first >= c->argc)
        return list_one(c, ".", false);
    for (int i = first; i < c->argc; i++) {
        int rc = list_one(c, c->argv[i], c->argc - first > 1);
        status = rc ? rc : status;
    }
    return status;
}
