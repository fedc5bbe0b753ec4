/* IPv4 packets find their way (net/ipv4/route.c, kernels 6.1 to 6.18). */
#include "base/strbuf.h"
#include "inet/conf_trace.h"
#include "inet/route.h"

#include <errno.h>

#include "inet/devinet.h"
#include "inet/fib_exception.h"
#include "inet/fib_internal.h"
#include "inet/igmp.h"
#include "inet/multipath.h"
#include "inet/route_text.h"
#include "inet/text.h"
#include "sim/trace.h"
#include "wire/igmp.h"

enum { LOOPBACK_IFINDEX = 1, IPTOS_RT_MASK = 0x1c, ETHERTYPE_IPV4 = 0x0800 };

static bool zeronet(const struct inet_addr *a)
{
    return a->bytes[0] == 0;
}

static bool given(const struct inet_addr *a)
{
    return a->family && !inet_addr_is_any(a);
}

/* 224.0.0.0/24 never leaves the link. */
static bool local_multicast(const struct inet_addr *a)
{
    return (inet_addr_to_v4(a) & 0xffffff00U) == 0xe0000000U;
}

/* ---- answers ---- */

static uint32_t route_mtu(const struct fib_route *r, const struct netdev *dev)
{
    uint32_t mtu = r && r->metrics ? r->metrics[VNET_RTAX_MTU] : 0;
    return mtu ? mtu : dev->mtu;
}

/* Does ip_dst_mtu_maybe_forward() go by what was learned of the path? */
static bool heeds_pmtu(const struct dst *dst)
{
    return !dst->input || dst->mtu_locked || net_sysctl(dst->dev->ns, NET_IPV4_IP_FORWARD_USE_PMTU);
}

/* find_exception(), fill_route_from_fnhe() */
static void apply_exception(struct dst *dst, const struct fib_nexthop *nh,
                            const struct inet_addr *daddr)
{
    const struct fib *fib = dst->dev->ns->fib4;
    const struct fib_exception *e =
        list_empty(&fib->exceptions) ? NULL : fib_exception_find(fib, nh, daddr);
    if (!e)
        return;
    dst->pmtu = e->mtu;
    dst->mtu_locked |= e->mtu_locked;
    dst->expires = e->expires;
    if (e->mtu && heeds_pmtu(dst))
        dst->mtu = e->mtu;
    if (!e->redirect.family)
        return;
    dst->flags |= VNET_RTCF_REDIRECTED;
    dst->gateway = e->redirect;
}

/* rt_set_nexthop(); a route that is to be ignored (no gateway) has been cleared from res. */
static void set_nexthop(struct dst *dst, const struct fib_result *res,
                        const struct inet_addr *daddr)
{
    const struct fib_route *r = res->route;
    dst->mtu = route_mtu(r, dst->dev);
    dst->plain = !r;
    dst->hop_limit = (uint8_t)(r && r->metrics ? r->metrics[VNET_RTAX_HOPLIMIT] : 0);
    if (!r)
        return;
    dst->mtu_locked = r->metrics && (r->metrics[VNET_RTAX_LOCK] >> VNET_RTAX_MTU & 1);
    if (res->nh->gateway.family && res->nh->scope == VNET_SCOPE_LINK)
        dst->gateway = res->nh->gateway;
    if (res->nh->dev)
        apply_exception(dst, res->nh, daddr);
}

/* What `ip route get` tells of the route itself. */
static void note_route(struct dst *dst, const struct fib_result *res)
{
    dst->route = res->route;
    dst->table = res->route ? res->table : 0;
    dst->scope = res->scope;
    dst->prefix_len = res->prefix_len;
    dst->protocol = res->route ? res->route->protocol : 0;
}

/* ---- output ---- */

struct output { /* a lookup of ip_route_output_key_hash_rcu() */
    struct netns *ns;
    struct flow *fl;
    struct fib_result res;
    struct netdev *dev;
    int orig_oif;
    uint32_t flags;
};

static int mkroute_refused(const struct output *o)
{
    const struct in_device *in_dev = o->dev->in_dev;
    if (!in_dev)
        return -EINVAL;
    if (inet_addr_is_loopback(&o->fl->saddr) && !netif_is_loopback(o->dev) &&
        !in_dev_orconf(in_dev, IPV4_CONF_route_localnet))
        return -EINVAL;
    return zeronet(&o->fl->daddr) ? -EINVAL : 0;
}

