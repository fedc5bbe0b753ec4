/* Who is pinged: numbers, scopes, names; by which family, and so by which socket. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ping/state.h"
#include "cmd/resolve.h"
#include "vnet_link.h"

static const char *family_name(uint8_t family)
{
    return family == VNET_AF_INET ? "AF_INET" : family == VNET_AF_INET6 ? "AF_INET6" : "AF_UNSPEC";
}

/* getnameinfo(): a device's name where the address is of its link, else its number. */
static const char *scope_name(const struct ping *p, const struct inet_addr *a, int scope,
                              char buf[VNET_IFNAMSIZ])
{
    bool link_group = inet_addr_is_multicast(a) && (a->bytes[1] & 0x0f) == 2;
    if (link_group || inet_addr_is_linklocal(a))
        return vnet_link_name(p->ns, scope, buf);
    snprintf(buf, VNET_IFNAMSIZ, "%d", scope);
    return buf;
}

const char *ping_addr_text(const struct ping *p, const struct inet_addr *a, int scope, char *buf,
                           size_t size)
{
    char text[INET_ADDRSTRLEN_MAX], scope_text[VNET_IFNAMSIZ];
    const char *name = p->o.numeric ? NULL : hosts_name(vnet_hosts(p->w), a);
    const char *dev = scope ? scope_name(p, a, scope, scope_text) : NULL;
    inet_addr_str(a, text);
    const char *mark = dev ? "%" : "";
    dev = dev ? dev : "";
    if (name)
        snprintf(buf, size, "%s%s%s (%s%s%s)", name, mark, dev, text, mark, dev);
    else
        snprintf(buf, size, "%s%s%s", text, mark, dev);
    return buf;
}

/* __inet6_scopeid_pton(): a device's name where the address is of a link, else a number. */
static bool parse_scope(struct ping *p, const struct inet_addr *a, const char *s, int *out)
{
    bool group = inet_addr_is_multicast(a) && (a->bytes[1] & 0x0f) <= 2 && (a->bytes[1] & 0x0f);
    int ifindex = inet_addr_is_linklocal(a) || group ? vnet_link_index(p->ns, s) : 0;
    char *end;
    if (ifindex > 0) {
        *out = ifindex;
        return true;
    }
    if (!isdigit((unsigned char)*s))
        return false;
    errno = 0;
    unsigned long v = strtoul(s, &end, 10);
    *out = (int)v;
    return *end == '\0' && errno == 0 && v <= INT32_MAX;
}

/* ADDRESS or ADDRESS%SCOPE */
static bool parse_v6(struct ping *p, const char *s, struct inet_addr *out)
{
    char addr[INET_ADDRSTRLEN_MAX];
    const char *percent = strchr(s, '%');
    size_t len = percent ? (size_t)(percent - s) : strlen(s);
    if (len >= sizeof(addr))
        return false;
    memcpy(addr, s, len);
    addr[len] = '\0';
    return inet_addr_parse(VNET_AF_INET6, addr, out) &&
           (!percent || parse_scope(p, out, percent + 1, &p->scope_id));
}

static bool resolve_family(struct ping *p, const char *target, uint8_t family)
{
    if (family == VNET_AF_INET && resolve_aton(target, &p->dst)) {
        p->o.numeric = true;
        return true;
    }
    if (family == VNET_AF_INET6 && parse_v6(p, target, &p->dst)) {
        p->o.numeric = true; /* also by a name with a colon, which no name has */
        return true;
    }
    return resolve_host(vnet_hosts(p->w), target, family, &p->dst);
}

/* getaddrinfo()'s words for why there is no address of this family. */
static const char *why_unresolved(struct ping *p, const char *host, uint8_t family)
{
    uint8_t other = family == VNET_AF_INET ? VNET_AF_INET6 : VNET_AF_INET;
    if (family != VNET_AF_UNSPEC && resolve_family(p, host, other))
        return "Address family for hostname not supported";
    return *host == '\0' || strchr(host, ':') ? "Name or service not known"
                                              : "Temporary failure in name resolution";
}

