/* Linux "cooked" captures, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2: what -i any gives. */
#include "cmd/tcpdump/dis.h"

enum {
    SLL_HLEN = 16,
    SLL2_HLEN = 20,
    SLL_P_802_3 = 1,
    SLL_P_802_2 = 4,
    MAX_LENGTH = 1500,
    TYPE_VLAN = 0x8100,
    TAG_LEN = 4
};

static const struct nametab packet_types[] = {
    {"In", VNET_PACKET_HOST},     {"B", VNET_PACKET_BROADCAST},  {"M", VNET_PACKET_MULTICAST},
    {"P", VNET_PACKET_OTHERHOST}, {"Out", VNET_PACKET_OUTGOING}, {NULL, 0},
};

/* A pseudo-header of either kind. */
struct cooked {
    size_t hlen;
    uint16_t type; /* ethertype, or SLL_P_* */
    uint16_t halen;
    size_t addr; /* offset */
};

static void put_header(struct dis *d, const struct cooked *c, size_t len)
{
    char name[DIS_NAME];
    if (c->halen == ETH_ALEN)
        dis_put(d, "%s ", dis_ether(d, c->addr, name));
    if (d->o->quiet)
        return;
    if (c->type == SLL_P_802_3)
        dis_put(d, "802.3");
    else if (c->type == SLL_P_802_2)
        dis_put(d, "802.2");
    else
        dis_put(d, "ethertype %s (0x%04x)", dis_tok(dis_ethertypes, "Unknown", c->type, name),
                c->type);
    dis_put(d, ", length %zu: ", len);
}

/* A VLAN tag in front of the payload; false: the packet ends within it. */
static bool put_tag(struct dis *d, struct cooked *c, size_t at, size_t len)
{
    char name[DIS_NAME];
    if (!dis_has(d, at, TAG_LEN) || len < TAG_LEN) {
        d->proto = "vlan";
        dis_trunc(d);
        d->hdrlen += dis_left(d, at);
        return false;
    }
    uint16_t tci = dis_u16(d, at);
    if (d->o->link_header)
        dis_put(d, "vlan %u, p %u%s, ", tci & 0xfff, tci >> 13, tci & 0x1000 ? ", DEI" : "");
    c->type = dis_u16(d, at + 2);
    if (c->type <= MAX_LENGTH)
        c->type = SLL_P_802_2;
    if (!d->o->quiet)
        dis_put(d, "ethertype %s, ", dis_tok(dis_ethertypes, "Unknown", c->type, name));
    d->hdrlen += TAG_LEN;
    return true;
}

/* What stands before a payload that nobody knows, if -e has not put it there. */
typedef void put_again(struct dis *d, const struct cooked *c, size_t at, size_t len);

static void put_payload(struct dis *d, struct cooked *c, size_t start, size_t len, put_again *again)
{
    size_t at = start + c->hlen, left = len - c->hlen, hdrlen = 0;
    while (c->type == TYPE_VLAN) {
        if (!put_tag(d, c, at, left))
            return;
        at += TAG_LEN;
        left -= TAG_LEN;
    }
    if (c->type == SLL_P_802_2) {
        if (print_llc(d, at, left, 0, false, &hdrlen)) {
            d->hdrlen += hdrlen;
            return;
        }
    } else if (c->type > MAX_LENGTH) {
        if (print_ethertype(d, c->type, at, left))
            return;
        if (!d->o->link_header)
            again(d, c, start, left + c->hlen);
    }
    dis_default(d, at, dis_left(d, at));
}

/* ---- LINUX_SLL2 ---- */

static const char *ifname_of(const struct dis *d, uint32_t ifindex)
{
    const char *name = d->o->ifname ? d->o->ifname(d->o->ifname_arg, ifindex) : NULL;
    return name ? name : "?";
}

static void put_sll2_header(struct dis *d, const struct cooked *c, size_t at, size_t len)
{
    dis_put(d, "ifindex %u ", dis_u32(d, at + 4));
    put_header(d, c, len);
}

void print_sll2(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    d->proto = "sll2";
    if (!dis_check(d, at, SLL2_HLEN))
        return;
    struct cooked c = {SLL2_HLEN, dis_u16(d, at), dis_u8(d, at + 11), at + 12};
    dis_put(d, "%-5s ", ifname_of(d, dis_u32(d, at + 4)));
    dis_put(d, "%-3s ", dis_tok(packet_types, "?", dis_u8(d, at + 10), buf));
    if (d->o->link_header)
        put_sll2_header(d, &c, at, len);
    d->hdrlen = SLL2_HLEN;
    put_payload(d, &c, at, len, put_sll2_header);
}

/* ---- LINUX_SLL ---- */

static void put_sll_header(struct dis *d, const struct cooked *c, size_t at, size_t len)
{
    char buf[DIS_NAME];
    dis_put(d, "%3s ", dis_tok(packet_types, "?", dis_u16(d, at), buf));
    put_header(d, c, len);
}

void print_sll(struct dis *d, size_t at, size_t len)
{
    d->proto = "sll";
    if (!dis_check(d, at, SLL_HLEN))
        return;
    struct cooked c = {SLL_HLEN, dis_u16(d, at + 14), dis_u16(d, at + 4), at + 6};
    if (d->o->link_header)
        put_sll_header(d, &c, at, len);
    d->hdrlen = SLL_HLEN;
    put_payload(d, &c, at, len, put_sll_header);
}
