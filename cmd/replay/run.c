#include "cmd/replay/run.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/recognise.h"
#include "cmd/shell/shell.h"
#include "vnet_capture.h"
#include "vnet_link.h"
#include "vnet_neigh.h"

const char *const replay_verdict_names[REPLAY_VERDICTS] = {
    "same", "same up to volatile values", "cosmetic", "behavioural", "unsupported",
};

/* No step lasts longer than this in the world's time, whatever it asks for. */
static const int64_t longest_step = 600 * NSEC_PER_SEC;

void replay_outcome_release(struct replay_outcome *o)
{
    for (size_t i = 0; i < o->nlines; i++)
        free(o->lines[i]);
    free(o->lines);
    unify_steps_release(&o->diff);
    strbuf_release(&o->output);
    strbuf_release(&o->reasons);
    strbuf_release(&o->hint);
}

/* ---- traffic ---- */

/* How long a ping ran that was ended by ^C: its statistics say, or the last reply that it shows. */
static int64_t interrupted_after(const struct step *s)
{
    long long seq = 0, ms;
    for (size_t i = 0; i < s->nexpected; i++) {
        const char *line = s->expected[i].text;
        const char *time = strstr(line, ", time "), *reply = strstr(line, "icmp_seq=");
        if (strstr(line, "packets transmitted") && time &&
            sscanf(time, ", time %lldms", &ms) == 1 && ms >= 0 && ms < 86400000)
            return ms * NSEC_PER_MSEC + 400 * NSEC_PER_MSEC;
        if (reply)
            sscanf(reply, "icmp_seq=%lld", &seq);
    }
    return (seq > 0 && seq < 86400 ? seq - 1 : 2) * NSEC_PER_SEC + 400 * NSEC_PER_MSEC;
}

static bool has_option(const char *command, const char *letter)
{
    const char *at = strstr(command, letter);
    return at && at > command && at[-1] == ' ';
}

static int run_traffic(struct replay *r, const struct step *s, struct vnet_err *err)
{
    if (!has_option(s->command, "-c") && !has_option(s->command, "-w"))
        r->env.deadline = replay_now(r) + interrupted_after(s);
    return replay_run_line(r, s->command, err);
}

/* ---- captures ---- */

/* Of what more than one command sends: from the first on. */
static bool spans_several(const struct replay *r, size_t i)
{
    const struct step *s = &r->t.steps[i];
    return s->kind == STEP_CAPTURE && s->first != s->traffic && r->plan[i].traffic == s->traffic;
}

static void note_positions(struct replay *r, size_t traffic)
{
    struct vnet *w;
    struct vnet_err err;
    for (size_t i = 0; i < r->t.n; i++) {
        if (!spans_several(r, i) || r->t.steps[i].first != traffic ||
            vnet_begin(r->env.session, false, &w, &err) < 0)
            continue;
        r->plan[i].position = vnet_capture_position(w);
        vnet_abort(r->env.session);
    }
}

static void show_several(struct replay *r, size_t i)
{
    struct vnet *w;
    struct vnet_err err;
    if (!spans_several(r, i) || vnet_begin(r->env.session, false, &w, &err) < 0)
        return;
    vnet_capture_last_from(w, r->plan[i].position);
    vnet_commit(r->env.session, &err);
}

/* Is the traffic made in the background, by a command that ends by itself? Then it is waited for.
 */
static void finish_background(struct replay *r, const struct step *traffic)
{
    enum { MOST_SECONDS = 60 };
    bool ends = has_option(traffic->command, "-c") || has_option(traffic->command, "-w");
    for (int i = 0; i < MOST_SECONDS && ends && traffic->background && shell_busy(r->shell); i++)
        replay_run_until(r, replay_now(r) + NSEC_PER_SEC);
}

/* What the last traffic caused. */
static int run_capture(struct replay *r, size_t i, struct vnet_err *err)
{
    if (r->plan[i].traffic != SIZE_MAX) {
        finish_background(r, &r->t.steps[r->plan[i].traffic]);
        replay_align_capture(r, r->plan[i].traffic);
    }
    replay_own_hide(r, i);
    if (r->plan[i].traffic != SIZE_MAX)
        show_several(r, i);
    replay_release_capture(r, i);
    r->env.capture_last = true;
    int rc = replay_run_line(r, r->t.steps[i].command, err);
    r->env.capture_last = false;
    r->env.nunseen = 0;
    return rc;
}

/* ---- a step ---- */

static void pass_time(struct replay *r, size_t i)
{
    const struct step *s = &r->t.steps[i];
    const struct step_plan *plan = &r->plan[i];
    struct vnet_err err;
    if (s->kind == STEP_CAPTURE)
        return;
    if (plan->before) {
        replay_run_until(r, replay_now(r) + REPLAY_TYPING_TIME);
        replay_run_line(r, plan->before, &err);
        strbuf_reset(&r->screen.buf);
    }
    int64_t wait = plan->wait ? plan->wait * NSEC_PER_SEC : REPLAY_TYPING_TIME;
    if (r->typed)
        wait -= REPLAY_TYPING_TIME;
    r->typed = false;
    replay_run_until(r, replay_now(r) + wait);
    if (s->kind == STEP_TRAFFIC)
        replay_align_traffic(r, i);
}

