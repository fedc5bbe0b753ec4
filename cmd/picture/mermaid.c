/* A flowchart for Mermaid, as Markdown files hold them. */
#include <string.h>

#include "cmd/picture/graph.h"
#include "cmd/picture/render.h"

/* Within quotes Mermaid knows entities as #NUMBER; - whatever could mean something is one. */
static void put_escaped(struct sink *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\"#&<>`%\\;{}[]()|*_~", *text))
            sink_printf(out, "#%d;", *text);
        else
            sink_write(out, text, 1);
    }
}

static void open_place(struct sink *out, const struct picture *p, int place)
{
    sink_printf(out, "  subgraph place%d[\"", place);
    put_escaped(out, p->places[place].title);
    sink_printf(out, "\"]\n    stack%d[\"network protocol stack\"]\n", place);
}

static void close_place(struct sink *out)
{
    sink_puts(out, "  end\n");
}

static void put_device(struct sink *out, const struct picture *p, int device)
{
    const struct picture_device *d = &p->devices[device];
    const char *class = d->lost                          ? "lost"
                        : d->on_way                      ? "way"
                        : d->level == PICTURE_LEVEL_UP   ? "up"
                        : d->level == PICTURE_LEVEL_DOWN ? "down"
                                                         : "waiting";
    sink_printf(out, "    dev%d%s\"", device, d->ifindex ? "[" : "([");
    graph_label(out, d, "<br/>", put_escaped);
    sink_printf(out, "\"%s:::%s\n", d->ifindex ? "]" : "])", class);
}

static void put_edge(struct sink *out, const struct picture *p, enum graph_edge kind, int a, int b)
{
    static const char *const lines[] = {[GRAPH_STACK] = "---",
                                        [GRAPH_PORT] = "---|port|",
                                        [GRAPH_LOWER] = "---|on|",
                                        [GRAPH_WIRE] = "==="};
    bool idle = kind == GRAPH_STACK && p->devices[b].level == PICTURE_LEVEL_DOWN;
    sink_printf(out, "    %s%d %s dev%d\n", kind == GRAPH_STACK ? "stack" : "dev", a,
                idle ? "-.-" : lines[kind], b);
}

void render_mermaid(const struct picture *p, struct sink *out)
{
    static const struct graph_words words = {open_place, close_place, put_device, put_edge};
    sink_puts(out, "flowchart TB\n");
    graph_tell(&words, p, out);
    if (p->caption) {
        sink_puts(out, "    outcome[\"");
        put_escaped(out, p->caption);
        sink_puts(out, "\"]\n");
    }
    sink_puts(out, "  classDef up stroke:#1a7f37\n"
                   "  classDef down stroke:#c1121f,stroke-dasharray:3 3\n"
                   "  classDef waiting stroke:#9a6700\n"
                   "  classDef way stroke:#a2189a,stroke-width:3px\n"
                   "  classDef lost stroke:#c1121f,stroke-width:3px\n");
}
