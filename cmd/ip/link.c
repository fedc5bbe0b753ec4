/* `ip link`: its verbs, and add, set, delete (iplink_modify() of iproute2 6.1.0). */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/addr_list.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_kinds.h"
#include "cmd/ip/link_words.h"

enum { LINK_ADD, LINK_REPLACE, LINK_SET, LINK_DELETE };

bool ip_kind_known(const char *kind)
{
    static const char *const kinds[] = {
        "amt",       "bareudp", "bond",       "bond_slave", "bridge",    "bridge_slave",
        "can",       "dsa",     "dummy",      "erspan",     "geneve",    "gre",
        "gretap",    "gtp",     "hsr",        "ifb",        "ip6erspan", "ip6gre",
        "ip6gretap", "ip6tnl",  "ipip",       "ipoib",      "ipvlan",    "ipvtap",
        "macsec",    "macvlan", "macvtap",    "netdevsim",  "nlmon",     "rmnet",
        "sit",       "team",    "team_slave", "vcan",       "veth",      "virt_wifi",
        "vlan",      "vrf",     "vrf_slave",  "vti",        "vti6",      "vxcan",
        "vxlan",     "wwan",    "xfrm"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

/* Kinds that iproute2 knows, and reads no words of: it passes over what is given. */
static bool kind_without_words(const char *kind)
{
    return strcmp(kind, "dummy") == 0 || strcmp(kind, "vcan") == 0;
}

static int garbage(struct ip *ip, struct args *a)
{
    if (arg_matches(a->v[0], "help"))
        return ip_usage(ip, HELP_LINK);
    sink_printf(ip->err, "Garbage instead of arguments \"%s ...\". Try \"ip link help\".\n",
                a->v[0]);
    return ARG_FAILED;
}

/* `type veth peer ...` (link_veth.c), `type vxcan peer ...` (iplink_vxcan.c) */
static int read_pair(struct link_words *w, struct args *a, struct link_words *peer)
{
    if (arg_completing(a))
        return arg_offer_value(a, "veth");
    if (strcmp(a->v[0], "peer") != 0) {
        ip_kind_usage(w->ip, w->kind);
        return ARG_FAILED;
    }
    arg_advance(a);
    peer->create = w->create;
    w->req.peer = &peer->req;
    int status = ip_read_link_words(peer, a);
    if (!status && peer->kind)
        return arg_duplicate(a, "type", peer->kind);
    return status;
}

/* What stands behind `type KIND`. */
static int read_kind_words(struct link_words *w, struct args *a, struct link_words *peer,
                           struct kind_words *k)
{
    static const struct {
        const char *kind;
        int (*read)(struct kind_words *k, struct args *a);
    } readers[] = {{"bridge", ip_read_bridge_words},
                   {"bridge_slave", ip_read_brport_words},
                   {"vlan", ip_read_vlan_words}};
    if (a->n == 0)
        return ARG_OK;
    if (!ip_kind_known(w->kind))
        return garbage(w->ip, a);
    w->has_data = true;
    if (strcmp(w->kind, "veth") == 0 || strcmp(w->kind, "vxcan") == 0)
        return read_pair(w, a, peer);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        if (strcmp(w->kind, readers[i].kind) == 0)
            return readers[i].read(k, a);
    if (kind_without_words(w->kind))
        return ARG_OK;
    if (!w->create)
        return arg_unsupported(a, "ip link ... type", w->kind);
    return ARG_OK; /* the kernel refuses the kind */
}

/* IFLA_INFO_KIND and IFLA_INFO_DATA, or those of the port. */
static void give_data(struct link_words *w, const struct kind_words *k)
{
    bool slave = w->kind && strcmp(w->kind, "bridge_slave") == 0;
    w->req.kind = w->kind;
    w->req.has_data = w->has_data && !slave;
    w->req.has_slave_data = w->has_data && slave;
    if (slave)
        w->req.slave_opts = &k->opts;
    else
        w->req.opts = &k->opts;
    if (w->has_data)
        w->req.vlan = &k->vlan;
}

/* do_setlink(), and what comes last in it: no emulated device has VFs, can be held down by
 * protocol, or lets options of its kind be changed. */
static int set_link(struct ip *ip, const struct link_words *w)
{
    struct vnet_err err = {""};
    int status = ip_answer(ip, vnet_link_set(ip->ns, &w->req, &err), &err);
    if (status)
        return status;
    if (w->asks_vf)
        return ip_answer(ip, -EOPNOTSUPP, &err);
    if (w->asks_protodown)
        return ip_answer(ip, vnet_err(&err, EOPNOTSUPP, "Protodown not supported by device"), &err);
    return ARG_OK;
}

/* rtnl_group_changelink(): iplink_modify() tells nothing of a kind here. */
static int set_group(struct ip *ip, struct link_words *w)
{
    struct vnet_link_info l;
    w->req.kind = NULL;
    w->req.has_data = w->req.has_slave_data = false;
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i)) {
        if (vnet_link_get(ip->ns, i, &l) < 0 || l.group != w->req.group)
            continue;
        w->req.ifindex = i;
        int status = set_link(ip, w);
        if (status)
            return status;
    }
    return ARG_OK;
}

