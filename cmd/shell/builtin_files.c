/* Builtins on the shell's own files. */
#include <errno.h>
#include <string.h>

#include "cmd/shell/builtins.h"
#include "cmd/shell/state.h"

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
