/* Links as they were listed: which kind each becomes, and its settings. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/import/apply.h"
#include "cmd/ip/names.h"

/* ---- what a link becomes ---- */

static const char *const pair_kinds[] = {"veth", "vxcan"};

/* The kind of the pair that link and the one below it are, NULL: they are none. */
static const char *pair_kind(const struct listing *l, const struct listed_link *link)
{
    const struct listed_link *peer = link->below[0] ? listing_find_link(l, link->below) : NULL;
    if (!peer || peer == link || strcmp(peer->below, link->name) != 0)
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(pair_kinds); i++)
        if (strcmp(link->kind, pair_kinds[i]) == 0)
            return pair_kinds[i];
    return link->kind[0] ? NULL : strcmp(link->link_type, "can") == 0 ? "vxcan" : "veth";
}

static bool is_up(const struct listed_link *link)
{
    return link->flags & VNET_IFF_UP;
}

/* Is it the master of another? */
static bool has_ports(const struct listing *l, const struct listed_link *link)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (strcmp(l->links[i].master, link->name) == 0)
            return true;
    return false;
}

/* Without -d a bridge shows itself by having no queue, and without ports no carrier. */
static bool looks_like_bridge(const struct listed_link *link)
{
    const uint32_t others = VNET_IFF_NOARP | VNET_IFF_POINTOPOINT | VNET_IFF_MASTER;
    return !link->kind[0] && link->has_header && strcmp(link->qdisc, "noqueue") == 0 &&
           !(link->flags & others) && (link->no_carrier || !is_up(link)) &&
           strncmp(link->name, "wl", 2) != 0;
}

static bool is_bridge(const struct listed_link *link)
{
    return strcmp(link->kind, "bridge") == 0 || looks_like_bridge(link);
}

/* Why a link that becomes a network card is not what it was; "" if it was one. */
static void say_foreign(const struct listing *l, const struct listed_link *link, char *why,
                        size_t size)
{
    why[0] = '\0';
    if (strcmp(link->kind, "bridge") == 0 || has_ports(l, link))
        snprintf(why, size, "bridge ports are not emulated");
    else if (strcmp(link->kind, "veth") == 0 || strncmp(link->below, "if", 2) == 0)
        snprintf(why, size, "its peer %s is not in the listing", link->below);
    else if (link->kind[0])
        snprintf(why, size, "a link of kind %s is not emulated", link->kind);
    else if (link->below[0])
        snprintf(why, size, "a link on top of %s is not emulated", link->below);
    else if (link->flags & VNET_IFF_MASTER)
        snprintf(why, size, "a link made of others is not emulated");
}

/* ---- making them ---- */

static struct lladdr any_mac(struct vnet *w)
{
    uint8_t mac[ETH_ALEN] = {0x52, 0x54, 0x00}; /* as QEMU's */
    uint32_t r = vnet_random(w);
    memcpy(mac + 3, &r, 3);
    return lladdr_eth(mac);
}

static void make_nic(struct listing *l, struct vnet *w, struct netns *ns, struct listed_link *link)
{
    struct vnet_err err = {""};
    uint32_t queues = link->attrs_shown >> ATTR_TX_QUEUES & 1 ? link->attr[ATTR_TX_QUEUES] : 1;
    const char *qdisc =
        link->qdisc[0] && strcmp(link->qdisc, "noop") != 0 ? link->qdisc : "fq_codel";
    if (link->mac.len == 0) {
        link->mac = any_mac(w);
        listing_note(l, link->line,
                     link->guessed ? "%s: not listed: a network card is made up"
                                   : "%s: its MAC address is made up",
                     link->name);
    }
    if (queues == 0 || queues > 4096)
        queues = 1;
    int rc = vnet_nic_add(ns, link->ifindex, link->name, &link->mac, qdisc, queues, &err);
    if (rc == -EBUSY) { /* its number is another's */
        listing_note(l, link->line, "%s: its number %d is another's", link->name, link->ifindex);
        rc = vnet_nic_add(ns, 0, link->name, &link->mac, qdisc, queues, &err);
    }
    if (rc < 0)
        listing_note(l, link->line, "%s: left out: %s", link->name, err.msg);
    else
        link->made = vnet_link_index(ns, link->name);
}

