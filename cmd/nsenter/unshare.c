/* unshare(1) of util-linux 2.38.1: of the kinds of namespaces there is that of networks. Whoever
 * types here may do everything: to be root in a user namespace of one's own changes nothing. */
#include <errno.h>
#include <stdlib.h>

#include "cmd/netns.h"
#include "cmd/nsenter/nsenter.h"
#include "cmd/options.h"

static const char help_text[] =
    "\n"
    "Usage:\n"
    " unshare [options] [<program> [<argument>...]]\n"
    "\n"
    "Run a program with some namespaces unshared from the parent.\n"
    "\n"
    "Options:\n"
    " -m, --mount[=<file>]      unshare mounts namespace\n"
    " -u, --uts[=<file>]        unshare UTS namespace (hostname etc)\n"
    " -i, --ipc[=<file>]        unshare System V IPC namespace\n"
    " -n, --net[=<file>]        unshare network namespace\n"
    " -p, --pid[=<file>]        unshare pid namespace\n"
    " -U, --user[=<file>]       unshare user namespace\n"
    " -C, --cgroup[=<file>]     unshare cgroup namespace\n"
    " -T, --time[=<file>]       unshare time namespace\n"
    "\n"
    " -f, --fork                fork before launching <program>\n"
    " --map-user=<uid>|<name>   map current user to uid (implies --user)\n"
    " --map-group=<gid>|<name>  map current group to gid (implies --user)\n"
    " -r, --map-root-user       map current user to root (implies --user)\n"
    " -c, --map-current-user    map current user to itself (implies --user)\n"
    " --map-auto                map users and groups automatically (implies --user)\n"
    " --map-users=<outeruid>,<inneruid>,<count>\n"
    "                           map count users from outeruid to inneruid (implies --user)\n"
    " --map-groups=<outergid>,<innergid>,<count>\n"
    "                           map count groups from outergid to innergid (implies --user)\n"
    "\n"
    " --kill-child[=<signame>]  when dying, kill the forked child (implies --fork)\n"
    "                             defaults to SIGKILL\n"
    " --mount-proc[=<dir>]      mount proc filesystem first (implies --mount)\n"
    " --propagation slave|shared|private|unchanged\n"
    "                           modify mount propagation in mount namespace\n"
    " --setgroups allow|deny    control the setgroups syscall in user namespaces\n"
    " --keep-caps               retain capabilities granted in user namespaces\n"
    "\n"
    " -R, --root=<dir>          run the command with root directory set to <dir>\n"
    " -w, --wd=<dir>            change working directory to <dir>\n"
    " -S, --setuid <uid>        set uid in entered namespace\n"
    " -G, --setgid <gid>        set gid in entered namespace\n"
    " --monotonic <offset>      set clock monotonic offset (seconds) in time namespaces\n"
    " --boottime <offset>       set clock boottime offset (seconds) in time namespaces\n"
    "\n"
    " -h, --help                display this help\n"
    " -V, --version             display version\n"
    "\n"
    "For more details see unshare(1).\n";

enum { OPT_REFUSED = 1 };

static const struct long_option longs[] = {
    {"mount", 2, 'm'},
    {"uts", 2, 'u'},
    {"ipc", 2, 'i'},
    {"net", 2, 'n'},
    {"pid", 2, 'p'},
    {"user", 2, 'U'},
    {"cgroup", 2, 'C'},
    {"time", 2, 'T'},
    {"fork", 0, 'f'},
    {"map-user", 1, OPT_REFUSED},
    {"map-root-user", 0, 'r'},
    {"map-current-user", 0, 'c'},
    {"map-group", 1, OPT_REFUSED},
    {"map-auto", 0, OPT_REFUSED},
    {"map-users", 1, OPT_REFUSED},
    {"map-groups", 1, OPT_REFUSED},
    {"kill-child", 2, OPT_REFUSED},
    {"mount-proc", 2, OPT_REFUSED},
    {"propagation", 1, OPT_REFUSED},
    {"setgroups", 1, OPT_REFUSED},
    {"keep-caps", 0, OPT_REFUSED},
    {"root", 1, 'R'},
    {"wd", 1, 'w'},
    {"setuid", 1, 'S'},
    {"setgid", 1, 'G'},
    {"monotonic", 1, OPT_REFUSED},
    {"boottime", 1, OPT_REFUSED},
    {"help", 0, 'h'},
    {"version", 0, 'V'},
    {NULL, 0, 0},
};
static const char spec[] = "+fhVmuinpCTUrR:w:S:G:c";
static const char not_emulated[] = "\1fmuipCTRwSGc";

/* -1: go on, else the exit status. */
static int read_options(struct cmd_env *env, struct options *o, bool *net)
{
    for (int c; (c = options_next(o)) != -1;) {
        switch (c) {
        case 'n':
            *net = true;
            if (!o->arg)
                break;
            sink_puts(env->err, "vnet: unshare --net=FILE is not emulated: ip netns add\n");
            return 1;
        case 'U':
        case 'r':
            break;
        case 'h':
            sink_puts(env->out, help_text);
            return 0;
        case 'V':
            sink_puts(env->out, "unshare from util-linux 2.38.1\n");
            return 0;
        case '?':
            sink_puts(env->err, "Try 'unshare --help' for more information.\n");
            return 1;
        default:
            sink_puts(env->err, "vnet: this option of unshare is not emulated: there are no "
                                "namespaces but those of networks and users (-n, -U, -r)\n");
            return 1;
        }
    }
    return -1;
}

static int run(struct cmd_env *env, bool net, int argc, char **argv)
{
    char shell[] = "sh", *none[] = {shell, NULL};
    struct vnet_err err = {""};
    struct netns *here, *ns = NULL;
    struct vnet *w;
    int rc = 0;
    if (argc == 0) {
        argc = 1;
        argv = none;
    }
    if (net && cmd_begin(env, &w, &here) < 0)
        return 1;
    if (net)
        ns = vnet_netns_add(here, "", &rc, &err);
    if (rc) {
        cmd_abort(env);
        sink_printf(env->err, "unshare: unshare failed: %s\n", cmd_strerror(-rc));
        return 1;
    }
    const char *command = argv[0];
    int status = ns ? cmd_exec_in(env, ns, argc, argv) : cmd_exec(env, argc, argv);
    return status == -ENOENT ? exec_failed(env, "unshare", command) : status;
}

int unshare_main(struct cmd_env *env, int argc, char **argv)
{
    bool net = false;
    struct options o;
    options_init(&o, argc, argv, spec, longs, env->err);
    o.complete = env->complete;
    o.not_emulated = not_emulated;
    int status = read_options(env, &o, &net);
    if (status < 0)
        status = env->complete ? 0 : run(env, net, o.noperands, o.operands);
    options_release(&o);
    return status;
}
