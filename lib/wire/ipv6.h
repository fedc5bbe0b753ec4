/* The IPv6 header, options and fragment headers (RFC 8200), router alert (RFC 2711). */
#ifndef VNET_WIRE_IPV6_H
#define VNET_WIRE_IPV6_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IPV6_HDR_LEN = 40, IPV6_MIN_MTU = 1280, IPV6_RA_LEN = 8, IPV6_FRAG_LEN = 8 };
enum { /* next header values */
       IPV6_NEXTHDR_HOP = 0,
       IPV6_NEXTHDR_ROUTING = 43,
       IPV6_NEXTHDR_FRAGMENT = 44,
       IPV6_NEXTHDR_AUTH = 51,
       IPV6_NEXTHDR_ICMP = 58,
       IPV6_NEXTHDR_NONE = 59,
       IPV6_NEXTHDR_DEST = 60,
};
enum { IPV6_RA_MLD = 0 }; /* router alert value: contains a MLD message */

struct ipv6_hdr { /* host order; addresses as on the wire */
    uint8_t version, tclass, nexthdr, hop_limit;
    uint32_t flowlabel; /* 20 bits */
    uint16_t payload_len;
    uint8_t saddr[16], daddr[16];
};

/* Read the fixed header; nothing is verified but that 40 bytes are there (false). */
bool ipv6_parse(const uint8_t *p, size_t len, struct ipv6_hdr *out);
/* Write 40 bytes; the version is taken as 6. */
void ipv6_emit(uint8_t *p, const struct ipv6_hdr *h);

/* Change the length in a header that is written already. */
void ipv6_set_payload_len(uint8_t *p, uint16_t len);

/* An extension header with options (hop-by-hop, destination). */
struct ipv6_opts {
    uint8_t nexthdr;
    uint16_t len; /* of the header, bytes: 8..2048 */
    bool has_router_alert;
    uint16_t router_alert; /* value */
    uint8_t bad_action;    /* an unknown option's two highest bits (0: skip and go on, 1 discard, 2
                              discard and send ICMP, 3 the same if not multicast) */
    uint16_t bad_offset;   /* of that option in the header */
};
/* ip6_parse_tlv(): false if it is truncated or malformed (padding of more than 7 bytes, PadN that
 * is not zero, an option past the end). The first unknown option that asks for more than skipping
 * ends the walk: bad_action is set. */
bool ipv6_opts_parse(const uint8_t *p, size_t len, struct ipv6_opts *out);
/* ipv6_skip_exthdr(): walk from *off, where a header of type *proto begins, over extension headers
 * to what they carry: *off and *proto are then its own. A fragment other than the first ends the
 * walk at its payload. false: truncated, or no next header. */
bool ipv6_skip_exthdr(const uint8_t *p, size_t len, size_t *off, uint8_t *proto);

struct ipv6_frag { /* fragment header, host order */
    uint8_t nexthdr;
    uint16_t offset; /* bytes, a multiple of 8 */
    bool more;
    uint32_t id;
};
bool ipv6_frag_parse(const uint8_t *p, size_t len, struct ipv6_frag *out);
void ipv6_frag_emit(uint8_t p[IPV6_FRAG_LEN], const struct ipv6_frag *h);

/* Write the 8 bytes that precede a MLD message: router alert of the given value, PadN. */
void ipv6_emit_router_alert(uint8_t p[IPV6_RA_LEN], uint8_t nexthdr, uint16_t value);

/* The Ethernet address of a multicast group: 33:33 and the last four bytes (RFC 2464). */
void ipv6_mc_mac(const uint8_t group[16], uint8_t mac[6]);
/* ff02::1:ffXX:XXXX of a unicast address (RFC 4291 2.7.1). */
void ipv6_solicited_node(const uint8_t addr[16], uint8_t group[16]);
bool ipv6_is_solicited_node(const uint8_t addr[16]);

#endif
