/* rtnetlink messages (rtnetlink(7), include/uapi/linux/{rtnetlink,if_link,if_addr,neighbour,
 * fib_rules,netconf}.h), as a little-endian machine has them: each kind of message is a table of
 * where a value is in a struct and where in the message. */
#ifndef VNET_WIRE_RTNETLINK_H
#define VNET_WIRE_RTNETLINK_H

#include "base/strbuf.h"
#include "vnet_netlink.h"

enum { NLMSG_HDR_LEN = 16 };

/* Appends the message; what is zero or absent in the struct is left out. */
void rtnl_put_link(struct strbuf *out, uint16_t type, const struct vnet_link_info *l,
                   const struct vnet_link_news *news);
void rtnl_put_addr(struct strbuf *out, uint16_t type, const struct vnet_addr_info *a);
void rtnl_put_route(struct strbuf *out, uint16_t type, const struct vnet_route_info *r);
void rtnl_put_neigh(struct strbuf *out, uint16_t type, const struct vnet_neigh_info *n);
void rtnl_put_rule(struct strbuf *out, uint16_t type, const struct vnet_rule_info *r);
void rtnl_put_netconf(struct strbuf *out, uint16_t type, const struct vnet_netconf_info *c);
void rtnl_put_nsname(struct strbuf *out, uint16_t type, const struct vnet_nsname_news *n);
void rtnl_put_nsid(struct strbuf *out, uint16_t type, const struct vnet_nsid_info *n);
void rtnl_put_nexthop(struct strbuf *out, uint16_t type, const struct vnet_nh_info *nh);
void rtnl_put_mdb(struct strbuf *out, uint16_t type, const struct vnet_mdb_news *m);
void rtnl_put_vlan(struct strbuf *out, uint16_t type, const struct vnet_vlan_news *v);
/* vnet_netlink_parse() takes them apart. */

#endif
