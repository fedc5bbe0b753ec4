/* How `ip rule` prints a rule, and which ones a command is about. */
#ifndef VNET_CMD_IP_RULE_PRINT_H
#define VNET_CMD_IP_RULE_PRINT_H

#include "cmd/ip/prefix.h"
#include "vnet_route.h"

struct rule_filter {
    bool invert, has_priority, has_tos, has_uid, has_proto;
    uint8_t tos, ipproto, proto;
    uint32_t priority, fwmark, fwmask, table, uid_min, uid_max;
    const char *iif, *oif;
    struct ip_prefix src, dst;
    uint16_t sport_min, sport_max, dport_min, dport_max;
};

bool ip_rule_passes(const struct rule_filter *f, const struct vnet_rule_info *r);
void ip_print_rule(struct ip *ip, const struct vnet_rule_info *r);

#endif
