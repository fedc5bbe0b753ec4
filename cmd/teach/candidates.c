#include "cmd/teach/candidates.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/teach/finder.h"
#include "vnet_neigh.h"
#include "vnet_netns.h"
#include "vnet_route.h"
#include "vnet_sysctl.h"

enum { CANDIDATES_MAX = 400, FREE_ADDR_TRIES = 64, SETTING_MAX = 128 };

static bool is_offered(const struct candidates *c, const char *line)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->v[i].line, line) == 0)
            return true;
    return false;
}

static bool is_aside(const struct finder *f, const struct survey_link *l, const struct netns *ns)
{
    for (size_t i = 0; i < f->s.nns && !l; i++)
        if (f->s.ns[i].ns == ns)
            return !f->s.ns[i].on_way;
    return l && !l->on_way;
}

static size_t count_lines(const char *text)
{
    size_t n = 1;
    while ((text = strchr(text, '\n'))) {
        text++;
        n++;
    }
    return n;
}

void offer(struct finder *f, const struct survey_link *l, const struct netns *ns, unsigned cost,
           const char *fmt, ...)
{
    struct strbuf line = STRBUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    strbuf_vaddf(&line, fmt, ap);
    va_end(ap);
    if (f->out->n >= CANDIDATES_MAX || is_offered(f->out, line.data)) {
        strbuf_release(&line);
        return;
    }
    ARRAY_GROW(f->out->v, f->out->n, f->out->cap);
    size_t lines = count_lines(line.data);
    f->out->v[f->out->n++] = (struct candidate){.lines = lines,
                                                .line = strbuf_detach(&line),
                                                .cost = cost,
                                                .netns = vnet_netns_name(l ? l->ns : ns),
                                                .aside = is_aside(f, l, ns)};
}

struct in_netns tool_in(const char *tool, const struct netns *ns)
{
    struct in_netns at;
    const char *name = vnet_netns_name(ns);
    if (!*name)
        snprintf(at.text, sizeof(at.text), "%s", tool);
    else if (strcmp(tool, "sysctl") == 0)
        snprintf(at.text, sizeof(at.text), "ip netns exec %s sysctl", name);
    else
        snprintf(at.text, sizeof(at.text), "%s -n %s", tool, name);
    return at;
}

static struct in_netns ip_in(const struct netns *ns)
{
    return tool_in("ip", ns);
}

static struct in_netns sysctl_in(const struct netns *ns)
{
    return tool_in("sysctl", ns);
}

/* ---- links ---- */

static void find_links(struct finder *f)
{
    for (size_t i = 0; i < f->s.nlinks; i++)
        if (!f->s.links[i].up)
            offer(f, &f->s.links[i], NULL, 1, "%s link set %s up", ip_in(f->s.links[i].ns).text,
                  f->s.links[i].name);
}

/* The MTU of a device with that of the one below it, or at its other end. */
static void offer_two_mtus(struct finder *f, const struct survey_link *l, uint32_t wanted)
{
    const struct survey_link *below = l->peer < 0 ? NULL : &f->s.links[l->peer];
    if (!below || below->mtu >= wanted)
        return;
    struct in_netns ip = ip_in(l->ns), ip_below = ip_in(below->ns);
    offer(f, l, NULL, 4, "%s link set %s mtu %u\n%s link set %s mtu %u", ip_below.text, below->name,
          wanted, ip.text, l->name, wanted);
    if (!l->up)
        offer(f, l, NULL, 5, "%s link set %s mtu %u\n%s link set %s mtu %u\n%s link set %s up",
              ip_below.text, below->name, wanted, ip.text, l->name, wanted, ip.text, l->name);
}

static void find_mtus(struct finder *f)
{
    uint32_t largest = 0;
    for (size_t i = 0; i < f->s.nlinks; i++)
        if (!f->s.links[i].loopback && f->s.links[i].mtu > largest)
            largest = f->s.links[i].mtu;
    for (size_t i = 0; i < f->s.nlinks; i++) {
        const struct survey_link *l = &f->s.links[i];
        uint32_t wanted = l->mtu < 1500 && largest < 1500 ? 1500 : largest;
        if (l->loopback || l->mtu >= wanted)
            continue;
        offer(f, l, NULL, 2, "%s link set %s mtu %u", ip_in(l->ns).text, l->name, wanted);
        offer_two_mtus(f, l, wanted);
    }
}

