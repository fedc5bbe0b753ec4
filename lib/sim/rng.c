#include "sim/rng.h"

/* splitmix64 spreads a seed over the state (Vigna, "Further scramblings"). */
static uint64_t splitmix64(uint64_t *x)
{
    uint64_t z = *x += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

void rng_seed(struct rng *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix64(&seed);
}

void rng_bytes(struct rng *r, uint8_t *out, unsigned n)
{
    for (uint64_t v = 0; n--; v >>= 8) {
        if (v < 256)
            v = rng_next(r) | 1ULL << 63;
        *out++ = (uint8_t)v;
    }
}
