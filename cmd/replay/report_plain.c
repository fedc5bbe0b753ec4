/* Reports for people: a line a command, details where it does not match. */
#include <stdio.h>
#include <string.h>

#include "cmd/replay/report.h"

static void print_note(struct sink *out, const char *label, const char *text)
{
    sink_puts(out, label);
    report_text(out, text);
    sink_puts(out, "\n");
}

static void print_step(struct sink *out, const struct report_opts *opts, const struct step *s,
                       const struct replay_outcome *o)
{
    bool bad = report_is_mismatch(o);
    if (!bad && opts->quiet)
        return;
    sink_printf(out, "%-7s %4zu  ", bad ? "NOT OK" : o->skipped ? "skip" : "ok", s->line_no);
    const char *nl = strchr(s->command, '\n');
    char first[120];
    snprintf(first, sizeof(first), "%.*s%s", nl ? (int)(nl - s->command) : 110, s->command,
             nl || strlen(s->command) > 110 ? "..." : "");
    report_text(out, first);
    if (o->skipped)
        sink_printf(out, "  (%s)", o->why.msg);
    else if (o->not_compared && !bad)
        sink_printf(out, "  (%s)", o->why.msg[0] ? o->why.msg : "no output shown");
    else if (o->verdict != REPLAY_SAME)
        sink_printf(out, "  (%s)", replay_verdict_names[o->verdict]);
    if (o->waited)
        sink_printf(out, "  (after a wait of %d s)", o->waited);
    if (o->netns)
        sink_printf(out, "  (in the %snetwork namespace%s%s, which the text does not say)",
                    *o->netns ? "" : "initial ", *o->netns ? " " : "", o->netns);
    if (o->paired)
        sink_printf(out, "  (of the traffic of line %zu)", o->paired);
    sink_puts(out, "\n");
    if (bad || (opts->diff && o->verdict != REPLAY_SAME))
        report_details(out, "    ", s, o, opts->diff);
    else if (s->note && s->nexpected == 0 && !o->netns)
        print_note(out, "    note: ", s->note);
}

static void begin(struct sink *out)
{
    (void)out;
}

static void transcript(struct sink *out, const struct report_opts *opts, const struct report *r,
                       const struct totals *before)
{
    struct totals mine = {0};
    (void)before;
    report_count(&mine, r);
    if (r->replay->not_imported.msg[0])
        print_note(out, "note: the machine of the first listings was not made: ",
                   r->replay->not_imported.msg);
    for (size_t i = 0; i < r->playing->n; i++)
        if (report_has(r, i))
            print_step(out, opts, &r->replay->t.steps[i], &r->playing->outcomes[i]);
    sink_printf(out, "%s: ", r->file);
    report_summary(out, &mine);
}

static void unusable(struct sink *out, const char *file, const char *why,
                     const struct totals *before)
{
    (void)out, (void)file, (void)why, (void)before; /* standard error has it */
}

static void end(struct sink *out, const struct totals *all)
{
    if (all->files + all->unusable < 2)
        return;
    sink_printf(out, "%zu files, ", all->files + all->unusable);
    report_summary(out, all);
}

const struct report_format report_text_format = {"text", begin, transcript, unusable, end};
