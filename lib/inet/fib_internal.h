/* What the files of the FIB share among themselves. */
#ifndef VNET_INET_FIB_INTERNAL_H
#define VNET_INET_FIB_INTERNAL_H

#include "inet/fib.h"
#include "inet/fib_trie.h"
#include "sim/timer.h"

struct fib_table {
    uint32_t id;
    struct fib_trie *trie;     /* local and main share main's until a rule is added (fib_unmerge) */
    unsigned routes, defaults; /* how many, and how many of length 0 (tb_num_default) */
};

struct fib_rule {
    struct list node;
    struct vnet_rule_info r;
};

enum { IN4_ADDR_HSIZE = 256, FIB_PREFSRC_HSIZE = 256 };

struct fib {
    struct netns *ns;
    uint8_t family;
    struct fib_table **tables; /* in dump order: by hash bucket, in a bucket newest first */
    unsigned ntables, tables_cap;
    struct fib_table *local, *main, *dflt; /* in tables too; NULL: not made yet */
    struct list rules;                     /* struct fib_rule, by priority */
    struct list exceptions;                /* struct fib_exception */
    struct timer gc;                       /* IPv6: throws out routes that have expired */
    bool custom_rules;                     /* rules were ever changed (fib_has_custom_rules) */
    bool fldissect;    /* a rule asks for protocol or ports (fib_rules_require_fldissect) */
    bool custom_local; /* a user added a local route (fib_has_custom_local_routes) */
    bool lame;         /* IPv4: a route may be DEAD or LINKDOWN; false: none is */
    uint32_t prefsrc[FIB_PREFSRC_HSIZE]; /* routes with a preferred source, by its hash; IPv4: only
                                            those that fib_sync_down_addr() looks at */
    struct list addrs[IN4_ADDR_HSIZE]; /* IPv4: struct in_ifaddr.hash by local address, newest first
                                          (inet_addr_lst; kept by devinet.c) */
};

/* ---- tables: fib_table.c ---- */

struct fib_table *fib_get_table(const struct fib *fib, uint32_t id);
/* fib_new_table(): made if need be. */
struct fib_table *fib_new_table(struct fib *fib, uint32_t id);
/* For the state file: a table that comes after those of its hash bucket. */
struct fib_table *fib_load_table(struct fib *fib, uint32_t id);
/* fib_unmerge(): local gets a trie of its own. */
void fib_unmerge(struct fib *fib);
/* The node of a route's destination and source; NULL: there is none. fib_get_node() makes it. */
struct fib_node *fib_find_node(const struct fib_table *t, const struct inet_prefix *dst,
                               const struct inet_prefix *src);
struct fib_node *fib_get_node(struct fib_table *t, const struct fib_route *r);
/* Count a route that was put into its node's list. */
void fib_route_linked(struct fib *fib, struct fib_table *t, const struct fib_route *r);
/* Is it, or a nexthop of it, DEAD or LINKDOWN? */
bool fib_route_lame(const struct fib_route *r);
/* Unlink and free a route of a table; its node stays (fib_trie_prune is the caller's). */
void fib_unlink(struct fib *fib, struct fib_table *t, struct fib_route *r);
/* A linked route prefers no source any more. */
void fib_forget_prefsrc(struct fib *fib, struct fib_route *r);
/* Can any route prefer this source? (false: none does) */
bool fib_may_prefer(const struct fib *fib, const struct inet_addr *src);
/* n nexthops, all zero, in the place of those that it owns. */
struct fib_nexthop *fib_route_hops(struct fib_route *r, unsigned n);
/* A copy that owns its nexthops and metrics; not linked. */
struct fib_route *fib_route_dup(const struct fib_route *r);
void fib_route_free(struct fib_route *r);
/* Call cb for each route; it may unlink (fib_unlink) the route it is called for. */
typedef void fib_each_fn(struct fib *fib, struct fib_table *t, struct fib_node *n,
                         struct fib_route *r, void *arg);
void fib_each_safe(struct fib *fib, fib_each_fn *cb, void *arg);
bool fib_metrics_eq(const uint32_t *a, const uint32_t *b);
bool fib_nexthop_eq(const struct fib_nexthop *a, const struct fib_nexthop *b);

/* A route as it is shown; nh: room for VNET_NEXTHOPS_MAX. The siblings of an IPv6 route of prefix n
 * (itself among them) in the place of its own nexthop. */
void fib_fill_info(const struct netns *ns, const struct fib_route *r, uint8_t family,
                   struct vnet_route_info *info, struct vnet_nexthop *nh);
/* What an exception says of its destination, into a route as it is shown. */
void fib_fill_learned(const struct netns *ns, uint32_t pmtu, bool locked, int64_t expires,
                      struct vnet_route_info *info);
void fib6_fill_siblings(const struct fib_node *n, const struct fib_route *r,
                        struct vnet_route_info *info, struct vnet_nexthop *nh);

/* -errno that a packet to a route of this type gets; 0: none (fib_props, fib6_prop). */
int fib_type_error(uint8_t type);
/* What a kernel without extack (before 4.12) is given to write its messages to: NULL. */
struct vnet_err *fib_extack(const struct netns *ns, struct vnet_err *err);
/* Is the profile's kernel at least this version (0x060100)? */
bool fib_kernel_since(const struct netns *ns, uint32_t version);

