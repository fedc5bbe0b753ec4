/* A file's text to the value that is kept, and back (kernel/sysctl.c: proc_do*vec*). */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "inet/addrconf.h"
#include "inet/sysctl_file.h"
#include "sim/world.h"

enum { USER_HZ = 100, PACKET_TRUESIZE = 2090 /* SKB_TRUESIZE(ETH_FRAME_LEN) */ };

static uint32_t hz_of(const struct sysctl_ref *ref)
{
    return ref->ns->w->profile->kernel.hz;
}

/* ---- numbers as the kernel reads them ---- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

static int digit_of(char c, unsigned base)
{
    int d = c >= '0' && c <= '9' ? c - '0' : -1;
    char lower = (char)(c | 0x20);
    if (base == 16 && lower >= 'a' && lower <= 'f')
        d = lower - 'a' + 10;
    return d >= 0 && (unsigned)d < base ? d : -1;
}

/* _parse_integer_fixup_radix() */
static unsigned radix(const char **p)
{
    if ((*p)[0] != '0')
        return 10;
    if (((*p)[1] | 0x20) == 'x' && digit_of((*p)[2], 16) >= 0) {
        *p += 2;
        return 16;
    }
    return 8;
}

/* proc_get_long(): blanks, an optional '-', digits (0x and 0 as in C), then a blank or the end.
 * false: not a number, or too large. */
static bool get_long(const char **text, bool *negative, uint64_t *value)
{
    const char *p = *text;
    while (is_space(*p))
        p++;
    *negative = *p == '-' && p[1];
    if (*negative)
        p++;
    if (digit_of(*p, 10) < 0)
        return false;
    unsigned base = radix(&p);
    *value = 0;
    for (int d; (d = digit_of(*p, base)) >= 0; p++) {
        if (*value > (UINT64_MAX - (unsigned)d) / base)
            return false;
        *value = *value * base + (unsigned)d;
    }
    if (*p && *p != ' ' && *p != '\t' && *p != '\n')
        return false;
    *text = p;
    return true;
}

static bool only_space(const char *p)
{
    while (is_space(*p))
        p++;
    return *p == '\0';
}

/* ---- one value ---- */

struct number {
    bool negative;
    uint64_t n;
    uint32_t hz;
};

static bool to_int(const struct number *in, int64_t *out)
{
    if (in->n > (uint64_t)UINT32_MAX)
        return false;
    *out = in->negative ? -(int64_t)in->n : (int64_t)in->n;
    return true;
}

static bool to_long(const struct number *in, int64_t *out)
{
    if (in->negative || in->n > INT64_MAX)
        return false;
    *out = (int64_t)in->n;
    return true;
}

static bool to_seconds(const struct number *in, int64_t *out)
{
    if (in->n > (uint64_t)INT32_MAX / in->hz)
        return false;
    *out = in->negative ? -(int64_t)in->n : (int64_t)in->n;
    return true;
}

/* msecs_to_jiffies() and back: up to whole jiffies; below zero as an unsigned int is too much. */
static bool to_ms(const struct number *in, int64_t *out)
{
    uint32_t ms = (uint32_t)(in->negative ? 0 - in->n : in->n);
    if (ms > INT32_MAX)
        return false;
    uint64_t jiffies = ((uint64_t)ms * in->hz + 999) / 1000;
    uint64_t whole = jiffies * 1000 / in->hz;
    *out = whole > INT32_MAX ? INT32_MAX : (int64_t)whole;
    return true;
}

/* clock_t_to_jiffies() and back: a negative number is a huge one, unless a tick is a jiffy. */
static bool to_ticks(const struct number *in, int64_t *out)
{
    uint64_t ticks = in->negative ? 0 - in->n : in->n;
    if (in->negative && in->hz != USER_HZ) {
        *out = in->n ? -1 : 0;
        return true;
    }
    int64_t jiffies = (int32_t)(in->hz == USER_HZ ? ticks : ticks * in->hz / USER_HZ);
    *out = jiffies * USER_HZ / in->hz;
    return true;
}

static bool to_bytes(const struct number *in, int64_t *out)
{
    return to_int(in, out);
}

