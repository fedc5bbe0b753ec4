/* Test Anything Protocol, version 13: a test point a command, numbered through all files. */
#include <string.h>

#include "cmd/replay/report.h"

static size_t points(const struct totals *t)
{
    size_t n = t->unusable;
    for (int v = 0; v < REPLAY_VERDICTS; v++)
        n += t->counts[v];
    return n;
}

static void begin(struct sink *out)
{
    sink_puts(out, "TAP version 13\n");
}

/* A "#" in the description would begin a directive. */
static void describe(struct sink *out, const char *command)
{
    for (; *command && *command != '\n'; command++) {
        if (*command == '#' || *command == '\\')
            sink_puts(out, "\\");
        report_text(out, (char[]){*command, '\0'});
    }
}

static void print_step(struct sink *out, const struct report_opts *opts, size_t number,
                       const char *file, const struct step *s, const struct replay_outcome *o)
{
    bool bad = report_is_mismatch(o);
    sink_printf(out, "%s %zu - %s:%zu: ", bad ? "not ok" : "ok", number, file, s->line_no);
    describe(out, s->command);
    if (o->skipped)
        sink_printf(out, " # SKIP %s", o->why.msg);
    sink_puts(out, "\n");
    if (!o->skipped)
        sink_printf(out, "# %s\n", replay_verdict_names[o->verdict]);
    if (bad || (opts->diff && o->verdict != REPLAY_SAME))
        report_details(out, "#  ", s, o, opts->diff);
}

static void transcript(struct sink *out, const struct report_opts *opts, const struct report *r,
                       const struct totals *before)
{
    size_t number = points(before);
    for (size_t i = 0; i < r->playing->n; i++)
        if (report_has(r, i))
            print_step(out, opts, ++number, r->file, &r->replay->t.steps[i],
                       &r->playing->outcomes[i]);
}

static void unusable(struct sink *out, const char *file, const char *why,
                     const struct totals *before)
{
    sink_printf(out, "not ok %zu - %s: ", points(before) + 1, file);
    report_text(out, why);
    sink_puts(out, "\n");
}

static void end(struct sink *out, const struct totals *all)
{
    sink_printf(out, "1..%zu\n# ", points(all));
    report_summary(out, all);
}

const struct report_format report_tap_format = {"tap", begin, transcript, unusable, end};