static int add_link(struct ip *ip, struct link_words *w, bool replace)
{
    struct vnet_err err = {""};
    w->req.replace = replace;
    return ip_answer(ip, vnet_link_add(ip->ns, &w->req, &err), &err);
}

static int delete_link(struct ip *ip, const struct link_words *w)
{
    struct vnet_err err = {""};
    return ip_answer(ip,
                     w->whole_group ? vnet_link_del_group(ip->ns, w->req.group, &err)
                                    : vnet_link_del(ip->ns, w->req.ifindex, &err),
                     &err);
}

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    bool create = verb->value == LINK_ADD || verb->value == LINK_REPLACE;
    struct link_words w = {.ip = ip, .create = create}, peer = {.ip = ip};
    struct kind_words k = {.ip = ip};
    int status = ip_read_link_words(&w, a);
    if (!status && w.kind)
        status = read_kind_words(&w, a, &peer, &k);
    if (status)
        return status;
    give_data(&w, &k);
    if (create && !w.kind) {
        sink_puts(ip->err, "Not enough information: \"type\" argument is required\n");
        return ARG_FAILED;
    }
    if (w.long_name || peer.long_name)
        return ip_refuse(ip, IP_POLICY);
    if (w.kind && !*w.kind && verb->value != LINK_DELETE) /* validate_nla() of a string */
        return ip_answer(ip, -ERANGE, &(struct vnet_err){""});
    if (create)
        return add_link(ip, &w, verb->value == LINK_REPLACE);
    if (verb->value == LINK_DELETE)
        return delete_link(ip, &w);
    return w.whole_group ? set_group(ip, &w) : set_link(ip, &w);
}

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    return ip_list_links(ip, a);
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    if (a->n > 0 && ip_kind_usage(ip, a->v[0]))
        return ARG_OK;
    if (a->n > 0 && ip_kind_known(a->v[0]))
        return arg_unsupported(a, "link type", a->v[0]);
    return ip_usage(ip, HELP_LINK);
}

static const struct ip_verb verbs[] = {
    {"add", true, true, modify, LINK_ADD},
    {"set", true, true, modify, LINK_SET},
    {"change", true, true, modify, LINK_SET},
    {"replace", true, true, modify, LINK_REPLACE},
    {"delete", true, true, modify, LINK_DELETE},
    {"show", true, true, show, 0},
    {"lst", true, true, show, 0},
    {"list", true, true, show, 0},
    {"xstats", true, true, ip_link_xstats, 0},
    {"afstats", true, true, ip_link_afstats, 0},
    {"property", true, true, ip_link_property, 0},
    {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_link_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "link", &without);
}
