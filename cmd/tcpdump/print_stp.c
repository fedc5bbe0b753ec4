/* Spanning tree (IEEE 802.1D clause 9): configuration, topology change and rapid BPDUs. */
#include "cmd/tcpdump/dis.h"

enum {
    VERSION_STP = 0,
    VERSION_RSTP = 2,
    TYPE_CONFIG = 0,
    TYPE_RSTP = 2,
    TYPE_TOPOLOGY = 0x80,
    HEADER = 4,
    CONFIG_LEN = 35,
    RSTP_LEN = 36,
    MSTP_LEN = 102,
};

static const struct nametab versions[] = {
    {"802.1d", VERSION_STP}, {"802.1w", VERSION_RSTP}, {"802.1s", 3}, {"802.1aq", 4}, {NULL, 0}};

static const struct nametab types[] = {{"Config", TYPE_CONFIG},
                                       {"Rapid STP", TYPE_RSTP},
                                       {"Topology Change", TYPE_TOPOLOGY},
                                       {NULL, 0}};

static const struct nametab flag_names[] = {
    {"Topology change", 0x01},
    {"Proposal", 0x02},
    {"Learn", 0x10},
    {"Forward", 0x20},
    {"Agreement", 0x40},
    {"Topology change ACK", 0x80},
    {NULL, 0},
};

static void put_bridge_id(struct dis *d, size_t at)
{
    dis_put(d, "%04x.", dis_u16(d, at));
    for (size_t i = 2; i < 8; i++)
        dis_put(d, "%s%02x", i > 2 ? ":" : "", dis_u8(d, at + i));
}

/* Times are counted in 1/256 of a second. */
static void put_time(struct dis *d, const char *name, uint16_t t)
{
    dis_put(d, "%s %.2fs", name, (double)t / 256);
}

static void put_config(struct dis *d, size_t at, size_t len, uint8_t version)
{
    static const char *const roles[] = {"Unknown", "Alternate", "Root", "Designated"};
    char buf[DIS_NAME];
    uint8_t flags = dis_u8(d, at + 4);
    dis_put(d, ", Flags [%s]", dis_bits(flag_names, "none", flags, buf));
    if (!dis_need(d, at + 17, 10))
        return;
    dis_put(d, ", bridge-id ");
    put_bridge_id(d, at + 17);
    dis_put(d, ".%04x, length %zu", dis_u16(d, at + 25), len);
    if (!d->o->verbose)
        return;
    if (!dis_need(d, at + 27, 8))
        return;
    put_time(d, "\n\tmessage-age", dis_u16(d, at + 27));
    put_time(d, ", max-age", dis_u16(d, at + 29));
    put_time(d, ", hello-time", dis_u16(d, at + 31));
    put_time(d, ", forwarding-delay", dis_u16(d, at + 33));
    dis_put(d, "\n\troot-id ");
    put_bridge_id(d, at + 5);
    dis_put(d, ", root-pathcost %u", dis_u32(d, at + 13));
    if (version == VERSION_RSTP)
        dis_put(d, ", port-role %s", roles[flags >> 2 & 3]);
}

void print_stp(struct dis *d, size_t at, size_t len)
{
    char buf[DIS_NAME];
    d->proto = "stp";
    if (len < HEADER) {
        dis_invalid(d);
        return;
    }
    uint16_t protocol = dis_u16(d, at);
    if (protocol != 0) {
        dis_put(d, "unknown STP version, length %zu", len);
        return;
    }
    uint8_t version = dis_u8(d, at + 2);
    dis_put(d, "STP %s", dis_tok(versions, "Unknown STP protocol (0x%02x)", version, buf));
    if (!nametab_name(versions, version))
        return;
    uint8_t type = dis_u8(d, at + 3);
    dis_put(d, ", %s", dis_tok(types, "Unknown BPDU Type (0x%02x)", type, buf));
    if (type != TYPE_CONFIG && (type != TYPE_RSTP || version == VERSION_STP))
        return;
    size_t least = type == TYPE_CONFIG ? CONFIG_LEN : version == VERSION_RSTP ? RSTP_LEN : MSTP_LEN;
    if (len < least) {
        dis_invalid(d);
        return;
    }
    put_config(d, at, len, version);
}
