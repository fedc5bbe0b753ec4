/* `ip link property` (iplink_prop_mod() of iproute2 6.1.0). */
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_words.h"

enum { ALTNAME_MAX = 127, NAMES_MAX = 1024 };

struct properties {
    struct ip *ip;
    const char *dev;
    const char *names[NAMES_MAX];
    size_t n;
};

static int take_altname(struct args *a, void *into, const struct keyword *kw)
{
    struct properties *p = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!ip_altname_ok(a->v[0]))
        return arg_invalid(a, "not a valid altname", a->v[0]);
    if (p->n == NAMES_MAX)
        return arg_unsupported(a, "ip link property: more names than", "1024");
    p->names[p->n++] = a->v[0];
    return ARG_OK;
}

static int take_help(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    return ip_usage(((struct properties *)into)->ip, HELP_LINK);
}

static int take_device(struct args *a, void *into)
{
    struct properties *p = into;
    int status = strcmp(a->v[0], "dev") == 0 ? arg_next(a) : ARG_OK;
    if (status)
        return status;
    if (p->dev)
        return arg_garbage(a, "dev", a->v[0]);
    if (!ip_altname_ok(a->v[0]))
        return arg_invalid(a, "\"dev\" not a valid ifname", a->v[0]);
    p->dev = a->v[0];
    return ARG_OK;
}

static const struct keyword words[] = {
    {"altname", true, take_altname, 0, NULL},
    {"help", true, take_help, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

/* rtnl_linkprop(): one name after the other, until one fails; a name that is too long has the whole
 * message refused. */
static int change(struct properties *p, bool add, int ifindex)
{
    struct vnet_err err = {""};
    int status = ARG_OK;
    for (size_t i = 0; i < p->n; i++)
        if (strlen(p->names[i]) > ALTNAME_MAX)
            return ip_refuse(p->ip, IP_POLICY);
    for (size_t i = 0; i < p->n && !status; i++)
        status = ip_answer(p->ip,
                           (add ? vnet_link_add_altname : vnet_link_del_altname)(p->ip->ns, ifindex,
                                                                                 p->names[i], &err),
                           &err);
    return status;
}

int ip_link_property(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct properties p = {.ip = ip};
    (void)verb;
    if (arg_completing(a)) {
        complete_offer(a->complete, "add");
        complete_offer(a->complete, "del");
        return ARG_EXIT;
    }
    if (a->n == 0)
        return ip_usage(ip, HELP_LINK);
    bool add = arg_matches(a->v[0], "add");
    if (arg_matches(a->v[0], "help"))
        return ip_usage(ip, HELP_LINK);
    if (!add && !arg_matches(a->v[0], "del")) {
        sink_puts(ip->err, "Operator required\n");
        return ARG_USAGE;
    }
    arg_advance(a);
    int status = args_read(a, words, &p, take_device);
    if (status)
        return status;
    if (!p.dev) {
        sink_puts(ip->err, "Not enough of information: \"dev\" argument is required.\n");
        return ARG_USAGE;
    }
    int ifindex = ip_link_index(ip, p.dev);
    return ifindex ? change(&p, add, ifindex) : ip_nodev(ip, p.dev);
}
