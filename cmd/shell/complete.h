/* Completion of what is being typed, out of the tables of commands and the world. Private to
 * cmd/shell. */
#ifndef VNET_CMD_SHELL_COMPLETE_H
#define VNET_CMD_SHELL_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/shell/vars.h"

struct shell;

/* The words that may stand at `start` in the line, where `text` has been typed: those that do not
 * begin with it may be among them. */
void complete_word(struct shell *sh, const char *line, size_t start, const char *text,
                   struct words *out);
/* The words of the last command in line[0, len), quotes and what stands before a command (sudo, if,
 * NAME=VALUE) aside; true: the name of a file is to come, for a redirection. */
bool complete_split(const char *line, size_t len, struct words *words);

#endif
