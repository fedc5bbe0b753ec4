/* The one place where the replay runs commands: vnet's shell in memory. */
#include <errno.h>

#include "cmd/replay/run.h"
#include "cmd/shell/builtins.h"

int replay_run_line(struct replay *r, const char *line, struct vnet_err *err)
{
    struct shell_command cmd;
    int rc = shell_parse(line, &cmd, err);
    if (rc < 0)
        return -ENOTSUP;
    rc = shell_run(&r->env, &cmd, err);
    shell_command_release(&cmd);
    return rc;
}
