/* `ip link show`, `ip address show` (ipaddr_list_flush_or_save() of iproute2 6.1.0). */
#include "cmd/ip/addr_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_print.h"
#include "cmd/ip/names.h"

/* ---- selectors ---- */

struct selectors {
    struct ip *ip;
    struct addr_filter *f;
    bool link_object;
};

static int take_to(struct args *a, void *into, const struct keyword *kw)
{
    struct selectors *s = into;
    (void)kw;
    int status = arg_next(a);
    if (!status)
        status = ip_take_prefix(s->ip, a, s->f->family, &s->f->prefix);
    if (!status && s->f->family == VNET_AF_UNSPEC)
        s->f->family = s->f->prefix.addr.family;
    return status;
}

static int take_scope(struct args *a, void *into, const struct keyword *kw)
{
    struct addr_filter *f = ((struct selectors *)into)->f;
    uint32_t scope;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    f->has_scope = scope_value(a->v[0], &scope);
    if (f->has_scope)
        f->scope = (uint8_t)scope;
    else if (strcmp(a->v[0], "all") != 0)
        return arg_invalid(a, "invalid \"scope\"\n", a->v[0]);
    return ARG_OK;
}

static int take_up(struct args *a, void *into, const struct keyword *kw)
{
    (void)a;
    (void)kw;
    ((struct selectors *)into)->f->up = true;
    return ARG_OK;
}

static int take_label(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    int status = arg_next(a);
    if (!status)
        ((struct selectors *)into)->f->label = a->v[0];
    return status;
}

static int take_group(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t group;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!group_value(a->v[0], &group))
        return arg_invalid(a, "Invalid \"group\" value\n", a->v[0]);
    ((struct selectors *)into)->f->group = group;
    return ARG_OK;
}

static int take_master(struct args *a, void *into, const struct keyword *kw)
{
    struct selectors *s = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    s->f->master = ip_link_index(s->ip, a->v[0]);
    return s->f->master ? ARG_OK : arg_invalid(a, "Device does not exist\n", a->v[0]);
}

/* No emulated link kind is a VRF. */
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
    ((struct selectors *)into)->f->master = -1;
    return ARG_OK;
}

static int take_type(struct args *a, void *into, const struct keyword *kw)
{
    struct addr_filter *f = ((struct selectors *)into)->f;
    static const char slave[] = "_slave";
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    size_t len = strlen(a->v[0]), tail = sizeof(slave) - 1;
    if (len >= tail && strcmp(a->v[0] + len - tail, slave) == 0)
        snprintf(f->slave_kind, sizeof(f->slave_kind), "%.*s", (int)(len - tail), a->v[0]);
    else
        f->kind = a->v[0];
    return ARG_OK;
}

static int take_device(struct args *a, void *into)
{
    struct selectors *s = into;
    if (ip_addr_flag_filter(s->f, a->v[0]))
        return ARG_OK;
    if (strcmp(a->v[0], "dev") == 0) {
        int status = arg_next(a);
        if (status)
            return status;
    } else if (arg_matches(a->v[0], "help")) {
        return ip_usage(s->ip, s->link_object ? HELP_LINK : HELP_ADDR);
    }
    if (s->f->dev)
        return arg_garbage(a, "dev", a->v[0]);
    s->f->dev = a->v[0];
    return ARG_OK;
}

static const struct keyword selectors[] = {
    {"to", false, take_to, 0, NULL},       {"scope", false, take_scope, 0, NULL},
    {"up", false, take_up, 0, NULL},       {"label", false, take_label, 0, NULL},
    {"group", false, take_group, 0, NULL}, {"master", false, take_master, 0, NULL},
    {"vrf", false, take_vrf, 0, NULL},     {"nomaster", false, take_nomaster, 0, NULL},
    {"type", false, take_type, 0, NULL},   {NULL, false, NULL, 0, NULL}};

