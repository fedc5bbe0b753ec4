/* Received frames: [length, 2 bytes big-endian][frame] ... , delivered in turns to both ends of a
 * veth pair with addresses and a socket waiting; then ten seconds pass. Nothing may crash, and the
 * world can be saved afterwards. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "dev/netdev.h"
#include "sim/world.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_sock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_addr(struct netns *ns, int ifindex, uint32_t addr)
{
    struct vnet_addr_req req = {.ifindex = ifindex,
                                .family = VNET_AF_INET,
                                .prefixlen = 24,
                                .local = inet_addr_v4(addr),
                                .address = inet_addr_v4(addr)};
    vnet_addr_add(ns, &req, NULL);
}

static struct vnet *make_world(void)
{
    struct vnet *w = vnet_new(vnet_profile_find("debian12"), 1, 1000 * NSEC_PER_SEC);
    struct netns *ns = vnet_init_ns(w);
    struct vnet_link_req pair = {.kind = "veth", .ifname = "veth0"};
    struct vnet_link_req peer = {.ifname = "veth1"};
    pair.peer = &peer;
    vnet_preset(w, "bare", NULL);
    vnet_link_add(ns, &pair, NULL);
    for (int ifindex = 2; ifindex <= 3; ifindex++) {
        struct vnet_link_req up = {.ifindex = ifindex, .flags = VNET_IFF_UP, .change = VNET_IFF_UP};
        vnet_link_set(ns, &up, NULL);
    }
    add_addr(ns, 3, 0xc0a8020b);
    vnet_run_until(w, vnet_now(w) + 3 * NSEC_PER_SEC);
    return w;
}

static void deliver(struct vnet *w, int ifindex, const uint8_t *frame, size_t len)
{
    struct netdev *dev = netdev_by_index(vnet_init_ns(w), ifindex);
    struct skb *skb = skb_alloc(w, len);
    memcpy(skb_put(skb, len), frame, len);
    skb->mac = skb->head;
    netif_receive_skb(dev, skb);
    vnet_run_until(w, vnet_now(w) + NSEC_PER_MSEC);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vnet *w = make_world();
    vnet_sock_id sock = 0;
    vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &sock);
    for (int turn = 0; size > 2; turn++) {
        size_t len = get_be16(data);
        if (len > size - 2)
            len = size - 2;
        if (len >= 14)
            deliver(w, 2 + turn % 2, data + 2, len);
        data += 2 + len;
        size -= 2 + len;
    }
    vnet_run_until(w, vnet_now(w) + 10 * NSEC_PER_SEC);
    struct vnet *copy = vnet_clone(w);
    if (!copy)
        abort(); /* what was saved can be loaded */
    vnet_free(copy);
    vnet_free(w);
    return 0;
}