/* __mkroute_output() */
static int mkroute_output(struct output *o, struct dst *dst)
{
    struct fib_result res = o->res;
    uint8_t type = res.type;
    int error = mkroute_refused(o);
    if (error)
        return error;
    uint32_t flags = o->flags | (netif_is_loopback(o->dev) ? VNET_RTCF_LOCAL : 0);
    if (inet_addr_is_bcast_all(&o->fl->daddr)) {
        type = VNET_RTN_BROADCAST;
        res.route = NULL; /* no gateway */
    } else if (inet_addr_is_multicast(&o->fl->daddr)) {
        type = VNET_RTN_MULTICAST;
    }
    if (type == VNET_RTN_BROADCAST) {
        flags |= VNET_RTCF_BROADCAST | VNET_RTCF_LOCAL;
    } else if (type == VNET_RTN_MULTICAST) {
        flags |= VNET_RTCF_MULTICAST | VNET_RTCF_LOCAL;
        if (!ip_check_mc(o->dev->in_dev, inet_addr_to_v4(&o->fl->daddr)))
            flags &= ~VNET_RTCF_LOCAL;
        if (res.prefix_len < 4)
            res.route = NULL; /* by the default route, but not to its gateway */
    }
    *dst = (struct dst){.dev = o->dev,
                        .src = o->fl->saddr,
                        .flags = flags,
                        .iif = o->orig_oif,
                        .type = type,
                        .nopolicy = in_dev_orconf(o->dev->in_dev, IPV4_CONF_disable_policy)};
    note_route(dst, &o->res);
    set_nexthop(dst, &res, &o->fl->daddr);
    return 0;
}

/* The source that was asked for: 1: it decides the device (multicast without oif). */
static int check_source(struct output *o)
{
    struct flow *fl = o->fl;
    if (inet_addr_is_multicast(&fl->saddr) || inet_addr_is_bcast_all(&fl->saddr) ||
        zeronet(&fl->saddr))
        return -EINVAL;
    struct netdev *owner = NULL;
    bool many = inet_addr_is_multicast(&fl->daddr) || inet_addr_is_bcast_all(&fl->daddr);
    if (many && !fl->oif) {
        owner = ip_dev_find(o->ns, &fl->saddr);
        if (!owner)
            return -ENETUNREACH;
        o->dev = owner;
        fl->oif = owner->ifindex;
        return 1;
    }
    return fl->anysrc || ip_dev_find(o->ns, &fl->saddr) ? 0 : -ENETUNREACH;
}

static void select_source(const struct output *o, uint8_t scope)
{
    if (!given(&o->fl->saddr))
        inet_select_addr(o->ns, o->dev, NULL, scope, &o->fl->saddr);
}

/* The output device that was asked for: 1: no route is needed. */
static int check_oif(struct output *o)
{
    struct flow *fl = o->fl;
    o->dev = netdev_by_index(o->ns, fl->oif);
    if (!o->dev)
        return -ENODEV;
    if (!netif_running(o->dev) || !o->dev->in_dev)
        return -ENETUNREACH;
    if (local_multicast(&fl->daddr) || inet_addr_is_bcast_all(&fl->daddr) ||
        fl->proto == IGMP_PROTOCOL) {
        select_source(o, VNET_SCOPE_LINK);
        return 1;
    }
    if (inet_addr_is_multicast(&fl->daddr))
        select_source(o, fl->scope);
    else if (!given(&fl->daddr))
        select_source(o, VNET_SCOPE_HOST);
    return 0;
}

/* No destination: to ourselves. */
static int to_self(struct output *o, struct dst *dst)
{
    struct flow *fl = o->fl;
    if (!given(&fl->saddr))
        fl->saddr = inet_addr_v4(0x7f000001);
    fl->daddr = fl->saddr;
    o->dev = o->ns->loopback;
    fl->oif = LOOPBACK_IFINDEX;
    o->res.type = VNET_RTN_LOCAL;
    o->flags |= VNET_RTCF_LOCAL;
    return mkroute_output(o, dst);
}

/* With a device and no route, the kernel takes the destination for on link. */
static int without_route(struct output *o, int error, struct dst *dst)
{
    if (!o->fl->oif)
        return error;
    o->res = (struct fib_result){.type = VNET_RTN_UNICAST};
    select_source(o, VNET_SCOPE_LINK);
    return mkroute_output(o, dst);
}

