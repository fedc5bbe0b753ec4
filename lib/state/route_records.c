/* IPv4 routes as records: what nearly all of a long table are, a destination by a device or gateway
 * (or by none) with the members that most routes have. */
#include "state/records.h"

#include "base/put.h"
#include "base/scan.h"
#include "state/state.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_route.h"

const struct nametab state_route_types[] = {{"unicast", VNET_RTN_UNICAST},
                                            {"local", VNET_RTN_LOCAL},
                                            {"broadcast", VNET_RTN_BROADCAST},
                                            {"anycast", VNET_RTN_ANYCAST},
                                            {"multicast", VNET_RTN_MULTICAST},
                                            {"blackhole", VNET_RTN_BLACKHOLE},
                                            {"unreachable", VNET_RTN_UNREACHABLE},
                                            {"prohibit", VNET_RTN_PROHIBIT},
                                            {"throw", VNET_RTN_THROW},
                                            {NULL, 0}};

const struct nametab state_route_protocols[] = {
    {"kernel", VNET_RTPROT_KERNEL},     {"static", VNET_RTPROT_STATIC}, {"boot", VNET_RTPROT_BOOT},
    {"redirect", VNET_RTPROT_REDIRECT}, {"ra", VNET_RTPROT_RA},         {NULL, 0}};

const struct nametab state_route_scopes[] = {
    {"link", VNET_SCOPE_LINK}, {"host", VNET_SCOPE_HOST},       {"global", VNET_SCOPE_UNIVERSE},
    {"site", VNET_SCOPE_SITE}, {"nowhere", VNET_SCOPE_NOWHERE}, {NULL, 0}};

const struct nametab state_route_tables[] = {{"local", VNET_RT_TABLE_LOCAL},
                                             {"main", VNET_RT_TABLE_MAIN},
                                             {"default", VNET_RT_TABLE_DEFAULT},
                                             {NULL, 0}};

/* ---- reading ---- */

/* A name of the table, without its opening quote. */
static bool scan_name(struct scan *s, const struct nametab *t, uint32_t *value)
{
    for (; t->name; t++) {
        size_t n = strlen(t->name);
        if ((size_t)(s->end - s->p) > n && memcmp(s->p, t->name, n) == 0 && s->p[n] == '"') {
            s->p += n + 1;
            *value = t->value;
            return true;
        }
    }
    return false;
}

/* A name of the table, or a number up to max. */
static bool scan_named(struct scan *s, const struct nametab *t, int64_t max, uint32_t *value)
{
    int64_t v;
    if (SCAN(s, "\""))
        return scan_name(s, t, value);
    if (!scan_uint(s, max, &v))
        return false;
    *value = (uint32_t)v;
    return true;
}

/* An address other than 0.0.0.0, and the quote behind it. */
static bool scan_host(struct scan *s, uint32_t *addr)
{
    return scan_v4(s, addr) && *addr && SCAN(s, "\"");
}

static bool scan_prefix(struct scan *s, uint32_t *addr, uint8_t *bits)
{
    int64_t len = 32;
    if (!scan_v4(s, addr) || (SCAN(s, "/") && !scan_uint(s, 31, &len)))
        return false;
    *bits = (uint8_t)len;
    return (uint64_t)*addr << len << 32 == 0;
}

bool state_scan_prefix(const char *text, size_t len, struct inet_prefix *out)
{
    struct scan s = {text, text + len};
    uint32_t addr;
    if (!scan_prefix(&s, &addr, &out->len) || s.p != s.end)
        return false;
    out->addr = inet_addr_v4(addr);
    return true;
}

static bool scan_dst(struct scan *s, struct route_record *r)
{
    return SCAN(s, "{\"dst\":\"") && scan_prefix(s, &r->dst, &r->len) && SCAN(s, "\"");
}

static bool scan_dev(struct scan *s, struct route_record *r)
{
    r->dev = s->p;
    r->dev_len = scan_plain(s, VNET_IFNAMSIZ - 1) & 15;
    return r->dev_len;
}

static bool scan_kind(struct scan *s, struct route_record *r)
{
    uint32_t type = VNET_RTN_UNICAST;
    r->table = VNET_RT_TABLE_MAIN;
    if (SCAN(s, ",\"table\":") &&
        (!scan_named(s, state_route_tables, UINT32_MAX, &r->table) || r->table == 0))
        return false;
    if (SCAN(s, ",\"type\":\"") && !scan_name(s, state_route_types, &type))
        return false;
    r->type = type & 15;
    return true;
}

static bool scan_hop(struct scan *s, struct route_record *r)
{
    r->gateway = 0;
    r->dev_len = 0;
    return (!SCAN(s, ",\"gateway\":\"") || scan_host(s, &r->gateway)) &&
           (!SCAN(s, ",\"dev\":\"") || scan_dev(s, r));
}