/* ---- settings ---- */

static long setting(const struct netns *ns, const char *path)
{
    struct strbuf value = STRBUF_INIT;
    long v = vnet_sysctl_get(ns, path, &value) == 0 ? strtol(strbuf_cstr(&value), NULL, 10) : -1;
    strbuf_release(&value);
    return v;
}

/* Settings of devices that keep packets out, by what they should be. */
static const struct conf_row {
    const char *dir, *name; /* the directory's name begins with the family's */
    int wanted;
    bool zero_is_bad;
    unsigned cost;
} conf_rows[] = {
    {"ipv4/conf", "forwarding", 1, true, 2},           {"ipv4/conf", "accept_local", 1, true, 5},
    {"ipv4/conf", "rp_filter", 0, false, 4},           {"ipv4/conf", "arp_ignore", 0, false, 2},
    {"ipv4/conf", "arp_filter", 0, false, 2},          {"ipv6/conf", "disable_ipv6", 0, false, 1},
    {"ipv4/conf", "drop_gratuitous_arp", 0, false, 2}, {"ipv6/conf", "proxy_ndp", 1, true, 5},
};

/* "net.ipv4.conf.v0.rp_filter"; with slashes where the device's name has dots. */
static void put_path(char path[SETTING_MAX], const struct conf_row *row, const char *dev)
{
    snprintf(path, SETTING_MAX, "net/%s/%s/%s", row->dir, dev, row->name);
    for (char *p = path; *p && !strchr(dev, '.'); p++)
        if (*p == '/')
            *p = '.';
}

static bool is_bad(const struct netns *ns, const char *dev, const struct conf_row *row)
{
    char path[128];
    snprintf(path, sizeof(path), "net/%s/%s/%s", row->dir, dev, row->name);
    long v = setting(ns, path);
    return row->zero_is_bad ? v == 0 : v > 0;
}

/* It does nothing while another setting is off. */
static bool is_moot(const struct survey_link *l, const struct conf_row *row)
{
    static const struct conf_row forwarding6 = {"ipv6/conf", "forwarding", 1, true, 0};
    if (strcmp(row->name, "forwarding") == 0)
        return setting(l->ns, "net/ipv4/ip_forward") != 1;
    return strcmp(row->name, "proxy_ndp") == 0 && is_bad(l->ns, l->name, &forwarding6);
}

static void find_conf_row(struct finder *f, const struct survey_link *l, const struct conf_row *row)
{
    char own[SETTING_MAX], all[SETTING_MAX];
    const struct in_netns sysctl = sysctl_in(l->ns);
    bool own_bad = !is_moot(l, row) && is_bad(l->ns, l->name, row);
    bool all_bad = !row->zero_is_bad && is_bad(l->ns, "all", row);
    put_path(own, row, l->name);
    put_path(all, row, "all");
    if (own_bad)
        offer(f, l, NULL, row->cost, "%s -qw %s=%d", sysctl.text, own, row->wanted);
    if (all_bad)
        offer(f, NULL, l->ns, row->cost, "%s -qw %s=%d", sysctl.text, all, row->wanted);
    if (own_bad && all_bad) /* the larger one counts */
        offer(f, l, NULL, row->cost + 1, "%s -qw %s=%d %s=%d", sysctl.text, all, row->wanted, own,
              row->wanted);
}

/* "ipv4/conf": can it matter to packets to the target? */
static bool is_of_family(const struct finder *f, const char *dir)
{
    uint8_t family = strncmp(dir, "ipv6/", 5) == 0 ? VNET_AF_INET6 : VNET_AF_INET;
    return !f->target->family || f->target->family == family;
}

/* Has another link one of the addresses of a namespace? */
static bool has_doubles(const struct finder *f, const struct netns *ns)
{
    for (size_t i = 0; i < f->s.naddrs; i++)
        for (size_t k = 0; k < f->s.naddrs && f->s.links[f->s.addrs[i].link].ns == ns; k++)
            if (i != k && inet_addr_eq(&f->s.addrs[i].addr.addr, &f->s.addrs[k].addr.addr))
                return true;
    return false;
}

