/* What can come next on a command line, told to a person: `?` and `help`. For the shell and for
 * lessons. */
#ifndef VNET_CMD_SHELL_HELP_H
#define VNET_CMD_SHELL_HELP_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/sink.h"

struct shell;

/* Is a `?` typed behind these characters one of the line itself: quoted, of $? or ${x?}, in a
 * comment or a here-document? */
bool help_is_literal(const char *text, size_t len);
/* Does the line ask: is its last word a `?` by itself, not a literal one? */
bool help_is_asked(const char *line);
/* What can come behind the first len characters of a line. */
void help_line(struct shell *sh, const char *line, size_t len, struct sink *out);
/* The same of words; the last may be "". */
void help_words(struct shell *sh, int argc, char **argv, struct sink *out);
/* All that there is. */
void help_all(struct sink *out);

#endif
