/* Linux "cooked" captures, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2: what -i any gives. */
#include "cmd/tcpdump/dis.h"

#include <stdio.h>

enum { SLL_HLEN = 16, SLL2_HLEN = 20, SLL_P_802_3 = 1, SLL_P_802_2 = 4, MAX_LENGTH = 1500 };

static const struct nametab packet_types[] = {
    {"In", VNET_PACKET_HOST},     {"B", VNET_PACKET_BROADCAST},  {"M", VNET_PACKET_MULTICAST},
    {"P", VNET_PACKET_OTHERHOST}, {"Out", VNET_PACKET_OUTGOING}, {NULL, 0},
};

static const struct nametab pseudo_types[] = {
    {"802.3", SLL_P_802_3},
    {"802.2", SLL_P_802_2},
    {NULL, 0},
};

static void put_type(struct dis *d, uint16_t type, size_t len)
{
    char name[DIS_NAME];
    if (d->o->quiet)
        return;
    if (type <= MAX_LENGTH)
        dis_put(d, "%s", dis_tok(pseudo_types, "unknown (0x%04x)", type, name));
    else
        dis_put(d, "ethertype %s (0x%04x)", dis_tok(dis_ethertypes, "Unknown", type, name), type);
    dis_put(d, ", length %zu: ", len);
}

static void put_payload(struct dis *d, uint16_t type, size_t at, size_t len)
{
    if (type <= MAX_LENGTH || !print_ethertype(d, type, at, len))
        dis_default(d, at, dis_left(d, at));
}

static const char *ifname_of(struct dis *d, uint32_t ifindex, char buf[DIS_NAME])
{
    const char *name = d->o->ifname ? d->o->ifname(d->o->ifname_arg, ifindex) : NULL;
    if (name)
        return name;
    snprintf(buf, DIS_NAME, "if%u", ifindex);
    return buf;
}

void print_sll2(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    d->proto = "sll2";
    if (!dis_need(d, at, SLL2_HLEN))
        return;
    uint16_t type = dis_u16(d, at);
    uint32_t ifindex = dis_u32(d, at + 4);
    uint8_t halen = dis_u8(d, at + 11);
    dis_put(d, "%-5s ", ifname_of(d, ifindex, buf));
    dis_put(d, "%-3s ", dis_tok(packet_types, "?", dis_u8(d, at + 10), buf));
    if (d->o->link_header) {
        dis_put(d, "ifindex %u ", ifindex);
        if (halen == ETH_ALEN)
            dis_put(d, "%s ", dis_ether(d, at + 12, buf));
        put_type(d, type, len);
    }
    d->hdrlen = SLL2_HLEN;
    put_payload(d, type, at + SLL2_HLEN, len - SLL2_HLEN);
}

void print_sll(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    d->proto = "sll";
    if (!dis_need(d, at, SLL_HLEN))
        return;
    uint16_t type = dis_u16(d, at + 14);
    if (d->o->link_header) {
        dis_put(d, "%3s ", dis_tok(packet_types, "?", dis_u16(d, at), buf));
        if (dis_u16(d, at + 4) == ETH_ALEN)
            dis_put(d, "%s ", dis_ether(d, at + 6, buf));
        put_type(d, type, len);
    }
    d->hdrlen = SLL_HLEN;
    put_payload(d, type, at + SLL_HLEN, len - SLL_HLEN);
}
