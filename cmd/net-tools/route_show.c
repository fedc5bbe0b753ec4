/* The table as /proc/net/route has it (fib_route_seq_show()) and as net-tools prints it
 * (lib/inet_gr.c). */
#include <string.h>

#include "base/bytes.h"
#include "cmd/net-tools/inet.h"
#include "cmd/net-tools/route.h"
#include "vnet_link.h"
#include "vnet_route.h"

struct table {
    struct sink *out;
    const struct netns *ns;
    const struct route_show *how;
};

/* A line of /proc/net/route. */
struct line {
    uint32_t dst, gateway, mask;
    unsigned flags; /* VNET_RTF_* */
    int metric, mtu, window, irtt;
    char dev[VNET_IFNAMSIZ];
};

static unsigned route_flags(const struct vnet_route_info *r)
{
    const struct vnet_nexthop *nh = r->nnh ? &r->nh[0] : NULL;
    unsigned flags = VNET_RTF_UP;
    if (r->type == VNET_RTN_UNREACHABLE || r->type == VNET_RTN_PROHIBIT)
        flags |= VNET_RTF_REJECT;
    if (nh && nh->gateway.family && get_be32(nh->gateway.bytes))
        flags |= VNET_RTF_GATEWAY;
    if (r->dst_len == 32)
        flags |= VNET_RTF_HOST;
    return flags;
}

static void fill_line(const struct netns *ns, const struct vnet_route_info *r, struct line *l)
{
    const struct vnet_nexthop *nh = r->nnh ? &r->nh[0] : NULL;
    const uint32_t *m = r->metrics;
    *l = (struct line){.dst = r->dst.family ? inet_addr_to_v4(&r->dst) : 0,
                       .mask = inet_mask_v4(r->dst_len),
                       .flags = route_flags(r),
                       .metric = (int)r->priority,
                       .mtu = m[VNET_RTAX_ADVMSS] ? (int)m[VNET_RTAX_ADVMSS] + 40 : 0,
                       .window = (int)m[VNET_RTAX_WINDOW],
                       .irtt = (int)(m[VNET_RTAX_RTT] >> 3)};
    if (nh && nh->gateway.family == VNET_AF_INET)
        l->gateway = inet_addr_to_v4(&nh->gateway);
    if (nh && nh->oif)
        vnet_link_name(ns, nh->oif, l->dev);
    else
        strcpy(l->dev, "*");
}

static const char *flag_letters(unsigned flags, char buf[16])
{
    static const struct {
        unsigned flag;
        char letter;
    } letters[] = {{VNET_RTF_UP, 'U'},        {VNET_RTF_GATEWAY, 'G'}, {VNET_RTF_HOST, 'H'},
                   {VNET_RTF_REINSTATE, 'R'}, {VNET_RTF_DYNAMIC, 'D'}, {VNET_RTF_MODIFIED, 'M'}};
    char *p = buf;
    if (flags & VNET_RTF_REJECT) {
        *p++ = '!';
        flags &= ~(unsigned)(VNET_RTF_UP | VNET_RTF_GATEWAY);
    }
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        if (flags & letters[i].flag)
            *p++ = letters[i].letter;
    *p = '\0';
    return buf;
}

/* The texts of a line, each cut to 15 characters. */
struct texts {
    const char *dst, *gateway, *mask, *flags;
    char buf[3][INET_NAME_MAX], flag_buf[16];
};

static void fill_texts(const struct line *l, bool numeric, struct texts *t)
{
    bool host = l->flags & VNET_RTF_HOST || l->dst & ~l->mask;
    if (numeric)
        t->dst = inet_number(l->dst, t->buf[0]);
    else
        t->dst = l->dst == 0 ? "default" : inet_name(l->dst, host, t->buf[0]);
    t->gateway = numeric || l->gateway == 0 ? inet_number(l->gateway, t->buf[1])
                                            : inet_name(l->gateway, true, t->buf[1]);
    t->mask = inet_number(l->mask, t->buf[2]);
    t->flags = flag_letters(l->flags, t->flag_buf);
}

static void print_reject(const struct table *p, const struct line *l, const struct texts *t)
{
    sink_printf(p->out, "%-15.15s -               %-15.15s %-5s ", t->dst, t->mask, t->flags);
    if (p->how->extended == 1)
        sink_printf(p->out, "%-6d -  %7d -\n", l->metric, 0);
    else if (p->how->extended == 2)
        sink_puts(p->out, "    - -          - -\n");
    else
        sink_printf(p->out, "%-6d -  %7d -        -     -      -\n", l->metric, 0);
}

static void print_plain(const struct table *p, const struct line *l, const struct texts *t)
{
    sink_printf(p->out, "%-15.15s %-15.15s %-15.15s %-5s ", t->dst, t->gateway, t->mask, t->flags);
    if (p->how->extended == 1)
        sink_printf(p->out, "%-6d %-2d %7d %s\n", l->metric, 0, 0, l->dev);
    else if (p->how->extended == 2)
        sink_printf(p->out, "%5d %-5d %6d %s\n", l->mtu, l->window, l->irtt, l->dev);
    else
        sink_printf(p->out, "%-6d %-3d %6d %-6.6s   %-5d %-6d %d\n", l->metric, 0, 0, l->dev,
                    l->mtu, l->window, l->irtt);
}

static int print_route(const struct vnet_route_info *r, void *arg)
{
    const struct table *p = arg;
    struct line l;
    struct texts t;
    if (r->table != VNET_RT_TABLE_MAIN || r->type == VNET_RTN_BROADCAST ||
        r->type == VNET_RTN_MULTICAST)
        return 0;
    fill_line(p->ns, r, &l);
    fill_texts(&l, p->how->numeric, &t);
    if (l.flags & VNET_RTF_REJECT)
        print_reject(p, &l, &t);
    else
        print_plain(p, &l, &t);
    return 0;
}

static void print_fib_head(const struct table *p)
{
    sink_puts(p->out, "Kernel IP routing table\n"
                      "Destination     Gateway         Genmask         ");
    if (p->how->extended == 1)
        sink_puts(p->out, "Flags Metric Ref    Use Iface\n");
    else if (p->how->extended == 2)
        sink_puts(p->out, "Flags   MSS Window  irtt Iface\n");
    else
        sink_puts(p->out, "Flags Metric Ref    Use Iface    MSS   Window irtt\n");
}

/* Kernels since 3.6 have no routing cache: its table is empty. */
static void print_cache(const struct table *p)
{
    sink_puts(p->out, "Kernel IP routing cache\n"
                      "Source          Destination     Gateway         ");
    if (p->how->extended == 1)
        sink_puts(p->out, "Flags Metric Ref    Use Iface\n");
    else if (p->how->extended == 2)
        sink_puts(p->out, "Flags   MSS Window  irtt Iface\n");
    else
        sink_puts(p->out, "Flags Metric Ref    Use Iface    "
                          "MSS   Window irtt  TOS HHRef HHUptod     SpecDst\n");
}

int route_show(struct cmd_env *env, const struct route_show *how)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    struct table p = {env->out, ns, how};
    /* /proc/net/route has not even a heading then, and that is taken for a failure */
    bool no_table = how->fib && !vnet_route_table_exists(ns, VNET_AF_INET, VNET_RT_TABLE_MAIN);
    if (how->fib) {
        print_fib_head(&p);
        vnet_route_dump(ns, VNET_AF_INET, print_route, &p);
    }
    if (how->cache)
        print_cache(&p);
    return cmd_commit(env) < 0 || no_table;
}
