#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/picture/glyphs.h"
#include "cmd/picture/plan.h"

enum { GAP = 2, BORDERS = 4, TRUNK = 4, STACK_MIN = 18, OWN_PIN = 5, BOX_MIN = 7 };

static int max(int a, int b)
{
    return a > b ? a : b;
}

/* ---- what is in a box ---- */

static void add_text(struct picture_line **t, size_t *n, size_t *cap, const char *text, size_t len,
                     enum picture_style style)
{
    ARRAY_GROW(*t, *n, *cap);
    (*t)[(*n)++] = (struct picture_line){mem_strndup(text, len), style};
}

void plan_wrap(struct picture_line **t, size_t *n, size_t *cap, const char *text, int columns,
               enum picture_style style)
{
    while ((int)glyph_width(text) > columns) {
        const char *end = text, *blank = NULL, *next = text;
        for (int used = 0;; end = next) {
            if (*end == ' ')
                blank = end;
            used += (int)glyph_columns(glyph_next(&next));
            if (used > columns)
                break;
        }
        if (blank && blank > text)
            end = blank;
        add_text(t, n, cap, text, (size_t)(end - text), style);
        text = end + (*end == ' ');
    }
    add_text(t, n, cap, text, strlen(text), style);
}

static enum picture_style level_style(enum picture_level level)
{
    return level == PICTURE_LEVEL_UP     ? PICTURE_UP
           : level == PICTURE_LEVEL_DOWN ? PICTURE_DOWN
                                         : PICTURE_WAITING;
}

static void tell_peer(struct plan_device *b, const struct picture *p,
                      const struct picture_device *d, int columns)
{
    const struct picture_device *peer = &p->devices[d->peer];
    struct strbuf sb = STRBUF_INIT;
    strbuf_addf(&sb, "to %s", peer->name);
    if (peer->place != d->place && peer->ifindex)
        strbuf_addf(&sb, " in %s", p->places[peer->place].name);
    plan_wrap(&b->t, &b->nt, &b->t_cap, sb.data, columns, PICTURE_PLAIN);
    strbuf_release(&sb);
}

/* The name and the state are the first line, or two. */
static void fill_box(struct plan_device *b, const struct picture *p, int device, int columns)
{
    const struct picture_device *d = &p->devices[device];
    bool together = (int)(glyph_width(d->name) + 2 + strlen(d->state)) <= columns;
    plan_wrap(&b->t, &b->nt, &b->t_cap, d->name, columns, PICTURE_NAME);
    if (*d->state && !together)
        plan_wrap(&b->t, &b->nt, &b->t_cap, d->state, columns, level_style(d->level));
    for (size_t i = 0; i < d->nlines; i++)
        plan_wrap(&b->t, &b->nt, &b->t_cap, d->lines[i].text, columns, d->lines[i].style);
    if (d->lost)
        plan_wrap(&b->t, &b->nt, &b->t_cap, "stopped here", columns, PICTURE_LOST);
    if (b->in_words)
        tell_peer(b, p, d, columns);
    b->w = BOX_MIN;
    for (size_t i = 0; i < b->nt; i++)
        b->w = max(b->w, (int)glyph_width(b->t[i].text) + BORDERS);
    if (*d->state && together)
        b->w = max(b->w, (int)(glyph_width(d->name) + 2 + strlen(d->state)) + BORDERS);
    b->h = (int)b->nt + 2;
    b->state_beside = *d->state && together;
    b->up = -1;
    b->y = 0;
}

/* ---- a device with what stands on it and hangs below it ---- */

static bool may_stand(const struct picture *p, int i)
{
    const struct picture_device *d = &p->devices[i];
    if (d->hidden || d->master >= 0 || d->lower < 0)
        return false;
    const struct picture_device *lower = &p->devices[d->lower];
    return lower->place == d->place && lower->master < 0 && lower->lower < 0 && !lower->hidden;
}

