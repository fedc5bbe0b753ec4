/* JUnit's XML, as continuous integration reads it: a suite a file, a case a command. */
#include "base/mem.h"
#include "cmd/replay/report.h"
#include "cmd/xml.h"

static void begin(struct sink *out)
{
    sink_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

static void print_step(struct sink *out, const struct report *r, size_t i)
{
    const struct step *s = &r->replay->t.steps[i];
    const struct replay_outcome *o = &r->playing->outcomes[i];
    sink_puts(out, "    <testcase classname=\"");
    xml_escaped(out, r->file);
    sink_printf(out, "\" name=\"%zu: ", s->line_no);
    xml_escaped(out, s->command);
    sink_puts(out, "\">");
    if (o->skipped) {
        sink_puts(out, "<skipped message=\"");
        xml_escaped(out, o->why.msg);
        sink_puts(out, "\"/>");
    } else if (report_is_mismatch(o)) {
        struct sink details;
        sink_init_mem(&details);
        report_details(&details, "", s, o, false);
        sink_printf(out, "<failure type=\"%s\">", replay_verdict_names[o->verdict]);
        xml_escaped(out, strbuf_cstr(&details.buf));
        sink_puts(out, "</failure>");
        sink_release(&details);
    }
    sink_puts(out, "</testcase>\n");
}

static void transcript(struct sink *out, const struct report_opts *opts, const struct report *r,
                       const struct totals *before)
{
    struct totals mine = {0};
    size_t tests = 0;
    (void)opts, (void)before;
    report_count(&mine, r);
    for (int v = 0; v < REPLAY_VERDICTS; v++)
        tests += mine.counts[v];
    sink_puts(out, "  <testsuite name=\"");
    xml_escaped(out, r->file);
    sink_printf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", tests,
                mine.counts[REPLAY_BEHAVIOURAL] + mine.counts[REPLAY_UNSUPPORTED], mine.not_run);
    for (size_t i = 0; i < r->playing->n; i++)
        if (report_has(r, i))
            print_step(out, r, i);
    sink_puts(out, "  </testsuite>\n");
}

static void unusable(struct sink *out, const char *file, const char *why,
                     const struct totals *before)
{
    (void)before;
    sink_puts(out, "  <testsuite name=\"");
    xml_escaped(out, file);
    sink_puts(out,
              "\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n    <testcase name=\"");
    xml_escaped(out, file);
    sink_puts(out, "\"><error>");
    xml_escaped(out, why);
    sink_puts(out, "</error></testcase>\n  </testsuite>\n");
}

static void end(struct sink *out, const struct totals *all)
{
    (void)all;
    sink_puts(out, "</testsuites>\n");
}

const struct report_format report_junit_format = {"junit", begin, transcript, unusable, end};
