/* IGMP (RFC 1112, RFC 2236, RFC 3376), but for what multicast routers tell each other. */
#include "cmd/tcpdump/dis.h"

#include "wire/igmp.h"

enum { QUERY3_LEN = 12, GREC_LEN = 8, LIST_LEN = 4 };

static const struct nametab record_types[] = {
    {"is_in", 1}, {"is_ex", 2}, {"to_in", 3}, {"to_ex", 4}, {"allow", 5}, {"block", 6}, {NULL, 0},
};

static void put_group(struct dis *d, const char *before, size_t at)
{
    char name[DIS_NAME];
    dis_put(d, "%s%s", before, dis_ip4(d, at, name));
}

static void put_sources(struct dis *d, size_t at, unsigned n)
{
    dis_put(d, " {");
    for (unsigned i = 0; i < n && !d->cut; i++)
        put_group(d, " ", at + (size_t)i * LIST_LEN);
    dis_put(d, " }");
}

/* ---- version 3 ---- */

/* A group record; 0: the end, else its length. */
static size_t put_record(struct dis *d, size_t at, size_t len)
{
    char name[DIS_NAME];
    if (len < GREC_LEN) {
        dis_put(d, " [invalid number of groups]");
        return 0;
    }
    put_group(d, " [gaddr ", at + 4);
    dis_put(d, " %s", dis_tok(record_types, " [v3-report-#%u]", dis_u8(d, at), name));
    unsigned n = dis_u16(d, at + 2);
    if (len < GREC_LEN + (size_t)n * LIST_LEN) {
        dis_put(d, " [invalid number of sources %u]", n);
        return 0;
    }
    if (d->o->verbose == 1)
        dis_put(d, ", %u source(s)", n);
    else
        put_sources(d, at + GREC_LEN, n);
    dis_put(d, "]");
    return GREC_LEN + (size_t)n * LIST_LEN;
}

static void put_report3(struct dis *d, size_t at, size_t len)
{
    if (len < 16 || len % 4) {
        dis_put(d, " [invalid len %zu]", len);
        return;
    }
    unsigned n = dis_u16(d, at + 6);
    dis_put(d, ", %u group record(s)", n);
    if (!d->o->verbose)
        return;
    size_t off = IGMP3_REPORT_HDR;
    for (size_t step = 1; n > 0 && step && !d->cut; n--) {
        step = put_record(d, at + off, len - off);
        off += step;
    }
}

/* Seconds as relts_print() has them: 1h2m3s. */
static void put_relative(struct dis *d, unsigned seconds)
{
    static const struct {
        unsigned seconds;
        char unit;
    } units[] = {{604800, 'w'}, {86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (seconds >= units[i].seconds)
            dis_put(d, "%u%c", seconds / units[i].seconds, units[i].unit);
        seconds %= units[i].seconds;
    }
}

static void put_response_time(struct dis *d, uint8_t code)
{
    unsigned tenths = code < 128 ? code : (unsigned)((code & 0x0f) | 0x10) << ((code >> 4 & 7) + 3);
    if (code == 100)
        return;
    dis_put(d, " [max resp time ");
    if (tenths < 600)
        dis_put(d, "%.1fs", tenths * 0.1);
    else
        put_relative(d, tenths / 10);
    dis_put(d, "]");
}

static void put_query3(struct dis *d, size_t at, size_t len)
{
    dis_put(d, " v3");
    if (len % 4) {
        dis_put(d, " [invalid len %zu]", len);
        return;
    }
    put_response_time(d, dis_u8(d, at + 1));
    if (dis_u32(d, at + 4) == 0)
        return;
    put_group(d, " [gaddr ", at + 4);
    unsigned n = dis_u16(d, at + 10);
    if (n > 0 && len < QUERY3_LEN + (size_t)n * LIST_LEN)
        dis_put(d, " [invalid number of sources]");
    else if (n > 0 && d->o->verbose > 1)
        put_sources(d, at + QUERY3_LEN, n);
    else if (n > 0)
        dis_put(d, ", %u source(s)", n);
    dis_put(d, "]");
}

/* ---- versions 1 and 2 ---- */

static void put_query(struct dis *d, size_t at, size_t len)
{
    dis_put(d, "igmp query");
    if (len >= QUERY3_LEN) {
        put_query3(d, at, len);
        return;
    }
    uint8_t code = dis_u8(d, at + 1);
    dis_put(d, code ? " v2" : " v1");
    if (code && code != 100)
        dis_put(d, " [max resp time %u]", code);
    if (dis_u32(d, at + 4) != 0) {
        put_group(d, " [gaddr ", at + 4);
        dis_put(d, "]");
    }
    if (len != IGMP_LEN)
        dis_put(d, " [len %zu]", len);
}

static void put_message(struct dis *d, size_t at, size_t len)
{
    uint8_t type = dis_u8(d, at);
    switch (type) {
    case IGMP_QUERY:
        put_query(d, at, len);
        break;
    case IGMP_V1_REPORT:
        put_group(d, "igmp v1 report ", at + 4);
        if (len != IGMP_LEN)
            dis_put(d, " [len %zu]", len);
        break;
    case IGMP_V2_REPORT:
        put_group(d, "igmp v2 report ", at + 4);
        break;
    case IGMP_V3_REPORT:
        dis_put(d, "igmp v3 report");
        put_report3(d, at, len);
        break;
    case IGMP_V2_LEAVE:
        put_group(d, "igmp leave ", at + 4);
        break;
    default: /* of DVMRP, PIM and mtrace only the number is told */
        dis_put(d, "igmp-%u", type);
        break;
    }
}

void print_igmp(struct dis *d, size_t at, size_t len)
{
    d->proto = "igmp";
    if (d->o->quiet) {
        dis_put(d, "igmp");
        return;
    }
    put_message(d, at, len);
    if (d->o->verbose && len >= 4 && dis_has(d, at, len) && dis_cksum(d, at, len))
        dis_put(d, " bad igmp cksum %x!", dis_u16(d, at + 2));
}
