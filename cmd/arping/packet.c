/* ARP packets that arping sends and takes (send_pack(), recv_pack()). */
#include <string.h>

#include "base/bytes.h"
#include "cmd/arping/arping.h"
#include "vnet_capture.h"
#include "vnet_packet.h"

enum { ARP_SIZE = 28, REQUEST = 1, REPLY = 2, ETHERTYPE_IPV4 = 0x0800 };
enum { SHA = 8, SPA = 14, THA = 18, TPA = 24 }; /* where the addresses are */

void arping_send(struct arping *a)
{
    uint8_t p[ARP_SIZE];
    put_be16(p, a->me.type);
    put_be16(p + 2, ETHERTYPE_IPV4);
    p[4] = ETH_ALEN;
    p[5] = 4;
    put_be16(p + 6, a->advert ? REPLY : REQUEST);
    memcpy(p + SHA, a->me.addr.bytes, ETH_ALEN);
    memcpy(p + SPA, a->gsrc.bytes, 4);
    memcpy(p + THA, a->advert ? a->me.addr.bytes : a->he.bytes, ETH_ALEN);
    memcpy(p + TPA, a->gdst.bytes, 4);
    int64_t now = vnet_now(a->s.w);
    if (vnet_packet_send(a->s.w, a->s.sock, p, sizeof(p), &a->he) < 0)
        return;
    a->last = now;
    a->sent++;
    if (!a->unicasting)
        a->brd_sent++;
}

static bool is_for_us(const struct arping *a, const uint8_t *p, size_t len,
                      const struct vnet_msg *msg)
{
    if (msg->pkttype != VNET_PACKET_HOST && msg->pkttype != VNET_PACKET_BROADCAST &&
        msg->pkttype != VNET_PACKET_MULTICAST)
        return false;
    if (len < ARP_SIZE || (get_be16(p + 6) != REQUEST && get_be16(p + 6) != REPLY) ||
        get_be16(p) != a->me.type || get_be16(p + 2) != ETHERTYPE_IPV4 || p[5] != 4 ||
        p[4] != ETH_ALEN || memcmp(p + SPA, a->gdst.bytes, 4) != 0)
        return false;
    bool to_source = memcmp(p + TPA, a->gsrc.bytes, 4) == 0;
    if (!a->dad)
        return to_source && memcmp(p + THA, a->me.addr.bytes, ETH_ALEN) == 0;
    /* duplicate address detection: any other host that speaks of the address */
    return memcmp(p + SHA, a->me.addr.bytes, ETH_ALEN) != 0 &&
           (inet_addr_is_any(&a->gsrc) || to_source);
}

static void print_hex(struct sink *out, const uint8_t *mac)
{
    for (int i = 0; i < ETH_ALEN; i++)
        sink_printf(out, "%s%02X", i ? ":" : "[", mac[i]);
    sink_puts(out, "]");
}

/* Milliseconds with what the real one makes of their thousandths: half a millisecond too many. */
static void print_time(const struct arping *a)
{
    int64_t us = (vnet_now(a->s.w) - a->last + 500) / 1000, ms = (us + 500) / 1000;
    us -= ms * 1000 - 500;
    if (a->last)
        sink_printf(a->env->out, " %lld.%03lldms\n", (long long)ms, (long long)us);
    else
        sink_puts(a->env->out, " UNSOLICITED?\n");
}

static void print_packet(const struct arping *a, const uint8_t *p, const struct vnet_msg *msg)
{
    struct sink *out = a->env->out;
    bool for_other = memcmp(p + TPA, a->gsrc.bytes, 4) != 0;
    sink_printf(
        out, "%s %s from %u.%u.%u.%u ", msg->pkttype == VNET_PACKET_HOST ? "Unicast" : "Broadcast",
        get_be16(p + 6) == REPLY ? "reply" : "request", p[SPA], p[SPA + 1], p[SPA + 2], p[SPA + 3]);
    print_hex(out, p + SHA);
    sink_puts(out, " ");
    if (for_other)
        sink_printf(out, "for %u.%u.%u.%u ", p[TPA], p[TPA + 1], p[TPA + 2], p[TPA + 3]);
    if (memcmp(p + THA, a->me.addr.bytes, ETH_ALEN) != 0) {
        sink_puts(out, for_other ? "" : "for ");
        print_hex(out, p + THA);
    }
    print_time(a);
}

bool arping_receive(struct arping *a, const uint8_t *p, size_t len, const struct vnet_msg *msg)
{
    if (!is_for_us(a, p, len, msg))
        return false;
    if (!a->quiet)
        print_packet(a, p, msg);
    a->received++;
    if (a->timeout && a->received == a->count)
        return true;
    a->brd_recv += msg->pkttype != VNET_PACKET_HOST;
    a->req_recv += get_be16(p + 6) == REQUEST;
    if (a->quit_on_reply || (a->count == 0 && a->received == a->sent))
        return true;
    if (!a->broadcast_only) {
        memcpy(a->he.bytes, p + SHA, ETH_ALEN);
        a->unicasting = true;
    }
    return false;
}
