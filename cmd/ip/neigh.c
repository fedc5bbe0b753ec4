/* `ip neigh` (ip/ipneigh.c of iproute2 6.1.0). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/names.h"
#include "cmd/ip/neigh_print.h"
#include "vnet_route.h"

/* ---- add, change, replace, delete ---- */

enum { NEIGH_DELETE = 1U << 31 };

struct change {
    struct ip *ip;
    struct vnet_neigh_req req;
    const char *dev, *lladdr;
    bool has_dst;
    bool empty; /* the destination is "any": an address of no bytes */
};

static int read_destination(struct change *c, struct args *a)
{
    struct ip_prefix p;
    int status = ip_take_addr(c->ip, a, c->ip->opt.family, &p);
    if (status)
        return status;
    c->req.dst = p.addr;
    c->req.family = p.addr.family;
    c->has_dst = true;
    c->empty = !p.size;
    return ARG_OK;
}

static int take_lladdr(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->lladdr)
        return arg_duplicate(a, "lladdr", a->v[0]);
    c->lladdr = a->v[0];
    return ARG_OK;
}

static int take_state(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t state;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!ip_neigh_state(a->v[0], &state))
        return arg_invalid(a, "nud state is bad", a->v[0]);
    ((struct change *)into)->req.state = (uint16_t)state;
    return ARG_OK;
}

static int take_proxy(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (arg_matches(a->v[0], "help"))
        return ip_usage(c->ip, HELP_NEIGH);
    if (c->has_dst)
        return arg_duplicate(a, "address", a->v[0]);
    c->req.flags |= VNET_NTF_PROXY;
    return read_destination(c, a);
}

static int take_flag(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    ((struct change *)into)->req.flags |= kw->value;
    return ARG_OK;
}

static int take_protocol(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t proto;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!proto_value(a->v[0], &proto))
        return arg_invalid(a, "\"protocol\" value is invalid\n", a->v[0]);
    ((struct change *)into)->req.protocol = (uint8_t)proto;
    return ARG_OK;
}

static int take_destination(struct args *a, void *into)
{
    struct change *c = into;
    int status = ARG_OK;
    if (strcmp(a->v[0], "to") == 0)
        status = arg_next(a);
    if (!status && arg_matches(a->v[0], "help"))
        status = arg_next(a); /* so does iproute2 */
    if (status)
        return status;
    if (c->has_dst)
        return arg_garbage(a, "to", a->v[0]);
    return read_destination(c, a);
}

