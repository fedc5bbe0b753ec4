/* /proc/net/snmp, netstat and snmp6: the counters of a namespace (net/ipv4/proc.c,
 * net/ipv6/proc.c).
 */
#include "inet/proc_mib.h"

#include <stdio.h>

#include "inet/proc_net.h"
#include "inet/sysctls.h"
#include "sim/world.h"
#include "wire/icmp.h"

enum { AFTER_CENTOS7 = 0x030b00, PER_LINE = 16 };
#define IP(id)        .at = MIB_AT(ip[IPSTATS_##id])
#define IP6(id)       .at = MIB_AT(ip6[IPSTATS_##id])
#define ICMP(id)      .at = MIB_AT(icmp[ICMP_MIB_##id])
#define ICMP6(id)     .at = MIB_AT(icmp6[ICMP_MIB_##id])
#define IN_TYPE(n)    .at = MIB_AT(icmpmsg[n])
#define OUT_TYPE(n)   .at = MIB_AT(icmpmsg[MIB_MSG_OUT + (n)])
#define IN_TYPE6(n)   .at = MIB_AT(icmp6msg[n])
#define OUT_TYPE6(n)  .at = MIB_AT(icmp6msg[MIB_MSG_OUT + (n)])
#define UDP(id)       .at = MIB_AT(udp[UDP_MIB_##id])
#define UDP6(id)      .at = MIB_AT(udp6[UDP_MIB_##id])
#define OUT_TRANSMITS 0x060800

static const struct mib_row ip_rows[] = {
    {"InReceives", IP(INPKTS)},
    {"InHdrErrors", IP(INHDRERRORS)},
    {"InAddrErrors", IP(INADDRERRORS)},
    {"ForwDatagrams", IP(OUTFORWDATAGRAMS)},
    {"InUnknownProtos", IP(INUNKNOWNPROTOS)},
    {"InDiscards", IP(INDISCARDS)},
    {"InDelivers", IP(INDELIVERS)},
    {"OutRequests", IP(OUTREQUESTS)},
    {"OutDiscards", IP(OUTDISCARDS)},
    {"OutNoRoutes", IP(OUTNOROUTES)},
    {"ReasmTimeout", IP(REASMTIMEOUT)},
    {"ReasmReqds", IP(REASMREQDS)},
    {"ReasmOKs", IP(REASMOKS)},
    {"ReasmFails", IP(REASMFAILS)},
    {"FragOKs", IP(FRAGOKS)},
    {"FragFails", IP(FRAGFAILS)},
    {"FragCreates", IP(FRAGCREATES)},
    {"OutTransmits", .since = OUT_TRANSMITS, IP(OUTPKTS)},
    {.name = NULL},
};

static const struct mib_row ipext_rows[] = {
    {"InNoRoutes", IP(INNOROUTES)},
    {"InTruncatedPkts", IP(INTRUNCATEDPKTS)},
    {"InMcastPkts", IP(INMCASTPKTS)},
    {"OutMcastPkts", IP(OUTMCASTPKTS)},
    {"InBcastPkts", IP(INBCASTPKTS)},
    {"OutBcastPkts", IP(OUTBCASTPKTS)},
    {"InOctets", IP(INOCTETS)},
    {"OutOctets", IP(OUTOCTETS)},
    {"InMcastOctets", IP(INMCASTOCTETS)},
    {"OutMcastOctets", IP(OUTMCASTOCTETS)},
    {"InBcastOctets", IP(INBCASTOCTETS)},
    {"OutBcastOctets", IP(OUTBCASTOCTETS)},
    {"InCsumErrors", IP(CSUMERRORS)},
    {"InNoECTPkts", IP(NOECTPKTS)},
    {"InECT1Pkts", IP(ECT1PKTS)},
    {"InECT0Pkts", IP(ECT0PKTS)},
    {"InCEPkts", IP(CEPKTS)},
    {"ReasmOverlaps", .since = AFTER_CENTOS7, IP(REASM_OVERLAPS)},
    {.name = NULL},
};

