#include "dev/nsid.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "dev/netdev.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"
#include "vnet_netns.h"

int vnet_nsid(const struct netns *ns, const struct netns *peer)
{
    for (uint32_t i = 0; i < ns->nnsids; i++)
        if (ns->nsids[i].peer == peer)
            return ns->nsids[i].id;
    return -1;
}

/* Where the entry of an id is, or would be inserted. */
static uint32_t place(const struct netns *ns, int id)
{
    uint32_t i = ns->nnsids;
    while (i > 0 && ns->nsids[i - 1].id >= id)
        i--;
    return i;
}

/* Never one that is younger than all that ever had. */
static bool has_number(const struct netns *ns, const struct netns *peer)
{
    return peer->id <= ns->nsids_highest && vnet_nsid(ns, peer) >= 0;
}

bool nsid_insert(struct netns *ns, struct netns *peer, int id)
{
    uint32_t at = place(ns, id);
    if ((at < ns->nnsids && ns->nsids[at].id == id) || has_number(ns, peer))
        return false;
    if (peer->id > ns->nsids_highest)
        ns->nsids_highest = peer->id;
    ARRAY_GROW(ns->nsids, ns->nnsids, ns->nsids_cap);
    memmove(ns->nsids + at + 1, ns->nsids + at, (ns->nnsids - at) * sizeof(*ns->nsids));
    ns->nsids[at] = (struct nsid){id, peer};
    ns->nnsids++;
    return true;
}

static int lowest_free(const struct netns *ns)
{
    int id = 0;
    while ((uint32_t)id < ns->nnsids && ns->nsids[id].id == id)
        id++;
    return id;
}

int nsid_alloc(struct netns *ns, struct netns *peer)
{
    int id = vnet_nsid(ns, peer);
    if (id >= 0 || peer->leaving)
        return id;
    id = lowest_free(ns);
    nsid_insert(ns, peer, id);
    rtnl_net_notifyid(ns, peer, id, VNET_RTM_NEWNSID);
    vnet_touch(ns->w);
    return id;
}

void nsid_alloc_lower(const struct netdev *dev)
{
    const struct netdev *lower = dev->kind->lower ? dev->kind->lower(dev) : NULL;
    if (lower && lower->ns != dev->ns)
        nsid_alloc(dev->ns, lower->ns);
}

static void forget_in(struct netns *ns, const struct netns *gone)
{
    for (uint32_t i = 0; i < ns->nnsids; i++) {
        int id = ns->nsids[i].id;
        if (ns->nsids[i].peer != gone)
            continue;
        ns->nnsids--;
        memmove(ns->nsids + i, ns->nsids + i + 1, (ns->nnsids - i) * sizeof(*ns->nsids));
        rtnl_net_notifyid(ns, gone, id, VNET_RTM_DELNSID);
        return;
    }
}

void nsid_forget(struct netns *gone)
{
    if (gone->w->ending)
        return;
    netns_each(gone->w, ns)
    {
        forget_in(ns == gone ? ns : netns_awake(ns), gone);
    }
}

int vnet_nsid_set(struct netns *ns, struct netns *peer, int nsid, struct vnet_err *err)
{
    if (vnet_nsid(ns, peer) >= 0)
        return vnet_err(err, EEXIST, "Peer netns already has a nsid assigned");
    int id = nsid < 0 ? lowest_free(ns) : nsid;
    if (!nsid_insert(ns, peer, id))
        return vnet_err(err, EEXIST, "The specified nsid is already used");
    rtnl_net_notifyid(ns, peer, id, VNET_RTM_NEWNSID);
    vnet_touch(ns->w);
    return 0;
}

struct netns *vnet_nsid_peer(const struct netns *ns, int nsid)
{
    uint32_t at = place(ns, nsid);
    return at < ns->nnsids && ns->nsids[at].id == nsid ? netns_awake(ns->nsids[at].peer) : NULL;
}

int vnet_nsid_next(const struct netns *ns, int after)
{
    uint32_t at = after == INT32_MAX ? ns->nnsids : place(ns, after + 1);
    return at < ns->nnsids ? ns->nsids[at].id : -1;
}
