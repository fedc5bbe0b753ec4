#include "cmd/replay/lesson.h"

#include <stdio.h>
#include <string.h>

#include "cmd/replay/report.h"
#include "cmd/shell/shell.h"

/* Enter: go on; c: go on without stopping; q or the end of input: enough. */
static bool ask(struct lesson *l)
{
    char line[64];
    if (l->to_the_end)
        return true;
    sink_puts(l->env->out, "[Enter: run, c: run all, q: quit] ");
    sink_flush(l->env->out);
    if (!fgets(line, sizeof(line), stdin))
        return false;
    l->to_the_end = line[0] == 'c';
    return line[0] != 'q';
}

/* What the author wrote above the command. */
static void show_prose(struct lesson *l, const struct replay *r, size_t i)
{
    const struct step *s = &r->t.steps[i];
    size_t from = 0;
    for (size_t k = 0; k < i; k++) {
        const struct step *p = &r->t.steps[k];
        size_t end = p->nexpected ? p->expected[p->nexpected - 1].line + 1 : p->end;
        from = end > from ? end : from;
    }
    for (size_t k = from; k + 1 < s->line_no; k++) {
        report_text(l->env->out, r->t.source.line[k].text);
        sink_puts(l->env->out, "\n");
    }
}

static bool before_step(struct replay *r, size_t i, void *arg)
{
    struct lesson *l = arg;
    show_prose(l, r, i);
    sink_puts(l->env->out, "$ ");
    report_text(l->env->out, r->t.steps[i].command);
    sink_puts(l->env->out, "\n");
    return ask(l);
}

/* What does not match, and then whatever the reader wants to know of the world as it is now. */
static void open_shell(struct lesson *l, struct replay *r)
{
    char line[4096];
    struct vnet_err err;
    sink_puts(l->env->out, "--- a shell in the world as it is now; exit or ^D: go on\n");
    while (!shell_exited(r->shell)) {
        sink_puts(l->env->out, "vnet# ");
        sink_flush(l->env->out);
        if (!fgets(line, sizeof(line), stdin) || strcmp(line, "exit\n") == 0)
            break;
        r->env.deadline = replay_now(r) + 60 * NSEC_PER_SEC;
        replay_run_line(r, line, &err);
        r->env.deadline = 0;
        report_text(l->env->out, strbuf_cstr(&r->screen.buf));
        strbuf_reset(&r->screen.buf);
    }
}

static bool after_step(struct replay *r, size_t i, struct replay_outcome *o, void *arg)
{
    struct lesson *l = arg;
    bool mismatch = report_is_mismatch(o);
    if (l->step)
        report_text(l->env->out, strbuf_cstr(&o->output));
    if (!mismatch)
        return true;
    sink_printf(l->env->out, "--- line %zu is not what the transcript shows (%s):\n",
                r->t.steps[i].line_no, replay_verdict_names[o->verdict]);
    report_details(l->env->out, "    ", &r->t.steps[i], o, false);
    if (l->shell_on_fail)
        open_shell(l, r);
    l->shell_on_fail = false;
    return true;
}

void lesson_attach(struct lesson *l, struct play_opts *opts)
{
    if (l->step)
        opts->before_step = before_step;
    if (l->step || l->shell_on_fail)
        opts->after_step = after_step;
    opts->arg = l;
}
