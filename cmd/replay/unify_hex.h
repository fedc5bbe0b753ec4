/* Hex dumps of packets (tcpdump -x and its kin), compared field by field. Internal to unify*.c. */
#ifndef VNET_CMD_REPLAY_UNIFY_HEX_H
#define VNET_CMD_REPLAY_UNIFY_HEX_H

#include "cmd/replay/unify_var.h"

/* How many lines from the one at position on are one packet's dump. */
size_t unify_hexdump_lines(const struct unify_text *text, size_t at);

/* Compare two dumps of n lines each: addresses and identifiers are the variables that they are
 * elsewhere, checksums of the actual packet must be right, the time that ping puts into its payload
 * may be any. True if they agree; may bind, the caller rolls back. */
bool unify_hexdump(struct unify *u, const char *const *expected, const char *const *actual,
                   size_t n);

#endif