static bool scan_rest(struct scan *s, struct route_record *r)
{
    uint32_t protocol = VNET_RTPROT_BOOT, scope = VNET_SCOPE_UNIVERSE;
    int64_t metric = 0;
    if (SCAN(s, ",\"protocol\":") && !scan_named(s, state_route_protocols, 255, &protocol))
        return false;
    if (SCAN(s, ",\"scope\":") && !scan_named(s, state_route_scopes, 255, &scope))
        return false;
    r->prefsrc = 0;
    if (SCAN(s, ",\"prefsrc\":\"") && !scan_host(s, &r->prefsrc))
        return false;
    if (SCAN(s, ",\"metric\":") && !scan_uint(s, UINT32_MAX, &metric))
        return false;
    r->protocol = (uint8_t)protocol;
    r->scope = (uint8_t)scope;
    r->metric = (uint32_t)metric;
    return SCAN(s, "}");
}

const char *state_read_route_record(const char *text, const char *end, void *record)
{
    struct route_record *r = record;
    struct scan s = {text, end};
    return scan_dst(&s, r) && scan_kind(&s, r) && scan_hop(&s, r) && scan_rest(&s, r) ? s.p : NULL;
}

/* ---- writing ---- */

static char *put_name(char *p, const struct nametab *t, uint32_t value)
{
    const char *name = nametab_name(t, value);
    if (!name)
        return put_uint(p, value);
    return PUT(put_bytes(PUT(p, "\""), name, strlen(name)), "\"");
}

static char *put_dst(char *p, const struct route_record *r)
{
    p = put_v4(PUT(p, "\""), r->dst);
    if (r->len != 32)
        p = put_uint(PUT(p, "/"), r->len);
    return PUT(p, "\"");
}

static char *put_hop(char *p, const struct route_record *r)
{
    if (r->gateway)
        p = PUT(put_v4(PUT(p, ",\"gateway\":\""), r->gateway), "\"");
    if (r->dev_len)
        p = PUT(put_bytes(PUT(p, ",\"dev\":\""), r->dev, r->dev_len), "\"");
    return p;
}

static char *put_rest(char *p, const struct route_record *r)
{
    if (r->protocol != VNET_RTPROT_BOOT)
        p = put_name(PUT(p, ",\"protocol\":"), state_route_protocols, r->protocol);
    if (r->scope != VNET_SCOPE_UNIVERSE)
        p = put_name(PUT(p, ",\"scope\":"), state_route_scopes, r->scope);
    if (r->prefsrc)
        p = PUT(put_v4(PUT(p, ",\"prefsrc\":\""), r->prefsrc), "\"");
    if (r->metric)
        p = put_uint(PUT(p, ",\"metric\":"), r->metric);
    return p;
}

enum { MOST = 512 }; /* 9 keys, 3 addresses, 6 short names or numbers */

/* All but the destination. */
static char *put_members(char *p, const struct route_record *r)
{
    if (r->table != VNET_RT_TABLE_MAIN)
        p = put_name(PUT(p, ",\"table\":"), state_route_tables, r->table);
    if (r->type != VNET_RTN_UNICAST)
        p = put_name(PUT(p, ",\"type\":"), state_route_types, r->type);
    return put_rest(put_hop(p, r), r);
}

static void put_in_list(struct route_run *run)
{
    json_put_text_end(run->o, put_dst(json_put_text(run->o, NULL, MOST), &run->last));
}

void state_end_route_run(struct route_run *run)
{
    const struct route_record *r = &run->last;
    if (run->n == 1) {
        char *p = put_dst(PUT(json_put_text(run->o, NULL, MOST), "{\"dst\":"), r);
        json_put_text_end(run->o, PUT(put_members(p, r), "}"));
    } else if (run->n > 1) {
        put_in_list(run);
        json_put_end(run->o);
        json_put_text_end(run->o, put_members(json_put_members(run->o, MOST), r));
        json_put_end(run->o);
    }
    run->n = 0;
}

static bool alike(const struct route_record *a, const struct route_record *b)
{
    return a->dev == b->dev && a->dev_len == b->dev_len && a->gateway == b->gateway &&
           a->prefsrc == b->prefsrc && a->table == b->table && a->metric == b->metric &&
           a->protocol == b->protocol && a->scope == b->scope && a->type == b->type;
}

void state_put_route_record(struct route_run *run, const struct route_record *r)
{
    if (run->n && !alike(&run->last, r))
        state_end_route_run(run);
    if (run->n == 1) {
        json_put_object(run->o, NULL, false);
        json_put_array(run->o, "dst", true);
    }
    if (run->n)
        put_in_list(run);
    run->last = *r;
    run->n++;
}
