/* CAN_RAW sockets (net/can/raw.c). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "can/af_can.h"
#include "inet/truesize.h"
#include "sim/trace.h"
#include "wire/can.h"

/* ---- options ---- */

struct can_raw_opts *can_raw_opts_new(void)
{
    static const struct vnet_can_filter everything = {0, 0};
    struct can_raw_opts *ro = mem_alloc(sizeof(*ro));
    ro->loopback = true;
    can_raw_set_filters(ro, &everything, 1);
    return ro;
}

void can_raw_opts_free(struct can_raw_opts *ro)
{
    if (!ro)
        return;
    free(ro->filters);
    free(ro);
}

int can_raw_set_filters(struct can_raw_opts *ro, const struct vnet_can_filter *filters, size_t n)
{
    if (n > VNET_CAN_FILTER_MAX)
        return -EINVAL;
    free(ro->filters);
    ro->filters = n ? mem_calloc(n, sizeof(*filters)) : NULL;
    if (n)
        memcpy(ro->filters, filters, n * sizeof(*filters));
    ro->nfilters = (uint32_t)n;
    return 0;
}

int can_raw_setopt(struct sock *sk, enum vnet_sock_opt opt, int64_t value)
{
    struct can_raw_opts *ro = sk->can;
    if (opt < VNET_CAN_RAW_ERR_FILTER)
        return -ENOPROTOOPT;
    if (opt == VNET_CAN_RAW_ERR_FILTER) {
        ro->err_mask = (uint32_t)value & VNET_CAN_ERR_MASK;
        return 0;
    }
    bool *const flags[] = {&ro->loopback, &ro->recv_own_msgs, &ro->fd_frames, &ro->join_filters};
    *flags[opt - VNET_CAN_RAW_LOOPBACK] = value != 0;
    return 0;
}

/* ---- filters ---- */

/* As find_rcv_list() registers a filter and can_rcv_filter() tries it on a frame. */
static bool filter_matches(const struct vnet_can_filter *filter, uint32_t id)
{
    uint32_t mask = filter->mask;
    if (mask & VNET_CAN_ERR_FLAG) /* one for error messages, whose identifier is a set of bits */
        return id & VNET_CAN_ERR_FLAG && id & mask & VNET_CAN_ERR_MASK;
    if (id & VNET_CAN_ERR_FLAG)
        return false;
    if (mask & VNET_CAN_EFF_FLAG && !(filter->id & VNET_CAN_EFF_FLAG)) /* only standard frames */
        mask &= VNET_CAN_SFF_MASK | VNET_CAN_EFF_FLAG | VNET_CAN_RTR_FLAG;
    bool same = (id & mask) == (filter->id & mask);
    return filter->id & VNET_CAN_ERR_FLAG ? !same : same;
}

/* One of the filters, with CAN_RAW_JOIN_FILTERS all. */
static bool wanted(const struct can_raw_opts *ro, uint32_t id)
{
    uint32_t matches = 0;
    for (uint32_t i = 0; i < ro->nfilters; i++)
        matches += filter_matches(&ro->filters[i], id);
    if (id & VNET_CAN_ERR_FLAG && id & ro->err_mask)
        matches++;
    return matches && (!ro->join_filters || matches >= ro->nfilters);
}

/* ---- receiving ---- */

static bool wanted_by(const struct can_raw_opts *ro, int ifindex, uint32_t id)
{
    return ro->bound && (!ro->ifindex || ro->ifindex == ifindex) && wanted(ro, id);
}

bool vnet_can_wants(struct vnet *w, vnet_sock_id id, int ifindex, uint32_t can_id)
{
    const struct sock *sk = sock_find(w, id);
    return sk && sk->can && wanted_by(sk->can, ifindex, can_id);
}

