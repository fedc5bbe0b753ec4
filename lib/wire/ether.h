/* Ethernet II (IEEE 802.3). */
#ifndef VNET_WIRE_ETHER_H
#define VNET_WIRE_ETHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ETH_HLEN = 14 };
enum { ETH_P_IP = 0x0800, ETH_P_ARP = 0x0806, ETH_P_IPV6 = 0x86dd };

struct ether_hdr {
    uint8_t dst[6], src[6];
    uint16_t type; /* host order; below 0x600: an 802.3 length */
};

/* false: fewer than 14 bytes. */
bool ether_parse(const uint8_t *p, size_t len, struct ether_hdr *out);
/* Write ETH_HLEN bytes. */
void ether_emit(uint8_t *p, const struct ether_hdr *h);
static inline bool ether_is_multicast(const uint8_t mac[6])
{
    return mac[0] & 1;
}
bool ether_is_broadcast(const uint8_t mac[6]);

#endif
