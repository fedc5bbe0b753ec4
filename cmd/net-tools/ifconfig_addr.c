/* The words of ifconfig about addresses (ifconfig.c of net-tools 2.10). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/net-tools/ifconfig.h"
#include "cmd/net-tools/iface.h"
#include "cmd/net-tools/inet.h"

/* ---- addresses of the family that was chosen ---- */

/* False: it said that there is no such address. */
static bool input(struct ifconfig *c, const char *text, struct inet_addr *addr)
{
    uint32_t v4;
    if (c->family == VNET_AF_INET6)
        return inet6_input(c->env->err, text, addr);
    if (inet_input(text, false, &v4) == INET_UNKNOWN) {
        inet_complain(c->env->err, text, false);
        return false;
    }
    *addr = inet_addr_v4(v4);
    return true;
}

/* A request of IPv4's; a socket of IPv6 knows none but SIOCSIFDSTADDR, which is about tunnels. */
static int request(struct ifconfig *c, enum vnet_ifreq_field field, const struct inet_addr *addr)
{
    if (c->family == VNET_AF_INET6)
        return field == VNET_IFREQ_DSTADDR ? -ENODEV : -ENOTTY;
    return vnet_ifreq_set(c->ns, c->name, field, addr);
}

/* 0; -1: no such address. */
static int set(struct ifconfig *c, const char *text, enum vnet_ifreq_field field, const char *what)
{
    struct inet_addr addr;
    if (!input(c, text, &addr)) {
        c->failed |= 1;
        return -1;
    }
    int error = request(c, field, &addr);
    if (error)
        ifconfig_fail(c, what, error);
    return 0;
}

int ifconfig_broadcast(struct ifconfig *c, char *value)
{
    return set(c, value, VNET_IFREQ_BRDADDR, "SIOCSIFBRDADDR");
}

int ifconfig_dstaddr(struct ifconfig *c, char *value)
{
    return set(c, value, VNET_IFREQ_DSTADDR, "SIOCSIFDSTADDR");
}

int ifconfig_netmask(struct ifconfig *c, char *value)
{
    if (c->mask_given)
        return ifconfig_usage(c->env->err, c->env->err);
    if (set(c, value, VNET_IFREQ_NETMASK, "SIOCSIFNETMASK") == 0)
        c->mask_given = true;
    return 0;
}

void ifconfig_finish(struct ifconfig *c)
{
    if (!c->mask_owed)
        return;
    int error = vnet_ifreq_set(c->ns, c->name, VNET_IFREQ_NETMASK, &c->mask);
    if (error)
        ifconfig_fail(c, "SIOCSIFNETMASK", error);
}

/* ---- the address itself ---- */

static int no_address(struct ifconfig *c)
{
    sink_puts(c->env->err, "ifconfig: `--help' gives usage information.\n");
    return 1;
}

static int set_address(struct ifconfig *c, const struct inet_addr *addr)
{
    size_t len = strlen(c->name);
    int error = vnet_ifreq_set(c->ns, c->name, VNET_IFREQ_ADDR, addr);
    if (error)
        ifconfig_fail(c, "SIOCSIFADDR", error);
    /* an alias without an address is gone; one whose name ends in "-" was, long ago */
    bool alias = strchr(c->name, ':') != NULL;
    if (!alias || (!inet_addr_is_any(addr) && c->name[len - 1] != '-'))
        ifconfig_set_flags(c, c->name, VNET_IFF_UP | VNET_IFF_RUNNING, 0);
    return 0;
}

int ifconfig_address(struct ifconfig *c, char *value)
{
    char host[INET_NAME_MAX];
    struct inet_addr addr;
    uint32_t mask;
    snprintf(host, sizeof(host), "%s", value);
    int slash = c->family == VNET_AF_INET ? inet_getmask(host, &mask) : 0;
    if (slash < 0 || (slash > 0 && c->mask_given))
        return ifconfig_usage(c->env->err, c->env->err);
    if (slash > 0) {
        c->mask_owed = true;
        c->mask = inet_addr_v4(mask);
    }
    if (!input(c, host, &addr))
        return no_address(c);
    if (c->family == VNET_AF_INET)
        return set_address(c, &addr);
    sink_printf(c->env->err, "Don't know how to set addresses for family %d.\n", c->family);
    return 1;
}

/* ---- add and del of IPv6 ---- */

/* "ADDRESS/N" and the interface's index. 0; -1: it said what is wrong; else an exit status. */
static int read_ipv6(struct ifconfig *c, char *value, struct vnet_addr_req *req)
{
    char *slash = strchr(value, '/');
    long len = slash ? strtol(slash + 1, NULL, 10) : 128;
    if (len < 0 || len > 128)
        return ifconfig_usage(c->env->err, c->env->err);
    if (slash)
        *slash = '\0';
    *req = (struct vnet_addr_req){.family = VNET_AF_INET6, .prefixlen = (uint8_t)len};
    if (!inet6_number_input(c->env->err, value, &req->local)) {
        c->failed |= 1;
        return -1;
    }
    req->ifindex = vnet_ifreq_index(c->ns, c->name);
    if (req->ifindex)
        return 0;
    ifconfig_fail(c, "SIOGIFINDEX", -ENODEV);
    return -1;
}

