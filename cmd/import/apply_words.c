/* Routes, rules and neighbours: what was listed and is not there is added; what is there and was
 * not listed, though all was, is removed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/import/apply.h"
#include "cmd/import/world_ip.h"

static bool has_word(const char *text, const char *word)
{
    const char *s = strstr(text, word);
    size_t n = strlen(word);
    return s && (s == text || s[-1] == ' ') && (s[n] == ' ' || s[n] == '\0');
}

/* "ip VERB WORDS EXTRA"; what the kernel says against it is noted. */
static void run(struct listing *l, struct vnet *w, struct netns *ns, const char *verb,
                const struct listed_words *words, const char *extra)
{
    struct vnet_err err = {""};
    struct strbuf command = STRBUF_INIT;
    strbuf_addf(&command, "%s %s%s", verb, words->text, extra);
    if (!world_ip(w, ns, words->family, command.data, NULL, &err))
        listing_note(l, words->line, "ip %.80s: left out: %.120s", command.data, err.msg);
    strbuf_release(&command);
}

/* ---- routes ---- */

static bool is_main(const struct listed_words *r)
{
    return !has_word(r->text, "table");
}

static int first_main(const struct vnet_route_info *info, void *arg)
{
    if (info->table != VNET_RT_TABLE_MAIN)
        return 0;
    struct vnet_route_info *first = arg;
    *first = *info;
    first->nh = NULL; /* the dump's own; whichever has the prefix is meant */
    first->nnh = 0;
    return 1;
}

/* IPv4's order among equals is the order in which they came, so all are made anew. */
static void remove_main4(struct netns *ns)
{
    struct vnet_route_info first;
    struct vnet_err err;
    while (vnet_route_dump(ns, VNET_AF_INET, first_main, &first))
        if (vnet_route_del(ns, &first, &err) < 0)
            return;
}

static void remove_unlisted6(struct listing *l, struct vnet *w, struct netns *ns)
{
    struct listing there = {0};
    world_routes(w, ns, VNET_AF_INET6, &there);
    for (size_t i = 0; i < there.routes.n; i++)
        if (is_main(&there.routes.v[i]) && !listed_list_has(&l->routes, &there.routes.v[i]))
            run(l, w, ns, "route del", &there.routes.v[i], "");
    listing_release(&there);
}

/* Is the route of `route -n` the one that came with an address? */
static const struct listed_addr *address_of(const struct listing *l, const char *text)
{
    for (size_t i = 0; i < l->naddrs; i++) {
        const struct vnet_addr_info *info = &l->addrs[i].info;
        struct strbuf want = STRBUF_INIT;
        char net[INET_ADDRSTRLEN_MAX];
        const struct inet_addr masked = inet_addr_masked(&info->address, info->prefixlen);
        strbuf_addf(&want, "%s/%u dev %s", inet_addr_str(&masked, net), info->prefixlen,
                    l->addrs[i].dev);
        size_t n = want.len;
        bool same = info->family == VNET_AF_INET && strncmp(text, want.data, n) == 0 &&
                    (text[n] == '\0' || text[n] == ' ');
        strbuf_release(&want);
        if (same)
            return &l->addrs[i];
    }
    return NULL;
}

bool listed_route_by_gateway(const struct listed_words *r)
{
    return has_word(r->text, "via") || has_word(r->text, "nexthop");
}

const char *listed_route_unsaid(const struct listed_words *r)
{
    bool direct = strncmp(r->text, "default", 7) == 0 || (r->text[0] >= '0' && r->text[0] <= '9');
    bool scoped = has_word(r->text, "scope") || listed_route_by_gateway(r);
    return r->family == VNET_AF_INET && direct && !scoped ? " scope global" : "";
}

static void add_route(struct listing *l, struct vnet *w, struct netns *ns,
                      const struct listed_words *r)
{
    char extra[96], buf[INET_ADDRSTRLEN_MAX];
    const struct listed_addr *a = r->rough ? address_of(l, r->text) : NULL;
    const char *unsaid = r->rough ? " proto static" : listed_route_unsaid(r);
    if (a)
        snprintf(extra, sizeof(extra), " proto kernel src %s", inet_addr_str(&a->info.local, buf));
    run(l, w, ns, r->family == VNET_AF_INET ? "route append" : "route prepend", r,
        a ? extra : unsaid);
}

/* Does `ip route` say what this row of `route -n` says? */
static bool superseded(const struct listing *l, const struct listed_words *r)
{
    for (size_t i = 0; r->rough && i < l->routes.n; i++)
        if (l->routes.v[i].family == VNET_AF_INET && !l->routes.v[i].rough &&
            is_main(&l->routes.v[i]))
            return true;
    return false;
}

void apply_routes(struct listing *l, struct vnet *w, struct netns *ns)
{
    struct listing there = {0};
    if (l->shows_routes4)
        remove_main4(ns);
    if (l->shows_routes6)
        remove_unlisted6(l, w, ns);
    world_routes(w, ns, VNET_AF_INET, &there);
    world_routes(w, ns, VNET_AF_INET6, &there);
    bool rough = l->routes.n && !superseded(l, &(struct listed_words){.rough = true});
    for (int gateways = 0; gateways < 2; gateways++) { /* those that gateways need come first */
        for (size_t i = 0; i < l->routes.n; i++) {
            const struct listed_words *r = &l->routes.v[i];
            if (listed_route_by_gateway(r) == (gateways == 1) && (!r->rough || rough) &&
                !listed_list_has(&there.routes, r))
                add_route(l, w, ns, r);
        }
    }
    listing_release(&there);
}

/* ---- rules ---- */

static void apply_rules_of(struct listing *l, struct vnet *w, struct netns *ns, uint8_t family,
                           bool all)
{
    struct listing there = {0};
    world_rules(w, ns, family, &there);
    for (size_t i = 0; all && i < there.rules.n; i++)
        if (!listed_list_has(&l->rules, &there.rules.v[i]))
            run(l, w, ns, "rule del", &there.rules.v[i], "");
    for (size_t i = 0; i < l->rules.n; i++)
        if (l->rules.v[i].family == family && !listed_list_has(&there.rules, &l->rules.v[i]))
            run(l, w, ns, "rule add", &l->rules.v[i], "");
    listing_release(&there);
}

void apply_rules(struct listing *l, struct vnet *w, struct netns *ns)
{
    apply_rules_of(l, w, ns, VNET_AF_INET, l->shows_rules4);
    apply_rules_of(l, w, ns, VNET_AF_INET6, l->shows_rules6);
}

/* ---- neighbours ---- */

void apply_neighs(struct listing *l, struct vnet *w, struct netns *ns)
{
    for (size_t i = 0; i < l->neighs.n; i++)
        run(l, w, ns, "neigh replace", &l->neighs.v[i], "");
}
