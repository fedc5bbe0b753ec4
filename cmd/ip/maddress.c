/* ip maddress (ip/ipmaddr.c of iproute2 6.1.0): what the kernel's files say of groups. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/prefix.h"
#include "vnet_maddr.h"
#include "vnet_proc.h"

struct entry { /* struct ma_info */
    int ifindex;
    char name[VNET_IFNAMSIZ];
    struct inet_addr addr; /* UNSPEC: a link-layer address, `link` */
    char link[3 * 32 + 1];
    unsigned users;
    bool fixed;
};

struct entries {
    struct entry *v;
    size_t n, cap;
    const char *dev; /* NULL: all */
};

/* maddr_ins(): by device, in the order of the files. */
static void insert(struct entries *list, const struct entry *e)
{
    if (list->dev && strcmp(list->dev, e->name) != 0)
        return;
    size_t at = list->n;
    while (at > 0 && list->v[at - 1].ifindex > e->ifindex)
        at--;
    ARRAY_GROW(list->v, list->n, list->cap);
    memmove(list->v + at + 1, list->v + at, (list->n - at) * sizeof(*list->v));
    list->v[at] = *e;
    list->n++;
}

/* ---- the files ---- */

static unsigned hex_byte(const char *p)
{
    const char digits[3] = {p[0], p[1], '\0'};
    return (unsigned)strtoul(digits, NULL, 16);
}

static void read_dev_mcast(struct entries *list, const char *line)
{
    struct entry e = {0};
    char hex[65];
    int fixed;
    if (sscanf(line, "%d %15s %u %d %64s", &e.ifindex, e.name, &e.users, &fixed, hex) != 5)
        return;
    e.fixed = fixed;
    for (size_t i = 0, at = 0; hex[i] && hex[i + 1]; i += 2)
        at += (size_t)snprintf(e.link + at, sizeof(e.link) - at, "%s%.2s", i ? ":" : "", hex + i);
    insert(list, &e);
}

/* Lines of groups are indented; `device` is the last that was named. */
static void read_igmp(struct entries *list, const char *line, struct entry *device)
{
    struct entry e = *device;
    unsigned long group;
    if (*line != '\t') {
        sscanf(line, "%d %15s", &device->ifindex, device->name);
        return;
    }
    if (sscanf(line, "%8lx %u", &group, &e.users) != 2)
        return;
    uint32_t g = (uint32_t)group; /* as a little-endian machine has the bytes */
    e.addr = inet_addr_v4(g >> 24 | (g >> 8 & 0xff00) | (g << 8 & 0xff0000) | g << 24);
    insert(list, &e);
}

static void read_igmp6(struct entries *list, const char *line)
{
    struct entry e = {.addr = {.family = VNET_AF_INET6}};
    char hex[33];
    if (sscanf(line, "%d %15s %32s %u", &e.ifindex, e.name, hex, &e.users) != 4 ||
        strlen(hex) != 32)
        return;
    for (size_t i = 0; i < 16; i++)
        e.addr.bytes[i] = (uint8_t)hex_byte(hex + 2 * i);
    insert(list, &e);
}

static void read_file(struct ip *ip, struct entries *list, const char *file, uint8_t family)
{
    struct strbuf text = STRBUF_INIT;
    struct entry device = {0};
    vnet_proc_net(ip->ns, file, &text);
    for (const char *line = text.len ? text.data : ""; *line;) {
        if (family == VNET_AF_PACKET)
            read_dev_mcast(list, line);
        else if (family == VNET_AF_INET)
            read_igmp(list, line, &device);
        else
            read_igmp6(list, line);
        const char *end = strchr(line, '\n');
        line = end ? end + 1 : "";
    }
    strbuf_release(&text);
}

/* ---- show ---- */

static void print_entry(struct ip *ip, const struct entry *e)
{
    struct printer *p = &ip->out;
    char text[INET_ADDRSTRLEN_MAX];
    json_open_object(p, NULL);
    if (e->addr.family == VNET_AF_UNSPEC) {
        print_text(p, "\tlink  ");
        print_colored(p, TO_ANY, COLOR_MAC, "link", "%s", e->link);
    } else {
        print_text(p, "\t");
        print_str(p, TO_ANY, "family", "%-5s ", ip_family_name(e->addr.family));
        print_colored(p, TO_ANY, ip_family_color(e->addr.family), "address", "%s",
                      inet_addr_str(&e->addr, text));
    }
    if (e->users != 1)
        print_uint(p, TO_ANY, "users", " users %u", e->users);
    if (e->fixed)
        print_str(p, TO_ANY, "features", " %s", "static");
    print_text(p, "\n");
    json_close_object(p);
}

