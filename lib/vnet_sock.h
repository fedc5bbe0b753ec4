/* Sockets, as far as ping and friends need them: SOCK_RAW and SOCK_DGRAM with IPPROTO_ICMP, UDP
 * (vnet_udp.h), and those of CAN (vnet_can.h) and packet sockets (vnet_packet.h). A
 * socket is part of the world (its queues are saved with it), since another process may run the
 * event that fills it. It is named by an id that is unique in the world. */
#ifndef VNET_SOCK_H
#define VNET_SOCK_H

#include "vnet.h"

enum { VNET_SOCK_DGRAM = 2, VNET_SOCK_RAW = 3 };
enum { VNET_IPPROTO_ICMP = 1, VNET_IPPROTO_UDP = 17, VNET_IPPROTO_ICMPV6 = 58 };

typedef uint32_t vnet_sock_id; /* 0: none */

struct vnet_sockaddr6 { /* struct sockaddr_in6 */
    struct inet_addr addr;
    int scope_id;       /* ifindex, for link-local addresses and groups; 0: none */
    uint32_t flowlabel; /* 20 bits */
};

/* socket(2). -EACCES (ping group range), -EPROTONOSUPPORT. */
int vnet_socket(struct netns *ns, uint8_t family, int type, int protocol, vnet_sock_id *id);
void vnet_sock_close(struct vnet *w, vnet_sock_id id);
/* SO_BINDTODEVICE; "" unbinds. -ENODEV. */
int vnet_sock_bind_device(struct vnet *w, vnet_sock_id id, const char *ifname);
/* IP_MULTICAST_IF / IP_PKTINFO's ifindex, for the routing of sends. */
int vnet_sock_set_oif(struct vnet *w, vnet_sock_id id, int ifindex);
/* bind(2) to a local address. -EADDRNOTAVAIL. */
int vnet_sock_bind(struct vnet *w, vnet_sock_id id, const struct inet_addr *addr);
/* bind(2) of a datagram ICMP socket to an id of echo requests, and no address. -EADDRINUSE: another
 * has it. */
int vnet_sock_bind_ident(struct vnet *w, vnet_sock_id id, uint16_t ident);
/* connect(2) for SOCK_DGRAM: routes, fixes the source. -ENETUNREACH, -EACCES (broadcast), ... */
int vnet_sock_connect(struct vnet *w, vnet_sock_id id, const struct inet_addr *dst);
/* getsockname(2) */
int vnet_sock_name(struct vnet *w, vnet_sock_id id, struct inet_addr *addr);
/* The UDP probe of ping: which source address connect() would choose towards dst (bound to device
 * ifname if not ""), without a socket staying behind. */
int vnet_sock_probe_source(struct netns *ns, const struct inet_addr *dst, const char *ifname,
                           const struct inet_addr *bound, uint8_t tos, uint32_t mark,
                           bool broadcast, struct inet_addr *src);

/* The same three for IPv6. bind(2): -EINVAL (a link-local address needs its device),
 * -EADDRNOTAVAIL; connect(2): -EINVAL, -ENETUNREACH, -EADDRNOTAVAIL, ... The probe's connect(2) is
 * of a UDP socket bound to ifname. (rawv6_bind(), ping_bind(), __ip6_datagram_connect()) */
int vnet_sock_bind6(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *addr);
int vnet_sock_connect6(struct vnet *w, vnet_sock_id id, const struct vnet_sockaddr6 *dst);
int vnet_sock_probe_source6(struct netns *ns, const struct vnet_sockaddr6 *dst, const char *ifname,
                            uint32_t mark, struct vnet_sockaddr6 *src);

/* IPV6_FLOWLABEL_MGR: a label of the socket's own, which vnet_sockaddr6 may then name. *label 0:
 * the kernel chooses. -EPERM: somebody has it, or had it some seconds ago. */
int vnet_sock_flowlabel(struct vnet *w, vnet_sock_id id, uint32_t *label);

