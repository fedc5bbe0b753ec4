/* Volatile values in the output of ip, ping and tcpdump: one rule a value; see unify.h. */
#include "cmd/replay/unify_token.h"

#include <ctype.h>
#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "base/strbuf.h"

#define NS_PER_US  1000LL
#define NS_PER_MS  1000000LL
#define NS_PER_SEC 1000000000LL
#define PARTS_MAX  4

/* A scanned value: how much text it took, and what it says. */
struct token {
    size_t len;
    int64_t part[PARTS_MAX]; /* numbers; durations in nanoseconds */
    int decimals;            /* of part[0] */
    uint8_t bytes[16];       /* addresses */
};

typedef bool (*scan_fn)(const char *s, struct token *t);
typedef bool (*agree_fn)(struct unify *u, const struct token *e, const struct token *a);

struct rule {
    const char *before; /* must precede; a leading ^: at the start of the line; NULL: any word */
    scan_fn scan;
    const char *after; /* must follow */
    agree_fn agree;
};

/* ---- scanning ---- */

/* Up to 18 digits, the rest would not fit. Returns how many. */
static size_t digits(const char *s, int64_t *value)
{
    size_t n = 0;
    for (*value = 0; isdigit((unsigned char)s[n]) && n < 18; n++)
        *value = *value * 10 + (s[n] - '0');
    return n;
}

static bool scan_number(const char *s, struct token *t)
{
    t->len = digits(s, &t->part[0]);
    return t->len > 0;
}

/* -1: none */
static int hex_digit(char c)
{
    static const char hex[] = "0123456789abcdef";
    const char *p = c ? strchr(hex, c) : NULL;
    return p ? (int)(p - hex) : -1;
}

static bool scan_hex(const char *s, struct token *t)
{
    int digit;
    t->part[0] = 0;
    for (t->len = 0; t->len < 15 && (digit = hex_digit(s[t->len])) >= 0; t->len++)
        t->part[0] = t->part[0] * 16 + digit;
    return t->len > 0;
}

/* "1.234" in units of unit nanoseconds. Returns the characters taken. */
static size_t decimal(const char *s, int64_t unit, int64_t *ns, int *decimals)
{
    int64_t whole;
    size_t n = digits(s, &whole), from;
    if (n == 0 || whole > INT64_MAX / unit - 1) /* no time that anything prints */
        return 0;
    *ns = whole * unit;
    *decimals = 0;
    if (s[n] != '.')
        return n;
    for (from = ++n; isdigit((unsigned char)s[n]); n++) {
        unit /= 10;
        *ns += (s[n] - '0') * unit;
    }
    *decimals = (int)(n - from);
    return n;
}

static bool scan_ms(const char *s, struct token *t)
{
    t->len = decimal(s, NS_PER_MS, &t->part[0], &t->decimals);
    return t->len > 0;
}

/* Milliseconds with blanks before them. */
static bool scan_padded_ms(const char *s, struct token *t)
{
    size_t blanks = strspn(s, " ");
    t->len = decimal(s + blanks, NS_PER_MS, &t->part[0], &t->decimals);
    if (t->len)
        t->len += blanks;
    return t->len > 0;
}

/* Seconds with decimals, blanks before them. */
static bool scan_seconds(const char *s, struct token *t)
{
    size_t blanks = strspn(s, " ");
    t->len = decimal(s + blanks, NS_PER_SEC, &t->part[0], &t->decimals);
    if (t->len)
        t->len += blanks;
    return t->len > 0;
}

/* count decimals in milliseconds with slashes between. */
static bool scan_slashed(const char *s, int count, struct token *t)
{
    int unused;
    t->len = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 && s[t->len++] != '/')
            return false;
        size_t n = decimal(s + t->len, NS_PER_MS, &t->part[i], i ? &unused : &t->decimals);
        if (n == 0)
            return false;
        t->len += n;
    }
    return true;
}

static bool scan_quad(const char *s, struct token *t)
{
    return scan_slashed(s, 4, t);
}

static bool scan_triple(const char *s, struct token *t)
{
    return scan_slashed(s, 3, t);
}

static bool scan_pair(const char *s, struct token *t)
{
    return scan_slashed(s, 2, t);
}