/* print_mlist(): one line an address says the device each time. */
static void print_entries(struct ip *ip, const struct entries *list)
{
    struct printer *p = &ip->out;
    int ifindex = 0;
    json_begin(p);
    for (size_t i = 0; i < list->n; i++) {
        const struct entry *e = &list->v[i];
        if (ifindex != e->ifindex || (ip->opt.oneline && !p->in_json)) {
            if (ifindex && p->in_json) {
                json_close_array(p);
                json_close_object(p);
            }
            ifindex = e->ifindex;
            json_open_object(p, NULL);
            print_int(p, TO_ANY, "ifindex", "%d:", ifindex);
            print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", "\t%s", e->name);
            print_nl(p);
            json_open_array(p, "maddr");
        }
        print_entry(ip, e);
    }
    if (ifindex) {
        json_close_array(p);
        json_close_object(p);
    }
    json_end(p);
}

struct filter {
    struct ip *ip;
    struct entries *list;
};

static int take_help(struct args *a, void *into, const struct keyword *kw)
{
    const struct filter *f = into;
    (void)a;
    (void)kw;
    return ip_usage(f->ip, HELP_MADDRESS);
}

static int take_name(struct args *a, void *into)
{
    const struct filter *f = into;
    if (f->list->dev)
        return arg_garbage(a, "dev", a->v[0]);
    f->list->dev = a->v[0];
    return ARG_OK;
}

static int take_show_dev(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    int status = arg_next(a);
    return status ? status : take_name(a, into);
}

static const struct keyword show_words[] = {
    {"dev", false, take_show_dev, 0, NULL},
    {"help", true, take_help, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct entries list = {NULL, 0, 0, NULL};
    uint8_t family = ip->opt.family;
    (void)verb;
    struct filter f = {ip, &list};
    int status = args_read(a, show_words, &f, take_name);
    if (status)
        return status;
    if (family == VNET_AF_UNSPEC || family == VNET_AF_PACKET)
        read_file(ip, &list, "dev_mcast", VNET_AF_PACKET);
    if (family == VNET_AF_UNSPEC || family == VNET_AF_INET)
        read_file(ip, &list, "igmp", VNET_AF_INET);
    if (family == VNET_AF_UNSPEC || family == VNET_AF_INET6)
        read_file(ip, &list, "igmp6", VNET_AF_INET6);
    print_entries(ip, &list);
    free(list.v);
    return ARG_OK;
}

/* ---- add, delete ---- */

struct change {
    struct ip *ip; /* first, as in struct filter: take_help() */
    const char *dev;
    struct lladdr addr;
};

static int take_address(struct args *a, void *into)
{
    struct change *c = into;
    if (c->addr.bytes[0])
        return arg_duplicate(a, "address", a->v[0]);
    if (ip_take_lladdr(c->ip, a->v[0], sizeof(c->addr.bytes), &c->addr))
        return ARG_EXIT_FAILED;
    if (c->addr.len == 6)
        return ARG_OK;
    sink_printf(c->ip->err, "Error: Invalid address length %d - must be 6 bytes\n", c->addr.len);
    return ARG_EXIT_FAILED;
}

static int take_address_word(struct args *a, void *into, const struct keyword *kw)
{
    (void)kw;
    int status = arg_next(a);
    return status ? status : take_address(a, into);
}

static int take_change_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct change *c = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (c->dev)
        return arg_duplicate(a, "dev", a->v[0]);
    if (!ip_ifname_ok(a->v[0]))
        return arg_invalid(a, "\"dev\" not a valid ifname", a->v[0]);
    c->dev = a->v[0];
    return ARG_OK;
}

static const struct keyword change_words[] = {
    {"dev", false, take_change_dev, 0, NULL},
    {"address", true, take_address_word, 0, NULL},
    {"help", true, take_help, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct change c = {.ip = ip};
    int status = args_read(a, change_words, &c, take_address);
    if (status)
        return status;
    if (!c.dev) {
        sink_puts(ip->err, "Not enough information: \"dev\" is required.\n");
        return ARG_USAGE;
    }
    int rc = verb->value ? vnet_maddr_add(ip->ns, c.dev, &c.addr)
                         : vnet_maddr_del(ip->ns, c.dev, &c.addr);
    if (rc == 0)
        return ARG_OK;
    sink_printf(ip->err, "ioctl: %s\n", cmd_strerror(-rc));
    return ARG_EXIT_FAILED;
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_MADDRESS);
}

static const struct ip_verb verbs[] = {
    {"add", true, true, modify, 1}, {"delete", true, true, modify, 0},
    {"list", true, true, show, 0},  {"show", true, true, show, 0},
    {"lst", true, true, show, 0},   {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_maddress_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "maddr", &without);
}
