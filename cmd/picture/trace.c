#include "cmd/picture/trace.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/picture/glyphs.h"

static bool is_place(const struct picture *p, size_t place, const char *netns)
{
    return *netns ? place > 0 && strcmp(p->places[place].name, netns) == 0 : true;
}

/* "" as the namespace's name is the initial one, or one that has none. NULL: not in the picture. */
static struct picture_device *find(struct picture *p, const char *netns, const char *dev)
{
    for (size_t i = 0; i < p->nplaces; i++) {
        if (p->places[i].kind != PICTURE_NAMESPACE || !is_place(p, i, netns))
            continue;
        for (int d = p->places[i].first; d < p->places[i].end; d++)
            if (strcmp(p->devices[d].name, dev) == 0)
                return &p->devices[d];
    }
    return NULL;
}

/* What is behind the card that the packet went by. */
static struct picture_device *find_outside(struct picture *p)
{
    for (size_t i = 0; i < p->ndevices; i++) {
        struct picture_device *d = &p->devices[i];
        if (p->places[d->place].kind == PICTURE_OUTSIDE && p->devices[d->peer].on_way)
            return d;
    }
    return NULL;
}

static struct picture_device *device_of(struct picture *p, const struct step *s)
{
    struct strbuf netns = STRBUF_INIT, dev = STRBUF_INIT;
    if (!s->dev)
        return NULL;
    glyph_add_safe(&netns, s->netns);
    glyph_add_safe(&dev, s->dev);
    struct picture_device *d = find(p, strbuf_cstr(&netns), strbuf_cstr(&dev));
    strbuf_release(&netns);
    strbuf_release(&dev);
    return d || !*s->netns ? d : find_outside(p);
}

/* Is the packet at the step's device? What was looked up names one that it need not come to. */
static bool is_at_device(const struct step *s)
{
    return !step_is_background(s) && strcmp(s->what, "route") != 0;
}

void picture_mark_way(struct picture *p, const struct trial *t)
{
    const struct step *loss = t->status ? trial_first_loss(t) : NULL;
    struct strbuf caption = STRBUF_INIT, safe = STRBUF_INIT;
    for (size_t i = 0; i < t->steps.n; i++) {
        const struct step *s = &t->steps.v[i];
        struct picture_device *d = is_at_device(s) ? device_of(p, s) : NULL;
        if (d) {
            d->on_way = true;
            d->steps++;
        }
        if (d && s == loss)
            d->lost = true;
    }
    trial_outcome(t, &caption);
    glyph_add_safe(&safe, strbuf_cstr(&caption));
    free(p->caption);
    p->caption = strbuf_detach(&safe);
    strbuf_release(&caption);
}
