/* Ethernet, VLAN tags, the ethertypes. */
#include "cmd/tcpdump/dis.h"

enum {
    ETHER_HLEN = 14,
    ETHER_MAX_LENGTH = 1500, /* a type field up to this is an 802.3 length */
    TYPE_JUMBO = 0x8870,     /* LLC follows as in an 802.3 frame */
    TAG_LEN = 4,
};

static bool is_vlan(uint16_t type)
{
    return type == 0x8100 || type == 0x9100 || type == 0x9200 || type == 0x88a8;
}

/* "802.3", "ethertype ARP (0x0806)", "ARP" with -q. */
static void put_type(struct dis *d, uint16_t type)
{
    char name[DIS_NAME];
    if (type <= ETHER_MAX_LENGTH)
        dis_put(d, "802.3");
    else if (d->o->quiet)
        dis_put(d, "%s", dis_tok(dis_ethertypes, "Unknown Ethertype (0x%04x)", type, name));
    else
        dis_put(d, "ethertype %s (0x%04x)", dis_tok(dis_ethertypes, "Unknown", type, name), type);
}

static void put_stations(struct dis *d, size_t at)
{
    char src[DIS_NAME], dst[DIS_NAME];
    dis_put(d, "%s > %s, ", dis_ether(d, at + ETH_ALEN, src), dis_ether(d, at, dst));
}

/* The type and length; an 802.3 frame says its length itself. */
static void put_type_length(struct dis *d, uint16_t type, size_t len)
{
    put_type(d, type);
    if (type <= ETHER_MAX_LENGTH)
        len = type < len - ETHER_HLEN ? type : len - ETHER_HLEN;
    dis_put(d, ", length %zu: ", len);
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

/* Step over VLAN tags; with -e each is shown. False: the packet ends within one. */
static bool skip_tags(struct dis *d, size_t *at, size_t *len, uint16_t *type)
{
    size_t whole = *len + ETHER_HLEN;
    for (bool first = true; is_vlan(*type); first = false) {
        if (!dis_has(d, *at, TAG_LEN) || *len < TAG_LEN) {
            d->proto = "vlan";
            dis_trunc(d);
            d->hdrlen += dis_left(d, *at);
            return false;
        }
        if (d->o->link_header && first)
            put_type_length(d, *type, whole);
        uint16_t tci = dis_u16(d, *at);
        *type = dis_u16(d, *at + 2);
        if (d->o->link_header) {
            dis_put(d, "vlan %u, p %u%s, ", tci & 0xfff, tci >> 13, tci & 0x1000 ? ", DEI" : "");
            put_type(d, *type);
            dis_put(d, "%s", *type > ETHER_MAX_LENGTH ? ", " : "");
        }
        *at += TAG_LEN;
        *len -= TAG_LEN;
        d->hdrlen += TAG_LEN;
    }
    return true;
}

/* An 802.3 frame: what is behind its length is padding. */
static void put_llc(struct dis *d, size_t frame, size_t at, size_t len)
{
    size_t whole = d->end, hdrlen;
    if (at + len < d->end)
        d->end = at + len;
    if (!print_llc(d, at, len, frame, true, &hdrlen))
        dis_default(d, at, dis_left(d, at));
    d->hdrlen += hdrlen;
    d->end = whole;
}

static void put_payload(struct dis *d, size_t frame, size_t at, size_t len, uint16_t type)
{
    size_t wire = at - frame + len;
    if (type == TYPE_JUMBO) {
        put_llc(d, frame, at, len);
    } else if (type <= ETHER_MAX_LENGTH) {
        put_llc(d, frame, at, len < type ? len : type);
    } else if (!print_ethertype(d, type, at, len)) {
        if (!d->o->link_header) {
            put_stations(d, frame);
            put_type_length(d, type, wire);
        }
        dis_default(d, at, dis_left(d, at));
    }
}

void print_ether(struct dis *d, size_t at, size_t len)
{
    if (!dis_has(d, at, ETHER_HLEN) || len < ETHER_HLEN) {
        dis_trunc(d);
        d->hdrlen += dis_left(d, at);
        return;
    }
    uint16_t type = dis_u16(d, at + 12);
    bool tagged = is_vlan(type);
    size_t payload = at + ETHER_HLEN, rest = len - ETHER_HLEN;
    d->hdrlen += ETHER_HLEN;
    if (d->o->link_header)
        put_stations(d, at);
    if (!skip_tags(d, &payload, &rest, &type))
        return;
    if (d->o->link_header && !tagged && type != TYPE_JUMBO)
        put_type_length(d, type, len);
    put_payload(d, at, payload, rest, type);
}
