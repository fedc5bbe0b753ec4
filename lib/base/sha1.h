/* SHA-1's compression function (FIPS 180-4): for RFC 7217 identifiers as Linux makes them. Not for
 * security. */
#ifndef VNET_BASE_SHA1_H
#define VNET_BASE_SHA1_H

#include <stdint.h>

/* One 64-byte block from the initial state: no padding, no length. */
void sha1_block(const uint8_t block[64], uint32_t digest[5]);

#endif
