/* Finding and running a simple command. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_COMMAND_H
#define VNET_CMD_SHELL_COMMAND_H

#include "cmd/cmd.h"

struct shell;

/* A builtin's call: what it writes goes to env's sinks. */
struct call {
    struct shell *sh;
    struct cmd_env *env;
    int argc;
    char **argv;
};

struct builtin {
    const char *name;
    bool is_program;            /* a machine has it as a file, too: other programs can run it */
    int (*run)(struct call *c); /* the exit status */
    const char *usage;          /* behind the name; for help */
    const char *summary;
};

extern const struct builtin builtins[]; /* builtins.c; ended by name NULL, sorted */
const struct builtin *builtin_find(const char *name);
/* "NAME: ...": complain of a builtin's arguments; returns 1, 2 for a usage error. */
int builtin_fail(struct call *c, const char *fmt, ...) VNET_PRINTF(2, 3);
int builtin_usage(struct call *c, const char *fmt, ...) VNET_PRINTF(2, 3);

enum {
    COMMAND_NO_FUNCTIONS = 1, /* the word `command` stands before */
    COMMAND_IN_CHILD = 2,     /* nothing comes after it in this process */
};
/* Run a command by its words: the exit status. */
int command_run(struct shell *sh, int argc, char **argv, int flags);
/* Has the shell a builtin or a tool of that name, or may the host have it? */
bool command_known(const struct shell *sh, const char *name);
/* The same, for execvp(): what only the shell itself can do is not there. */
bool command_is_program(const struct shell *sh, const char *name);
/* The tool that a word means in the shell: one of vnet's, or a filter; NULL. */
const struct tool *command_tool(const char *name);

/* What vnet says of a command that it does not have; NULL: nothing in particular. */
const char *command_hint(const char *name);

#endif
