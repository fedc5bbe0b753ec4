/* Stable, opaque interface identifiers (RFC 7217; ipv6_generate_stable_address). */
#include "base/bytes.h"
#include "base/sha1.h"
#include "inet/addrconf_int.h"

/* ipv6_reserved_interfaceid(): RFC 5453. */
static bool reserved(const uint8_t id[8])
{
    uint32_t hi = get_be32(id), lo = get_be32(id + 4);
    return (hi | lo) == 0 || (hi == 0x02005eff && (lo & 0xfe000000) == 0xfe000000) ||
           (hi == 0xfdffffff && (lo & 0xffffff80) == 0xffffff80);
}

/* The kernel copies its digest's words as they lie in memory: little-endian, as on x86. */
static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

bool ipv6_generate_stable(const struct inet6_dev *idev, uint8_t dad_count, struct inet_addr *addr)
{
    enum { SECRET = 0, PREFIX = 16, HWADDR = 24, COUNT = 56 };
    const struct netdev *dev = idev->dev;
    uint8_t block[64] = {0};
    uint32_t digest[5];
    if (!idev->has_secret)
        return false;
    memcpy(block + SECRET, idev->secret, 16);
    memcpy(block + PREFIX, addr->bytes, 8);
    if (dev->addr_assign_type == 0) /* NET_ADDR_PERM: only then is there a perm_addr */
        memcpy(block + HWADDR, dev->addr.bytes, dev->addr.len);
    for (unsigned count = dad_count;
         count <= net_sysctl(dev->ns, NET_IPV6_IDGEN_RETRIES) && count <= UINT8_MAX; count++) {
        block[COUNT] = (uint8_t)count;
        sha1_block(block, digest);
        put_le32(addr->bytes + 8, digest[0]);
        put_le32(addr->bytes + 12, digest[1]);
        if (!reserved(addr->bytes + 8))
            return true;
    }
    return false;
}
