/* Nexthop objects, which routes name by id: RTM_NEWNEXTHOP and its kin (net/ipv4/nexthop.c). */
#ifndef VNET_NEXTHOP_H
#define VNET_NEXTHOP_H

#include "vnet.h"

struct vnet_nh_member { /* struct nexthop_grp */
    uint32_t id;
    uint32_t weight; /* 1..256 as typed (65536 from 6.12 on) */
};

enum { VNET_NH_GRP_MPATH, VNET_NH_GRP_RES }; /* NEXTHOP_GRP_TYPE_* */

#define VNET_NH_MEMBERS_MAX 256
#define VNET_CLOCK_T        (10 * NSEC_PER_MSEC) /* a tick as user space counts them (USER_HZ 100) */

struct vnet_nh_info { /* and request: the netlink message */
    uint32_t id;      /* 0 in a request: any that is free */
    uint8_t family;   /* UNSPEC of a group */
    uint8_t protocol; /* RTPROT_* */
    uint8_t scope;    /* answers only */
    uint8_t flags;    /* RTNH_F_* */
    bool blackhole, fdb;
    bool has_oif;                         /* requests: oif was given */
    int oif;                              /* ifindex; 0: none */
    struct inet_addr gateway;             /* UNSPEC: none */
    const struct vnet_nh_member *members; /* of a group; borrowed; NULL: no group */
    unsigned nmembers;
    uint16_t group_type; /* VNET_NH_GRP_* */
    /* of a resilient group; in a request what is given */
    bool has_buckets, has_idle_timer, has_unbalanced_timer;
    uint16_t buckets;
    uint32_t idle_timer, unbalanced_timer; /* clock ticks */
    uint64_t unbalanced_time;              /* clock ticks; answers only */
};

/* rtm_new_nexthop(); nlflags: add CREATE|EXCL, replace CREATE|REPLACE (vnet_route.h). -EOPNOTSUPP:
 * a kernel before 5.3. */
int vnet_nh_add(struct netns *ns, const struct vnet_nh_info *req, unsigned nlflags,
                struct vnet_err *err);
/* rtm_del_nexthop(). -ENOENT; -EINVAL for id 0. */
int vnet_nh_del(struct netns *ns, uint32_t id, struct vnet_err *err);
/* rtm_get_nexthop(). members: the caller's room for the group's (VNET_NH_MEMBERS_MAX). */
int vnet_nh_get(const struct netns *ns, uint32_t id, struct vnet_nh_info *info,
                struct vnet_nh_member *members, struct vnet_err *err);

struct vnet_nh_filter { /* struct nh_dump_filter; 0: any */
    uint8_t family;
    int oif, master; /* ifindexes */
    bool groups;
    uint32_t id, nhid; /* of buckets only: of the group; of the nexthop in the bucket */
};

/* By id. A non-zero return of cb ends the dump and is returned. */
int vnet_nh_dump(const struct netns *ns, const struct vnet_nh_filter *filter,
                 int (*cb)(const struct vnet_nh_info *info, void *arg), void *arg);

struct vnet_nh_bucket {
    uint32_t id; /* the group's */
    uint16_t index;
    uint32_t nhid;
    uint8_t protocol;
    uint64_t idle_time; /* clock ticks */
};

/* rtm_dump_nexthop_bucket(). -ENOENT, -EINVAL: filter->id is no resilient group. */
int vnet_nh_bucket_dump(const struct netns *ns, const struct vnet_nh_filter *filter,
                        int (*cb)(const struct vnet_nh_bucket *b, void *arg), void *arg,
                        struct vnet_err *err);
/* rtm_get_nexthop_bucket(). */
int vnet_nh_bucket_get(const struct netns *ns, uint32_t id, uint16_t index,
                       struct vnet_nh_bucket *b, struct vnet_err *err);

#endif
