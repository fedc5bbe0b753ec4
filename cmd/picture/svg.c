/* A layout in SVG: a column is 8 units wide, a line of text 17 high. Needs nothing besides: neither
 * fonts of its own nor scripts. */
#include "cmd/picture/glyphs.h"
#include "cmd/picture/render.h"

enum { COLUMN = 8, LINE = 17, MARGIN = 12, BASELINE = 13 };

static const char head[] =
    "<style>\n"
    "text { font: 13.3px \"DejaVu Sans Mono\", Menlo, Consolas, monospace; fill: #222; "
    "white-space: pre }\n"
    "rect, path { fill: none; stroke: #222; stroke-width: 1.2 }\n"
    ".paper { fill: #fff; stroke: none }\n"
    ".device { fill: #fff }\n"
    ".frame { fill: #f4f6f8; stroke: #7a8793 }\n"
    ".stack { stroke: #7a8793 }\n"
    ".idle { stroke: #7a8793; stroke-dasharray: 3 3 }\n"
    ".halo { stroke: #fff; stroke-width: 5 }\n"
    "text.name { font-weight: bold }\n"
    "text.up { fill: #1a7f37 }\n"
    "text.down, text.lost { fill: #c1121f }\n"
    "text.lost { font-weight: bold }\n"
    "text.waiting { fill: #9a6700 }\n"
    "text.kind { fill: #57606a }\n"
    "text.addr { fill: #0550ae }\n"
    "path.way, rect.way { stroke: #a2189a; stroke-width: 3 }\n"
    "rect.lost { stroke: #c1121f; stroke-width: 3 }\n"
    "</style>\n";

static const char *class_of(enum picture_style style)
{
    static const char *const names[] = {
        [PICTURE_PLAIN] = "plain", [PICTURE_FRAME] = "frame", [PICTURE_NAME] = "name",
        [PICTURE_UP] = "up",       [PICTURE_DOWN] = "down",   [PICTURE_WAITING] = "waiting",
        [PICTURE_KIND] = "kind",   [PICTURE_ADDR] = "addr",   [PICTURE_WAY] = "way",
        [PICTURE_LOST] = "lost",
    };
    return names[style];
}

static void put_escaped(struct sink *out, const char *text)
{
    for (; *text; text++) {
        const char *entity = *text == '&'   ? "&amp;"
                             : *text == '<' ? "&lt;"
                             : *text == '>' ? "&gt;"
                                            : NULL;
        if (entity)
            sink_puts(out, entity);
        else
            sink_write(out, text, 1);
    }
}

static int across(int x)
{
    return MARGIN + x * COLUMN + COLUMN / 2;
}

static int down(int y)
{
    return MARGIN + y * LINE + LINE / 2;
}

static void put_box(struct sink *out, const struct layout_box *b)
{
    sink_printf(out,
                "<rect class=\"%s%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n",
                b->style == PICTURE_FRAME ? "" : "device ", class_of(b->style), across(b->x),
                down(b->y), (b->w - 1) * COLUMN, (b->h - 1) * LINE, b->round ? 14 : 3);
}

static void put_path(struct sink *out, const struct layout_line *line, const char *class)
{
    sink_printf(out, "<path class=\"%s\" d=\"", class);
    for (int i = 0; i < line->n; i++)
        sink_printf(out, "%s%d %d", i ? " L" : "M", across(line->at[i].x), down(line->at[i].y));
    sink_puts(out, "\"/>\n");
}

/* Heads at both ends of what joins a device to the stack, wider where the line is. */
static void put_heads(struct sink *out, const struct layout_line *line, bool way)
{
    int x = across(line->at[0].x), last = line->n - 1, w = way ? 6 : 3, h = way ? 9 : 6;
    int y1 = down(line->at[0].y), y2 = down(line->at[last].y), x2 = across(line->at[last].x);
    sink_printf(out, "<path class=\"%s\" d=\"M%d %d l%d %d M%d %d l%d %d ", way ? "way" : "stack",
                x, y1, w, h, x, y1, -w, h);
    sink_printf(out, "M%d %d l%d %d M%d %d l%d %d\"/>\n", x2, y2, w, -h, x2, y2, -w, -h);
}

static void put_line(struct sink *out, const struct layout_line *line)
{
    if (line->kind != LAYOUT_WIRE) {
        bool way = line->style == PICTURE_WAY;
        put_path(out, line, line->kind == LAYOUT_IDLE ? "idle" : way ? "way" : "stack");
        if (line->kind == LAYOUT_STACK)
            put_heads(out, line, way);
        return;
    }
    put_path(out, line, "halo"); /* so that it passes over those before it */
    put_path(out, line, class_of(line->style));
}

static void put_text(struct sink *out, const struct layout_text *t)
{
    if (*t->text == ' ') /* it interrupts a border */
        sink_printf(out, "<rect class=\"paper\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                    MARGIN + t->x * COLUMN, MARGIN + t->y * LINE,
                    (int)glyph_width(t->text) * COLUMN, LINE);
    sink_printf(out, "<text class=\"%s\" xml:space=\"preserve\" x=\"%d\" y=\"%d\">",
                class_of(t->style), MARGIN + t->x * COLUMN, MARGIN + t->y * LINE + BASELINE);
    put_escaped(out, t->text);
    sink_puts(out, "</text>\n");
}

void render_svg(const struct layout *l, struct sink *out)
{
    int w = l->w * COLUMN + 2 * MARGIN, h = l->h * LINE + 2 * MARGIN;
    sink_printf(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"%d\" "
                "height=\"%d\" viewBox=\"0 0 %d %d\">\n"
                "<title>Network</title>\n%s",
                w, h, w, h, head);
    sink_printf(out, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", w, h);
    for (size_t i = 0; i < l->nboxes; i++)
        if (l->boxes[i].style == PICTURE_FRAME)
            put_box(out, &l->boxes[i]);
    for (size_t i = 0; i < l->nlines; i++)
        put_line(out, &l->lines[i]);
    for (size_t i = 0; i < l->nboxes; i++)
        if (l->boxes[i].style != PICTURE_FRAME)
            put_box(out, &l->boxes[i]);
    for (size_t i = 0; i < l->ntexts; i++)
        put_text(out, &l->texts[i]);
    sink_puts(out, "</svg>\n");
}
