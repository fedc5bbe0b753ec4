#include "cmd/import/addr_list.h"

#include "base/mem.h"

static int append(const struct vnet_addr_info *info, void *arg)
{
    struct addr_list *l = arg;
    ARRAY_GROW(l->v, l->n, l->cap);
    l->v[l->n++] = *info;
    return 0;
}

struct addr_list addr_list_of(const struct netns *ns, uint8_t family, int ifindex)
{
    struct addr_list l = {0};
    vnet_addr_dump(ns, family, ifindex, append, &l);
    return l;
}

bool addr_same(const struct vnet_addr_info *a, const struct vnet_addr_info *b)
{
    return a->family == b->family && a->prefixlen == b->prefixlen &&
           inet_addr_eq(&a->local, &b->local) && inet_addr_eq(&a->address, &b->address);
}
