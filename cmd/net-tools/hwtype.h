/* Hardware types as net-tools names them (lib/hw.c of net-tools 2.10). */
#ifndef VNET_CMD_NET_TOOLS_HWTYPE_H
#define VNET_CMD_NET_TOOLS_HWTYPE_H

#include "base/addr.h"
#include "cmd/sink.h"

struct hwtype {
    const char *name, *title;
    int arphrd;   /* ARPHRD_*; -1: what has no name */
    bool address; /* addresses of six bytes can be given and are shown */
    bool known;   /* vnet may have a device of this type */
    bool arp;     /* it has ARP: arp(8) lists it */
};

/* pr_unspec(): 16 bytes of the answer to SIOCGIFHWADDR, of what has no address that is shown. */
#define HWTYPE_UNSPEC_ADDRESS "00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00"

/* NULL: there is none of this name. */
const struct hwtype *hwtype_find(const char *name);
/* By ARPHRD_*; "unspec" if there is none. */
const struct hwtype *hwtype_of(int arphrd);
/* print_hwlist(): all, or those that have ARP. */
void hwtype_list(struct sink *to, bool arp_only);
/* print_aflist(): the address families of net-tools. */
void hwtype_list_families(struct sink *to);

/* in_ether(): up to six bytes of one or two hexadecimal digits, colons between them or not; what is
 * missing is 0, what follows is not looked at. */
bool ether_input(const char *text, struct lladdr *addr);

#endif
