/* Routes: `ip route`, both families, and `route -n`. A route is kept as the words that
 * `ip route add` takes, in one form for all of iproute2's versions and for -d: what goes without
 * saying is left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/import/feed.h"
#include "cmd/ip/names.h"

/* Words that tell a route's present state. */
static const char *const state_words[] = {
    "dead",   "linkdown",   "pervasive", "offload",           "trap",
    "notify", "rt_offload", "rt_trap",   "rt_offload_failed", "unresolved",
};

/* Pairs that go without saying, or tell a state; value NULL: any. */
static const struct {
    const char *key, *value;
} plain_pairs[] = {
    {"table", "main"},  {"proto", "boot"}, {"protocol", "boot"}, {"scope", "global"},
    {"pref", "medium"}, {"error", NULL},   {"nhid", NULL},       {"tos", "0"},
};

static bool is_state(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(state_words); i++)
        if (strcmp(word, state_words[i]) == 0)
            return true;
    return false;
}

static bool is_plain(const struct line_words *w, int i)
{
    for (size_t k = 0; i + 1 < w->n && k < ARRAY_LEN(plain_pairs); k++)
        if (strcmp(w->word[i], plain_pairs[k].key) == 0 &&
            (!plain_pairs[k].value || strcmp(w->word[i + 1], plain_pairs[k].value) == 0))
            return true;
    return false;
}

static void add_word(struct strbuf *sb, const char *word)
{
    if (sb->len)
        strbuf_addc(sb, ' ');
    strbuf_adds(sb, word);
}

/* Words from i on; "expires 30sec" becomes a number. */
static void add_words(struct strbuf *sb, const struct line_words *w, int i)
{
    for (; i < w->n; i++) {
        if (is_state(w->word[i]))
            continue;
        if (is_plain(w, i)) {
            i++;
            continue;
        }
        add_word(sb, w->word[i]);
        if (line_is(w, i, "expires") && i + 1 < w->n) {
            size_t digits = strspn(w->word[++i], "0123456789");
            strbuf_addc(sb, ' ');
            strbuf_add(sb, w->word[i], digits);
        }
    }
}

static uint8_t family_of(const struct feed *r)
{
    const struct line_words *w = &r->w;
    for (int i = 0; i < w->n; i++)
        if (strchr(w->word[i], ':') && !(i > 0 && line_is(w, i - 1, "inet6")))
            return VNET_AF_INET6;
    if (line_find(w, 1, "pref") >= 0)
        return VNET_AF_INET6;
    return r->by.family ? r->by.family : VNET_AF_INET;
}

void feed_end_route(struct feed *r)
{
    if (!r->route.len)
        return;
    r->route_words.text = r->route.data;
    listing_add_words(r->l, &r->l->routes, LISTING_ROUTES, &r->route_words);
    r->route_words.text = NULL;
    strbuf_reset(&r->route);
}

/* "\tnexthop via 10.0.0.1 dev eth0 weight 1" */
bool read_nexthop(struct feed *r)
{
    if (!line_is(&r->w, 0, "nexthop") || !r->route.len)
        return false;
    for (int i = 0; i < r->w.n; i++)
        if (strchr(r->w.word[i], ':') && !line_is(&r->w, i - 1, "inet6"))
            r->route_words.family = VNET_AF_INET6;
    add_words(&r->route, &r->w, 0);
    return true;
}

/* "default", a prefix. */
static bool is_destination(const struct line_words *w, int i)
{
    struct inet_addr addr;
    uint8_t len;
    return i < w->n && (strcmp(w->word[i], "default") == 0 ||
                        feed_prefix(w->word[i], VNET_AF_UNSPEC, &addr, &len) ||
                        /* "10.8/16" of old tools */
                        (w->word[i][0] >= '0' && w->word[i][0] <= '9' && strchr(w->word[i], '/') &&
                         w->word[i][strspn(w->word[i], "0123456789./")] == '\0'));
}

/* What follows a destination. */
static bool looks_like_route(const struct line_words *w, int i)
{
    static const char *const words[] = {"via",     "dev",   "proto", "scope", "src",  "metric",
                                        "nexthop", "table", "from",  "tos",   "nhid", "protocol"};
    for (size_t k = 0; i + 1 < w->n && k < ARRAY_LEN(words); k++)
        if (strcmp(w->word[i + 1], words[k]) == 0)
            return true;
    return i + 1 == w->n;
}

