/* What the kernel charges a packet buffer with: it limits neighbour queues, send and receive
 * buffers. */
#ifndef VNET_INET_TRUESIZE_H
#define VNET_INET_TRUESIZE_H

#include <stdint.h>

#include "sim/world.h"

/* skb->truesize of a packet of len bytes from the network header on, as ip_append_data() allocates
 * it on a 64-bit kernel: link header room and 15 bytes, aligned to the cache line, the shared info
 * behind, rounded up to a slab, and the sk_buff itself (SKB_TRUESIZE, __build_skb_around()). Small
 * ones come from a slab of their own since 6.3 (bf9f1baa279f). */
static inline uint32_t skb_truesize(const struct vnet *w, uint32_t len)
{
    enum {
        HEADROOM = 16 + 15,
        SHARED_INFO = 320,
        SK_BUFF = 256,
        CACHE_LINE = 64,
        SMALL_HEAD = 576
    };
    uint32_t size = ((len + HEADROOM + CACHE_LINE - 1) & ~(uint32_t)(CACHE_LINE - 1)) + SHARED_INFO;
    uint32_t slab = 512;
    if (size <= SMALL_HEAD && w->profile->kernel.version >= 0x060300)
        return SMALL_HEAD + SK_BUFF;
    while (slab < size)
        slab *= 2;
    return slab + SK_BUFF;
}

#endif