/* accept_local: packets come back to where they were sent, or another has the sender's address. */
static bool sees_itself(const struct finder *f, const struct netns *ns)
{
    return !f->source || strcmp(f->source, vnet_netns_name(ns)) == 0 || has_doubles(f, ns);
}

static void find_conf(struct finder *f, const struct survey_link *l)
{
    bool alone = !sees_itself(f, l->ns);
    for (size_t i = 0; i < ARRAY_LEN(conf_rows) && !l->loopback; i++)
        if (is_of_family(f, conf_rows[i].dir) &&
            !(alone && strcmp(conf_rows[i].name, "accept_local") == 0))
            find_conf_row(f, l, &conf_rows[i]);
}

/* Limits that are too low for anything to pass, by their defaults. */
static void find_limits(struct finder *f)
{
    static const struct {
        const char *path;
        long least;
        const char *wanted;
    } rows[] = {{"net/ipv4/neigh/default/gc_thresh3", 128, "1024"},
                {"net/ipv6/neigh/default/gc_thresh3", 128, "1024"},
                {"net/ipv4/ipfrag_high_thresh", 65536, "4194304"},
                {"net/ipv6/ip6frag_high_thresh", 65536, "4194304"}};
    for (size_t i = 0; i < f->s.nns; i++) {
        for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
            long v = setting(f->s.ns[i].ns, rows[k].path);
            if (v >= 0 && v < rows[k].least)
                offer(f, NULL, f->s.ns[i].ns, 2, "%s -qw %s=%s", sysctl_in(f->s.ns[i].ns).text,
                      rows[k].path, rows[k].wanted);
        }
    }
}

static void find_settings(struct finder *f)
{
    bool to_one = survey_is_local(&f->s, f->target);
    static const struct {
        const char *path, *name;
        int wanted;
    } rows[] = {{"net/ipv4/ip_forward", "net.ipv4.ip_forward", 1},
                {"net/ipv4/icmp_echo_ignore_all", "net.ipv4.icmp_echo_ignore_all", 0},
                {"net/ipv4/icmp_echo_ignore_broadcasts", "net.ipv4.icmp_echo_ignore_broadcasts", 0},
                {"net/ipv6/icmp/echo_ignore_all", "net.ipv6.icmp.echo_ignore_all", 0},
                {"net/ipv6/conf/all/forwarding", "net.ipv6.conf.all.forwarding", 1}};
    for (size_t i = 0; i < f->s.nns; i++)
        for (size_t k = 0; k < ARRAY_LEN(rows); k++)
            if (is_of_family(f, rows[k].path + strlen("net/")) &&
                !(to_one && strstr(rows[k].name, "broadcasts")) &&
                setting(f->s.ns[i].ns, rows[k].path) == !rows[k].wanted)
                offer(f, NULL, f->s.ns[i].ns, 2, "%s -qw %s=%d", sysctl_in(f->s.ns[i].ns).text,
                      rows[k].name, rows[k].wanted);
    for (size_t i = 0; i < f->s.nlinks; i++)
        find_conf(f, &f->s.links[i]);
}

/* ---- what stands in the way ---- */

static int take_neigh(const struct vnet_neigh_info *n, void *arg)
{
    struct finder *f = arg;
    char addr[INET_ADDRSTRLEN_MAX], dev[VNET_IFNAMSIZ];
    if (n->state & VNET_NUD_PERMANENT)
        offer(f, NULL, f->ns, 2, "%s neigh del %s dev %s", ip_in(f->ns).text,
              inet_addr_str(&n->dst, addr), vnet_link_name(f->ns, n->ifindex, dev));
    return 0;
}

static const char *reject_name(uint8_t type)
{
    switch (type) {
    case VNET_RTN_BLACKHOLE:
        return "blackhole";
    case VNET_RTN_UNREACHABLE:
        return "unreachable";
    case VNET_RTN_PROHIBIT:
        return "prohibit";
    case VNET_RTN_THROW:
        return "throw";
    default:
        return NULL;
    }
}

