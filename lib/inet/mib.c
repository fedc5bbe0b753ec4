#include "inet/mib.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

void mib_net_init(struct netns *ns)
{
    ns->mib = mem_alloc(sizeof(*ns->mib));
}

void mib_net_exit(struct netns *ns)
{
    free(ns->mib);
    ns->mib = NULL;
}

static const char *const ip_names[IPSTATS_MAX] = {
    [IPSTATS_INPKTS] = "InReceives",
    [IPSTATS_INOCTETS] = "InOctets",
    [IPSTATS_INDELIVERS] = "InDelivers",
    [IPSTATS_NOECTPKTS] = "InNoECTPkts",
    [IPSTATS_ECT1PKTS] = "InECT1Pkts",
    [IPSTATS_ECT0PKTS] = "InECT0Pkts",
    [IPSTATS_CEPKTS] = "InCEPkts",
    [IPSTATS_OUTFORWDATAGRAMS] = "OutForwDatagrams",
    [IPSTATS_OUTREQUESTS] = "OutRequests",
    [IPSTATS_OUTPKTS] = "OutTransmits",
    [IPSTATS_OUTOCTETS] = "OutOctets",
    [IPSTATS_INHDRERRORS] = "InHdrErrors",
    [IPSTATS_INTOOBIGERRORS] = "InTooBigErrors",
    [IPSTATS_INNOROUTES] = "InNoRoutes",
    [IPSTATS_INADDRERRORS] = "InAddrErrors",
    [IPSTATS_INUNKNOWNPROTOS] = "InUnknownProtos",
    [IPSTATS_INTRUNCATEDPKTS] = "InTruncatedPkts",
    [IPSTATS_INDISCARDS] = "InDiscards",
    [IPSTATS_OUTDISCARDS] = "OutDiscards",
    [IPSTATS_OUTNOROUTES] = "OutNoRoutes",
    [IPSTATS_REASMTIMEOUT] = "ReasmTimeout",
    [IPSTATS_REASMREQDS] = "ReasmReqds",
    [IPSTATS_REASMOKS] = "ReasmOKs",
    [IPSTATS_REASMFAILS] = "ReasmFails",
    [IPSTATS_FRAGOKS] = "FragOKs",
    [IPSTATS_FRAGFAILS] = "FragFails",
    [IPSTATS_FRAGCREATES] = "FragCreates",
    [IPSTATS_INMCASTPKTS] = "InMcastPkts",
    [IPSTATS_INMCASTOCTETS] = "InMcastOctets",
    [IPSTATS_OUTMCASTPKTS] = "OutMcastPkts",
    [IPSTATS_OUTMCASTOCTETS] = "OutMcastOctets",
    [IPSTATS_INBCASTPKTS] = "InBcastPkts",
    [IPSTATS_INBCASTOCTETS] = "InBcastOctets",
    [IPSTATS_OUTBCASTPKTS] = "OutBcastPkts",
    [IPSTATS_OUTBCASTOCTETS] = "OutBcastOctets",
    [IPSTATS_CSUMERRORS] = "InCsumErrors",
    [IPSTATS_REASM_OVERLAPS] = "ReasmOverlaps",
};

static const char *const icmp_names[ICMP_MIB_MAX] = {
    [ICMP_MIB_INMSGS] = "InMsgs",
    [ICMP_MIB_INERRORS] = "InErrors",
    [ICMP_MIB_OUTMSGS] = "OutMsgs",
    [ICMP_MIB_OUTERRORS] = "OutErrors",
    [ICMP_MIB_CSUMERRORS] = "InCsumErrors",
    [ICMP_MIB_RATELIMITGLOBAL] = "OutRateLimitGlobal",
    [ICMP_MIB_RATELIMITHOST] = "OutRateLimitHost",
};

static const char *const udp_names[UDP_MIB_MAX] = {
    [UDP_MIB_INDATAGRAMS] = "InDatagrams",   [UDP_MIB_NOPORTS] = "NoPorts",
    [UDP_MIB_INERRORS] = "InErrors",         [UDP_MIB_OUTDATAGRAMS] = "OutDatagrams",
    [UDP_MIB_RCVBUFERRORS] = "RcvbufErrors", [UDP_MIB_INCSUMERRORS] = "InCsumErrors",
    [UDP_MIB_IGNOREDMULTI] = "IgnoredMulti", [UDP_MIB_SNDBUFERRORS] = "SndbufErrors",
};

static const char *const net_names[LINUX_MIB_MAX] = {
    [LINUX_MIB_ARPFILTER] = "ArpFilter",
    [LINUX_MIB_IPRPFILTER] = "IPReversePathFilter",
};

const struct mib_table mib_tables[] = {
    {"Ip", offsetof(struct mib, ip), ip_names, IPSTATS_MAX},
    {"Ip6", offsetof(struct mib, ip6), ip_names, IPSTATS_MAX},
    {"Icmp", offsetof(struct mib, icmp), icmp_names, ICMP_MIB_MAX},
    {"Icmp6", offsetof(struct mib, icmp6), icmp_names, ICMP_MIB_MAX},
    {"IcmpMsg", offsetof(struct mib, icmpmsg), NULL, MIB_MSG_MAX},
    {"Icmp6Msg", offsetof(struct mib, icmp6msg), NULL, MIB_MSG_MAX},
    {"Udp", offsetof(struct mib, udp), udp_names, UDP_MIB_MAX},
    {"Udp6", offsetof(struct mib, udp6), udp_names, UDP_MIB_MAX},
    {"Linux", offsetof(struct mib, net), net_names, LINUX_MIB_MAX},
    {.name = NULL},
};
