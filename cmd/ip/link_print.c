/* print_linkinfo() of iproute2 6.1.0 (ip/ipaddress.c). */
#include "cmd/ip/link_print.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "cmd/ip/link_kinds.h"
#include "cmd/ip/names.h"

static const char *const operstates[] = {"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN",
                                         "TESTING", "DORMANT",    "UP"};
static const char *const linkmodes[] = {"DEFAULT", "DORMANT"};
static const char *const addrgens[] = {"eui64", "none", "stable_secret", "random"};

static int value_of(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(name, names[i]) == 0)
            return (int)i;
    return -1;
}

int ip_operstate_value(const char *name)
{
    return value_of(operstates, ARRAY_LEN(operstates), name);
}

int ip_linkmode_value(const char *name)
{
    return value_of(linkmodes, ARRAY_LEN(linkmodes), name);
}

int ip_addrgen_value(const char *name)
{
    return value_of(addrgens, ARRAY_LEN(addrgens), name);
}

static void print_flags(struct printer *p, uint32_t flags, bool peer_down)
{
    json_open_array(p, "flags");
    print_text(p, "<");
    if ((flags & VNET_IFF_UP) && !(flags & VNET_IFF_RUNNING))
        print_str(p, TO_ANY, NULL, flags ? "%s," : "%s", "NO-CARRIER");
    flags &= ~(uint32_t)VNET_IFF_RUNNING;
    for (const struct nametab *f = vnet_link_flag_names; f->name; f++) {
        if (flags & f->value) {
            flags &= ~f->value;
            print_str(p, TO_ANY, NULL, flags ? "%s," : "%s", f->name);
        }
    }
    if (peer_down)
        print_str(p, TO_ANY, NULL, ",%s", "M-DOWN");
    print_text(p, "> ");
    json_close_array(p);
}

/* "name", "name@peer", "name@if7", "name@NONE"; true: the link below is down (M-DOWN). */
static bool print_name(struct ip *ip, const struct vnet_link_info *l, const struct link_view *view,
                       const char *fmt)
{
    struct printer *p = &ip->out;
    char text[2 * VNET_IFNAMSIZ + 8], below[VNET_IFNAMSIZ] = "";
    bool down = false;
    /* inet6_fill_ifinfo() does not tell of the other namespace, nor of a link whose index is the
     * device's own */
    int iflink = view->inet6_dump && l->iflink == l->ifindex ? 0 : l->iflink;
    if (iflink && l->iflink_netnsid >= 0 && !view->inet6_dump) {
        print_int(p, TO_JSON, "link_index", NULL, iflink);
        snprintf(below, sizeof(below), "if%d", iflink);
    } else if (iflink) {
        print_str(p, TO_JSON, "link", NULL, ip_link_name(ip, iflink, below));
        down = !(ip_link_flags(ip, iflink) & VNET_IFF_UP);
    } else if (view->news && view->news->below_gone) {
        snprintf(below, sizeof(below), "NONE");
    }
    bool text_peer = *below && !p->in_json;
    snprintf(text, sizeof(text), "%s%s%s", l->name, text_peer ? "@" : "", text_peer ? below : "");
    print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", fmt, text);
    return down;
}

void ip_print_name_and_flags(struct ip *ip, const struct vnet_link_info *l)
{
    const struct link_view view = {.link_object = true};
    bool peer_down = print_name(ip, l, &view, "%s: ");
    print_flags(&ip->out, l->flags, peer_down);
}

static enum print_color operstate_color(uint8_t state)
{
    return state == VNET_OPER_UP     ? COLOR_OPER_UP
           : state == VNET_OPER_DOWN ? COLOR_OPER_DOWN
                                     : COLOR_NONE;
}

static void print_operstate(struct printer *p, uint8_t state, const char *fmt)
{
    if (state < ARRAY_LEN(operstates))
        print_colored(p, TO_ANY, operstate_color(state), "operstate", fmt, operstates[state]);
}

