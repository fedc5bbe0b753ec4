/* -R and -T: IPv4 options in the requests, and what replies bring back in theirs (RFC 791 3.1). */
#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/nametab.h"
#include "cmd/ping/state.h"

enum { OPT_END = 0, OPT_NOOP = 1, OPT_RR = 7, OPT_TIMESTAMP = 68, OPT_LSRR = 131 };
enum { TS_ONLY = 0, TS_AND_ADDR = 1, TS_PRESPECIFIED = 3, TS_FALLBACK = 2 };
enum { OPTIONS_MAX = 40 };

static const struct nametab timestamp_kinds[] = {
    {"tsonly", TS_ONLY}, {"tsandaddr", TS_AND_ADDR}, {"tsprespec", TS_PRESPECIFIED}, {NULL, 0}};

static int only_one(struct ping *p)
{
    ping_complain(p, "only one of -T or -R may be used");
    return 2;
}

int ping_option_record_route(struct ping *p)
{
    if (p->o.timestamp)
        return only_one(p);
    p->o.record_route = true;
    return 0;
}

int ping_option_timestamp(struct ping *p, const char *arg)
{
    if (p->o.record_route)
        return only_one(p);
    p->o.timestamp = true;
    for (const struct nametab *t = timestamp_kinds; t->name; t++) {
        if (strcmp(t->name, arg) == 0) {
            p->o.timestamp_kind = (uint8_t)t->value;
            return 0;
        }
    }
    ping_complain(p, "invalid timestamp type: %s", arg);
    return 2;
}

bool ping_route_allowed(const struct ping *p)
{
    enum { TIMESTAMPS_MAX = 4 };
    if (p->o.nhops == 0)
        return true;
    if (p->o.record_route)
        return false;
    if (p->o.timestamp)
        return p->o.timestamp_kind == TS_PRESPECIFIED && p->o.nhops <= TIMESTAMPS_MAX;
    return p->o.nhops <= PING_ROUTE_MAX;
}

int ping_options_len(const struct ping *p)
{
    return p->o.record_route || p->o.timestamp || p->nroute ? OPTIONS_MAX : 0;
}

static int set_record_route(struct ping *p)
{
    static const uint8_t options[OPTIONS_MAX] = {OPT_NOOP, OPT_RR, OPTIONS_MAX - 1, 4};
    return vnet_sock_set_ip_options(p->w, p->sock, options, sizeof(options));
}

static int set_timestamp(struct ping *p)
{
    uint8_t options[OPTIONS_MAX] = {OPT_TIMESTAMP, OPTIONS_MAX, 5, p->o.timestamp_kind};
    if (p->o.timestamp_kind != TS_ONLY)
        options[1] = OPTIONS_MAX - 4;
    if (p->o.timestamp_kind == TS_PRESPECIFIED) {
        options[1] = (uint8_t)(4 + 8 * p->nroute);
        for (unsigned i = 0; i < p->nroute; i++)
            memcpy(options + 4 + (size_t)8 * i, p->route[i].bytes, 4);
    }
    int rc = vnet_sock_set_ip_options(p->w, p->sock, options, options[1]);
    if (rc == 0)
        return 0;
    options[3] = TS_FALLBACK;
    return vnet_sock_set_ip_options(p->w, p->sock, options, options[1]);
}

static int set_source_route(struct ping *p)
{
    uint8_t options[4 + OPTIONS_MAX] = {OPT_NOOP, OPT_LSRR, (uint8_t)(3 + 4 * p->nroute), 4};
    for (unsigned i = 0; i < p->nroute; i++)
        memcpy(options + 4 + (size_t)4 * i, p->route[i].bytes, 4);
    return vnet_sock_set_ip_options(p->w, p->sock, options, 4 + (size_t)4 * p->nroute);
}

int ping_set_ip_options(struct ping *p)
{
    const char *what = "record route";
    int rc = 0;
    if (p->o.record_route) {
        rc = set_record_route(p);
    } else if (p->o.timestamp) {
        what = "ts option";
        rc = set_timestamp(p);
    } else if (p->nroute) {
        rc = set_source_route(p);
    }
    if (rc == 0)
        return -1;
    ping_complain(p, "%s: %s", what, cmd_strerror(-rc));
    return 2;
}

/* ---- what a reply brings ---- */

static void print_address(struct ping *p, const uint8_t *at)
{
    char text[128];
    struct inet_addr a = inet_addr_v4(get_be32(at));
    if (inet_addr_is_any(&a))
        sink_puts(p->env->out, "\t0.0.0.0");
    else
        sink_printf(p->env->out, "\t%s", ping_addr_text(p, &a, 0, text, sizeof(text)));
}

/* How many bytes of an option's data the hosts on the way have filled. */
static unsigned filled(const uint8_t *opt, unsigned header)
{
    unsigned pointer = opt[2] > opt[1] ? opt[1] : opt[2];
    return pointer > header ? pointer - header : 0;
}

static void print_route(struct ping *p, const uint8_t *opt)
{
    unsigned n = opt[1] > 3 ? filled(opt, 4) : 0;
    if (n == 0)
        return;
    if (n == p->last_route_len && memcmp(opt + 2, p->last_route, n) == 0 && !p->o.flood) {
        sink_puts(p->env->out, "\t(same route)");
        return;
    }
    p->last_route_len = (uint8_t)n;
    memcpy(p->last_route, opt + 2, n);
    sink_puts(p->env->out, "\nRR: ");
    for (unsigned at = 0; at < n; at += 4) {
        print_address(p, opt + 3 + at);
        sink_puts(p->env->out, "\n");
    }
}

/* A time, absolute the first time, then as the difference to the one before; apart for those that
 * say that they are not milliseconds since midnight (the highest bit). */
static void print_time(struct ping *p, uint32_t stamp, uint32_t before[2])
{
    bool odd = stamp >> 31;
    uint32_t t = stamp & 0x7fffffff, *last = &before[odd];
    sink_printf(p->env->out, "\t%lld%s%s", (long long)t - *last, *last ? "" : " absolute",
                odd ? " not-standard" : "");
    *last = t;
}

static void print_timestamps(struct ping *p, const uint8_t *opt)
{
    unsigned n = opt[1] > 4 ? filled(opt, 5) : 0, at = 0;
    uint32_t before[2] = {0};
    if (n == 0)
        return;
    sink_puts(p->env->out, "\nTS: ");
    while (at < n) {
        if ((opt[3] & 0x0f) != TS_ONLY) {
            print_address(p, opt + 4 + at);
            at += 4;
            if (at >= n)
                break;
        }
        print_time(p, get_be32(opt + 4 + at), before);
        at += 4;
        sink_puts(p->env->out, "\n");
    }
    if (opt[3] >> 4)
        sink_printf(p->env->out, "Unrecorded hops: %d\n", opt[3] >> 4);
}

void ping_print_ip_options(struct ping *p, const uint8_t *ip)
{
    unsigned end = (ip[0] & 0x0fU) * 4;
    for (unsigned at = 20; at < end && ip[at] != OPT_END;) {
        if (ip[at] == OPT_NOOP) {
            at++;
            continue;
        }
        if (at + 3 > end || ip[at + 1] < 3 || at + ip[at + 1] > end)
            return;
        if (ip[at] == OPT_RR)
            print_route(p, ip + at);
        else if (ip[at] == OPT_TIMESTAMP)
            print_timestamps(p, ip + at);
        else
            sink_printf(p->env->out, "\nunknown option %x", ip[at]);
        at += ip[at + 1];
    }
}
