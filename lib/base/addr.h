/* Network addresses: a family and up to 16 bytes in network byte order; link-layer addresses; text.
 */
#ifndef VNET_BASE_ADDR_H
#define VNET_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

/* Linux values, spelled out because vnet also builds where there is no Linux. */
enum vnet_family {
    VNET_AF_UNSPEC = 0,
    VNET_AF_INET = 2,
    VNET_AF_BRIDGE = 7,
    VNET_AF_INET6 = 10,
    VNET_AF_NETLINK = 16,
    VNET_AF_PACKET = 17,
    VNET_AF_CAN = 29,
};

struct inet_addr {
    uint8_t family;    /* enum vnet_family; UNSPEC: no address */
    uint8_t bytes[16]; /* network byte order; IPv4 uses the first four; the rest is zero */
};

struct inet_prefix {
    struct inet_addr addr;
    uint8_t len; /* bits: 0..32 or 0..128 */
};

#define INET_ADDRSTRLEN_MAX 46
#define LLADDR_MAX          32
#define LLADDR_STRLEN_MAX   (LLADDR_MAX * 3)
#define ETH_ALEN            6

struct lladdr {
    uint8_t len; /* bytes used; 0: none */
    uint8_t bytes[LLADDR_MAX];
};

/* 4 for IPv4, 16 for IPv6, 0 otherwise. */
static inline unsigned inet_addr_size(uint8_t family)
{
    return family == VNET_AF_INET ? 4 : family == VNET_AF_INET6 ? 16 : 0;
}

static inline unsigned inet_addr_bits(uint8_t family)
{
    return inet_addr_size(family) * 8;
}

static inline bool inet_addr_eq(const struct inet_addr *a, const struct inet_addr *b)
{
    if (a->family != b->family)
        return false;
    if (a->family == VNET_AF_INET)
        return memcmp(a->bytes, b->bytes, 4) == 0;
    return a->family != VNET_AF_INET6 || memcmp(a->bytes, b->bytes, 16) == 0;
}

/* IPv4 from and to a host-order word: 0xC0A8020B is 192.168.2.11. */
static inline struct inet_addr inet_addr_v4(uint32_t host_order)
{
    return (struct inet_addr){.family = VNET_AF_INET,
                              .bytes = {(uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16),
                                        (uint8_t)(host_order >> 8), (uint8_t)host_order}};
}
/* The same in place. Cheaper within a large structure: a whole address cannot be loaded from memory
 * until the parts that were just stored have got there. */
static inline void inet_addr_set_v4(struct inet_addr *a, uint32_t host_order)
{
    memset(a->bytes, 0, sizeof(a->bytes));
    a->family = VNET_AF_INET;
    put_be32(a->bytes, host_order);
}
static inline uint32_t inet_addr_to_v4(const struct inet_addr *a)
{
    return get_be32(a->bytes);
}
struct inet_addr inet_addr_v6(const uint8_t bytes[16]);
/* All zero bytes of the given family. */
static inline struct inet_addr inet_addr_any(uint8_t family)
{
    return (struct inet_addr){.family = family};
}
static inline bool inet_addr_is_any(const struct inet_addr *a)
{
    static const uint8_t zero[16];
    return memcmp(a->bytes, zero, sizeof(zero)) == 0; /* bytes that a family does not use are 0 */
}
static inline bool inet_addr_is_multicast(const struct inet_addr *a) /* 224/4, ff00::/8 */
{
    if (a->family == VNET_AF_INET6)
        return a->bytes[0] == 0xff;
    return a->family == VNET_AF_INET && (a->bytes[0] & 0xf0) == 0xe0;
}
static inline bool inet_addr_is_bcast_all(const struct inet_addr *a) /* 255.255.255.255 */
{
    return a->family == VNET_AF_INET && get_be32(a->bytes) == 0xffffffffU;
}
bool inet_addr_is_loopback(const struct inet_addr *a);  /* 127/8, ::1 */
bool inet_addr_is_linklocal(const struct inet_addr *a); /* fe80::/10 only */
/* Total order: family, then bytes. */
int inet_addr_cmp(const struct inet_addr *a, const struct inet_addr *b);
/* The first len bits of a, the rest zero. */
struct inet_addr inet_addr_masked(const struct inet_addr *a, unsigned len);
/* The all-ones host part: the directed broadcast address of a/len (IPv4). */
struct inet_addr inet_addr_broadcast(const struct inet_addr *a, unsigned len);
bool inet_prefix_has(const struct inet_prefix *p, const struct inet_addr *a);
/* IPv4 netmask of len bits as a host-order word. */
uint32_t inet_mask_v4(unsigned len);
/* Prefix length of a contiguous IPv4 mask given in host order, -1 if it is not contiguous. */
int inet_mask_len(uint32_t host_order_mask);

/* Strict presentation form (inet_pton). Returns false and leaves *out alone on anything else. */
bool inet_addr_parse(uint8_t family, const char *s, struct inet_addr *out);
/* inet_ntop's form into buf (INET_ADDRSTRLEN_MAX); returns buf. UNSPEC gives "". */
const char *inet_addr_str(const struct inet_addr *a, char buf[INET_ADDRSTRLEN_MAX]);

static inline bool lladdr_eq(const struct lladdr *a, const struct lladdr *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}
struct lladdr lladdr_eth(const uint8_t bytes[ETH_ALEN]);
/* "02:42:.." lower case, colon separated; returns buf. */
const char *lladdr_str(const struct lladdr *a, char buf[LLADDR_STRLEN_MAX]);
/* Two hex digits (one is allowed) separated by ':'; false on anything else, *out untouched. */
bool lladdr_parse(const char *s, struct lladdr *out);
/* EUI-64 interface identifier of a MAC in the low 8 bytes of an IPv6 address (RFC 4291 app. A). */
void lladdr_eui64(const struct lladdr *mac, uint8_t id[8]);

#endif
