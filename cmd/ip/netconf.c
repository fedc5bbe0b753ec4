/* `ip netconf` (ip/ipnetconf.c of iproute2 6.1.0). */
#include "cmd/ip/netconf.h"

#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"

struct listing {
    struct ip *ip;
    uint8_t family;
    int ifindex; /* 0: all */
};

static int take_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    l->ifindex = ip_link_index(l->ip, a->v[0]);
    if (l->ifindex)
        return ARG_OK;
    sink_printf(l->ip->err, "Device \"%s\" does not exist.\n", a->v[0]);
    return ARG_FAILED;
}

/* Words that it does not know are passed over. */
static int pass_over(struct args *a, void *into)
{
    (void)a;
    (void)into;
    return ARG_OK;
}

static const struct keyword words[] = {
    {"dev", false, take_dev, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static void print_interface(struct ip *ip, int ifindex)
{
    char name[VNET_IFNAMSIZ];
    print_colored(&ip->out, TO_ANY, COLOR_IFNAME, "interface", "%s ",
                  ifindex == VNET_NETCONF_ALL       ? "all"
                  : ifindex == VNET_NETCONF_DEFAULT ? "default"
                                                    : ip_link_name(ip, ifindex, name));
}

static void print_rp_filter(struct printer *p, int64_t value)
{
    static const char *const names[] = {"off", "strict", "loose"};
    if (value == VNET_NETCONF_NOT_TOLD)
        return;
    if ((uint64_t)value < ARRAY_LEN(names))
        print_str(p, TO_ANY, "rp_filter", "rp_filter %s ", names[value]);
    else
        print_uint(p, TO_ANY, "rp_filter", "rp_filter %u ", (uint32_t)value);
}

static void print_switch(struct printer *p, const char *key, int64_t value)
{
    if (value == VNET_NETCONF_NOT_TOLD)
        return;
    if (p->in_json)
        print_bool(p, key, value != 0);
    else
        sink_printf(p->out, "%s %s ", key, value ? "on" : "off");
}

void ip_print_netconf(struct ip *ip, const struct vnet_netconf_info *c)
{
    struct printer *p = &ip->out;
    json_open_object(p, NULL);
    print_str(p, TO_ANY, "family", "%s ", ip_family_name(c->family));
    print_interface(ip, c->ifindex);
    print_switch(p, "forwarding", c->forwarding);
    print_rp_filter(p, c->rp_filter);
    print_switch(p, "mc_forwarding", c->mc_forwarding);
    print_switch(p, "proxy_neigh", c->proxy_neigh);
    print_switch(p, "ignore_routes_with_linkdown", c->ignore_routes_with_linkdown);
    print_text(p, "\n");
    json_close_object(p);
}

static int show_one(const struct vnet_netconf_info *c, void *arg)
{
    struct listing *l = arg;
    if (l->ifindex && l->ifindex != c->ifindex)
        return 0;
    ip_print_netconf(l->ip, c);
    return 0;
}

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct listing l = {.ip = ip, .family = ip->opt.family};
    (void)verb;
    int status = args_read(a, words, &l, pass_over);
    if (status)
        return status;
    vnet_link_asked(ip->ns, 0); /* ll_init_map() */
    /* RTM_GETNETCONF of it, else a dump: only that has JSON. Of a device without the family the
     * kernel's answer is an acknowledgement (inet_netconf_get_devconf()). */
    bool one = l.ifindex && l.family;
    if (!one)
        json_begin(&ip->out);
    if (l.family == VNET_AF_UNSPEC || l.family == VNET_AF_INET || l.family == VNET_AF_INET6)
        vnet_netconf_dump(ip->ns, l.family, show_one, &l);
    if (!one)
        json_end(&ip->out);
    return ARG_OK;
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_NETCONF);
}

static const struct ip_verb verbs[] = {
    {"show", true, true, show, 0},  {"lst", true, true, show, 0},  {"list", true, true, show, 0},
    {"help", true, false, help, 0}, {NULL, false, false, NULL, 0},
};

int ip_netconf_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "netconf", &without);
}
