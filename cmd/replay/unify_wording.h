/* What other versions of the tools say for the same thing. Internal to unify*.c. */
#ifndef VNET_CMD_REPLAY_UNIFY_WORDING_H
#define VNET_CMD_REPLAY_UNIFY_WORDING_H

#include <stdbool.h>

/* The line with one space for any run of them, none at the ends, and in the words of one version
 * of its tool: lines that differ in spacing and wording only become equal. To be freed. */
char *unify_canonical(const char *line);
/* Some versions print this line and others do not. */
bool unify_optional_line(const char *line);

#endif