/* "15:00:13.420976", with micro- or nanoseconds. */
static bool scan_time_of_day(const char *s, struct token *t)
{
    int64_t h, m, sec;
    if (digits(s, &h) != 2 || s[2] != ':' || digits(s + 3, &m) != 2 || s[5] != ':')
        return false;
    size_t n = decimal(s + 6, NS_PER_SEC, &sec, &t->decimals);
    if (n < 3 + 6 || t->decimals < 6)
        return false;
    t->part[0] = (h * 60 + m) * 60 * NS_PER_SEC + sec;
    t->len = 6 + n;
    return true;
}

/* "2024-11-22 15:00:13.420976" of tcpdump -tttt: the date is put aside. */
static bool scan_date_time(const char *s, struct token *t)
{
    static const char form[] = "dddd-dd-dd ";
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != form[i])
            return false;
    if (!scan_time_of_day(s + sizeof(form) - 1, t))
        return false;
    t->len += sizeof(form) - 1;
    return true;
}

/* "1732305960.123456": seconds since 1970. */
static bool scan_epoch(const char *s, struct token *t)
{
    int64_t whole;
    if (digits(s, &whole) < 9)
        return false;
    t->len = decimal(s, NS_PER_SEC, &t->part[0], &t->decimals);
    return t->len > 0 && t->decimals >= 6;
}

static bool scan_mac(const char *s, struct token *t)
{
    for (size_t i = 0; i < 6; i++) {
        struct token byte;
        if ((i > 0 && s[i * 3 - 1] != ':') || !scan_hex(s + i * 3, &byte) || byte.len != 2)
            return false;
        t->bytes[i] = (uint8_t)byte.part[0];
    }
    t->len = 17;
    return s[17] != ':';
}

static bool scan_in6(const char *s, struct token *t)
{
    char text[INET_ADDRSTRLEN_MAX];
    struct inet_addr addr;
    size_t n = strspn(s, "0123456789abcdef:");
    if (n > 2 && s[n - 1] == ':' && s[n - 2] != ':')
        n--;
    if (n < 3 || n >= sizeof(text))
        return false;
    memcpy(text, s, n);
    text[n] = '\0';
    if (!inet_addr_parse(VNET_AF_INET6, text, &addr))
        return false;
    memcpy(t->bytes, addr.bytes, 16);
    t->len = n;
    return true;
}

/* "335d 9ca1 f621", all there is on the line: tcpdump's dump of a short option. */
static bool scan_six_bytes(const char *s, struct token *t)
{
    for (size_t i = 0; i < 6; i++) {
        int hi, lo;
        const char *p = s + i * 2 + i / 2;
        if ((i % 2 == 0 && i > 0 && p[-1] != ' ') || (hi = hex_digit(p[0])) < 0 ||
            (lo = hex_digit(p[1])) < 0)
            return false;
        t->bytes[i] = (uint8_t)(hi << 4 | lo);
    }
    t->len = 14;
    return s[14] == '\0';
}

/* "8000.0e2ea5447cbb": a bridge's priority and address, as brctl shows them. */
static bool scan_bridge_id(const char *s, struct token *t)
{
    struct token half;
    if (!scan_hex(s, &half) || half.len != 4 || s[4] != '.')
        return false;
    t->part[0] = half.part[0];
    if (!scan_hex(s + 5, &half) || half.len != 12)
        return false;
    t->part[1] = half.part[0];
    t->len = 17;
    return true;
}

/* The number before a device's name, not a rule's priority before "from" or "not from". */
static bool scan_ifindex(const char *s, struct token *t)
{
    if (!scan_number(s, t))
        return false;
    const char *name = s + t->len + strspn(s + t->len, ": \t");
    return strncmp(name, "from ", 5) != 0 && strncmp(name, "not from ", 9) != 0;
}

/* Are these columns the last of a line but for blanks and a device's name? */
static bool device_ends(const char *s, const char *columns)
{
    size_t n = strlen(columns);
    if (strncmp(s, columns, n) != 0)
        return false;
    s += n + strspn(s + n, " ");
    return isalpha((unsigned char)*s) && !strchr(s, ' ');
}

/* Ref of `route -6`, before Use and Iface: each CPU that has used a route holds it. */
static bool scan_route6_refs(const char *s, struct token *t)
{
    return scan_number(s, t) && t->len < 4 && device_ends(s + t->len, "      0 ");
}

