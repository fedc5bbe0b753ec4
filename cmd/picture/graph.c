#include "cmd/picture/graph.h"

void graph_label(struct sink *out, const struct picture_device *d, const char *newline,
                 void (*put)(struct sink *out, const char *text))
{
    put(out, d->name);
    if (*d->state) {
        sink_puts(out, newline);
        put(out, d->state);
    }
    for (size_t i = 0; i < d->nlines; i++) {
        sink_puts(out, newline);
        put(out, d->lines[i].text);
    }
    if (d->lost) {
        sink_puts(out, newline);
        put(out, "stopped here");
    }
}

static void tell_place(const struct graph_words *words, const struct picture *p, int place,
                       struct sink *out)
{
    bool inside = p->places[place].kind == PICTURE_NAMESPACE;
    if (inside)
        words->open_place(out, p, place);
    for (int i = 0; (i = picture_next_in(p, place, i)) >= 0; i++)
        words->device(out, p, i);
    for (int i = 0; inside && (i = picture_next_in(p, place, i)) >= 0; i++)
        if (p->devices[i].master < 0)
            words->edge(out, p, GRAPH_STACK, place, i);
    for (int i = 0; (i = picture_next_in(p, place, i)) >= 0; i++) {
        const struct picture_device *d = &p->devices[i];
        if (d->master >= 0)
            words->edge(out, p, GRAPH_PORT, d->master, i);
        if (d->lower >= 0 && p->devices[d->lower].place == place && !p->devices[d->lower].hidden)
            words->edge(out, p, GRAPH_LOWER, i, d->lower);
    }
    if (inside)
        words->close_place(out);
}

void graph_tell(const struct graph_words *words, const struct picture *p, struct sink *out)
{
    for (size_t i = 0; i < p->nplaces; i++)
        if (!p->places[i].hidden)
            tell_place(words, p, (int)i, out);
    for (int i = 0; (size_t)i < p->ndevices; i++) {
        const struct picture_device *d = &p->devices[i];
        if (!d->hidden && d->peer > i && !p->devices[d->peer].hidden)
            words->edge(out, p, GRAPH_WIRE, i, d->peer);
        if (!d->hidden && d->lower >= 0 && p->devices[d->lower].place != d->place)
            words->edge(out, p, GRAPH_LOWER, i, d->lower);
    }
}
