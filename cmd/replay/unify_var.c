/* Typed bindings of volatile values; see unify.h. */
#include "cmd/replay/unify_var.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define DAY_NS 86400000000000LL

struct unify *unify_new(const struct unify_opts *opts)
{
    struct unify *u = mem_alloc(sizeof(*u));
    u->opts = *opts;
    return u;
}

void unify_free(struct unify *u)
{
    if (u)
        free(u->binding);
    free(u);
}

struct unify_mark unify_mark(const struct unify *u)
{
    return (struct unify_mark){.n = u->n, .clock = u->clock};
}

void unify_rollback(struct unify *u, struct unify_mark mark)
{
    u->n = mark.n;
    u->clock = mark.clock;
}

/* An IP identification is 16 bits of chance: unrelated packets of a long transcript may share one,
 * so only those of one capture must differ. */
static bool must_differ(const struct unify *u, size_t i, enum unify_type type)
{
    return type == VAR_IP_ID ? i >= u->block_start : type != VAR_MAC_TAIL;
}

bool unify_bind(struct unify *u, enum unify_type type, uint64_t expected, uint64_t actual)
{
    for (size_t i = 0; i < u->n; i++) {
        const struct unify_binding *b = &u->binding[i];
        if (b->type != type)
            continue;
        if (b->expected == expected)
            return b->actual == actual;
        if (b->actual == actual && must_differ(u, i, type))
            return false;
    }
    ARRAY_GROW(u->binding, u->n, u->cap);
    u->binding[u->n++] = (struct unify_binding){type, expected, actual};
    return true;
}

static uint64_t number(const uint8_t *p, size_t len)
{
    uint64_t v = 0;
    while (len--)
        v = v << 8 | *p++;
    return v;
}

static bool is_group(const uint8_t mac[6])
{
    static const uint8_t zero[6];
    return (mac[0] & 1) || memcmp(mac, zero, 6) == 0;
}

bool unify_mac(struct unify *u, const uint8_t expected[6], const uint8_t actual[6])
{
    static const uint8_t solicited[3] = {0x33, 0x33, 0xff};
    if (memcmp(expected, solicited, 3) == 0 && memcmp(actual, solicited, 3) == 0)
        return unify_bind(u, VAR_MAC_TAIL, number(expected + 3, 3), number(actual + 3, 3));
    if (is_group(expected) || is_group(actual))
        return memcmp(expected, actual, 6) == 0;
    return unify_bind(u, VAR_MAC_TAIL, number(expected + 3, 3), number(actual + 3, 3)) &&
           unify_bind(u, VAR_MAC, number(expected, 6), number(actual, 6));
}

bool unify_nd_option(struct unify *u, const uint8_t expected[6], const uint8_t actual[6])
{
    uint64_t e = number(expected, 6), a = number(actual, 6);
    for (size_t i = 0; i < u->n; i++)
        if (u->binding[i].type == VAR_MAC && u->binding[i].expected == e)
            return u->binding[i].actual == a;
    return unify_bind(u, VAR_NONCE, e, a);
}

/* An address that a command or the machine's listing has: it is itself. */
static bool is_fixed(const struct unify *u, uint64_t mac)
{
    for (size_t i = 0; i < u->n; i++) {
        const struct unify_binding *b = &u->binding[i];
        if (b->type == VAR_MAC && b->expected == mac)
            return b->actual == mac;
    }
    return false;
}

bool unify_bridge(struct unify *u, uint64_t expected, uint64_t actual)
{
    if (expected == 0 || actual == 0 || (is_fixed(u, expected) && is_fixed(u, actual)))
        return expected == actual; /* 0: a bridge without ports */
    return unify_bind(u, VAR_BRIDGE, expected, actual);
}

/* RFC 4291 appendix A: the identifier that a MAC address gives. */
static bool eui64_mac(const uint8_t in6[16], uint8_t mac[6])
{
    if (in6[11] != 0xff || in6[12] != 0xfe)
        return false;
    memcpy(mac, in6 + 8, 3);
    memcpy(mac + 3, in6 + 13, 3);
    mac[0] ^= 2;
    return true;
}

bool unify_in6(struct unify *u, const uint8_t expected[16], const uint8_t actual[16])
{
    static const uint8_t solicited[13] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};
    uint8_t e[6], a[6];
    if (memcmp(expected, solicited, 13) == 0 && memcmp(actual, solicited, 13) == 0)
        return unify_bind(u, VAR_MAC_TAIL, number(expected + 13, 3), number(actual + 13, 3));
    if (expected[0] != 0xff && eui64_mac(expected, e) && eui64_mac(actual, a))
        return memcmp(expected, actual, 8) == 0 && unify_mac(u, e, a);
    return memcmp(expected, actual, 16) == 0;
}

static int64_t since(int64_t from, int64_t to)
{
    int64_t d = to - from;
    return d < -DAY_NS / 2 ? d + DAY_NS : d; /* past midnight */
}

bool unify_clock_tick(struct unify *u, int64_t expected_ns, int64_t actual_ns)
{
    struct unify_clock last = u->clock;
    u->clock = (struct unify_clock){true, expected_ns, actual_ns};
    if (!last.running)
        return true;
    int64_t e = since(last.expected_ns, expected_ns);
    int64_t a = since(last.actual_ns, actual_ns);
    return (a >= 0 || e < 0) && unify_duration(u, e, a);
}

bool unify_duration(const struct unify *u, int64_t expected_ns, int64_t actual_ns)
{
    int64_t d = expected_ns - actual_ns;
    int64_t slack = u->opts.tolerance_ns + (expected_ns < 0 ? 0 : expected_ns / 20);
    return !u->opts.tolerance_ns || (d < 0 ? -d : d) <= slack;
}