/* VLANs side by side on their device, which keeps some columns for itself. */
static int stand_on(struct plan *pl, int root, int most)
{
    int w = 1, h = 0;
    const struct picture *p = pl->p;
    for (size_t i = 0; i < p->ndevices; i++)
        if (may_stand(p, (int)i) && p->devices[i].lower == root)
            w += pl->devices[i].w - 1;
    if (w == 1 || w + OWN_PIN > most)
        return 0;
    for (size_t i = 0; i < p->ndevices; i++)
        if (may_stand(p, (int)i) && p->devices[i].lower == root)
            h = max(h, pl->devices[i].h);
    int x = 0;
    for (size_t i = 0; i < p->ndevices; i++) {
        struct plan_device *b = &pl->devices[i];
        if (!may_stand(p, (int)i) || p->devices[i].lower != root)
            continue;
        b->stacked = true;
        b->low = false;
        b->x = x;
        b->h = h;
        b->up = x + b->w / 2;
        x += b->w - 1;
    }
    struct plan_device *b = &pl->devices[root];
    b->y = h - 1;
    b->w = max(b->w, w + OWN_PIN);
    return w;
}

struct port_row {
    int first, next, w, h, n; /* next: the device behind them */
};

/* The ports from `first` on that fit into a row. */
static struct port_row next_port_row(const struct plan *pl, int root, int first, int most)
{
    struct port_row r = {.first = first, .w = 1};
    int place = pl->p->devices[root].place;
    for (int i = first; (i = picture_next_in(pl->p, place, i)) >= 0; i++) {
        if (pl->p->devices[i].master != root)
            continue;
        if (r.n && r.w + pl->devices[i].w - 1 > most)
            break;
        r.w += pl->devices[i].w - 1;
        r.h = max(r.h, pl->devices[i].h);
        r.n++;
        r.next = i + 1;
    }
    return r;
}

/* Its boxes, as wide as the bridge together. */
static void set_port_row(struct plan *pl, int root, const struct port_row *r, int y)
{
    int x = pl->devices[root].x, i = r->first;
    int spare = pl->devices[root].w - r->w;
    for (int n = 0; i < r->next; i++) {
        struct plan_device *b = &pl->devices[i];
        if (pl->p->devices[i].hidden || pl->p->devices[i].master != root)
            continue;
        int more = spare / (r->n - n);
        spare -= more;
        n++;
        b->x = x;
        b->y = y;
        b->w += more;
        b->h = r->h;
        b->low = true;
        x += b->w - 1;
    }
}

static void hang_ports(struct plan *pl, int root, int most)
{
    struct plan_device *b = &pl->devices[root];
    int y = b->y + b->h - 1;
    struct port_row r;
    for (int i = 0; (r = next_port_row(pl, root, i, most)).n > 0; i = r.next)
        b->w = max(b->w, r.w);
    int last = 0;
    for (int i = 0; (r = next_port_row(pl, root, i, most)).n > 0; i = r.next, y += r.h - 1) {
        last = r.first;
        set_port_row(pl, root, &r, y);
    }
    for (int i = 0; i < last; i++)
        if (pl->p->devices[i].master == root) /* others are below it */
            pl->devices[i].low = false;
    b->low = false;
}

static bool has_ports(const struct picture *p, int root)
{
    for (int i = 0; (i = picture_next_in(p, p->devices[root].place, i)) >= 0; i++)
        if (p->devices[i].master == root)
            return true;
    return false;
}

/* All that belongs to a root, at column 0 and on top of its row; returns the height. */
static int make_cell(struct plan *pl, int root, int most, bool *plain)
{
    struct plan_device *b = &pl->devices[root];
    b->x = 0;
    b->low = true;
    int stood = stand_on(pl, root, most);
    bool ports = has_ports(pl->p, root);
    if (ports)
        hang_ports(pl, root, most);
    b->up = stood ? stood + 2 : b->w / 2;
    *plain = !stood && !ports;
    int h = b->y + b->h;
    for (size_t i = 0; ports && i < pl->p->ndevices; i++)
        if (pl->p->devices[i].master == root && !pl->p->devices[i].hidden)
            h = max(h, pl->devices[i].y + pl->devices[i].h);
    return h;
}