static int by_route(struct output *o, struct dst *dst)
{
    struct flow *fl = o->fl;
    const struct fib_route *r = o->res.route;
    if (o->res.type == VNET_RTN_LOCAL) {
        if (!given(&fl->saddr))
            fl->saddr = r->prefsrc.family ? r->prefsrc : fl->daddr;
        o->dev = o->ns->loopback;
        o->orig_oif = o->res.nh->dev->ifindex; /* the owner's, though it goes over lo */
        fl->oif = o->dev->ifindex;
        o->flags |= VNET_RTCF_LOCAL;
        return mkroute_output(o, dst);
    }
    fib_select_path(o->ns, fl, &o->res);
    if (!given(&fl->saddr))
        fib_prefsrc(o->ns, &o->res, &fl->saddr);
    o->dev = o->res.nh->dev;
    return mkroute_output(o, dst);
}

static int route_output(struct netns *ns, struct flow *fl, struct dst *dst)
{
    struct output o = {.ns = ns, .fl = fl, .orig_oif = fl->oif};
    fl->family = VNET_AF_INET;
    fl->iif = LOOPBACK_IFINDEX;
    fl->tos &= IPTOS_RT_MASK;
    int rc = given(&fl->saddr) ? check_source(&o) : 0;
    if (rc == 0 && fl->oif)
        rc = check_oif(&o);
    if (rc < 0)
        return rc;
    if (rc == 1)
        return mkroute_output(&o, dst);
    if (!given(&fl->daddr))
        return to_self(&o, dst);
    int error = fib_lookup(ns->fib4, fl, false, &o.res);
    return error ? without_route(&o, error, dst) : by_route(&o, dst);
}

int ip_route_output(struct netns *ns, struct flow *fl, struct dst *dst)
{
    int rc = route_output(ns, fl, dst);
    if (rc < 0)
        trace(ns->w, ns->loopback, "route", "ip_route_output_key_hash_rcu", VNET_TRACE_REFUSED,
              NULL, "no way to %s", ADDR_STR(&fl->daddr));
    else
        trace(ns->w, dst->dev, "route", "ip_route_output_key_hash_rcu", VNET_TRACE_OK, NULL,
              "%s from %s: %s", ADDR_STR(&fl->daddr), ADDR_STR(&fl->saddr),
              ROUTE_STR(dst, &fl->daddr));
    return rc;
}

/* ---- is the source of a packet that came in plausible? ---- */

struct input { /* a packet on its way through ip_route_input_slow() */
    struct netdev *dev;
    struct in_device *in_dev;
    const struct inet_addr *daddr, *saddr;
    uint8_t tos;
    uint32_t mark;
    bool arp;                /* asked for by arp_process(): no IP packet is dropped */
    const struct skb *skb;   /* an IPv4 packet; NULL: none */
    const struct skb *frame; /* what came in, ARP too; NULL: nothing did */
};

/* Say why; `reason` is what the kernel gives an IP packet. */
static int refuse(const struct input *in, int error, const char *func,
                  const struct vnet_drop_reason *reason, const char *text)
{
    char s[INET_ADDRSTRLEN_MAX], d[INET_ADDRSTRLEN_MAX];
    trace(dev_world(in->dev), in->dev, "source", func,
          in->arp ? VNET_TRACE_IGNORED : VNET_TRACE_DROPPED, in->arp ? NULL : reason,
          "%s: %s -> %s on %s", text, inet_addr_str(in->saddr, s), inet_addr_str(in->daddr, d),
          in->dev->name);
    return error;
}

static bool nexthop_uses_dev(const struct fib_route *r, const struct netdev *dev)
{
    for (unsigned i = 0; i < r->nnh; i++)
        if (r->nh[i].dev == dev)
            return true;
    return false;
}

static int rp_fails(const struct input *in, const char *text)
{
    return refuse(in, -EXDEV, "__fib_validate_source", DROP_REASON(IP_RPFILTER), text);
}

static int is_host_scope(const struct fib_result *res)
{
    return res->nh->scope >= VNET_SCOPE_HOST;
}

