/* Extensions of ICMP errors (RFC 4884), MPLS label stacks in them (RFC 4950). */
#include "cmd/tcpdump/dis.h"

enum {
    QUOTED = 8 + 128, /* ICMP's header and the part of the packet that is quoted */
    HEADER = 4,
    OBJECT = 4,
    VERSION = 2,
    CLASS_MPLS = 1,
};

static const struct nametab classes[] = {
    {"MPLS Stack Entry", CLASS_MPLS},
    {"Interface Identification", 2},
    {NULL, 0},
};

static void put_label(struct dis *d, size_t at)
{
    uint32_t entry = dis_u32(d, at);
    dis_put(d, "\n\t    label %u, tc %u", entry >> 12, entry >> 9 & 7);
    if (entry & 0x100)
        dis_put(d, ", [S]");
    dis_put(d, ", ttl %u", entry & 255);
}

/* The bytes that an object takes; 0: none follow. */
static size_t put_object(struct dis *d, size_t at, size_t left)
{
    char name[DIS_NAME];
    size_t len = dis_u16(d, at);
    uint8_t class = dis_u8(d, at + 2), type = dis_u8(d, at + 3);
    dis_put(d, "\n\t  %s Object (%u), Class-Type: %u, length %zu",
            dis_tok(classes, "unknown", class, name), class, type, len);
    if (class == 0 || len < OBJECT)
        return 0;
    if (class == CLASS_MPLS && type == 1)
        put_label(d, at + OBJECT);
    else
        dis_unknown(d, at + OBJECT, len - OBJECT, "\n\t    ");
    return left < len ? 0 : len;
}

void print_icmp_extension(struct dis *d, size_t at, size_t len)
{
    if (len <= QUOTED || !dis_check(d, at, QUOTED + HEADER + 1))
        return;
    size_t ext = at + QUOTED, left = len - QUOTED;
    bool good = dis_has(d, ext, left) && dis_cksum(d, ext, left) == 0;
    if (dis_u8(d, at + 5) == 0 && !good) /* no length is given: only the checksum tells */
        return;
    unsigned version = dis_u8(d, ext) >> 4;
    dis_put(d, "\n\tICMP Multi-Part extension v%u", version);
    if (version != VERSION) {
        dis_put(d, " packet not supported");
        return;
    }
    if (dis_has(d, ext, left))
        dis_put(d, ", checksum 0x%04x (%scorrect), length %zu", dis_u16(d, ext + 2),
                good ? "" : "in", left);
    for (size_t i = HEADER; i + OBJECT < left && dis_check(d, ext + i, OBJECT);) {
        size_t n = put_object(d, ext + i, left - i);
        if (n == 0)
            break;
        i += n;
    }
}
