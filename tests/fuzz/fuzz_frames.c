/* Received frames: [length, 2 bytes big-endian][frame] ... , delivered in turns to both ends of a
 * veth pair with addresses and sockets waiting, VLANs on them, and to two ports of a bridge that
 * filters by VLANs and takes part in the spanning tree; then 70 seconds pass. ICMPv6 checksums are
 * put right, else hardly a message would be looked at. Nothing may crash, and the world can be
 * saved afterwards. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "dev/netdev.h"
#include "sim/world.h"
#include "vnet_addr.h"
#include "vnet_bridge.h"
#include "vnet_link.h"
#include "vnet_route.h"
#include "vnet_udp.h"
#include "vnet_sysctl.h"
#include "wire/icmpv6.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_addr(struct netns *ns, int ifindex, uint32_t addr)
{
    struct vnet_addr_req req = {.ifindex = ifindex,
                                .family = VNET_AF_INET,
                                .prefixlen = 24,
                                .local = inet_addr_v4(addr),
                                .address = inet_addr_v4(addr)};
    vnet_addr_add(ns, &req, NULL);
}

/* 2001:db8::1 and 2001:db8::2, without duplicate address detection. */
static void add_addr6(struct netns *ns, int ifindex)
{
    struct vnet_addr_req req = {
        .ifindex = ifindex, .family = VNET_AF_INET6, .prefixlen = 64, .flags = VNET_IFA_F_NODAD};
    inet_addr_parse(VNET_AF_INET6, ifindex == 3 ? "2001:db8::1" : "2001:db8::2", &req.local);
    req.address = req.local;
    vnet_addr_add(ns, &req, NULL);
}

