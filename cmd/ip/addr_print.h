/* How `ip address` prints addresses, and which of them a command is about. */
#ifndef VNET_CMD_IP_ADDR_PRINT_H
#define VNET_CMD_IP_ADDR_PRINT_H

#include "cmd/ip/ctx.h"
#include "cmd/ip/prefix.h"
#include "vnet_addr.h"

/* struct link_filter of iproute2: the selectors of `ip link show` and `ip address show|flush`. */
struct addr_filter {
    uint8_t family;
    const char *dev;
    int ifindex;
    bool up;
    bool has_scope;
    uint8_t scope;
    uint32_t flags, flagmask; /* VNET_IFA_F_* */
    const char *label;        /* a shell pattern */
    int64_t group;            /* -1: any */
    int master;               /* 0: any, -1: those without */
    const char *kind;
    char slave_kind[VNET_IFNAMSIZ]; /* "": any */
    struct ip_prefix prefix;        /* family UNSPEC: any */
};

/* Does the address itself pass (all but `up` and what concerns links)? */
bool ip_addr_passes(const struct netns *ns, const struct addr_filter *f,
                    const struct vnet_addr_info *addr);
/* A flag's name as a selector ("-tentative", "dynamic", "primary", ...): false if it is none. */
bool ip_addr_flag_filter(struct addr_filter *f, const char *word);
/* A flag of that name, 0: none; whether only the kernel sets it, and whether only on IPv6. */
uint32_t ip_addr_flag(const char *word, bool *readonly, bool *v6only);

/* "    inet 10.0.0.1/8 ...": to the end of its last line; brief: the address and a blank.
 * with_link: its line begins with the link's index and name (`ip -o`). */
void ip_print_addr(struct ip *ip, const struct vnet_addr_info *addr, bool with_link);

#endif
