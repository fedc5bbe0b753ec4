/* Addresses, ports and protocols as text. vnet has no resolver: without -n only what /etc/hosts,
 * /etc/services and /etc/protocols of every system say is named. */
#include "cmd/tcpdump/dis.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

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

/* What the hosts file of every system has. */
static const struct {
    const char *addr, *name;
} hosts[] = {
    {"127.0.0.1", "localhost"},
    {"::1", "localhost"},
};

static const char *named(const struct dis *d, const struct inet_addr *a, char buf[DIS_NAME])
{
    inet_addr_str(a, buf);
    if (d->o->no_names)
        return buf;
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
        if (strcmp(buf, hosts[i].addr) == 0)
            snprintf(buf, DIS_NAME, "%s", hosts[i].name);
    return buf;
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
                 memcmp(a.bytes, "\0\0\0", 3) == 0 ? "Ethernet" : "Unknown");
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

static const struct nametab tcp_ports[] = {
    {"ftp-data", 20}, {"ftp", 21},   {"ssh", 22},    {"telnet", 23}, {"smtp", 25}, {"domain", 53},
    {"http", 80},     {"pop3", 110}, {"imap2", 143}, {"https", 443}, {NULL, 0},
};
static const struct nametab udp_ports[] = {
    {"domain", 53}, {"bootps", 67}, {"bootpc", 68},  {"tftp", 69},
    {"ntp", 123},   {"snmp", 161},  {"syslog", 514}, {NULL, 0},
};

const char *dis_port(struct dis *d, bool tcp, uint16_t port, char buf[DIS_NAME])
{
    const char *name = d->o->no_names ? NULL : nametab_name(tcp ? tcp_ports : udp_ports, port);
    if (name)
        return name;
    snprintf(buf, DIS_NAME, "%u", port);
    return buf;
}

/* As /etc/protocols writes them. */
static const struct nametab protocol_names[] = {
    {"ip", 0},    {"icmp", 1},  {"igmp", 2},        {"ipencap", 4},     {"tcp", 6},
    {"udp", 17},  {"ipv6", 41}, {"ipv6-route", 43}, {"ipv6-frag", 44},  {"gre", 47},
    {"esp", 50},  {"ah", 51},   {"ipv6-icmp", 58},  {"ipv6-nonxt", 59}, {"ipv6-opts", 60},
    {"ospf", 89}, {"pim", 103}, {"vrrp", 112},      {"sctp", 132},      {NULL, 0},
};

const char *dis_protocol_name(const struct dis *d, uint8_t protocol)
{
    return d->o->no_names ? NULL : nametab_name(protocol_names, protocol);
}

const struct nametab dis_protocols[] = {
    {"ICMP", 1}, {"IGMP", 2}, {"IPIP", 4}, {"TCP", 6},     {"UDP", 17},  {"IPv6", 41},
    {"GRE", 47}, {"ESP", 50}, {"AH", 51},  {"ICMPv6", 58}, {"OSPF", 89}, {NULL, 0},
};

const struct nametab dis_ethertypes[] = {
    {"IPv4", 0x0800}, {"ARP", 0x0806},      {"IPv6", 0x86dd}, {"802.1Q", 0x8100},
    {"LLDP", 0x88cc}, {"Loopback", 0x9000}, {NULL, 0},
};
