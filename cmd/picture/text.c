/* A layout as lines of text: everything is put into a grid of cells first. A line through a cell is
 * the sides of the cell that it meets; so lines and borders join by themselves. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/picture/glyphs.h"
#include "cmd/picture/render.h"

enum { NORTH = 1, EAST = 2, SOUTH = 4, WEST = 8, SIDES = 16 };
#define CONTINUED UINT32_MAX /* in place of a sign: the cell is the right half of one */

struct cell {
    uint32_t sign;             /* of a text; 0: none */
    uint8_t sides, wire_sides; /* that borders and lines meet, that wires do */
    uint8_t style;
    bool round, heavy;
    bool hop;    /* two wires cross and are not joined */
    size_t wire; /* which one, from 1 on */
};

struct grid {
    int w, h;
    struct cell *cells; /* owned */
};

struct signs {
    uint32_t sides[SIDES], heavy[SIDES];
    uint32_t round[SIDES];
    uint32_t works, idle; /* between the protocol stack and a device */
    uint32_t hop, heavy_hop;
};

/* By the sides: N 1, E 2, S 4, W 8. */
static const struct signs unicode = {
    .sides = {' ', 0x2575, 0x2576, 0x2514, 0x2577, 0x2502, 0x250c, 0x251c, 0x2574, 0x2518, 0x2500,
              0x2534, 0x2510, 0x2524, 0x252c, 0x253c},
    .heavy = {' ', 0x2579, 0x257a, 0x2517, 0x257b, 0x2503, 0x250f, 0x2523, 0x2578, 0x251b, 0x2501,
              0x253b, 0x2513, 0x252b, 0x2533, 0x254b},
    .round = {[NORTH | EAST] = 0x2570,
              [EAST | SOUTH] = 0x256d,
              [NORTH | WEST] = 0x256f,
              [SOUTH | WEST] = 0x256e},
    .works = 0x2195,
    .idle = 0x254e,
    .hop = 0x2502,
    .heavy_hop = 0x2503,
};
static const struct signs ascii_only = {
    .sides = {' ', '|', '-', '+', '|', '|', '+', '+', '-', '+', '-', '+', '+', '+', '+', '+'},
    .heavy = {' ', '#', '=', '#', '#', '#', '#', '#', '=', '#', '=', '#', '#', '#', '#', '#'},
    .round = {[NORTH | EAST] = '\'',
              [EAST | SOUTH] = '.',
              [NORTH | WEST] = '\'',
              [SOUTH | WEST] = '.'},
    .works = '|',
    .idle = ':',
    .hop = '|',
    .heavy_hop = '#',
};

/* NULL: it lies outside. */
static struct cell *cell_at(const struct grid *g, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < g->w && y < g->h;
    return inside ? &g->cells[(size_t)y * (size_t)g->w + (size_t)x] : NULL;
}

/* ---- putting things into the grid ---- */

static void add_sides(const struct grid *g, int x, int y, uint8_t sides, enum picture_style style)
{
    struct cell *c = cell_at(g, x, y);
    if (!c)
        return;
    c->sides |= sides;
    if (c->style == PICTURE_PLAIN || c->style == PICTURE_FRAME || style >= PICTURE_WAY)
        c->style = (uint8_t)style;
    c->heavy |= style >= PICTURE_WAY;
}

static void put_box(const struct grid *g, const struct layout_box *b)
{
    int right = b->x + b->w - 1, bottom = b->y + b->h - 1;
    for (int x = b->x; x <= right; x++) {
        uint8_t sides = (uint8_t)((x > b->x ? WEST : 0) | (x < right ? EAST : 0));
        add_sides(g, x, b->y, sides, b->style);
        add_sides(g, x, bottom, sides, b->style);
    }
    for (int y = b->y; y <= bottom; y++) {
        uint8_t sides = (uint8_t)((y > b->y ? NORTH : 0) | (y < bottom ? SOUTH : 0));
        add_sides(g, b->x, y, sides, b->style);
        add_sides(g, right, y, sides, b->style);
    }
    for (int corner = 0; b->round && corner < 4; corner++) {
        struct cell *c = cell_at(g, corner & 1 ? right : b->x, corner & 2 ? bottom : b->y);
        if (c)
            c->round = true;
    }
}

static void put_sign(const struct grid *g, int x, int y, uint32_t sign, enum picture_style style)
{
    struct cell *c = cell_at(g, x, y);
    if (!c)
        return;
    c->sign = sign;
    c->style = (uint8_t)style;
}

static void put_text(const struct grid *g, const struct layout_text *t)
{
    int x = t->x;
    for (const char *s = t->text; *s;) {
        uint32_t sign = glyph_next(&s);
        int columns = (int)glyph_columns(sign);
        put_sign(g, x, t->y, sign, t->style);
        if (columns == 2)
            put_sign(g, x + 1, t->y, CONTINUED, t->style);
        x += columns;
    }
}

