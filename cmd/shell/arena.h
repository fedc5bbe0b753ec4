/* Memory for a syntax tree: taken piece by piece, given back at once. */
#ifndef VNET_CMD_SHELL_ARENA_H
#define VNET_CMD_SHELL_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks; /* NULL: empty */
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type of the tree */
char *arena_strndup(struct arena *a, const char *s, size_t n);
void arena_release(struct arena *a);

#endif