static const struct keyword words[] = {
    {"lladdr", true, take_lladdr, 0, NULL},
    {"nud", false, take_state, 0, NULL},
    {"proxy", true, take_proxy, 0, NULL},
    {"router", true, take_flag, VNET_NTF_ROUTER, NULL},
    {"use", true, take_flag, VNET_NTF_USE, NULL},
    {"managed", true, arg_refuse, 0, "ip neigh"},
    {"extern_learn", true, take_flag, VNET_NTF_EXT_LEARNED, NULL},
    {"dev", false, ARG_TEXT(change, dev), NULL},
    {"protocol", true, take_protocol, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

/* A destination and a device, which a proxy can do without. */
static bool names_entry(const struct change *c)
{
    bool placed = c->dev || c->req.flags & VNET_NTF_PROXY;
    return placed && c->has_dst && c->req.dst.family != VNET_AF_UNSPEC;
}

static int complete(struct change *c)
{
    if (!names_entry(c)) {
        sink_puts(c->ip->err, "Device and destination are required arguments.\n");
        return ARG_USAGE;
    }
    if (c->lladdr && strcmp(c->lladdr, "null") != 0) {
        int status = ip_take_lladdr(c->ip, c->lladdr, 20, &c->req.lladdr);
        if (status)
            return status;
        c->req.has_lladdr = true;
    }
    vnet_link_asked(c->ip->ns, 0); /* ll_init_map() */
    c->req.ifindex = c->dev ? ip_link_index(c->ip, c->dev) : 0;
    if (c->dev && !c->req.ifindex)
        return ip_nodev(c->ip, c->dev);
    return c->empty ? ip_refuse(c->ip, "Invalid network address") : ARG_OK;
}

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct vnet_err err = {""};
    struct change c = {.ip = ip, .req = {.state = VNET_NUD_PERMANENT}};
    int status = args_read(a, words, &c, take_destination);
    if (!status)
        status = complete(&c);
    if (status)
        return status;
    status =
        ip_answer(ip,
                  verb->value == NEIGH_DELETE ? vnet_neigh_del(ip->ns, &c.req, &err)
                                              : vnet_neigh_add(ip->ns, &c.req, verb->value, &err),
                  &err);
    return status ? ARG_EXIT | status : ARG_OK;
}

/* ---- get ---- */

struct search {
    const struct change *c;
    struct vnet_neigh_info found;
};

static int match_entry(const struct vnet_neigh_info *n, void *arg)
{
    struct search *s = arg;
    bool anywhere = n->flags & VNET_NTF_PROXY && !n->ifindex; /* pneigh_lookup() */
    if ((n->ifindex != s->c->req.ifindex && !anywhere) || !inet_addr_eq(&n->dst, &s->c->req.dst))
        return 0;
    s->found = *n;
    return 1;
}

static int take_get_destination(struct args *a, void *into)
{
    if (arg_matches(a->v[0], "help"))
        return ip_usage(((struct change *)into)->ip, HELP_NEIGH);
    return take_destination(a, into);
}

static const struct keyword get_words[] = {
    {"dev", false, ARG_TEXT(change, dev), NULL},
    {"proxy", true, take_proxy, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int get(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct change c = {.ip = ip};
    struct neigh_filter all = {.states = UINT32_MAX};
    (void)verb;
    int status = args_read(a, get_words, &c, take_get_destination);
    if (status)
        return status;
    if (!names_entry(&c)) {
        sink_puts(ip->err, "Device and address are required arguments.\n");
        return ARG_FAILED;
    }
    c.req.ifindex = c.dev ? ip_link_index(ip, c.dev) : 0;
    if (c.dev && !c.req.ifindex)
        return ip_nodev(ip, c.dev);
    bool proxy = c.req.flags & VNET_NTF_PROXY;
    struct search s = {.c = &c};
    if (!vnet_neigh_dump(ip->ns, c.req.family, proxy, match_entry, &s)) {
        sink_printf(ip->err, "Error: %s entry not found.\n",
                    proxy ? "Proxy neighbour" : "Neighbour");
        return ARG_REFUSED;
    }
    s.found.refcnt++; /* the answer itself holds one */
    ip_print_neigh(ip, &all, &s.found);
    return ARG_OK;
}

/* ---- show, flush ---- */

struct listing {
    struct ip *ip;
    struct neigh_filter f;
    bool flush;
    struct vnet_neigh_info *victims; /* owned; flush only */
    size_t n, cap;
};

static int take_filter_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (l->f.dev)
        return arg_duplicate(a, "dev", a->v[0]);
    l->f.dev = a->v[0];
    return ARG_OK;
}

static int take_master(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    l->f.master = ip_link_index(l->ip, a->v[0]);
    return l->f.master ? ARG_OK : arg_invalid(a, "Device does not exist\n", a->v[0]);
}

static int take_vrf(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    (void)kw;
    int status = arg_next(a);
    return status ? status : arg_invalid(a, "Not a valid VRF name\n", a->v[0]);
}

static int take_nomaster(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct listing *)into)->f.master = -1;
    return ARG_OK;
}

static int take_unused(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct listing *)into)->f.unused = true;
    return ARG_OK;
}

static int take_filter_state(struct args *a, void *into, const struct keyword *kw)
{
    struct listing *l = into;
    uint32_t state;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!l->f.states_given) {
        l->f.states_given = true;
        l->f.states = 0;
    }
    if (strcmp(a->v[0], "all") == 0)
        state = l->flush ? ~(uint32_t)VNET_NUD_NOARP : UINT32_MAX;
    else if (!ip_neigh_state(a->v[0], &state))
        return arg_invalid(a, "nud state is bad", a->v[0]);
    l->f.states |= state ? state : NEIGH_STATE_NONE;
    return ARG_OK;
}

static int take_proxies(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct listing *)into)->f.proxies = true;
    return ARG_OK;
}

static int take_filter_protocol(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t proto = 0;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!proto_value(a->v[0], &proto) && strcmp(a->v[0], "all") != 0)
        return arg_invalid(a, "invalid \"protocol\"\n", a->v[0]);
    ((struct listing *)into)->f.protocol = (uint8_t)proto;
    return ARG_OK;
}

static int take_prefix(struct args *a, void *into)
{
    struct listing *l = into;
    if (strcmp(a->v[0], "to") == 0) {
        int status = arg_next(a);
        if (status)
            return status;
    }
    if (arg_matches(a->v[0], "help"))
        return ip_usage(l->ip, HELP_NEIGH);
    int status = ip_take_prefix(l->ip, a, l->f.family, &l->f.prefix);
    if (!status && l->f.family == VNET_AF_UNSPEC)
        l->f.family = l->f.prefix.addr.family;
    return status;
}

