/* Bytes as UTF-8 text. */
#ifndef VNET_BASE_TEXT_H
#define VNET_BASE_TEXT_H

#include <stdbool.h>

/* Bytes of the well-formed UTF-8 sequence at p, 1 to 4 (RFC 3629); 0 if there is none. p ends in 0,
 * for which the answer is 1. */
unsigned utf8_length(const char *p);
/* Has s a control character: C0, DEL, C1, be it as UTF-8 (U+0080 to U+009F) or as a stray byte?
 * Names with one are kept out of a world, since a terminal would obey them. */
bool text_has_control(const char *s);

#endif
