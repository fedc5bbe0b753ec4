/* Aliases (XCU 2.3.1): a command's first word stands for other text. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_ALIAS_H
#define VNET_CMD_SHELL_ALIAS_H

#include "cmd/shell/lexer.h"

/* Put what the word tok stands for in its place, so that the lexer reads that next. false: it
 * stands for itself, or the lexer has failed. *again: the word behind it is to be looked up, too.
 */
bool alias_substitute(struct lexer *lx, const struct token *tok, bool *again);

#endif
