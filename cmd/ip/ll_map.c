#include "cmd/ip/ll_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct ll_entry *find(const struct ll_map *m, int ifindex)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->v[i].ifindex == ifindex)
            return &m->v[i];
    return NULL;
}

static struct ll_entry *make(struct ll_map *m, int ifindex)
{
    ARRAY_GROW(m->v, m->n, m->cap);
    m->v[m->n] = (struct ll_entry){.ifindex = ifindex};
    return &m->v[m->n++];
}

static void remember(struct ll_entry *e, const char name[VNET_IFNAMSIZ], uint32_t flags)
{
    if (!e->name[0])
        memcpy(e->name, name, sizeof(e->name));
    e->flags = flags;
}

void ll_map_init(struct ll_map *m, const struct netns *ns)
{
    struct vnet_link_info l;
    for (int i = vnet_link_next(ns, 0); i; i = vnet_link_next(ns, i))
        if (vnet_link_get(ns, i, &l) == 0)
            ll_map_link(m, &l, false, true);
}

void ll_map_release(struct ll_map *m)
{
    free(m->v);
    *m = (struct ll_map){0};
}

void ll_map_link(struct ll_map *m, const struct vnet_link_info *l, bool gone, bool listens)
{
    struct ll_entry *e = find(m, l->ifindex);
    if (!e)
        e = make(m, l->ifindex);
    memcpy(e->now, l->name, sizeof(e->now));
    if (gone)
        e->now[0] = '\0';
    if (gone && listens)
        e->name[0] = '\0';
    else if (listens)
        remember(e, l->name, l->flags);
}

void ll_map_ahead(struct ll_map *m, const struct vnet_link_info *l)
{
    struct ll_entry *e = find(m, l->ifindex);
    if (e)
        return;
    e = make(m, l->ifindex);
    memcpy(e->now, l->name, sizeof(e->now));
    e->flags = l->flags;
}

void ll_map_name(struct ll_map *m, int ifindex, char buf[VNET_IFNAMSIZ])
{
    struct ll_entry *e = find(m, ifindex);
    buf[0] = '\0';
    if (!e)
        return;
    if (!e->name[0] && e->now[0])
        remember(e, e->now, e->flags);
    memcpy(buf, e->name, VNET_IFNAMSIZ);
}

uint32_t ll_map_flags(const struct ll_map *m, int ifindex)
{
    const struct ll_entry *e = find(m, ifindex);
    return e && e->name[0] ? e->flags : UINT32_MAX;
}
