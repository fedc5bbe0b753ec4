/* What a tool gets to run with, and the table of tools. */
#ifndef VNET_CMD_CMD_H
#define VNET_CMD_CMD_H

#include <signal.h>
#include <stdbool.h>

#include "cmd/sink.h"
#include "vnet_session.h"

/* A tool never exits the process, reads the environment or touches stdio: all comes through this. */
struct cmd_env {
    struct sink *out, *err;
    struct vnet_session *session;
    const char *netns; /* name of the namespace the command runs in; "" the initial one */
    const volatile sig_atomic_t *interrupted; /* set by SIGINT, SIGTERM; a number of the signal */
    int64_t deadline;  /* world time at which timeout(1) ends the command, 0: never */
    int deadline_signal; /* the signal that it sends then */
    bool may_wait_forever; /* a `ping` without end is fine (real clock, replay's ^C) */
    const char *(*getenv)(const char *name); /* NULL: no environment */
};

struct tool {
    const char *name;
    const char *summary;
    /* argv[0] is the tool's name. Returns the exit status. Writes to env->out and env->err. */
    int (*run)(struct cmd_env *env, int argc, char **argv);
};

extern const struct tool tools[]; /* ended by name NULL; cmd/tools.c */
const struct tool *tool_find(const char *name);

/* vnet_begin() for a tool: on failure prints "vnet: ..." on env->err and returns -errno (exit status 1
 * of the tool follows); *ns is env->netns. */
int cmd_begin(struct cmd_env *env, struct vnet **w, struct netns **ns);
/* vnet_commit() likewise: 0 or -errno, message printed. */
int cmd_commit(struct cmd_env *env);
void cmd_abort(struct cmd_env *env);
/* strerror() in the C locale, glibc's words on every platform ("Network is unreachable"). */
const char *cmd_strerror(int error);

#endif