static const struct mib_row icmp_rows[] = {
    {"InMsgs", ICMP(INMSGS)},
    {"InErrors", ICMP(INERRORS)},
    {"InCsumErrors", ICMP(CSUMERRORS)},
    {"InDestUnreachs", IN_TYPE(ICMP_DEST_UNREACH)},
    {"InTimeExcds", IN_TYPE(ICMP_TIME_EXCEEDED)},
    {"InParmProbs", IN_TYPE(ICMP_PARAMETERPROB)},
    {"InSrcQuenchs", IN_TYPE(ICMP_SOURCE_QUENCH)},
    {"InRedirects", IN_TYPE(ICMP_REDIRECT)},
    {"InEchos", IN_TYPE(ICMP_ECHO)},
    {"InEchoReps", IN_TYPE(ICMP_ECHOREPLY)},
    {"InTimestamps", IN_TYPE(ICMP_TIMESTAMP)},
    {"InTimestampReps", IN_TYPE(ICMP_TIMESTAMPREPLY)},
    {"InAddrMasks", IN_TYPE(ICMP_ADDRESS)},
    {"InAddrMaskReps", IN_TYPE(ICMP_ADDRESSREPLY)},
    {"OutMsgs", ICMP(OUTMSGS)},
    {"OutErrors", ICMP(OUTERRORS)},
    {"OutRateLimitGlobal", .since = AFTER_CENTOS7, ICMP(RATELIMITGLOBAL)},
    {"OutRateLimitHost", .since = AFTER_CENTOS7, ICMP(RATELIMITHOST)},
    {"OutDestUnreachs", OUT_TYPE(ICMP_DEST_UNREACH)},
    {"OutTimeExcds", OUT_TYPE(ICMP_TIME_EXCEEDED)},
    {"OutParmProbs", OUT_TYPE(ICMP_PARAMETERPROB)},
    {"OutSrcQuenchs", OUT_TYPE(ICMP_SOURCE_QUENCH)},
    {"OutRedirects", OUT_TYPE(ICMP_REDIRECT)},
    {"OutEchos", OUT_TYPE(ICMP_ECHO)},
    {"OutEchoReps", OUT_TYPE(ICMP_ECHOREPLY)},
    {"OutTimestamps", OUT_TYPE(ICMP_TIMESTAMP)},
    {"OutTimestampReps", OUT_TYPE(ICMP_TIMESTAMPREPLY)},
    {"OutAddrMasks", OUT_TYPE(ICMP_ADDRESS)},
    {"OutAddrMaskReps", OUT_TYPE(ICMP_ADDRESSREPLY)},
    {.name = NULL},
};

static const struct mib_row tcp_rows[] = {
    {"RtoAlgorithm", .fixed = 1}, {"RtoMin", .fixed = 200},
    {"RtoMax", .fixed = 120000},  {"MaxConn", .fixed = -1},
    {.name = "ActiveOpens"},      {.name = "PassiveOpens"},
    {.name = "AttemptFails"},     {.name = "EstabResets"},
    {.name = "CurrEstab"},        {.name = "InSegs"},
    {.name = "OutSegs"},          {.name = "RetransSegs"},
    {.name = "InErrs"},           {.name = "OutRsts"},
    {.name = "InCsumErrors"},     {.name = NULL},
};

static const struct mib_row udp_rows[] = {
    {"InDatagrams", UDP(INDATAGRAMS)},
    {"NoPorts", UDP(NOPORTS)},
    {"InErrors", UDP(INERRORS)},
    {"OutDatagrams", UDP(OUTDATAGRAMS)},
    {"RcvbufErrors", UDP(RCVBUFERRORS)},
    {"SndbufErrors", UDP(SNDBUFERRORS)},
    {"InCsumErrors", UDP(INCSUMERRORS)},
    {"IgnoredMulti", .since = AFTER_CENTOS7, UDP(IGNOREDMULTI)},
    {"MemErrors", .since = AFTER_CENTOS7},
    {.name = NULL},
};

