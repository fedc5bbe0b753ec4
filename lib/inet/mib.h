/* SNMP counters of a namespace's stack (include/uapi/linux/snmp.h, include/net/ip.h, icmp.h).
 * /proc/net/snmp and its like show them (inet/proc.c). Kept are those that something here counts:
 * no world has TCP, nor sockets of UDP. */
#ifndef VNET_INET_MIB_H
#define VNET_INET_MIB_H

#include "dev/netns.h"

enum ipstats_mib { /* IPSTATS_MIB_*, of IPv4 and of IPv6 */
                   IPSTATS_INPKTS,
                   IPSTATS_INOCTETS,
                   IPSTATS_INDELIVERS,
                   IPSTATS_NOECTPKTS, /* four, by the code point of ECN */
                   IPSTATS_ECT1PKTS,
                   IPSTATS_ECT0PKTS,
                   IPSTATS_CEPKTS,
                   IPSTATS_OUTFORWDATAGRAMS,
                   IPSTATS_OUTREQUESTS,
                   IPSTATS_OUTPKTS,
                   IPSTATS_OUTOCTETS,
                   IPSTATS_INHDRERRORS,
                   IPSTATS_INTOOBIGERRORS,
                   IPSTATS_INNOROUTES,
                   IPSTATS_INADDRERRORS,
                   IPSTATS_INUNKNOWNPROTOS,
                   IPSTATS_INTRUNCATEDPKTS,
                   IPSTATS_INDISCARDS,
                   IPSTATS_OUTDISCARDS,
                   IPSTATS_OUTNOROUTES,
                   IPSTATS_REASMTIMEOUT,
                   IPSTATS_REASMREQDS,
                   IPSTATS_REASMOKS,
                   IPSTATS_REASMFAILS,
                   IPSTATS_FRAGOKS,
                   IPSTATS_FRAGFAILS,
                   IPSTATS_FRAGCREATES,
                   IPSTATS_INMCASTPKTS,
                   IPSTATS_INMCASTOCTETS,
                   IPSTATS_OUTMCASTPKTS,
                   IPSTATS_OUTMCASTOCTETS,
                   IPSTATS_INBCASTPKTS,
                   IPSTATS_INBCASTOCTETS,
                   IPSTATS_OUTBCASTPKTS,
                   IPSTATS_OUTBCASTOCTETS,
                   IPSTATS_CSUMERRORS,
                   IPSTATS_REASM_OVERLAPS,
                   IPSTATS_MAX,
};

enum icmp_mib { /* ICMP_MIB_*, ICMP6_MIB_* */
                ICMP_MIB_INMSGS,
                ICMP_MIB_INERRORS,
                ICMP_MIB_OUTMSGS,
                ICMP_MIB_OUTERRORS,
                ICMP_MIB_CSUMERRORS,
                ICMP_MIB_RATELIMITGLOBAL,
                ICMP_MIB_RATELIMITHOST,
                ICMP_MIB_MAX,
};

enum udp_mib { /* of either family */
               UDP_MIB_INDATAGRAMS,
               UDP_MIB_NOPORTS,
               UDP_MIB_INERRORS,
               UDP_MIB_OUTDATAGRAMS,
               UDP_MIB_RCVBUFERRORS,
               UDP_MIB_SNDBUFERRORS,
               UDP_MIB_INCSUMERRORS,
               UDP_MIB_IGNOREDMULTI,
               UDP_MIB_MAX,
};
enum net_mib { LINUX_MIB_ARPFILTER, LINUX_MIB_IPRPFILTER, LINUX_MIB_MAX };

enum { MIB_MSG_OUT = 256, MIB_MSG_MAX = 512 }; /* by message type; those sent follow */

struct mib {
    uint64_t ip[IPSTATS_MAX], ip6[IPSTATS_MAX];
    uint64_t icmp[ICMP_MIB_MAX], icmp6[ICMP_MIB_MAX];
    uint64_t icmpmsg[MIB_MSG_MAX], icmp6msg[MIB_MSG_MAX];
    uint64_t udp[UDP_MIB_MAX], udp6[UDP_MIB_MAX];
    uint64_t net[LINUX_MIB_MAX];
};

void mib_net_init(struct netns *ns);
void mib_net_exit(struct netns *ns);

/* One array of struct mib and what its elements are called; for /proc and for the state file. */
struct mib_table {
    const char *name;         /* "IpExt" in the state file */
    size_t offset;            /* in struct mib */
    const char *const *names; /* by index; NULL: message types, InType8, OutType0 */
    uint32_t n;
};
extern const struct mib_table mib_tables[]; /* ended by one whose name is NULL */

static inline void ip_inc(struct netns *ns, enum ipstats_mib field)
{
    ns->mib->ip[field]++;
}

static inline void ip6_inc(struct netns *ns, enum ipstats_mib field)
{
    ns->mib->ip6[field]++;
}

/* IP_UPD_PO_STATS(): a packet and its octets; `pkts` is the first of the two. */
static inline void ip_inc_packet(struct netns *ns, enum ipstats_mib pkts, uint32_t len)
{
    ns->mib->ip[pkts]++;
    ns->mib->ip[pkts + 1] += len;
}

static inline void ip6_inc_packet(struct netns *ns, enum ipstats_mib pkts, uint32_t len)
{
    ns->mib->ip6[pkts]++;
    ns->mib->ip6[pkts + 1] += len;
}

static inline void icmp_inc(struct netns *ns, enum icmp_mib field)
{
    ns->mib->icmp[field]++;
}

static inline void icmp6_inc(struct netns *ns, enum icmp_mib field)
{
    ns->mib->icmp6[field]++;
}

/* icmp_out_count() */
static inline void icmp_out_count(struct netns *ns, uint8_t type)
{
    ns->mib->icmp[ICMP_MIB_OUTMSGS]++;
    ns->mib->icmpmsg[MIB_MSG_OUT + type]++;
}

/* ICMP6MSGOUT_INC_STATS(), and ICMP6_MIB_OUTMSGS */
static inline void icmp6_out_count(struct netns *ns, uint8_t type)
{
    ns->mib->icmp6[ICMP_MIB_OUTMSGS]++;
    ns->mib->icmp6msg[MIB_MSG_OUT + type]++;
}

#endif
