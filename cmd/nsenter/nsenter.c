/* nsenter(1) of util-linux 2.38.1: of the kinds of namespaces there is that of networks. */
#include "cmd/nsenter/nsenter.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/netns.h"
#include "cmd/options.h"

enum { EXIT_NOT_FOUND = 127 };

static const char help_text[] =
    "\n"
    "Usage:\n"
    " nsenter [options] [<program> [<argument>...]]\n"
    "\n"
    "Run a program with namespaces of other processes.\n"
    "\n"
    "Options:\n"
    " -a, --all              enter all namespaces\n"
    " -t, --target <pid>     target process to get namespaces from\n"
    " -m, --mount[=<file>]   enter mount namespace\n"
    " -u, --uts[=<file>]     enter UTS namespace (hostname etc)\n"
    " -i, --ipc[=<file>]     enter System V IPC namespace\n"
    " -n, --net[=<file>]     enter network namespace\n"
    " -p, --pid[=<file>]     enter pid namespace\n"
    " -C, --cgroup[=<file>]  enter cgroup namespace\n"
    " -U, --user[=<file>]    enter user namespace\n"
    " -T, --time[=<file>]    enter time namespace\n"
    " -S, --setuid <uid>     set uid in entered namespace\n"
    " -G, --setgid <gid>     set gid in entered namespace\n"
    "     --preserve-credentials do not touch uids or gids\n"
    " -r, --root[=<dir>]     set the root directory\n"
    " -w, --wd[=<dir>]       set the working directory\n"
    " -W. --wdns <dir>       set the working directory in namespace\n"
    " -F, --no-fork          do not fork before exec'ing <program>\n"
    " -Z, --follow-context   set SELinux context according to --target PID\n"
    "\n"
    " -h, --help             display this help\n"
    " -V, --version          display version\n"
    "\n"
    "For more details see nsenter(1).\n";

static const struct long_option longs[] = {
    {"all", 0, 'a'},
    {"target", 1, 't'},
    {"mount", 2, 'm'},
    {"uts", 2, 'u'},
    {"ipc", 2, 'i'},
    {"net", 2, 'n'},
    {"pid", 2, 'p'},
    {"cgroup", 2, 'C'},
    {"user", 2, 'U'},
    {"time", 2, 'T'},
    {"setuid", 1, 'S'},
    {"setgid", 1, 'G'},
    {"root", 2, 'r'},
    {"wd", 2, 'w'},
    {"wdns", 1, 'W'},
    {"no-fork", 0, 'F'},
    {"help", 0, 'h'},
    {"preserve-credentials", 0, 'P'},
    {"follow-context", 0, 'Z'},
    {"version", 0, 'V'},
    {NULL, 0, 0},
};
static const char spec[] = "+ahVt:m::u::i::n::p::C::U::T::S:G:r::w::W:FZ";
static const char not_emulated[] = "amuipCUTSGrwWFZP";

struct entering {
    bool net;
    const char *file, *pid; /* NULL: not given */
};

int exec_failed(struct cmd_env *env, const char *tool, const char *command)
{
    sink_printf(env->err, "%s: failed to execute %s: %s\n", tool, command, cmd_strerror(ENOENT));
    return EXIT_NOT_FOUND;
}

/* -1: go on, else the exit status. */
static int read_options(struct cmd_env *env, struct options *o, struct entering *e)
{
    for (int c; (c = options_next(o)) != -1;) {
        switch (c) {
        case 'n':
            e->net = true;
            e->file = o->arg;
            break;
        case 't':
            e->pid = o->arg;
            break;
        case 'h':
            sink_puts(env->out, help_text);
            return 0;
        case 'V':
            sink_puts(env->out, "nsenter from util-linux 2.38.1\n");
            return 0;
        case '?':
            sink_puts(env->err, "Try 'nsenter --help' for more information.\n");
            return 1;
        default:
            sink_printf(env->err, "vnet: nsenter -%c is not emulated\n", c);
            return 1;
        }
    }
    return -1;
}

static bool is_number(const char *word)
{
    const char *digits = word;
    while (isdigit((unsigned char)*digits))
        digits++;
    return *word && !*digits;
}

/* The namespace that is meant, in a transaction; NULL after a message, the transaction is over. */
static const struct netns *open_netns(struct cmd_env *env, const struct entering *e)
{
    struct strbuf path = STRBUF_INIT;
    struct vnet *w;
    struct netns *here, *ns;
    if (e->file)
        strbuf_adds(&path, e->file);
    else
        strbuf_addf(&path, "/proc/%s/ns/net", e->pid);
    if (cmd_begin(env, &w, &here) < 0) {
        strbuf_release(&path);
        return NULL;
    }
    ns = strchr(path.data, '/') ? netns_of_file(env, w, here, path.data) : NULL;
    if (!ns) {
        cmd_abort(env);
        sink_printf(env->err, "nsenter: cannot open %s: %s\n", path.data, cmd_strerror(ENOENT));
    }
    strbuf_release(&path);
    return ns;
}

static int enter(struct cmd_env *env, const struct entering *e, int argc, char **argv)
{
    char shell[] = "sh", *none[] = {shell, NULL};
    const struct netns *ns = NULL;
    if (e->pid && !is_number(e->pid)) {
        sink_printf(env->err, "nsenter: failed to parse pid: '%s'\n", e->pid);
        return 1;
    }
    if (e->net && !e->file && !e->pid) {
        sink_puts(env->err, "nsenter: neither filename nor target pid supplied for ns/net\n");
        return 1;
    }
    if (e->net && !(ns = open_netns(env, e)))
        return 1;
    if (argc == 0) {
        argc = 1;
        argv = none;
    }
    const char *command = argv[0];
    int status = ns ? cmd_exec_in(env, ns, argc, argv) : cmd_exec(env, argc, argv);
    return status == -ENOENT ? exec_failed(env, "nsenter", command) : status;
}

int nsenter_main(struct cmd_env *env, int argc, char **argv)
{
    struct entering e = {.net = false};
    struct options o;
    options_init(&o, argc, argv, spec, longs, env->err);
    o.complete = env->complete;
    o.not_emulated = not_emulated;
    int status = read_options(env, &o, &e);
    if (status < 0)
        status = env->complete ? 0 : enter(env, &e, o.noperands, o.operands);
    options_release(&o);
    return status;
}
