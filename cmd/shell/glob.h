/* Pathname expansion over the shell's own files (XCU 2.6.6). */
#ifndef VNET_CMD_SHELL_GLOB_H
#define VNET_CMD_SHELL_GLOB_H

#include "cmd/shell/vars.h"

struct shell;

/* Add the files that match, sorted; false: there are none. */
bool glob_expand(struct shell *sh, const char *pattern, struct words *out);

#endif
