/* Worlds for tests of the stack: links, addresses, sysctls, a listener for traces and frames. */
#ifndef VNET_TESTS_NET_H
#define VNET_TESTS_NET_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "dev/netdev.h"
#include "inet/neigh.h"
#include "sim/recorder.h"
#include "sim/world.h"
#include "tests/unit/unit.h"
#include "vnet.h"
#include "vnet_addr.h"
#include "vnet_capture.h"
#include "vnet_link.h"
#include "vnet_neigh.h"
#include "vnet_sock.h"
#include "vnet_sysctl.h"
#include "vnet_trace.h"

/* The far end that tests speak for. */
#define PEER_MAC "\x02\x00\x00\x00\x00\x99"

#define T0 (1700000000LL * NSEC_PER_SEC)

static inline struct inet_addr ip4(const char *s)
{
    struct inet_addr a = {0};
    if (!inet_addr_parse(VNET_AF_INET, s, &a))
        abort();
    return a;
}

static inline struct vnet *net_world(const char *profile)
{
    struct vnet *w = vnet_new(vnet_profile_find(profile), 1, T0);
    struct vnet_link_req up = {.ifname = "lo", .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    vnet_link_set(vnet_init_ns(w), &up, NULL);
    return w;
}

static inline void net_up(struct vnet *w, const char *ifname, bool up)
{
    struct vnet_link_req req = {.flags = up ? VNET_IFF_UP : 0, .change = VNET_IFF_UP};
    struct vnet_err err = {{0}};
    snprintf(req.ifname, sizeof(req.ifname), "%s", ifname);
    if (vnet_link_set(vnet_init_ns(w), &req, &err) < 0)
        printf("# link set %s: %s\n", ifname, err.msg);
}

static inline void net_sysctl_set(struct vnet *w, const char *path, const char *value)
{
    struct vnet_err err = {{0}};
    if (vnet_sysctl_set(vnet_init_ns(w), path, value, &err) < 0)
        printf("# sysctl %s: %s\n", path, err.msg);
}

static inline void net_veth(struct vnet *w, const char *a, const char *b)
{
    struct vnet_link_req peer = {.set = 0}, req = {.kind = "veth", .peer = &peer};
    struct vnet_err err = {{0}};
    snprintf(req.ifname, sizeof(req.ifname), "%s", a);
    snprintf(peer.ifname, sizeof(peer.ifname), "%s", b);
    if (vnet_link_add(vnet_init_ns(w), &req, &err) < 0)
        printf("# link add %s: %s\n", a, err.msg);
}

static inline void net_addr(struct vnet *w, const char *ifname, const char *addr, unsigned len)
{
    struct netns *ns = vnet_init_ns(w);
    struct vnet_addr_req req = {
        .ifindex = vnet_link_index(ns, ifname),
        .family = VNET_AF_INET,
        .prefixlen = (uint8_t)len,
        .local = ip4(addr),
        .address = ip4(addr),
        .excl = true,
    };
    struct vnet_err err = {{0}};
    if (vnet_addr_add(ns, &req, &err) < 0)
        printf("# addr add %s: %s\n", addr, err.msg);
}

/* veth0 (192.168.2.11/24) and veth1 (addr1, NULL: none), up, IPv6 off. */
static inline struct vnet *net_pair(const char *profile, const char *addr1)
{
    struct vnet *w = net_world(profile);
    net_sysctl_set(w, "net/ipv6/conf/default/disable_ipv6", "1");
    net_veth(w, "veth0", "veth1");
    net_addr(w, "veth0", "192.168.2.11", 24);
    net_up(w, "veth0", true);
    net_up(w, "veth1", true);
    if (addr1)
        net_addr(w, "veth1", addr1, 24);
    return w;
}

static inline struct netdev *net_dev(struct vnet *w, const char *name)
{
    return netdev_by_name(vnet_init_ns(w), name);
}

static inline void net_wait_ms(struct vnet *w, int64_t ms)
{
    vnet_run_until(w, vnet_now(w) + ms * NSEC_PER_MSEC);
}

/* ---- frames from outside ---- */

/* A frame from MAC 02:00:00:00:00:99 arrives at ifname now. dst NULL: for the device itself. */
static inline void net_inject(struct vnet *w, const char *ifname, uint16_t ethertype,
                              const uint8_t *dst, const void *payload, size_t len)
{
    static const uint8_t src[6] = {2, 0, 0, 0, 0, 0x99};
    struct netdev *dev = net_dev(w, ifname);
    struct skb *skb = skb_alloc(w, len);
    memcpy(skb_put(skb, len), payload, len);
    eth_header(dev, skb, ethertype, dst ? dst : dev->addr.bytes, src);
    netif_receive_skb(dev, skb);
}

static inline const uint8_t *net_broadcast(void)
{
    return (const uint8_t *)"\xff\xff\xff\xff\xff\xff";
}

/* ---- traces ---- */

struct net_trace {
    unsigned n;
    struct {
        char func[40], dev[VNET_IFNAMSIZ], reason[32], detail[160];
        enum vnet_verdict verdict;
    } ev[256];
};

static inline void net_trace_fn(const struct vnet_trace_event *e, void *arg)
{
    struct net_trace *t = arg;
    if (t->n == 256)
        return;
    snprintf(t->ev[t->n].func, sizeof(t->ev[0].func), "%s", e->func);
    snprintf(t->ev[t->n].dev, sizeof(t->ev[0].dev), "%s", e->dev ? e->dev : "");
    snprintf(t->ev[t->n].reason, sizeof(t->ev[0].reason), "%s",
             e->reason && e->reason->name ? e->reason->name : "");
    snprintf(t->ev[t->n].detail, sizeof(t->ev[0].detail), "%s", e->detail);
    t->ev[t->n++].verdict = e->verdict;
}

/* The first event of this function and verdict, -1: none. */
static inline int net_traced(const struct net_trace *t, const char *func, enum vnet_verdict v)
{
    for (unsigned i = 0; i < t->n; i++)
        if (strcmp(t->ev[i].func, func) == 0 && t->ev[i].verdict == v)
            return (int)i;
    return -1;
}

static inline const char *net_trace_reason(const struct net_trace *t, const char *func)
{
    int i = net_traced(t, func, VNET_TRACE_DROPPED);
    return i < 0 ? "(not dropped)" : t->ev[i].reason;
}

/* ---- frames ---- */

/* How many recorded frames of a device have this ethertype and direction (OUTGOING or not). */
static inline unsigned net_frames(struct vnet *w, const char *ifname, uint16_t ethertype, bool out)
{
    unsigned n = 0;
    const struct recorder *r = &w->recorder;
    for (const struct recorder_entry *e = recorder_first(r); e; e = recorder_next(r, e))
        if (strcmp(e->ifname, ifname) == 0 && (e->pkttype == VNET_PACKET_OUTGOING) == out &&
            e->caplen >= 14 && get_be16(recorder_bytes(e) + 12) == ethertype)
            n++;
    return n;
}

/* The nth (from 0) such frame, NULL: none. */
static inline const struct recorder_entry *net_frame(struct vnet *w, const char *ifname,
                                                     uint16_t ethertype, bool out, unsigned nth)
{
    const struct recorder *r = &w->recorder;
    for (const struct recorder_entry *e = recorder_first(r); e; e = recorder_next(r, e))
        if (strcmp(e->ifname, ifname) == 0 && (e->pkttype == VNET_PACKET_OUTGOING) == out &&
            e->caplen >= 14 && get_be16(recorder_bytes(e) + 12) == ethertype && nth-- == 0)
            return e;
    return NULL;
}

/* ---- ping ---- */

static inline vnet_sock_id net_ping_socket(struct vnet *w, const char *device)
{
    vnet_sock_id id = 0;
    vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &id);
    vnet_sock_setopt(w, id, VNET_IP_RECVERR, 1);
    /* what ping wants: echo replies and errors */
    vnet_sock_setopt(w, id, VNET_ICMP_FILTER, (int64_t) ~(1U << 0 | 1U << 3 | 1U << 11));
    if (device)
        vnet_sock_bind_device(w, id, device);
    return id;
}

/* An echo request of `len` bytes in all, checksum filled in; returns the error of sendto. */
static inline int net_echo(struct vnet *w, vnet_sock_id id, const char *dst, uint16_t seq,
                           size_t len)
{
    uint8_t *p = calloc(1, len);
    p[0] = 8;
    put_be16(p + 4, 0x1234);
    put_be16(p + 6, seq);
    for (size_t i = 8; i < len; i++)
        p[i] = (uint8_t)i;
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    put_be16(p + 2, (uint16_t)~sum);
    struct inet_addr to = ip4(dst);
    int rc = vnet_sendto(w, id, p, len, &to);
    free(p);
    return rc;
}

#endif
