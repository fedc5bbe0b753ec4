/* Which traffic a capture shows. */
#include <stdint.h>

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
