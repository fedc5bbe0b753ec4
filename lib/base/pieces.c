#include "base/pieces.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

void pieces_borrow(struct pieces *p, const char *text, size_t len)
{
    ARRAY_GROW(p->borrowed, p->n, p->cap);
    p->borrowed[p->n++] = (struct piece){.at = p->own.len, .text = text, .len = len};
}

size_t pieces_len(const struct pieces *p)
{
    size_t len = p->own.len;
    for (size_t i = 0; i < p->n; i++)
        len += p->borrowed[i].len;
    return len;
}

struct iovec *pieces_all(const struct pieces *p, size_t *n)
{
    struct iovec *all = mem_calloc(2 * p->n + 1, sizeof(*all));
    size_t at = 0, k = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct piece *b = &p->borrowed[i];
        all[k++] = (struct iovec){p->own.data + at, b->at - at};
        all[k++] = (struct iovec){(char *)(uintptr_t)b->text, b->len};
        at = b->at;
    }
    all[k++] = (struct iovec){p->own.data + at, p->own.len - at};
    *n = k;
    return all;
}

void pieces_reset(struct pieces *p)
{
    strbuf_reset(&p->own);
    p->n = 0;
}

void pieces_release(struct pieces *p)
{
    strbuf_release(&p->own);
    free(p->borrowed);
    *p = (struct pieces){0};
}