void can_raw_rcv(struct sock *sk, const struct skb *skb)
{
    const struct can_raw_opts *ro = sk->can;
    bool own = skb->sock == sk->id;
    if (!wanted_by(ro, skb->dev->ifindex, can_get_id(skb_data(skb))))
        return;
    if ((own && !ro->recv_own_msgs) || (skb->protocol == ETH_P_CANFD && !ro->fd_frames)) {
        trace(sk->ns->w, skb->dev, "socket", "raw_rcv", VNET_TRACE_IGNORED, NULL,
              own ? "socket %u sent it" : "socket %u takes no CAN FD frames", sk->id);
        return;
    }
    struct sock_msg *m =
        sock_queue_rcv(sk, skb_data(skb), skb->len, skb_truesize(sk->ns->w, skb->len));
    if (!m)
        return;
    m->meta = (struct vnet_msg){
        .time = skb->tstamp,
        .iif = skb->dev->ifindex,
        .flags = (skb->sock ? VNET_MSG_DONTROUTE : 0) | (own ? VNET_MSG_CONFIRM : 0),
        .len = skb->len,
    };
    trace(sk->ns->w, skb->dev, "socket", "raw_rcv", VNET_TRACE_OK, NULL, "received by socket %u",
          sk->id);
}

/* ---- sending ---- */

/* raw_bad_txframe(): FD frames need the option, and a device of their MTU or of CAN XL's. */
static bool size_ok(const struct can_raw_opts *ro, const struct netdev *dev, size_t len)
{
    enum { CANXL_MIN_MTU = 76, CANXL_MAX_MTU = 2060 };
    bool fd_device =
        dev->mtu == VNET_CANFD_MTU || (dev->mtu >= CANXL_MIN_MTU && dev->mtu <= CANXL_MAX_MTU);
    return len == VNET_CAN_MTU || (len == VNET_CANFD_MTU && ro->fd_frames && fd_device);
}

int can_raw_sendmsg(struct sock *sk, const void *frame, size_t len)
{
    const struct can_raw_opts *ro = sk->can;
    struct netdev *dev = ro->ifindex ? netdev_by_index(sk->ns, ro->ifindex) : NULL;
    if (!dev)
        return -ENXIO;
    if (!size_ok(ro, dev, len))
        return -EINVAL;
    struct skb *skb = skb_alloc(sk->ns->w, len);
    memcpy(skb_put(skb, len), frame, len);
    skb->sock = sk->id;
    skb->mark = sk->mark;
    return can_send(dev, skb, ro->loopback);
}

/* ---- system calls ---- */

int vnet_can_bind(struct vnet *w, vnet_sock_id id, int ifindex)
{
    struct sock *sk = sock_find(w, id);
    if (!sk || !sk->can)
        return -EBADF;
    const struct netdev *dev = ifindex ? netdev_by_index(sk->ns, ifindex) : NULL;
    if (ifindex && (!dev || dev->type != VNET_ARPHRD_CAN))
        return -ENODEV;
    sk->can->ifindex = ifindex;
    sk->can->bound = true;
    if (dev && !netif_running(dev))
        sk->err = ENETDOWN;
    w->dirty = true;
    return 0;
}

int vnet_can_set_filters(struct vnet *w, vnet_sock_id id, const struct vnet_can_filter *filters,
                         size_t n)
{
    struct sock *sk = sock_find(w, id);
    if (!sk || !sk->can)
        return -EBADF;
    w->dirty = true;
    return can_raw_set_filters(sk->can, filters, n);
}

/* ---- devices that go ---- */

static void notify(struct sock *sk, enum netdev_event event)
{
    if (event == NETDEV_UNREGISTER) {
        sk->can->ifindex = 0;
        sk->can->bound = false;
    }
    sk->err = event == NETDEV_UNREGISTER ? ENODEV : ENETDOWN;
}

void can_netdev_event(struct netdev *dev, enum netdev_event event)
{
    if (!dev->ns->socks) /* the namespace goes, its sockets have gone */
        return;
    if (dev->type != VNET_ARPHRD_CAN || (event != NETDEV_UNREGISTER && event != NETDEV_DOWN))
        return;
    list_each(pos, &dev->ns->socks->socks)
    {
        struct sock *sk = list_entry(pos, struct sock, node);
        if (sk->family == VNET_AF_CAN && sk->can->ifindex == dev->ifindex)
            notify(sk, event);
    }
}
