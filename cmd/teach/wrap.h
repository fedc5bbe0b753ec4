/* Long lines at a terminal. */
#ifndef VNET_CMD_TEACH_WRAP_H
#define VNET_CMD_TEACH_WRAP_H

#include "cmd/sink.h"

/* A line, and the line break behind it. Where out is a terminal, it is broken at blanks to its
 * width, with `indent` blanks before each further line; elsewhere it stays one. */
void wrap_line(struct sink *out, const char *line, int indent);

#endif
