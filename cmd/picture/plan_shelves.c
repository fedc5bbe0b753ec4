/* Places in the order in which their wires lead from one to the next, on shelves. */
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/picture/plan.h"

enum { GAP = 2 };

struct order {
    struct plan *pl;
    int *depth; /* of each place from where its component begins; -1: not yet known */
    int deepest;
};

/* ---- who is connected with whom ---- */

static int other_place(const struct picture *p, int device)
{
    const struct picture_device *d = &p->devices[device];
    return d->hidden || d->peer < 0 || p->devices[d->peer].hidden ? -1 : p->devices[d->peer].place;
}

/* The wires that lead out of it. */
static int degree(const struct picture *p, int place)
{
    int n = 0;
    for (int i = 0; (i = picture_next_in(p, place, i)) >= 0; i++) {
        int there = other_place(p, i);
        n += there >= 0 && there != place;
    }
    return n;
}

/* Depths of all that hangs together with a place, in rounds. */
static void find_depths(struct order *o, int root)
{
    const struct picture *p = o->pl->p;
    for (size_t i = 0; i < p->nplaces; i++)
        o->depth[i] = -1;
    o->depth[root] = o->deepest = 0;
    for (int round = 0; o->deepest == round; round++)
        for (size_t i = 0; i < p->ndevices; i++) {
            int there = other_place(p, (int)i);
            if (there < 0 || o->depth[p->devices[i].place] != round || o->depth[there] >= 0)
                continue;
            o->depth[there] = round + 1;
            o->deepest = round + 1;
        }
}

/* Where a component is drawn from: the initial namespace, else the place with the most wires. */
static int find_root(struct order *o, int member)
{
    int best = member;
    find_depths(o, member);
    for (size_t i = 0; i < o->pl->p->nplaces; i++)
        if (member != 0 && o->depth[i] >= 0 && degree(o->pl->p, (int)i) > degree(o->pl->p, best))
            best = (int)i;
    return best;
}

/* ---- shelves ---- */

static struct plan_shelf *new_shelf(struct plan *pl)
{
    ARRAY_GROW(pl->shelves, pl->nshelves, pl->shelves_cap);
    pl->shelves[pl->nshelves] = (struct plan_shelf){0};
    return &pl->shelves[pl->nshelves++];
}

/* What is behind a card stands below the card, if there is room. */
static int wanted_column(const struct plan *pl, int place)
{
    int door = picture_next_in(pl->p, place, 0), card = pl->p->devices[door].peer;
    const struct plan_place *there = &pl->places[pl->p->devices[card].place];
    const struct plan_device *b = &pl->devices[card];
    return there->x + b->x + b->w / 2 - pl->devices[door].w / 2;
}

static void put(struct plan *pl, int place, bool fresh, bool loose)
{
    struct plan_place *pp = &pl->places[place];
    struct plan_shelf *s = pl->nshelves ? &pl->shelves[pl->nshelves - 1] : NULL;
    bool outside = pl->p->places[place].kind == PICTURE_OUTSIDE;
    if (fresh || !s || s->w + GAP + pp->w > pl->room)
        s = new_shelf(pl);
    s->loose = loose;
    s->outside = outside;
    pp->shelf = (int)pl->nshelves - 1;
    pp->x = s->w ? s->w + GAP : 0;
    if (outside) {
        int x = wanted_column(pl, place);
        if (x > pp->x && x + pp->w <= pl->room)
            pp->x = x;
    }
    s->w = pp->x + pp->w;
}

static void put_depth(struct order *o, int depth, enum picture_place_kind kind)
{
    bool fresh = true;
    const struct picture *p = o->pl->p;
    for (size_t i = 0; i < p->nplaces; i++) {
        if (o->depth[i] != depth || p->places[i].kind != kind)
            continue;
        put(o->pl, (int)i, fresh, false);
        fresh = false;
    }
}

static void put_component(struct order *o, int root, bool *done)
{
    struct plan *pl = o->pl;
    find_depths(o, root);
    for (size_t i = 0; i < pl->p->nplaces; i++)
        done[i] |= o->depth[i] >= 0;
    if (o->deepest == 0) {
        put(pl, root, pl->nshelves && !pl->shelves[pl->nshelves - 1].loose, true);
        return;
    }
    for (int depth = 0; depth <= o->deepest; depth++) {
        put_depth(o, depth, PICTURE_OUTSIDE);
        put_depth(o, depth, PICTURE_NAMESPACE);
    }
}

/* ---- which are turned over ---- */

static bool leads_up(const struct plan *pl, int place)
{
    bool any = false;
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++) {
        int there = other_place(pl->p, i);
        if (there < 0 || pl->devices[i].in_words)
            continue;
        if (pl->places[there].shelf >= pl->places[place].shelf)
            return false;
        any = true;
    }
    return any;
}

void plan_shelves(struct plan *pl)
{
    const struct picture *p = pl->p;
    struct order o = {.pl = pl, .depth = mem_calloc(p->nplaces, sizeof(*o.depth))};
    bool *done = mem_calloc(p->nplaces, sizeof(*done));
    pl->nshelves = 0;
    for (size_t i = 0; i < p->nplaces; i++)
        if (!done[i] && !p->places[i].hidden)
            put_component(&o, find_root(&o, (int)i), done);
    for (size_t i = 0; i < p->nplaces; i++) {
        struct plan_place *pp = &pl->places[i];
        if (!p->places[i].hidden && pp->shelf > 0)
            pp->turned = p->places[i].kind == PICTURE_OUTSIDE ||
                         (pp->plain && pp->nrows == 1 && leads_up(pl, (int)i));
    }
    free(done);
    free(o.depth);
}
