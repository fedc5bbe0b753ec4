/* Which traffic a capture shows. */
#include <stdint.h>

#include "cmd/replay/recognise.h"
#include "cmd/replay/transcript.h"

static size_t next_traffic(const struct transcript *t, size_t i)
{
    while (i < t->n && (t->steps[i].kind == STEP_CAPTURE || t->steps[i].kind == STEP_DIRECTIVE))
        i++;
    return i < t->n && t->steps[i].kind == STEP_TRAFFIC ? i : SIZE_MAX;
}

/* A capture in the background waits for traffic, whatever is typed before it. */
static size_t later_traffic(const struct transcript *t, size_t i)
{
    while (i < t->n && t->steps[i].kind != STEP_TRAFFIC && t->steps[i].kind != STEP_CLOSING)
        i++;
    return i < t->n && t->steps[i].kind == STEP_TRAFFIC ? i : SIZE_MAX;
}

static size_t previous_traffic(const struct transcript *t, size_t i)
{
    while (i > 0)
        if (t->steps[--i].kind == STEP_TRAFFIC)
            return i;
    return SIZE_MAX;
}

/* In the background: also what follows until it is ended; where the transcript does not end it,
 * what stands before the last packet that is printed. */
static void extend_background(const struct transcript *t, struct step *s)
{
    size_t last = s->nexpected ? s->expected[s->nexpected - 1].line : 0, end = s->traffic;
    while (end < t->n && t->steps[end].kind != STEP_CLOSING)
        end++;
    for (size_t k = s->traffic + 1; k < end; k++)
        if (t->steps[k].kind == STEP_TRAFFIC && (end < t->n || t->steps[k].line_no <= last))
            s->traffic = k;
}

/* Nobody starts candump anew for each frame that is sent. */
static void extend_candump(const struct transcript *t, struct step *s)
{
    for (size_t k = s->traffic + 1; k < t->n; k++) {
        if (t->steps[k].kind == STEP_TRAFFIC)
            s->traffic = k;
        else if (t->steps[k].kind != STEP_DIRECTIVE)
            break;
    }
}

static void extend(struct transcript *t, size_t i)
{
    struct step *s = &t->steps[i];
    s->first = s->traffic;
    if (s->traffic == SIZE_MAX || s->traffic < i)
        return;
    if (s->background)
        extend_background(t, s);
    else if (recognise_call(s->command, "candump"))
        extend_candump(t, s);
}

void transcript_pair(struct transcript *t)
{
    bool adjacent = false; /* only captures stand between the last traffic and here */
    for (size_t i = 0; i < t->n; i++) {
        struct step *s = &t->steps[i];
        if (s->kind == STEP_TRAFFIC) {
            adjacent = true;
        } else if (s->kind == STEP_CAPTURE) {
            size_t next = s->background ? later_traffic(t, i) : next_traffic(t, i);
            bool after = next != SIZE_MAX && (!adjacent || s->background);
            s->traffic = after ? next : previous_traffic(t, i);
            extend(t, i);
        } else if (s->kind != STEP_CLOSING) {
            adjacent = false;
        }
    }
}

size_t transcript_other_traffic(const struct transcript *t, size_t capture)
{
    const struct step *s = &t->steps[capture];
    if (s->background || s->traffic == SIZE_MAX)
        return SIZE_MAX;
    return s->traffic < capture ? later_traffic(t, capture) : previous_traffic(t, capture);
}
