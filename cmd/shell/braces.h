/* bash's brace expansion: a{b,c}d, {1..5}, {a..e}, {01..10..3}. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_BRACES_H
#define VNET_CMD_SHELL_BRACES_H

#include "cmd/shell/vars.h"

/* Is there anything to expand in unquoted text? */
bool braces_any(const char *text);
/* What it expands to; false: more than `most` words. */
bool braces_expand(const char *text, size_t most, struct words *out);

#endif