/* The ports of an answer. */
static void dissect_back(const struct input *in, struct flow *fl)
{
    multipath_dissect(in->dev->ns, in->skb, fl);
    uint16_t port = fl->sport;
    fl->sport = fl->dport;
    fl->dport = port;
}

/* The source is looked up as a destination: who would it be answered by? */
static int validate_by_route(const struct input *in, int oif, int rpf)
{
    struct netns *ns = in->dev->ns;
    struct flow fl = {.family = VNET_AF_INET,
                      .daddr = *in->saddr,
                      .saddr = *in->daddr,
                      .iif = oif ? oif : LOOPBACK_IFINDEX,
                      .tos = in->tos};
    struct fib_result res = {0};
    if (in_dev_orconf(in->in_dev, IPV4_CONF_src_valid_mark))
        fl.mark = in->mark;
    dissect_back(in, &fl);
    if (fib_lookup(ns->fib4, &fl, false, &res) != 0)
        return rpf ? rp_fails(in, "rp_filter: no route to the source") : 0;
    bool local = res.type == VNET_RTN_LOCAL;
    if (local && !in_dev_ask(in->in_dev, IPV4_CONF_accept_local, CONF_OR, "__fib_validate_source"))
        return refuse(in, -EINVAL, "__fib_validate_source", DROP_REASON(IP_LOCAL_SOURCE),
                      "local source address, accept_local is 0");
    if (!local && res.type != VNET_RTN_UNICAST)
        return refuse(in, -EINVAL, "__fib_validate_source", DROP_REASON(IP_LOCAL_SOURCE),
                      "the source is no unicast address");
    if (nexthop_uses_dev(res.route, in->dev) || (local && in->dev == ns->loopback))
        return is_host_scope(&res);
    if (list_empty(&in->in_dev->ifa_list))
        return rpf ? rp_fails(in, "rp_filter: source by another device, none of ours here") : 0;
    if (rpf == 1)
        return rp_fails(in, "rp_filter 1: the route to the source is by another device");
    fl.oif = in->dev->ifindex;
    if (fib_lookup(ns->fib4, &fl, true, &res) == 0 && res.type == VNET_RTN_UNICAST)
        return is_host_scope(&res);
    return 0;
}

/* Without rp_filter a full lookup is not needed; since 4.15 (6e617de84e87) a kernel without rules
 * or local routes of the user only looks whether it owns the source. */
static int validate_quickly(const struct input *in, int oif)
{
    const struct fib *fib = in->dev->ns->fib4;
    if (in_dev_ask(in->in_dev, IPV4_CONF_accept_local, CONF_OR, "fib_validate_source"))
        return 0;
    if (fib->custom_local || fib->custom_rules || !fib_kernel_since(in->dev->ns, 0x040f00))
        return validate_by_route(in, oif, 0);
    if (inet_lookup_ifaddr(in->dev->ns, in->saddr))
        return refuse(in, -EINVAL, "fib_validate_source", DROP_REASON(IP_LOCAL_SOURCE),
                      "local source address, accept_local is 0");
    return 0;
}

static int validate_source(const struct input *in, int oif)
{
    int rpf = in_dev_ask(in->in_dev, IPV4_CONF_rp_filter, CONF_MAX, "fib_validate_source");
    bool redirects = in_dev_orconf(in->in_dev, IPV4_CONF_send_redirects);
    if (!rpf && (in->dev->ifindex != oif || !redirects))
        return validate_quickly(in, oif);
    return validate_by_route(in, oif, rpf);
}

int fib_validate_source(struct netdev *dev, const struct inet_addr *saddr,
                        const struct inet_addr *daddr, uint8_t tos, uint32_t mark, int oif)
{
    struct input in = {dev, dev->in_dev, daddr, saddr, tos, mark, false, NULL, NULL};
    return dev->in_dev ? validate_source(&in, oif) : -EINVAL;
}

/* ---- input ---- */

static bool may_log(const struct input *in)
{
    return in_dev_ask(in->in_dev, IPV4_CONF_log_martians, CONF_OR, "ip_handle_martian_source") &&
           net_ratelimit(in->dev->ns);
}

/* One line of the kernel's log about a martian, as a step of the trace, too. */
static void log_martian(const struct input *in, const char *func, const char *text)
{
    printk(in->dev->ns, VNET_KLOG_WARNING, "%s", text);
    trace(dev_world(in->dev), in->dev, "log", func, VNET_TRACE_OK, NULL,
          "a martian line in the kernel log: %s", text);
}

