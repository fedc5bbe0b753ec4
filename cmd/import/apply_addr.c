/* Addresses as they were listed, in their order. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/import/addr_list.h"
#include "cmd/import/apply.h"

static bool is_listed(const struct listing *l, const char *dev, const struct vnet_addr_info *info)
{
    for (size_t i = 0; i < l->naddrs; i++)
        if (strcmp(l->addrs[i].dev, dev) == 0 && addr_same(&l->addrs[i].info, info))
            return true;
    return false;
}

/* Those that came with the link and were not listed. */
static void remove_unlisted(struct listing *l, struct netns *ns, const struct listed_link *link)
{
    struct addr_list t = addr_list_of(ns, VNET_AF_UNSPEC, link->made);
    struct vnet_err err;
    for (size_t i = 0; i < t.n; i++) {
        const struct vnet_addr_info *a = &t.v[i];
        bool shown = a->family == VNET_AF_INET ? link->shows_v4 : link->shows_v6;
        const struct vnet_addr_req req = {.ifindex = link->made,
                                          .family = a->family,
                                          .prefixlen = a->prefixlen,
                                          .local = a->local,
                                          .address = a->address};
        if (shown && !is_listed(l, link->name, a))
            vnet_addr_del(ns, &req, &err);
    }
    free(t.v);
}

static int find_same(const struct vnet_addr_info *info, void *arg)
{
    return addr_same(info, arg);
}

static void add(struct listing *l, struct netns *ns, struct listed_addr *a)
{
    const struct listed_link *link = listing_find_link(l, a->dev);
    struct vnet_err err = {""};
    char text[INET_ADDRSTRLEN_MAX];
    if (!link || !link->made) {
        listing_note(l, a->line, "%s: left out, as is %s", inet_addr_str(&a->info.local, text),
                     a->dev);
        return;
    }
    a->info.ifindex = link->made;
    if (vnet_addr_dump(ns, a->info.family, link->made, find_same, &a->info))
        return;
    if (vnet_addr_import(ns, &a->info, &err) < 0)
        listing_note(l, a->line, "%s: left out%s%s", inet_addr_str(&a->info.local, text),
                     err.msg[0] ? ": " : "", err.msg);
}

static void restore_addr_gen(struct netns *ns, const struct listed_link *link)
{
    struct vnet_err err;
    struct vnet_link_req req = {
        .ifindex = link->made, .set = VNET_LINK_ADDRGEN, .addr_gen_mode = (uint8_t)link->addr_gen};
    vnet_link_set(ns, &req, &err);
}

void apply_addrs(struct listing *l, struct netns *ns)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].made)
            remove_unlisted(l, ns, &l->links[i]);
    for (size_t i = 0; i < l->naddrs; i++)
        add(l, ns, &l->addrs[i]);
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].made && l->links[i].shows_v6 && l->links[i].addr_gen >= 0)
            restore_addr_gen(ns, &l->links[i]);
}
