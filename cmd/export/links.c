/* Links: made with their indexes, addresses and MTUs, then whatever differs from what is there. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/export/parts.h"
#include "cmd/ip/names.h"
#include "vnet_route.h"

/* "name X index I address M mtu N" */
static void add_words(struct strbuf *sb, const struct vnet_link_info *l, bool with_address)
{
    char mac[LLADDR_STRLEN_MAX];
    strbuf_addf(sb, "name %s index %d", l->name, l->ifindex);
    if (with_address && l->addr.len)
        strbuf_addf(sb, " address %s", lladdr_str(&l->addr, mac));
    strbuf_addf(sb, " mtu %u", l->mtu);
}

static void add_queues(struct strbuf *sb, const struct vnet_link_info *l)
{
    strbuf_addf(sb, " numtxqueues %u", l->num_tx_queues);
    if (l->num_rx_queues)
        strbuf_addf(sb, " numrxqueues %u", l->num_rx_queues);
}

static void make_pair(struct exporter *e, const struct vnet_link_info *l)
{
    struct strbuf sb = STRBUF_INIT;
    struct vnet_link_info peer;
    if (l->iflink_netnsid >= 0 || vnet_link_get(e->ns, l->iflink, &peer) < 0) {
        export_note(e, "%s: its peer is not in this namespace: left out", l->name);
        return;
    }
    strbuf_adds(&sb, "link add ");
    add_words(&sb, l, true);
    add_queues(&sb, l);
    strbuf_addf(&sb, " type %s peer ", l->kind);
    add_words(&sb, &peer, true);
    add_queues(&sb, &peer);
    export_ip(e, VNET_AF_UNSPEC, "%s", sb.data);
    strbuf_release(&sb);
}

/* One that was never given an address has the carrier it was born with, and loses it with one. */
static void make_other(struct exporter *e, const struct vnet_link_info *l)
{
    struct strbuf sb = STRBUF_INIT;
    bool address = strcmp(l->kind, "bridge") != 0 || !l->carrier;
    strbuf_adds(&sb, "link add ");
    add_words(&sb, l, address);
    strbuf_addf(&sb, " type %s", l->kind);
    export_ip(e, VNET_AF_UNSPEC, "%s", sb.data);
    if (!address)
        export_note(e, "%s: its MAC address, chosen by the kernel, is not rebuilt", l->name);
    strbuf_release(&sb);
}

/* ---- network cards ---- */

static void peer_name(const struct vnet_link_info *l, char *out, size_t size)
{
    static const char end[] = "-peer";
    if (strlen(l->name) + sizeof(end) <= VNET_IFNAMSIZ)
        snprintf(out, size, "%s%s", l->name, end);
    else
        snprintf(out, size, "nic%d%s", l->ifindex, end);
}

/* One that neither world has: the kernel's own choice could be another link's. */
static int free_index(const struct exporter *e)
{
    int last = 0;
    for (int i = vnet_link_next(e->ns, 0); i; i = vnet_link_next(e->ns, i))
        last = i > last ? i : last;
    while (last < INT_MAX && *vnet_link_name(e->sns, ++last, (char[VNET_IFNAMSIZ]){""}))
        ;
    return last;
}

static void make_card_as_pair(struct exporter *e, const struct vnet_link_info *l)
{
    struct strbuf sb = STRBUF_INIT;
    char peer[VNET_IFNAMSIZ + 16];
    bool unplugged = (l->flags & VNET_IFF_UP) && !l->carrier;
    peer_name(l, peer, sizeof(peer));
    strbuf_adds(&sb, "link add ");
    add_words(&sb, l, true);
    strbuf_addf(&sb, " type veth peer name %s index %d mtu %u", peer, free_index(e), l->mtu);
    export_ip(e, VNET_AF_UNSPEC, "%s", sb.data);
    if (!unplugged)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s up", peer);
    strbuf_release(&sb);
}

/* It is there: down, with the MTU of Ethernet. */
static void expect_card(struct exporter *e, const struct vnet_link_info *l)
{
    struct vnet_err err = {""};
    sink_puts(e->out, "# There must be a network card ");
    export_quoted(e->out, l->name);
    sink_puts(e->out, " (or give vnet export --nics veth).\n");
    if (vnet_nic_add(e->sns, l->ifindex, l->name, &l->addr, "fq_codel", l->num_tx_queues, &err) < 0)
        export_note(e, "%s: %s", l->name, err.msg);
    else if ((l->flags & VNET_IFF_UP) && !l->carrier)
        vnet_nic_plug(e->sns, l->ifindex, false, &err);
}

/* ---- what differs ---- */

static const struct {
    uint32_t flag;
    const char *word;
    bool inverted;
} flag_words[] = {
    {VNET_IFF_MULTICAST, "multicast", false}, {VNET_IFF_ALLMULTI, "allmulticast", false},
    {VNET_IFF_PROMISC, "promisc", false},     {VNET_IFF_NOARP, "arp", true},
    {VNET_IFF_DYNAMIC, "dynamic", false},     {VNET_IFF_NOTRAILERS, "trailers", true},
};

static void set_flags(struct exporter *e, const struct vnet_link_info *l,
                      const struct vnet_link_info *there)
{
    for (size_t i = 0; i < ARRAY_LEN(flag_words); i++) {
        bool on = l->flags & flag_words[i].flag;
        if ((l->flags ^ there->flags) & flag_words[i].flag)
            export_ip(e, VNET_AF_UNSPEC, "link set dev %s %s %s", l->name, flag_words[i].word,
                      on != flag_words[i].inverted ? "on" : "off");
    }
}

