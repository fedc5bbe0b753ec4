#include <limits.h>

#include "cmd/ping/state.h"

/* llsqrt(): Newton's method on whole numbers. */
static int64_t square_root(int64_t a)
{
    int64_t prev = INT64_MAX, x = a;
    while (x > 0 && x < prev) {
        prev = x;
        x = (x + a / x) / 2;
    }
    return x;
}

static void print_ms(struct sink *out, int64_t us)
{
    sink_printf(out, "%lld.%03lld", (long long)(us / 1000), (long long)(us % 1000));
}

static void print_counts(struct ping *p, int64_t elapsed)
{
    struct sink *out = p->env->out;
    sink_printf(out, "%lld packets transmitted, %lld received", (long long)p->transmitted,
                (long long)p->received);
    if (p->repeats)
        sink_printf(out, ", +%lld duplicates", (long long)p->repeats);
    if (p->corrupted)
        sink_printf(out, ", +%lld corrupted", (long long)p->corrupted);
    if (p->errors)
        sink_printf(out, ", +%lld errors", (long long)p->errors);
    if (p->transmitted) {
        double lost = (double)(p->transmitted - p->received) * 100.0 / (double)p->transmitted;
        sink_printf(out, ", %g%% packet loss", (double)(float)lost);
        sink_printf(out, ", time %lldms",
                    (long long)(elapsed / NSEC_PER_SEC * 1000 +
                                (elapsed % NSEC_PER_SEC + 500000) / NSEC_PER_MSEC));
    }
    sink_puts(out, "\n");
}

static void print_round_trips(struct ping *p)
{
    struct sink *out = p->env->out;
    int64_t total = p->received + p->repeats, avg = p->tsum / total, var;
    if (p->tsum < INT_MAX)
        var = ((int64_t)p->tsum2 - p->tsum * p->tsum / total) / total;
    else
        var = (int64_t)(p->tsum2 / (double)total - (double)(avg * avg));
    const int64_t columns[] = {p->tmin, avg, p->tmax, square_root(var)};
    sink_puts(out, "rtt min/avg/max/mdev = ");
    for (int i = 0; i < 4; i++) {
        if (i)
            sink_puts(out, "/");
        print_ms(out, columns[i]);
    }
    sink_puts(out, " ms");
}

int ping_finish(struct ping *p)
{
    struct sink *out = p->env->out;
    int64_t elapsed = p->last_sent - p->start;
    const char *comma = "";
    sink_puts(out, "\n");
    sink_printf(out, "--- %s ping statistics ---\n", p->hostname);
    print_counts(p, elapsed);
    if (p->received && p->timing) {
        print_round_trips(p);
        comma = ", ";
    }
    if (p->pipesize > 1) {
        sink_printf(out, "%spipe %d", comma, p->pipesize);
        comma = ", ";
    }
    if (p->received && (!p->o.interval || p->o.flood || p->o.adaptive) && p->transmitted > 1) {
        int64_t ipg = elapsed / NSEC_PER_USEC / (p->transmitted - 1);
        sink_printf(out, "%sipg/ewma ", comma);
        print_ms(out, ipg);
        sink_puts(out, "/");
        print_ms(out, p->rtt / 8);
        sink_puts(out, " ms");
    }
    sink_puts(out, "\n");
    return !p->received || (p->o.deadline && p->received < p->o.count);
}
