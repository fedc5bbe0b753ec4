/* An interface as ifconfig and netstat -i print it (ife_print_short(), ife_print_long() of
 * net-tools 2.10, counters as dev_seq_printf_stats() puts them into /proc/net/dev). */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/net-tools/hwtype.h"
#include "cmd/net-tools/iface.h"
#include "cmd/net-tools/inet.h"

static const struct {
    uint16_t flag;
    const char *name;
} flag_names[] = {
    {VNET_IFF_UP, "UP"},
    {VNET_IFF_BROADCAST, "BROADCAST"},
    {VNET_IFF_DEBUG, "DEBUG"},
    {VNET_IFF_LOOPBACK, "LOOPBACK"},
    {VNET_IFF_POINTOPOINT, "POINTOPOINT"},
    {VNET_IFF_NOTRAILERS, "NOTRAILERS"},
    {VNET_IFF_RUNNING, "RUNNING"},
    {VNET_IFF_NOARP, "NOARP"},
    {VNET_IFF_PROMISC, "PROMISC"},
    {VNET_IFF_ALLMULTI, "ALLMULTI"},
    {VNET_IFF_SLAVE, "SLAVE"},
    {VNET_IFF_MASTER, "MASTER"},
    {VNET_IFF_MULTICAST, "MULTICAST"},
    {VNET_IFF_DYNAMIC, "DYNAMIC"},
};

/* The letters of the short form come in an order of their own. */
static const struct {
    uint16_t flag;
    char letter;
} flag_letters[] = {
    {VNET_IFF_ALLMULTI, 'A'},    {VNET_IFF_BROADCAST, 'B'},  {VNET_IFF_DEBUG, 'D'},
    {VNET_IFF_LOOPBACK, 'L'},    {VNET_IFF_MULTICAST, 'M'},  {VNET_IFF_DYNAMIC, 'd'},
    {VNET_IFF_PROMISC, 'P'},     {VNET_IFF_NOTRAILERS, 'N'}, {VNET_IFF_NOARP, 'O'},
    {VNET_IFF_POINTOPOINT, 'P'}, {VNET_IFF_SLAVE, 's'},      {VNET_IFF_MASTER, 'm'},
    {VNET_IFF_RUNNING, 'R'},     {VNET_IFF_UP, 'U'},
};

/* ---- one line ---- */

void iface_print_head(struct sink *out)
{
    sink_puts(out, "Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR "
                   "Flg\n");
}

typedef unsigned long long ull;

void iface_print_short(struct sink *out, const struct iface *i)
{
    const struct vnet_link_stats *s = &i->link.stats;
    sink_printf(out, "%-15.15s %5u", i->name, i->link.mtu);
    if (i->has_stats)
        sink_printf(out, " %8llu %6llu %6llu %-6llu %8llu %6llu %6llu %6llu ", (ull)s->rx_packets,
                    (ull)s->rx_errors, (ull)s->rx_dropped + s->rx_missed_errors,
                    (ull)s->rx_fifo_errors, (ull)s->tx_packets, (ull)s->tx_errors,
                    (ull)s->tx_dropped, (ull)s->tx_fifo_errors);
    else
        sink_printf(out, " %-56s", "     - no statistics available -");
    if (!i->flags)
        sink_puts(out, "[NO FLAGS]");
    for (size_t k = 0; k < ARRAY_LEN(flag_letters); k++)
        if (i->flags & flag_letters[k].flag)
            sink_printf(out, "%c", flag_letters[k].letter);
    sink_puts(out, "\n");
}

/* ---- many lines ---- */

static void print_first_line(struct sink *out, const struct iface *i)
{
    const char *comma = "";
    sink_printf(out, "%s: flags=%d<", i->name, (int16_t)i->flags);
    for (size_t k = 0; k < ARRAY_LEN(flag_names); k++) {
        if (!(i->flags & flag_names[k].flag))
            continue;
        sink_printf(out, "%s%s", comma, flag_names[k].name);
        comma = ",";
    }
    sink_printf(out, ">  mtu %u\n", i->link.mtu);
}

static void print_ipv4(struct sink *out, const struct iface *i)
{
    char a[INET_NAME_MAX], m[INET_NAME_MAX], b[INET_NAME_MAX];
    if (!i->has_ip)
        return;
    sink_printf(out, "        inet %s  netmask %s", inet_number(inet_addr_to_v4(&i->ip.local), a),
                inet_number(inet_mask_v4(i->ip.prefixlen), m));
    uint32_t brd = i->ip.brd.family ? inet_addr_to_v4(&i->ip.brd) : 0;
    if (i->flags & VNET_IFF_BROADCAST)
        sink_printf(out, "  broadcast %s", inet_number(brd, b));
    if (i->flags & VNET_IFF_POINTOPOINT)
        sink_printf(out, "  destination %s", inet_number(inet_addr_to_v4(&i->ip.address), b));
    sink_puts(out, "\n");
}