static void set_names(struct exporter *e, const struct vnet_link_info *l)
{
    struct vnet_err err = {""};
    if (l->alias) {
        sink_puts(e->out, "ip link set dev ");
        export_quoted(e->out, l->name);
        sink_puts(e->out, " alias ");
        export_quoted(e->out, l->alias);
        sink_puts(e->out, "\n");
    }
    for (const char *const *alt = l->altnames; alt && *alt; alt++) {
        sink_puts(e->out, "ip link property add dev ");
        export_quoted(e->out, l->name);
        sink_puts(e->out, " altname ");
        export_quoted(e->out, *alt);
        sink_puts(e->out, "\n");
        vnet_link_add_altname(e->sns, l->ifindex, *alt, &err);
    }
}

static void set_values(struct exporter *e, const struct vnet_link_info *l,
                       const struct vnet_link_info *there)
{
    static const char *const modes[] = {"default", "dormant"};
    static const char *const gens[] = {"eui64", "none", "stable_secret", "random"};
    char buf[NAME_MAX_LEN], mac[LLADDR_STRLEN_MAX];
    if (l->mtu != there->mtu)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s mtu %u", l->name, l->mtu);
    if (l->txqlen != there->txqlen)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s txqueuelen %u", l->name, l->txqlen);
    if (l->group != there->group)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s group %s", l->name,
                  group_name(l->group, true, buf));
    if (l->gso_max_size != there->gso_max_size)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s gso_max_size %u", l->name, l->gso_max_size);
    if (l->gso_max_segs != there->gso_max_segs)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s gso_max_segs %u", l->name, l->gso_max_segs);
    if (l->gro_max_size != there->gro_max_size)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s gro_max_size %u", l->name, l->gro_max_size);
    if (!lladdr_eq(&l->brd, &there->brd))
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s broadcast %s", l->name,
                  lladdr_str(&l->brd, mac));
    if (l->linkmode != there->linkmode && l->linkmode < ARRAY_LEN(modes))
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s mode %s", l->name, modes[l->linkmode]);
    if (l->has_inet6 && l->addr_gen_mode != there->addr_gen_mode &&
        l->addr_gen_mode < ARRAY_LEN(gens))
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s addrgenmode %s", l->name,
                  gens[l->addr_gen_mode]);
}

static void make_link(struct exporter *e, const struct vnet_link_info *l)
{
    if (l->flags & VNET_IFF_LOOPBACK || vnet_link_index(e->sns, l->name))
        return;
    if (vnet_link_is_nic(e->ns, l->ifindex)) {
        if (e->nics)
            make_card_as_pair(e, l);
        else
            expect_card(e, l);
    } else if (l->iflink) {
        make_pair(e, l);
    } else {
        make_other(e, l);
    }
}

static bool link_at(const struct netns *ns, int ifindex, struct vnet_link_info *l)
{
    return vnet_link_get(ns, ifindex, l) == 0;
}

void export_links(struct exporter *e)
{
    struct vnet_link_info l, there;
    for (int i = vnet_link_next(e->ns, 0); i; i = vnet_link_next(e->ns, i))
        if (link_at(e->ns, i, &l))
            make_link(e, &l);
    for (int i = vnet_link_next(e->ns, 0); i; i = vnet_link_next(e->ns, i)) {
        if (!link_at(e->ns, i, &l) || !link_at(e->sns, i, &there))
            continue;
        set_values(e, &l, &there);
        set_flags(e, &l, &there);
        set_names(e, &l);
        if (l.master)
            export_note(e, "%s: its master is not rebuilt", l.name);
    }
}

/* A link that was up once keeps its queue. */
static void bring_up(struct exporter *e, int ifindex)
{
    struct vnet_link_info l, there;
    if (!link_at(e->ns, ifindex, &l) || !link_at(e->sns, ifindex, &there))
        return;
    bool up = l.flags & VNET_IFF_UP;
    bool was_up = l.qdisc && strcmp(l.qdisc, "noop") != 0 && strcmp(there.qdisc, "noop") == 0;
    if ((up && !(there.flags & VNET_IFF_UP)) || was_up)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s up", l.name);
    if (!up && was_up)
        export_ip(e, VNET_AF_UNSPEC, "link set dev %s down", l.name);
}

struct order {
    int *v; /* owned */
    size_t n, cap;
};

static int note_multicast(const struct vnet_route_info *r, void *arg)
{
    struct order *o = arg;
    if (r->type != VNET_RTN_MULTICAST || r->protocol != VNET_RTPROT_KERNEL || r->nnh != 1)
        return 0;
    ARRAY_GROW(o->v, o->n, o->cap);
    o->v[o->n++] = r->nh->oif;
    return 0;
}

/* The order in which links came up is that of their IPv6 multicast routes, as far as they have one.
 */
void export_links_up(struct exporter *e)
{
    struct order o = {0};
    struct vnet_link_info l;
    vnet_route_dump(e->ns, VNET_AF_INET6, note_multicast, &o);
    for (size_t i = 0; i < o.n; i++) { /* of a pair, the one that brings the carrier is first */
        if (link_at(e->ns, o.v[i], &l) && l.iflink && l.iflink_netnsid < 0)
            bring_up(e, l.iflink);
        bring_up(e, o.v[i]);
    }
    for (int i = vnet_link_next(e->ns, 0); i; i = vnet_link_next(e->ns, i))
        bring_up(e, i);
    free(o.v);
}
