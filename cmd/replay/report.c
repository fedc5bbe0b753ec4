/* What all forms of report have in common. */
#include "cmd/replay/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct report_format *report_format_find(const char *name)
{
    static const struct report_format *const formats[] = {
        &report_text_format, &report_tap_format, &report_junit_format, &report_json_format};
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

bool report_has(const struct report *r, size_t i)
{
    const struct replay_outcome *o = &r->playing->outcomes[i];
    return r->replay->t.steps[i].kind != STEP_DIRECTIVE && (!r->playing->ended || o->played);
}

bool report_is_mismatch(const struct replay_outcome *o)
{
    return o->verdict >= REPLAY_BEHAVIOURAL;
}

void report_count(struct totals *t, const struct report *r)
{
    t->files++;
    for (size_t i = 0; i < r->playing->n; i++) {
        const struct replay_outcome *o = &r->playing->outcomes[i];
        if (!report_has(r, i))
            continue;
        t->counts[o->verdict]++;
        t->not_run += o->skipped;
        t->not_compared += o->not_compared && !report_is_mismatch(o);
    }
}

void report_text(struct sink *out, const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
        bool c1 = s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0; /* control characters of UTF-8 */
        if ((*s < 0x20 && *s != '\t' && *s != '\n') || *s == 0x7f || c1)
            sink_printf(out, "\\x%02x", *s);
        else
            sink_write(out, s, 1);
    }
}

static void labelled(struct sink *out, const char *indent, const char *label, const char *text)
{
    sink_printf(out, "%s%s", indent, label);
    report_text(out, text);
    sink_puts(out, "\n");
}

/* Pairs that match stand there once, unless all that differs is asked for. */
static bool is_context(const struct unify_step *d, bool all)
{
    bool elided = d->expected && !d->actual && d->verdict == UNIFY_VOLATILE;
    return d->verdict == UNIFY_SAME || elided ||
           (!all && d->verdict != UNIFY_DIFFERENT && d->expected);
}

static void print_diff(struct sink *out, const char *indent, const struct replay_outcome *o,
                       bool all)
{
    enum { MOST_LINES = 2000 };
    size_t n = o->diff.n < MOST_LINES ? o->diff.n : MOST_LINES;
    for (size_t i = 0; i < n; i++) {
        const struct unify_step *d = &o->diff.step[i];
        if (is_context(d, all)) {
            labelled(out, indent, "   ", d->expected);
            continue;
        }
        if (d->expected)
            labelled(out, indent, "-  ", d->expected);
        if (d->actual)
            labelled(out, indent, "+  ", d->actual);
    }
    if (n < o->diff.n)
        sink_printf(out, "%s   (%zu lines more)\n", indent, o->diff.n - n);
}

static void print_output(struct sink *out, const char *indent, const struct replay_outcome *o)
{
    for (size_t i = 0; i < o->nlines && i < 20; i++)
        labelled(out, indent, "+  ", o->lines[i]);
}

static void print_reasons(struct sink *out, const char *indent, const char *lines)
{
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        char *line = mem_strndup(lines, n);
        labelled(out, indent, "why: ", line);
        free(line);
        lines += n + 1;
    }
}

void report_details(struct sink *out, const char *indent, const struct step *s,
                    const struct replay_outcome *o, bool all)
{
    if (o->verdict == REPLAY_UNSUPPORTED)
        labelled(out, indent, "", o->why.msg);
    else if (o->not_compared)
        print_output(out, indent, o);
    else
        print_diff(out, indent, o, all);
    if (o->verdict < REPLAY_BEHAVIOURAL)
        return;
    if (s->exit_status >= 0 && o->exit_status >= 0 && s->exit_status != o->exit_status)
        sink_printf(out, "%sexit status %d instead of %d\n", indent, o->exit_status,
                    s->exit_status);
    print_reasons(out, indent, strbuf_cstr(&o->reasons));
    if (o->hint.len)
        labelled(out, indent, "hint: ", strbuf_cstr(&o->hint));
    if (s->note)
        labelled(out, indent, "note: ", s->note);
}

void report_summary(struct sink *out, const struct totals *t)
{
    size_t total = 0;
    const char *sep = " ";
    for (int v = 0; v < REPLAY_VERDICTS; v++)
        total += t->counts[v];
    sink_printf(out, "%zu command%s:", total, total == 1 ? "" : "s");
    for (int v = 0; v < REPLAY_VERDICTS; v++) {
        if (!t->counts[v])
            continue;
        sink_printf(out, "%s%zu %s", sep, t->counts[v], replay_verdict_names[v]);
        sep = ", ";
    }
    if (t->not_compared)
        sink_printf(out, " (%zu with no output to compare)", t->not_compared);
    if (t->not_run)
        sink_printf(out, " (%zu not run)", t->not_run);
    if (t->unusable)
        sink_printf(out, "; %zu file%s unusable", t->unusable, t->unusable == 1 ? "" : "s");
    sink_puts(out, "\n");
}
