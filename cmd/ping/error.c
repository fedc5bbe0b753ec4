#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "cmd/ping/state.h"

enum { ORIGIN_LOCAL = 1, ORIGIN_ICMP = 2, ORIGIN_ICMP6 = 3 };
enum {
    TYPE_UNREACH = 3,
    TYPE_QUENCH = 4,
    TYPE_REDIRECT = 5,
    TYPE_EXCEEDED = 11,
    TYPE_PARAMETER = 12
};
enum { CODE_FRAG_NEEDED = 4 };

static const char *const unreachable[] = {
    "Destination Net Unreachable",
    "Destination Host Unreachable",
    "Destination Protocol Unreachable",
    "Destination Port Unreachable",
    NULL, /* fragmentation needed: with its MTU */
    "Source Route Failed",
    "Destination Net Unknown",
    "Destination Host Unknown",
    "Source Host Isolated",
    "Destination Net Prohibited",
    "Destination Host Prohibited",
    "Destination Net Unreachable for Type of Service",
    "Destination Host Unreachable for Type of Service",
    "Packet filtered",
    "Precedence Violation",
    "Precedence Cutoff",
};

static void print_unreachable(struct sink *out, unsigned code, uint32_t info)
{
    if (code == CODE_FRAG_NEEDED)
        sink_printf(out, "Frag needed and DF set (mtu = %u)\n", info);
    else if (code < ARRAY_LEN(unreachable))
        sink_printf(out, "%s\n", unreachable[code]);
    else
        sink_printf(out, "Dest Unreachable, Bad Code: %u\n", code);
}

static void print_exceeded(struct sink *out, unsigned code)
{
    static const char *const texts[] = {"Time to live exceeded", "Frag reassembly time exceeded"};
    if (code < ARRAY_LEN(texts))
        sink_printf(out, "%s\n", texts[code]);
    else
        sink_printf(out, "Time exceeded, Bad Code: %u\n", code);
}

/* pr_icmph(), for what an error queue can hold. */
static void print_icmp(struct sink *out, const struct vnet_msg *m)
{
    switch (m->ee_type) {
    case TYPE_UNREACH:
        print_unreachable(out, m->ee_code, m->ee_info);
        break;
    case TYPE_QUENCH:
        sink_puts(out, "Source Quench\n");
        break;
    case TYPE_EXCEEDED:
        print_exceeded(out, m->ee_code);
        break;
    case TYPE_PARAMETER:
        sink_printf(out, "Parameter problem: pointer = %u\n", m->ee_info);
        break;
    default:
        sink_printf(out, "Bad ICMP type: %u\n", m->ee_type);
    }
}

/* print_icmp() of ping6_common.c */
static void print_icmp6(struct sink *out, const struct vnet_msg *m)
{
    enum { UNREACH = 1, TOO_BIG = 2, EXCEEDED = 3, PARAMETER = 4 };
    static const char *const unreach[] = {"No route", "Administratively prohibited",
                                          "Beyond scope of source address", "Address unreachable",
                                          "Port unreachable"};
    static const char *const exceeded[] = {"Hop limit", "Defragmentation failure"};
    static const char *const parameter[] = {"Wrong header field", "Unknown header",
                                            "Unknown option"};
    const unsigned code = m->ee_code;
    switch (m->ee_type) {
    case UNREACH:
        if (code < ARRAY_LEN(unreach))
            sink_printf(out, "Destination unreachable: %s\n", unreach[code]);
        else
            sink_printf(out, "Destination unreachable: Unknown code %u\n", code);
        break;
    case TOO_BIG:
        sink_printf(out, "Packet too big: mtu=%u", m->ee_info);
        if (code)
            sink_printf(out, ", code=%u", code);
        sink_puts(out, "\n");
        break;
    case EXCEEDED:
        if (code < ARRAY_LEN(exceeded))
            sink_printf(out, "Time exceeded: %s\n", exceeded[code]);
        else
            sink_printf(out, "Time exceeded: code %u\n", code);
        break;
    case PARAMETER:
        if (code < ARRAY_LEN(parameter))
            sink_printf(out, "Parameter problem: %s at %u\n", parameter[code], m->ee_info);
        else
            sink_printf(out, "Parameter problem: code %u at %u\n", code, m->ee_info);
        break;
    default:
        sink_printf(out, "unknown icmp type: %u\n", m->ee_type);
    }
}

static int local_error(struct ping *p, const struct vnet_msg *m)
{
    if (p->o.quiet)
        return -1;
    if (p->o.flood)
        sink_puts(p->env->out, "E");
    else if (m->ee_errno != EMSGSIZE)
        ping_complain(p, "local error: %s", cmd_strerror(m->ee_errno));
    else
        ping_complain(p, "local error: message too long, mtu%s%u", ping_is_v6(p) ? ": " : "=",
                      m->ee_info);
    p->errors++;
    return -1;
}

/* An ICMP error came: from now on ICMP errors need not be read as datagrams too. */
static void narrow_filter(struct ping *p)
{
    enum { QUENCH = 1 << 4, REDIRECT = 1 << 5, ECHO_REPLY = 1 << 0 };
    vnet_sock_setopt(p->w, p->sock, VNET_ICMP_FILTER, (uint32_t) ~(QUENCH | REDIRECT | ECHO_REPLY));
}

static int network_error(struct ping *p, const struct vnet_msg *m, uint16_t seq)
{
    char offender[128];
    if (!ping_is_v6(p)) {
        ping_acknowledge(p, seq);
        narrow_filter(p);
    }
    p->errors++;
    if (p->o.quiet)
        return 1;
    if (p->o.flood) {
        sink_puts(p->env->out, "\bE");
        return 1;
    }
    ping_print_timestamp(p);
    sink_printf(p->env->out, "From %s icmp_seq=%u ",
                ping_addr_text(p, &m->offender, m->offender_scope, offender, sizeof(offender)),
                seq);
    if (ping_is_v6(p))
        print_icmp6(p->env->out, m);
    else
        print_icmp(p->env->out, m);
    sink_flush(p->env->out);
    return 1;
}

int ping_read_error(struct ping *p, int *error)
{
    uint8_t quoted[PING_HEADER];
    struct vnet_msg m;
    long n = vnet_recvmsg(p->w, p->sock, quoted, sizeof(quoted), VNET_MSG_ERRQUEUE, &m);
    if (n < 0)
        return 0;
    if (m.ee_origin == ORIGIN_LOCAL)
        return local_error(p, &m);
    if (m.ee_origin != (ping_is_v6(p) ? ORIGIN_ICMP6 : ORIGIN_ICMP))
        return 0;
    uint8_t request = ping_is_v6(p) ? 128 : 8;
    if ((size_t)n < sizeof(quoted) || !inet_addr_eq(&m.from, &p->dst) || quoted[0] != request ||
        (!p->dgram && get_be16(quoted + 4) != p->o.ident)) {
        *error = 0; /* not our error */
        return 0;
    }
    return network_error(p, &m, get_be16(quoted + 6));
}
