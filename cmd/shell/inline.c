/* Commands in memory: one after the other, and by turns. */
#include <stdlib.h>
#include <unistd.h>

#include "cmd/shell/fault.h"
#include "cmd/shell/process.h"
#include "cmd/shell/run.h"
#include "cmd/shell/state.h"
#include "cmd/signals.h"

/* Does somebody read the complaints in a terminal, at a prompt? */
static bool points_at_faults(const struct shell *sh, const struct cmd_env *env)
{
    return env->point_at_faults ||
           (sh->alone && !sh->background_child && env->err->fd >= 0 && isatty(env->err->fd) == 1);
}

int inline_tool(struct shell *sh, const struct tool *tool, int argc, char **argv)
{
    struct cmd_env env = *sh->opts.env;
    struct channels c;
    struct sink heard;
    channels_open(&c, &sh->io, &env);
    bool points = points_at_faults(sh, &env);
    struct sink *err = env.err;
    sink_init_onto(&heard, err);
    env.err = points ? &heard : err;
    env.exec = nested_exec;
    env.exec_arg = sh;
    if (sh->background_child && tool->catches_interrupt)
        signals_catch(true);
    int status = tool_run(tool, &env, argc, argv);
    if (sh->opts.processes && *signals_flag() == SIGINT && status != 128 + SIGINT &&
        !traps_has(sh, SIGINT))
        signals_forget(); /* the tool has dealt with it, as ping does: bash goes on, too */
    int rc = channels_flush(&c, &env);
    status = tool_write_status(tool, env.err, -rc, status);
    env.err = err;
    if (points && status && !*signals_flag() && heard.buf.len)
        fault_tell(&env, argc, argv, strbuf_cstr(&heard.buf), err);
    channels_close(&c, &env);
    sink_release(&heard);
    return status;
}

/* Run a node in a copy of the shell with these streams; takes them. */
static int run_copy(struct shell *sh, const struct node *n, struct stream *in, struct stream *out)
{
    struct shell *copy = shell_copy(sh);
    if (in)
        io_set(&copy->io, 0, in);
    if (out)
        io_set(&copy->io, 1, out);
    int status = n->kind == NODE_SUBSHELL ? exec_body(copy, n) : exec_node(copy, n);
    status = traps_on_exit(copy, status);
    if (copy->refused)
        shell_refused(sh, copy->refused, copy->refusal.msg);
    shell_free(copy);
    return status;
}

/* What was collected becomes the text that the next one reads. */
static struct stream *turn_around(struct stream *out)
{
    size_t len = out->collected.len;
    struct stream *in = stream_text(strbuf_detach(&out->collected), len);
    stream_unref(out);
    return in;
}

int inline_pipeline(struct shell *sh, const struct node *first)
{
    struct stream *in = NULL;
    int status = 0, failed = 0, signal = 0;
    for (const struct node *n = first; n; n = n->next) {
        struct stream *out = n->next ? stream_collect() : NULL;
        status = run_copy(sh, n, in, stream_ref(out));
        in = out ? turn_around(out) : NULL;
        if (out && !signal) /* it was this one's: a filter behind it prints what it has read */
            signal = tasks_swap_signal(sh->tasks, 0);
        failed = status ? status : failed;
    }
    if (signal)
        tasks_swap_signal(sh->tasks, signal);
    return sh->pipefail ? failed : status;
}

int inline_background(struct shell *sh, const struct node *n)
{
    pid_t id = tasks_start(sh, n);
    if (id < 0)
        return 2;
    struct job *job = jobs_add(&sh->jobs, n->text ? n->text : "");
    job->background = true;
    job_add_process(job, id);
    sh->background = id;
    jobs_make_current(&sh->jobs, job);
    jobs_poll(sh);
    return 0;
}

int inline_captured(struct shell *sh, const struct node *body, struct strbuf *out)
{
    struct stream *s = stream_collect();
    int status = run_copy(sh, body, NULL, stream_ref(s));
    strbuf_add(out, strbuf_cstr(&s->collected), s->collected.len);
    stream_unref(s);
    return status;
}
