/* The one place where the replay runs commands: vnet's shell in memory. */
#include <errno.h>

#include "cmd/replay/run.h"
#include "cmd/shell/shell.h"

int replay_run_line(struct replay *r, const char *line, struct vnet_err *err)
{
    int rc = shell_check(line, err);
    if (rc == -EAGAIN || rc == -ENOTSUP)
        return -ENOTSUP;
    return shell_run(r->shell, line, err);
}
