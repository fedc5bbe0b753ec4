/* Hashing of keys that strangers may choose. */
#ifndef VNET_BASE_HASH_H
#define VNET_BASE_HASH_H

#include <stdint.h>

/* The finalizer of MurmurHash3: every bit of x in every bit of the answer. */
static inline uint64_t hash_mix64(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ x >> 33;
}

#endif
