#ifndef VNET_CMD_XML_H
#define VNET_CMD_XML_H

#include "cmd/sink.h"

/* Character data and attribute values; what XML 1.0 has no way to write becomes "?". */
void xml_escaped(struct sink *out, const char *text);

#endif
