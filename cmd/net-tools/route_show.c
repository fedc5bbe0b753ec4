/* /proc/net/route as net-tools prints it (lib/inet_gr.c). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/net-tools/inet.h"
#include "cmd/net-tools/route.h"
#include "vnet_proc.h"
#include "vnet_route.h"

struct table {
    struct sink *out;
    struct netns *ns;
    const struct route_show *how;
};

/* A line of /proc/net/route, addresses in host order. */
struct line {
    uint32_t dst, gateway, mask;
    unsigned flags; /* VNET_RTF_* */
    int metric, mtu, window, irtt;
    char dev[VNET_IFNAMSIZ];
};

/* From the order of a little-endian machine. */
static uint32_t swapped(uint32_t v)
{
    return v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xff0000) | v << 24;
}

static bool read_line(const char *text, struct line *l)
{
    uint32_t dst, gateway, mask;
    *l = (struct line){0};
    if (sscanf(text, "%15s %" SCNx32 " %" SCNx32 " %x %*d %*u %d %" SCNx32 " %d %d %d", l->dev,
               &dst, &gateway, &l->flags, &l->metric, &mask, &l->mtu, &l->window, &l->irtt) != 9)
        return false;
    l->dst = swapped(dst);
    l->gateway = swapped(gateway);
    l->mask = swapped(mask);
    return true;
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

static void print_route(const struct table *p, const struct line *l)
{
    struct texts t;
    fill_texts(l, p->how->numeric, &t);
    if (l->flags & VNET_RTF_REJECT)
        print_reject(p, l, &t);
    else
        print_plain(p, l, &t);
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

/* /proc/net/route without even a heading (there is no main table) is taken for a failure. */
static bool print_fib(const struct table *p)
{
    struct strbuf text = STRBUF_INIT;
    struct line l;
    print_fib_head(p);
    vnet_proc_net(p->ns, "route", &text);
    for (const char *line = text.len ? strchr(text.data, '\n') : NULL; line && line[1];
         line = strchr(line + 1, '\n'))
        if (read_line(line + 1, &l))
            print_route(p, &l);
    bool any = text.len;
    strbuf_release(&text);
    return any;
}

int route_show(struct cmd_env *env, const struct route_show *how)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    struct table p = {env->out, ns, how};
    bool ok = !how->fib || print_fib(&p);
    if (how->cache)
        print_cache(&p);
    return cmd_commit(env) < 0 || !ok;
}
