#include "cmd/picture/layout.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/picture/plan.h"

enum { TRIES = 40 };

static void say_the_rest(struct plan *pl)
{
    for (size_t i = 0; i < pl->p->ndevices; i++)
        pl->devices[i].in_words |= pl->p->devices[i].peer >= 0;
}

/* One attempt. The columns that lanes need and the wires that are told in words are only known at
 * its end, and the next attempt begins with them; there are never less. */
static bool attempt(struct plan *pl)
{
    plan_forget_boxes(pl);
    pl->room = pl->width - (pl->lanes_kept ? 2 * pl->lanes_kept : 0);
    plan_boxes(pl);
    plan_shelves(pl);
    return plan_wires(pl);
}

void layout_make(struct layout *l, const struct picture *p, int width)
{
    struct plan pl = {.p = p, .width = width};
    *l = (struct layout){0};
    pl.devices = mem_calloc(p->ndevices + 1, sizeof(*pl.devices));
    pl.places = mem_calloc(p->nplaces + 1, sizeof(*pl.places));
    for (int i = 0; !attempt(&pl); i++)
        if (i == TRIES)
            say_the_rest(&pl);
    plan_draw(&pl, l);
    plan_forget_boxes(&pl);
    free(pl.devices);
    free(pl.places);
    free(pl.shelves);
    free(pl.wires);
    free(pl.channels);
}

void layout_release(struct layout *l)
{
    for (size_t i = 0; i < l->ntexts; i++)
        free(l->texts[i].text);
    free(l->boxes);
    free(l->texts);
    free(l->lines);
    *l = (struct layout){0};
}
