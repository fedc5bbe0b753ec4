/* Ethernet, VLAN tags, the ethertypes. */
#include "cmd/tcpdump/dis.h"

enum {
    ETHER_HLEN = 14,
    ETHER_MAX_LENGTH = 1500, /* a type field up to this is an 802.3 length */
    TAG_LEN = 4,
};

static bool is_vlan(uint16_t type)
{
    return type == 0x8100 || type == 0x9100 || type == 0x9200 || type == 0x88a8;
}

static void put_header(struct dis *d, size_t at, size_t len)
{
    char src[DIS_NAME], dst[DIS_NAME], name[DIS_NAME];
    uint16_t type = dis_u16(d, at + 12);
    dis_put(d, "%s > %s", dis_ether(d, at + ETH_ALEN, src), dis_ether(d, at, dst));
    if (type <= ETHER_MAX_LENGTH) {
        dis_put(d, ", 802.3");
        len = type;
    } else if (d->o->quiet) {
        dis_put(d, ", %s", dis_tok(dis_ethertypes, "Unknown Ethertype (0x%04x)", type, name));
    } else {
        dis_put(d, ", ethertype %s (0x%04x)", dis_tok(dis_ethertypes, "Unknown", type, name), type);
    }
    dis_put(d, ", length %zu: ", len);
}

static void put_tag(struct dis *d, size_t at)
{
    char name[DIS_NAME];
    uint16_t tci = dis_u16(d, at), type = dis_u16(d, at + 2);
    if (!d->o->link_header)
        return;
    dis_put(d, "vlan %u, p %u%s, ", tci & 0xfff, tci >> 13, tci & 0x1000 ? ", DEI" : "");
    if (type > ETHER_MAX_LENGTH)
        dis_put(d, "ethertype %s, ", dis_tok(dis_ethertypes, "0x%04x", type, name));
}

bool print_ethertype(struct dis *d, uint16_t type, size_t at, size_t len)
{
    switch (type) {
    case 0x0800:
        print_ip(d, at, len);
        return true;
    case 0x86dd:
        print_ip6(d, at, len);
        return true;
    case 0x0806:
    case 0x8035:
        print_arp(d, at, len);
        return true;
    }
    return false;
}

/* Step over VLAN tags. False: the packet ends within one. */
static bool skip_tags(struct dis *d, size_t *at, size_t *len, uint16_t *type)
{
    while (is_vlan(*type)) {
        if (!dis_has(d, *at, TAG_LEN) || *len < TAG_LEN) {
            d->proto = "vlan";
            dis_trunc(d);
            return false;
        }
        put_tag(d, *at);
        *type = dis_u16(d, *at + 2);
        *at += TAG_LEN;
        *len -= TAG_LEN;
        d->hdrlen += TAG_LEN;
    }
    return true;
}

void print_ether(struct dis *d, size_t at, size_t len)
{
    if (!dis_has(d, at, ETHER_HLEN) || len < ETHER_HLEN) {
        dis_trunc(d);
        d->hdrlen += dis_left(d, at);
        return;
    }
    if (d->o->link_header)
        put_header(d, at, len);
    uint16_t type = dis_u16(d, at + 12);
    size_t payload = at + ETHER_HLEN, rest = len - ETHER_HLEN;
    d->hdrlen += ETHER_HLEN;
    if (!skip_tags(d, &payload, &rest, &type))
        return;
    if (type <= ETHER_MAX_LENGTH) {
        dis_default(d, payload, dis_left(d, payload));
    } else if (!print_ethertype(d, type, payload, rest)) {
        if (!d->o->link_header)
            put_header(d, at, len);
        dis_default(d, payload, dis_left(d, payload));
    }
}
