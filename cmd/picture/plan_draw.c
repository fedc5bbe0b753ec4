/* Lines of text for all that has its columns; then boxes, texts and lines to be drawn. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/picture/glyphs.h"
#include "cmd/picture/plan.h"

enum { STACK_LINES = 3, ARROW = 1 };

/* ---- lines ---- */

static int place_height(const struct plan *pl, int place)
{
    const struct plan_place *pp = &pl->places[place];
    if (pl->p->places[place].kind == PICTURE_OUTSIDE)
        return pp->rows[0].h;
    int h = 2 + (int)pp->ntitle + STACK_LINES + ARROW;
    for (size_t r = 0; r < pp->nrows; r++) {
        h += pp->rows[r].h + pp->rows[r].tracks;
        if (r > 0)
            h += 1 + (pp->rows[r - 1].tracks > 0);
    }
    return h;
}

static void set_lines(struct plan *pl, int place, int y)
{
    struct plan_place *pp = &pl->places[place];
    pp->y = y;
    if (pl->p->places[place].kind != PICTURE_OUTSIDE)
        y += 1 + (int)pp->ntitle + (pp->turned ? 0 : STACK_LINES + ARROW);
    for (size_t r = 0; r < pp->nrows; r++) {
        if (r > 0)
            y += 1 + (pp->rows[r - 1].tracks > 0);
        pp->rows[r].y = y;
        y += pp->rows[r].h + pp->rows[r].tracks;
    }
}

static int set_all_lines(struct plan *pl)
{
    int y = 0;
    for (size_t s = 0; s < pl->nshelves; s++) {
        struct plan_shelf *shelf = &pl->shelves[s];
        shelf->y = y;
        shelf->h = 0;
        for (size_t i = 0; i < pl->p->nplaces; i++) {
            struct plan_place *pp = &pl->places[i];
            if (pl->p->places[i].hidden || pp->shelf != (int)s)
                continue;
            pp->h = place_height(pl, (int)i);
            set_lines(pl, (int)i, y);
            shelf->h = pp->h > shelf->h ? pp->h : shelf->h;
        }
        y += shelf->h + shelf->tracks + shelf->pins;
    }
    return y;
}

/* ---- things to draw ---- */

static void add_box(struct layout *l, int x, int y, int w, int h, enum picture_style style,
                    bool round)
{
    ARRAY_GROW(l->boxes, l->nboxes, l->boxes_cap);
    l->boxes[l->nboxes++] = (struct layout_box){x, y, w, h, style, round};
}

static void add_text(struct layout *l, int x, int y, const char *text, enum picture_style style)
{
    ARRAY_GROW(l->texts, l->ntexts, l->texts_cap);
    l->texts[l->ntexts++] = (struct layout_text){x, y, mem_strdup(text), style};
}

static struct layout_line *add_line(struct layout *l, enum layout_line_kind kind,
                                    enum picture_style style)
{
    ARRAY_GROW(l->lines, l->nlines, l->lines_cap);
    l->lines[l->nlines] = (struct layout_line){.kind = kind, .style = style};
    return &l->lines[l->nlines++];
}

/* A point that does not lead on is left out. */
static void add_point(struct layout_line *line, int x, int y)
{
    if (line->n > 0 && line->at[line->n - 1].x == x && line->at[line->n - 1].y == y)
        return;
    line->at[line->n].x = x;
    line->at[line->n++].y = y;
}

/* ---- devices ---- */

static enum picture_style box_style(const struct picture_device *d)
{
    return d->lost ? PICTURE_LOST : d->on_way ? PICTURE_WAY : PICTURE_PLAIN;
}

static enum picture_style level_style(enum picture_level level)
{
    return level == PICTURE_LEVEL_UP     ? PICTURE_UP
           : level == PICTURE_LEVEL_DOWN ? PICTURE_DOWN
                                         : PICTURE_WAITING;
}

static int top_of(const struct plan *pl, int device)
{
    const struct plan_device *b = &pl->devices[device];
    return pl->places[pl->p->devices[device].place].rows[b->row].y + b->y;
}

static void draw_device(const struct plan *pl, struct layout *l, int device)
{
    const struct picture_device *d = &pl->p->devices[device];
    const struct plan_device *b = &pl->devices[device];
    const struct plan_place *pp = &pl->places[d->place];
    int x = pp->x + b->x, y = top_of(pl, device);
    add_box(l, x, y, b->w, b->h, box_style(d), d->ifindex == 0);
    for (size_t i = 0; i < b->nt; i++)
        add_text(l, x + 2, y + 1 + (int)i, b->t[i].text, b->t[i].style);
    int state = (int)strlen(d->state);
    if (b->state_beside)
        add_text(l, x + b->w - 2 - state, y + 1, d->state, level_style(d->level));
}

/* ---- the protocol stack ---- */

static enum layout_line_kind stack_kind(const struct picture_device *d)
{
    return d->level == PICTURE_LEVEL_DOWN ? LAYOUT_IDLE : LAYOUT_STACK;
}

