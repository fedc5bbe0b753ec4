/* The world's random source (xoshiro256**); saved with the world, so that the same commands give
 * the same bytes. */
#ifndef VNET_SIM_RNG_H
#define VNET_SIM_RNG_H

#include <stdint.h>

struct rng {
    uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
/* Uniform in [0, n), n > 0. */
uint64_t rng_below(struct rng *r, uint64_t n);
void rng_bytes(struct rng *r, uint8_t *out, unsigned n);

#endif