struct neighbour_list {
    struct netns *ns;
    struct strbuf *out;
};

static int add_neighbour(const struct vnet_neigh_info *n, void *arg)
{
    struct neighbour_list *list = arg;
    char addr[INET_ADDRSTRLEN_MAX], dev[VNET_IFNAMSIZ];
    if (n->lladdr.len)
        strbuf_addf(list->out, "%s on %s\n", inet_addr_str(&n->dst, addr),
                    vnet_link_name(list->ns, n->ifindex, dev));
    return 0;
}

static void note_neighbours(struct replay *r)
{
    struct vnet *w;
    struct vnet_err err;
    strbuf_reset(&r->neighbours);
    if (vnet_begin(r->env.session, false, &w, &err) < 0)
        return;
    struct neighbour_list list = {vnet_init_ns(w), &r->neighbours};
    vnet_neigh_dump(list.ns, VNET_AF_INET, false, add_neighbour, &list);
    vnet_abort(r->env.session);
}

static int run_here(struct replay *r, size_t i, struct vnet_err *err)
{
    const struct step *s = &r->t.steps[i];
    if (r->stop)
        return vnet_err(err, ENOTSUP, "the transcript asks for too much: not run");
    r->env.deadline = replay_now(r) + longest_step;
    r->env.deadline_signal = SIGINT;
    int rc = s->kind == STEP_CAPTURE   ? run_capture(r, i, err)
             : s->kind == STEP_TRAFFIC ? run_traffic(r, s, err)
                                       : replay_run_line(r, s->command, err);
    r->env.deadline = 0;
    return rc;
}

/* In the namespace that was guessed, or where the terminal is. */
static int run_step(struct replay *r, size_t i, struct vnet_err *err)
{
    const char *terminal = r->env.netns;
    if (!r->plan[i].netns)
        return run_here(r, i, err);
    r->env.netns = r->plan[i].netns;
    int rc = run_here(r, i, err);
    r->env.netns = terminal;
    return rc;
}

static void skip_step(const struct step *s, struct replay_outcome *o)
{
    size_t len;
    const char *word = recognise_placeholder(s->command, &len);
    o->skipped = true;
    if (s->kind == STEP_PLACEHOLDER && word)
        vnet_err(&o->why, 0, "%.*s is for the reader to replace", (int)len, word);
    else
        vnet_err(&o->why, 0, "ends the capture that ran in the background");
}

/* What vnet cannot do has consequences further down: they are told from mistakes. */
static void tell_missing(struct replay *r, const struct step *s, struct replay_outcome *o)
{
    bool bad = o->verdict == REPLAY_BEHAVIOURAL;
    if (bad && r->missing && transcript_names_namespace(s->command)) {
        o->verdict = REPLAY_UNSUPPORTED;
        vnet_err(&o->why, 0, "a network namespace, as in line %zu", r->missing);
    } else if (bad && r->missing) {
        strbuf_addf(&o->reasons, "it may follow from line %zu, which vnet cannot do\n", r->missing);
    }
    if (o->verdict == REPLAY_UNSUPPORTED && !r->missing)
        r->missing = s->line_no;
}

/* What runs in the background prints while the next command is being typed. */
static void let_background_print(struct replay *r, const struct step *s)
{
    if (s->kind == STEP_CAPTURE || r->typed || !shell_busy(r->shell))
        return;
    replay_run_until(r, replay_now(r) + REPLAY_TYPING_TIME);
    r->typed = true;
}

void replay_step(struct replay *r, size_t i, struct replay_outcome *o)
{
    const struct step *s = &r->t.steps[i];
    *o = (struct replay_outcome){.verdict = REPLAY_SAME, .played = true};
    if (s->kind == STEP_CLOSING || s->kind == STEP_PLACEHOLDER) {
        skip_step(s, o);
        return;
    }
    pass_time(r, i);
    if (r->watched == i)
        note_neighbours(r);
    if (s->kind != STEP_CAPTURE)
        reasons_forget(&r->reasons);
    if (s->kind == STEP_TRAFFIC) {
        r->own.since = 0;
        note_positions(r, i);
    }
    replay_hold_captures(r, i);
    o->exit_status = run_step(r, i, &o->why);
    let_background_print(r, s);
    if (r->screen.error)
        o->exit_status =
            vnet_err(&o->why, ENOTSUP, "it prints more than %d bytes", REPLAY_MOST_OUTPUT);
    r->screen.error = 0;
    strbuf_add(&o->output, strbuf_cstr(&r->screen.buf), r->screen.buf.len);
    strbuf_reset(&r->screen.buf);
    replay_compare(r, i, o);
    if (o->verdict == REPLAY_BEHAVIOURAL)
        reasons_tell(&r->reasons, &o->reasons);
    tell_missing(r, s, o);
}
