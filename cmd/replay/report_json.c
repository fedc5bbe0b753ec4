/* JSON: one object, a member "files" with what became of each, and the counts. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "cmd/replay/report.h"

static void write_out(struct sink *out, struct strbuf *text)
{
    sink_write(out, strbuf_cstr(text), text->len);
    strbuf_release(text);
}

static void begin(struct sink *out)
{
    sink_puts(out, "{\"files\":[");
}

static void put_diff(struct json_out *j, const struct replay_outcome *o)
{
    json_put_array(j, "diff", true);
    for (size_t i = 0; i < o->diff.n; i++) {
        const struct unify_step *d = &o->diff.step[i];
        json_put_object(j, NULL, false);
        json_put_bool(j, "match", d->verdict != UNIFY_DIFFERENT);
        if (d->expected)
            json_put_str(j, "expected", d->expected);
        if (d->actual)
            json_put_str(j, "actual", d->actual);
        json_put_end(j);
    }
    json_put_end(j);
}

static void put_reasons(struct json_out *j, const char *lines)
{
    json_put_array(j, "why", true);
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        char *line = mem_strndup(lines, n);
        json_put_str(j, NULL, line);
        free(line);
        lines += n + 1;
    }
    json_put_end(j);
}

static void put_mismatch(struct json_out *j, const struct step *s, const struct replay_outcome *o)
{
    if (o->verdict == REPLAY_UNSUPPORTED)
        json_put_str(j, "unsupported", o->why.msg);
    else
        put_diff(j, o);
    if (o->reasons.len)
        put_reasons(j, strbuf_cstr(&o->reasons));
    if (o->hint.len)
        json_put_str(j, "hint", strbuf_cstr(&o->hint));
    if (s->note)
        json_put_str(j, "note", s->note);
}

static void put_step(struct json_out *j, const struct report_opts *opts, const struct step *s,
                     const struct replay_outcome *o)
{
    json_put_object(j, NULL, true);
    json_put_int(j, "line", (int64_t)s->line_no);
    json_put_str(j, "command", s->command);
    json_put_str(j, "verdict", o->skipped ? "not run" : replay_verdict_names[o->verdict]);
    if (o->not_compared)
        json_put_bool(j, "output_shown", false);
    if (o->skipped)
        json_put_str(j, "reason", o->why.msg);
    if (!o->skipped && o->exit_status >= 0)
        json_put_int(j, "exit_status", o->exit_status);
    if (o->waited)
        json_put_int(j, "waited_seconds", o->waited);
    if (o->netns)
        json_put_str(j, "network_namespace", o->netns);
    if (o->paired)
        json_put_int(j, "traffic_line", (int64_t)o->paired);
    if (report_is_mismatch(o))
        put_mismatch(j, s, o);
    else if (opts->diff && o->verdict != REPLAY_SAME)
        put_diff(j, o);
    json_put_end(j);
}

static void separate(struct sink *out, const struct totals *before)
{
    sink_puts(out, before->files + before->unusable ? ",\n" : "\n");
}

static void transcript(struct sink *out, const struct report_opts *opts, const struct report *r,
                       const struct totals *before)
{
    struct strbuf text = STRBUF_INIT;
    struct json_out j = {.sb = &text};
    json_put_object(&j, NULL, true);
    json_put_str(&j, "file", r->file);
    if (r->replay->not_imported.msg[0])
        json_put_str(&j, "not_imported", r->replay->not_imported.msg);
    json_put_array(&j, "commands", true);
    for (size_t i = 0; i < r->playing->n; i++)
        if (report_has(r, i))
            put_step(&j, opts, &r->replay->t.steps[i], &r->playing->outcomes[i]);
    json_put_end(&j);
    json_put_end(&j);
    separate(out, before);
    write_out(out, &text);
}

static void unusable(struct sink *out, const char *file, const char *why,
                     const struct totals *before)
{
    struct strbuf text = STRBUF_INIT;
    struct json_out j = {.sb = &text};
    json_put_object(&j, NULL, true);
    json_put_str(&j, "file", file);
    json_put_str(&j, "unusable", why);
    json_put_end(&j);
    separate(out, before);
    write_out(out, &text);
}

static void end(struct sink *out, const struct totals *all)
{
    struct strbuf text = STRBUF_INIT;
    struct json_out j = {.sb = &text};
    json_put_object(&j, NULL, false);
    for (int v = 0; v < REPLAY_VERDICTS; v++)
        json_put_int(&j, replay_verdict_names[v], (int64_t)all->counts[v]);
    json_put_int(&j, "not run", (int64_t)all->not_run);
    json_put_end(&j);
    sink_puts(out, "],\n\"summary\":");
    write_out(out, &text);
    sink_puts(out, "}\n");
}

const struct report_format report_json_format = {"json", begin, transcript, unusable, end};
