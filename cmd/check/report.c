#include <string.h>

#include "cmd/check/check.h"
#include "cmd/replay/report.h"
#include "cmd/xml.h"

/* Each line of a text after `lead`. */
static void put_lines(struct sink *out, const char *lead, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        struct strbuf line = STRBUF_INIT;
        strbuf_add(&line, text, n);
        sink_puts(out, lead);
        report_text(out, strbuf_cstr(&line));
        sink_puts(out, "\n");
        strbuf_release(&line);
        text += n + (text[n] == '\n');
    }
}

/* ---- for people ---- */

static void text_begin(struct sink *out, size_t n)
{
    (void)out;
    (void)n;
}

static void text_tell(struct sink *out, size_t number, const char *file, const struct assertion *a,
                      const struct verdict *v)
{
    (void)number;
    put_lines(out, v->holds ? "ok    " : "FAILS ", a->text);
    if (v->holds)
        return;
    sink_printf(out, "      (%s:%zu)\n", file, a->line);
    put_lines(out, "      found: ", strbuf_cstr(&v->found));
    put_lines(out, "      hint:  ", strbuf_cstr(&v->hint));
}

static void text_end(struct sink *out, size_t n, size_t failed)
{
    if (failed)
        sink_printf(out, "%zu of %zu do not hold\n", failed, n);
    else
        sink_printf(out, "all %zu hold\n", n);
}

const struct check_report check_report_text = {text_begin, text_tell, text_end};

/* ---- TAP ---- */

static void tap_begin(struct sink *out, size_t n)
{
    sink_printf(out, "1..%zu\n", n);
}

/* "#" would begin a directive. */
static void tap_tell(struct sink *out, size_t number, const char *file, const struct assertion *a,
                     const struct verdict *v)
{
    sink_printf(out, "%sok %zu - ", v->holds ? "" : "not ", number);
    for (const char *p = a->text; *p; p++) {
        sink_puts(out, *p == '#' || *p == '\\' ? "\\" : "");
        sink_write(out, p, 1);
    }
    sink_puts(out, "\n");
    if (v->holds)
        return;
    sink_printf(out, "# %s:%zu\n", file, a->line);
    put_lines(out, "# found: ", strbuf_cstr(&v->found));
    put_lines(out, "# hint: ", strbuf_cstr(&v->hint));
}

static void tap_end(struct sink *out, size_t n, size_t failed)
{
    (void)out;
    (void)n;
    (void)failed;
}

const struct check_report check_report_tap = {tap_begin, tap_tell, tap_end};

/* ---- JUnit ---- */

static void junit_begin(struct sink *out, size_t n)
{
    sink_printf(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"vnet check\" "
                "tests=\"%zu\">\n",
                n);
}

static void junit_tell(struct sink *out, size_t number, const char *file, const struct assertion *a,
                       const struct verdict *v)
{
    (void)number;
    sink_puts(out, "  <testcase classname=\"");
    xml_escaped(out, file);
    sink_printf(out, "\" name=\"%zu: ", a->line);
    xml_escaped(out, a->text);
    sink_puts(out, v->holds ? "\"/>\n" : "\"><failure>");
    if (v->holds)
        return;
    xml_escaped(out, strbuf_cstr(&v->found));
    if (v->hint.len) {
        sink_puts(out, "hint: ");
        xml_escaped(out, v->hint.data);
    }
    sink_puts(out, "</failure></testcase>\n");
}

static void junit_end(struct sink *out, size_t n, size_t failed)
{
    (void)n;
    (void)failed;
    sink_puts(out, "</testsuite>\n");
}

const struct check_report check_report_junit = {junit_begin, junit_tell, junit_end};
