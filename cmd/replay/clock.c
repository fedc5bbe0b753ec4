#include <errno.h>
#include <stdio.h>

#include "cmd/replay/run.h"

static const int64_t day = 86400 * NSEC_PER_SEC;
/* A capture's last line may come this much later than on the author's machine. */
static const int64_t margin = 200 * NSEC_PER_MSEC;

static bool line_time(const char *line, int64_t *ns)
{
    unsigned h, m, s, us;
    int used = 0;
    if (sscanf(line, "%2u:%2u:%2u.%6u%n", &h, &m, &s, &us, &used) != 4 || used != 15)
        return false;
    if (h > 23 || m > 59 || s > 60)
        return false;
    *ns = ((int64_t)h * 3600 + m * 60 + s) * NSEC_PER_SEC + (int64_t)us * NSEC_PER_USEC;
    return true;
}

bool capture_times(const struct step *s, int64_t *first, int64_t *last)
{
    bool found = false;
    for (size_t i = 0; i < s->nexpected; i++) {
        int64_t ns;
        if (!line_time(s->expected[i].text, &ns))
            continue;
        if (!found)
            *first = ns;
        *last = ns;
        found = true;
    }
    return found;
}

static bool first_time(char *const *lines, size_t n, int64_t *first)
{
    for (size_t i = 0; i < n; i++)
        if (line_time(lines[i], first))
            return true;
    return false;
}

int64_t replay_now(struct replay *r)
{
    int64_t now = 0;
    struct vnet_err err;
    vnet_session_now(r->env.session, &now, &err);
    return now;
}

void replay_run_until(struct replay *r, int64_t until)
{
    struct vnet_err err;
    vnet_session_sleep(r->env.session, until, &err);
}

/* The earliest and the latest clock time that the captures of this traffic print. */
static bool traffic_times(const struct replay *r, size_t traffic, int64_t *first, int64_t *last)
{
    bool found = false;
    for (size_t i = 0; i < r->t.n; i++) {
        const struct step *s = &r->t.steps[i];
        int64_t f, l;
        if (s->kind != STEP_CAPTURE || r->plan[i].traffic != traffic || !capture_times(s, &f, &l))
            continue;
        if (!found || f < *first)
            *first = f;
        if (!found || l > *last)
            *last = l;
        found = true;
    }
    return found;
}

/* Nanoseconds from the world's present to the author's time of day, within the next day. */
static int64_t until_author_time(const struct replay *r, int64_t now, int64_t time_of_day)
{
    int64_t ahead = (time_of_day - (now + r->clock_offset) % day) % day;
    return ahead < 0 ? ahead + day : ahead;
}

void replay_align_traffic(struct replay *r, size_t traffic)
{
    int64_t first, last, now = replay_now(r);
    if (!r->clock_known || !traffic_times(r, traffic, &first, &last))
        return;
    int64_t ahead = until_author_time(r, now, first);
    if (ahead < day / 2)
        replay_run_until(r, now + ahead);
}

void replay_align_capture(struct replay *r, size_t traffic)
{
    int64_t first, last, now = replay_now(r);
    if (!traffic_times(r, traffic, &first, &last) || last < first)
        return;
    /* Traffic has been running since its start; the clocks agree only once one capture was seen. */
    int64_t until = now + (last - first) + margin;
    if (r->clock_known) {
        int64_t ahead = until_author_time(r, now, last);
        if (ahead >= day / 2)
            return; /* past already */
        until = now + ahead + margin;
    }
    replay_run_until(r, until);
}

void replay_learn_clock(struct replay *r, const struct step *s, const struct replay_outcome *o)
{
    int64_t author, ours, last;
    if (r->clock_known || !capture_times(s, &author, &last) ||
        !first_time(o->lines, o->nlines, &ours))
        return;
    r->clock_offset = author - ours;
    r->clock_known = true;
}