static int add_ipv6(struct ifconfig *c, char *value)
{
    struct vnet_addr_req req;
    int status = read_ipv6(c, value, &req);
    if (status)
        return status < 0 ? 0 : status;
    int error = vnet_addr_add(c->ns, &req, NULL); /* addrconf_add_ifaddr() */
    if (error)
        ifconfig_fail(c, "SIOCSIFADDR", error);
    return 0;
}

static int del_ipv6(struct ifconfig *c, char *value)
{
    struct vnet_addr_req req;
    int status = read_ipv6(c, value, &req);
    if (status)
        return status < 0 ? 0 : status;
    if (c->verbose)
        sink_printf(c->env->err, "now deleting: ioctl(SIOCDIFADDR,{ifindex=%d,prefixlen=%d})\n",
                    req.ifindex, req.prefixlen);
    int error = vnet_addr_del(c->ns, &req, NULL); /* addrconf_del_ifaddr() */
    if (error)
        ifconfig_fail(c, "SIOCDIFADDR", error);
    return 0;
}

/* The other end of a sit device (addrconf_set_dstaddr()); no link of vnet is one. */
int ifconfig_tunnel(struct ifconfig *c, char *value)
{
    struct vnet_addr_req req;
    int status = read_ipv6(c, value, &req);
    if (status == 0)
        ifconfig_fail(c, "SIOCSIFDSTADDR", -ENODEV);
    return status < 0 ? 0 : status;
}

/* ---- add and del of IPv4: as aliases "NAME:0" to "NAME:255" ---- */

enum { ALIASES = 256 };

struct aliases {
    const char *dev;              /* of which device */
    const struct inet_addr *addr; /* the one looked for */
    bool used[ALIASES];
    char found[VNET_IFNAMSIZ]; /* the one with the address; "": none */
};

/* do_ifcmd() */
static bool look_at(const struct iface *i, void *arg)
{
    struct aliases *a = arg;
    const char *colon = strchr(i->name, ':');
    if (strncmp(i->name, a->dev, strlen(a->dev)) != 0 || !colon || strchr(colon, '-'))
        return true;
    int n = atoi(colon + 1);
    if (n < 0 || n >= ALIASES)
        return true;
    a->used[n] = true;
    if (!i->has_ip || !inet_addr_eq(&i->ip.address, a->addr))
        return true;
    memcpy(a->found, i->name, sizeof(a->found));
    return false;
}

/* A new alias with the mask and the broadcast address of its parent; what fails is not told. */
static void make_alias(struct ifconfig *c, const struct iface *parent, const struct inet_addr *addr,
                       const struct aliases *a)
{
    char name[VNET_IFNAMSIZ + 8];
    int n = 0;
    while (n < ALIASES && a->used[n])
        n++;
    if (n == ALIASES)
        return;
    snprintf(name, sizeof(name), "%s:%d", c->name, n);
    name[VNET_IFNAMSIZ - 1] = '\0';
    struct inet_addr mask = inet_addr_v4(parent->has_ip ? inet_mask_v4(parent->ip.prefixlen) : 0);
    struct inet_addr brd =
        parent->has_ip && parent->ip.brd.family ? parent->ip.brd : inet_addr_any(VNET_AF_INET);
    if (vnet_ifreq_set(c->ns, name, VNET_IFREQ_ADDR, addr) == 0 &&
        vnet_ifreq_set(c->ns, name, VNET_IFREQ_NETMASK, &mask) == 0 &&
        vnet_ifreq_set(c->ns, name, VNET_IFREQ_BRDADDR, &brd) == 0)
        ifconfig_set_flags(c, name, VNET_IFF_BROADCAST, 0);
}

/* set_ifstate(): del too makes the alias if there is none. */
static int change_alias(struct ifconfig *c, char *value, bool up)
{
    struct inet_addr addr;
    struct aliases a = {.dev = c->name, .addr = &addr};
    struct iface parent;
    uint32_t v4;
    if (inet_input(value, false, &v4) == INET_UNKNOWN) {
        inet_complain(c->env->err, value, false);
        c->failed |= 1;
        return 0;
    }
    addr = inet_addr_v4(v4);
    int before = c->failed; /* what follows counts for nothing */
    bool there = iface_fetch(c->ns, c->name, &parent, c->env->err);
    if (!there) /* it is on the list of names by now, and asked for again */
        iface_fetch(c->ns, c->name, &parent, c->env->err);
    iface_each(c->ns, c->env->err, look_at, &a);
    if (a.found[0])
        ifconfig_set_flags(c, a.found, up ? VNET_IFF_UP | VNET_IFF_RUNNING : 0,
                           up ? 0 : VNET_IFF_UP);
    else if (there)
        make_alias(c, &parent, &addr, &a);
    c->failed = before;
    return 0;
}

int ifconfig_add(struct ifconfig *c, char *value)
{
    return strchr(value, ':') ? add_ipv6(c, value) : change_alias(c, value, true);
}

int ifconfig_del(struct ifconfig *c, char *value)
{
    return strchr(value, ':') ? del_ipv6(c, value) : change_alias(c, value, false);
}
