/* A shell's state. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_STATE_H
#define VNET_CMD_SHELL_STATE_H

#include <sys/types.h>

#include "cmd/files.h"
#include "cmd/shell/io.h"
#include "cmd/shell/jobs.h"
#include "cmd/shell/nested.h"
#include "cmd/shell/parser.h"
#include "cmd/shell/shell.h"
#include "cmd/shell/tasks.h"
#include "cmd/shell/traps.h"
#include "cmd/shell/vars.h"

/* Why commands are being left. */
enum unwind {
    UNWIND_NONE,
    UNWIND_BREAK,
    UNWIND_CONTINUE,
    UNWIND_RETURN,
    UNWIND_ABORT, /* to the prompt */
    UNWIND_EXIT,
};

struct function {
    char *name;
    struct program *program; /* that the body is in; a reference */
    const struct node *body;
};

struct functions {
    struct function *list;
    size_t n, cap;
};

/* Variables as they were before `local` in a function that runs. */
struct local {
    struct var before;
    int call; /* how deep the function is */
};

struct locals {
    struct local *list;
    size_t n, cap;
};

struct shell {
    struct shell_opts opts;
    struct io io;
    struct vars vars;
    struct functions functions;
    struct vars aliases;
    struct traps traps;
    struct locals locals;
    size_t getopts_index, getopts_at; /* OPTIND as getopts left it, and where in that word */
    struct words args;                /* $1, ... */
    struct program *program;          /* being run, for functions that it defines; borrowed */
    struct jobs jobs;
    struct tasks *tasks;     /* without processes: those in the background, all copies' */
    int status;              /* $? */
    int substitution_status; /* of the last $(...) in the command being expanded */
    pid_t background;        /* $!, 0: none yet */
    pid_t pid;               /* $$ */
    int line;

    enum unwind unwind;
    int unwind_levels;    /* loops left to break out of */
    int loops, calls;     /* that the running command is inside of */
    int depth;            /* of nested commands */
    struct nested nested; /* shells in it */
    int guarded;          /* inside a condition, where errexit does nothing */
    bool errexit, nounset, xtrace, noglob, pipefail; /* set -e, -u, -x, -f, -o pipefail */
    bool subshell;                                   /* a copy or a forked child */
    struct cmd_env *child_env;                       /* a forked child's own; NULL: it is none */
    bool background_child; /* in the background, where SIGINT is ignored */
    bool alone;            /* a child for one tool in the foreground that a person typed */
    bool ready_at_trap;    /* a child that its parent waits for until it has set a trap */
    bool keep_io;          /* exec: what is redirected stays so */
    bool stop_warned;      /* exit with stopped jobs has been warned of */

    int refusals; /* number of things that were not supported */
    int refused;  /* -ENOENT, -ENOTSUP: the first thing that was */
    struct vnet_err refusal;
    struct history *history; /* interactive; borrowed */
};

/* ---- messages ---- */

/* "NAME: line N: ..." on standard error. */
void shell_complain(struct shell *sh, const char *fmt, ...) VNET_PRINTF(2, 3);
/* Note that something is not supported (error ENOTSUP) or not there (ENOENT) and say so: "vnet: ...
 * is not supported"; returns the exit status, 2. */
int shell_unsupported(struct shell *sh, const char *fmt, ...) VNET_PRINTF(2, 3);
void shell_refused(struct shell *sh, int error, const char *why);
/* Write on stream 1 or 2 as it is now. */
void shell_say(struct shell *sh, int fd, const char *text);

/* ---- copies (subshells without processes) ---- */

struct shell *shell_copy(const struct shell *sh);

/* ---- running (exec.c) ---- */

/* Each returns the exit status, which is in sh->status, too. */
int exec_node(struct shell *sh, const struct node *n);
/* Parse and run text; line: the number of its first line. */
int exec_text(struct shell *sh, const char *text, size_t len, int line);
/* The commands on standard input, which is shared with those that read it: nothing is read ahead.
 */
int exec_input(struct shell *sh, struct reader *in);
/* A compound command's body with its redirections, as a subshell runs it. */
int exec_body(struct shell *sh, const struct node *n);
/* Has a signal come that ends what runs? */
bool exec_interrupted(const struct shell *sh);

/* ---- functions (command.c) ---- */

const struct function *function_find(const struct shell *sh, const char *name);
/* body is in the program being run. */
void function_define(struct shell *sh, const char *name, const struct node *body);
void function_remove(struct shell *sh, const char *name);
void functions_release(struct functions *f);
/* `local`: remember a variable until the running function returns; and bring those back that the
 * functions deeper than `calls` have remembered. */
void locals_save(struct shell *sh, const char *name);
void locals_restore(struct shell *sh, int calls);

#endif