static void link_device(const struct plan *pl, struct layout *l, int device, int stack_edge)
{
    const struct picture_device *d = &pl->p->devices[device];
    const struct plan_device *b = &pl->devices[device];
    const struct plan_place *pp = &pl->places[d->place];
    if (b->up < 0)
        return;
    int top = top_of(pl, device), x = pp->x + b->up;
    enum picture_style style = d->on_way ? PICTURE_WAY : PICTURE_FRAME;
    struct layout_line *line = add_line(l, b->row > 0 ? LAYOUT_RAIL : stack_kind(d), style);
    if (b->row > 0) { /* from the trunk at the left */
        int rail = pp->rows[b->row].y - 1;
        add_point(line, pp->x + 3, stack_edge);
        add_point(line, pp->x + 3, rail);
        add_point(line, x, rail);
        add_point(line, x, top);
    } else if (pp->turned) {
        add_point(line, x, top + b->h - 1);
        add_point(line, x, stack_edge);
    } else {
        add_point(line, x, stack_edge);
        add_point(line, x, top);
    }
}

static void draw_stack(const struct plan *pl, struct layout *l, int place)
{
    static const char *const names[] = {"network protocol stack", "protocol stack"};
    const struct plan_place *pp = &pl->places[place];
    int y = pp->turned ? pp->y + pp->h - 1 - STACK_LINES : pp->y + 1 + (int)pp->ntitle;
    int w = pp->w - 4;
    const char *name = names[(int)strlen(names[0]) + 4 > w];
    add_box(l, pp->x + 2, y, w, STACK_LINES, PICTURE_FRAME, false);
    add_text(l, pp->x + 2 + (w - (int)strlen(name)) / 2, y + 1, name, PICTURE_PLAIN);
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++)
        link_device(pl, l, i, pp->turned ? y : y + STACK_LINES - 1);
}

static void draw_place(const struct plan *pl, struct layout *l, int place)
{
    const struct picture_place *from = &pl->p->places[place];
    const struct plan_place *pp = &pl->places[place];
    if (from->kind == PICTURE_NAMESPACE) {
        struct strbuf title = STRBUF_INIT;
        strbuf_addf(&title, " %s ", from->title);
        add_box(l, pp->x, pp->y, pp->w, pp->h, PICTURE_FRAME, false);
        if (!pp->ntitle)
            add_text(l, pp->x + 2, pp->y, title.data, PICTURE_NAME);
        for (size_t i = 0; i < pp->ntitle; i++)
            add_text(l, pp->x + 2, pp->y + 1 + (int)i, pp->title[i].text, PICTURE_NAME);
        draw_stack(pl, l, place);
        strbuf_release(&title);
    }
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++)
        draw_device(pl, l, i);
}

/* ---- wires ---- */

static int edge_of(const struct plan *pl, const struct plan_end *e)
{
    return top_of(pl, e->device) + (e->above ? pl->devices[e->device].h - 1 : 0);
}

static int track_line(const struct plan *pl, const struct plan_end *e)
{
    const struct plan_channel *c = &pl->channels[e->channel];
    if (c->place < 0)
        return pl->shelves[c->row].y + pl->shelves[c->row].h + e->track;
    const struct plan_row *r = &pl->places[c->place].rows[c->row];
    return r->y + r->h + e->track;
}

static void draw_wire(const struct plan *pl, struct layout *l, const struct plan_wire *w)
{
    const struct picture_device *a = &pl->p->devices[w->a.device],
                                *b = &pl->p->devices[w->b.device];
    struct layout_line *line =
        add_line(l, LAYOUT_WIRE, a->on_way && b->on_way ? PICTURE_WAY : PICTURE_PLAIN);
    add_point(line, w->a.x, edge_of(pl, &w->a));
    if (w->a.track >= 0)
        add_point(line, w->a.x, track_line(pl, &w->a));
    if (w->lane >= 0) {
        int x = pl->room + 1 + 2 * w->lane;
        add_point(line, x, track_line(pl, &w->a));
        add_point(line, x, track_line(pl, &w->b));
    }
    if (w->b.track >= 0)
        add_point(line, w->b.x, track_line(pl, &w->b));
    add_point(line, w->b.x, edge_of(pl, &w->b));
}

static void draw_caption(const struct plan *pl, struct layout *l)
{
    struct picture_line *t = NULL;
    size_t n = 0, cap = 0;
    plan_wrap(&t, &n, &cap, pl->p->caption, pl->width, PICTURE_PLAIN);
    l->h++;
    for (size_t i = 0; i < n; i++) {
        int w = (int)glyph_width(t[i].text);
        add_text(l, 0, l->h++, t[i].text, t[i].style);
        l->w = w > l->w ? w : l->w;
        free(t[i].text);
    }
    free(t);
}

/* Columns of all but the lanes, which are beside that, however wide the terminal is. */
static int columns_used(const struct plan *pl)
{
    int right = 0;
    for (size_t i = 0; i < pl->nshelves; i++)
        right = pl->shelves[i].w > right ? pl->shelves[i].w : right;
    for (size_t i = 0; i < pl->nwires; i++) {
        right = pl->wires[i].a.x >= right ? pl->wires[i].a.x + 1 : right;
        right = pl->wires[i].b.x >= right ? pl->wires[i].b.x + 1 : right;
    }
    return right < pl->room ? right : pl->room;
}

void plan_draw(struct plan *pl, struct layout *l)
{
    l->h = set_all_lines(pl);
    pl->room = columns_used(pl);
    l->w = pl->lanes ? pl->room + 2 * pl->lanes : 0;
    for (size_t i = 0; i < pl->p->nplaces; i++) {
        if (pl->p->places[i].hidden)
            continue;
        draw_place(pl, l, (int)i);
        int right = pl->places[i].x + pl->places[i].w;
        l->w = right > l->w ? right : l->w;
    }
    for (size_t i = 0; i < pl->nwires; i++)
        draw_wire(pl, l, &pl->wires[i]);
    if (pl->p->caption)
        draw_caption(pl, l);
}
