/* Requests for those whom this host answers for that wait (inet/neigh_proxy.c). */
#include "dev/netdev.h"
#include "inet/neigh.h"
#include "state/fields.h"
#include "wire/ether.h"

static void save_queue(const struct neigh_table *t, struct json_out *o)
{
    list_each(pos, &t->proxy_queue)
    {
        const struct skb *skb = list_entry(pos, struct skb, in_flight);
        json_put_object(o, NULL, false);
        json_put_int(o, "ifindex", skb->dev->ifindex);
        state_put_timer(o, "due", &skb->arrival);
        state_put_skb(o, skb);
        json_put_end(o);
    }
}

void state_save_proxy_queue(const struct netns *ns, struct json_out *o)
{
    if (list_empty(&ns->arp_tbl->proxy_queue) && list_empty(&ns->nd_tbl->proxy_queue))
        return;
    json_put_array(o, "proxy_queue", true);
    save_queue(ns->arp_tbl, o);
    save_queue(ns->nd_tbl, o);
    json_put_end(o);
}

static int load_request(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"ifindex", "due", "data", "packet", NULL};
    int64_t ifindex = 0;
    struct skb *skb;
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "ifindex", 1, INT32_MAX, &ifindex);
    if (rc < 0)
        return rc;
    struct netdev *dev = netdev_by_index(l->ns, (int)ifindex);
    if (!dev || !netif_running(dev))
        return state_fail(l, at, "ifindex", "must be of a link that is up");
    rc = state_get_skb(l, l->ns, obj, at, &skb);
    if (rc < 0)
        return rc;
    bool v4 = skb->protocol == ETH_P_ARP;
    skb->dev = dev;
    neigh_proxy_queue(v4 ? l->ns->arp_tbl : l->ns->nd_tbl, skb);
    if (!v4 && skb->protocol != ETH_P_IPV6)
        return state_fail(l, at, "packet", "must be of protocol 2054 (ARP) or 34525 (IPv6)");
    rc = state_get_timer(l, obj, at, "due", &skb->arrival);
    if (rc == 0 && !timer_pending(&skb->arrival))
        return state_fail(l, at, "due", "is missing");
    return rc;
}

int state_load_proxy_queue(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return state_get_list(l, obj, at, "proxy_queue", load_request);
}
