/* A text of which parts lie elsewhere: what is written to a file need not be copied before. */
#ifndef VNET_BASE_PIECES_H
#define VNET_BASE_PIECES_H

#include <sys/uio.h>

#include "base/strbuf.h"

struct pieces {
    struct strbuf own;
    struct piece {
        size_t at; /* in front of that byte of `own` */
        const char *text;
        size_t len;
    } * borrowed; /* in the order of the text */
    size_t n, cap;
};

/* Behind what there is so far; the text stays where it is until the pieces are no longer used. */
void pieces_borrow(struct pieces *p, const char *text, size_t len);
size_t pieces_len(const struct pieces *p);
/* All of the text, for writev(): malloc()ed, *n of them. */
struct iovec *pieces_all(const struct pieces *p, size_t *n);
/* Forget the text, keep the memory. */
void pieces_reset(struct pieces *p);
void pieces_release(struct pieces *p);

#endif
