/* The protocols that receive frames. */
#include "can/af_can.h"
#include "dev/netdev.h"
#include "inet/arp.h"
#include "inet/ip.h"
#include "inet/ipv6.h"
#include "wire/can.h"

const struct packet_type packet_types[] = {
    {0x0800, ip_rcv},     {0x0806, arp_rcv},      {0x86dd, ipv6_rcv},
    {ETH_P_CAN, can_rcv}, {ETH_P_CANFD, can_rcv}, {0, NULL},
};
