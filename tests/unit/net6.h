/* Additions to net.h for tests of IPv6: a pair with fixed MACs, routes, addresses and groups as
 * text. */
#ifndef VNET_TESTS_NET6_H
#define VNET_TESTS_NET6_H

#include "base/strbuf.h"
#include "inet/addrconf.h"
#include "tests/unit/net.h"
#include "vnet_route.h"

static inline struct inet_addr ip6(const char *s)
{
    struct inet_addr a = {0};
    if (!inet_addr_parse(VNET_AF_INET6, s, &a))
        abort();
    return a;
}

/* v0 (02:00:00:00:00:01) and v1 (02:00:00:00:00:LAST), down. As `ip` makes them: v1 has index 2. */
static inline struct vnet *net6_pair(const char *profile, uint8_t last)
{
    struct vnet *w = net_world(profile);
    struct vnet_link_req peer = {
        .ifname = "v1", .set = VNET_LINK_ADDR, .addr = {6, {2, 0, 0, 0, 0, last}}};
    struct vnet_link_req req = {.ifname = "v0",
                                .set = VNET_LINK_ADDR,
                                .addr = {6, {2, 0, 0, 0, 0, 1}},
                                .kind = "veth",
                                .peer = &peer};
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &req, NULL), 0);
    return w;
}

static inline struct vnet *net6_pair_up(const char *profile, uint8_t last)
{
    struct vnet *w = net6_pair(profile, last);
    net_up(w, "v0", true);
    net_wait_ms(w, 1);
    net_up(w, "v1", true);
    return w;
}

static inline struct inet6_dev *net6_dev(struct vnet *w, const char *name)
{
    return net_dev(w, name)->in6_dev;
}

static inline struct vnet_addr_req net6_req(struct vnet *w, const char *ifname, const char *addr,
                                            unsigned len)
{
    return (struct vnet_addr_req){
        .ifindex = vnet_link_index(vnet_init_ns(w), ifname),
        .family = VNET_AF_INET6,
        .prefixlen = (uint8_t)len,
        .local = ip6(addr),
        .address = ip6(addr),
        .excl = true,
    };
}

static inline int net6_add(struct vnet *w, const char *ifname, const char *addr, unsigned len,
                           uint32_t flags)
{
    struct vnet_addr_req req = net6_req(w, ifname, addr, len);
    req.flags = flags;
    int rc = vnet_addr_add(vnet_init_ns(w), &req, NULL);
    net_wait_ms(w, 1);
    return rc;
}

static inline int net6_del(struct vnet *w, const char *ifname, const char *addr, unsigned len)
{
    struct vnet_addr_req req = net6_req(w, ifname, addr, len);
    int rc = vnet_addr_del(vnet_init_ns(w), &req, NULL);
    net_wait_ms(w, 1);
    return rc;
}

/* ---- as text ---- */

struct net6_text {
    struct vnet *w;
    struct strbuf sb;
};

static inline int net6_route_cb(const struct vnet_route_info *r, void *arg)
{
    static const char *const types[] = {"", "", "local ", "", "anycast ", "multicast "};
    struct net6_text *t = arg;
    char text[INET_ADDRSTRLEN_MAX], name[VNET_IFNAMSIZ];
    strbuf_addf(&t->sb, "%s%s/%u %s %u%s\n", types[r->type], inet_addr_str(&r->dst, text),
                r->dst_len, vnet_link_name(vnet_init_ns(t->w), r->nh[0].oif, name), r->priority,
                r->nh[0].flags & VNET_RTNH_F_LINKDOWN ? " linkdown" : "");
    return 0;
}

/* "[TYPE ]PREFIX/LEN DEV METRIC[ linkdown]\n" a route, in dump order; free() it. */
static inline char *net6_routes(struct vnet *w)
{
    struct net6_text t = {.w = w, .sb = STRBUF_INIT};
    vnet_route_dump(vnet_init_ns(w), VNET_AF_INET6, net6_route_cb, &t);
    return strbuf_detach(&t.sb);
}

static inline int net6_addr_cb(const struct vnet_addr_info *a, void *arg)
{
    struct net6_text *t = arg;
    char text[INET_ADDRSTRLEN_MAX];
    strbuf_addf(&t->sb, "%s/%u %x\n", inet_addr_str(&a->local, text), a->prefixlen, a->flags);
    return 0;
}

