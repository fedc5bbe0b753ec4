#define _DEFAULT_SOURCE /* madvise() is not in POSIX.1-2008; used where it is */
#include "base/block.h"

#include <stdint.h>
#include <sys/mman.h>

#ifdef MADV_POPULATE_WRITE

enum {
    LARGE = 64 << 10, /* below this, malloc()'s memory has often been touched before */
    PAGE = 4096,
};

void block_prefault(void *p, size_t size)
{
    uintptr_t start = ((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    uintptr_t end = ((uintptr_t)p + size) & ~(uintptr_t)(PAGE - 1);
    if (size >= LARGE && end > start)
        (void)madvise((void *)start, end - start, MADV_POPULATE_WRITE);
}

#else

void block_prefault(void *p, size_t size)
{
    (void)p;
    (void)size;
}

#endif