/* ---- a request as the checks see it: struct fib_config ---- */

/* IPv4: fib_create_info(): the route that a request describes, checked; NULL and *error. */
struct fib_route *fib_create_info(struct fib *fib, const struct vnet_route_info *req, int *error,
                                  struct vnet_err *err);
/* fib_check_nh(): nh->dev and gateway as given; finds its device, scope and state. */
int fib_check_nh(struct fib *fib, struct fib_nexthop *nh, int oif, uint32_t table, uint8_t scope,
                 struct vnet_err *err);
/* fib6_nh_init() of a nexthop that is no route's: nh from what is wanted, checked. */
int fib6_nh_init(struct fib *fib, struct fib_nexthop *nh, const struct vnet_nexthop *want,
                 struct vnet_err *err);
/* fib_table_insert() of a route that is made already. Owns r. */
int fib4_insert(struct fib *fib, struct fib_table *t, struct fib_route *r, unsigned nlflags);
/* fib_table_delete() */
int fib4_delete(struct fib *fib, struct fib_table *t, const struct vnet_route_info *req);
int fib4_table_lookup(const struct fib_table *t, const struct flow *fl, bool ignore_linkstate,
                      struct fib_result *res);
/* fib_flush(): drop routes that are dead. */
void fib4_flush(struct netns *ns);
/* The IPv4 half of fib_dev_up() and so on. force: also local routes (the last address went). */
void fib4_dev_up(struct netdev *dev);
void fib4_dev_down(struct netdev *dev, bool unregister, bool force);
void fib4_dev_carrier(struct netdev *dev);
/* fib_disable_ip(): the routes by dev are dead, its neighbours gone. */
void fib_disable_ip(struct netdev *dev, bool unregister, bool force);
/* The connected route's metric changes from ifa->metric (fib_modify_prefix_metric). */
struct in_ifaddr;
void fib_modify_prefix_metric(struct in_ifaddr *ifa, uint32_t metric);
/* fib_sync_down_addr(): routes with this preferred source are dead; how many. */
int fib_sync_down_addr(struct netns *ns, const struct inet_addr *local);
/* fib_select_path(), less the source: res->nh may become another nexthop. */
void fib_select_path(struct netns *ns, const struct flow *fl, struct fib_result *res);
/* fib_result_prefsrc(): UNSPEC if there is none. */
void fib_prefsrc(const struct netns *ns, const struct fib_result *res, struct inet_addr *out);
/* metrics of a request as ip_metrics_convert() keeps them: new memory or NULL. -EINVAL. */
int fib_metrics_init(const uint32_t *in, uint32_t **out, struct vnet_err *err);
/* fib6_nh_init() of a gateway: the device it is reached by in *dev (given or found). */
int fib6_check_gateway(struct fib *fib, const struct inet_addr *gw, uint32_t table, bool onlink,
                       const struct inet_addr *prefsrc, struct netdev **dev, struct vnet_err *err);

enum { IP6_RT_PRIO_USER = 1024 }; /* the metric of a route of which none was said */
/* fib6_is_reject(): what leads nowhere: by type, or by lo to what is not there. */
bool fib6_rejects(const struct fib_route *r);
enum { FIB6_SILENT = 0x10000 }; /* with nlflags: listeners are told later (skip_notify) */
/* IPv6: fib6_add_rt2node(). Owns r. */
int fib6_insert(struct fib *fib, struct fib_table *t, struct fib_route *r, unsigned nlflags,
                struct vnet_err *err);
int fib6_table_lookup(struct fib *fib, const struct fib_table *t, const struct flow *fl,
                      unsigned flags, struct fib_result *res);
int fib6_route_add(struct fib *fib, const struct vnet_route_info *req, unsigned nlflags,
                   struct vnet_err *err);
int fib6_route_del(struct fib *fib, const struct vnet_route_info *req, struct vnet_err *err);
/* rt6_qualify_for_ecmp() */
bool fib6_ecmp(const struct fib_route *r);
enum { /* RT6_LOOKUP_F_* */
       RT6_LOOKUP_F_IFACE = 1,
       RT6_LOOKUP_F_REACHABLE = 2,
       RT6_LOOKUP_F_IGNORE_LINKSTATE = 0x40,
       RT6_LOOKUP_INPUT = 0x100, /* the wanted device is fl->iif (ip6_pol_route_input) */
};
int fib6_lookup(struct fib *fib, const struct flow *fl, unsigned flags, struct fib_result *res);
/* ip6_route_output_flags()'s lookup, before a source is chosen (inet/route6.c). */
int fib6_lookup_output(struct netns *ns, struct flow *fl, unsigned flags, struct fib_result *res);

/* ---- rules: fib_rules.c ---- */

void fib_rules_init(struct fib *fib);
void fib_rules_free(struct fib *fib);
/* Are they those that a namespace begins with? */
bool fib_rules_are_default(const struct fib *fib);
/* fib_rules_lookup(): `lookup` asks one table, -EAGAIN: go on. -ESRCH: no rule had an answer. */
typedef int fib_lookup_fn(struct fib *fib, const struct fib_table *t, const struct flow *fl,
                          unsigned flags, struct fib_result *res);
int fib_rules_lookup(struct fib *fib, const struct flow *fl, fib_lookup_fn *lookup, unsigned flags,
                     struct fib_result *res);

#endif
