/* UDP sockets: vnet_socket() with VNET_SOCK_DGRAM and VNET_IPPROTO_UDP, of either family; options,
 * reading and waiting as for other sockets (vnet_sock.h). */
#ifndef VNET_UDP_H
#define VNET_UDP_H

#include "vnet_sock.h"

/* bind(2). addr.addr any: no address; port 0: one is chosen from net.ipv4.ip_local_port_range.
 * -EADDRNOTAVAIL, -EADDRINUSE, -EINVAL. (inet_bind(), udp_lib_get_port()) */
int vnet_udp_bind(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *addr,
                  uint16_t port);
/* connect(2): routes, fixes the source and the port of this end. -ENETUNREACH, -EACCES, ... */
int vnet_udp_connect(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *to,
                     uint16_t port);
/* sendto(2) of len bytes of payload; to NULL: where the socket is connected to (-EDESTADDRREQ). 0
 * or -errno as vnet_sendto(). (udp_sendmsg(), udpv6_sendmsg()) */
int vnet_udp_send(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                  const struct vnet_sockaddr6 *to, uint16_t port);
/* The port of this end, host order; 0: none yet. */
uint16_t vnet_udp_port(struct vnet *w, vnet_sock_id id);

#endif
