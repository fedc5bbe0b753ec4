#include "cmd/ip/nsid_map.h"

#include <stdlib.h>

#include "base/mem.h"
#include "vnet_netns.h"

static void remember(struct nsid_map *m, int nsid, const char *name)
{
    if (!name || !*name)
        return;
    ARRAY_GROW(m->v, m->n, m->cap);
    m->v[m->n++] = (struct nsid_name){nsid, mem_strdup(name)};
}

static struct nsid_name *find(const struct nsid_map *m, int nsid)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->v[i].nsid == nsid)
            return &m->v[i];
    return NULL;
}

static void forget(struct nsid_map *m, struct nsid_name *e)
{
    free(e->name);
    *e = m->v[--m->n];
}

void nsid_map_init(struct nsid_map *m, struct netns *ns)
{
    for (int id = -1; (id = vnet_nsid_next(ns, id)) >= 0;)
        remember(m, id, vnet_netns_name(vnet_nsid_peer(ns, id)));
}

void nsid_map_release(struct nsid_map *m)
{
    for (size_t i = 0; i < m->n; i++)
        free(m->v[i].name);
    free(m->v);
}

void nsid_map_print(struct nsid_map *m, struct ip *ip, const struct vnet_nsid_info *told, bool gone)
{
    struct printer *p = &ip->out;
    struct nsid_name *known = find(m, told->nsid);
    print_int(p, TO_ANY, "nsid", "nsid %d ", told->nsid);
    if (known)
        print_str(p, TO_ANY, "name", "(iproute2 netns name: %s)", known->name);
    if (known)
        forget(m, known);
    else if (!gone && told->name && *told->name) {
        remember(m, told->nsid, told->name);
        print_str(p, TO_ANY, "name", "(iproute2 netns name: %s)", told->name);
    }
    print_text(p, "\n");
}
