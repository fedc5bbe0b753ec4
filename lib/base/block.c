#define _DEFAULT_SOURCE  /* MAP_ANONYMOUS, MAP_POPULATE: not in POSIX.1-2008, used where they are \
                          */
#include "base/block.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/mem.h"

#if defined(MAP_ANONYMOUS) && defined(MAP_POPULATE)

/* Below this, malloc()'s memory has often been touched before. */
enum { LARGE = 64 << 10 };

void *block_alloc(size_t size)
{
    if (size < LARGE)
        return mem_realloc(NULL, size);
    void *p =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (p == MAP_FAILED)
        abort();
    return p;
}

void block_free(void *p, size_t size)
{
    if (size < LARGE)
        free(p);
    else if (p)
        munmap(p, size);
}

#else

void *block_alloc(size_t size)
{
    return mem_realloc(NULL, size);
}

void block_free(void *p, size_t size)
{
    (void)size;
    free(p);
}

#endif
