#include "cmd/replay/run.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/builtins.h"

const char *const replay_verdict_names[REPLAY_VERDICTS] = {
    "same", "same up to volatile values", "cosmetic", "behavioural", "unsupported",
};

/* What passes between two commands where the transcript does not tell. */
static const int64_t typing_time = 2 * NSEC_PER_SEC;

void replay_outcome_release(struct replay_outcome *o)
{
    for (size_t i = 0; i < o->nlines; i++)
        free(o->lines[i]);
    free(o->lines);
    unify_steps_release(&o->diff);
    strbuf_release(&o->output);
}

static void split_output(struct replay_outcome *o)
{
    const char *s = strbuf_cstr(&o->output);
    size_t cap = 0;
    while (*s) {
        size_t n = strcspn(s, "\n");
        ARRAY_GROW(o->lines, o->nlines, cap);
        o->lines[o->nlines++] = mem_strndup(s, n);
        s += n + (s[n] == '\n');
    }
}

/* tcpdump's closing counts are often not shown: then they are not compared. */
static bool is_capture_trailer(const char *line)
{
    return strstr(line, " packets captured") || strstr(line, " packet captured") ||
           strstr(line, " received by filter") || strstr(line, " dropped by kernel");
}

static bool shows_trailer(const struct step *s)
{
    for (size_t i = 0; i < s->nexpected; i++)
        if (is_capture_trailer(s->expected[i]))
            return true;
    return false;
}

static void drop_trailer(struct replay_outcome *o)
{
    size_t kept = 0;
    for (size_t i = 0; i < o->nlines; i++) {
        if (is_capture_trailer(o->lines[i]))
            free(o->lines[i]);
        else
            o->lines[kept++] = o->lines[i];
    }
    o->nlines = kept;
}

/* A terminal's last blank lines are nobody's business. */
static size_t without_blank_tail(char *const *lines, size_t n)
{
    while (n > 0 && lines[n - 1][strspn(lines[n - 1], " \t")] == '\0')
        n--;
    return n;
}

static void compare(struct replay *r, const struct step *s, struct replay_outcome *o)
{
    static const enum replay_verdict verdict_of[] = {
        [UNIFY_SAME] = REPLAY_SAME,
        [UNIFY_VOLATILE] = REPLAY_VOLATILE,
        [UNIFY_COSMETIC] = REPLAY_COSMETIC,
        [UNIFY_DIFFERENT] = REPLAY_BEHAVIOURAL,
    };
    if (s->kind == STEP_CAPTURE && !shows_trailer(s))
        drop_trailer(o);
    struct unify_text expected = {(const char *const *)s->expected,
                                  without_blank_tail(s->expected, s->nexpected)};
    struct unify_text actual = {(const char *const *)o->lines,
                                without_blank_tail(o->lines, o->nlines)};
    unify_command(r->u, s->command);
    o->verdict = verdict_of[unify_block(r->u, &expected, &actual,
                                        unify_command_is_unordered(s->command), &o->diff)];
    if (s->exit_status >= 0 && s->exit_status != o->exit_status)
        o->verdict = REPLAY_BEHAVIOURAL;
}

/* Run one line; output goes to the screen. */
static int run_line(struct replay *r, const char *line, bool last_traffic, struct vnet_err *err)
{
    struct shell_command cmd;
    int rc = shell_parse(line, &cmd, err);
    if (rc < 0)
        return -ENOTSUP;
    if (last_traffic) {
        cmd.argv = mem_realloc(cmd.argv, (size_t)(cmd.argc + 2) * sizeof(char *));
        cmd.argv[cmd.argc++] = mem_strdup("--last");
        cmd.argv[cmd.argc] = NULL;
    }
    rc = shell_run(&r->env, &cmd, err);
    shell_command_release(&cmd);
    return rc;
}