static void set_up(struct netns *ns, int ifindex)
{
    struct vnet_link_req up = {.ifindex = ifindex, .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
    vnet_link_set(ns, &up, NULL);
}

/* A VLAN of that number on a link. */
static void add_vlan(struct netns *ns, int link, uint16_t id, uint16_t proto)
{
    const struct vnet_vlan_req v = {.has_id = true, .id = id, .has_proto = true, .proto = proto};
    const struct vnet_link_req req = {.kind = "vlan", .link = link, .has_data = true, .vlan = &v};
    vnet_link_add(ns, &req, NULL);
    set_up(ns, ns->last_ifindex);
}

/* br0 with ports pa and pb, their peers up. */
static void add_bridge(struct netns *ns)
{
    struct vnet_link_opts o = {.given = 1 << VNET_BR_STP_STATE | 1 << VNET_BR_VLAN_FILTERING |
                                        1 << VNET_BR_FORWARD_DELAY};
    o.v[VNET_BR_STP_STATE] = o.v[VNET_BR_VLAN_FILTERING] = 1;
    o.v[VNET_BR_FORWARD_DELAY] = 200;
    const struct vnet_link_req br = {
        .kind = "bridge", .ifname = "br0", .has_data = true, .opts = &o};
    vnet_link_add(ns, &br, NULL);
    int ifindex = vnet_link_index(ns, "br0");
    for (unsigned i = 0; i < 2; i++) {
        const struct vnet_link_req peer = {.ifname = ""};
        const struct vnet_link_req port = {.kind = "veth",
                                           .ifname = {'p', (char)('a' + i)},
                                           .set = VNET_LINK_MASTER,
                                           .master = ifindex,
                                           .peer = &peer};
        vnet_link_add(ns, &port, NULL);
        set_up(ns, ns->last_ifindex);
        set_up(ns, ns->last_ifindex - 1);
        const struct vnet_brvlan tagged = {.vid = 10};
        vnet_brvlan_change(ns, ns->last_ifindex, &tagged, tagged.vid, true, VNET_NTF_MASTER, NULL);
    }
    set_up(ns, ifindex);
    add_vlan(ns, ifindex, 10, 0x8100);
}

/* A gateway, two ways to 10.0.0.0/8 for what is forwarded, a rule that asks for ports. */
static void add_routes(struct netns *ns)
{
    struct vnet_nexthop gw = {.gateway = inet_addr_v4(0xc0a80201)};
    const struct vnet_nexthop two[] = {gw, {.gateway = inet_addr_v4(0xc0a80263)}};
    struct vnet_route_info r = {.family = VNET_AF_INET,
                                .type = VNET_RTN_UNICAST,
                                .table = VNET_RT_TABLE_MAIN,
                                .nnh = 1,
                                .nh = &gw};
    const struct vnet_rule_info rule = {.family = VNET_AF_INET,
                                        .action = VNET_FR_ACT_TO_TBL,
                                        .table = VNET_RT_TABLE_MAIN,
                                        .ipproto = 17,
                                        .dport_min = 1,
                                        .dport_max = 9,
                                        .suppress_prefixlen = -1,
                                        .suppress_ifgroup = -1};
    vnet_route_add(ns, &r, VNET_NLM_F_CREATE, NULL);
    r.dst = inet_addr_v4(0x0a000000);
    r.dst_len = 8;
    r.nnh = 2;
    r.multipath = true;
    r.nh = two;
    vnet_route_add(ns, &r, VNET_NLM_F_CREATE, NULL);
    vnet_rule_add(ns, &rule, NULL);
    vnet_sysctl_set(ns, "net/ipv4/fib_multipath_hash_policy", "1", NULL);
    vnet_sysctl_set(ns, "net/ipv4/conf/veth0/forwarding", "1", NULL);
}

/* Bound to port 7. */
static vnet_sock_id udp_socket(struct netns *ns, uint8_t family)
{
    const struct vnet_sockaddr6 any = {.addr = inet_addr_any(family)};
    vnet_sock_id id = 0;
    vnet_socket(ns, family, VNET_SOCK_DGRAM, VNET_IPPROTO_UDP, &id);
    vnet_udp_bind(ns->w, id, &any, 7);
    return id;
}

static struct vnet *make_world(void)
{
    struct vnet *w = vnet_new(vnet_profile_find("debian12"), 1, 1000 * NSEC_PER_SEC);
    struct netns *ns = vnet_init_ns(w);
    struct vnet_link_req pair = {
        .kind = "veth", .ifname = "veth0", .set = VNET_LINK_ADDR, .addr = {6, {2, 0, 0, 0, 0, 1}}};
    struct vnet_link_req peer = {
        .ifname = "veth1", .set = VNET_LINK_ADDR, .addr = {6, {2, 0, 0, 0, 0, 2}}};
    pair.peer = &peer;
    vnet_preset(w, "bare", NULL);
    vnet_link_add(ns, &pair, NULL);
    set_up(ns, 2);
    set_up(ns, 3);
    add_addr(ns, 3, 0xc0a8020b);
    add_addr6(ns, 2);
    add_addr6(ns, 3);
    vnet_sysctl_set(ns, "net/ipv4/ping_group_range", "0 0", NULL);
    add_vlan(ns, 2, 10, 0x8100);
    add_vlan(ns, ns->last_ifindex, 5, 0x8100);
    add_vlan(ns, 3, 100, 0x88a8);
    add_bridge(ns);
    add_routes(ns);
    vnet_run_until(w, vnet_now(w) + 6 * NSEC_PER_SEC);
    return w;
}

/* The checksum of an ICMPv6 message right behind the IPv6 header. */
static void repair(uint8_t *frame, size_t len)
{
    enum { MESSAGE = 14 + 40, NEXT_HEADER = 14 + 6, ICMPV6 = 58 };
    if (len < MESSAGE + 8 || get_be16(frame + 12) != 0x86dd || frame[NEXT_HEADER] != ICMPV6)
        return;
    size_t have = len - MESSAGE, says = get_be16(frame + 14 + 4);
    if (says >= 8 && says <= have)
        icmpv6_checksum(frame + MESSAGE, says, frame + 14 + 8, frame + 14 + 24);
}

static void deliver(struct vnet *w, int ifindex, const uint8_t *frame, size_t len)
{
    struct netdev *dev = netdev_by_index(vnet_init_ns(w), ifindex);
    struct skb *skb = skb_alloc(w, len);
    memcpy(skb_put(skb, len), frame, len);
    repair(skb_data(skb), len);
    skb->mac = skb->head;
    netif_receive_skb(dev, skb);
    vnet_run_until(w, vnet_now(w) + NSEC_PER_MSEC);
}

/* Two to the pair, two to the bridge. */
static int place(struct vnet *w, int turn)
{
    if (turn / 2 % 2 == 0)
        return 2 + turn % 2;
    return vnet_link_index(vnet_init_ns(w), turn % 2 ? "pb" : "pa");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vnet *w = make_world();
    vnet_sock_id sock[5];
    vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &sock[0]);
    vnet_socket(vnet_init_ns(w), VNET_AF_INET6, VNET_SOCK_RAW, VNET_IPPROTO_ICMPV6, &sock[1]);
    vnet_socket(vnet_init_ns(w), VNET_AF_INET6, VNET_SOCK_DGRAM, VNET_IPPROTO_ICMPV6, &sock[2]);
    for (int i = 3; i < 5; i++)
        sock[i] = udp_socket(vnet_init_ns(w), i == 3 ? VNET_AF_INET : VNET_AF_INET6);
    for (int i = 0; i < 5; i++)
        vnet_sock_setopt(w, sock[i], VNET_IP_RECVERR, 1);
    for (int turn = 0; size > 2; turn++) {
        size_t len = get_be16(data);
        if (len > size - 2)
            len = size - 2;
        if (len >= 14)
            deliver(w, place(w, turn), data + 2, len);
        data += 2 + len;
        size -= 2 + len;
    }
    vnet_run_until(w, vnet_now(w) + 5 * NSEC_PER_SEC);
    struct vnet *copy = vnet_clone(w);
    if (!copy)
        abort(); /* what was saved can be loaded */
    vnet_free(copy);
    vnet_run_until(w, vnet_now(w) + 65 * NSEC_PER_SEC); /* fragments are given up */
    vnet_free(w);
    return 0;
}
