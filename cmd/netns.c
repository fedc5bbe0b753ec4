#include "cmd/netns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct netns *netns_named(struct vnet *w, const char *name)
{
    return *name && *name != '/' ? vnet_ns_find(w, name) : NULL;
}

static const char *below(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 ? path + n : NULL;
}

struct netns *netns_of_pid(struct cmd_env *env, struct vnet *w, int64_t pid)
{
    if (pid == 1)
        return vnet_init_ns(w);
    return vnet_netns_by_id(w, vnet_session_home(env->session, pid));
}

struct netns *netns_of_file(struct cmd_env *env, struct vnet *w, struct netns *own,
                            const char *file)
{
    int pid, end = 0;
    static const char *const folders[] = {"/run/netns/", "/var/run/netns/"};
    if (!strchr(file, '/'))
        return netns_named(w, file);
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (below(file, folders[i]))
            return netns_named(w, below(file, folders[i]));
    if (sscanf(file, "/proc/%9d/ns/net%n", &pid, &end) == 1 && end && !file[end])
        return netns_of_pid(env, w, pid);
    return strcmp(file, "/proc/self/ns/net") == 0 ? own : NULL;
}

bool netns_is_folder(const char *file)
{
    static const char *const folders[] = {"",     ".",    "..", "/run/netns", "/run/netns/",
                                          "/run", "/tmp", "/"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (strcmp(file, folders[i]) == 0)
            return true;
    return false;
}

const char *netns_ref(const struct netns *ns, char buf[NETNS_REF_MAX])
{
    snprintf(buf, NETNS_REF_MAX, "/%u", (unsigned)vnet_netns_id(ns));
    return buf;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool is_shell_name(const char *name)
{
    static const char *const names[] = {"bash", "sh", "zsh", "dash", "ksh"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(base_name(name), names[i]) == 0)
            return true;
    return false;
}

int cmd_exec(struct cmd_env *env, int argc, char **argv)
{
    sink_flush(env->out);
    sink_flush(env->err);
    if (env->exec)
        return env->exec(env, argc, argv);
    const struct tool *tool = tool_find(base_name(argv[0]));
    if (!tool || tool->origin != TOOL_REAL)
        return -ENOENT;
    argv[0] = (char *)tool->name;
    return tool_run(tool, env, argc, argv);
}

int cmd_exec_in(struct cmd_env *env, const struct netns *ns, int argc, char **argv)
{
    struct cmd_env inner = *env;
    char ref[NETNS_REF_MAX];
    uint32_t id = vnet_netns_id(ns);
    inner.netns = netns_ref(ns, ref);
    vnet_session_enter(env->session, id);
    int status = cmd_commit(env) < 0 ? 1 : cmd_exec(&inner, argc, argv);
    vnet_session_leave(env->session, id);
    return status;
}