int ping_resolve4(struct ping *p, const char *host, struct inet_addr *addr)
{
    if (resolve_aton(host, addr)) {
        p->o.numeric = true;
        return -1;
    }
    if (resolve_host(vnet_hosts(p->w), host, VNET_AF_INET, addr))
        return -1;
    ping_complain(p, "%s: %s", host, why_unresolved(p, host, VNET_AF_INET));
    return 2;
}

static int resolve_target(struct ping *p)
{
    p->hostname = p->o.target;
    if ((p->o.family != VNET_AF_INET6 && resolve_family(p, p->o.target, VNET_AF_INET)) ||
        (p->o.family != VNET_AF_INET && resolve_family(p, p->o.target, VNET_AF_INET6)))
        return -1;
    ping_complain(p, "%s: %s", p->o.target, why_unresolved(p, p->o.target, p->o.family));
    return 2;
}

/* Does ping_group_range allow datagram sockets? It is asked once, for both families. */
static bool datagram_allowed(struct ping *p)
{
    vnet_sock_id id;
    if (vnet_socket(p->ns, VNET_AF_INET, VNET_SOCK_DGRAM, VNET_IPPROTO_ICMP, &id) < 0)
        return false;
    vnet_sock_close(p->w, id);
    return true;
}

static int refuse_datagram_options(struct ping *p)
{
    if (!p->dgram || !(p->o.record_route || p->o.timestamp))
        return -1;
    ping_complain(p,
                  "-R and -T over a datagram socket (ping_group_range) are not emulated by vnet");
    return 2;
}

static void choose_socktype(struct ping *p)
{
    bool forced = p->o.ident_given && p->o.ident == 0;
    if (forced && p->o.verbose)
        ping_complain(p, "WARNING: ident 0 => forcing raw socket");
    p->dgram = !forced && datagram_allowed(p);
}

/* create_socket(): a datagram socket where ping_group_range allows it, else a raw one. */
static int open_socket(struct ping *p)
{
    int protocol = ping_is_v6(p) ? VNET_IPPROTO_ICMPV6 : VNET_IPPROTO_ICMP;
    int rc = vnet_socket(p->ns, p->dst.family, p->dgram ? VNET_SOCK_DGRAM : VNET_SOCK_RAW, protocol,
                         &p->sock);
    if (rc == 0 && p->dgram && p->o.ident_given)
        rc = vnet_sock_bind_ident(p->w, p->sock, p->o.ident);
    return rc < 0 ? ping_fail(p, "socket", -rc) : -1;
}

/* -v: the sockets that were opened for the families in question. */
static void print_sockets(struct ping *p)
{
    bool v4 = p->o.family != VNET_AF_INET6, v6 = p->o.family != VNET_AF_INET;
    const char *type = p->dgram ? "SOCK_DGRAM" : "SOCK_RAW";
    sink_printf(p->env->err,
                "%s: sock4.fd: %d (socktype: %s), sock6.fd: %d (socktype: %s), "
                "hints.ai_family: %s\n\n",
                p->prog, v4 ? 3 : -1, v4 ? type : "0", v6 ? (v4 ? 4 : 3) : -1, v6 ? type : "0",
                family_name(p->o.family));
}

int ping_find_target(struct ping *p)
{
    choose_socktype(p);
    int rc = refuse_datagram_options(p);
    if (rc == -1 && p->o.verbose)
        print_sockets(p);
    if (rc == -1)
        rc = resolve_target(p);
    if (rc == -1)
        rc = open_socket(p);
    if (rc == -1 && p->o.verbose)
        sink_printf(p->env->out, "ai->ai_family: %s, ai->ai_canonname: '%s'\n",
                    family_name(p->dst.family), p->hostname);
    return rc;
}