/* print_hex_dump(): the link-layer header in rows of 16 bytes; in ASCII, too, on 3.10. */
static void log_header(const struct input *in)
{
    enum { ROW = 16, KERNEL_NO_ASCII = 0x040000 };
    const struct vnet *w = dev_world(in->dev);
    const uint8_t *p = in->frame->buf + in->frame->mac;
    unsigned len = in->dev->hard_header_len;
    struct strbuf row = STRBUF_INIT;
    for (unsigned i = 0; i < len; i += ROW) {
        unsigned n = len - i < ROW ? len - i : ROW;
        strbuf_reset(&row);
        for (unsigned k = 0; k < n; k++)
            strbuf_addf(&row, "%s%02x", k ? " " : "", p[i + k]);
        if (w->profile->kernel.version < KERNEL_NO_ASCII)
            strbuf_addf(&row, "%*s", (int)(3 * (ROW - n) + 2), "");
        for (unsigned k = 0; k < n && w->profile->kernel.version < KERNEL_NO_ASCII; k++)
            strbuf_addc(&row, p[i + k] > 0x20 && p[i + k] < 0x7f ? (char)p[i + k] : '.');
        printk(in->dev->ns, VNET_KLOG_WARNING, "ll header: %08x: %s", i, strbuf_cstr(&row));
    }
    strbuf_release(&row);
}

/* ip_handle_martian_source(); User-mode Linux 6.1 is built without it (CONFIG_IP_ROUTE_VERBOSE),
 * Debian's own kernels have it. Returns the error. */
static int handle_martian_source(const struct input *in, int error)
{
    struct strbuf text = STRBUF_INIT;
    if (!may_log(in))
        return error;
    strbuf_addf(&text, "IPv4: martian source %s from %s, on dev %s", ADDR_STR(in->daddr),
                ADDR_STR(in->saddr), in->dev->name);
    log_martian(in, "ip_handle_martian_source", strbuf_cstr(&text));
    log_header(in);
    strbuf_release(&text);
    return error;
}

static int martian_source(const struct input *in, const struct vnet_drop_reason *reason,
                          const char *text)
{
    return handle_martian_source(in, refuse(in, -EINVAL, "ip_route_input_slow", reason, text));
}

static int martian_destination(const struct input *in, const struct vnet_drop_reason *reason,
                               const char *text)
{
    struct strbuf line = STRBUF_INIT;
    int error = refuse(in, -EINVAL, "ip_route_input_slow", reason, text);
    if (!may_log(in))
        return error;
    strbuf_addf(&line, "IPv4: martian destination %s from %s, dev %s", ADDR_STR(in->daddr),
                ADDR_STR(in->saddr), in->dev->name);
    log_martian(in, "ip_route_input_slow", strbuf_cstr(&line));
    strbuf_release(&line);
    return error;
}

/* Of a packet that is for us, or to be forwarded by the device `oif`. */
static int validate_input(const struct input *in, int oif)
{
    int rc = validate_source(in, oif);
    return rc < 0 ? handle_martian_source(in, rc) : rc;
}

static void input_dst(const struct input *in, struct netdev *dev, uint32_t flags, uint8_t type,
                      const struct fib_result *res, struct dst *dst)
{
    *dst = (struct dst){.dev = dev,
                        .flags = flags,
                        .type = type,
                        .input = true,
                        .iif = in->dev->ifindex,
                        .src = *in->daddr,
                        .mtu = dev->mtu,
                        .plain = true,
                        .nopolicy = in_dev_orconf(in->in_dev, IPV4_CONF_disable_policy)};
    note_route(dst, res);
}

static void local_input(const struct input *in, uint32_t flags, const struct fib_result *res,
                        struct dst *dst)
{
    input_dst(in, in->dev->ns->loopback, flags | VNET_RTCF_LOCAL, res->type, res, dst);
}

static int broadcast_input(const struct input *in, struct fib_result *res, struct dst *dst)
{
    static const struct inet_addr any = {.family = VNET_AF_INET};
    if (in->arp)
        return refuse(in, -EINVAL, "ip_route_input_slow", NULL, "broadcast destination");
    if (!zeronet(in->saddr)) {
        struct input check = *in;
        check.daddr = &any;
        int error = validate_source(&check, 0);
        if (error < 0)
            return handle_martian_source(in, error);
    }
    res->type = VNET_RTN_BROADCAST;
    local_input(in, VNET_RTCF_BROADCAST, res, dst);
    return 0;
}

