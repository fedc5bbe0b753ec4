/* `ip link`: its verbs, and add, set, delete (iplink_modify() of iproute2 6.1.0). */
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/addr_list.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_words.h"

enum { LINK_ADD, LINK_SET, LINK_DELETE };

/* The kinds whose own words iproute2 can read (get_link_kind()). */
static bool kind_known(const char *kind)
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

static int garbage(struct ip *ip, struct args *a)
{
    if (arg_matches(a->v[0], "help"))
        return ip_usage(ip, HELP_LINK);
    sink_printf(ip->err, "Garbage instead of arguments \"%s ...\". Try \"ip link help\".\n",
                a->v[0]);
    return ARG_FAILED;
}

/* `type veth peer ...` (link_veth.c) */
static int read_veth(struct ip *ip, struct args *a, struct link_words *peer)
{
    if (strcmp(a->v[0], "peer") != 0) {
        ip_kind_usage(ip, "veth");
        return ARG_FAILED;
    }
    arg_advance(a);
    peer->ip = ip;
    peer->create = true;
    int status = ip_read_link_words(peer, a);
    if (!status && peer->kind)
        return arg_duplicate(a, "type", peer->kind);
    return status;
}

/* What stands behind `type KIND`. */
static int read_kind_words(struct ip *ip, struct args *a, struct link_words *w,
                           struct link_words *peer)
{
    if (a->n == 0)
        return ARG_OK;
    if (!kind_known(w->kind))
        return garbage(ip, a);
    if (!w->create)
        return arg_unsupported(a, "ip link set ... type", w->kind);
    if (strcmp(w->kind, "veth") == 0) {
        w->req.peer = &peer->req;
        return read_veth(ip, a, peer);
    }
    if (strcmp(w->kind, "bridge") == 0)
        return arg_unsupported(a, "bridge option", a->v[0]);
    return ARG_OK; /* the kernel refuses the kind */
}

static int set_group(struct ip *ip, struct vnet_link_req *req)
{
    struct vnet_err err = {""};
    struct vnet_link_info l;
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i)) {
        if (vnet_link_get(ip->ns, i, &l) < 0 || l.group != req->group)
            continue;
        req->ifindex = i;
        int status = ip_answer(ip, vnet_link_set(ip->ns, req, &err), &err);
        if (status)
            return status;
    }
    return ARG_OK;
}

static int submit(struct ip *ip, struct link_words *w, uint32_t verb)
{
    struct vnet_err err = {""};
    int rc;
    if (w->whole_group && verb == LINK_SET)
        return set_group(ip, &w->req);
    if (w->whole_group)
        rc = vnet_link_del_group(ip->ns, w->req.group, &err);
    else if (verb == LINK_DELETE)
        rc = vnet_link_del(ip->ns, w->req.ifindex, &err);
    else if (verb == LINK_SET)
        rc = vnet_link_set(ip->ns, &w->req, &err);
    else
        rc = vnet_link_add(ip->ns, &w->req, &err);
    return ip_answer(ip, rc, &err);
}

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct link_words w = {.ip = ip, .create = verb->value == LINK_ADD};
    struct link_words peer = {.ip = ip};
    int status = ip_read_link_words(&w, a);
    if (status)
        return status;
    if (w.kind) {
        status = read_kind_words(ip, a, &w, &peer);
        if (status)
            return status;
        w.req.kind = w.kind;
    } else if (w.create) {
        sink_puts(ip->err, "Not enough information: \"type\" argument is required\n");
        return ARG_FAILED;
    }
    return submit(ip, &w, verb->value);
}

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    return ip_list_links(ip, a);
}

static int refuse(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)ip;
    return arg_unsupported(a, "ip link", verb->name);
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    if (a->n > 0 && ip_kind_usage(ip, a->v[0]))
        return ARG_OK;
    return ip_usage(ip, HELP_LINK);
}

static const struct ip_verb verbs[] = {
    {"add", true, true, modify, LINK_ADD},
    {"set", true, true, modify, LINK_SET},
    {"change", true, true, modify, LINK_SET},
    {"replace", true, false, refuse, 0},
    {"delete", true, true, modify, LINK_DELETE},
    {"show", true, true, show, 0},
    {"lst", true, true, show, 0},
    {"list", true, true, show, 0},
    {"xstats", true, false, refuse, 0},
    {"afstats", true, false, refuse, 0},
    {"property", true, false, refuse, 0},
    {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_link_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "link", &without);
}