static void print_lladdrs(struct ip *ip, const struct vnet_link_info *l, bool with_brd)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN], ll[LLADDR_STRLEN_MAX];
    print_nl(p);
    print_str(p, TO_ANY, "link_type", "    link/%s ", arphrd_name(l->type, ip->opt.numeric, buf));
    if (l->addr.len)
        print_colored(p, TO_ANY, COLOR_MAC, "address", "%s", lladdr_str(&l->addr, ll));
    if (!with_brd || !l->brd.len)
        return;
    if (l->flags & VNET_IFF_POINTOPOINT) {
        print_text(p, " peer ");
        print_true(p, TO_JSON, "link_pointtopoint", NULL);
    } else {
        print_text(p, " brd ");
    }
    print_colored(p, TO_ANY, COLOR_MAC, "broadcast", "%s", lladdr_str(&l->brd, ll));
}

static void print_kind(struct printer *p, const struct vnet_link_info *l)
{
    if (!l->kind && !l->master_kind)
        return;
    json_open_object(p, "linkinfo");
    if (l->kind) {
        print_nl(p);
        print_str(p, TO_ANY, "info_kind", "    %s ", l->kind);
        if (l->is_bridge && l->opts.given)
            ip_print_bridge(p, &l->opts);
        if (l->vlan.told)
            ip_print_vlan(p, &l->vlan);
    }
    if (l->master_kind) {
        print_nl(p);
        print_str(p, TO_ANY, "info_slave_kind", p->in_json ? "%s" : "    %s_slave ",
                  l->master_kind);
        if (l->slave_opts.given)
            ip_print_brport(p, &l->slave_opts);
    }
    json_close_object(p);
}

static void print_addrgen(struct printer *p, const struct vnet_link_info *l)
{
    if (l->has_inet6 && l->addr_gen_mode < ARRAY_LEN(addrgens))
        print_str(p, TO_ANY, "inet6_addr_gen_mode", "addrgenmode %s ", addrgens[l->addr_gen_mode]);
}

static void print_sizes(struct ip *ip, const struct vnet_link_info *l)
{
    struct printer *p = &ip->out;
    print_uint(p, TO_ANY, "num_tx_queues", "numtxqueues %u ", l->num_tx_queues);
    if (vnet_world_profile(ip->w)->kernel.dump_rx_queues)
        print_uint(p, TO_ANY, "num_rx_queues", "numrxqueues %u ", l->num_rx_queues);
    print_uint(p, TO_ANY, "gso_max_size", "gso_max_size %u ", l->gso_max_size);
    print_uint(p, TO_ANY, "gso_max_segs", "gso_max_segs %u ", l->gso_max_segs);
    print_uint(p, TO_ANY, "tso_max_size", "tso_max_size %u ", l->tso_max_size);
    print_uint(p, TO_ANY, "tso_max_segs", "tso_max_segs %u ", l->tso_max_segs);
    print_uint(p, TO_ANY, "gro_max_size", "gro_max_size %u ", l->gro_max_size);
}

static void print_details(struct ip *ip, const struct vnet_link_info *l,
                          const struct link_view *view)
{
    struct printer *p = &ip->out;
    bool full = ip->facts->ip_details_full;
    print_uint(p, TO_ANY, "promiscuity", " promiscuity %u ", l->promiscuity);
    if (full) {
        print_uint(p, TO_ANY, "allmulti", " allmulti %u ", l->allmulti);
        print_uint(p, TO_ANY, "min_mtu", "minmtu %u ", l->min_mtu);
        print_uint(p, TO_ANY, "max_mtu", "maxmtu %u ", l->max_mtu);
    }
    print_kind(p, l);
    if (full && view->link_object)
        print_addrgen(p, l);
    if (full)
        print_sizes(ip, l);
}

/* The name where there is one in /run/netns; JSON has the number. */
static void print_netnsid(struct ip *ip, const struct vnet_link_info *l)
{
    struct printer *p = &ip->out;
    if (l->iflink_netnsid < 0)
        return;
    const struct netns *peer = vnet_nsid_peer(ip->ns, l->iflink_netnsid);
    const char *name = peer && ip->facts->ip_netns_names ? vnet_netns_name(peer) : "";
    print_int(p, TO_JSON, "link_netnsid", NULL, l->iflink_netnsid);
    if (*name)
        print_str(p, TO_TEXT, NULL, " link-netns %s", name);
    else
        print_int(p, TO_TEXT, NULL, " link-netnsid %d", l->iflink_netnsid);
}

