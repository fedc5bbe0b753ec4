/* Recognising volatile values in a line of output. Internal to unify*.c. */
#ifndef VNET_CMD_REPLAY_UNIFY_TOKEN_H
#define VNET_CMD_REPLAY_UNIFY_TOKEN_H

#include "cmd/replay/unify_var.h"

enum token_match {
    TOKEN_NONE,   /* expected has no volatile value here: compare the bytes */
    TOKEN_AGREES, /* both have one of the same type, and they unify */
    TOKEN_DIFFERS,
};

/* Look at position e of line expected and a of line actual, all before them having been matched.
 * On AGREES *e and *a are moved behind the value. May bind; the caller rolls back. */
enum token_match unify_token(struct unify *u, const char *expected, size_t *e, const char *actual,
                             size_t *a);

/* An actual line with the expected values in place of the actual ones that they are bound to: what
 * the author would have seen. To be freed. */
char *unify_author_line(const struct unify *u, const char *actual);

/* Does the line begin with a capture's clock time, or go on with the packet above (indented)? */
bool unify_is_packet_line(const char *line);

/* Bind every address in text to itself. */
void unify_token_literals(struct unify *u, const char *text);

#endif
