/* Libraries that are opened when first needed, so that a command without them starts faster. Not in
 * a static vnet (VNET_STATIC). */
#ifndef VNET_CMD_DYNLIB_H
#define VNET_CMD_DYNLIB_H

#include <stddef.h>

/* The first of these names that is there (a list ended by NULL); NULL: none is. */
void *dynlib_open(const char *const *names);
void dynlib_close(void *library); /* NULL is fine */
/* A function's or variable's address into the pointer at `into`, of size bytes: 0, or -1: it has no
 * such symbol. */
int dynlib_symbol(void *library, const char *name, void *into, size_t size);

#endif
