/* Ways for wires: where they leave the devices, the tracks that they take in channels, the lanes
 * that join two channels. */
#include <limits.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/picture/glyphs.h"
#include "cmd/picture/plan.h"

enum { FAR_RIGHT = INT_MAX / 2, SHELF_ORDER = 1 << 16 };

static struct plan_place *place_of(const struct plan *pl, int device)
{
    return &pl->places[pl->p->devices[device].place];
}

bool plan_is_last_row(const struct plan *pl, int device)
{
    return pl->devices[device].row == (int)place_of(pl, device)->nrows - 1;
}

/* ---- channels ---- */

static int channel_of(struct plan *pl, int place, int row, int order)
{
    for (size_t i = 0; i < pl->nchannels; i++)
        if (pl->channels[i].place == place && pl->channels[i].row == row)
            return (int)i;
    ARRAY_GROW(pl->channels, pl->nchannels, pl->channels_cap);
    pl->channels[pl->nchannels] = (struct plan_channel){order, place, row};
    return (int)pl->nchannels++;
}

static int below_shelf(struct plan *pl, int shelf)
{
    return channel_of(pl, -1, shelf, (shelf + 1) * SHELF_ORDER);
}

static int within_place(struct plan *pl, int device)
{
    int place = pl->p->devices[device].place, row = pl->devices[device].row;
    return channel_of(pl, place, row, pl->places[place].shelf * SHELF_ORDER + 1 + row);
}

static struct plan_end make_end(struct plan *pl, int device)
{
    const struct plan_place *pp = place_of(pl, device);
    struct plan_end e = {.device = device, .x = -1, .track = -1, .above = !pp->turned};
    if (pp->turned)
        e.channel = below_shelf(pl, pp->shelf - 1);
    else if (plan_is_last_row(pl, device))
        e.channel = below_shelf(pl, pp->shelf);
    else
        e.channel = within_place(pl, device);
    return e;
}

static void add_wire(struct plan *pl, int a, int b)
{
    struct plan_wire w = {make_end(pl, a), make_end(pl, b), -1};
    if (pl->p->devices[a].place == pl->p->devices[b].place &&
        pl->devices[a].row == pl->devices[b].row && !place_of(pl, a)->turned)
        w.a.channel = w.b.channel = within_place(pl, a);
    ARRAY_GROW(pl->wires, pl->nwires, pl->wires_cap);
    pl->wires[pl->nwires++] = w;
}

static void say_it(struct plan *pl, int device)
{
    pl->devices[device].in_words = true;
    pl->devices[pl->p->devices[device].peer].in_words = true;
}

/* Those that are drawn. false: some cannot be, and are to be told in words. */
static bool collect(struct plan *pl)
{
    bool all = true;
    const struct picture *p = pl->p;
    pl->nwires = pl->nchannels = 0;
    for (int i = 0; (size_t)i < p->ndevices; i++) {
        int peer = p->devices[i].peer;
        if (p->devices[i].hidden || peer < 0 || p->devices[peer].hidden || pl->devices[i].in_words)
            continue;
        if (!pl->devices[i].low || !pl->devices[peer].low) {
            say_it(pl, i);
            all = false;
        } else if (i < peer) {
            add_wire(pl, i, peer);
        }
    }
    return all;
}

/* ---- where they leave the boxes ---- */

static int left_of(const struct plan *pl, int device)
{
    return place_of(pl, device)->x + pl->devices[device].x;
}

static bool is_taken(const struct plan *pl, int channel, int x, const struct plan_wire *but)
{
    for (size_t i = 0; i < pl->nwires; i++) {
        const struct plan_wire *w = &pl->wires[i];
        if (w != but &&
            ((w->a.channel == channel && w->a.x == x) || (w->b.channel == channel && w->b.x == x)))
            return true;
    }
    return false;
}

