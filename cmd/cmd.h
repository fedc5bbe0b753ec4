/* What a tool gets to run with, and the table of tools. */
#ifndef VNET_CMD_CMD_H
#define VNET_CMD_CMD_H

#include <signal.h>
#include <stdbool.h>

#include "cmd/sink.h"
#include "vnet_session.h"

struct completion;
struct files;
struct reader;
struct vnet_capture;
struct vnet_frame;

/* A tool never exits the process, reads the environment or touches stdio: all comes through this.
 */
struct cmd_env {
    struct reader *in; /* standard input; NULL: the process's own (cmd/reader.h) */
    struct sink *out, *err;
    struct files *files; /* what names stand for (cmd/files.h); NULL: the host's files */
    struct vnet_session *session;
    const struct vnet_profile
        *profile;      /* asked for by --profile or $VNET_PROFILE, NULL: the state's own */
    const char *netns; /* the namespace the command runs in, as vnet_ns_find() takes it */
    const volatile sig_atomic_t *interrupted; /* set by SIGINT, SIGTERM; a number of the signal */
    int64_t deadline;    /* world time at which timeout(1) ends the command, 0: never */
    int deadline_signal; /* the signal that it sends then */
    bool own_process; /* a program of its own, run beside others: not in a shell or a replay of vnet
                       */
    bool background;  /* started by a shell's `&`, beside other commands of a script */
    bool point_at_faults; /* the shell: as at a prompt, though nobody typed this at one */
    bool capture_last;    /* tcpdump, candump: show what the last traffic caused, as --last does, */
    const struct cmd_span *unseen; /* without these frames; borrowed */
    size_t nunseen;
    /* tcpdump: do not listen, hand the open capture over, which is then the caller's; NULL: listen.
     */
    void (*hold)(struct vnet_capture *cap, void *arg);
    void *hold_arg;
    bool may_wait_forever; /* a `ping` without end is fine (real clock, replay's ^C) */
    const char *(*getenv)(const char *name); /* NULL: no environment */
    /* Do not run: say what could be the last word (cmd/complete.h); NULL: run. */
    struct completion *complete;
    /* Run another command in the place of this one: cmd_exec() (cmd/netns.h). NULL: tools only. */
    int (*exec)(struct cmd_env *env, int argc, char **argv);
    void *exec_arg;
    const char *program; /* how the process was called: argv[0]; NULL: unknown */
    /* A capture is registered: from here on it misses nothing. NULL: nobody waits for that. */
    void (*listening)(struct cmd_env *env);
    int listening_fd; /* for listening() */
};

struct cmd_span { /* of the recorder's stream: from, and before */
    uint64_t from, to;
};

enum tool_write_error {                     /* when standard output cannot be written */
                        TOOL_WRITE_IGNORED, /* nobody notices */
                        TOOL_WRITE_PLAIN,   /* "NAME: write error", exit status 1 */
                        TOOL_WRITE_REASON,  /* "NAME: write error: REASON", exit status 1 */
};

enum tool_origin {
    TOOL_REAL, /* stands for the program of that name elsewhere */
    /* vnet's own: run as `vnet NAME`, no program of that name elsewhere is meant */
    TOOL_OWN,
    TOOL_OWN_IN_SHELL, /* and a command of vnet's shell: about the world that one is typing in */
};

struct tool {
    const char *name;
    const char *summary;
    /* argv[0] is the tool's name. Returns the exit status; 128 + N says that signal N ended it.
     * Writes to env->out and env->err. */
    int (*run)(struct cmd_env *env, int argc, char **argv);
    enum tool_write_error write_error;
    enum tool_origin origin;
    bool catches_interrupt; /* also in the background, where a shell has made it ignored */
};

extern const struct tool tools[]; /* ended by name NULL; cmd/tools.c */
/* The tool of that name, NULL: none; in a table that is ended by name NULL, and in tools[]. */
const struct tool *tool_of(const struct tool *table, const char *name);
const struct tool *tool_find(const char *name);
/* Run a tool as a command: what the session needs to know, then its run(). */
int tool_run(const struct tool *tool, struct cmd_env *env, int argc, char **argv);
/* What becomes of a status when standard output could not be written (error: 0 or an errno), in the
 * tool's own words on `err`. */
int tool_write_status(const struct tool *tool, struct sink *err, int error, int status);

/* vnet_begin() for a tool: on failure prints "vnet: ..." on env->err and returns -errno (exit
 * status 1 of the tool follows); *ns is env->netns. */
int cmd_begin(struct cmd_env *env, struct vnet **w, struct netns **ns);
/* vnet_commit() likewise: 0 or -errno, message printed. */
int cmd_commit(struct cmd_env *env);
void cmd_abort(struct cmd_env *env);
/* vnet_capture_next() of a frame that is not unseen. */
int cmd_capture_next(const struct cmd_env *env, struct vnet_capture *cap, struct vnet_frame *frame,
                     uint64_t *dropped, struct vnet_err *err);
/* What the tools here are, for those that say so and need no world: none is loaded or made. Not in
 * a transaction. */
const struct vnet_profile *cmd_profile(struct cmd_env *env);
/* Of a tool that touches the host's files: true, or false after a message where commands come from
 * a script, which may be anybody's. */
bool cmd_may_use_host(struct cmd_env *env, const char *tool);
/* A copy of the world of env's session; NULL after a message. Owned by the caller. */
struct vnet *cmd_copy_world(struct cmd_env *env);
/* strerror() in the C locale, glibc's words on every platform ("Network is unreachable"). */
const char *cmd_strerror(int error);

#endif
