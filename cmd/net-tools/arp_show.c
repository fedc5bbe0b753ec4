/* The table as /proc/net/arp has it (arp_format_neigh_entry(), arp_format_pneigh_entry()) and as
 * arp prints it. */
#include <stdio.h>
#include <string.h>

#include "cmd/net-tools/arp.h"
#include "cmd/net-tools/inet.h"
#include "vnet_neigh.h"

struct table {
    struct arp_run *r;
    char host[INET_NAME_MAX]; /* the address asked for, as a number; "": all */
    unsigned entries, shown;
};

struct line {
    char ip[INET_NAME_MAX], lladdr[LLADDR_STRLEN_MAX], dev[VNET_IFNAMSIZ];
    int arphrd;
    unsigned flags; /* VNET_ATF_* */
};

static unsigned flags_of(const struct vnet_neigh_info *n)
{
    const unsigned valid =
        VNET_NUD_NOARP | VNET_NUD_REACHABLE | VNET_NUD_PROBE | VNET_NUD_STALE | VNET_NUD_DELAY;
    if (n->flags & VNET_NTF_PROXY)
        return VNET_ATF_PUBL | VNET_ATF_PERM;
    if (n->state & VNET_NUD_PERMANENT)
        return VNET_ATF_PERM | VNET_ATF_COM;
    return n->state & valid ? VNET_ATF_COM : 0;
}

static void fill(const struct netns *ns, const struct vnet_neigh_info *n, struct line *l)
{
    struct vnet_link_info link;
    *l = (struct line){.dev = "*"};
    inet_number(inet_addr_to_v4(&n->dst), l->ip);
    l->flags = flags_of(n);
    lladdr_str(&n->lladdr, l->lladdr);
    if (n->ifindex && vnet_link_get(ns, n->ifindex, &link) == 0) {
        l->arphrd = link.type;
        memcpy(l->dev, link.name, sizeof(l->dev));
    }
}

static const char *hardware_name(const struct line *l)
{
    const struct hwtype *hw = hwtype_of(l->arphrd);
    return hw->arphrd < 0 ? "ether" : hw->name;
}

/* arp_disp_2() */
static void print_linux(struct table *t, const struct line *l, const char *name)
{
    struct sink *out = t->r->env->out;
    bool complete = l->flags & VNET_ATF_COM, public = l->flags & VNET_ATF_PUBL;
    char flags[4] = "";
    if (t->shown == 1)
        sink_puts(out, "Address                  HWtype  HWaddress           Flags Mask            "
                       "Iface\n");
    snprintf(flags, sizeof(flags), "%s%s%s", complete ? "C" : "",
             l->flags & VNET_ATF_PERM ? "M" : "", public ? "P" : "");
    sink_printf(out, "%-23.23s  %-8.8s%-20.20s%-6.6s%-15.15s %s\n", name,
                complete ? hardware_name(l)
                : public ? "*"
                         : "",
                complete ? l->lladdr
                : public ? "<from_interface>"
                         : "(incomplete)",
                flags, "", l->dev);
}

/* arp_disp() */
static void print_bsd(struct table *t, const struct line *l, const char *name)
{
    struct sink *out = t->r->env->out;
    sink_printf(out, "%s (%s) at ", name, l->ip);
    if (l->flags & VNET_ATF_COM)
        sink_printf(out, "%s [%s] ", l->lladdr, hardware_name(l));
    else
        sink_puts(out, l->flags & VNET_ATF_PUBL ? "<from_interface> " : "<incomplete> ");
    if (l->flags & VNET_ATF_PERM)
        sink_puts(out, "PERM ");
    if (l->flags & VNET_ATF_PUBL)
        sink_puts(out, "PUB ");
    sink_printf(out, "on %s\n", l->dev);
}

static int show_entry(const struct vnet_neigh_info *n, void *arg)
{
    struct table *t = arg;
    const struct arp_run *r = t->r;
    struct line l;
    char name[INET_NAME_MAX];
    if (!(n->flags & VNET_NTF_PROXY) && !(n->state & ~VNET_NUD_NOARP))
        return 0; /* NEIGH_SEQ_SKIP_NOARP */
    fill(r->ns, n, &l);
    t->entries++;
    if ((r->hw_given && !(r->hw->known && l.arphrd == r->hw->arphrd)) ||
        (t->host[0] && strcmp(l.ip, t->host) != 0) || (r->dev[0] && strcmp(l.dev, r->dev) != 0))
        return 0;
    t->shown++;
    const char *host = r->numeric ? l.ip : inet_name(inet_addr_to_v4(&n->dst), true, name);
    bool unknown = strcmp(host, l.ip) == 0;
    if (r->linux_style)
        print_linux(t, &l, host);
    else
        print_bsd(t, &l, unknown ? "?" : host);
    return 0;
}

int arp_show(struct arp_run *r, const char *name)
{
    struct table t = {.r = r};
    struct sink *out = r->env->out;
    uint32_t addr;
    if (name && inet_input(name, false, &addr) == INET_UNKNOWN) {
        inet_complain(r->env->err, name, false);
        return ARP_E_FAILED;
    }
    if (name)
        inet_number(addr, t.host);
    vnet_neigh_dump(r->ns, VNET_AF_INET, false, show_entry, &t);
    vnet_neigh_dump(r->ns, VNET_AF_INET, true, show_entry, &t);
    if (r->verbose)
        sink_printf(out, "Entries: %u\tSkipped: %u\tFound: %u\n", t.entries, t.entries - t.shown,
                    t.shown);
    if (t.shown)
        return 0;
    if (name && !r->all)
        sink_printf(out, "%s (%s) -- no entry\n", name, t.host);
    else if (r->hw_given || name || r->dev[0])
        sink_printf(out, "arp: in %u entries no match found.\n", t.entries);
    return 0;
}
