/* What stands behind `type KIND` in `ip link add` and `ip link set`, and what `ip -d link` prints
 * of kinds. */
#ifndef VNET_CMD_IP_LINK_KINDS_H
#define VNET_CMD_IP_LINK_KINDS_H

#include "cmd/ip/ctx.h"
#include "vnet_bridge.h"

struct kind_words {
    struct ip *ip;
    struct vnet_link_opts opts; /* of a bridge, or of its port */
    struct vnet_vlan_req vlan;
};

int ip_read_bridge_words(struct kind_words *k, struct args *a);
int ip_read_brport_words(struct kind_words *k, struct args *a);
int ip_read_vlan_words(struct kind_words *k, struct args *a);

/* IFLA_INFO_DATA of a bridge and of a VLAN, IFLA_INFO_SLAVE_DATA of a port. */
void ip_print_bridge(struct printer *p, const struct vnet_link_opts *o);
void ip_print_brport(struct printer *p, const struct vnet_link_opts *o);
void ip_print_vlan(struct printer *p, const struct vnet_vlan_info *v);

/* "8000.2:0:0:0:0:1" */
void ip_print_bridge_id(struct printer *p, const char *key, const char *format, uint64_t id);
/* ll_proto_a2n(), ll_proto_n2a(): "802.1Q", ... or a number. */
bool ip_vlan_proto_value(const char *word, uint16_t *proto);
const char *ip_vlan_proto_name(uint16_t proto, char buf[16]);

#endif