/* The kernel's own entries of table local follow from the addresses. */
static bool follows_from_addresses(const struct line_words *w)
{
    const char *table = line_value(w, "table"), *proto = line_value(w, "proto");
    return table && strcmp(table, "local") == 0 && proto && strcmp(proto, "kernel") == 0;
}

static void note_main(struct feed *r, uint8_t family)
{
    if (r->by.part || r->by.table[0] || line_value(&r->w, "table"))
        return;
    *(family == VNET_AF_INET6 ? &r->l->shows_routes6 : &r->l->shows_routes4) = true;
}

/* Devices that only routes name are made up later; here they get a record. */
static void note_device(struct feed *r, const char *dev)
{
    if (!dev || listing_find_link(r->l, dev))
        return;
    struct listed_link *link = listing_link(r->l, r->line, dev);
    if (link)
        link->guessed = true;
}

static void note_devices(struct feed *r)
{
    for (int i = 0; i + 1 < r->w.n; i++)
        if (line_is(&r->w, i, "dev"))
            note_device(r, r->w.word[i + 1]);
}

bool read_route(struct feed *r)
{
    const struct line_words *w = &r->w;
    uint32_t type = VNET_RTN_UNICAST;
    int i = w->n > 1 && !is_destination(w, 0) && rtype_value(w->word[0], &type);
    if (w->n == 0 ||
        (w->n == 1 && !strchr(w->word[0], '/') && strcmp(w->word[0], "default") != 0) ||
        !is_destination(w, i) || !looks_like_route(w, i))
        return false;
    feed_end_record(r);
    if (follows_from_addresses(w))
        return true;
    r->route_words = (struct listed_words){.line = r->line, .family = family_of(r)};
    if (i && type != VNET_RTN_UNICAST)
        add_word(&r->route, w->word[0]);
    add_words(&r->route, w, i);
    if (r->by.dev[0] && line_find(w, 0, "dev") < 0)
        strbuf_addf(&r->route, " dev %s", r->by.dev);
    if (r->by.table[0] && line_find(w, 0, "table") < 0)
        strbuf_addf(&r->route, " table %s", r->by.table);
    note_main(r, r->route_words.family);
    note_devices(r);
    return true;
}

/* ---- route -n ---- */

/* "10.0.8.0 0.0.0.0 255.255.255.0 U 100 0 0 ens192" */
bool read_route_n(struct feed *r)
{
    const struct line_words *w = &r->w;
    struct inet_addr dst, mask, gateway = inet_addr_any(VNET_AF_INET);
    struct strbuf text = STRBUF_INIT;
    char buf[INET_ADDRSTRLEN_MAX];
    if (w->n != 8 || !inet_addr_parse(VNET_AF_INET, w->word[2], &mask) || w->word[3][0] < '!' ||
        w->word[3][strspn(w->word[3], "UGHDMRAC!B")] != '\0')
        return false;
    feed_end_record(r);
    bool any = strcmp(w->word[0], "default") == 0;
    int len = inet_mask_len(inet_addr_to_v4(&mask));
    bool direct = strcmp(w->word[1], "*") == 0;
    if ((!any && !inet_addr_parse(VNET_AF_INET, w->word[0], &dst)) || len < 0 ||
        (!direct && !inet_addr_parse(VNET_AF_INET, w->word[1], &gateway))) {
        listing_note(r->l, r->line, "a route by names (`route -n` prints numbers): left out: %s %s",
                     w->word[0], w->word[1]);
        return true;
    }
    if (strchr(w->word[3], '!'))
        strbuf_adds(&text, "unreachable ");
    if (any || len == 0)
        strbuf_adds(&text, "default");
    else
        strbuf_addf(&text, "%s/%d", inet_addr_str(&dst, buf), len);
    if (!inet_addr_is_any(&gateway))
        strbuf_addf(&text, " via %s", inet_addr_str(&gateway, buf));
    if (!strchr(w->word[3], '!') && strcmp(w->word[7], "*") != 0) {
        strbuf_addf(&text, " dev %s", w->word[7]);
        note_device(r, w->word[7]);
    }
    if (strcmp(w->word[4], "0") != 0 && w->word[4][strspn(w->word[4], "0123456789")] == '\0')
        strbuf_addf(&text, " metric %s", w->word[4]);
    const struct listed_words words = {
        .line = r->line, .family = VNET_AF_INET, .rough = true, .text = text.data};
    listing_add_words(r->l, &r->l->routes, LISTING_ROUTES, &words);
    r->l->shows_routes4 = true;
    strbuf_release(&text);
    return true;
}