static int take_route(const struct vnet_route_info *r, void *arg)
{
    struct finder *f = arg;
    char addr[INET_ADDRSTRLEN_MAX];
    const char *type = reject_name(r->type), *ip = f->s.family == VNET_AF_INET6 ? " -6" : "";
    const struct inet_addr dst = r->dst_len ? r->dst : inet_addr_any(r->family);
    bool by_hand = r->protocol == VNET_RTPROT_BOOT || r->protocol == VNET_RTPROT_STATIC;
    if (type && r->table != VNET_RT_TABLE_LOCAL)
        offer(f, NULL, f->ns, 3, "%s%s route del %s %s/%u table %u", ip_in(f->ns).text, ip, type,
              inet_addr_str(&dst, addr), r->dst_len, r->table);
    else if (r->type == VNET_RTN_UNICAST && by_hand && r->dst_len)
        offer(f, NULL, f->ns, 4, "%s%s route del %s/%u table %u", ip_in(f->ns).text, ip,
              inet_addr_str(&dst, addr), r->dst_len, r->table);
    return 0;
}

static int take_rule(const struct vnet_rule_info *r, void *arg)
{
    struct finder *f = arg;
    if (r->priority != 0 && r->priority < 32766)
        offer(f, NULL, f->ns, 3, "%s%s rule del pref %u", ip_in(f->ns).text,
              f->s.family == VNET_AF_INET6 ? " -6" : "", r->priority);
    return 0;
}

static void find_obstacles(struct finder *f)
{
    for (size_t i = 0; i < f->s.nns; i++) {
        f->ns = f->s.ns[i].ns;
        vnet_neigh_dump(f->ns, f->s.family, false, take_neigh, f);
        vnet_route_dump(f->ns, f->s.family, take_route, f);
        vnet_rule_dump(f->ns, f->s.family, take_rule, f);
    }
}

/* ---- addresses ---- */

/* IPv6 loses its addresses where it goes off or the link goes down: what brings it back comes
 * first. */
static bool put_waking(struct strbuf *sb, const struct survey_link *l)
{
    static const struct conf_row off = {"ipv6/conf", "disable_ipv6", 0, false, 1};
    char path[SETTING_MAX];
    put_path(path, &off, l->name);
    if (!l->up)
        strbuf_addf(sb, "%s link set %s up\n", ip_in(l->ns).text, l->name);
    else if (is_bad(l->ns, l->name, &off))
        strbuf_addf(sb, "%s -qw %s=0\n", sysctl_in(l->ns).text, path);
    return sb->len > 0;
}

static void offer_addr(struct finder *f, const struct survey_link *l, const struct inet_addr *a,
                       unsigned len, unsigned cost)
{
    char text[INET_ADDRSTRLEN_MAX];
    struct strbuf waking = STRBUF_INIT;
    const char *nodad = a->family == VNET_AF_INET6 ? " nodad" : "";
    inet_addr_str(a, text);
    offer(f, l, NULL, cost, "%s addr add %s/%u dev %s%s", ip_in(l->ns).text, text, len, l->name,
          nodad);
    if (a->family == VNET_AF_INET6 && put_waking(&waking, l))
        offer(f, l, NULL, cost + 1, "%s%s addr add %s/%u dev %s%s", waking.data, ip_in(l->ns).text,
              text, len, l->name, nodad);
    strbuf_release(&waking);
}

static unsigned usual_length(const struct inet_addr *a)
{
    return a->family == VNET_AF_INET ? 24 : 64;
}

/* An address belongs to a link without one, or one that is in a subnet with nobody; hardly to a
 * bridge's port. */
static unsigned addr_cost(const struct survey_link *l)
{
    return l->has_master ? 8 : l->bridge ? 6 : !l->has_addr ? 2 : l->lonely ? 3 : 7;
}

/* On all links of other namespaces than `but`. */
static void offer_on_links(struct finder *f, const struct inet_addr *a, const struct netns *but)
{
    const struct inet_prefix *subnet = survey_subnet_of(&f->s, a);
    unsigned len = subnet ? subnet->len : usual_length(a);
    for (size_t i = 0; i < f->s.nlinks; i++)
        if (!f->s.links[i].loopback && f->s.links[i].ns != but)
            offer_addr(f, &f->s.links[i], a, len, addr_cost(&f->s.links[i]));
}

/* The target is nobody's address. */
static void find_target_addr(struct finder *f)
{
    if (!survey_is_local(&f->s, f->target))
        offer_on_links(f, f->target, NULL);
}

