/* IPv4 groups that a device is in, and what it reports of them (net/ipv4/igmp.c; RFC 3376). */
#ifndef VNET_INET_IGMP_H
#define VNET_INET_IGMP_H

#include "inet/devinet.h"
#include "inet/ip.h"

struct ipv4_hdr;

#define IGMP_ALL_HOSTS 0xe0000001U
/* Of a querier that has not told others: seconds, and how often something is said. */
enum { IGMP_QUERY_INTERVAL = 125, IGMP_QUERY_RESPONSE_INTERVAL = 10, QUERY_ROBUSTNESS = 2 };

struct ip_mc { /* struct ip_mc_list, of any source */
    struct list node;
    struct in_device *in_dev;
    uint32_t group; /* host order */
    uint32_t users;
    bool loaded;         /* the device listens to its link-layer address */
    uint8_t crcount;     /* reports of version 3 to come */
    bool reporter;       /* we were the last to report it (versions 1 and 2) */
    uint8_t unsolicited; /* reports of versions 1 and 2 to come */
    struct timer timer;  /* the next of these */
};

void ip_mc_init_dev(struct in_device *in_dev);
void ip_mc_up(struct in_device *in_dev);
void ip_mc_down(struct in_device *in_dev);
void ip_mc_destroy_dev(struct in_device *in_dev);
/* ip_mc_inc_group(), ip_mc_dec_group() */
void ip_mc_join(struct in_device *in_dev, uint32_t group);
void ip_mc_leave(struct in_device *in_dev, uint32_t group);
/* ip_mc_autojoin_config(): an address with `autojoin` comes or goes. -EADDRINUSE: joined already.
 */
int ip_mc_autojoin(struct in_device *in_dev, uint32_t group, bool join);
/* ip_check_mc_rcu(): is the device in the group? */
bool ip_check_mc(const struct in_device *in_dev, uint32_t group);
/* The version in use: 1, 2 or 3. */
int igmp_version(const struct in_device *in_dev);
/* igmp_rcv(): local delivery of protocol 2. Consumes. */
void igmp_rcv(struct skb *skb, const struct ipv4_hdr *h);

/* For the state file: a group (tomb: one that was left, as often as it was) without side
 * effects, NULL: it is there already; what a device that says nothing is in. */
struct ip_mc *ip_mc_load(struct in_device *in_dev, uint32_t group, bool tomb);
void ip_mc_load_default(struct in_device *in_dev);
/* As ip_mc_load_default() leaves it? */
bool ip_mc_is_default(const struct in_device *in_dev);
/* The link-layer address of a group; false: the device has none for it (arp_mc_map()). */
bool ip_mc_map(const struct netdev *dev, uint32_t group, struct lladdr *out);

#endif
