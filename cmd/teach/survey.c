#include "cmd/teach/survey.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vnet_netns.h"

static void add_link(struct survey *s, struct netns *ns, const struct vnet_link_info *info)
{
    ARRAY_GROW(s->links, s->nlinks, s->links_cap);
    struct survey_link *l = &s->links[s->nlinks++];
    *l = (struct survey_link){.ns = ns,
                              .ifindex = info->ifindex,
                              .up = info->flags & VNET_IFF_UP,
                              .loopback = info->flags & VNET_IFF_LOOPBACK,
                              .bridge = info->kind && strcmp(info->kind, "bridge") == 0,
                              .has_master = info->master != 0,
                              .mtu = info->mtu,
                              .peer = -1,
                              .on_way = true};
    memcpy(l->name, info->name, sizeof(l->name));
}

static int add_addr(const struct vnet_addr_info *a, void *arg)
{
    struct survey *s = arg;
    size_t link = s->nlinks - 1;
    if (a->ifindex != s->links[link].ifindex || inet_addr_is_linklocal(&a->local))
        return 0;
    ARRAY_GROW(s->addrs, s->naddrs, s->addrs_cap);
    s->addrs[s->naddrs++] = (struct survey_addr){link, {a->local, a->prefixlen}};
    s->links[link].has_addr = true;
    return 0;
}

static void take_place(struct survey *s, struct netns *ns)
{
    struct vnet_link_info info;
    ARRAY_GROW(s->ns, s->nns, s->ns_cap);
    s->ns[s->nns++] = (struct survey_ns){.ns = ns, .on_way = true};
    for (int i = 0; (i = vnet_link_next(ns, i));) {
        if (vnet_link_get(ns, i, &info) < 0)
            continue;
        add_link(s, ns, &info);
        vnet_addr_dump(ns, s->family, i, add_addr, s);
    }
}

static int find_link(const struct survey *s, const struct netns *ns, int ifindex)
{
    for (size_t i = 0; i < s->nlinks; i++)
        if (s->links[i].ns == ns && s->links[i].ifindex == ifindex)
            return (int)i;
    return -1;
}

static void find_peers(struct survey *s)
{
    struct vnet_link_info info;
    for (size_t i = 0; i < s->nlinks; i++) {
        struct survey_link *l = &s->links[i];
        if (vnet_link_get(l->ns, l->ifindex, &info) < 0 || !info.iflink)
            continue;
        const struct netns *there =
            info.iflink_netnsid >= 0 ? vnet_nsid_peer(l->ns, info.iflink_netnsid) : l->ns;
        l->peer = find_link(s, there, info.iflink);
    }
}

static bool is_lonely(const struct survey *s, size_t link)
{
    for (size_t i = 0; i < s->naddrs; i++) {
        const struct inet_prefix *p = &s->addrs[i].addr;
        const struct inet_prefix net = {inet_addr_masked(&p->addr, p->len), p->len};
        for (size_t k = 0; s->addrs[i].link == link && k < s->naddrs; k++)
            if (s->addrs[k].link != link && inet_prefix_has(&net, &s->addrs[k].addr.addr))
                return false;
    }
    return true;
}

void survey_take(struct survey *s, struct vnet *w, uint8_t family)
{
    *s = (struct survey){.w = w, .family = family};
    take_place(s, vnet_init_ns(w));
    for (struct netns *ns = NULL; (ns = vnet_netns_next(w, ns));)
        take_place(s, ns);
    find_peers(s);
    for (size_t i = 0; i < s->nlinks; i++)
        s->links[i].lonely = is_lonely(s, i);
}

/* ---- the way ---- */

static size_t index_of(const struct survey *s, const struct netns *ns)
{
    size_t i = 0;
    while (i < s->nns && s->ns[i].ns != ns)
        i++;
    return i;
}

/* The namespace at a link's other end; nns: its own, or none. */
static size_t far_end(const struct survey *s, const struct survey_link *l)
{
    const struct survey_link *peer = l->peer >= 0 ? &s->links[l->peer] : NULL;
    return peer && peer->ns != l->ns ? index_of(s, peer->ns) : s->nns;
}

/* Where the target's address is; if nowhere, where there is a link that lacks one. */
static bool could_be_home(const struct survey *s, const struct netns *ns,
                          const struct inet_addr *target)
{
    bool somewhere = survey_is_local(s, target);
    for (size_t i = 0; i < s->naddrs && somewhere; i++)
        if (s->links[s->addrs[i].link].ns == ns && inet_addr_eq(&s->addrs[i].addr.addr, target))
            return true;
    for (size_t i = 0; i < s->nlinks && !somewhere; i++)
        if (s->links[i].ns == ns && !s->links[i].loopback &&
            (!s->links[i].has_addr || s->links[i].lonely))
            return true;
    return false;
}

/* Does at most one other namespace on the way touch it? */
static bool is_dead_end(const struct survey *s, size_t ns)
{
    size_t first = s->nns;
    for (size_t i = 0; i < s->nlinks; i++) {
        size_t far = s->links[i].ns == s->ns[ns].ns ? far_end(s, &s->links[i]) : s->nns;
        if (far == s->nns || !s->ns[far].on_way || far == first)
            continue;
        if (first != s->nns)
            return false;
        first = far;
    }
    return true;
}

void survey_find_way(struct survey *s, const char *source, const struct inet_addr *target)
{
    bool homes = false, again = source && target->family;
    for (size_t i = 0; i < s->nns; i++)
        homes |= could_be_home(s, s->ns[i].ns, target);
    while (again) {
        again = false;
        for (size_t i = 0; i < s->nns; i++) {
            const struct netns *ns = s->ns[i].ns;
            if (!s->ns[i].on_way || strcmp(vnet_netns_name(ns), source) == 0 || !homes ||
                could_be_home(s, ns, target) || !is_dead_end(s, i))
                continue;
            s->ns[i].on_way = false;
            again = true;
        }
    }
    for (size_t i = 0; i < s->nlinks; i++) {
        size_t far = far_end(s, &s->links[i]);
        s->links[i].on_way =
            s->ns[index_of(s, s->links[i].ns)].on_way && (far == s->nns || s->ns[far].on_way);
    }
}

void survey_release(struct survey *s)
{
    free(s->ns);
    free(s->links);
    free(s->addrs);
    *s = (struct survey){0};
}

bool survey_is_local(const struct survey *s, const struct inet_addr *a)
{
    for (size_t i = 0; i < s->naddrs; i++)
        if (inet_addr_eq(&s->addrs[i].addr.addr, a))
            return true;
    return false;
}

const struct inet_prefix *survey_subnet_of(const struct survey *s, const struct inet_addr *a)
{
    for (size_t i = 0; i < s->naddrs; i++) {
        const struct inet_prefix *p = &s->addrs[i].addr;
        const struct inet_prefix net = {inet_addr_masked(&p->addr, p->len), p->len};
        if (p->len + 1U < (p->addr.family == VNET_AF_INET ? 32U : 128U) &&
            !s->links[s->addrs[i].link].loopback && inet_prefix_has(&net, a))
            return p;
    }
    return NULL;
}