/* "ADDR/LEN FLAGS\n" an address of a device, flags in hexadecimal; free() it. */
static inline char *net6_addrs(struct vnet *w, const char *ifname)
{
    struct net6_text t = {.w = w, .sb = STRBUF_INIT};
    vnet_addr_dump(vnet_init_ns(w), VNET_AF_INET6, vnet_link_index(vnet_init_ns(w), ifname),
                   net6_addr_cb, &t);
    return strbuf_detach(&t.sb);
}

/* "GROUP[*USERS] " a group, as `ip maddr` lists them; free() it. */
static inline char *net6_groups(struct vnet *w, const char *ifname)
{
    struct strbuf sb = STRBUF_INIT;
    const struct inet6_dev *idev = net6_dev(w, ifname);
    char text[INET_ADDRSTRLEN_MAX];
    list_each(pos, &idev->mc_list)
    {
        const struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
        strbuf_adds(&sb, inet_addr_str(&mc->addr, text));
        if (mc->users > 1)
            strbuf_addf(&sb, "*%u", mc->users);
        strbuf_addc(&sb, ' ');
    }
    return strbuf_detach(&sb);
}

/* A text function's result against what was recorded. */
#define CHECK_TEXT(call, want) \
    do {                       \
        char *got_ = (call);   \
        CHECK_STR(got_, want); \
        free(got_);            \
    } while (0)

/* ---- frames ---- */

static inline unsigned net6_frames_out(struct vnet *w, const char *ifname)
{
    return net_frames(w, ifname, 0x86dd, true);
}

/* The type of a frame's ICMPv6 message, behind a hop-by-hop header or not. */
static inline uint8_t net6_icmp_type(const struct recorder_entry *e)
{
    const uint8_t *b = recorder_bytes(e);
    size_t at = 14 + 40 + (b[14 + 6] == 0 ? 8 : 0);
    return e->caplen > at ? b[at] : 0;
}

/* The first frame sent with this ICMPv6 type from the nth frame on; *nth moves behind it. */
static inline const struct recorder_entry *net6_find(struct vnet *w, const char *ifname,
                                                     uint8_t type, unsigned *nth)
{
    const struct recorder_entry *e;
    while ((e = net_frame(w, ifname, 0x86dd, true, *nth)))
        if ((*nth)++, net6_icmp_type(e) == type)
            return e;
    return NULL;
}

static inline unsigned net6_count(struct vnet *w, const char *ifname, uint8_t type)
{
    unsigned n = 0, nth = 0;
    while (net6_find(w, ifname, type, &nth))
        n++;
    return n;
}

/* "fe800000..": does the frame hold exactly these bytes? '.' stands for any digit. */
static inline bool net6_frame_is(const struct recorder_entry *e, const char *hex)
{
    static const char digits[] = "0123456789abcdef";
    if (!e || strlen(hex) != e->caplen * 2)
        return false;
    for (uint32_t i = 0; i < e->caplen * 2; i++) {
        uint8_t b = recorder_bytes(e)[i / 2];
        if (hex[i] != '.' && hex[i] != digits[i % 2 ? b & 15 : b >> 4])
            return false;
    }
    return true;
}

/* Does any frame sent from the nth on hold these bytes? *nth moves behind it. */
static inline bool net6_sent(struct vnet *w, const char *ifname, const char *hex, unsigned *nth)
{
    const struct recorder_entry *e;
    while ((e = net_frame(w, ifname, 0x86dd, true, *nth)))
        if ((*nth)++, net6_frame_is(e, hex))
            return true;
    return false;
}

/* Put a frame given in hexadecimal on the wire, as a packet socket would. */
static inline void net6_inject(struct vnet *w, const char *ifname, const char *hex)
{
    size_t len = strlen(hex) / 2;
    struct skb *skb = skb_alloc(w, len);
    uint8_t *p = skb_put(skb, len);
    for (size_t i = 0; i < len; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        p[i] = (uint8_t)byte;
    }
    dev_queue_xmit(net_dev(w, ifname), skb);
}

#endif
