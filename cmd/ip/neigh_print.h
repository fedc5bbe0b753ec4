/* How `ip neigh` prints an entry, and which ones a command is about. */
#ifndef VNET_CMD_IP_NEIGH_PRINT_H
#define VNET_CMD_IP_NEIGH_PRINT_H

#include "cmd/ip/prefix.h"
#include "vnet_neigh.h"

enum { NEIGH_STATE_NONE = 0x100 }; /* in a filter: entries of state NUD_NONE */

struct neigh_filter {
    uint8_t family;
    const char *dev;
    int ifindex;
    uint32_t states; /* NUD_* | NEIGH_STATE_NONE */
    bool states_given;
    bool unused, proxies;
    uint8_t protocol; /* 0: any */
    int master;       /* 0: any, -1: devices without one */
    struct ip_prefix prefix;
};

bool ip_neigh_passes(const struct ip *ip, const struct neigh_filter *f,
                     const struct vnet_neigh_info *n);
void ip_print_neigh(struct ip *ip, const struct neigh_filter *f, const struct vnet_neigh_info *n);
/* A state's name or number. */
bool ip_neigh_state(const char *word, uint32_t *state);

#endif