/* The scope as /proc/net/if_inet6 has it (ipv6_addr_type() & IPV6_ADDR_SCOPE_MASK). */
static unsigned scope_of(const struct inet_addr *a)
{
    const uint8_t *b = a->bytes;
    static const uint8_t zero[12];
    if (inet_addr_is_loopback(a))
        return 0x10;
    if (inet_addr_is_linklocal(a))
        return 0x20;
    if (b[0] == 0xfe && (b[1] & 0xc0) == 0xc0)
        return 0x40;
    return memcmp(b, zero, sizeof(zero)) == 0 ? 0x80 : 0;
}

static int print_ipv6(const struct vnet_addr_info *info, void *arg)
{
    struct sink *out = arg;
    char text[INET_NAME_MAX];
    unsigned scope = scope_of(&info->local);
    sink_printf(out, "        inet6 %s  prefixlen %u  scopeid 0x%x<",
                inet6_number(&info->local, text), info->prefixlen, scope);
    if (scope & 0x80)
        sink_puts(out, "compat,");
    sink_printf(out, "%s>\n",
                scope & 0x10   ? "host"
                : scope & 0x20 ? "link"
                : scope & 0x40 ? "site"
                               : "global");
    return 0;
}

static void print_hardware(struct sink *out, const struct iface *i)
{
    const struct hwtype *hw = hwtype_of(i->link.type);
    char text[LLADDR_STRLEN_MAX];
    sink_printf(out, "        %s", hw->name);
    if (hw->address)
        sink_printf(out, " %s", lladdr_str(&i->link.addr, text));
    else if (hw->arphrd < 0)
        sink_puts(out, " " HWTYPE_UNSPEC_ADDRESS);
    sink_printf(out, "  txqueuelen %u  (%s)\n", i->link.txqlen, hw->title);
}

/* "RX packets 3  bytes 1536 (1.5 KiB)" */
static void print_traffic(struct sink *out, const char *what, uint64_t packets, uint64_t bytes)
{
    static const struct {
        uint64_t unit;
        const char *name;
    } units[] = {{1ULL << 50, "PiB"}, {1ULL << 40, "TiB"}, {1ULL << 30, "GiB"},
                 {1ULL << 20, "MiB"}, {1ULL << 10, "KiB"}, {1, "B"}};
    size_t u = 0;
    while (units[u].unit > 1 && bytes <= units[u].unit)
        u++;
    uint64_t tenths =
        bytes > UINT64_MAX / 20 ? bytes / (units[u].unit / 10) : bytes * 10 / units[u].unit;
    sink_printf(out, "        %s packets %llu  bytes %llu (%llu.%llu %s)\n", what, (ull)packets,
                (ull)bytes, (ull)(tenths / 10), (ull)(tenths % 10), units[u].name);
}

static void print_counters(struct sink *out, const struct vnet_link_stats *s)
{
    uint64_t frame =
        s->rx_length_errors + s->rx_over_errors + s->rx_crc_errors + s->rx_frame_errors;
    uint64_t carrier =
        s->tx_carrier_errors + s->tx_aborted_errors + s->tx_window_errors + s->tx_heartbeat_errors;
    print_traffic(out, "RX", s->rx_packets, s->rx_bytes);
    sink_printf(out, "        RX errors %llu  dropped %llu  overruns %llu  frame %llu\n",
                (ull)s->rx_errors, (ull)s->rx_dropped + s->rx_missed_errors, (ull)s->rx_fifo_errors,
                (ull)frame);
    print_traffic(out, "TX", s->tx_packets, s->tx_bytes);
    sink_printf(out,
                "        TX errors %llu  dropped %llu overruns %llu  carrier %llu  collisions "
                "%llu\n",
                (ull)s->tx_errors, (ull)s->tx_dropped, (ull)s->tx_fifo_errors, (ull)carrier,
                (ull)s->collisions);
}

void iface_print_long(struct sink *out, const struct netns *ns, const struct iface *i)
{
    print_first_line(out, i);
    print_ipv4(out, i);
    if (i->has_stats) /* /proc/net/if_inet6 names devices */
        vnet_addr_dump(ns, VNET_AF_INET6, i->link.ifindex, print_ipv6, out);
    print_hardware(out, i);
    if (i->has_stats)
        print_counters(out, &i->link.stats);
    sink_puts(out, "\n");
}
