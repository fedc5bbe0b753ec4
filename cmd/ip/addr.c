/* `ip address`: its verbs, and add, change, replace, delete (ipaddr_modify() of iproute2 6.1.0). */
#include <stdio.h>
#include <string.h>

#include "cmd/ip/addr_list.h"
#include "cmd/ip/help.h"
#include "cmd/ip/names.h"

enum { ADDR_ADD, ADDR_CHANGE, ADDR_REPLACE, ADDR_DELETE };

enum brd_form { BRD_NONE, BRD_GIVEN, BRD_ONES, BRD_ZEROS };

struct change {
    struct ip *ip;
    bool del;
    struct vnet_addr_req req;
    const char *dev;
    const char *local_word; /* as typed; NULL: not given */
    struct ip_prefix local, peer;
    bool has_peer, has_anycast;
    bool bad_attribute; /* one that the kernel's policy refuses: "any" is an address of no bytes */
    enum brd_form brd;
    bool has_valid, has_preferred;
};

static void adopt_family(struct change *c, const struct ip_prefix *p)
{
    if (c->req.family == VNET_AF_UNSPEC)
        c->req.family = p->addr.family;
}

static int take_peer(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->has_peer && c->peer.size)
        return arg_duplicate(a, "peer", a->v[0]);
    status = ip_take_prefix(c->ip, a, c->req.family, &c->peer);
    if (status)
        return status;
    c->has_peer = true;
    adopt_family(c, &c->peer);
    if (c->peer.size)
        c->req.address = c->peer.addr;
    c->bad_attribute |= !c->peer.size;
    c->req.prefixlen = c->peer.len;
    return ARG_OK;
}

static int take_broadcast(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    struct ip_prefix addr;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->brd != BRD_NONE)
        return arg_duplicate(a, "broadcast", a->v[0]);
    if (strcmp(a->v[0], "+") == 0 || strcmp(a->v[0], "-") == 0) {
        c->brd = a->v[0][0] == '+' ? BRD_ONES : BRD_ZEROS;
        return ARG_OK;
    }
    status = ip_take_addr(c->ip, a, c->req.family, &addr);
    if (status)
        return status;
    adopt_family(c, &addr);
    c->req.brd = addr.addr;
    c->brd = addr.size ? BRD_GIVEN : BRD_NONE;
    c->bad_attribute |= !addr.size;
    return ARG_OK;
}

static int take_scope(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    uint32_t scope;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!scope_value(a->v[0], &scope))
        return arg_invalid(a, "invalid scope value.", a->v[0]);
    c->req.scope = (uint8_t)scope;
    c->req.has_scope = true;
    return ARG_OK;
}

static int take_label(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    /* too long for IFA_LABEL's policy, as an empty address is too short for its own */
    if (strlen(a->v[0]) >= sizeof(c->req.label)) {
        c->bad_attribute = true;
        return ARG_OK;
    }
    snprintf(c->req.label, sizeof(c->req.label), "%s", a->v[0]);
    return ARG_OK;
}

static int take_metric(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    int status = arg_next(a);
    if (status || arg_u32(a->v[0], 0, &((struct change *)into)->req.metric))
        return status;
    return arg_invalid(a, "\"metric\" value is invalid\n", a->v[0]);
}

static bool read_lifetime(const char *word, uint32_t *seconds)
{
    if (strcmp(word, "forever") != 0)
        return arg_u32(word, 0, seconds);
    *seconds = VNET_LIFETIME_FOREVER;
    return true;
}

static int take_lifetime(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    bool *given = kw->value ? &c->has_valid : &c->has_preferred;
    uint32_t *seconds = kw->value ? &c->req.valid_lft : &c->req.preferred_lft;
    if (*given)
        return arg_duplicate(a, kw->name, a->v[0]);
    int status = arg_next(a);
    if (status)
        return status;
    *given = true;
    return read_lifetime(a->v[0], seconds) ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
}

/* IFA_ANYCAST: the kernel reads no such attribute, whatever its size; iproute2 checks the address
 * all the same. */
static int take_anycast(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    struct ip_prefix addr;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->has_anycast)
        return arg_duplicate(a, "anycast", a->v[0]);
    status = ip_take_addr(c->ip, a, c->req.family, &addr);
    if (status)
        return status;
    adopt_family(c, &addr);
    c->has_anycast = addr.size != 0;
    return ARG_OK;
}

static int take_local(struct args *a, struct change *c)
{
    if (strcmp(a->v[0], "local") == 0) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    if (arg_matches(a->v[0], "help"))
        return ip_usage(c->ip, HELP_ADDR);
    if (c->local.size)
        return arg_garbage(a, "local", a->v[0]);
    c->local_word = a->v[0];
    int status = ip_take_prefix(c->ip, a, c->req.family, &c->local);
    if (status)
        return status;
    adopt_family(c, &c->local);
    if (c->local.size)
        c->req.local = c->local.addr;
    c->bad_attribute |= !c->local.size;
    return ARG_OK;
}

/* A flag, or the address. */
static int take_flag_or_local(struct args *a, void *into)
{
    struct change *c = into;
    bool readonly, v6only;
    uint32_t flag = ip_addr_flag(a->v[0], &readonly, &v6only);
    if (!flag)
        return take_local(a, c);
    if (readonly)
        sink_printf(a->err, "Warning: %s option is not mutable from userspace\n", a->v[0]);
    else if (v6only && c->req.family != VNET_AF_INET6)
        sink_printf(a->err, "Warning: %s option can be set only for IPv6 addresses\n", a->v[0]);
    else
        c->req.flags |= flag;
    return ARG_OK;
}

