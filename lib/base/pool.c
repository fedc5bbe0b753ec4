#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/mem.h"

/* What was given back shall not be looked at: AddressSanitizer says where it is. */
#ifdef __has_include
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(p, size)   ((void)(p), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(p, size) ((void)(p), (void)(size))
#endif

struct pool_block {
    struct pool_block *next;
    size_t size;
    max_align_t things[];
};

enum { FIRST = 2 << 10, MOST = 64 << 10 }; /* bytes of a block */

/* Each block is twice as large as the one before. */
static void add_block(struct pool *p)
{
    size_t size = !p->blocks ? FIRST : p->blocks->size < MOST ? 2 * p->blocks->size : MOST;
    if (size < sizeof(struct pool_block) + p->size)
        size = sizeof(struct pool_block) + p->size;
    struct pool_block *b = mem_realloc(NULL, size);
    block_prefault(b, size);
    b->next = p->blocks;
    b->size = size;
    p->blocks = b;
    p->at = (char *)b->things;
    p->end = (char *)b + size;
}

void *pool_take(struct pool *p)
{
    void *thing = p->given_back;
    if (thing) {
        ASAN_UNPOISON_MEMORY_REGION(thing, p->size);
        memcpy(&p->given_back, thing, sizeof(p->given_back));
    } else {
        if ((size_t)(p->end - p->at) < p->size)
            add_block(p);
        thing = p->at;
        p->at += p->size;
    }
    memset(thing, 0, p->size);
    return thing;
}

void pool_give(struct pool *p, void *thing)
{
    memcpy(thing, &p->given_back, sizeof(p->given_back));
    p->given_back = thing;
    ASAN_POISON_MEMORY_REGION(thing, p->size);
}

void pool_release(struct pool *p)
{
    for (struct pool_block *b = p->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *p = (struct pool){.size = p->size};
}
