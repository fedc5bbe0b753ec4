/* The Internet checksum (RFC 1071). */
#ifndef VNET_WIRE_CKSUM_H
#define VNET_WIRE_CKSUM_H

#include <stddef.h>
#include <stdint.h>

/* One's complement sum of bytes taken as big-endian 16-bit words, added to `sum` (not folded, not
 * inverted). An odd last byte counts as its word's high half. */
uint64_t cksum_add(uint64_t sum, const void *bytes, size_t len);
/* To 16 bits: adding a number to itself with its halves exchanged leaves their sum, with the carry
 * from below, in the upper half. */
static inline uint16_t cksum_fold(uint64_t sum)
{
    sum += sum << 32 | sum >> 32;
    uint32_t half = (uint32_t)(sum >> 32);
    half += half << 16 | half >> 16;
    return (uint16_t)(half >> 16);
}
/* Fold and invert: the value of a checksum field, host order. */
static inline uint16_t cksum_finish(uint64_t sum)
{
    return (uint16_t)~cksum_fold(sum);
}
/* The checksum after one of the words that it covers changed (RFC 1624, equation 3). 0 may stand
 * for 0xffff, which only a sum over nothing but zeros gives. */
static inline uint16_t cksum_update(uint16_t check, uint16_t from, uint16_t to)
{
    return cksum_finish((uint64_t)(uint16_t)~check + (uint16_t)~from + to);
}
/* The checksum over len bytes; 0 when the bytes include their own valid checksum. */
uint16_t cksum(const void *bytes, size_t len);
/* With IPv6's pseudo-header (RFC 8200 8.1). */
uint16_t cksum_ipv6(const uint8_t src[16], const uint8_t dst[16], uint8_t next_header,
                    const void *payload, size_t len);

#endif