/* The same in /proc/net/ipv6_route, before use count and flags. */
static bool scan_proc_route6_refs(const char *s, struct token *t)
{
    return scan_hex(s, t) && t->len == 8 && strncmp(s + 8, " 00000000 ", 10) == 0 &&
           strspn(s + 18, "0123456789abcdef") == 8 && device_ends(s + 26, " ");
}

/* ---- agreeing ---- */

static bool agree_clock(struct unify *u, const struct token *e, const struct token *a)
{
    return e->decimals == a->decimals && unify_clock_tick(u, e->part[0], a->part[0]);
}

static bool agree_duration(struct unify *u, const struct token *e, const struct token *a)
{
    return e->decimals == a->decimals && unify_duration(u, e->part[0], a->part[0]);
}

/* ping shows three significant decimals of a short time and none of a long one. */
static bool rtt_form(const struct token *t)
{
    static const int64_t limit_us[] = {100000, 10000, 1000};
    int decimals = 0;
    while (decimals < 3 && t->part[0] < limit_us[decimals] * NS_PER_US)
        decimals++;
    return t->decimals == decimals;
}

static bool agree_rtt(struct unify *u, const struct token *e, const struct token *a)
{
    return (rtt_form(a) || !rtt_form(e)) && unify_duration(u, e->part[0], a->part[0]);
}

static bool agree_elapsed(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_duration(u, e->part[0] * NS_PER_MS, a->part[0] * NS_PER_MS);
}

/* min/avg/max/mdev: in order, and each like the expected one. */
static bool agree_quad(struct unify *u, const struct token *e, const struct token *a)
{
    bool ordered = a->part[0] <= a->part[1] && a->part[1] <= a->part[2];
    for (int i = 0; i < 4; i++)
        if (!unify_duration(u, e->part[i], a->part[i]))
            return false;
    return ordered;
}

static bool agree_pair(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_duration(u, e->part[0], a->part[0]) && unify_duration(u, e->part[1], a->part[1]);
}

/* Seconds that run: the commands before may have taken a moment longer. Zero is a state. */
static bool seconds_near(int64_t e, int64_t a)
{
    int64_t d = e > a ? e - a : a - e;
    return d <= 2 + e / 100 && d < UINT32_MAX / 1000 && (e == 0) == (a == 0);
}

static bool agree_seconds(struct unify *u, const struct token *e, const struct token *a)
{
    (void)u;
    bool forever = e->part[0] == UINT32_MAX || a->part[0] == UINT32_MAX;
    return forever ? e->part[0] == a->part[0] : seconds_near(e->part[0], a->part[0]);
}

/* used/confirmed/updated of `ip -s neigh`. */
static bool agree_ages(struct unify *u, const struct token *e, const struct token *a)
{
    (void)u;
    for (int i = 0; i < 3; i++) {
        int64_t es = e->part[i] / NS_PER_MS, as = a->part[i] / NS_PER_MS;
        if ((es > as ? es - as : as - es) > 2 + es / 100)
            return false;
    }
    return true;
}

static bool agree_ifindex(struct unify *u, const struct token *e, const struct token *a)
{
    return u->opts.ifindex_bound
               ? unify_bind(u, VAR_IFINDEX, (uint64_t)e->part[0], (uint64_t)a->part[0])
               : e->part[0] == a->part[0];
}

static bool agree_refs(struct unify *u, const struct token *e, const struct token *a)
{
    (void)u;
    return (e->part[0] == 0) == (a->part[0] == 0);
}

static bool agree_echo_id(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_bind(u, VAR_ECHO_ID, (uint64_t)e->part[0], (uint64_t)a->part[0]);
}

/* Zero is no chance value: the kernel sets it where a packet may not be fragmented. */
static bool agree_ip_id(struct unify *u, const struct token *e, const struct token *a)
{
    if (e->part[0] == 0 || a->part[0] == 0)
        return e->part[0] == a->part[0];
    return unify_bind(u, VAR_IP_ID, (uint64_t)e->part[0], (uint64_t)a->part[0]);
}

static bool agree_flowlabel(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_bind(u, VAR_FLOWLABEL, (uint64_t)e->part[0], (uint64_t)a->part[0]);
}

static bool agree_frag6_id(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_bind(u, VAR_FRAG6_ID, (uint64_t)e->part[0], (uint64_t)a->part[0]);
}

static bool agree_mac(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_mac(u, e->bytes, a->bytes);
}

