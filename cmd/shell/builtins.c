#include "cmd/shell/builtins.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "vnet_sysctl.h"

static const char proc_sys[] = "/proc/sys/";

/* The path below /proc/sys, NULL if it is not there. */
static const char *sysctl_path(const char *file)
{
    size_t n = sizeof(proc_sys) - 1;
    return strncmp(file, proc_sys, n) == 0 ? file + n : NULL;
}

static int write_sysctl(struct cmd_env *env, const char *file, const char *value)
{
    struct vnet *w;
    struct netns *ns;
    struct vnet_err err = {""};
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    int rc = vnet_sysctl_set(ns, sysctl_path(file), value, &err);
    if (rc < 0) {
        cmd_abort(env);
        if (rc == -ENOENT || rc == -EACCES || rc == -EISDIR)
            sink_printf(env->err, "bash: %s: %s\n", file, cmd_strerror(-rc));
        else
            sink_printf(env->err, "bash: echo: write error: %s\n", cmd_strerror(-rc));
        return 1;
    }
    return cmd_commit(env) < 0 ? 1 : 0;
}

static int run_echo(struct cmd_env *env, const struct shell_command *cmd, struct vnet_err *err)
{
    struct strbuf text = STRBUF_INIT;
    int first = 1, rc = 0;
    bool newline = true;
    if (cmd->argc > 1 && strcmp(cmd->argv[1], "-n") == 0) {
        newline = false;
        first = 2;
    }
    for (int i = first; i < cmd->argc; i++) {
        if (i > first)
            strbuf_addc(&text, ' ');
        strbuf_adds(&text, cmd->argv[i]);
    }
    if (newline)
        strbuf_addc(&text, '\n');
    if (!cmd->redirect)
        sink_write(env->out, strbuf_cstr(&text), text.len);
    else if (sysctl_path(cmd->redirect))
        rc = write_sysctl(env, cmd->redirect, strbuf_cstr(&text));
    else
        rc = vnet_err(err, ENOTSUP, "writing to %s: only files below /proc/sys are there",
                      cmd->redirect);
    strbuf_release(&text);
    return rc;
}

static int cat_sysctl(struct cmd_env *env, const char *file)
{
    struct vnet *w;
    struct netns *ns;
    struct strbuf value = STRBUF_INIT;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    int rc = vnet_sysctl_get(ns, sysctl_path(file), &value);
    cmd_abort(env);
    if (rc < 0)
        sink_printf(env->err, "cat: %s: %s\n", file, cmd_strerror(-rc));
    else
        sink_printf(env->out, "%s\n", strbuf_cstr(&value));
    strbuf_release(&value);
    return rc < 0;
}

static int run_cat(struct cmd_env *env, const struct shell_command *cmd, struct vnet_err *err)
{
    int rc = 0;
    for (int i = 1; i < cmd->argc; i++)
        if (!sysctl_path(cmd->argv[i]))
            return vnet_err(err, ENOTSUP, "reading %s: only files below /proc/sys are there",
                            cmd->argv[i]);
    for (int i = 1; i < cmd->argc; i++)
        rc |= cat_sysctl(env, cmd->argv[i]);
    return rc;
}

static const struct {
    const char *name;
    int (*run)(struct cmd_env *env, const struct shell_command *cmd, struct vnet_err *err);
} builtins[] = {
    {"echo", run_echo},
    {"cat", run_cat},
};

int shell_run(struct cmd_env *env, const struct shell_command *cmd, struct vnet_err *err)
{
    if (cmd->argc == 0)
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(builtins); i++)
        if (strcmp(builtins[i].name, cmd->argv[0]) == 0)
            return builtins[i].run(env, cmd, err);
    const struct tool *tool = tool_find(cmd->argv[0]);
    if (!tool)
        return vnet_err(err, ENOENT, "%s: no such command in vnet", cmd->argv[0]);
    if (cmd->redirect)
        return vnet_err(err, ENOTSUP, "redirecting %s to a file", cmd->argv[0]);
    return tool_run(tool, env, cmd->argc, cmd->argv);
}
