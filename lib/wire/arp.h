/* ARP for IPv4 over Ethernet (RFC 826). */
#ifndef VNET_WIRE_ARP_H
#define VNET_WIRE_ARP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARP_LEN = 28, ARP_HDR_LEN = 8, ARP_HRD_ETHER = 1, ARP_HRD_IEEE802 = 6 };
enum { ARP_OP_REQUEST = 1, ARP_OP_REPLY = 2 };

struct arp_pkt { /* host order; protocol addresses as host-order words */
    uint16_t hrd, pro, op;
    uint8_t hln, pln;
    uint8_t sha[6], tha[6];
    uint32_t spa, tpa;
};

/* The fixed part of any ARP packet: hrd, pro, hln, pln, op. false: fewer than 8 bytes. */
bool arp_parse_hdr(const uint8_t *p, size_t len, struct arp_pkt *out);
/* All of it. false: truncated, or the address lengths are not 6 and 4. */
bool arp_parse(const uint8_t *p, size_t len, struct arp_pkt *out);
/* Write ARP_LEN bytes; hln and pln are written as 6 and 4. */
void arp_emit(uint8_t *p, const struct arp_pkt *a);

#endif
