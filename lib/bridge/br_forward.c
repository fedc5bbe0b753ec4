/* Frames out of a bridge's ports (net/bridge/br_forward.c). */
#include "bridge/br.h"
#include "netfilter/nf.h"
#include "sim/trace.h"
#include "wire/ether.h"

/* Where a frame may go: not back where it came from (skb->dev), unless the port is a hairpin. */
static bool should_deliver(const struct br_port *p, const struct skb *skb)
{
    return (p->flags & BR_FLAG(HAIRPIN) || skb->dev != p->dev) &&
           p->state == VNET_BR_STATE_FORWARDING && br_allowed_egress(&p->vlans, skb, false) &&
           !(skb->br_isolated && p->flags & BR_FLAG(ISOLATED));
}

/* br_dev_queue_push_xmit() */
static void push_xmit(struct br_port *to, struct skb *skb)
{
    struct netdev *dev = to->dev;
    skb_push(skb, ETH_HLEN);
    if (is_skb_forwardable(dev, skb)) {
        dev_queue_xmit(dev, skb);
        return;
    }
    trace(dev_world(dev), dev, "bridge", "br_dev_queue_push_xmit", VNET_TRACE_DROPPED, NULL,
          "%s cannot take %u bytes", dev->name, skb->len);
    skb_free(dev_world(dev), skb);
}

/* __br_forward(): consumes. */
static void forward(struct br_port *to, struct skb *skb)
{
    skb->has_dst = false; /* of its own device's layer 3: the next one finds its own */
    struct netns *ns = to->dev->ns;
    struct netdev *in = skb->dev == to->br->dev ? NULL : skb->dev; /* NULL: the bridge itself */
    if (br_handle_vlan(to->br, to, skb) &&
        nf_hook(ns, in ? NF_AT_BR_FORWARD : NF_AT_BR_LOCAL_OUT, skb, in, to->dev) &&
        nf_hook(ns, NF_AT_BR_FORWARD_FINISH, skb, NULL, to->dev))
        push_xmit(to, skb);
}

static void forward_clone(struct br_port *to, const struct skb *skb)
{
    forward(to, skb_copy(dev_world(to->dev), skb));
}

void br_forward(struct br_port *to, struct skb *skb, bool local_rcv)
{
    if (to && should_deliver(to, skb)) {
        if (local_rcv)
            forward_clone(to, skb);
        else
            forward(to, skb);
        return;
    }
    if (local_rcv)
        return;
    trace(dev_world(skb->dev), skb->dev, "bridge", "br_forward", VNET_TRACE_DROPPED, NULL,
          "not to be sent out of %s", to ? to->dev->name : "the bridge");
    skb_free(dev_world(skb->dev), skb);
}

static bool flooded_to(const struct br_port *p, enum br_pkt_type type, bool local_orig)
{
    switch (type) {
    case BR_PKT_UNICAST:
        return p->flags & BR_FLAG(FLOOD);
    case BR_PKT_MULTICAST:
        return p->flags & BR_FLAG(MCAST_FLOOD) || local_orig;
    default:
        return p->flags & BR_FLAG(BCAST_FLOOD) || local_orig;
    }
}

/* The frame itself goes to the last port, copies to those before it. */
static void to_last(struct bridge *br, struct br_port *last, struct skb *skb, bool local_rcv)
{
    if (last && local_rcv)
        forward_clone(last, skb);
    else if (last)
        forward(last, skb);
    else if (!local_rcv)
        skb_free(dev_world(br->dev), skb);
}

static bool is_member(const struct br_mdb *mp, const struct br_port *p)
{
    const struct br_pg *pg = mp ? br_pg_find(mp, p) : NULL;
    return pg && !(pg->flags & PG_INCLUDE && br_group_is_star(&mp->group) &&
                   br_mcast_has_modes(p->br, &mp->group));
}

void br_multicast_flood(struct bridge *br, const struct br_mdb *mp, struct skb *skb, bool local_rcv,
                        bool local_orig)
{
    struct br_port *prev = NULL;
    (void)local_orig; /* of statistics only */
    for (struct br_port *p = br->ports; p; p = p->next) {
        if ((!br_multicast_rport(p, skb) && !is_member(mp, p)) || !should_deliver(p, skb))
            continue;
        if (prev)
            forward_clone(prev, skb);
        prev = p;
    }
    to_last(br, prev, skb, local_rcv);
}

void br_flood(struct bridge *br, struct skb *skb, enum br_pkt_type type, bool local_rcv,
              bool local_orig)
{
    struct br_port *prev = NULL;
    for (struct br_port *p = br->ports; p; p = p->next) {
        if (!flooded_to(p, type, local_orig) || !should_deliver(p, skb))
            continue;
        if (prev)
            forward_clone(prev, skb);
        prev = p;
    }
    to_last(br, prev, skb, local_rcv);
}