static const struct mib_row udplite_rows[] = {
    {.name = "InDatagrams"},
    {.name = "NoPorts"},
    {.name = "InErrors"},
    {.name = "OutDatagrams"},
    {.name = "RcvbufErrors"},
    {.name = "SndbufErrors"},
    {.name = "InCsumErrors"},
    {"IgnoredMulti", .since = AFTER_CENTOS7},
    {"MemErrors", .since = AFTER_CENTOS7},
    {.name = NULL},
};

/* snmp6_ipstats_list, snmp6_icmp6_list, icmp6type2name */
static const struct mib_row snmp6_rows[] = {
    {"Ip6InReceives", IP6(INPKTS)},
    {"Ip6InHdrErrors", IP6(INHDRERRORS)},
    {"Ip6InTooBigErrors", IP6(INTOOBIGERRORS)},
    {"Ip6InNoRoutes", IP6(INNOROUTES)},
    {"Ip6InAddrErrors", IP6(INADDRERRORS)},
    {"Ip6InUnknownProtos", IP6(INUNKNOWNPROTOS)},
    {"Ip6InTruncatedPkts", IP6(INTRUNCATEDPKTS)},
    {"Ip6InDiscards", IP6(INDISCARDS)},
    {"Ip6InDelivers", IP6(INDELIVERS)},
    {"Ip6OutForwDatagrams", IP6(OUTFORWDATAGRAMS)},
    {"Ip6OutRequests", IP6(OUTREQUESTS)},
    {"Ip6OutDiscards", IP6(OUTDISCARDS)},
    {"Ip6OutNoRoutes", IP6(OUTNOROUTES)},
    {"Ip6ReasmTimeout", IP6(REASMTIMEOUT)},
    {"Ip6ReasmReqds", IP6(REASMREQDS)},
    {"Ip6ReasmOKs", IP6(REASMOKS)},
    {"Ip6ReasmFails", IP6(REASMFAILS)},
    {"Ip6FragOKs", IP6(FRAGOKS)},
    {"Ip6FragFails", IP6(FRAGFAILS)},
    {"Ip6FragCreates", IP6(FRAGCREATES)},
    {"Ip6InMcastPkts", IP6(INMCASTPKTS)},
    {"Ip6OutMcastPkts", IP6(OUTMCASTPKTS)},
    {"Ip6InOctets", IP6(INOCTETS)},
    {"Ip6OutOctets", IP6(OUTOCTETS)},
    {"Ip6InMcastOctets", IP6(INMCASTOCTETS)},
    {"Ip6OutMcastOctets", IP6(OUTMCASTOCTETS)},
    {"Ip6InBcastOctets", IP6(INBCASTOCTETS)},
    {"Ip6OutBcastOctets", IP6(OUTBCASTOCTETS)},
    {"Ip6InNoECTPkts", IP6(NOECTPKTS)},
    {"Ip6InECT1Pkts", IP6(ECT1PKTS)},
    {"Ip6InECT0Pkts", IP6(ECT0PKTS)},
    {"Ip6InCEPkts", IP6(CEPKTS)},
    {"Ip6OutTransmits", .since = OUT_TRANSMITS, IP6(OUTPKTS)},
    {"Icmp6InMsgs", ICMP6(INMSGS)},
    {"Icmp6InErrors", ICMP6(INERRORS)},
    {"Icmp6OutMsgs", ICMP6(OUTMSGS)},
    {"Icmp6OutErrors", ICMP6(OUTERRORS)},
    {"Icmp6InCsumErrors", ICMP6(CSUMERRORS)},
    {"Icmp6OutRateLimitHost", .since = AFTER_CENTOS7, ICMP6(RATELIMITHOST)},
    {"Icmp6InDestUnreachs", IN_TYPE6(1)},
    {"Icmp6InPktTooBigs", IN_TYPE6(2)},
    {"Icmp6InTimeExcds", IN_TYPE6(3)},
    {"Icmp6InParmProblems", IN_TYPE6(4)},
    {"Icmp6InEchos", IN_TYPE6(128)},
    {"Icmp6InEchoReplies", IN_TYPE6(129)},
    {"Icmp6InGroupMembQueries", IN_TYPE6(130)},
    {"Icmp6InGroupMembResponses", IN_TYPE6(131)},
    {"Icmp6InGroupMembReductions", IN_TYPE6(132)},
    {"Icmp6InRouterSolicits", IN_TYPE6(133)},
    {"Icmp6InRouterAdvertisements", IN_TYPE6(134)},
    {"Icmp6InNeighborSolicits", IN_TYPE6(135)},
    {"Icmp6InNeighborAdvertisements", IN_TYPE6(136)},
    {"Icmp6InRedirects", IN_TYPE6(137)},
    {"Icmp6InMLDv2Reports", IN_TYPE6(143)},
    {"Icmp6OutDestUnreachs", OUT_TYPE6(1)},
    {"Icmp6OutPktTooBigs", OUT_TYPE6(2)},
    {"Icmp6OutTimeExcds", OUT_TYPE6(3)},
    {"Icmp6OutParmProblems", OUT_TYPE6(4)},
    {"Icmp6OutEchos", OUT_TYPE6(128)},
    {"Icmp6OutEchoReplies", OUT_TYPE6(129)},
    {"Icmp6OutGroupMembQueries", OUT_TYPE6(130)},
    {"Icmp6OutGroupMembResponses", OUT_TYPE6(131)},
    {"Icmp6OutGroupMembReductions", OUT_TYPE6(132)},
    {"Icmp6OutRouterSolicits", OUT_TYPE6(133)},
    {"Icmp6OutRouterAdvertisements", OUT_TYPE6(134)},
    {"Icmp6OutNeighborSolicits", OUT_TYPE6(135)},
    {"Icmp6OutNeighborAdvertisements", OUT_TYPE6(136)},
    {"Icmp6OutRedirects", OUT_TYPE6(137)},
    {"Icmp6OutMLDv2Reports", OUT_TYPE6(143)},
    {.name = NULL},
};

