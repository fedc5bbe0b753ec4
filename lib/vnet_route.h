/* Routes and rules, both families: RTM_NEWROUTE, RTM_GETROUTE, RTM_NEWRULE. */
#ifndef VNET_ROUTE_H
#define VNET_ROUTE_H

#include "vnet.h"

enum { /* RTN_* */
       VNET_RTN_UNSPEC,
       VNET_RTN_UNICAST,
       VNET_RTN_LOCAL,
       VNET_RTN_BROADCAST,
       VNET_RTN_ANYCAST,
       VNET_RTN_MULTICAST,
       VNET_RTN_BLACKHOLE,
       VNET_RTN_UNREACHABLE,
       VNET_RTN_PROHIBIT,
       VNET_RTN_THROW,
       VNET_RTN_NAT,
       VNET_RTN_XRESOLVE, /* IPv6 keeps this and NAT, and makes no use of them; IPv4 refuses them */
       VNET_RTN_MAX = VNET_RTN_XRESOLVE,
};

enum {
    VNET_RT_TABLE_UNSPEC = 0,
    VNET_RT_TABLE_DEFAULT = 253,
    VNET_RT_TABLE_MAIN = 254,
    VNET_RT_TABLE_LOCAL = 255
};

enum { /* RTPROT_* */
       VNET_RTPROT_UNSPEC = 0,
       VNET_RTPROT_REDIRECT = 1,
       VNET_RTPROT_KERNEL = 2,
       VNET_RTPROT_BOOT = 3,
       VNET_RTPROT_STATIC = 4,
       VNET_RTPROT_RA = 9,
};

enum { /* RTNH_F_* */
       VNET_RTNH_F_DEAD = 1,
       VNET_RTNH_F_PERVASIVE = 2,
       VNET_RTNH_F_ONLINK = 4,
       VNET_RTNH_F_LINKDOWN = 16,
};

enum { /* RTM_F_*, in vnet_route_info.flags of an answer to get */
       VNET_RTM_F_CLONED = 0x200,
       VNET_RTM_F_FIB_MATCH = 0x2000,
};
#define VNET_RTCF_LOCAL      0x80000000U
#define VNET_RTCF_BROADCAST  0x10000000U
#define VNET_RTCF_MULTICAST  0x20000000U
#define VNET_RTCF_REDIRECTED 0x00040000U
#define VNET_RTCF_DOREDIRECT 0x01000000U

enum { /* RTAX_*: indexes into metrics[] */
       VNET_RTAX_LOCK = 1,
       VNET_RTAX_MTU = 2,
       VNET_RTAX_WINDOW = 3,
       VNET_RTAX_RTT = 4,
       VNET_RTAX_RTTVAR = 5,
       VNET_RTAX_SSTHRESH = 6,
       VNET_RTAX_CWND = 7,
       VNET_RTAX_ADVMSS = 8,
       VNET_RTAX_REORDERING = 9,
       VNET_RTAX_HOPLIMIT = 10,
       VNET_RTAX_INITCWND = 11,
       VNET_RTAX_FEATURES = 12,
       VNET_RTAX_RTO_MIN = 13,
       VNET_RTAX_INITRWND = 14,
       VNET_RTAX_QUICKACK = 15,
       VNET_RTAX_CC_ALGO = 16,
       VNET_RTAX_FASTOPEN_NO_COOKIE = 17,
       VNET_RTAX_MAX = 17,
};

struct vnet_nexthop {
    int oif;                  /* 0: none */
    struct inet_addr gateway; /* UNSPEC: none; may be of the other family (via inet6) */
    uint8_t flags;            /* VNET_RTNH_F_* */
    uint8_t weight;           /* 1..256 as typed, minus 1, as in rtnh_hops */
};

#define VNET_NEXTHOPS_MAX 256