static void fill_request(const struct listed_link *link, struct vnet_link_req *req)
{
    *req = (struct vnet_link_req){.ifindex = link->ifindex};
    memcpy(req->ifname, link->name, sizeof(req->ifname));
    if (link->mac.len == ETH_ALEN) {
        req->set |= VNET_LINK_ADDR;
        req->addr = link->mac;
    }
    if (link->attrs_shown >> ATTR_TX_QUEUES & 1) {
        req->set |= VNET_LINK_NUMTXQ;
        req->num_tx_queues = link->attr[ATTR_TX_QUEUES];
    }
    if (link->attrs_shown >> ATTR_RX_QUEUES & 1) {
        req->set |= VNET_LINK_NUMRXQ;
        req->num_rx_queues = link->attr[ATTR_RX_QUEUES];
    }
}

/* A bridge; false: not to be made. */
static bool make_bridge(struct listing *l, struct netns *ns, struct listed_link *link)
{
    struct vnet_link_req req;
    struct vnet_err err = {""};
    fill_request(link, &req);
    req.kind = "bridge";
    if (vnet_link_add(ns, &req, &err) < 0) {
        listing_note(l, link->line, "%s: not made as a bridge: %s", link->name, err.msg);
        return false;
    }
    link->made = vnet_link_index(ns, link->name);
    return true;
}

/* Both ends, at the first of them; false: the engine does not make such a pair. */
static bool make_pair(struct listing *l, struct netns *ns, struct listed_link *link,
                      const char *kind)
{
    struct listed_link *other = listing_find_link(l, link->below);
    struct vnet_link_req req, peer;
    struct vnet_err err = {""};
    fill_request(link, &req);
    fill_request(other, &peer);
    req.kind = kind;
    req.peer = &peer;
    int rc = vnet_link_add(ns, &req, &err);
    if (rc < 0) {
        listing_note(l, link->line, "%s: not made as a %s pair: %s", link->name, kind,
                     err.msg[0] ? err.msg : "its number or name is another's");
        return false;
    }
    link->made = vnet_link_index(ns, link->name);
    other->made = vnet_link_index(ns, other->name);
    return true;
}

static bool is_loopback(const struct listed_link *link)
{
    return link->flags & VNET_IFF_LOOPBACK || strcmp(link->name, "lo") == 0;
}

static void make_link(struct listing *l, struct vnet *w, struct netns *ns, struct listed_link *link)
{
    char why[80];
    const char *pair = pair_kind(l, link);
    bool ether = !link->link_type[0] || strcmp(link->link_type, "ether") == 0;
    if (is_loopback(link)) {
        link->made = vnet_link_index(ns, link->name);
        if (!link->made)
            listing_note(l, link->line, "%s: a second loopback: left out", link->name);
        return;
    }
    if (pair && make_pair(l, ns, link, pair))
        return;
    if (!ether) {
        listing_note(l, link->line, "%s: link/%s is not emulated: left out", link->name,
                     link->link_type);
        return;
    }
    if (!link->below[0] && is_bridge(link) && (link->no_carrier || !is_up(link)) &&
        make_bridge(l, ns, link))
        return;
    say_foreign(l, link, why, sizeof(why));
    if (why[0])
        listing_note(l, link->line, "%s: %s: it becomes a network card", link->name, why);
    make_nic(l, w, ns, link);
}

/* ---- settings ---- */

static void set(struct listing *l, struct netns *ns, const struct listed_link *link,
                const char *what, struct vnet_link_req *req)
{
    struct vnet_err err = {""};
    req->ifindex = link->made;
    if (vnet_link_set(ns, req, &err) < 0)
        listing_note(l, link->line, "%s: %s is not kept%s%s", link->name, what,
                     err.msg[0] ? ": " : "", err.msg);
}