/* A gateway that a route goes by is nobody's address. */
static int take_gateway(const struct vnet_route_info *r, void *arg)
{
    struct finder *f = arg;
    for (unsigned i = 0; i < r->nnh; i++) {
        const struct inet_addr *gw = &r->nh[i].gateway;
        if (gw->family == f->s.family && !inet_addr_is_linklocal(gw) &&
            !survey_is_local(&f->s, gw) && survey_subnet_of(&f->s, gw))
            offer_on_links(f, gw, f->ns);
    }
    return 0;
}

static void find_gateway_addrs(struct finder *f)
{
    for (size_t i = 0; i < f->s.nns; i++) {
        f->ns = f->s.ns[i].ns;
        if (f->s.ns[i].on_way)
            vnet_route_dump(f->ns, f->s.family, take_gateway, f);
    }
}

/* An address of a subnet that nobody has; false: none was found. */
static bool free_addr(const struct survey *s, const struct inet_prefix *subnet,
                      const struct inet_addr *target, struct inet_addr *out)
{
    const struct inet_addr net = inet_addr_masked(&subnet->addr, subnet->len);
    size_t last = net.family == VNET_AF_INET ? 3 : 15;
    unsigned left = (unsigned)(last + 1) * 8 - subnet->len;
    unsigned hosts = left < 8 ? 1U << left : 256;
    for (unsigned i = 1; i + 1 < hosts && i < FREE_ADDR_TRIES; i++) {
        *out = net;
        out->bytes[last] = (uint8_t)(net.bytes[last] + i);
        if (!survey_is_local(s, out) && !inet_addr_eq(out, target))
            return true;
    }
    return false;
}

/* A link without an address of the subnet that its other end, or anybody, is in. */
static void find_own_addrs(struct finder *f)
{
    for (size_t i = 0; i < f->s.nlinks; i++) {
        const struct survey_link *l = &f->s.links[i];
        for (size_t k = 0; k < f->s.naddrs && !l->loopback && !l->has_master; k++) {
            const struct survey_addr *a = &f->s.addrs[k];
            struct inet_addr mine;
            bool near = l->peer >= 0 && a->link == (size_t)l->peer;
            if (a->addr.len > (a->addr.addr.family == VNET_AF_INET ? 30 : 126) || a->addr.len < 8 ||
                f->s.links[a->link].loopback || a->link == i ||
                (l->has_addr && !l->lonely && !near))
                continue;
            if (free_addr(&f->s, &a->addr, f->target, &mine))
                offer_addr(f, l, &mine, a->addr.len, near ? 3 : 2 + addr_cost(l));
        }
    }
}

/* An address whose prefix length differs from that of another one beside it. */
static void find_prefix_lengths(struct finder *f)
{
    for (size_t i = 0; i < f->s.naddrs; i++) {
        for (size_t k = 0; k < f->s.naddrs; k++) {
            const struct inet_prefix *a = &f->s.addrs[i].addr, *b = &f->s.addrs[k].addr;
            const struct inet_prefix net = {inet_addr_masked(&b->addr, b->len), b->len};
            if (a->len != b->len && inet_prefix_has(&net, &a->addr) &&
                !f->s.links[f->s.addrs[i].link].loopback)
                offer_addr(f, &f->s.links[f->s.addrs[i].link], &a->addr, b->len, 3);
        }
    }
}

/* ---- routes ---- */

/* An address that another link has, too. */
static void find_doubles(struct finder *f)
{
    char text[INET_ADDRSTRLEN_MAX];
    for (size_t i = 0; i < f->s.naddrs; i++) {
        for (size_t k = 0; k < f->s.naddrs; k++) {
            const struct survey_addr *a = &f->s.addrs[i];
            if (i == k || !inet_addr_eq(&a->addr.addr, &f->s.addrs[k].addr.addr) ||
                inet_addr_is_loopback(&a->addr.addr))
                continue;
            offer(f, &f->s.links[a->link], NULL, 5, "%s addr del %s/%u dev %s",
                  ip_in(f->s.links[a->link].ns).text, inet_addr_str(&a->addr.addr, text),
                  a->addr.len, f->s.links[a->link].name);
        }
    }
}