/* Does the title of its place stand there, in the border that the wire passes? */
static bool is_behind_title(const struct plan *pl, const struct plan_end *e, int x)
{
    const struct plan_place *pp = place_of(pl, e->device);
    const struct picture_place *from = &pl->p->places[pl->p->devices[e->device].place];
    return from->kind == PICTURE_NAMESPACE && !pp->ntitle &&
           x < pp->x + PLAN_TITLE_ROOM - 2 + (int)glyph_width(from->title);
}

/* From below: right under the other end if that is possible, else near the middle. */
static int free_column(const struct plan *pl, const struct plan_end *e, const struct plan_wire *w,
                       const struct plan_end *other)
{
    int left = left_of(pl, e->device), width = pl->devices[e->device].w, middle = left + width / 2;
    int second = -1;
    if (other->channel == e->channel && other->x > left && other->x < left + width - 1 &&
        !is_behind_title(pl, e, other->x))
        return other->x;
    for (int off = 0; off < 2 * width; off++) {
        int x = middle + (off % 2 ? -(off + 1) / 2 : off / 2);
        if (x <= left || x >= left + width - 1 || is_taken(pl, e->channel, x, w))
            continue;
        if (!is_behind_title(pl, e, x))
            return x;
        if (second < 0)
            second = x;
    }
    return second;
}

static bool set_pins(struct plan *pl)
{
    bool all = true;
    for (size_t i = 0; i < pl->nwires; i++)
        for (int side = 0; side < 2; side++) {
            struct plan_end *e = side ? &pl->wires[i].b : &pl->wires[i].a;
            if (e->above)
                e->x = left_of(pl, e->device) + pl->devices[e->device].w / 2;
        }
    for (size_t i = 0; i < pl->nwires; i++)
        for (int side = 0; side < 2; side++) {
            struct plan_wire *w = &pl->wires[i];
            struct plan_end *e = side ? &w->b : &w->a, *other = side ? &w->a : &w->b;
            if (e->x < 0)
                e->x = free_column(pl, e, w, other);
            if (e->x < 0) {
                say_it(pl, e->device);
                all = false;
            }
        }
    return all;
}

/* ---- lanes ---- */

static int order_of(const struct plan *pl, const struct plan_end *e)
{
    return pl->channels[e->channel].order;
}

static int span(const struct plan *pl, const struct plan_wire *w)
{
    return abs(order_of(pl, &w->a) - order_of(pl, &w->b));
}

static bool share_lane(const struct plan *pl, const struct plan_wire *v, const struct plan_wire *w)
{
    int v1 = order_of(pl, &v->a), v2 = order_of(pl, &v->b);
    int w1 = order_of(pl, &w->a), w2 = order_of(pl, &w->b);
    int vmin = v1 < v2 ? v1 : v2, vmax = v1 + v2 - vmin;
    int wmin = w1 < w2 ? w1 : w2, wmax = w1 + w2 - wmin;
    return vmax < wmin || wmax < vmin;
}

static bool lane_is_free(const struct plan *pl, int lane, const struct plan_wire *w)
{
    for (size_t i = 0; i < pl->nwires; i++)
        if (pl->wires[i].lane == lane && !share_lane(pl, &pl->wires[i], w))
            return false;
    return true;
}

/* The shortest that has no lane yet; of those alike the one that leaves at the very right. */
static struct plan_wire *next_for_lane(struct plan *pl)
{
    struct plan_wire *best = NULL;
    for (size_t i = 0; i < pl->nwires; i++) {
        struct plan_wire *w = &pl->wires[i];
        if (w->a.channel == w->b.channel || w->lane >= 0)
            continue;
        if (!best || span(pl, w) < span(pl, best) ||
            (span(pl, w) == span(pl, best) && w->a.x + w->b.x > best->a.x + best->b.x))
            best = w;
    }
    return best;
}