static void add_wire_sides(const struct grid *g, int x, int y, uint8_t sides, size_t wire,
                           enum picture_style style)
{
    struct cell *c = cell_at(g, x, y);
    if (!c)
        return;
    c->hop |= c->wire && c->wire != wire;
    c->wire = wire;
    c->wire_sides |= sides;
    if (style >= PICTURE_WAY) {
        c->heavy = true;
        c->style = (uint8_t)style;
    }
}

/* A step of a line from one cell to the next. */
static void add_step(const struct grid *g, const struct layout_line *line, size_t wire, int x,
                     int y, uint8_t side)
{
    if (line->kind == LAYOUT_WIRE)
        add_wire_sides(g, x, y, side, wire, line->style);
    else
        add_sides(g, x, y, side, line->style);
}

static int towards(int from, int to)
{
    return from < to ? 1 : from > to ? -1 : 0;
}

static void put_line(const struct grid *g, const struct layout_line *line, size_t wire)
{
    for (int i = 0; i + 1 < line->n; i++) {
        int x = line->at[i].x, y = line->at[i].y;
        int dx = towards(x, line->at[i + 1].x), dy = towards(y, line->at[i + 1].y);
        uint8_t out = dx ? (dx > 0 ? EAST : WEST) : dy > 0 ? SOUTH : NORTH;
        uint8_t in = (uint8_t)(out <= EAST ? out << 2 : out >> 2); /* of the next cell */
        while (x != line->at[i + 1].x || y != line->at[i + 1].y) {
            add_step(g, line, wire, x, y, out);
            x += dx;
            y += dy;
            add_step(g, line, wire, x, y, in);
        }
    }
}

/* The sign of a line to the protocol stack stands next to the stack. */
static void put_arrow(const struct grid *g, const struct layout_line *line, const struct signs *s)
{
    bool down = line->kind == LAYOUT_STACK;
    if (line->kind == LAYOUT_STACK || line->kind == LAYOUT_IDLE)
        put_sign(g, line->at[0].x, line->at[0].y + 1, down ? s->works : s->idle, line->style);
}

static void fill(const struct grid *g, const struct layout *l, const struct signs *s)
{
    for (size_t i = 0; i < l->nboxes; i++)
        put_box(g, &l->boxes[i]);
    for (size_t i = 0; i < l->nlines; i++)
        put_line(g, &l->lines[i], i + 1);
    for (size_t i = 0; i < l->nlines; i++)
        put_arrow(g, &l->lines[i], s);
    for (size_t i = 0; i < l->ntexts; i++)
        put_text(g, &l->texts[i]);
}

/* ---- printing it ---- */

static uint32_t sign_of(const struct cell *c, const struct signs *s)
{
    unsigned sides = c->sides | c->wire_sides;
    if (c->sign)
        return c->sign;
    if (c->hop)
        return c->heavy ? s->heavy_hop : s->hop;
    if (c->heavy)
        return s->heavy[sides];
    return c->round && s->round[sides] ? s->round[sides] : s->sides[sides];
}

static const char *colour_of(unsigned style)
{
    static const char *const colours[] = {
        [PICTURE_PLAIN] = "",    [PICTURE_FRAME] = "90", [PICTURE_NAME] = "1",
        [PICTURE_UP] = "32",     [PICTURE_DOWN] = "31",  [PICTURE_WAITING] = "33",
        [PICTURE_KIND] = "34",   [PICTURE_ADDR] = "36",  [PICTURE_WAY] = "1;35",
        [PICTURE_LOST] = "1;31",
    };
    return colours[style];
}

static void print_line(const struct grid *g, int y, const struct signs *s, bool colour,
                       struct strbuf *sb)
{
    const char *now = "";
    int end = g->w;
    while (end > 0 && sign_of(cell_at(g, end - 1, y), s) == ' ')
        end--;
    for (int x = 0; x < end; x++) {
        const struct cell *c = cell_at(g, x, y);
        uint32_t sign = sign_of(c, s);
        const char *wanted = sign == ' ' ? now : colour_of(c->style);
        if (sign == CONTINUED)
            continue;
        if (colour && strcmp(now, wanted) != 0) {
            strbuf_addf(sb, "\033[0%s%sm", *wanted ? ";" : "", wanted);
            now = wanted;
        }
        glyph_add(sb, sign);
    }
    strbuf_adds(sb, *now ? "\033[0m\n" : "\n");
}

void render_text(const struct layout *l, bool ascii, bool colour, struct sink *out)
{
    struct grid g = {.w = l->w, .h = l->h};
    const struct signs *s = ascii ? &ascii_only : &unicode;
    struct strbuf sb = STRBUF_INIT;
    g.cells = mem_calloc((size_t)g.w * (size_t)g.h + 1, sizeof(*g.cells));
    fill(&g, l, s);
    for (int y = 0; y < g.h; y++) {
        strbuf_reset(&sb);
        print_line(&g, y, s, colour, &sb);
        sink_puts(out, sb.data);
    }
    strbuf_release(&sb);
    free(g.cells);
}