static bool is_root(const struct plan *pl, int i)
{
    return pl->p->devices[i].master < 0 && !pl->devices[i].stacked;
}

static bool is_of_cell(const struct plan *pl, int i, int root)
{
    const struct picture_device *d = &pl->p->devices[i];
    return i == root || d->master == root || (pl->devices[i].stacked && d->lower == root);
}

static void move_cell(struct plan *pl, int root, int x, int row)
{
    int place = pl->p->devices[root].place;
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++) {
        struct plan_device *b = &pl->devices[i];
        if (!is_of_cell(pl, i, root))
            continue;
        b->x += x;
        b->row = row;
        if (b->up >= 0)
            b->up += x;
    }
}

/* ---- the rows of a place ---- */

static int new_row(struct plan_place *pp)
{
    ARRAY_GROW(pp->rows, pp->nrows, pp->rows_cap);
    pp->rows[pp->nrows] = (struct plan_row){0};
    return (int)pp->nrows++;
}

/* Boxes that stand alone are as high as the highest of them in their row. */
static void level_row(struct plan *pl, int place, int row, const bool *plain)
{
    int h = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++)
            if (plain[i] && pl->devices[i].row == row) {
                h = max(h, pl->devices[i].h);
                pl->devices[i].h = h;
            }
    pl->places[place].rows[row].h = max(pl->places[place].rows[row].h, h);
}

/* A root's whole height. */
static int cell_height(const struct plan *pl, int root)
{
    int h = 0;
    for (int i = 0; (i = picture_next_in(pl->p, pl->p->devices[root].place, i)) >= 0; i++)
        if (is_of_cell(pl, i, root))
            h = max(h, pl->devices[i].y + pl->devices[i].h);
    return h;
}

/* Has it, or what belongs to it, a wire that leads out of the place? */
static bool leads_out(const struct plan *pl, int root)
{
    const struct picture *p = pl->p;
    int place = p->devices[root].place;
    for (int i = 0; (i = picture_next_in(p, place, i)) >= 0; i++)
        if (is_of_cell(pl, i, root) && p->devices[i].peer >= 0 && !pl->devices[i].in_words &&
            p->devices[p->devices[i].peer].place != place)
            return true;
    return false;
}

struct filling {
    int most, gap; /* columns of a row, and between boxes */
    int row, x, widest;
};

/* Must a row begin here? Both ends of a pair stand in one, if they are neighbours. */
static bool is_full(const struct plan *pl, const struct filling *f, int root)
{
    int w = pl->devices[root].w, peer = pl->p->devices[root].peer;
    int with_peer = w;
    if (peer > root && is_root(pl, peer) &&
        picture_next_in(pl->p, pl->p->devices[root].place, root + 1) == peer)
        with_peer += f->gap + pl->devices[peer].w;
    return f->x > 0 && (f->x + w > f->most || (f->x + with_peer > f->most && with_peer <= f->most));
}

static void put_cell(struct plan *pl, struct filling *f, int root)
{
    struct plan_place *pp = &pl->places[pl->p->devices[root].place];
    int h = cell_height(pl, root);
    if (is_full(pl, f, root)) {
        f->row = new_row(pp);
        f->x = 0;
    }
    move_cell(pl, root, f->x, f->row);
    pp->rows[f->row].h = max(pp->rows[f->row].h, h);
    f->x += pl->devices[root].w + f->gap;
    f->widest = max(f->widest, f->x - f->gap);
}

