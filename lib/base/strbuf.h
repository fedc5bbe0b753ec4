/* A growable byte string, always NUL-terminated. Out of memory aborts (base/mem.h). */
#ifndef VNET_BASE_STRBUF_H
#define VNET_BASE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

struct strbuf {
    char *data; /* owned; NULL until the first byte: use strbuf_cstr() to read */
    size_t len;
    size_t cap;
};

#define STRBUF_INIT \
    {               \
        NULL, 0, 0  \
    }

void strbuf_release(struct strbuf *sb);
/* Forget the content, keep the memory. */
void strbuf_reset(struct strbuf *sb);
void strbuf_grow(struct strbuf *sb, size_t extra);
void strbuf_add(struct strbuf *sb, const void *bytes, size_t len);
void strbuf_addc(struct strbuf *sb, char c);
void strbuf_adds(struct strbuf *sb, const char *s);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) VNET_PRINTF(2, 3);
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap) VNET_PRINTF(2, 0);
/* The content, "" if empty; valid until the next change. */
const char *strbuf_cstr(const struct strbuf *sb);
/* Hand the memory to the caller (free() it); the strbuf is empty again. Never NULL. */
char *strbuf_detach(struct strbuf *sb);

#endif
