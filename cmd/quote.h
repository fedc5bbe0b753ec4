#ifndef VNET_CMD_QUOTE_H
#define VNET_CMD_QUOTE_H

#include "base/strbuf.h"

/* Add a word as a shell would have it typed: in quotes where it has to be. */
void quote_add(struct strbuf *out, const char *word);

#endif