static bool agree_bridge_id(struct unify *u, const struct token *e, const struct token *a)
{
    return e->part[0] == a->part[0] && unify_bridge(u, (uint64_t)e->part[1], (uint64_t)a->part[1]);
}

static bool agree_nd_option(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_nd_option(u, e->bytes, a->bytes);
}

static bool agree_in6(struct unify *u, const struct token *e, const struct token *a)
{
    return unify_in6(u, e->bytes, a->bytes);
}

/* ---- the rules; the first that fits decides ---- */

static const struct rule rules[] = {
    {"^", scan_time_of_day, " ", agree_clock},
    {"^", scan_date_time, " ", agree_clock},
    {"^", scan_epoch, " ", agree_clock},
    {"^[", scan_epoch, "] ", agree_clock},         /* ping -D */
    {"^ ", scan_time_of_day, " ", agree_duration}, /* tcpdump -ttt */
    {"^", scan_ifindex, ": ", agree_ifindex},
    {"@if", scan_number, ": ", agree_ifindex},
    {"\"ifindex\":", scan_number, ",", agree_ifindex},
    {"\"ifindex\": ", scan_number, ",", agree_ifindex},
    {"\"link_index\":", scan_number, ",", agree_ifindex},
    {"\"link_index\": ", scan_number, ",", agree_ifindex},
    {"id ", scan_number, ", seq ", agree_echo_id},
    {"id ", scan_number, ", offset ", agree_ip_id},
    {"flowlabel 0x", scan_hex, ", ", agree_flowlabel},
    {"frag (0x", scan_hex, ":", agree_frag6_id},
    {"ident=", scan_number, " ", agree_echo_id}, /* ping -v */
    {"time=", scan_ms, " ms", agree_rtt},
    {"  ", scan_ms, " ms", agree_duration}, /* traceroute */
    {"] ", scan_ms, "ms", agree_duration},  /* arping */
    {"]  ", scan_ms, "ms", agree_duration},
    {" ", scan_padded_ms, "ms ", agree_duration}, /* tracepath */
    {", time ", scan_number, "ms", agree_elapsed},
    {"mdev = ", scan_quad, " ms", agree_quad},
    {"ipg/ewma ", scan_pair, " ms", agree_pair},
    {"_lft ", scan_number, "sec", agree_seconds},
    {"_life_time\":", scan_number, "", agree_seconds},
    {"_life_time\": ", scan_number, "", agree_seconds},
    {"expires ", scan_number, "sec", agree_seconds},
    {"\"expires\":", scan_number, "", agree_seconds},
    {"gc_timer ", scan_seconds, " ", agree_duration}, /* a bridge's */
    {"\"gc_timer\":", scan_seconds, "", agree_duration},
    {"delay_timer ", scan_seconds, " ", agree_duration}, /* a port's */
    {"delay_timer\":", scan_seconds, "", agree_duration},
    {"hold_timer ", scan_seconds, " ", agree_duration},
    {"hello_timer ", scan_seconds, " ", agree_duration},
    {"topology_change_timer ", scan_seconds, " ", agree_duration},
    {"gc timer\t\t", scan_seconds, "", agree_duration}, /* brctl */
    {"delay timer\t", scan_seconds, "", agree_duration},
    {"hold timer\t\t", scan_seconds, "", agree_duration},
    {"hello timer\t\t", scan_seconds, "\t", agree_duration},
    {"change timer\t", scan_seconds, "\t", agree_duration},
    {"\tno\t\t", scan_seconds, "", agree_duration},
    {" used ", scan_triple, "", agree_ages},
    {"^\t  0x0000:  ", scan_six_bytes, "", agree_nd_option},   /* tcpdump -v */
    {"^\t    0x0000:  ", scan_six_bytes, "", agree_nd_option}, /* tcpdump -vv */
    {" ", scan_route6_refs, "", agree_refs},
    {" ", scan_proc_route6_refs, "", agree_refs},
    {NULL, scan_bridge_id, "", agree_bridge_id},
    {NULL, scan_mac, "", agree_mac},
    {NULL, scan_in6, "", agree_in6},
};

static bool starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* A recorded line of standard error carries a mark before its text, a line of tcpdump -# a number.
 */
static size_t mark_len(const char *line)
{
    size_t spaces = strspn(line, " "), number = strspn(line + spaces, "0123456789");
    if (number > 0 && starts_with(line + spaces + number, "  "))
        return spaces + number + 2;
    return starts_with(line, "2|") ? 2 : 0;
}

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == ':';
}

