/* Nexthop objects inside the world. A route that names one (fib_route.nhid) holds a copy of its
 * nexthops, which is made anew whenever the object changes. */
#ifndef VNET_INET_NEXTHOP_H
#define VNET_INET_NEXTHOP_H

#include "inet/fib.h"
#include "sim/timer.h"
#include "vnet_nexthop.h"

struct nh_res_table;

struct nh_member { /* struct nh_grp_entry */
    struct nexthop *nh;
    uint32_t weight;       /* 1.. */
    uint32_t count, wants; /* resilient: buckets that it has, and should have */
};

struct nexthop {
    struct netns *ns;
    uint32_t id;
    uint8_t family, protocol;
    uint8_t flags; /* RTNH_F_*, as shown */
    bool group, blackhole, fdb;
    struct fib_nexthop hop;    /* of a single one */
    struct nh_member *members; /* of a group; owned */
    unsigned nmembers;
    uint64_t formed; /* of a group: when its members last joined, by nexthop_table.formed */
    struct nh_res_table *res; /* of a resilient group; owned; NULL: hash-threshold */
};

struct nexthop_table {
    struct nexthop **nh; /* by id; owned */
    unsigned n, cap;
    uint32_t last_id; /* last_id_allocated */
    uint64_t formed;  /* counts groups whose members joined (nh_grp_entry.nh_list) */
};

void nexthop_net_init(struct netns *ns);
void nexthop_net_exit(struct netns *ns);
struct nexthop *nexthop_find(const struct netns *ns, uint32_t id);
bool nexthop_is_blackhole(const struct nexthop *nh);
/* nh_fill_node(). members: room for VNET_NH_MEMBERS_MAX. */
void nexthop_fill_info(const struct nexthop *nh, struct vnet_nh_info *info,
                       struct vnet_nh_member *members);

/* For the state file: an object that is not there yet, empty; owned by the table. */
struct nexthop *nexthop_load(struct netns *ns, uint32_t id);
/* Put another's content into nh, which keeps its id; the other is freed, with what nh held. */
void nexthop_adopt(struct nexthop *nh, struct nexthop *other);
void nexthop_free(struct nexthop *nh);
/* Owns nh, whose id is not there yet. */
void nexthop_insert(struct netns *ns, struct nexthop *nh);
/* remove_nexthop(): from groups, with the routes that name it. told: listeners hear of it, as they
 * do where it was asked for. */
void nexthop_remove(struct nexthop *nh, bool told);
/* nh_netdev_event(): the nexthops by a device that is down, has no carrier or is gone go. */
void nexthop_netdev_event(struct netdev *dev, enum netdev_event event);

/* ---- routes ---- */

/* fib_check_nexthop(), fib6_check_nexthop(): may a route of this family and scope name it? */
int nexthop_check_route(const struct nexthop *nh, uint8_t family, uint8_t scope,
                        struct vnet_err *err);
/* The same of every route that names `old` already. */
int nexthop_check_routes(const struct nexthop *old, const struct nexthop *nh, struct vnet_err *err);
/* The route's nexthops from the object that it names. */
void nexthop_fill_route(struct fib_route *r, const struct nexthop *nh);
/* nexthop_select_path(): which of the route's nexthops a flow of this hash takes. */
const struct fib_nexthop *nexthop_select(const struct netns *ns, const struct fib_route *r,
                                         uint32_t hash);

/* ---- groups: nexthop_group.c ---- */

/* nh_check_attr_group() */
int nexthop_check_group(const struct netns *ns, const struct vnet_nh_info *req,
                        struct vnet_err *err);
/* Are its members there, and fit to be in one (nh_check_attr_group_rtnl())? */
int nexthop_check_members(const struct netns *ns, const struct vnet_nh_info *req,
                          struct vnet_err *err);
/* What else is said of the group (the end of nh_check_attr_group()). */
int nexthop_check_group_words(const struct vnet_nh_info *req, struct vnet_err *err);
/* nexthop_create_group(): not in the table yet. */
struct nexthop *nexthop_create_group(struct netns *ns, const struct vnet_nh_info *req);
/* replace_nexthop_grp(). nh is the group as asked for; freed on success. */
int nexthop_replace_group(struct nexthop *old, struct nexthop *nh, const struct vnet_nh_info *req,
                          struct vnet_err *err);
/* All groups, or those that nh is in, the one formed last first, as nexthop.grp_list has them. *n:
 * how many; the caller frees. */
struct nexthop **nexthop_groups(const struct netns *ns, const struct nexthop *nh, size_t *n);
/* remove_nh_grp_entry() of a group that has other members. */
void nexthop_leave_group(struct nexthop *group, const struct nexthop *nh);
bool nexthop_in_group(const struct nexthop *group, const struct nexthop *nh);

/* ---- resilient groups: nexthop_res.c ---- */

struct nh_res_bucket {
    bool occupied;
    uint32_t nhid; /* the member's */
    int64_t used_time, migrated_time;
};

struct nh_res_table {
    struct nexthop *group;
    uint16_t n;
    struct nh_res_bucket *buckets;        /* owned */
    int64_t idle_timer, unbalanced_timer; /* ns */
    int64_t unbalanced_since;             /* meaningful while a member is underweight */
    struct timer upkeep;
};

struct nh_res_table *nh_res_new(struct nexthop *group, uint16_t buckets);
void nh_res_free(struct nh_res_table *t);
/* nh_res_group_rebalance() and nh_res_table_upkeep() of a new group. */
void nh_res_start(struct nh_res_table *t);
/* replace_nexthop_grp_res(): the group has other members now. */
void nh_res_members_changed(struct nh_res_table *t);
/* nh_res_table_is_balanced() */
bool nh_res_balanced(const struct nh_res_table *t);
/* nexthop_select_path_res(): the member's index; the bucket is busy now. */
unsigned nh_res_select(struct nh_res_table *t, uint32_t hash);
/* For the state file: count what the buckets hold, and recompute what members want. */
void nh_res_recount(struct nh_res_table *t);

#endif