static void set_group(struct listing *l, struct netns *ns, const struct listed_link *link)
{
    uint32_t group;
    if (!link->group[0])
        return;
    if (group_value(link->group, &group))
        set(l, ns, link, "its group",
            &(struct vnet_link_req){.set = VNET_LINK_GROUP, .group = group});
    else
        listing_note(l, link->line, "%s: group %s is not known", link->name, link->group);
}

static void set_names(struct listing *l, struct netns *ns, const struct listed_link *link)
{
    struct vnet_err err = {""};
    if (link->alias)
        set(l, ns, link, "its alias",
            &(struct vnet_link_req){.set = VNET_LINK_ALIAS, .alias = link->alias});
    for (size_t i = 0; i < link->naltnames; i++)
        if (vnet_link_add_altname(ns, link->made, link->altnames[i], &err) < 0)
            listing_note(l, link->line, "%s: altname %.60s is not kept", link->name,
                         link->altnames[i]);
}

static void set_flags(struct listing *l, struct netns *ns, const struct listed_link *link)
{
    const uint32_t settable = VNET_IFF_NOARP | VNET_IFF_PROMISC | VNET_IFF_ALLMULTI |
                              VNET_IFF_MULTICAST | VNET_IFF_DYNAMIC | VNET_IFF_NOTRAILERS;
    struct vnet_link_info info;
    if (!link->has_header || vnet_link_get(ns, link->made, &info) < 0)
        return;
    uint32_t change = (info.flags ^ link->flags) & settable;
    if (change)
        set(l, ns, link, "a flag",
            &(struct vnet_link_req){.flags = link->flags & change, .change = change});
}

static void set_values(struct listing *l, struct netns *ns, const struct listed_link *link)
{
    struct vnet_link_info info;
    if (vnet_link_get(ns, link->made, &info) < 0)
        return;
    if (link->mtu && link->mtu != info.mtu)
        set(l, ns, link, "its mtu",
            &(struct vnet_link_req){.set = VNET_LINK_MTU, .mtu = link->mtu});
    if (link->qlen >= 0 && (uint32_t)link->qlen != info.txqlen)
        set(l, ns, link, "its qlen",
            &(struct vnet_link_req){.set = VNET_LINK_TXQLEN, .txqlen = (uint32_t)link->qlen});
    if (link->brd.len == ETH_ALEN && !lladdr_eq(&link->brd, &info.brd))
        set(l, ns, link, "its broadcast address",
            &(struct vnet_link_req){.set = VNET_LINK_BRD, .brd = link->brd});
    if (link->linkmode > 0)
        set(l, ns, link, "its mode",
            &(struct vnet_link_req){.set = VNET_LINK_LINKMODE,
                                    .linkmode = (uint8_t)link->linkmode});
    if (link->master[0])
        listing_note(l, link->line, "%s: master %s is not kept: bridge ports are not emulated",
                     link->name, link->master);
}

void apply_links(struct listing *l, struct vnet *w, struct netns *ns)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (!l->links[i].made)
            make_link(l, w, ns, &l->links[i]);
    for (size_t i = 0; i < l->nlinks; i++) {
        const struct listed_link *link = &l->links[i];
        if (!link->made)
            continue;
        set_values(l, ns, link);
        set_group(l, ns, link);
        set_flags(l, ns, link);
        set_names(l, ns, link);
    }
}

/* ---- up ---- */

static void set_up(struct listing *l, struct netns *ns, const struct listed_link *link, bool up)
{
    set(l, ns, link, up ? "up" : "down",
        &(struct vnet_link_req){.flags = up ? VNET_IFF_UP : 0, .change = VNET_IFF_UP});
}

