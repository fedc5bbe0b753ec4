#include "base/htab.h"

#include <stdlib.h>

#include "base/mem.h"

enum { FEWEST = 16 };

static void put(struct htab *t, struct htab_link *link)
{
    struct htab_link **bucket = &t->buckets[link->hash & (t->nbuckets - 1)];
    link->next = *bucket;
    *bucket = link;
}

/* Twice as many buckets. */
static void grow(struct htab *t)
{
    struct htab_link **old = t->buckets;
    uint32_t n = t->nbuckets;
    t->nbuckets = n ? 2 * n : FEWEST;
    t->buckets = mem_calloc(t->nbuckets, sizeof(struct htab_link *));
    for (uint32_t i = 0; i < n; i++) {
        for (struct htab_link *l = old[i], *next; l; l = next) {
            next = l->next;
            put(t, l);
        }
    }
    free(old);
}

void htab_add(struct htab *t, struct htab_link *link, uint32_t hash)
{
    if (t->n >= t->nbuckets)
        grow(t);
    link->hash = hash;
    put(t, link);
    t->n++;
}

void htab_del(struct htab *t, struct htab_link *link)
{
    struct htab_link **at = &t->buckets[link->hash & (t->nbuckets - 1)];
    while (*at != link)
        at = &(*at)->next;
    *at = link->next;
    t->n--;
}

void htab_release(struct htab *t)
{
    free(t->buckets);
    *t = (struct htab){.n = 0};
}
