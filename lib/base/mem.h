/* Allocation that does not fail: out of memory ends the process with abort(); what is on disk stays
 * whole, because a save only ever replaces the state file by rename. */
#ifndef VNET_BASE_MEM_H
#define VNET_BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);            /* zeroed */
void *mem_calloc(size_t n, size_t size); /* zeroed, overflow-checked */
void *mem_realloc(void *p, size_t size); /* new bytes not zeroed */
char *mem_strdup(const char *s);         /* NULL of NULL */
char *mem_strndup(const char *s, size_t n);

/* Make room for one more element in a growable array {ptr, n, cap}. */
#define ARRAY_GROW(ptr, n, cap)                                         \
    do {                                                                \
        if ((n) == (cap)) {                                             \
            (cap) = (cap) ? (cap)*2 : 8;                                \
            (ptr) = mem_realloc((ptr), (size_t)(cap) * sizeof(*(ptr))); \
        }                                                               \
    } while (0)

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
