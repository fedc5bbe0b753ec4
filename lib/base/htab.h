/* A hash table of things that have a link in themselves. Whoever puts one in, or looks for one,
 * brings the hash of its key, and compares keys himself:
 *
 *     for (struct htab_link *l = htab_first(t, hash); l; l = htab_next(l)) ...
 */
#ifndef VNET_BASE_HTAB_H
#define VNET_BASE_HTAB_H

#include <stddef.h>
#include <stdint.h>

struct htab_link {
    struct htab_link *next; /* in its bucket */
    uint32_t hash;
};

struct htab {                   /* all 0: empty */
    struct htab_link **buckets; /* owned */
    uint32_t n, nbuckets;       /* a power of two, or 0 */
};

void htab_add(struct htab *t, struct htab_link *link, uint32_t hash);
void htab_del(struct htab *t, struct htab_link *link);
/* The things are the caller's; the table is empty afterwards. */
void htab_release(struct htab *t);

/* Those whose hash it may be; NULL: none (any more). */
static inline struct htab_link *htab_next(const struct htab_link *l)
{
    uint32_t hash = l->hash;
    struct htab_link *next = l->next;
    while (next && next->hash != hash)
        next = next->next;
    return next;
}
static inline struct htab_link *htab_first(const struct htab *t, uint32_t hash)
{
    if (!t->nbuckets)
        return NULL;
    struct htab_link *l = t->buckets[hash & (t->nbuckets - 1)];
    while (l && l->hash != hash)
        l = l->next;
    return l;
}

#endif