static const struct keyword words[] = {
    {"peer", false, take_peer, 0, NULL},
    {"remote", false, take_peer, 0, NULL},
    {"broadcast", true, take_broadcast, 0, NULL},
    {"brd", false, take_broadcast, 0, NULL},
    {"anycast", false, take_anycast, 0, NULL},
    {"scope", false, take_scope, 0, NULL},
    {"dev", false, ARG_TEXT(change, dev), NULL},
    {"label", false, take_label, 0, NULL},
    {"metric", true, take_metric, 0, NULL},
    {"priority", true, take_metric, 0, NULL},
    {"preference", true, take_metric, 0, NULL},
    {"valid_lft", true, take_lifetime, 1, "valid_lft value"},
    {"preferred_lft", true, take_lifetime, 0, "preferred_lft value"},
    {NULL, false, NULL, 0, NULL},
};

static void warn_wildcard(struct change *c)
{
    sink_printf(c->ip->err,
                "Warning: Executing wildcard deletion to stay compatible with old scripts.\n"
                "         Explicitly specify the prefix length (%s/%u) to avoid this warning.\n"
                "         This special behaviour is likely to disappear in further releases,\n"
                "         fix your scripts!\n",
                c->local_word, c->local.size * 8U);
}

static void fill_peer(struct change *c)
{
    if (!c->peer.size && c->local.size) {
        if (c->del && c->local.addr.family == VNET_AF_INET && !c->local.len_given) {
            warn_wildcard(c);
        } else {
            c->peer = c->local;
            c->req.address = c->local.addr;
        }
    }
    if (c->req.prefixlen == 0)
        c->req.prefixlen = c->local.len;
}

/* "broadcast +" and "-": the host part all ones, or all zeros. */
static int fill_broadcast(struct change *c)
{
    if (c->del || (c->brd != BRD_ONES && c->brd != BRD_ZEROS))
        return ARG_OK;
    if (c->req.family != VNET_AF_INET) {
        sink_puts(c->ip->err, "Broadcast can be set only for IPv4 addresses\n");
        return ARG_FAILED;
    }
    if (c->peer.len <= 30)
        c->req.brd = c->brd == BRD_ONES ? inet_addr_broadcast(&c->peer.addr, c->peer.len)
                                        : inet_addr_masked(&c->peer.addr, c->peer.len);
    return ARG_OK;
}

static int check_lifetimes(struct change *c)
{
    if (!c->has_valid && !c->has_preferred)
        return ARG_OK;
    c->req.has_lft = true;
    if (c->req.valid_lft == 0) {
        sink_puts(c->ip->err, "valid_lft is zero\n");
        return ARG_FAILED;
    }
    if (c->req.valid_lft < c->req.preferred_lft) {
        sink_puts(c->ip->err, "preferred_lft is greater than valid_lft\n");
        return ARG_FAILED;
    }
    return ARG_OK;
}

static int complete(struct change *c)
{
    if (!c->dev) {
        sink_puts(c->ip->err, "Not enough information: \"dev\" argument is required.\n");
        return ARG_FAILED;
    }
    fill_peer(c);
    int status = fill_broadcast(c);
    if (status)
        return status;
    if (!c->req.has_scope && !c->del) {
        c->req.has_scope = true;
        c->req.scope = c->local.addr.family == VNET_AF_INET && inet_addr_is_loopback(&c->local.addr)
                           ? VNET_SCOPE_HOST
                           : VNET_SCOPE_UNIVERSE;
    }
    c->req.ifindex = ip_link_index(c->ip, c->dev);
    if (!c->req.ifindex)
        return ip_nodev(c->ip, c->dev);
    status = check_lifetimes(c);
    if (status)
        return status;
    if ((c->req.flags & VNET_IFA_F_MCAUTOJOIN) && !inet_addr_is_multicast(&c->local.addr)) {
        sink_puts(c->ip->err, "autojoin needs multicast address\n");
        return ARG_FAILED;
    }
    if (c->bad_attribute && c->req.family != VNET_AF_UNSPEC)
        return ip_refuse(c->ip, IP_POLICY);
    return ARG_OK;
}

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct vnet_err err = {""};
    struct change c = {
        .ip = ip,
        .del = verb->value == ADDR_DELETE,
        .req = {.family = ip->opt.family,
                .valid_lft = VNET_LIFETIME_FOREVER,
                .preferred_lft = VNET_LIFETIME_FOREVER,
                .excl = verb->value == ADDR_ADD,
                .replace = verb->value == ADDR_CHANGE || verb->value == ADDR_REPLACE},
    };
    int status = args_read(a, words, &c, take_flag_or_local);
    if (!status)
        status = complete(&c);
    if (status)
        return status;
    return ip_answer(
        ip, c.del ? vnet_addr_del(ip->ns, &c.req, &err) : vnet_addr_add(ip->ns, &c.req, &err),
        &err);
}

/* ---- verbs ---- */

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    return ip_list_addrs(ip, a);
}

static int flush(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    return ip_flush_addrs(ip, a);
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_ADDR);
}

static const struct ip_verb verbs[] = {
    {"add", true, true, modify, ADDR_ADD},
    {"change", true, true, modify, ADDR_CHANGE},
    {"chg", false, true, modify, ADDR_CHANGE},
    {"replace", true, true, modify, ADDR_REPLACE},
    {"delete", true, true, modify, ADDR_DELETE},
    {"list", true, true, show, 0},
    {"show", true, true, show, 0},
    {"lst", true, true, show, 0},
    {"flush", true, true, flush, 0},
    {"save", true, false, NULL, 0},
    {"showdump", true, false, NULL, 0},
    {"restore", true, false, NULL, 0},
    {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_addr_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "address", &without);
}