/* A ping that the author ended by ^C: its statistics say how long it ran. */
static int64_t interrupted_after(const struct step *s)
{
    for (size_t i = 0; i < s->nexpected; i++) {
        const char *time = strstr(s->expected[i], ", time ");
        long long ms;
        if (strstr(s->expected[i], "packets transmitted") && time &&
            sscanf(time, ", time %lldms", &ms) == 1 && ms < 86400000)
            return ms * NSEC_PER_MSEC + 400 * NSEC_PER_MSEC;
    }
    return 0;
}

static bool has_option(const char *command, const char *letter)
{
    const char *at = strstr(command, letter);
    return at && at > command && at[-1] == ' ';
}

static void run_traffic(struct replay *r, size_t i, struct replay_outcome *o)
{
    const struct step *s = &r->t.steps[i];
    if (!has_option(s->command, "-c") && !has_option(s->command, "-w")) {
        int64_t after = interrupted_after(s);
        r->env.deadline = after ? replay_now(r) + after : 0;
        r->env.deadline_signal = SIGINT;
    }
    o->exit_status = run_line(r, s->command, false, &o->why);
    r->env.deadline = 0;
}

/* Captures printed before their traffic: it runs now, and its own step shows the output then. */
static void run_capture(struct replay *r, size_t i, struct replay_outcome *o)
{
    const struct step *s = &r->t.steps[i];
    if (s->traffic == SIZE_MAX) {
        o->exit_status = vnet_err(&o->why, ENOTSUP, "no traffic to capture in this transcript");
        return;
    }
    replay_align_capture(r, s->traffic);
    o->exit_status = run_line(r, s->command, true, &o->why);
}

static void pass_time(struct replay *r, size_t i)
{
    const struct step *s = &r->t.steps[i];
    if (s->kind == STEP_CAPTURE)
        return;
    int64_t wait = r->waits[i] ? r->waits[i] * NSEC_PER_SEC : typing_time;
    replay_run_until(r, replay_now(r) + wait);
    if (s->kind == STEP_TRAFFIC)
        replay_align_traffic(r, i);
}

void replay_step(struct replay *r, size_t i, struct replay_outcome *o)
{
    const struct step *s = &r->t.steps[i];
    *o = (struct replay_outcome){.exit_status = 0};
    pass_time(r, i);
    if (s->kind == STEP_CAPTURE)
        run_capture(r, i, o);
    else if (s->kind == STEP_TRAFFIC)
        run_traffic(r, i, o);
    else
        o->exit_status = run_line(r, s->command, false, &o->why);
    strbuf_add(&o->output, strbuf_cstr(&r->screen.buf), r->screen.buf.len);
    strbuf_reset(&r->screen.buf);
    if (o->exit_status < 0) {
        o->verdict = REPLAY_UNSUPPORTED;
        return;
    }
    split_output(o);
    if (s->kind == STEP_CAPTURE)
        replay_learn_clock(r, s, o);
    compare(r, s, o);
}

static int directive_run(struct replay *r, const char *line, struct vnet_err *err)
{
    replay_run_until(r, replay_now(r) + typing_time);
    int rc = run_line(r, line, false, err);
    strbuf_reset(&r->screen.buf);
    return rc < 0 ? -EINVAL : 0;
}

static int directive_wait(struct replay *r, const char *text, struct vnet_err *err)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds >= 0) || seconds > 1e9)
        return vnet_err(err, EINVAL, "#vnet wait: \"%s\" is not a number of seconds", text);
    replay_run_until(r, replay_now(r) + (int64_t)(seconds * 1e9));
    return 0;
}

static const struct {
    const char *name;
    int (*run)(struct replay *r, const char *rest, struct vnet_err *err);
} directives[] = {
    {"run ", directive_run},
    {"wait ", directive_wait},
};

int replay_directive(struct replay *r, const char *text, struct vnet_err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(directives); i++) {
        size_t n = strlen(directives[i].name);
        if (strncmp(text, directives[i].name, n) == 0)
            return directives[i].run(r, text + n, err);
    }
    return vnet_err(err, EINVAL, "#vnet %s: no such directive", text);
}