/* Where it went. */
static void print_new_netns(struct ip *ip, const struct vnet_link_news *news)
{
    struct printer *p = &ip->out;
    const struct netns *to =
        news->new_netnsid >= 0 ? vnet_nsid_peer(ip->ns, news->new_netnsid) : NULL;
    if (to && *vnet_netns_name(to))
        print_str(p, TO_TEXT, NULL, " new-netns %s", vnet_netns_name(to));
    else if (news->new_netnsid >= 0)
        print_int(p, TO_TEXT, NULL, " new-netnsid %d", news->new_netnsid);
    if (news->new_ifindex)
        print_int(p, TO_TEXT, NULL, " new-ifindex %d", news->new_ifindex);
}

static void print_altnames(struct printer *p, const struct vnet_link_info *l)
{
    if (!l->altnames || !*l->altnames)
        return;
    json_open_array(p, "altnames");
    for (const char *const *name = l->altnames; *name; name++) {
        print_nl(p);
        print_str(p, TO_ANY, NULL, p->in_json ? "%s" : "    altname %s", *name);
    }
    json_close_array(p);
}

/* What an AF_INET6 dump does not carry: queueing, grouping, master. */
static void print_first_line(struct ip *ip, const struct vnet_link_info *l,
                             const struct link_view *view)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN], master[VNET_IFNAMSIZ];
    bool all = !view->inet6_dump;
    print_int(p, TO_ANY, "mtu", "mtu %u ", (int)l->mtu);
    if (all && l->qdisc)
        print_str(p, TO_ANY, "qdisc", "qdisc %s ", l->qdisc);
    if (all && l->master)
        print_str(p, TO_ANY, "master", "master %s ", ip_link_name(ip, l->master, master));
    print_text(p, "state ");
    print_operstate(p, l->operstate, "%s ");
    if (all && view->link_object && l->linkmode < ARRAY_LEN(linkmodes))
        print_str(p, TO_ANY, "linkmode", "mode %s ", linkmodes[l->linkmode]);
    if (all && ip->facts->ip_shows_group && l->family != VNET_AF_BRIDGE)
        print_str(p, TO_ANY, "group", "group %s ", group_name(l->group, ip->opt.numeric, buf));
    if (l->txqlen && !view->news)
        print_int(p, TO_ANY, "txqlen", "qlen %d", (int)l->txqlen);
}

void ip_print_link(struct ip *ip, const struct vnet_link_info *l, const struct link_view *view)
{
    struct printer *p = &ip->out;
    print_int(p, TO_ANY, "ifindex", "%d: ", l->ifindex);
    bool peer_down = print_name(ip, l, view, "%s: ");
    print_flags(p, l->flags, peer_down);
    print_first_line(ip, l, view);
    if (view->family == VNET_AF_UNSPEC || view->family == VNET_AF_PACKET || ip->opt.details)
        print_lladdrs(ip, l, !view->inet6_dump);
    if (!view->inet6_dump) {
        print_netnsid(ip, l);
        if (view->news)
            print_new_netns(ip, view->news);
        if (ip->opt.details && l->family != VNET_AF_BRIDGE)
            print_details(ip, l, view);
        if ((view->link_object || ip->opt.details) && l->alias) {
            print_nl(p);
            print_str(p, TO_ANY, "ifalias", p->in_json ? "%s" : "    alias %s", l->alias);
        }
    }
    if (view->link_object && ip->opt.stats) {
        print_nl(p);
        ip_print_stats(ip, l);
    }
    if (!view->inet6_dump)
        print_altnames(p, l);
    print_text(p, "\n");
}

void ip_print_link_brief(struct ip *ip, const struct vnet_link_info *l,
                         const struct link_view *view)
{
    struct printer *p = &ip->out;
    char ll[LLADDR_STRLEN_MAX];
    bool peer_down = print_name(ip, l, view, "%-16s ");
    print_operstate(p, l->operstate, "%-14s ");
    if (view->family != VNET_AF_PACKET)
        return;
    if (l->addr.len)
        print_colored(p, TO_ANY, COLOR_MAC, "address", "%s ", lladdr_str(&l->addr, ll));
    print_flags(p, l->flags, peer_down);
    print_text(p, "\n");
}
