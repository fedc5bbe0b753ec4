/* /proc/net/ipv6_route as net-tools 2.10 prints it (lib/inet6_gr.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/net-tools/inet.h"
#include "cmd/net-tools/route.h"
#include "vnet_proc.h"

struct line {
    struct inet_addr dst, gateway;
    unsigned prefix_len, metric, refs, used, flags;
    char dev[16];
};

static bool read_hex(const char *hex, struct inet_addr *a)
{
    *a = (struct inet_addr){.family = VNET_AF_INET6};
    if (strlen(hex) != 32)
        return false;
    for (size_t i = 0; i < 16; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        a->bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return true;
}

static bool read_line(const char *text, struct line *l)
{
    char dst[33], gateway[33];
    if (sscanf(text, "%32s %x %*32s %*x %32s %x %x %x %x %15s", dst, &l->prefix_len, gateway,
               &l->metric, &l->refs, &l->used, &l->flags, l->dev) != 8)
        return false;
    return read_hex(dst, &l->dst) && read_hex(gateway, &l->gateway);
}

/* What a letter stands for; DYNAMIC has none. */
static const char *flag_letters(unsigned flags, char buf[16])
{
    static const struct {
        unsigned flag;
        char letter;
    } letters[] = {{0x1, 'U'},      {0x200, '!'},   {0x2, 'G'},       {0x4, 'H'},
                   {0x10000, 'D'},  {0x40000, 'A'}, {0x1000000, 'C'}, {0x20000, 'a'},
                   {0x400000, 'e'}, {0x20, 'm'},    {0x200000, 'n'},  {0x2000000, 'f'}};
    char *p = buf;
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        if (flags & letters[i].flag)
            *p++ = letters[i].letter;
    *p = '\0';
    return buf;
}

static void print_line(struct sink *out, const struct line *l, bool numeric)
{
    char buf[2][INET_NAME_MAX], flags[16], dst[INET_NAME_MAX + 12];
    snprintf(dst, sizeof(dst), "%s/%u", inet6_name(&l->dst, numeric, buf[0]), l->prefix_len);
    sink_printf(out, "%-30s %-26s %-4s %-3d %-1d %6d %s\n", dst,
                inet6_name(&l->gateway, numeric, buf[1]), flag_letters(l->flags, flags),
                (int)l->metric, (int)l->refs, (int)l->used, l->dev);
}

static void print_head(struct sink *out, const char *what)
{
    sink_printf(out,
                "Kernel IPv6 routing %s\n"
                "Destination                    Next Hop                   Flag Met Ref  Use If\n",
                what);
}

static void print_table(struct sink *out, struct netns *ns, bool numeric)
{
    struct strbuf text = STRBUF_INIT;
    struct line l;
    print_head(out, "table");
    vnet_proc_net(ns, "ipv6_route", &text);
    for (const char *line = text.len ? text.data : ""; *line; line = strchr(line, '\n') + 1)
        if (read_line(line, &l))
            print_line(out, &l, numeric);
    strbuf_release(&text);
}

/* Routes of single destinations are not in the file since Linux 4.18: the cache is empty. */
int route6_show(struct cmd_env *env, const struct route_show *how)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    if (how->fib)
        print_table(env->out, ns, how->numeric);
    if (how->cache)
        print_head(env->out, "cache");
    return cmd_commit(env) < 0;
}