/* false: more are needed than are kept. */
static bool set_lanes(struct plan *pl, int most)
{
    bool all = true;
    pl->lanes = 0;
    for (struct plan_wire *w; (w = next_for_lane(pl));) {
        int lane = 0;
        while (!lane_is_free(pl, lane, w))
            lane++;
        w->lane = lane;
        if (lane >= most) {
            say_it(pl, w->a.device);
            all = false;
        } else if (lane >= pl->lanes) {
            pl->lanes = lane + 1;
        }
    }
    return all;
}

/* ---- tracks ---- */

/* What a wire takes of a channel. */
struct segment {
    int left, right;
    int class, rank; /* the order in which they are given tracks, from the top */
    int channel;
    struct plan_end *e, *other; /* other NULL: in another channel */
};

static struct segment to_lane(struct plan_end *e)
{
    struct segment s = {e->x, FAR_RIGHT, e->above ? 1 : 3, 0, e->channel, e, NULL};
    s.rank = e->above ? -e->x : e->x;
    return s;
}

static struct segment across(struct plan_wire *w)
{
    struct plan_end *l = w->a.x <= w->b.x ? &w->a : &w->b, *r = l == &w->a ? &w->b : &w->a;
    struct segment s = {l->x, r->x, 0, r->x - l->x, l->channel, l, r};
    if (!l->above && !r->above) {
        s.class = 4;
        s.rank = -s.rank;
    } else if (l->above != r->above) {
        s.class = 2;
        s.rank = l->above ? FAR_RIGHT - l->x : r->x;
    }
    return s;
}

static int by_channel(const void *va, const void *vb)
{
    const struct segment *a = va, *b = vb;
    if (a->channel != b->channel)
        return a->channel < b->channel ? -1 : 1;
    if (a->class != b->class)
        return a->class - b->class;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->left - b->left;
}

static bool track_is_free(const struct segment *s, size_t n, const struct segment *mine, int track)
{
    for (size_t i = 0; i < n; i++)
        if (s[i].channel == mine->channel && s[i].e->track == track && s[i].left <= mine->right &&
            mine->left <= s[i].right)
            return false;
    return true;
}

static int *tracks_of(struct plan *pl, int channel)
{
    const struct plan_channel *c = &pl->channels[channel];
    return c->place < 0 ? &pl->shelves[c->row].tracks : &pl->places[c->place].rows[c->row].tracks;
}

static void set_tracks(struct plan *pl)
{
    struct segment *s = mem_calloc(2 * pl->nwires + 1, sizeof(*s));
    size_t n = 0;
    for (size_t i = 0; i < pl->nwires; i++) {
        struct plan_wire *w = &pl->wires[i];
        if (w->lane >= 0) {
            s[n++] = to_lane(&w->a);
            s[n++] = to_lane(&w->b);
        } else if (w->a.x != w->b.x) {
            s[n++] = across(w);
        }
    }
    qsort(s, n, sizeof(*s), by_channel);
    for (size_t i = 0, first = 0; i < n; i++) {
        int track = 0, *tracks = tracks_of(pl, s[i].channel);
        if (s[first].channel != s[i].channel)
            first = i;
        while (!track_is_free(s + first, i - first, &s[i], track))
            track++;
        s[i].e->track = track;
        if (s[i].other)
            s[i].other->track = track;
        if (track >= *tracks)
            *tracks = track + 1;
    }
    free(s);
}

bool plan_wires(struct plan *pl)
{
    if (!collect(pl) || !set_pins(pl))
        return false;
    if (!set_lanes(pl, pl->width / 12))
        return false;
    if (pl->lanes > pl->lanes_kept) {
        pl->lanes_kept = pl->lanes;
        return false;
    }
    set_tracks(pl);
    for (size_t i = 0; i < pl->nwires; i++) {
        const struct plan_wire *w = &pl->wires[i];
        for (int side = 0; side < 2; side++) {
            const struct plan_channel *c = &pl->channels[side ? w->b.channel : w->a.channel];
            if (c->place < 0)
                pl->shelves[c->row].pins = true;
        }
    }
    return true;
}
