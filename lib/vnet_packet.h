/* Packet sockets (packet(7)): what arping needs. A socket is made by vnet_socket() of
 * VNET_AF_PACKET, VNET_SOCK_DGRAM, 0 and gets nothing before it is bound; vnet_recvmsg() takes a
 * frame without its link-layer header, with vnet_msg.pkttype and iif. */
#ifndef VNET_PACKET_H
#define VNET_PACKET_H

#include "vnet_sock.h"

enum { VNET_ETH_P_ALL = 0x0003, VNET_ETH_P_ARP = 0x0806 };

/* bind(2) to frames of an ethertype (VNET_ETH_P_ALL: all, also those that go out) by a device, 0:
 * by all. -ENODEV. To a device that is down: the error ENETDOWN is then pending. */
int vnet_packet_bind(struct vnet *w, vnet_sock_id id, int ifindex, uint16_t protocol);
/* sendto(2) by the device and with the ethertype that it is bound to, to a link-layer address.
 * -ENXIO: bound to none, -ENETDOWN, -EMSGSIZE, -EINVAL: the address is too short. */
int vnet_packet_send(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                     const struct lladdr *to);

#endif