static int no_route(const struct input *in, int error, struct dst *dst)
{
    struct fib_result none = {.type = VNET_RTN_UNREACHABLE};
    trace(dev_world(in->dev), in->dev, "route", "ip_route_input_slow", VNET_TRACE_OK, NULL,
          error == -EHOSTUNREACH ? "no route, or forwarding is off: host unreachable"
                                 : "no route: unreachable");
    local_input(in, 0, &none, dst);
    dst->flags &= ~VNET_RTCF_LOCAL;
    dst->error = error;
    return 0;
}

/* May a redirect be sent, as the packet leaves by where it came from? */
static bool wants_redirect(const struct input *in, const struct fib_result *res)
{
    static const struct inet_addr any = {.family = VNET_AF_INET};
    const struct inet_addr *gw = res->nh->gateway.family == VNET_AF_INET ? &res->nh->gateway : &any;
    return in_dev_orconf(in->in_dev, IPV4_CONF_send_redirects) && !in->arp &&
           (in_dev_orconf(in->in_dev, IPV4_CONF_shared_media) ||
            inet_addr_onlink(in->in_dev, in->saddr, gw));
}

/* __mkroute_input(): to be forwarded. */
static int forward(const struct input *in, struct fib_result *res, struct dst *dst)
{
    struct flow fl = {.family = VNET_AF_INET, .daddr = *in->daddr, .saddr = *in->saddr};
    multipath_dissect(in->dev->ns, in->skb, &fl);
    if (res->route->nnh > 1)
        multipath_look_inside(in->dev->ns, in->skb, &fl);
    fib_select_path(in->dev->ns, &fl, res);
    struct netdev *out = res->nh->dev;
    if (!out->in_dev)
        return -EINVAL;
    int rc = validate_input(in, out->ifindex);
    if (rc < 0)
        return rc;
    if (in->arp && out == in->dev && !in_dev_orconf(in->in_dev, IPV4_CONF_proxy_arp_pvlan))
        return refuse(in, -EINVAL, "__mkroute_input", NULL, "proxy ARP back to the same device");
    input_dst(in, out, 0, res->type, res, dst);
    set_nexthop(dst, res, in->daddr);
    dst->do_redirect = out == in->dev && rc > 0 && wants_redirect(in, res);
    return 0;
}

/* The martians that need no lookup (RFC 1812 5.3.7). 0: none. */
static int weird(const struct input *in)
{
    bool localnet = in_dev_orconf(in->in_dev, IPV4_CONF_route_localnet);
    if (zeronet(in->saddr))
        return martian_source(in, DROP_REASON(IP_INVALID_SOURCE), "source in 0.0.0.0/8");
    if (zeronet(in->daddr))
        return martian_destination(in, DROP_REASON(IP_INVALID_DEST), "destination in 0.0.0.0/8");
    if (inet_addr_is_loopback(in->daddr) && !localnet)
        return martian_destination(in, DROP_REASON(IP_LOCALNET),
                                   "destination in 127.0.0.0/8, route_localnet is 0");
    if (inet_addr_is_loopback(in->saddr) && !inet_addr_is_loopback(in->daddr) && !localnet)
        return martian_source(in, DROP_REASON(IP_LOCALNET),
                              "source in 127.0.0.0/8, route_localnet is 0");
    return 0;
}

/* What a route says of a packet that came in. */
static int by_input_route(const struct input *in, struct fib_result *res, struct dst *dst)
{
    if (res->type == VNET_RTN_BROADCAST && !in_dev_andconf(in->in_dev, IPV4_CONF_bc_forwarding))
        return broadcast_input(in, res, dst);
    if (res->type == VNET_RTN_LOCAL) {
        int rc = validate_input(in, 0);
        if (rc >= 0)
            local_input(in, 0, res, dst);
        return rc < 0 ? rc : 0;
    }
    if (res->type == VNET_RTN_BROADCAST)
        return forward(in, res, dst);
    if (!in_dev_ask(in->in_dev, IPV4_CONF_forwarding, CONF_OWN, "ip_route_input_slow"))
        return no_route(in, -EHOSTUNREACH, dst);
    if (res->type != VNET_RTN_UNICAST)
        return martian_destination(in, DROP_REASON(IP_INVALID_DEST),
                                   "the destination is no unicast address");
    return forward(in, res, dst);
}