static bool is_connected(const struct finder *f, const struct netns *ns,
                         const struct inet_prefix *p)
{
    const struct inet_prefix net = {inet_addr_masked(&p->addr, p->len), p->len};
    for (size_t i = 0; i < f->s.naddrs; i++)
        if (f->s.links[f->s.addrs[i].link].ns == ns &&
            inet_prefix_has(&net, &f->s.addrs[i].addr.addr))
            return true;
    return false;
}

static int take_default(const struct vnet_route_info *r, void *arg)
{
    (void)arg;
    return r->table == VNET_RT_TABLE_MAIN && r->dst_len == 0 && !reject_name(r->type);
}

/* A subnet that a namespace has no link to, by a gateway: where the default route leads elsewhere.
 */
static void find_subnet_routes(struct finder *f, const struct netns *ns, const char *gw)
{
    char text[INET_ADDRSTRLEN_MAX];
    for (size_t i = 0; i < f->s.naddrs; i++) {
        const struct inet_prefix *p = &f->s.addrs[i].addr;
        const struct inet_addr net = inet_addr_masked(&p->addr, p->len);
        if (!f->s.links[f->s.addrs[i].link].loopback && !is_connected(f, ns, p))
            offer(f, NULL, ns, 6, "%s route replace %s/%u via %s", ip_in(ns).text,
                  inet_addr_str(&net, text), p->len, gw);
    }
}

/* A gateway is likely one that forwards. */
static bool forwards(const struct finder *f, const struct netns *ns)
{
    return setting(ns, f->s.family == VNET_AF_INET6 ? "net/ipv6/conf/all/forwarding"
                                                    : "net/ipv4/ip_forward") == 1;
}

/* Every address of others that is on link in a namespace may be its gateway. */
static void find_gateways(struct finder *f, const struct netns *ns, const struct inet_prefix *own)
{
    const struct inet_prefix net = {inet_addr_masked(&own->addr, own->len), own->len};
    const char *verb = vnet_route_dump(ns, f->s.family, take_default, NULL) ? "replace" : "add";
    char gw[INET_ADDRSTRLEN_MAX];
    for (size_t i = 0; i < f->s.naddrs; i++) {
        const struct survey_addr *a = &f->s.addrs[i];
        if (f->s.links[a->link].ns == ns || !inet_prefix_has(&net, &a->addr.addr))
            continue;
        inet_addr_str(&a->addr.addr, gw);
        offer(f, NULL, ns, (*verb == 'a' ? 2 : 4) + !forwards(f, f->s.links[a->link].ns),
              "%s route %s default via %s", ip_in(ns).text, verb, gw);
        find_subnet_routes(f, ns, gw);
    }
}

static void find_routes(struct finder *f)
{
    for (size_t i = 0; i < f->s.naddrs; i++) {
        const struct survey_link *l = &f->s.links[f->s.addrs[i].link];
        if (!l->loopback)
            find_gateways(f, l->ns, &f->s.addrs[i].addr);
    }
}

/* In the order of their offers, where they cost the same. */
static void sort_by_cost(struct candidates *c)
{
    for (size_t i = 1; i < c->n; i++) {
        struct candidate x = c->v[i];
        size_t k = i;
        for (; k > 0 && c->v[k - 1].cost > x.cost; k--)
            c->v[k] = c->v[k - 1];
        c->v[k] = x;
    }
}

void candidates_find(struct candidates *c, struct vnet *w, const char *source,
                     const struct inet_addr *target)
{
    struct finder f = {.out = c, .target = target, .source = source};
    survey_take(&f.s, w, target->family == VNET_AF_INET6 ? VNET_AF_INET6 : VNET_AF_INET);
    survey_find_way(&f.s, source, target);
    find_links(&f);
    find_settings(&f);
    find_limits(&f);
    find_obstacles(&f);
    find_mtus(&f);
    find_switching(&f);
    if (target->family) {
        find_target_addr(&f);
        find_gateway_addrs(&f);
        find_own_addrs(&f);
        find_prefix_lengths(&f);
        find_doubles(&f);
        find_routes(&f);
    }
    survey_release(&f.s);
    sort_by_cost(c);
}

void candidates_release(struct candidates *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->v[i].line);
    free(c->v);
    *c = (struct candidates){0};
}
