/* What the parts of `ip` share: options, output, and the open world. */
#ifndef VNET_CMD_IP_CTX_H
#define VNET_CMD_IP_CTX_H

#include "cmd/args.h"
#include "cmd/cmd.h"
#include "cmd/netns.h"
#include "cmd/printer.h"
#include "vnet.h"
#include "vnet_link.h"

struct ip_options {
    uint8_t family; /* of -4, -6, -0, -f; UNSPEC */
    uint8_t stats, details;
    bool all;
    bool timestamp, timestamp_short; /* of `ip monitor` */
    bool oneline, brief, json, pretty, numeric, human, iec, force, resolve;
    int max_flush_loops;
    enum { PAINT_NEVER, PAINT_AUTO, PAINT_ALWAYS } color;
};

struct ll_map;

struct ip {
    struct cmd_env *env;
    struct ip_options opt;
    const char *batch; /* file of -batch; NULL: not given */
    bool links_listed; /* in a batch `ip address` after `ip link show` is `ip link`: iproute2's
                          do_link is never taken back */
    struct printer out;
    struct sink *err;
    struct vnet *w; /* NULL: no transaction is open */
    struct netns *ns;
    char netns[NETNS_REF_MAX];      /* of -netns: env->netns */
    struct ll_map *names;           /* of `ip monitor`: names as they were; NULL: as they are */
    const struct tool_facts *facts; /* of the world's profile; valid while it is open */
};

/* Open the world for the rest of the command; again is harmless. 0 or ARG_FAILED, message printed.
 */
int ip_open(struct ip *ip);
/* What it is, without the world; as cmd_profile(), also where it is open. */
const struct tool_facts *ip_tools(struct ip *ip);
/* The printer as the options have it. */
void ip_prepare_output(struct ip *ip);
/* End the transaction, if one is open: 0 or ARG_FAILED. */
int ip_close(struct ip *ip);
/* Does the kernel check and filter requests strictly (rtnl_set_strict_dump())? It is not asked to
 * for the lines of a batch. */
bool ip_strict(const struct ip *ip);

/* The lines of file ip->batch, each run by `run`. */
int ip_run_batch(struct ip *ip, int (*run)(struct ip *ip, struct args *a));

/* An address as text: under -resolve the name that it has (format_host()). */
const char *ip_host_str(const struct ip *ip, const struct inet_addr *addr,
                        char buf[INET_ADDRSTRLEN_MAX]);
/* The name of a link, "if7" for an index that has none (ll_index_to_name()). */
const char *ip_link_name(const struct ip *ip, int ifindex, char buf[VNET_IFNAMSIZ]);
/* The flags of a link, all bits set for one that is not known (ll_index_to_flags()). */
uint32_t ip_link_flags(const struct ip *ip, int ifindex);
/* The index of a name, an alternative name, an alias ("eth0:1"), or of "if7"; 0: none
 * (ll_name_to_index()). */
int ip_link_index(const struct ip *ip, const char *name);
/* Prints "Cannot find device ..." and returns ARG_FAILED (nodev()). */
int ip_nodev(struct ip *ip, const char *name);
/* What iproute2's check_ifname() and check_altifname() accept. */
bool ip_ifname_ok(const char *name);
bool ip_altname_ok(const char *name);

/* What rtnl_talk() says of an answer: 0 for rc >= 0, else ARG_REFUSED after "RTNETLINK answers:
 * ..." or the kernel's own message. */
int ip_answer(struct ip *ip, int rc, const struct vnet_err *err);

/* The kernel refuses a request before the engine could see it: "Error: WHY.", ARG_REFUSED. */
int ip_refuse(struct ip *ip, const char *why);
/* What netlink's policy says of an attribute that is too short or too long. */
#define IP_POLICY "Attribute failed policy validation"

/* "inet", "inet6", ...; "any valid" for UNSPEC where `verbose`. */
const char *ip_family_name(uint8_t family);
enum print_color ip_family_color(uint8_t family);

struct ip_object {
    const char *name;
    int (*run)(struct ip *ip, struct args *a); /* the cursor is behind the object's name */
    /* run NULL: the object is not emulated; its usage text is (enum ip_help) */
    unsigned usage;
    bool usage_alone; /* what the object's name alone prints, too */
};

/* A verb of an object: `ip link VERB ...`. */
struct ip_verb {
    const char *name;
    bool abbrev;
    bool needs_world;
    /* NULL: the real one has it, it is refused */
    int (*run)(struct ip *ip, struct args *a, const struct ip_verb *verb);
    uint32_t value;
};
/* Run the verb that the current word names ("show" if there is none); object: for the complaint. */
int ip_run_verb(struct ip *ip, struct args *a, const struct ip_verb *verbs, const char *object,
                const struct ip_verb *without);

/* The objects' entry points. */
int ip_link_object(struct ip *ip, struct args *a);
int ip_addr_object(struct ip *ip, struct args *a);
int ip_route_object(struct ip *ip, struct args *a);
int ip_addrlabel_object(struct ip *ip, struct args *a);
int ip_maddress_object(struct ip *ip, struct args *a);
int ip_neigh_object(struct ip *ip, struct args *a);
int ip_rule_object(struct ip *ip, struct args *a);
int ip_nexthop_object(struct ip *ip, struct args *a);
int ip_netns_object(struct ip *ip, struct args *a);
int ip_monitor_object(struct ip *ip, struct args *a);
int ip_netconf_object(struct ip *ip, struct args *a);
int ip_ntable_object(struct ip *ip, struct args *a);
int ip_stats_object(struct ip *ip, struct args *a);
int ip_token_object(struct ip *ip, struct args *a);
/* empty.c */
int ip_tunnel_object(struct ip *ip, struct args *a);
int ip_tuntap_object(struct ip *ip, struct args *a);
int ip_mroute_object(struct ip *ip, struct args *a);
int ip_tcpmetrics_object(struct ip *ip, struct args *a);
int ip_vrf_object(struct ip *ip, struct args *a);
int ip_xfrm_object(struct ip *ip, struct args *a);

/* "-c", "-color", "-col=auto" (matches_color()); false: the option is another one. */
bool ip_take_color(struct ip *ip, const char *opt);

#endif