/* What follows the message types. */
static const struct mib_row udp6_rows[] = {
    {"Udp6InDatagrams", UDP6(INDATAGRAMS)},
    {"Udp6NoPorts", UDP6(NOPORTS)},
    {"Udp6InErrors", UDP6(INERRORS)},
    {"Udp6OutDatagrams", UDP6(OUTDATAGRAMS)},
    {"Udp6RcvbufErrors", UDP6(RCVBUFERRORS)},
    {"Udp6SndbufErrors", UDP6(SNDBUFERRORS)},
    {"Udp6InCsumErrors", UDP6(INCSUMERRORS)},
    {"Udp6IgnoredMulti", .since = AFTER_CENTOS7, UDP6(IGNOREDMULTI)},
    {"Udp6MemErrors", .since = AFTER_CENTOS7},
    {.name = "UdpLite6InDatagrams"},
    {.name = "UdpLite6NoPorts"},
    {.name = "UdpLite6InErrors"},
    {.name = "UdpLite6OutDatagrams"},
    {.name = "UdpLite6RcvbufErrors"},
    {.name = "UdpLite6SndbufErrors"},
    {.name = "UdpLite6InCsumErrors"},
    {"UdpLite6MemErrors", .since = AFTER_CENTOS7},
    {.name = NULL},
};

/* ---- writing ---- */

static bool is_there(const struct netns *ns, const struct mib_row *r)
{
    uint32_t version = ns->w->profile->kernel.version;
    return version >= r->since && (!r->until || version <= r->until);
}

static void put_value(const struct netns *ns, const struct mib_row *r, struct strbuf *out)
{
    if (r->at)
        strbuf_addf(out, "%llu", (unsigned long long)((const uint64_t *)ns->mib)[r->at - 1]);
    else
        strbuf_addf(out, "%d", r->fixed);
}

static void put_names(const struct netns *ns, const struct mib_row *rows, struct strbuf *out)
{
    for (const struct mib_row *r = rows; r->name; r++)
        if (is_there(ns, r))
            strbuf_addf(out, " %s", r->name);
}