static bool to_ms_of_seconds(const struct number *in, int64_t *out)
{
    if (!to_seconds(in, out))
        return false;
    *out = *out > INT32_MAX / 1000    ? INT32_MAX
           : *out < -INT32_MAX / 1000 ? -INT32_MAX
                                      : *out * 1000;
    return true;
}

static bool to_ms_of_ticks(const struct number *in, int64_t *out)
{
    if (!to_ticks(in, out))
        return false;
    *out = *out > INT32_MAX / 10 ? INT32_MAX : *out < -INT32_MAX / 10 ? -INT32_MAX : *out * 10;
    return true;
}

static bool to_ms_of_jiffies(const struct number *in, int64_t *out)
{
    if (!to_int(in, out) || *out > INT32_MAX || *out < INT32_MIN)
        return false;
    int64_t ms = *out * 1000 / in->hz;
    *out = ms > INT32_MAX ? INT32_MAX : ms < INT32_MIN ? INT32_MIN : ms;
    return true;
}

typedef bool convert_fn(const struct number *in, int64_t *out);
static convert_fn *const converters[] = {
    [CONV_INT] = to_int,
    [CONV_LONG] = to_long,
    [CONV_SEC] = to_seconds,
    [CONV_MS] = to_ms,
    [CONV_USERHZ] = to_ticks,
    [CONV_QLEN] = to_bytes,
    [CONV_MS_SEC] = to_ms_of_seconds,
    [CONV_MS_USERHZ] = to_ms_of_ticks,
    [CONV_MS_JIFFIES] = to_ms_of_jiffies,
    [CONV_GID_RANGE] = to_int,
    [CONV_PORT_RANGE] = to_int,
    [CONV_FLUSH] = to_int,
};

static int parse_one(const struct sysctl_ref *ref, const char **text, int64_t *value)
{
    struct number in = {.hz = hz_of(ref)};
    int64_t min, max;
    if (!get_long(text, &in.negative, &in.n) || !converters[ref->file->conv](&in, value))
        return -EINVAL;
    sysctl_limits(ref, &min, &max);
    if (*value < min || *value > max)
        return -EINVAL;
    if (ref->file->conv == CONV_QLEN)
        *value *= PACKET_TRUESIZE;
    return 0;
}

static int parse_range(const struct sysctl_ref *ref, const char *text, int64_t value[2])
{
    value[1] = ref->v64[1];
    int rc = parse_one(ref, &text, &value[0]);
    if (rc == 0 && !only_space(text))
        rc = parse_one(ref, &text, &value[1]);
    if (rc || value[1] >= value[0])
        return rc;
    value[0] = 1; /* no group at all */
    value[1] = 0;
    return 0;
}

/* ipv4_local_port_range() */
static int parse_port_range(const struct sysctl_ref *ref, const char *text, int64_t value[2])
{
    const int64_t *net = ref->ns->sysctls->net;
    value[1] = ref->v64[1];
    int rc = parse_one(ref, &text, &value[0]);
    if (rc == 0 && !only_space(text))
        rc = parse_one(ref, &text, &value[1]);
    bool ok = value[0] <= value[1] && value[0] >= net[NET_IPV4_IP_UNPRIVILEGED_PORT_START];
    return rc ? rc : ok ? 0 : -EINVAL;
}

enum { BITMAP_BITS = 64 * SYSCTL_WORDS_MAX };

/* A number of a bitmap's list, and what ends it: false: none, or too large. */
static bool bit_number(const char **text, unsigned *bit)
{
    const char *p = *text;
    if (digit_of(*p, 10) < 0)
        return false;
    unsigned base = radix(&p), n = 0;
    for (int d; (d = digit_of(*p, base)) >= 0; p++) {
        n = n * base + (unsigned)d;
        if (n >= BITMAP_BITS)
            return false;
    }
    *text = p;
    *bit = n;
    return true;
}

/* proc_do_large_bitmap(): "1-3,7". */
static int parse_bitmap(const char *text, int64_t value[SYSCTL_WORDS_MAX])
{
    uint64_t bits[SYSCTL_WORDS_MAX] = {0};
    const char *p = text;
    while (*p && *p != '\n') {
        unsigned first, last;
        if (!bit_number(&p, &first))
            return -EINVAL;
        last = first;
        if (*p == '-') {
            p++;
            if (!bit_number(&p, &last) || last < first)
                return -EINVAL;
        }
        for (unsigned i = first; i <= last; i++)
            bits[i / 64] |= 1ULL << i % 64;
        if (*p == ',')
            p++;
        else if (*p && *p != '\n')
            return -EINVAL;
    }
    for (unsigned i = 0; i < SYSCTL_WORDS_MAX; i++)
        value[i] = (int64_t)bits[i];
    return 0;
}