int ip_read_selectors(struct ip *ip, struct args *a, struct addr_filter *f, bool link_object)
{
    struct selectors s = {ip, f, link_object};
    int status = args_read(a, selectors, &s, take_device);
    if (status || !f->dev)
        return status;
    f->ifindex = ip_link_index(ip, f->dev);
    if (f->ifindex > 0)
        return ARG_OK;
    sink_printf(ip->err, "Device \"%s\" does not exist.\n", f->dev);
    return ARG_FAILED;
}

/* ---- links ---- */

/* Kinds whose driver is loaded: the kernel takes no notice of a filter for another one. */
static bool kind_loaded(const char *kind)
{
    static const char *const kinds[] = {"veth", "bridge", "vxcan", "vcan", "dummy", "vlan"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

/* What the kernel leaves out of its dump; it is not asked to filter where a family is given. */
static bool link_dumped(const struct addr_filter *f, const struct vnet_link_info *l,
                        const struct link_view *view)
{
    if (view->inet6_dump && !l->has_inet6)
        return false;
    if (view->asked_family)
        return true;
    if (f->master == -1 ? l->master != 0 : f->master && f->master != l->master)
        return false;
    return !f->kind || !kind_loaded(f->kind) || (l->kind && strcmp(l->kind, f->kind) == 0);
}

/* What print_linkinfo() filters. The dump of IPv6 (inet6_fill_ifinfo()) says nothing of a link's
 * group, master and kind: it is of any group, and of no master and kind. */
static bool link_passes(const struct addr_filter *f, const struct vnet_link_info *l,
                        const struct link_view *view)
{
    if (f->up && !(l->flags & VNET_IFF_UP))
        return false;
    if (view->inet6_dump)
        return f->master <= 0 && !f->kind && !f->slave_kind[0];
    if (f->group != -1 && f->group != l->group)
        return false;
    if (f->master > 0 && f->master != l->master)
        return false;
    if (f->kind && (!l->kind || strcmp(l->kind, f->kind) != 0))
        return false;
    return !f->slave_kind[0] || (l->master_kind && strcmp(l->master_kind, f->slave_kind) == 0);
}

/* print_linkinfo(): -1 the link is filtered out, 0 nothing or the brief form, 1 its record. */
static int show_link(struct ip *ip, const struct addr_filter *f, const struct vnet_link_info *l,
                     const struct link_view *view)
{
    if (f->label && (!f->up || (l->flags & VNET_IFF_UP)))
        return 0;
    if (!link_passes(f, l, view))
        return -1;
    if (ip->opt.brief) {
        ip_print_link_brief(ip, l, view);
        return 0;
    }
    ip_print_link(ip, l, view);
    return 1;
}

/* ---- addresses ---- */

struct address_pass {
    struct ip *ip;
    const struct addr_filter *f;
    bool any;    /* the link has addresses of the family */
    bool passes; /* one of them passes */
};

static int look_at_address(const struct vnet_addr_info *addr, void *arg)
{
    struct address_pass *pass = arg;
    pass->any = true;
    pass->passes = ip_addr_passes(pass->ip->ns, pass->f, addr);
    return pass->passes;
}

static int show_address(const struct vnet_addr_info *addr, void *arg)
{
    struct address_pass *pass = arg;
    json_open_object(&pass->ip->out, NULL);
    if (ip_addr_passes(pass->ip->ns, pass->f, addr))
        ip_print_addr(pass->ip, addr, pass->ip->opt.oneline);
    json_close_object(&pass->ip->out);
    return 0;
}

/* ipaddr_filter(): links with an address that passes, and those without any where all are asked
 * for. */
static bool has_addresses(struct ip *ip, const struct addr_filter *f, int ifindex)
{
    struct address_pass pass = {ip, f, false, false};
    vnet_addr_dump(ip->ns, f->family, ifindex, look_at_address, &pass);
    return pass.passes || (!pass.any && f->family == VNET_AF_UNSPEC);
}

static void show_addresses(struct ip *ip, const struct addr_filter *f,
                           const struct vnet_link_info *l)
{
    struct address_pass pass = {ip, f, false, false};
    json_open_array(&ip->out, "addr_info");
    if (!f->up || (l->flags & VNET_IFF_UP))
        vnet_addr_dump(ip->ns, f->family, l->ifindex, show_address, &pass);
    json_close_array(&ip->out);
    if (ip->opt.brief)
        print_text(&ip->out, "\n");
}

static void show_one(struct ip *ip, const struct addr_filter *f, const struct vnet_link_info *l,
                     const struct link_view *view)
{
    bool links_only = f->family == VNET_AF_PACKET;
    int shown = 0;
    json_open_object(&ip->out, NULL);
    if (ip->opt.brief || links_only || !ip->opt.oneline)
        shown = show_link(ip, f, l, view);
    if (shown >= 0 && !links_only)
        show_addresses(ip, f, l);
    if (shown > 0 && !view->link_object && ip->opt.stats) {
        ip_print_stats(ip, l);
        print_nl(&ip->out);
    }
    json_close_object(&ip->out);
}

/* The link asked for by index; the kernel may not know it, since "if7" names any. */
static int show_indexed(struct ip *ip, const struct addr_filter *f, struct link_view *view)
{
    struct vnet_link_info l;
    int rc = vnet_link_get(ip->ns, f->ifindex, &l);
    if (rc < 0) {
        sink_printf(ip->err, "RTNETLINK answers: %s\nCannot send link request: %s\n",
                    cmd_strerror(-rc), cmd_strerror(-rc));
        return ARG_OK;
    }
    if (f->family == VNET_AF_PACKET || has_addresses(ip, f, l.ifindex))
        show_one(ip, f, &l, view);
    return ARG_OK;
}

static int show_all(struct ip *ip, const struct addr_filter *f, struct link_view *view)
{
    struct vnet_link_info l;
    view->inet6_dump = f->family == VNET_AF_INET6 && ip->opt.family == VNET_AF_INET6;
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i)) {
        if (vnet_link_get(ip->ns, i, &l) < 0 || !link_dumped(f, &l, view))
            continue;
        if (f->family == VNET_AF_PACKET || has_addresses(ip, f, i))
            show_one(ip, f, &l, view);
    }
    return ARG_OK;
}