static void bring_up(struct listing *l, struct netns *ns, struct listed_link *link)
{
    struct vnet_link_info info;
    struct vnet_err err = {""};
    if (vnet_link_get(ns, link->made, &info) < 0)
        return;
    if (link->addr_gen < 0)
        link->addr_gen = info.addr_gen_mode; /* to come back to */
    if (link->shows_v6 && info.has_inet6)
        set(l, ns, link, "addrgenmode",
            &(struct vnet_link_req){.set = VNET_LINK_ADDRGEN, .addr_gen_mode = VNET_ADDRGEN_NONE});
    if (link->no_carrier && vnet_link_is_nic(ns, link->made))
        vnet_nic_plug(ns, link->made, false, &err);
    bool up = is_up(link) || link->guessed;
    bool was_up = link->qdisc[0] && strcmp(link->qdisc, "noop") != 0; /* it keeps its queue */
    if (up || was_up)
        set_up(l, ns, link, true);
    if (!up)
        set_up(l, ns, link, false);
}

void apply_links_up(struct listing *l, struct netns *ns)
{
    struct listed_link lo = {.made = vnet_link_index(ns, "lo"), .name = "lo"};
    if (!listing_find_link(l, "lo"))
        set_up(l, ns, &lo, true);
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].made)
            bring_up(l, ns, &l->links[i]);
}

/* ---- what came of it ---- */

static void differ(struct strbuf *sb, const char *what, const char *listed, const char *made)
{
    strbuf_addf(sb, "%s%s %s (here %s)", sb->len ? ", " : "", what, listed, made);
}

static void compare_attrs(const struct listed_link *link, const struct vnet_link_info *info,
                          struct strbuf *sb)
{
    const uint32_t made[ATTRS] = {
        [ATTR_PROMISCUITY] = info->promiscuity,   [ATTR_ALLMULTI] = info->allmulti,
        [ATTR_MIN_MTU] = info->min_mtu,           [ATTR_MAX_MTU] = info->max_mtu,
        [ATTR_TX_QUEUES] = info->num_tx_queues,   [ATTR_RX_QUEUES] = info->num_rx_queues,
        [ATTR_GSO_MAX_SIZE] = info->gso_max_size, [ATTR_GSO_MAX_SEGS] = info->gso_max_segs,
        [ATTR_TSO_MAX_SIZE] = info->tso_max_size, [ATTR_TSO_MAX_SEGS] = info->tso_max_segs,
        [ATTR_GRO_MAX_SIZE] = info->gro_max_size,
    };
    char a[16], b[16];
    for (size_t i = 0; i < ATTRS; i++) {
        if (!(link->attrs_shown >> i & 1) || link->attr[i] == made[i])
            continue;
        snprintf(a, sizeof(a), "%u", link->attr[i]);
        snprintf(b, sizeof(b), "%u", made[i]);
        differ(sb, attr_names[i].word, a, b);
    }
}

static void compare(struct listing *l, const struct listed_link *link,
                    const struct vnet_link_info *info)
{
    static const char *const states[] = {"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN",
                                         "TESTING", "DORMANT",    "UP"};
    struct strbuf sb = STRBUF_INIT;
    bool no_carrier = (info->flags & VNET_IFF_UP) && !(info->flags & VNET_IFF_RUNNING);
    const char *qdisc = info->qdisc ? info->qdisc : "noop";
    if (link->qdisc[0] && strcmp(link->qdisc, qdisc) != 0)
        differ(&sb, "qdisc", link->qdisc, qdisc);
    if (link->operstate >= 0 && link->operstate != info->operstate)
        differ(&sb, "state", states[link->operstate], states[info->operstate]);
    if (link->has_header && link->no_carrier != no_carrier)
        differ(&sb, "flag", link->no_carrier ? "NO-CARRIER" : "LOWER_UP",
               no_carrier ? "NO-CARRIER" : "LOWER_UP");
    compare_attrs(link, info, &sb);
    if (sb.len)
        listing_note(l, link->line, "%s: not kept: %s", link->name, sb.data);
    strbuf_release(&sb);
}

void apply_check_links(struct listing *l, struct netns *ns)
{
    struct vnet_link_info info;
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].made && vnet_link_get(ns, l->links[i].made, &info) == 0)
            compare(l, &l->links[i], &info);
}