static bool before_fits(const char *before, const char *line, size_t pos)
{
    if (!before)
        return pos == 0 || !is_word_char(line[pos - 1]);
    bool at_start = *before == '^';
    size_t n = strlen(before += at_start);
    if (pos < n || (at_start && pos - n != mark_len(line)))
        return false;
    return memcmp(line + pos - n, before, n) == 0;
}

static bool after_fits(const struct rule *r, const char *rest)
{
    return starts_with(rest, r->after) && (r->before || !isalnum((unsigned char)*rest));
}

static bool scan_at(const struct rule *r, const char *line, size_t pos, struct token *t)
{
    return before_fits(r->before, line, pos) && r->scan(line + pos, t) &&
           after_fits(r, line + pos + t->len);
}

enum token_match unify_token(struct unify *u, const char *expected, size_t *e, const char *actual,
                             size_t *a)
{
    struct token te = {0}, ta = {0};
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (!scan_at(&rules[i], expected, *e, &te))
            continue;
        if (!scan_at(&rules[i], actual, *a, &ta) || !rules[i].agree(u, &te, &ta))
            return TOKEN_DIFFERS;
        *e += te.len;
        *a += ta.len;
        return TOKEN_AGREES;
    }
    return TOKEN_NONE;
}

/* ---- an actual line in the author's words ---- */

static const struct unify_binding *bound_to(const struct unify *u, enum unify_type type,
                                            uint64_t actual)
{
    for (size_t i = 0; i < u->n; i++)
        if (u->binding[i].type == type && u->binding[i].actual == actual)
            return &u->binding[i];
    return NULL;
}

/* What the token's rule binds; false: nothing that can be put back. */
static bool binding_type(const struct rule *r, enum unify_type *type)
{
    static const struct {
        agree_fn agree;
        enum unify_type type;
    } types[] = {{agree_mac, VAR_MAC},
                 {agree_ifindex, VAR_IFINDEX},
                 {agree_echo_id, VAR_ECHO_ID},
                 {agree_ip_id, VAR_IP_ID}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        *type = types[i].type;
        if (types[i].agree == r->agree)
            return true;
    }
    return false;
}

static uint64_t mac_number(const uint8_t mac[6])
{
    uint64_t v = 0;
    for (int i = 0; i < 6; i++)
        v = v << 8 | mac[i];
    return v;
}

static void put_value(struct strbuf *out, enum unify_type type, uint64_t v)
{
    if (type != VAR_MAC) {
        strbuf_addf(out, "%llu", (unsigned long long)v);
        return;
    }
    for (int shift = 40; shift >= 0; shift -= 8)
        strbuf_addf(out, "%02x%s", (unsigned)(v >> shift & 0xff), shift ? ":" : "");
}

/* The token of a rule at this place, in the author's words. false: there is none to put back. */
static bool put_token(const struct unify *u, const char *line, size_t *pos, struct strbuf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct token t = {0};
        enum unify_type type;
        if (!scan_at(&rules[i], line, *pos, &t))
            continue;
        if (!binding_type(&rules[i], &type))
            return false;
        const struct unify_binding *b =
            bound_to(u, type, type == VAR_MAC ? mac_number(t.bytes) : (uint64_t)t.part[0]);
        if (!b)
            return false;
        put_value(out, type, b->expected);
        *pos += t.len;
        return true;
    }
    return false;
}

char *unify_author_line(const struct unify *u, const char *actual)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t pos = 0; actual[pos];)
        if (!put_token(u, actual, &pos, &out))
            strbuf_addc(&out, actual[pos++]);
    return strbuf_detach(&out);
}

bool unify_is_packet_line(const char *line)
{
    struct token t;
    line += mark_len(line);
    return isspace((unsigned char)*line) || scan_time_of_day(line, &t) ||
           scan_date_time(line, &t) || scan_epoch(line, &t);
}

void unify_token_literals(struct unify *u, const char *text)
{
    struct token t;
    for (size_t i = 0; text[i]; i++) {
        if (i > 0 && is_word_char(text[i - 1]))
            continue;
        if (scan_mac(text + i, &t))
            (void)unify_mac(u, t.bytes, t.bytes);
        else if (scan_in6(text + i, &t))
            (void)unify_in6(u, t.bytes, t.bytes);
    }
}