/* iplink_get(): by name, and only by a name. */
static int show_named(struct ip *ip, const struct addr_filter *f, const struct link_view *view)
{
    struct vnet_link_info l;
    int ifindex = vnet_link_index(ip->ns, f->dev);
    if (!ifindex || vnet_link_get(ip->ns, ifindex, &l) < 0) {
        const char *why = cmd_strerror(ENODEV);
        sink_printf(ip->err, "RTNETLINK answers: %s\nCannot send link get request: %s\n", why, why);
        json_end(&ip->out);
        return ARG_EXIT_FAILED;
    }
    json_open_object(&ip->out, NULL);
    show_link(ip, f, &l, view);
    json_close_object(&ip->out);
    return ARG_OK;
}

static int list(struct ip *ip, struct args *a, bool link_object)
{
    struct addr_filter f = {.family = link_object ? VNET_AF_PACKET : ip->opt.family, .group = -1};
    link_object = ip->links_listed |= link_object;
    int status = ip_read_selectors(ip, a, &f, link_object);
    if (status)
        return status;
    struct link_view view = {.link_object = link_object, .family = f.family};
    view.asked_family = !link_object && ip->opt.family != VNET_AF_PACKET && ip->opt.family;
    if (ip->opt.stats && !f.dev && !link_object && ip->opt.family == VNET_AF_INET6)
        return arg_unsupported(a, "ip option", "-s with -6: IPv6 counters");
    json_begin(&ip->out);
    if (f.dev && f.group == -1 && link_object)
        status = show_named(ip, &f, &view);
    else if (f.dev)
        status = show_indexed(ip, &f, &view);
    else
        status = show_all(ip, &f, &view);
    json_end(&ip->out);
    return status;
}

int ip_list_links(struct ip *ip, struct args *a)
{
    return list(ip, a, true);
}

int ip_list_addrs(struct ip *ip, struct args *a)
{
    return list(ip, a, false);
}
