/* Addresses, ports and protocols as text. vnet has no resolver: without -n only what /etc/hosts,
 * /etc/services and /etc/protocols of every system say is named. */
#include "cmd/tcpdump/dis.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

const char *dis_tok(const struct nametab *t, const char *fmt, uint32_t value, char buf[DIS_NAME])
{
    const char *name = nametab_name(t, value);
    if (name)
        return name;
    /* fmt comes from this folder's sources and has one %u or %x */
    struct strbuf sb = STRBUF_INIT;
    const char *conv = strchr(fmt, '%');
    size_t before = conv ? (size_t)(conv - fmt) : strlen(fmt);
    strbuf_add(&sb, fmt, before);
    if (conv && strncmp(conv, "%04x", 4) == 0) {
        strbuf_addf(&sb, "%04x", value);
        conv += 4;
    } else if (conv && strncmp(conv, "%02x", 4) == 0) {
        strbuf_addf(&sb, "%02x", value);
        conv += 4;
    } else if (conv) {
        strbuf_addf(&sb, conv[1] == 'x' ? "%x" : "%u", value);
        conv += 2;
    }
    strbuf_adds(&sb, conv ? conv : "");
    snprintf(buf, DIS_NAME, "%s", strbuf_cstr(&sb));
    strbuf_release(&sb);
    return buf;
}

const char *dis_bits(const struct nametab *t, const char *none, uint32_t value, char buf[DIS_NAME])
{
    size_t used = 0;
    buf[0] = '\0';
    for (; t->name; t++)
        if (value & t->value && used < DIS_NAME)
            used +=
                (size_t)snprintf(buf + used, DIS_NAME - used, "%s%s", used ? ", " : "", t->name);
    return used ? buf : none;
}

static const char *named(const struct dis *d, const struct inet_addr *a, char buf[DIS_NAME])
{
    const char *name = d->o->no_names ? NULL : hosts_name(d->o->hosts, a);
    if (name)
        return name;
    return inet_addr_str(a, buf);
}

const char *dis_ip4(struct dis *d, size_t at, char buf[DIS_NAME])
{
    struct inet_addr a = inet_addr_v4(dis_u32(d, at));
    return named(d, &a, buf);
}

const char *dis_ip6(struct dis *d, size_t at, char buf[DIS_NAME])
{
    struct inet_addr a = inet_addr_any(VNET_AF_INET6);
    if (dis_need(d, at, 16))
        a = inet_addr_v6(d->data + at);
    return named(d, &a, buf);
}

const char *dis_ether(struct dis *d, size_t at, char buf[DIS_NAME])
{
    char vendor[DIS_NAME];
    buf[0] = '\0';
    if (!dis_need(d, at, ETH_ALEN))
        return buf;
    struct lladdr a = lladdr_eth(d->data + at);
    lladdr_str(&a, buf);
    if (d->o->no_names)
        return buf;
    if (strcmp(buf, "ff:ff:ff:ff:ff:ff") == 0)
        snprintf(buf, DIS_NAME, "Broadcast");
    else
        snprintf(buf + strlen(buf), DIS_NAME - strlen(buf), " (oui %s)",
                 dis_tok(dis_ouis, "Unknown", get_be32(a.bytes) >> 8, vendor));
    return buf;
}

void dis_put_linkaddr(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    if (len == ETH_ALEN) {
        dis_put(d, "%s", dis_ether(d, at, buf));
        return;
    }
    if (len == 0)
        dis_put(d, "<empty>");
    if (!dis_need(d, at, len))
        return;
    for (size_t i = 0; i < len; i++)
        dis_put(d, "%s%02x", i ? ":" : "", d->data[at + i]);
}

const char *dis_port(struct dis *d, bool tcp, uint16_t port, char buf[DIS_NAME])
{
    const char *name =
        d->o->no_names ? NULL : nametab_name(tcp ? dis_tcp_ports : dis_udp_ports, port);
    if (name)
        return name;
    snprintf(buf, DIS_NAME, "%u", port);
    return buf;
}

const char *dis_protocol_name(const struct dis *d, uint8_t protocol)
{
    return d->o->no_names ? NULL : nametab_name(dis_protocol_words, protocol);
}

static bool is_ip6(struct dis *d, size_t ip)
{
    return dis_u8(d, ip) >> 4 == 6;
}

static const char *host(struct dis *d, size_t ip, bool destination, char buf[DIS_NAME])
{
    if (is_ip6(d, ip))
        return dis_ip6(d, ip + (destination ? 24 : 8), buf);
    return dis_ip4(d, ip + (destination ? 16 : 12), buf);
}

void dis_put_hosts(struct dis *d, size_t ip, const char *after)
{
    char src[DIS_NAME], dst[DIS_NAME];
    dis_put(d, "%s > %s:%s", host(d, ip, false, src), host(d, ip, true, dst), after);
}

void dis_put_ports(struct dis *d, size_t ip, size_t at, uint8_t protocol)
{
    char src[DIS_NAME], dst[DIS_NAME], from[DIS_NAME], to[DIS_NAME];
    const char *sport = dis_port(d, protocol == 6, dis_u16(d, at), from);
    const char *dport = dis_port(d, protocol == 6, dis_u16(d, at + 2), to);
    if (dis_u8(d, ip + (is_ip6(d, ip) ? 6 : 9)) == protocol)
        dis_put(d, "%s.%s > %s.%s: ", host(d, ip, false, src), sport, host(d, ip, true, dst),
                dport);
    else
        dis_put(d, "%s > %s: ", sport, dport);
}