/* Columns of all in one row, with that gap. */
static int one_row(const struct plan *pl, int place, int gap)
{
    int w = -gap;
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++)
        if (is_root(pl, i))
            w += pl->devices[i].w + gap;
    return w;
}

/* In one row, or in several of which the last have the wires that lead out. Returns the widest
 * row's columns. */
static int fill_rows(struct plan *pl, int place, int most, const bool *plain)
{
    struct plan_place *pp = &pl->places[place];
    struct filling f = {.most = most + TRUNK, .gap = GAP, .row = new_row(pp)};
    bool one = one_row(pl, place, GAP) <= f.most;
    if (!one && one_row(pl, place, 1) <= f.most) {
        f.gap = 1;
        one = true;
    }
    if (!one)
        f.most = most;
    pp->plain = true;
    for (int out = 0; out < (one ? 1 : 2); out++)
        for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++) {
            if (!is_root(pl, i) || (!one && leads_out(pl, i) != out))
                continue;
            put_cell(pl, &f, i);
            pp->plain &= plain[i];
        }
    for (size_t r = 0; r < pp->nrows; r++)
        level_row(pl, place, (int)r, plain);
    return f.widest;
}

static void shift_devices(struct plan *pl, int place, int x)
{
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++) {
        pl->devices[i].x += x;
        if (pl->devices[i].up >= 0)
            pl->devices[i].up += x;
    }
}

static void make_place(struct plan *pl, int place)
{
    const struct picture_place *from = &pl->p->places[place];
    struct plan_place *pp = &pl->places[place];
    int most = pl->room - BORDERS - TRUNK;
    bool *plain = mem_calloc(pl->p->ndevices + 1, sizeof(*plain));
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++)
        fill_box(&pl->devices[i], pl->p, i, most - BORDERS);
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++)
        if (is_root(pl, i) && !may_stand(pl->p, i))
            make_cell(pl, i, most, &plain[i]);
    for (int i = 0; (i = picture_next_in(pl->p, place, i)) >= 0; i++)
        if (is_root(pl, i) && may_stand(pl->p, i)) /* there was no room for it */
            make_cell(pl, i, most, &plain[i]);
    int w = fill_rows(pl, place, most, plain);
    free(plain);
    if (from->kind == PICTURE_OUTSIDE) {
        pp->w = w;
        return;
    }
    shift_devices(pl, place, pp->nrows > 1 ? 2 + TRUNK : 2);
    w += pp->nrows > 1 ? TRUNK : 0;
    pp->w = max(w, STACK_MIN) + BORDERS;
    int title = (int)glyph_width(from->title) + PLAN_TITLE_ROOM;
    if (title <= pl->room)
        pp->w = max(pp->w, title);
    else
        plan_wrap(&pp->title, &pp->ntitle, &pp->title_cap, from->title, pp->w - BORDERS,
                  PICTURE_NAME);
}

void plan_boxes(struct plan *pl)
{
    for (size_t i = 0; i < pl->p->nplaces; i++)
        if (!pl->p->places[i].hidden)
            make_place(pl, (int)i);
}

static void forget_lines(struct picture_line **t, size_t *n, size_t *cap)
{
    for (size_t i = 0; i < *n; i++)
        free((*t)[i].text);
    free(*t);
    *t = NULL;
    *n = *cap = 0;
}

void plan_forget_boxes(struct plan *pl)
{
    for (size_t i = 0; i < pl->p->ndevices; i++) {
        struct plan_device *b = &pl->devices[i];
        bool in_words = b->in_words;
        forget_lines(&b->t, &b->nt, &b->t_cap);
        *b = (struct plan_device){.in_words = in_words};
    }
    for (size_t i = 0; i < pl->p->nplaces; i++) {
        struct plan_place *pp = &pl->places[i];
        forget_lines(&pp->title, &pp->ntitle, &pp->title_cap);
        free(pp->rows);
        *pp = (struct plan_place){0};
    }
}
