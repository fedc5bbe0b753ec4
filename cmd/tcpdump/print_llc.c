/* IEEE 802.2 logical link control, and SNAP. */
#include "cmd/tcpdump/dis.h"

enum { SAP_NULL = 0, SAP_8021D = 0x42, SAP_IP = 0x06, SAP_SNAP = 0xaa, SAP_GLOBAL = 0xff };
enum {
    GROUP = 1,    /* of a destination: not one station */
    RESPONSE = 1, /* of a source */
    U_FORMAT = 3,
    U_POLL = 0x10,
    U_UI = 3,
    U_XID = 0xaf,
    S_FORMAT = 1,
    IS_POLL = 0x100,
    XID_FORMAT = 0x81,
    SNAP_HLEN = 5,
};

static const struct nametab saps[] = {
    {"Null", SAP_NULL}, {"802.1B I", 0x02},  {"802.1B G", 0x03},     {"SNA", 0x04},
    {"IP", SAP_IP},     {"ProWay NM", 0x0e}, {"STP", SAP_8021D},     {"RS511", 0x4e},
    {"ISO8208", 0x7e},  {"ProWay", 0x8e},    {"SNAP", SAP_SNAP},     {"IPX", 0xe0},
    {"NetBeui", 0xf0},  {"OSI", 0xfe},       {"Global", SAP_GLOBAL}, {NULL, 0},
};

static const struct nametab commands[] = {
    {"ui", 0x03}, {"test", 0xe3},  {"xid", 0xaf},  {"ua", 0x63}, {"disc", 0x43},
    {"dm", 0x0f}, {"sabme", 0x6f}, {"frmr", 0x87}, {NULL, 0},
};

static const struct nametab supervisory[] = {
    {"Receiver Ready", 0}, {"Receiver not Ready", 1}, {"Reject", 2}, {NULL, 0}};

struct llc {
    size_t at, len, hlen; /* of the payload; of the header */
    uint8_t dsap, ssap;   /* as in the frame */
    uint16_t control;
    bool unnumbered;
};

static const char *flags(bool response, bool poll)
{
    return response ? poll ? "Final" : "Response" : poll ? "Poll" : "Command";
}

/* false: it is not all there. */
static bool parse(struct dis *d, size_t at, size_t len, struct llc *l)
{
    if (!dis_has(d, at, 3) || len < 3)
        return false;
    l->dsap = dis_u8(d, at);
    l->ssap = dis_u8(d, at + 1);
    l->control = dis_u8(d, at + 2);
    l->unnumbered = (l->control & U_FORMAT) == U_FORMAT;
    l->hlen = l->unnumbered ? 3 : 4;
    if (!dis_has(d, at, l->hlen) || len < l->hlen)
        return false;
    if (!l->unnumbered)
        l->control |= (uint16_t)(dis_u8(d, at + 3) << 8); /* little-endian */
    l->at = at + l->hlen;
    l->len = len - l->hlen;
    return true;
}

static void put_header(struct dis *d, const struct llc *l)
{
    char dst[DIS_NAME], src[DIS_NAME];
    uint8_t dsap = l->dsap & (uint8_t)~GROUP, ssap = l->ssap & (uint8_t)~RESPONSE;
    dis_put(d, "LLC, dsap %s (0x%02x) %s, ssap %s (0x%02x) %s, ctrl 0x%0*x: ",
            dis_tok(saps, "Unknown", dsap, dst), dsap, l->dsap & GROUP ? "Group" : "Individual",
            dis_tok(saps, "Unknown", ssap, src), ssap, flags(l->ssap & RESPONSE, false),
            l->unnumbered ? 2 : 4, l->control);
}

/* Without -e the addresses stand here; `addrs` is false where the frame has none. */
static void put_stations(struct dis *d, const struct llc *l, size_t frame, bool addrs)
{
    char dst[DIS_NAME], src[DIS_NAME], from[DIS_NAME], to[DIS_NAME];
    uint8_t dsap = l->dsap & (uint8_t)~GROUP, ssap = l->ssap & (uint8_t)~RESPONSE;
    const char *dname = dis_tok(saps, "Unknown DSAP 0x%02x", dsap, dst);
    const char *sname = dis_tok(saps, "Unknown SSAP 0x%02x", ssap, src);
    if (!addrs && dsap == ssap)
        dis_put(d, "%s ", dname);
    else if (!addrs)
        dis_put(d, "%s > %s ", sname, dname);
    else if (dsap == ssap)
        dis_put(d, "%s > %s %s ", dis_ether(d, frame + ETH_ALEN, from), dis_ether(d, frame, to),
                dname);
    else
        dis_put(d, "%s %s > %s %s ", dis_ether(d, frame + ETH_ALEN, from), sname,
                dis_ether(d, frame, to), dname);
}

