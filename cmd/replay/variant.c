/* What a transcript leaves open is found by trying: longer waits (addresses are tentative for a
 * while, neighbour entries age, links that came up speak IPv6 for some seconds), the other traffic
 * that a capture may show, and what the author may have done off camera. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/play.h"
#include "cmd/replay/recognise.h"

/* So much is tried for one transcript, in decisions of the stack; each play costs some anyway. */
#define MOST_WORK      12000000
#define WORK_OF_A_STEP 100

struct search {
    struct replay *r;
    struct playing *p;
    const struct play_opts *opts;
    struct vnet_err *err;
    uint64_t work;
    char **hints; /* one a step, owned; NULL: none */
};

static bool mismatch(const struct search *s, size_t i)
{
    return s->p->outcomes[i].verdict == REPLAY_BEHAVIOURAL;
}

/* Play with the plan of now: 1 if step i matches then and no earlier one has ceased to. */
static int attempt(struct search *s, size_t i, const bool *matched)
{
    s->work += s->p->work + s->p->n * WORK_OF_A_STEP;
    if (s->work > MOST_WORK)
        return 0;
    if (play_once(s->r, s->p, s->opts, s->err) < 0)
        return -1;
    for (size_t k = 0; k < i; k++)
        if (matched[k] && mismatch(s, k))
            return 0;
    return !mismatch(s, i);
}

/* The step before which a longer wait, or a command more, may help step i. */
static size_t lever(const struct replay *r, size_t i)
{
    const struct step *s = &r->t.steps[i];
    return s->kind == STEP_CAPTURE && r->plan[i].traffic != SIZE_MAX ? r->plan[i].traffic : i;
}

/* ---- waits ---- */

static int try_waits(struct search *s, size_t i, const bool *matched)
{
    static const int waits[] = {10, 60};
    struct step_plan *plan = &s->r->plan[lever(s->r, i)];
    int before = plan->wait;
    for (size_t k = 0; k < ARRAY_LEN(waits); k++) {
        plan->wait = waits[k];
        int rc = attempt(s, i, matched);
        if (rc)
            return rc;
    }
    plan->wait = before;
    return 0;
}

/* ---- the other traffic ---- */

static int try_pairing(struct search *s, size_t i, const bool *matched)
{
    struct step_plan *plan = &s->r->plan[i];
    size_t other = transcript_other_traffic(&s->r->t, i), before = plan->traffic;
    if (s->r->t.steps[i].kind != STEP_CAPTURE || other == SIZE_MAX || other == before)
        return 0;
    plan->traffic = other;
    int rc = attempt(s, i, matched);
    if (rc == 0)
        plan->traffic = before;
    return rc;
}

/* ---- another terminal, in another network namespace ---- */

/* What is found must not cost another match. */
static bool spoils(const struct search *s, const bool *matched)
{
    for (size_t k = 0; k < s->p->n; k++)
        if (matched[k] && mismatch(s, k))
            return true;
    return false;
}

static int try_namespace(struct search *s, size_t i, const bool *matched, const char *ns)
{
    struct step_plan *plan = &s->r->plan[i];
    plan->netns = ns;
    int rc = attempt(s, i, matched);
    if (rc > 0 && spoils(s, matched))
        rc = 0;
    if (rc == 0)
        plan->netns = NULL;
    return rc;
}

/* A shell was opened in a namespace before: the author may have another one in the initial one, or
 * still have one there. */
static int try_terminals(struct search *s, size_t i, const bool *matched)
{
    enum { MOST_TERMINALS = 4 };
    int rc = 0;
    for (size_t k = 0, n = 0; k < i && n < MOST_TERMINALS && rc == 0; k++) {
        const char *shell_in = s->r->t.steps[k].shell_in;
        if (!shell_in)
            continue;
        if (n++ == 0)
            rc = try_namespace(s, i, matched, "");
        if (rc == 0)
            rc = try_namespace(s, i, matched, shell_in);
    }
    return rc;
}

static int try_namespaces(struct search *s, size_t i, const bool *matched)
{
    const struct step *step = &s->r->t.steps[i];
    if (s->r->plan[i].netns || transcript_names_namespace(step->command))
        return 0;
    int rc = step->elsewhere ? try_namespace(s, i, matched, step->elsewhere) : 0;
    return rc ? rc : try_terminals(s, i, matched);
}

/* ---- off camera ---- */

/* The same ping, but one packet only: behind the command's name "-c 1 -W 1", without its own -c. */
static char *one_packet(const char *command)
{
    const char *call = recognise_call(command, "ping");
    if (!call || strpbrk(command, ";|&\n"))
        return NULL;
    struct strbuf out = STRBUF_INIT;
    strbuf_adds(&out, "ping -c 1 -W 1");
    for (const char *s = call + 4; *s;) {
        s += strspn(s, " \t");
        size_t n = strcspn(s, " \t");
        bool count = n >= 2 && s[0] == '-' && s[1] == 'c';
        if (!count && n)
            strbuf_addf(&out, " %.*s", (int)n, s);
        s += n;
        if (count && n == 2) {
            s += strspn(s, " \t");
            s += strcspn(s, " \t");
        }
    }
    return strbuf_detach(&out);
}

