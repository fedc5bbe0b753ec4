/* Word expansions (XCU 2.6). */
#ifndef VNET_CMD_SHELL_EXPAND_H
#define VNET_CMD_SHELL_EXPAND_H

#include <stdint.h>

#include "cmd/shell/ast.h"
#include "cmd/shell/vars.h"

struct shell;

/* All of 2.6: fields are added to `out`. false: it failed, a message was printed. */
bool expand_words(struct shell *sh, const struct word *list, struct words *out);
/* Without splitting and pathnames, as in assignments and redirections. Owned; NULL: it failed. */
char *expand_to_string(struct shell *sh, const struct word *word);
/* A pattern for fnmatch(): what was quoted is escaped. Owned; NULL: it failed. */
char *expand_to_pattern(struct shell *sh, const struct part *parts);

/* arith.c: 2.6.4, with C's operators on integers, bash's ** too. false: a message was printed.
 */
bool arith_evaluate(struct shell *sh, const char *text, int64_t *value);

#endif