/* ip_route_input_slow() */
static int unicast_input(const struct input *in, struct dst *dst)
{
    struct fib_result res = {0};
    if (inet_addr_is_multicast(in->saddr) || inet_addr_is_bcast_all(in->saddr))
        return martian_source(in, DROP_REASON(IP_INVALID_SOURCE),
                              "the source is a multicast or broadcast address");
    if (inet_addr_is_bcast_all(in->daddr) || (!given(in->saddr) && !given(in->daddr)))
        return broadcast_input(in, &res, dst);
    int error = weird(in);
    if (error)
        return error;
    struct flow fl = {.family = VNET_AF_INET,
                      .daddr = *in->daddr,
                      .saddr = *in->saddr,
                      .iif = in->dev->ifindex,
                      .mark = in->mark,
                      .tos = in->tos};
    multipath_dissect(in->dev->ns, in->skb, &fl);
    error = fib_lookup(in->dev->ns->fib4, &fl, false, &res);
    if (error)
        return no_route(
            in,
            in_dev_ask(in->in_dev, IPV4_CONF_forwarding, CONF_OWN, "ip_route_input_slow")
                ? error
                : -EHOSTUNREACH,
            dst);
    return by_input_route(in, &res, dst);
}

/* ip_mc_validate_source(), ip_route_input_mc() */
static int multicast_input(const struct input *in, uint8_t protocol, struct dst *dst)
{
    static const struct inet_addr any = {.family = VNET_AF_INET};
    struct fib_result none = {.type = VNET_RTN_MULTICAST};
    if (!ip_check_mc(in->in_dev, inet_addr_to_v4(in->daddr)))
        return refuse(in, -EINVAL, "ip_route_input_rcu", NULL, "multicast group not joined");
    if (in->arp || inet_addr_is_multicast(in->saddr) || inet_addr_is_bcast_all(in->saddr))
        return refuse(in, -EINVAL, "ip_mc_validate_source", DROP_REASON(IP_INVALID_SOURCE),
                      "the source is a multicast or broadcast address");
    if (inet_addr_is_loopback(in->saddr) &&
        !in_dev_ask(in->in_dev, IPV4_CONF_route_localnet, CONF_OR, "ip_route_input_slow"))
        return refuse(in, -EINVAL, "ip_mc_validate_source", DROP_REASON(IP_LOCALNET),
                      "source in 127.0.0.0/8, route_localnet is 0");
    if (zeronet(in->saddr)) {
        if (!local_multicast(in->daddr) && protocol != IGMP_PROTOCOL)
            return refuse(in, -EINVAL, "ip_mc_validate_source", DROP_REASON(IP_INVALID_SOURCE),
                          "source in 0.0.0.0/8");
    } else {
        struct input check = *in;
        check.daddr = &any;
        int error = validate_source(&check, 0);
        if (error < 0)
            return error;
    }
    local_input(in, VNET_RTCF_MULTICAST, &none, dst);
    return 0;
}

int ip_route_input(struct netdev *dev, const struct inet_addr *daddr, const struct inet_addr *saddr,
                   uint8_t tos, struct skb *skb, struct dst *dst)
{
    struct input in = {dev,
                       dev->in_dev,
                       daddr,
                       saddr,
                       tos & IPTOS_RT_MASK,
                       skb->mark,
                       skb->protocol != ETHERTYPE_IPV4,
                       NULL,
                       skb};
    in.skb = in.arp ? NULL : skb;
    if (!in.in_dev)
        return -EINVAL;
    if (!inet_addr_is_multicast(daddr)) {
        int rc = unicast_input(&in, dst);
        if (rc == 0 && !dst->error)
            trace(dev_world(dev), dev, "route", "ip_route_input_slow", VNET_TRACE_OK, NULL,
                  "%s from %s: %s", ADDR_STR(daddr), ADDR_STR(saddr), ROUTE_STR(dst, daddr));
        return rc;
    }
    uint8_t protocol = in.arp || skb->len < 20 ? 0 : skb_net(skb)[9];
    return multicast_input(&in, protocol, dst);
}