/* The lines of `now` that are not in `then`, joined by "and". */
static char *new_lines(const char *now, const char *then)
{
    struct strbuf out = STRBUF_INIT;
    while (*now) {
        size_t n = strcspn(now, "\n") + 1;
        char *line = mem_strndup(now, n);
        if (!strstr(then, line))
            strbuf_addf(&out, "%s%.*s", out.len ? " and " : "", (int)n - 1, line);
        free(line);
        now += n;
    }
    return strbuf_detach(&out);
}

static char *tell_before(const char *command, const char *neighbours)
{
    struct strbuf out = STRBUF_INIT;
    if (*neighbours)
        strbuf_addf(&out,
                    "it matches if the author's neighbour entry of %s was already there, as after "
                    "\"%s\" off camera: put \"#vnet run %s\" before the traffic",
                    neighbours, command, command);
    else
        strbuf_addf(&out, "it matches if the author had run \"%s\" before, off camera", command);
    return strbuf_detach(&out);
}

/* With `command` run before the traffic: what that changes is told as a hint, the verdict stays. */
static int try_before(struct search *s, size_t i, const bool *matched, const char *command)
{
    static const int waits[] = {0, 60};
    struct replay *r = s->r;
    size_t at = lever(r, i);
    int usual = r->plan[at].wait, rc = 0;
    char *then = mem_strdup(strbuf_cstr(&r->neighbours));
    r->plan[at].before = command;
    for (size_t k = 0; k < ARRAY_LEN(waits) && rc == 0; k++) {
        r->plan[at].wait = waits[k] ? waits[k] : usual;
        rc = attempt(s, i, matched);
    }
    if (rc > 0) {
        char *gained = new_lines(strbuf_cstr(&r->neighbours), then);
        s->hints[i] = tell_before(command, gained);
        free(gained);
    }
    r->plan[at].before = NULL;
    r->plan[at].wait = usual;
    free(then);
    return rc;
}

static int try_off_camera(struct search *s, size_t i, const bool *matched)
{
    size_t at = lever(s->r, i);
    const struct step *traffic = &s->r->t.steps[at];
    if (traffic->kind != STEP_TRAFFIC)
        return 0;
    char *ping = one_packet(traffic->command);
    s->r->watched = at;
    int rc = attempt(s, i, matched) < 0 ? -1 : 0; /* to note the neighbours as they are */
    if (rc == 0 && ping)
        rc = try_before(s, i, matched, ping);
    if (rc == 0)
        rc = try_before(s, i, matched, "ip neigh flush all");
    s->r->watched = SIZE_MAX;
    free(ping);
    return rc;
}

/* ---- the search ---- */

static size_t next_mismatch(const struct search *s, const bool *given_up)
{
    for (size_t i = 0; i < s->p->n; i++)
        if (mismatch(s, i) && !given_up[i])
            return i;
    return s->p->n;
}

/* 1: step i matches now; 0: nothing helps (its hint may be set); -1. */
static int try_all(struct search *s, size_t i)
{
    bool *matched = mem_calloc(s->p->n, sizeof(*matched));
    for (size_t k = 0; k < s->p->n; k++)
        matched[k] = !mismatch(s, k);
    int rc = try_namespaces(s, i, matched);
    if (rc == 0)
        rc = try_waits(s, i, matched);
    if (rc == 0)
        rc = try_pairing(s, i, matched);
    if (rc == 0) {
        rc = try_off_camera(s, i, matched) < 0 ? -1 : 0;
        if (rc == 0 && play_once(s->r, s->p, s->opts, s->err) < 0)
            rc = -1;
    }
    free(matched);
    return rc;
}

static void tell(struct search *s)
{
    for (size_t i = 0; i < s->p->n; i++) {
        struct replay_outcome *o = &s->p->outcomes[i];
        const struct step_plan *plan = &s->r->plan[i];
        o->waited = plan->wait;
        o->netns = plan->netns;
        if (plan->traffic != s->r->t.steps[i].traffic)
            o->paired = s->r->t.steps[plan->traffic].line_no;
        if (s->hints[i] && o->verdict == REPLAY_BEHAVIOURAL)
            strbuf_adds(&o->hint, s->hints[i]);
        free(s->hints[i]);
    }
}

/* Step i matches now: a capture before it may show that. */
static void retry_captures(const struct search *s, size_t i, bool *given_up)
{
    for (size_t k = 0; k < i; k++)
        if (s->r->t.steps[k].kind == STEP_CAPTURE)
            given_up[k] = false;
}

int play_variants(struct replay *r, struct playing *p, const struct play_opts *opts,
                  struct vnet_err *err)
{
    struct search s = {r, p, opts, err, 0, mem_calloc(p->n, sizeof(char *))};
    bool *given_up = mem_calloc(p->n, sizeof(*given_up));
    int rc = 0;
    for (size_t i; rc >= 0 && s.work <= MOST_WORK && (i = next_mismatch(&s, given_up)) < p->n;) {
        rc = try_all(&s, i);
        given_up[i] = rc == 0;
        if (rc > 0)
            retry_captures(&s, i, given_up);
    }
    tell(&s);
    free(s.hints);
    free(given_up);
    return rc < 0 ? -1 : 0;
}
