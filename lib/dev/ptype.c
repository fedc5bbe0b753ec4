/* The protocols that receive frames. */
#include "dev/netdev.h"
#include "inet/arp.h"
#include "inet/ip.h"
#include "inet/ipv6.h"

const struct packet_type packet_types[] = {
    {0x0800, ip_rcv},
    {0x0806, arp_rcv},
    {0x86dd, ipv6_rcv},
    {0, NULL},
};
