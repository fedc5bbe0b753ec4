/* A graph in the language of Graphviz. */
#include "cmd/picture/graph.h"
#include "cmd/picture/render.h"

/* Within quotes a backslash begins an escape of dot's, and "&lt;" would be read as "<". */
static void put_escaped(struct sink *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&') {
            sink_puts(out, "&amp;");
            continue;
        }
        if (*text == '"' || *text == '\\')
            sink_puts(out, "\\");
        sink_write(out, text, 1);
    }
}

static const char *colour_of(const struct picture_device *d)
{
    static const char *const colours[] = {
        [PICTURE_LEVEL_UP] = "#1a7f37",
        [PICTURE_LEVEL_WAITING] = "#9a6700",
        [PICTURE_LEVEL_DOWN] = "#c1121f",
    };
    return d->lost     ? "#c1121f\", penwidth=\"3"
           : d->on_way ? "#a2189a\", penwidth=\"3"
                       : colours[d->level];
}

static void open_place(struct sink *out, const struct picture *p, int place)
{
    sink_printf(out, "  subgraph \"cluster_%d\" {\n    label=\"", place);
    put_escaped(out, p->places[place].title);
    sink_printf(out, "\";\n    \"stack%d\" [label=\"network protocol stack\", style=filled];\n",
                place);
}

static void close_place(struct sink *out)
{
    sink_puts(out, "  }\n");
}

static void put_device(struct sink *out, const struct picture *p, int device)
{
    const struct picture_device *d = &p->devices[device];
    sink_printf(out, "    \"dev%d\" [label=\"", device);
    graph_label(out, d, "\\n", put_escaped);
    sink_printf(out, "\", color=\"%s\"%s];\n", colour_of(d),
                d->ifindex ? "" : ", style=\"rounded,dashed\"");
}

static void put_edge(struct sink *out, const struct picture *p, enum graph_edge kind, int a, int b)
{
    bool way = p->devices[b].on_way && kind != GRAPH_STACK && p->devices[a].on_way;
    if (kind == GRAPH_STACK)
        sink_printf(out, "    \"stack%d\" -- \"dev%d\" [style=%s];\n", a, b,
                    p->devices[b].level == PICTURE_LEVEL_DOWN ? "dashed" : "solid");
    else
        sink_printf(out, "    \"dev%d\" -- \"dev%d\" [%s%s];\n", a, b,
                    kind == GRAPH_WIRE   ? "style=bold, constraint=true"
                    : kind == GRAPH_PORT ? "label=\"port\""
                                         : "label=\"on\"",
                    way ? ", color=\"#a2189a\", penwidth=3" : "");
}

void render_dot(const struct picture *p, struct sink *out)
{
    static const struct graph_words words = {open_place, close_place, put_device, put_edge};
    sink_puts(out, "graph vnet {\n"
                   "  graph [fontname=\"monospace\", labeljust=l];\n"
                   "  node [shape=box, fontname=\"monospace\", fontsize=11];\n"
                   "  edge [fontname=\"monospace\", fontsize=9];\n");
    if (p->caption) {
        sink_puts(out, "  label=\"");
        put_escaped(out, p->caption);
        sink_puts(out, "\";\n");
    }
    graph_tell(&words, p, out);
    sink_puts(out, "}\n");
}