struct vnet_route_info { /* and request: the netlink message */
    uint8_t family;
    struct inet_addr dst; /* family UNSPEC: default */
    uint8_t dst_len;
    struct inet_addr src; /* `from`, IPv6 and get only */
    uint8_t src_len;
    uint8_t tos;
    uint8_t type;     /* RTN_* */
    uint8_t protocol; /* RTPROT_* */
    uint8_t scope;    /* RT_SCOPE_* */
    uint32_t table;
    uint32_t priority;                   /* metric; 0 */
    struct inet_addr prefsrc;            /* UNSPEC: none */
    uint32_t metrics[VNET_RTAX_MAX + 1]; /* 0: absent */
    uint32_t flags;                      /* RTM_F_* | RTCF_* in answers to get; RTNH_F_* of the
                                            route as a whole where nnh is not 1 */
    uint16_t rtf;                        /* IPv6, of a request: VNET_RTF_DYNAMIC, MODIFIED */
    uint8_t pref;                        /* IPv6 router preference: 0 medium, 1 high, 3 low */
    uint32_t mark;                       /* get */
    int iif;                             /* get: ifindex, 0: none */
    uint32_t uid;                        /* get */
    bool has_uid, has_cacheinfo;
    bool has_expires;
    int64_t expires;      /* seconds from now on, below 0: over; in a request 0: never */
    uint32_t cache_error; /* errno in IPv6 reject routes' cacheinfo, positive */
    uint32_t nhid;        /* of a nexthop object (vnet_nexthop.h); 0: none */
    bool multipath; /* of a request: nexthops are given as such (RTA_MULTIPATH), if only one */
    unsigned nnh;   /* 0 (type without a device), 1, or more: multipath */
    const struct vnet_nexthop
        *nh; /* borrowed: of the world in a dump, of the caller in a request */
};

enum { /* NLM_F_* for vnet_route_add */
       VNET_NLM_F_REPLACE = 0x100,
       VNET_NLM_F_EXCL = 0x200,
       VNET_NLM_F_CREATE = 0x400,
       VNET_NLM_F_APPEND = 0x800,
};

/* inet_rtm_newroute()/inet6_rtm_newroute(); nlflags: add CREATE|EXCL, replace CREATE|REPLACE,
 * append CREATE|APPEND, prepend CREATE, change REPLACE. */
int vnet_route_add(struct netns *ns, const struct vnet_route_info *r, unsigned nlflags,
                   struct vnet_err *err);
int vnet_route_del(struct netns *ns, const struct vnet_route_info *r, struct vnet_err *err);

enum { /* RTF_* */
       VNET_RTF_UP = 0x0001,
       VNET_RTF_GATEWAY = 0x0002,
       VNET_RTF_HOST = 0x0004,
       VNET_RTF_REINSTATE = 0x0008,
       VNET_RTF_DYNAMIC = 0x0010,
       VNET_RTF_MODIFIED = 0x0020,
       VNET_RTF_MTU = 0x0040,
       VNET_RTF_WINDOW = 0x0080,
       VNET_RTF_IRTT = 0x0100,
       VNET_RTF_REJECT = 0x0200,
};

struct vnet_rtentry {              /* struct rtentry: what SIOCADDRT and SIOCDELRT take (IPv4) */
    struct inet_addr dst, gateway; /* UNSPEC: 0.0.0.0 */
    uint32_t genmask;              /* host order */
    uint16_t flags;                /* VNET_RTF_* */
    int16_t metric;                /* plus one; 0: not given */
    const char *dev;               /* borrowed, "veth0" or a label "veth0:1"; NULL: not given */
    uint32_t mtu, window;          /* with MTU, WINDOW in flags */
    uint16_t irtt;
};

/* ip_rt_ioctl(): SIOCADDRT or SIOCDELRT. -errno; these calls know no messages. */
int vnet_route_ioctl(struct netns *ns, bool add, const struct vnet_rtentry *rt);

