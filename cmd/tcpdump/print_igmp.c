/* IGMP, all versions (RFC 1112, 2236, 3376). */
#include "cmd/tcpdump/dis.h"

enum {
    QUERY = 0x11,
    V1_REPORT = 0x12,
    V2_REPORT = 0x16,
    LEAVE = 0x17,
    V3_REPORT = 0x22,
    HEADER = 8,
    V3_QUERY = 12,
    V3_MIN = 16,
};

static const struct nametab records[] = {{"is_in", 1}, {"is_ex", 2}, {"to_in", 3}, {"to_ex", 4},
                                         {"allow", 5}, {"block", 6}, {NULL, 0}};

static void put_group(struct dis *d, const char *before, size_t at)
{
    char text[DIS_NAME];
    dis_put(d, "%s%s", before, dis_ip4(d, at, text));
}

/* Some numbers stand for larger ones (RFC 3376, 4.1.1). */
static unsigned decode(uint8_t code)
{
    return code < 128 ? code : (unsigned)((code & 0x0f) | 0x10) << ((code >> 4 & 7) + 3);
}

static void put_sources(struct dis *d, size_t at, unsigned n)
{
    dis_put(d, " {");
    for (unsigned i = 0; i < n && dis_need(d, at + 4 * (size_t)i, 4); i++)
        put_group(d, " ", at + 4 * (size_t)i);
    dis_put(d, " }");
}

static void put_v3_query(struct dis *d, size_t at, size_t len)
{
    unsigned mrt = decode(dis_u8(d, at + 1)), minute = 600;
    dis_put(d, " v3");
    if (mrt != 100 && mrt < minute)
        dis_put(d, " [max resp time %.1fs]", mrt * 0.1);
    else if (mrt != 100 && mrt % minute == 0)
        dis_put(d, " [max resp time %um]", mrt / minute);
    else if (mrt != 100)
        dis_put(d, " [max resp time %um%.1fs]", mrt / minute, mrt % minute * 0.1);
    if (dis_u32(d, at + 4) == 0)
        return;
    put_group(d, " [gaddr ", at + 4);
    unsigned nsrcs = dis_u16(d, at + 10);
    if (nsrcs && len < V3_QUERY + 4 * (size_t)nsrcs)
        dis_put(d, " [invalid number of sources %u]", nsrcs);
    else if (nsrcs && d->o->verbose > 1)
        put_sources(d, at + V3_QUERY, nsrcs);
    else if (nsrcs)
        dis_put(d, ", %u source(s)", nsrcs);
    dis_put(d, "]");
}

static void put_query(struct dis *d, size_t at, size_t len)
{
    uint8_t mrt = dis_u8(d, at + 1);
    dis_put(d, "igmp query");
    if (len >= V3_QUERY) {
        if (dis_need(d, at, V3_QUERY))
            put_v3_query(d, at, len);
        return;
    }
    dis_put(d, mrt ? " v2" : " v1");
    if (mrt && mrt != 100)
        dis_put(d, " [max resp time %u]", mrt);
    if (dis_u32(d, at + 4)) {
        put_group(d, " [gaddr ", at + 4);
        dis_put(d, "]");
    }
    if (len != HEADER)
        dis_put(d, " [len %zu]", len);
}

static void put_record(struct dis *d, size_t at, unsigned nsrcs)
{
    put_group(d, " [gaddr ", at + 4);
    uint8_t type = dis_u8(d, at);
    const char *name = NULL;
    for (const struct nametab *r = records; r->name; r++)
        if (r->value == type)
            name = r->name;
    if (name)
        dis_put(d, " %s", name);
    else
        dis_put(d, " [v3-report-#%u]", type);
    if (d->o->verbose == 1) {
        dis_put(d, ", %u source(s)]", nsrcs);
        return;
    }
    put_sources(d, at + HEADER, nsrcs);
    dis_put(d, "]");
}

static void put_v3_report(struct dis *d, size_t at, size_t len)
{
    dis_put(d, "igmp v3 report");
    if (len < V3_MIN || len & 3) {
        dis_put(d, " [invalid len %zu]", len);
        return;
    }
    unsigned ngroups = dis_u16(d, at + 6);
    dis_put(d, ", %u group record(s)", ngroups);
    if (!d->o->verbose)
        return;
    size_t group = HEADER;
    for (unsigned i = 0; i < ngroups; i++) {
        if (len < group + HEADER) {
            dis_put(d, " [invalid number of groups]");
            return;
        }
        if (!dis_need(d, at + group, HEADER))
            return;
        unsigned nsrcs = dis_u16(d, at + group + 2);
        if (len < group + HEADER + 4 * (size_t)nsrcs) {
            put_group(d, " [gaddr ", at + group + 4);
            dis_put(d, " [invalid number of sources %u]", nsrcs);
            return;
        }
        put_record(d, at + group, nsrcs);
        group += HEADER + 4 * (size_t)nsrcs;
    }
}

void print_igmp(struct dis *d, size_t at, size_t len)
{
    if (!dis_need(d, at, HEADER))
        return;
    uint8_t type = dis_u8(d, at);
    switch (type) {
    case QUERY:
        put_query(d, at, len);
        break;
    case V1_REPORT:
    case V2_REPORT:
        put_group(d, type == V1_REPORT ? "igmp v1 report " : "igmp v2 report ", at + 4);
        if (len != HEADER)
            dis_put(d, " [len %zu]", len);
        break;
    case LEAVE:
        put_group(d, "igmp leave ", at + 4);
        if (len != HEADER)
            dis_put(d, " [len %zu]", len);
        break;
    case V3_REPORT:
        put_v3_report(d, at, len);
        break;
    default:
        dis_put(d, "igmp-%u", type);
    }
    if (d->o->verbose && dis_has(d, at, len) && dis_cksum(d, at, len))
        dis_put(d, " bad igmp cksum %x!", dis_u16(d, at + 2));
}