/* false: nobody knows the payload. */
static bool put_unnumbered(struct dis *d, const struct llc *l)
{
    char buf[DIS_NAME];
    uint8_t command = l->control & (uint8_t)~U_POLL;
    dis_put(d, "Unnumbered, %s, Flags [%s], length %zu", dis_tok(commands, "%02x", command, buf),
            flags(l->ssap & RESPONSE, l->control & U_POLL), l->len + l->hlen);
    if (command != U_XID)
        return false;
    if (l->len == 0)
        return true;
    if (!dis_has(d, l->at, 1)) {
        dis_trunc(d);
        return true;
    }
    if (dis_u8(d, l->at) != XID_FORMAT)
        return false;
    if (l->len < 3 || !dis_has(d, l->at, 3)) {
        dis_trunc(d);
        dis_hex_ascii(d, l->at, l->len);
        return true;
    }
    dis_put(d, ": %02x %02x", dis_u8(d, l->at + 1), dis_u8(d, l->at + 2));
    return true;
}

static bool put_numbered(struct dis *d, const struct llc *l)
{
    char buf[DIS_NAME];
    const char *f = flags(l->ssap & RESPONSE, l->control & IS_POLL);
    unsigned received = l->control >> 9;
    if ((l->control & U_FORMAT) == S_FORMAT) {
        dis_put(d, "Supervisory, %s, rcv seq %u, Flags [%s], length %zu",
                dis_tok(supervisory, "?", l->control >> 2 & 3, buf), received, f, l->len + l->hlen);
        return true;
    }
    dis_put(d, "Information, send seq %u, rcv seq %u, Flags [%s], length %zu",
            l->control >> 1 & 0x7f, received, f, l->len + l->hlen);
    return false;
}

/* ---- SNAP ---- */

enum { OUI_ETHERNET = 0x000000, OUI_CISCO_BRIDGED = 0x0000f8, OUI_APPLETALK = 0x080007 };

static const char *protocol_name(uint32_t oui, uint16_t type, char buf[DIS_NAME])
{
    if (oui != OUI_ETHERNET && oui != OUI_CISCO_BRIDGED && oui != OUI_APPLETALK)
        return "Unknown";
    return dis_tok(dis_ethertypes, "Unknown", type, buf);
}

static void put_snap_vendor(struct dis *d, uint32_t oui, uint16_t type, size_t len, bool ethertype)
{
    char name[DIS_NAME], vendor[DIS_NAME];
    dis_put(d, "oui %s (0x%06x), %s %s (0x%04x), length %zu: ",
            dis_tok(dis_ouis, "Unknown", oui, vendor), oui, ethertype ? "ethertype" : "pid",
            protocol_name(oui, type, name), type, len);
}

/* As above, false if nobody knows the payload; then the stations stand before it. */
static bool put_snap(struct dis *d, const struct llc *l, size_t frame, bool addrs)
{
    char name[DIS_NAME], from[DIS_NAME], to[DIS_NAME];
    d->proto = "snap";
    if (!dis_check(d, l->at, SNAP_HLEN))
        return true;
    if (l->len < SNAP_HLEN) {
        dis_stop(d);
        return true;
    }
    uint32_t oui = dis_u32(d, l->at) >> 8;
    uint16_t type = dis_u16(d, l->at + 3);
    size_t len = l->len - SNAP_HLEN;
    if (d->o->link_header)
        put_snap_vendor(d, oui, type, len, oui == OUI_ETHERNET);
    if ((oui == OUI_ETHERNET || oui == OUI_CISCO_BRIDGED) &&
        print_ethertype(d, type, l->at + SNAP_HLEN, len))
        return true;
    if (d->o->link_header)
        return false;
    if (addrs)
        dis_put(d, "%s > %s ", dis_ether(d, frame + ETH_ALEN, from), dis_ether(d, frame, to));
    dis_put(d, "SNAP, ");
    if (oui == OUI_ETHERNET)
        dis_put(d, "ethertype %s (0x%04x), length %zu: ", protocol_name(oui, type, name), type,
                len);
    else
        put_snap_vendor(d, oui, type, len, false);
    return false;
}

bool print_llc(struct dis *d, size_t at, size_t len, size_t frame, bool addrs, size_t *hdrlen)
{
    struct llc l;
    d->proto = "llc";
    if (!parse(d, at, len, &l)) {
        dis_trunc(d);
        dis_hex_ascii(d, at, len);
        *hdrlen = dis_left(d, at) < len ? dis_left(d, at) : len;
        return true;
    }
    if (d->o->link_header)
        put_header(d, &l);
    *hdrlen = l.hlen;
    uint8_t dsap = l.dsap & (uint8_t)~GROUP, ssap = l.ssap & (uint8_t)~RESPONSE;
    if (dsap == ssap && l.control == U_UI) {
        switch (dsap) {
        case SAP_SNAP:
            *hdrlen += SNAP_HLEN;
            return put_snap(d, &l, frame, addrs);
        case SAP_8021D:
            print_stp(d, l.at, l.len);
            return true;
        case SAP_IP:
            print_ip(d, l.at, l.len);
            return true;
        }
    }
    if (!d->o->link_header)
        put_stations(d, &l, frame, addrs);
    return l.unnumbered ? put_unnumbered(d, &l) : put_numbered(d, &l);
}
