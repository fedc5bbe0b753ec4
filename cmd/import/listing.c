#include "cmd/import/listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct attr_name attr_names[ATTRS] = {
    [ATTR_PROMISCUITY] = {"promiscuity", "promiscuity"},
    [ATTR_ALLMULTI] = {"allmulti", "allmulti"},
    [ATTR_MIN_MTU] = {"minmtu", "min_mtu"},
    [ATTR_MAX_MTU] = {"maxmtu", "max_mtu"},
    [ATTR_TX_QUEUES] = {"numtxqueues", "num_tx_queues"},
    [ATTR_RX_QUEUES] = {"numrxqueues", "num_rx_queues"},
    [ATTR_GSO_MAX_SIZE] = {"gso_max_size", "gso_max_size"},
    [ATTR_GSO_MAX_SEGS] = {"gso_max_segs", "gso_max_segs"},
    [ATTR_TSO_MAX_SIZE] = {"tso_max_size", "tso_max_size"},
    [ATTR_TSO_MAX_SEGS] = {"tso_max_segs", "tso_max_segs"},
    [ATTR_GRO_MAX_SIZE] = {"gro_max_size", "gro_max_size"},
};

/* ---- notes ---- */

/* No control character of the input reaches a terminal. */
static char *printable(char *text)
{
    for (char *s = text; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f || (unsigned char)*s >= 0x80)
            *s = '?';
    return text;
}

void listing_note(struct listing *l, size_t line, const char *fmt, ...)
{
    char text[256];
    va_list ap;
    if (l->nnotes == LISTING_NOTES) {
        l->more_notes++;
        return;
    }
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    text[strcspn(text, "\n")] = '\0';
    ARRAY_GROW(l->notes, l->nnotes, l->notes_cap);
    l->notes[l->nnotes++] = (struct listing_note){line, mem_strdup(printable(text))};
}

/* ---- links ---- */

struct listed_link *listing_find_link(const struct listing *l, const char *name)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (strcmp(l->links[i].name, name) == 0)
            return &l->links[i];
    return NULL;
}

struct listed_link *listing_link(struct listing *l, size_t line, const char *name)
{
    struct listed_link *link = listing_find_link(l, name);
    if (link)
        return link;
    if (!vnet_link_name_valid(name)) {
        listing_note(l, line, "%.40s: not a name that a link may have: left out", name);
        return NULL;
    }
    if (l->nlinks == LISTING_LINKS) {
        listing_note(l, line, "%s: more than %d links: left out", name, LISTING_LINKS);
        return NULL;
    }
    ARRAY_GROW(l->links, l->nlinks, l->links_cap);
    link = &l->links[l->nlinks++];
    *link = (struct listed_link){
        .line = line, .operstate = -1, .linkmode = -1, .addr_gen = -1, .qlen = -1};
    memcpy(link->name, name, strlen(name) + 1);
    return link;
}

static void release_link(struct listed_link *link)
{
    for (size_t i = 0; i < link->naltnames; i++)
        free(link->altnames[i]);
    free(link->altnames);
    free(link->alias);
}

/* ---- the rest ---- */

void listing_add_addr(struct listing *l, const struct listed_addr *a)
{
    for (size_t i = 0; i < l->naddrs; i++)
        if (strcmp(l->addrs[i].dev, a->dev) == 0 &&
            inet_addr_eq(&l->addrs[i].info.local, &a->info.local) &&
            inet_addr_eq(&l->addrs[i].info.address, &a->info.address) &&
            l->addrs[i].info.prefixlen == a->info.prefixlen)
            return;
    if (l->naddrs == LISTING_ADDRS) {
        listing_note(l, a->line, "more than %d addresses: left out", LISTING_ADDRS);
        return;
    }
    ARRAY_GROW(l->addrs, l->naddrs, l->addrs_cap);
    l->addrs[l->naddrs++] = *a;
}

static uint32_t hash_of(const struct listed_words *w)
{
    uint32_t h = 2166136261U ^ w->family;
    for (const char *s = w->text; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619U;
    return h;
}

void listing_add_words(struct listing *l, struct listed_list *list, size_t max,
                       const struct listed_words *words)
{
    uint32_t hash = hash_of(words);
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i].hash == hash && list->v[i].family == words->family &&
            strcmp(list->v[i].text, words->text) == 0)
            return;
    if (list->n == max) {
        listing_note(l, words->line, "more than %zu of its kind: left out: %.60s", max,
                     words->text);
        return;
    }
    ARRAY_GROW(list->v, list->n, list->cap);
    struct listed_words *w = &list->v[list->n++];
    *w = *words;
    w->hash = hash;
    w->text = mem_strdup(words->text);
}

void listing_add_sysctl(struct listing *l, size_t line, const char *key, const char *value)
{
    if (l->nsysctls == LISTING_SYSCTLS) {
        listing_note(l, line, "more than %d settings: left out", LISTING_SYSCTLS);
        return;
    }
    ARRAY_GROW(l->sysctls, l->nsysctls, l->sysctls_cap);
    l->sysctls[l->nsysctls++] = (struct listed_sysctl){line, mem_strdup(key), mem_strdup(value)};
}

bool listing_empty(const struct listing *l)
{
    return !l->nlinks && !l->naddrs && !l->routes.n && !l->rules.n && !l->neighs.n && !l->nsysctls;
}

static void release_words(struct listed_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i].text);
    free(list->v);
}

void listing_release(struct listing *l)
{
    for (size_t i = 0; i < l->nlinks; i++)
        release_link(&l->links[i]);
    for (size_t i = 0; i < l->nsysctls; i++) {
        free(l->sysctls[i].key);
        free(l->sysctls[i].value);
    }
    for (size_t i = 0; i < l->nnotes; i++)
        free(l->notes[i].text);
    release_words(&l->routes);
    release_words(&l->rules);
    release_words(&l->neighs);
    free(l->links);
    free(l->addrs);
    free(l->sysctls);
    free(l->notes);
    *l = (struct listing){0};
}