unsigned sysctl_words(const struct sysctl_file *f)
{
    switch (f->conv) {
    case CONV_GID_RANGE:
    case CONV_PORT_RANGE:
        return 2;
    case CONV_BITMAP:
        return SYSCTL_WORDS_MAX;
    default:
        return 1;
    }
}

/* Only IPv6's flush takes a number. */
static int parse_flush(const struct sysctl_ref *ref, const char *text, int64_t *value)
{
    *value = 0;
    return ref->file->id == NET_IPV6_ROUTE_FLUSH ? parse_one(ref, &text, value) : 0;
}

int sysctl_parse(const struct sysctl_ref *ref, const char *text, int64_t value[SYSCTL_WORDS_MAX])
{
    switch (ref->file->conv) {
    case CONV_SECRET:
        return 0;
    case CONV_GID_RANGE:
        return parse_range(ref, text, value);
    case CONV_PORT_RANGE:
        return parse_port_range(ref, text, value);
    case CONV_BITMAP:
        return parse_bitmap(text, value);
    case CONV_FLUSH:
        return parse_flush(ref, text, value);
    default:
        return parse_one(ref, &text, &value[0]);
    }
}

/* ---- back ---- */

static int format_secret(const struct sysctl_ref *ref, struct strbuf *out)
{
    const struct inet6_dev *idev = ref->dev ? ref->dev->in6_dev : NULL;
    if (!idev || !idev->has_secret)
        return -EIO;
    for (int i = 0; i < 16; i += 2)
        strbuf_addf(out, "%s%02x%02x", i ? ":" : "", idev->secret[i], idev->secret[i + 1]);
    return 0;
}

/* A negative number of ticks that is none of its own jiffies is shown as the kernel divides it. */
static void format_ticks(const struct sysctl_ref *ref, int64_t v, struct strbuf *out)
{
    if (v == -1 && hz_of(ref) != USER_HZ)
        strbuf_adds(out, "-0");
    else
        strbuf_addf(out, "%" PRId64, v);
}

static bool has_bit(const int64_t *words, unsigned i)
{
    return i < BITMAP_BITS && ((uint64_t)words[i / 64] >> i % 64 & 1);
}

static void format_bitmap(const int64_t *words, struct strbuf *out)
{
    const char *comma = "";
    for (unsigned i = 0; i < BITMAP_BITS; i++) {
        if (!has_bit(words, i))
            continue;
        strbuf_addf(out, "%s%u", comma, i);
        unsigned first = i;
        while (has_bit(words, i + 1))
            i++;
        if (i > first)
            strbuf_addf(out, "-%u", i);
        comma = ",";
    }
}

int sysctl_format(const struct sysctl_ref *ref, struct strbuf *out)
{
    int64_t v = ref->file->conv == CONV_SECRET ? 0 : sysctl_raw(ref);
    switch (ref->file->conv) {
    case CONV_SECRET:
        return format_secret(ref, out);
    case CONV_BITMAP:
        format_bitmap(ref->v64, out);
        return 0;
    case CONV_GID_RANGE:
    case CONV_PORT_RANGE:
        strbuf_addf(out, "%" PRId64 "\t%" PRId64, ref->v64[0], ref->v64[1]);
        return 0;
    case CONV_USERHZ:
        format_ticks(ref, v, out);
        return 0;
    case CONV_MS_USERHZ:
        format_ticks(ref, v < 0 && v > -10 ? -1 : v / 10, out);
        return 0;
    case CONV_QLEN:
        v /= PACKET_TRUESIZE;
        break;
    case CONV_MS_SEC:
        v /= 1000;
        break;
    case CONV_MS_JIFFIES:
        v = v * hz_of(ref) / 1000;
        break;
    default:
        break;
    }
    strbuf_addf(out, "%" PRId64, v);
    return 0;
}