struct vnet_in6_rtmsg {            /* struct in6_rtmsg: the same of IPv6 */
    struct inet_addr dst, gateway; /* gateway: with GATEWAY in flags */
    uint8_t dst_len;
    uint16_t flags;  /* VNET_RTF_* */
    uint32_t metric; /* 0: the default */
    int ifindex;     /* 0: not given */
};

/* ipv6_route_ioctl(): the same of IPv6. */
int vnet_route6_ioctl(struct netns *ns, bool add, const struct vnet_in6_rtmsg *rt);

/* All routes of a family (UNSPEC: both, IPv4 first) in the kernel's dump order, tables included.
 * A non-zero return of cb ends the dump and is returned. */
int vnet_route_dump(const struct netns *ns, uint8_t family,
                    int (*cb)(const struct vnet_route_info *info, void *arg), void *arg);

/* What single destinations have taught (path MTUs, redirects), as routes with VNET_RTM_F_CLONED,
 * in the order in which it came about; nh is valid in cb only. */
int vnet_route_dump_cached(const struct netns *ns, uint8_t family,
                           int (*cb)(const struct vnet_route_info *info, void *arg), void *arg);
/* Forget one of them (ip6_del_cached_rt()): by dst and device. -ESRCH. */
int vnet_route_del_cached(struct netns *ns, const struct vnet_route_info *r);
/* Forget all of IPv4 (a write to net/ipv4/route/flush). */
void vnet_route_flush_cache(struct netns *ns);

/* Has the table been made? A dump of one that has not fails with ENOENT ("FIB table does not
 * exist"). */
bool vnet_route_table_exists(const struct netns *ns, uint8_t family, uint32_t table);

struct vnet_route_query { /* RTM_GETROUTE of one destination */
    uint8_t family;
    struct inet_addr dst, src; /* src UNSPEC: not given */
    uint8_t dst_len, src_len;
    int oif, iif;
    uint32_t mark;
    uint8_t tos, ipproto;
    uint16_t sport, dport;
    uint32_t uid;
    bool fibmatch;
    bool strict;  /* NETLINK_GET_STRICT_CHK: src_len other than a host's is refused */
    bool has_src; /* RTA_SRC is there, be it of length 0 */
};

/* inet_rtm_getroute(). nh: the caller's room for the answer's nexthops (VNET_NEXTHOPS_MAX).
 * -ENETUNREACH, -EHOSTUNREACH, -EINVAL, ... */
int vnet_route_get(struct netns *ns, const struct vnet_route_query *q,
                   struct vnet_route_info *answer, struct vnet_nexthop *nh, struct vnet_err *err);

enum { /* FR_ACT_* */
       VNET_FR_ACT_TO_TBL = 1,
       VNET_FR_ACT_GOTO,
       VNET_FR_ACT_NOP,
       VNET_FR_ACT_BLACKHOLE = 6,
       VNET_FR_ACT_UNREACHABLE,
       VNET_FR_ACT_PROHIBIT,
};

struct vnet_rule_info {
    uint8_t family, action, tos, ipproto, protocol;
    uint32_t table, priority, fwmark, fwmask, goto_priority;
    bool invert, has_priority;
    bool has_goto, has_sport, has_dport; /* of a request: it is given, be it 0 */
    struct inet_addr src, dst;           /* UNSPEC: all */
    uint8_t src_len, dst_len;
    char iif[VNET_IFNAMSIZ], oif[VNET_IFNAMSIZ];
    int32_t suppress_prefixlen; /* -1: none */
    int32_t suppress_ifgroup;
    uint16_t sport_min, sport_max, dport_min, dport_max;
    uint32_t uid_min, uid_max;
    bool has_uid;
};

int vnet_rule_add(struct netns *ns, const struct vnet_rule_info *r, struct vnet_err *err);
int vnet_rule_del(struct netns *ns, const struct vnet_rule_info *r, struct vnet_err *err);
int vnet_rule_dump(const struct netns *ns, uint8_t family,
                   int (*cb)(const struct vnet_rule_info *info, void *arg), void *arg);

#endif