static const struct keyword selectors[] = {
    {"dev", false, take_filter_dev, 0, NULL},
    {"master", false, take_master, 0, NULL},
    {"vrf", false, take_vrf, 0, NULL},
    {"nomaster", false, take_nomaster, 0, NULL},
    {"unused", false, take_unused, 0, NULL},
    {"nud", false, take_filter_state, 0, NULL},
    {"proxy", false, take_proxies, 0, NULL},
    {"protocol", true, take_filter_protocol, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int read_selectors(struct listing *l, struct args *a)
{
    int status = args_read(a, selectors, l, take_prefix);
    if (!status)
        vnet_link_asked(l->ip->ns, 0); /* ll_init_map() */
    if (status || !l->f.dev)
        return status;
    l->f.ifindex = ip_link_index(l->ip, l->f.dev);
    return l->f.ifindex ? ARG_OK : ip_nodev(l->ip, l->f.dev);
}

static int look_at_entry(const struct vnet_neigh_info *n, void *arg)
{
    struct listing *l = arg;
    if (!ip_neigh_passes(l->ip, &l->f, n))
        return 0;
    if (l->flush) {
        ARRAY_GROW(l->victims, l->n, l->cap);
        l->victims[l->n++] = *n;
    }
    if (!l->flush || l->ip->opt.stats > 1)
        ip_print_neigh(l->ip, &l->f, n);
    return 0;
}

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct listing l = {.ip = ip,
                        .f = {.family = ip->opt.family, .states = 0xff & ~VNET_NUD_NOARP}};
    (void)verb;
    int status = read_selectors(&l, a);
    if (status)
        return status;
    json_begin(&ip->out);
    if (l.f.family != VNET_AF_PACKET)
        vnet_neigh_dump(ip->ns, l.f.family, l.f.proxies, look_at_entry, &l);
    json_end(&ip->out);
    return ARG_OK;
}

static int delete_victims(struct listing *l)
{
    struct vnet_err err = {""};
    for (size_t i = 0; i < l->n; i++) {
        const struct vnet_neigh_info *n = &l->victims[i];
        struct vnet_neigh_req req = {.family = n->family,
                                     .ifindex = n->ifindex,
                                     .dst = n->dst,
                                     .state = n->state,
                                     .flags = n->flags};
        int rc = vnet_neigh_del(l->ip->ns, &req, &err);
        if (rc < 0) {
            ip_answer(l->ip, rc, &err);
            sink_printf(l->ip->err, "Failed to send flush request: %s\n", cmd_strerror(-rc));
            return ARG_EXIT_FAILED;
        }
    }
    return ARG_OK;
}

static int flush_rounds(struct listing *l)
{
    enum { MAX_ROUNDS = 10 };
    struct ip *ip = l->ip;
    for (int round = 0; round < MAX_ROUNDS; round++) {
        l->n = 0;
        vnet_neigh_dump(ip->ns, l->f.family, l->f.proxies, look_at_entry, l);
        if (l->n == 0) {
            if (ip->opt.stats && round == 0)
                sink_puts(ip->out.out, "Nothing to flush.\n");
            else if (ip->opt.stats)
                sink_printf(ip->out.out, "*** Flush is complete after %d round%s ***\n", round,
                            round > 1 ? "s" : "");
            return ARG_OK;
        }
        int status = delete_victims(l);
        if (status)
            return status;
        if (ip->opt.stats)
            sink_printf(ip->out.out, "\n*** Round %d, deleting %zu entries ***\n", round + 1, l->n);
    }
    sink_printf(ip->out.out, "*** Flush not complete bailing out after %d rounds\n", MAX_ROUNDS);
    return ARG_FAILED;
}

static int flush(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct listing l = {
        .ip = ip,
        .flush = true,
        .f = {.family = ip->opt.family, .states = ~(uint32_t)(VNET_NUD_PERMANENT | VNET_NUD_NOARP)},
    };
    (void)verb;
    if (a->n <= 0) {
        sink_puts(ip->err, "Flush requires arguments.\n");
        return ARG_FAILED;
    }
    int status = read_selectors(&l, a);
    if (!status)
        status = flush_rounds(&l);
    free(l.victims);
    return status;
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_NEIGH);
}

static const struct ip_verb verbs[] = {
    {"add", true, true, modify, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL},
    {"change", true, true, modify, VNET_NLM_F_REPLACE},
    {"chg", false, true, modify, VNET_NLM_F_REPLACE},
    {"replace", true, true, modify, VNET_NLM_F_CREATE | VNET_NLM_F_REPLACE},
    {"delete", true, true, modify, NEIGH_DELETE},
    {"get", true, true, get, 0},
    {"show", true, true, show, 0},
    {"lst", true, true, show, 0},
    {"list", true, true, show, 0},
    {"flush", true, true, flush, 0},
    {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_neigh_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "neigh", &without);
}