enum vnet_sock_opt {
    VNET_SO_BROADCAST,
    VNET_SO_DEBUG,     /* changes nothing for these protocols */
    VNET_SO_DONTROUTE, /* only to what is on link: routes of scope link or narrower */
    VNET_SO_MARK,
    VNET_SO_RCVBUF,      /* bytes, as set (the kernel doubles it) */
    VNET_SO_RCVBUFFORCE, /* the same, whatever net.core.rmem_max is; set only */
    VNET_SO_SNDBUF,
    VNET_IP_TTL, /* -1: default */
    VNET_IP_MULTICAST_TTL,
    VNET_IP_MULTICAST_LOOP,
    VNET_IP_TOS,
    VNET_IP_MTU_DISCOVER, /* IP_PMTUDISC_*: 0 dont, 1 want, 2 do, 3 probe */
    VNET_IP_RECVERR,
    VNET_IP_RECVTTL,
    VNET_ICMP_FILTER,  /* bit mask of ICMP types that are NOT delivered */
    VNET_ICMP6_FILTER, /* the only ICMPv6 type that is delivered; -1: all are; set only */
    VNET_CAN_RAW_ERR_FILTER,
    VNET_CAN_RAW_LOOPBACK,
    VNET_CAN_RAW_RECV_OWN_MSGS,
    VNET_CAN_RAW_FD_FRAMES,
    VNET_CAN_RAW_JOIN_FILTERS,
};
int vnet_sock_setopt(struct vnet *w, vnet_sock_id id, enum vnet_sock_opt opt, int64_t value);
/* setsockopt(IP_OPTIONS): `len` bytes (0..40) of options for every packet sent. -EINVAL: malformed;
 * -EPERM: source routes. */
int vnet_sock_set_ip_options(struct vnet *w, vnet_sock_id id, const uint8_t *options, size_t len);
/* getsockopt(SO_RCVBUF) and the like */
int vnet_sock_getopt(struct vnet *w, vnet_sock_id id, enum vnet_sock_opt opt, int64_t *value);

/* sendto(2); of CAN's see vnet_can.h. Payload begins with the ICMP header; the kernel fills the
 * checksum only for SOCK_DGRAM. Returns 0 or -errno: -ENETUNREACH, -EHOSTUNREACH, -EMSGSIZE,
 * -EACCES, -EPERM, -EINVAL, -ENOBUFS, or a pending socket error (then cleared). */
int vnet_sendto(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                const struct inet_addr *dst);

/* sendmsg(2) of an IPv6 socket: pktinfo: IPV6_PKTINFO's ifindex, 0: none. The kernel fills the
 * checksum. Errors as above, and -EINVAL where the devices contradict each other. */
int vnet_sendto6(struct vnet *w, vnet_sock_id id, const void *payload, size_t len,
                 const struct vnet_sockaddr6 *dst, int pktinfo);

struct vnet_msg {
    int64_t time; /* SO_TIMESTAMP: when it was received (error queue: of the error) */
    size_t len;   /* full length of the datagram (may exceed the caller's buffer) */
    struct inet_addr from;
    uint16_t port; /* UDP: from's; error queue: that the datagram was sent to */
    int ttl;       /* IP_TTL of the datagram received; -1 unknown */
    int tos;
    int iif;         /* ifindex it came in by (IP_PKTINFO) */
    uint8_t pkttype; /* enum vnet_pkttype (vnet_capture.h); packet sockets only */
    uint32_t flags;  /* MSG_*, CAN only: vnet_can.h */
    /* error queue only: struct sock_extended_err */
    int ee_errno;
    uint8_t ee_origin; /* 1 local, 2 ICMP, 3 ICMPv6 */
    uint8_t ee_type, ee_code;
    uint32_t ee_info;
    struct inet_addr offender;
    int scope_id, offender_scope; /* IPv6: sin6_scope_id of from, offender */
};
enum { VNET_MSG_ERRQUEUE = 0x2000 };

/* recvmsg(2), never blocking: bytes copied, or -EAGAIN; a pending socket error is returned (and
 * cleared) as in the kernel unless flags has MSG_ERRQUEUE. Raw IPv4 sockets get the IP header too,
 * those of IPv6 do not. */
long vnet_recvmsg(struct vnet *w, vnet_sock_id id, void *buf, size_t size, int flags,
                  struct vnet_msg *msg);
/* poll(2): anything to read, or an error pending? */
bool vnet_sock_readable(struct vnet *w, vnet_sock_id id);
/* Run events, none later than `until` (world clock, ns), until the socket is readable, or *stop is
 * not 0 (NULL: nothing stops it). false: it is not yet, and the next event is later, or there is
 * none. */
bool vnet_sock_wait(struct vnet *w, vnet_sock_id id, int64_t until,
                    const volatile sig_atomic_t *stop);

/* The same of any of n sockets. */
bool vnet_sock_wait_any(struct vnet *w, const vnet_sock_id *ids, unsigned n, int64_t until,
                        const volatile sig_atomic_t *stop);

/* Which socket ids have owners is kept beside the state file by the session: a byte-range lock a
 * socket, held by its owner, so that a killed owner's socket is collected by the next writer. */

#endif
