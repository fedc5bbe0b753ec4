#include "cmd/cmd.h"

#include <errno.h>
#include <string.h>

#include "vnet_capture.h"

int cmd_begin(struct cmd_env *env, struct vnet **w, struct netns **ns)
{
    struct vnet_err err = {""};
    int rc = vnet_begin(env->session, true, w, &err);
    if (rc < 0) {
        sink_printf(env->err, "vnet: %s\n", err.msg);
        return rc;
    }
    *ns = vnet_ns_find(*w, env->netns);
    if (*ns)
        return 0;
    cmd_abort(env);
    sink_printf(env->err, "Cannot open network namespace \"%s\": %s\n", env->netns,
                cmd_strerror(ENOENT));
    return -ENOENT;
}

int cmd_commit(struct cmd_env *env)
{
    struct vnet_err err = {""};
    int rc = vnet_commit(env->session, &err);
    if (rc < 0)
        sink_printf(env->err, "vnet: %s\n", err.msg);
    return rc;
}

void cmd_abort(struct cmd_env *env)
{
    vnet_abort(env->session);
}

static bool is_unseen(const struct cmd_env *env, uint64_t seq)
{
    for (size_t i = 0; i < env->nunseen; i++)
        if (seq >= env->unseen[i].from && seq < env->unseen[i].to)
            return true;
    return false;
}

int cmd_capture_next(const struct cmd_env *env, struct vnet_capture *cap, struct vnet_frame *frame,
                     uint64_t *dropped, struct vnet_err *err)
{
    int rc;
    do
        rc = vnet_capture_next(cap, frame, dropped, err);
    while (rc == 1 && is_unseen(env, frame->seq));
    return rc;
}

const struct vnet_profile *cmd_profile(struct cmd_env *env)
{
    struct vnet *w;
    struct vnet_err err;
    const char *path = vnet_session_path(env->session);
    if (path)
        return env->profile ? env->profile : vnet_profile_of_file(path);
    if (vnet_begin(env->session, true, &w, &err) < 0)
        return vnet_profiles();
    const struct vnet_profile *profile = vnet_world_profile(w);
    vnet_abort(env->session);
    return profile;
}

bool cmd_may_use_host(struct cmd_env *env, const char *tool)
{
    if (!env->own_process)
        sink_printf(env->err, "vnet: %s: no files of the host are used here\n", tool);
    return env->own_process;
}

struct vnet *cmd_copy_world(struct cmd_env *env)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return NULL;
    struct vnet *copy = vnet_clone(w);
    cmd_abort(env);
    return copy;
}
