/* ip addrlabel (ip/ipaddrlabel.c of iproute2 6.1.0). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/prefix.h"
#include "vnet_addrlabel.h"

static int print_row(const struct vnet_addrlabel *l, void *arg)
{
    struct ip *ip = arg;
    struct printer *p = &ip->out;
    char addr[INET_ADDRSTRLEN_MAX], name[VNET_IFNAMSIZ];
    json_open_object(p, NULL);
    print_text(p, "prefix ");
    print_colored(p, TO_ANY, ip_family_color(VNET_AF_INET6), "address", "%s",
                  inet_addr_str(&l->prefix, addr));
    print_uint(p, TO_ANY, "prefixlen", "/%u ", l->len);
    if (l->ifindex) {
        print_text(p, "dev ");
        print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", "%s ", ip_link_name(ip, l->ifindex, name));
    }
    print_uint(p, TO_ANY, "label", "label %u ", l->label);
    print_text(p, "\n");
    json_close_object(p);
    return 0;
}

/* The kernel has labels for IPv6 only. ended: what is said besides, NULL: nothing. */
static int check_family(struct ip *ip, const char *ended)
{
    struct vnet_err err = {""};
    if (ip->opt.family == VNET_AF_UNSPEC || ip->opt.family == VNET_AF_INET6)
        return ARG_OK;
    int status = ip_answer(ip, -EOPNOTSUPP, &err);
    if (ended)
        sink_printf(ip->err, "%s terminated\n", ended);
    return status;
}

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    if (a->n > 0) {
        sink_puts(ip->err, "\"ip addrlabel show\" does not take any arguments.\n");
        return ARG_FAILED;
    }
    if (check_family(ip, "Dump"))
        return ARG_USAGE;
    json_begin(&ip->out);
    vnet_addrlabel_dump(ip->ns, print_row, ip);
    json_end(&ip->out);
    return ARG_OK;
}

/* ---- add, delete ---- */

#define NO_LABEL 0xffffffffU

struct change {
    struct ip *ip;
    struct vnet_addrlabel req;
    struct ip_prefix prefix;
    bool has_prefix;
};

static int take_prefix(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (!status)
        status = ip_take_prefix(c->ip, a, c->ip->opt.family, &c->prefix);
    c->has_prefix = !status;
    return status;
}

static int take_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    c->req.ifindex = ip_link_index(c->ip, a->v[0]);
    return c->req.ifindex ? ARG_OK : arg_invalid(a, "dev is invalid\n", a->v[0]);
}

static int take_label(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    bool ok = arg_u32(a->v[0], 0, &c->req.label) && c->req.label != NO_LABEL;
    return ok ? ARG_OK : arg_invalid(a, "label is invalid\n", a->v[0]);
}

/* iproute2 passes over words that it does not know. */
static int pass_over(struct args *a, void *into)
{
    (void)a;
    (void)into;
    return ARG_OK;
}

static const struct keyword words[] = {
    {"prefix", false, take_prefix, 0, NULL},
    {"dev", false, take_dev, 0, NULL},
    {"label", false, take_label, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int missing(struct ip *ip, const char *what)
{
    sink_printf(ip->err, "Not enough information: \"%s\" argument is required.\n", what);
    return ARG_FAILED;
}

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct change c = {.ip = ip, .req = {.label = NO_LABEL}};
    struct vnet_err err = {""};
    int status = args_read(a, words, &c, pass_over);
    if (status)
        return status;
    if (!c.has_prefix)
        return missing(ip, "prefix");
    if (c.req.label == NO_LABEL)
        return missing(ip, "label");
    status = check_family(ip, NULL);
    if (status)
        return status;
    if (c.prefix.size != 16)
        return ip_refuse(ip, IP_POLICY);
    c.req.prefix = c.prefix.addr;
    c.req.len = c.prefix.len;
    int rc = verb->value ? vnet_addrlabel_add(ip->ns, &c.req) : vnet_addrlabel_del(ip->ns, &c.req);
    return ip_answer(ip, rc, &err);
}

/* ---- flush ---- */

struct rows {
    struct vnet_addrlabel *row;
    size_t n, cap;
};

static int collect(const struct vnet_addrlabel *l, void *arg)
{
    struct rows *r = arg;
    ARRAY_GROW(r->row, r->n, r->cap);
    r->row[r->n++] = *l;
    return 0;
}

static int flush(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct rows r = {NULL, 0, 0};
    (void)verb;
    if (a->n > 0) {
        sink_puts(ip->err, "\"ip addrlabel flush\" does not allow extra arguments\n");
        return ARG_FAILED;
    }
    if (check_family(ip, "Flush"))
        return ARG_FAILED;
    vnet_addrlabel_dump(ip->ns, collect, &r);
    for (size_t i = 0; i < r.n; i++)
        vnet_addrlabel_del(ip->ns, &r.row[i]);
    free(r.row);
    return ARG_OK;
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_ADDRLABEL);
}

static const struct ip_verb verbs[] = {
    {"list", true, true, show, 0},   {"show", true, true, show, 0},
    {"add", true, true, modify, 1},  {"delete", true, true, modify, 0},
    {"flush", true, true, flush, 0}, {"help", true, false, help, 0},
    {"lst", true, true, show, 0},    {NULL, false, false, NULL, 0},
};

int ip_addrlabel_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "addrlabel", &without);
}
