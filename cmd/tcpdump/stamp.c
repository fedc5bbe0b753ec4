/* The time before a packet: ts_print() of tcpdump 4.99.3. Its conversions go by C's: seconds beyond
 * 31 bits are an error, days of a difference are left out. */
#include <inttypes.h>

#include "cmd/tcpdump/dis.h"

static const char conversion_error[] = "[Error converting time]";

/* The seconds of the years that an int holds, which gmtime() can tell. */
static const int64_t first_second = -67768040609740800, last_second = 67768036191676799;

enum { DAY = 86400 };

/* Year, month and day of a number of days since 1970-01-01 in the proleptic Gregorian calendar; the
 * year is an int's. */
static void put_date(struct strbuf *out, int64_t days)
{
    int64_t z = days + 719468; /* from 0000-03-01, so that leap days end a year */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);
    strbuf_addf(out, "%" PRId32 "-%02" PRId64 "-%02" PRId64 " ", (int32_t)year, month,
                doy - (153 * mp + 2) / 5 + 1);
}

/* What counts of the fraction: nanoseconds, or microseconds. */
static int64_t unit(const struct dissector *ctx)
{
    return ctx->opts.nanoseconds ? 1 : NSEC_PER_USEC;
}

static void put_fraction(const struct dissector *ctx, struct strbuf *out, int64_t nsec)
{
    strbuf_addf(out, ".%0*u", ctx->opts.nanoseconds ? 9 : 6, (unsigned)(nsec / unit(ctx)));
}

/* false: the words for it are put instead. */
static bool convertible(struct strbuf *out, int64_t sec)
{
    if ((uint64_t)sec & 0x80000000) {
        strbuf_adds(out, conversion_error);
        return false;
    }
    return true;
}

/* ts_date_hmsfrac_print(), in UTC. */
static void put_clock(const struct dissector *ctx, struct strbuf *out, struct moment t, bool date)
{
    if (!convertible(out, t.sec))
        return;
    if (t.sec < first_second || t.sec > last_second) {
        strbuf_adds(out, conversion_error);
        return;
    }
    int64_t day = t.sec / DAY, rest = t.sec % DAY;
    if (rest < 0) {
        rest += DAY;
        day--;
    }
    if (date)
        put_date(out, day);
    strbuf_addf(out, "%02d:%02d:%02d", (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    put_fraction(ctx, out, t.nsec);
}

/* ts_unix_print() */
static void put_seconds(const struct dissector *ctx, struct strbuf *out, struct moment t)
{
    if (!convertible(out, t.sec))
        return;
    strbuf_addf(out, "%u", (unsigned)t.sec);
    put_fraction(ctx, out, t.nsec);
}

static bool is_before(struct moment a, struct moment b)
{
    return a.sec == b.sec ? a.nsec < b.nsec : a.sec < b.sec;
}

/* timersub(); what overflows wraps. */
static struct moment difference(struct moment a, struct moment b)
{
    uint64_t sec = (uint64_t)a.sec - (uint64_t)b.sec;
    int64_t nsec = a.nsec - b.nsec;
    if (nsec < 0) {
        sec--;
        nsec += NSEC_PER_SEC;
    }
    return (struct moment){(int64_t)sec, nsec};
}

static void put_difference(struct dissector *ctx, struct strbuf *out, struct moment t)
{
    t.nsec -= t.nsec % unit(ctx); /* digits not shown do not count */
    if (!ctx->since.sec && !ctx->since.nsec)
        ctx->since = t;
    bool before = is_before(t, ctx->since);
    strbuf_addc(out, before ? '-' : ' ');
    put_clock(ctx, out, before ? difference(ctx->since, t) : difference(t, ctx->since), false);
    if (ctx->opts.stamp == STAMP_SINCE_LAST)
        ctx->since = t;
}

void dis_stamp(struct dissector *ctx, struct moment t, struct strbuf *out)
{
    switch (ctx->opts.stamp) {
    case STAMP_NONE:
        return;
    case STAMP_CLOCK:
    case STAMP_DATE:
        put_clock(ctx, out, t, ctx->opts.stamp == STAMP_DATE);
        break;
    case STAMP_EPOCH:
        put_seconds(ctx, out, t);
        break;
    case STAMP_SINCE_LAST:
    case STAMP_SINCE_FIRST:
        put_difference(ctx, out, t);
        break;
    }
    strbuf_addc(out, ' ');
}
