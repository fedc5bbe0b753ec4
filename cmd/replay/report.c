#include "cmd/replay/report.h"

static void print_diff(struct sink *out, const struct replay_outcome *o)
{
    for (size_t i = 0; i < o->diff.n; i++) {
        const struct unify_step *d = &o->diff.step[i];
        if (d->verdict == UNIFY_SAME) {
            sink_printf(out, "       %s\n", d->expected);
            continue;
        }
        if (d->expected)
            sink_printf(out, "    -  %s\n", d->expected);
        if (d->actual)
            sink_printf(out, "    +  %s\n", d->actual);
    }
}

void report_outcome(struct sink *out, const struct report_opts *opts, const struct step *s,
                    const struct replay_outcome *o)
{
    bool bad = o->verdict >= REPLAY_BEHAVIOURAL;
    if (!bad && opts->quiet)
        return;
    sink_printf(out, "%-7s %4zu  %s", bad ? "NOT OK" : "ok", s->line_no, s->command);
    if (o->verdict != REPLAY_SAME)
        sink_printf(out, "  (%s)", replay_verdict_names[o->verdict]);
    if (o->waited)
        sink_printf(out, "  (after a wait of %d s)", o->waited);
    sink_puts(out, "\n");
    if (o->verdict == REPLAY_UNSUPPORTED)
        sink_printf(out, "        %s\n", o->why.msg);
    if (o->verdict == REPLAY_BEHAVIOURAL || (opts->diff && o->verdict != REPLAY_SAME))
        print_diff(out, o);
    if (s->exit_status >= 0 && o->exit_status >= 0 && s->exit_status != o->exit_status)
        sink_printf(out, "        exit status %d instead of %d\n", o->exit_status, s->exit_status);
}

void report_summary(struct sink *out, const size_t counts[REPLAY_VERDICTS])
{
    size_t total = 0;
    for (int v = 0; v < REPLAY_VERDICTS; v++)
        total += counts[v];
    sink_printf(out, "%zu command%s:", total, total == 1 ? "" : "s");
    const char *sep = " ";
    for (int v = 0; v < REPLAY_VERDICTS; v++) {
        if (!counts[v])
            continue;
        sink_printf(out, "%s%zu %s", sep, counts[v], replay_verdict_names[v]);
        sep = ", ";
    }
    sink_puts(out, "\n");
}
