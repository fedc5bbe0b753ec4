/* One simple command of a shell: words with POSIX quoting, and a redirection. */
#ifndef VNET_CMD_SHELL_WORDS_H
#define VNET_CMD_SHELL_WORDS_H

#include <stdbool.h>

#include "base/err.h"

struct shell_command {
    int argc;
    char **argv;    /* owned, NULL-terminated */
    char *redirect; /* `> FILE` or `>> FILE`: owned; NULL: none */
    bool append;
    bool stderr_to_stdout; /* 2>&1: accepted, since replay shows both as a terminal does */
};

/* Split a line (XCU 2.2 quoting, comments). A word `sudo` in front is dropped. What the grammar has
 * and this does not do is refused by name. -EINVAL and *err. */
int shell_parse(const char *line, struct shell_command *cmd, struct vnet_err *err);
void shell_command_release(struct shell_command *cmd);

#endif