static void put_values(const struct netns *ns, const struct mib_row *rows, struct strbuf *out)
{
    for (const struct mib_row *r = rows; r->name; r++) {
        if (!is_there(ns, r))
            continue;
        strbuf_addc(out, ' ');
        put_value(ns, r, out);
    }
}

/* The two lines of a table. */
static void put_table(const struct netns *ns, const char *name, const struct mib_row *rows,
                      struct strbuf *out)
{
    strbuf_addf(out, "%s:", name);
    put_names(ns, rows, out);
    strbuf_addf(out, "\n%s:", name);
    put_values(ns, rows, out);
    strbuf_addc(out, '\n');
}

static void put_type_line(const struct netns *ns, const uint16_t *types, unsigned n,
                          struct strbuf *out)
{
    if (n == 0)
        return;
    strbuf_adds(out, "IcmpMsg:");
    for (unsigned i = 0; i < n; i++)
        strbuf_addf(out, " %sType%u", types[i] & MIB_MSG_OUT ? "Out" : "In", types[i] & 0xff);
    strbuf_adds(out, "\nIcmpMsg:");
    for (unsigned i = 0; i < n; i++)
        strbuf_addf(out, " %llu", (unsigned long long)ns->mib->icmpmsg[types[i]]);
    strbuf_addc(out, '\n');
}

/* icmpmsg_put(): the types that there were. */
static void put_types(const struct netns *ns, struct strbuf *out)
{
    uint16_t types[PER_LINE];
    unsigned n = 0;
    for (unsigned i = 0; i < MIB_MSG_MAX; i++) {
        if (ns->mib->icmpmsg[i])
            types[n++] = (uint16_t)i;
        if (n == PER_LINE) {
            put_type_line(ns, types, n, out);
            n = 0;
        }
    }
    put_type_line(ns, types, n, out);
}

void proc_snmp(struct netns *ns, struct strbuf *out)
{
    strbuf_adds(out, "Ip: Forwarding DefaultTTL");
    put_names(ns, ip_rows, out);
    strbuf_addf(out, "\nIp: %d %d", ns->sysctls->ipv4_all.v[IPV4_CONF_forwarding] ? 1 : 2,
                (int)net_sysctl(ns, NET_IPV4_IP_DEFAULT_TTL));
    put_values(ns, ip_rows, out);
    strbuf_addc(out, '\n');
    put_table(ns, "Icmp", icmp_rows, out);
    put_types(ns, out);
    put_table(ns, "Tcp", tcp_rows, out);
    put_table(ns, "Udp", udp_rows, out);
    put_table(ns, "UdpLite", udplite_rows, out);
}

void proc_netstat(struct netns *ns, struct strbuf *out)
{
    put_table(ns, "TcpExt", tcpext_rows, out);
    put_table(ns, "IpExt", ipext_rows, out);
    if (ns->w->profile->kernel.mptcp)
        put_table(ns, "MPTcpExt", mptcp_rows, out);
}

static void put_lines(const struct netns *ns, const struct mib_row *rows, struct strbuf *out)
{
    for (const struct mib_row *r = rows; r->name; r++) {
        if (!is_there(ns, r))
            continue;
        strbuf_addf(out, "%-32s\t", r->name);
        put_value(ns, r, out);
        strbuf_addc(out, '\n');
    }
}

void proc_snmp6(struct netns *ns, struct strbuf *out)
{
    char name[32];
    put_lines(ns, snmp6_rows, out);
    for (unsigned i = 0; i < MIB_MSG_MAX; i++) {
        if (!ns->mib->icmp6msg[i])
            continue;
        snprintf(name, sizeof(name), "Icmp6%sType%u", i & MIB_MSG_OUT ? "Out" : "In", i & 0xff);
        strbuf_addf(out, "%-32s\t%llu\n", name, (unsigned long long)ns->mib->icmp6msg[i]);
    }
    put_lines(ns, udp6_rows, out);
}
