/* Many things of one size, in few blocks: taking and giving back is some instructions, and there is
 * no overhead a thing. */
#ifndef VNET_BASE_POOL_H
#define VNET_BASE_POOL_H

#include <stddef.h>

struct pool {
    size_t size;      /* of a thing: a multiple of what its members' alignment needs */
    void *given_back; /* the latest; each begins with the address of the one before */
    char *at, *end;   /* what was never taken, in the latest block */
    struct pool_block *blocks;
};

/* A pool without things: {.size = sizeof(thing)}. */

void *pool_take(struct pool *p); /* zeroed */
void pool_give(struct pool *p, void *thing);
/* All things at once. */
void pool_release(struct pool *p);

#endif
