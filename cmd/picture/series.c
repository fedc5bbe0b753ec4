/* Runs of what differs by a number only: ns1, ns2, ns3, ns4, each with an eth0 at the other end of
 * p1, p2, p3, p4. One picture stands for all of them, with the first and the last of every text
 * that counts on: nothing is lost. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/picture/model.h"

enum { ENOUGH = 4, DIGITS_MAX = 9 };

/* How a text becomes the next one: by adding `step` to the number at `at`; 0: it is the same. */
struct change {
    size_t at;
    long step;
};

struct changes {
    struct change *v; /* owned */
    size_t n, cap;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* false: they differ by more than a number, or count down. */
static bool compare_texts(struct changes *c, const char *a, const char *b)
{
    size_t at = 0;
    struct change change = {0};
    if (strcmp(a, b) != 0) {
        while (a[at] == b[at])
            at++;
        while (at > 0 && is_digit(a[at - 1]))
            at--;
        size_t na = strspn(a + at, "0123456789"), nb = strspn(b + at, "0123456789");
        if (!na || !nb || na > DIGITS_MAX || nb > DIGITS_MAX ||
            strcmp(a + at + na, b + at + nb) != 0)
            return false;
        change = (struct change){at, strtol(b + at, NULL, 10) - strtol(a + at, NULL, 10)};
        if (change.step <= 0)
            return false;
    }
    ARRAY_GROW(c->v, c->n, c->cap);
    c->v[c->n++] = change;
    return true;
}

static bool same_changes(const struct changes *a, const struct changes *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].at != b->v[i].at || a->v[i].step != b->v[i].step)
            return false;
    return true;
}

/* ---- likeness ---- */

/* Of two devices by themselves. */
static bool compare_devices(struct changes *c, const struct picture_device *a,
                            const struct picture_device *b)
{
    if (a->hidden || b->hidden || a->count > 1 || b->count > 1 || strcmp(a->kind, b->kind) != 0 ||
        strcmp(a->state, b->state) != 0 || a->nlines != b->nlines || a->steps != b->steps ||
        a->lost || b->lost || !compare_texts(c, a->name, b->name))
        return false;
    for (size_t i = 0; i < a->nlines; i++)
        if (a->lines[i].style != b->lines[i].style ||
            !compare_texts(c, a->lines[i].text, b->lines[i].text))
            return false;
    return true;
}

/* Where a device of a place leads to, seen from the place. */
static bool same_within(const struct picture_place *a, int to_a, const struct picture_place *b,
                        int to_b)
{
    return to_a < 0 || to_b < 0 ? to_a == to_b : to_a - a->first == to_b - b->first;
}

static bool is_within(const struct picture_place *a, int device)
{
    return device >= a->first && device < a->end;
}

static bool compare_peers(struct changes *c, const struct picture *p, int a, int b)
{
    const struct picture_device *da = &p->devices[a], *db = &p->devices[b];
    const struct picture_place *pa = &p->places[da->place], *pb = &p->places[db->place];
    if (da->peer < 0 || db->peer < 0 || is_within(pa, da->peer) || is_within(pb, db->peer))
        return same_within(pa, da->peer, pb, db->peer);
    const struct picture_device *ea = &p->devices[da->peer], *eb = &p->devices[db->peer];
    return ea->place == eb->place && ea->master == eb->master && ea->lower == eb->lower &&
           compare_devices(c, ea, eb) && c->n > 0;
}

static bool compare_places(struct changes *c, const struct picture *p, int a, int b)
{
    const struct picture_place *pa = &p->places[a], *pb = &p->places[b];
    c->n = 0;
    if (pa->kind != PICTURE_NAMESPACE || pb->kind != PICTURE_NAMESPACE || a == 0 ||
        pa->end - pa->first != pb->end - pb->first || !compare_texts(c, pa->name, pb->name) ||
        c->v[0].step == 0)
        return false;
    for (int i = pa->first, j = pb->first; i < pa->end; i++, j++)
        if (!compare_devices(c, &p->devices[i], &p->devices[j]) ||
            !same_within(pa, p->devices[i].master, pb, p->devices[j].master) ||
            !same_within(pa, p->devices[i].lower, pb, p->devices[j].lower) ||
            !compare_peers(c, p, i, j))
            return false;
    return true;
}

/* ---- one for all ---- */

/* "p1 .. p9", "p2, p4 .. p20", or what is the same in all. */
static char *range(const char *first, const char *second, const char *last)
{
    struct strbuf sb = STRBUF_INIT;
    struct changes c = {0};
    compare_texts(&c, first, second);
    strbuf_adds(&sb, first);
    if (c.n && c.v[0].step > 1)
        strbuf_addf(&sb, ", %s", second);
    if (strcmp(first, last) != 0)
        strbuf_addf(&sb, " .. %s", last);
    free(c.v);
    return strbuf_detach(&sb);
}

static void replace(char **text, char *by)
{
    free(*text);
    *text = by;
}

static void merge_device(struct picture *p, int first, int second, int last, unsigned count)
{
    struct picture_device *d = &p->devices[first];
    const struct picture_device *d2 = &p->devices[second], *dn = &p->devices[last];
    replace(&d->name, range(d->name, d2->name, dn->name));
    for (size_t i = 0; i < d->nlines; i++)
        replace(&d->lines[i].text, range(d->lines[i].text, d2->lines[i].text, dn->lines[i].text));
    d->count = count;
}

static void merge_places(struct picture *p, int first, int last)
{
    struct picture_place *pl = &p->places[first];
    const struct picture_place *second = &p->places[first + 1], *end = &p->places[last];
    unsigned count = (unsigned)(last - first) + 1;
    struct strbuf title = STRBUF_INIT;
    for (int i = 0; i < pl->end - pl->first; i++) {
        int peer = p->devices[pl->first + i].peer;
        if (peer >= 0 && !is_within(pl, peer)) {
            for (int j = first + 1; j <= last; j++)
                p->devices[p->devices[p->places[j].first + i].peer].hidden = true;
            merge_device(p, peer, p->devices[second->first + i].peer,
                         p->devices[end->first + i].peer, count);
            picture_add_line(&p->devices[peer], PICTURE_KIND, "%u devices", count);
        }
        merge_device(p, pl->first + i, second->first + i, end->first + i, count);
    }
    for (int j = first + 1; j <= last; j++) {
        p->places[j].hidden = true;
        for (int i = p->places[j].first; i < p->places[j].end; i++)
            p->devices[i].hidden = true;
    }
    replace(&pl->name, range(pl->name, second->name, end->name));
    strbuf_addf(&title, "%u namespaces, %s", count, pl->name);
    replace(&pl->title, strbuf_detach(&title));
    pl->count = count;
}

/* The last of a run that begins with `first`. */
static int end_of_run(const struct picture *p, int first, int n,
                      bool (*compare)(struct changes *c, const struct picture *p, int a, int b))
{
    struct changes whole = {0}, step = {0};
    int last = first;
    if (first + 1 < n && compare(&whole, p, first, first + 1))
        for (last = first + 1;
             last + 1 < n && compare(&step, p, last, last + 1) && same_changes(&whole, &step);)
            last++;
    free(whole.v);
    free(step.v);
    return last;
}

/* Devices that stand alone, or as ports of one bridge. */
static bool compare_lone(struct changes *c, const struct picture *p, int a, int b)
{
    const struct picture_device *da = &p->devices[a], *db = &p->devices[b];
    c->n = 0;
    return da->place == db->place && da->master == db->master && da->lower == db->lower &&
           da->peer < 0 && db->peer < 0 && !da->is_bridge && !db->is_bridge &&
           compare_devices(c, da, db);
}

/* Does any device lie on it? */
static bool carries(const struct picture *p, int device)
{
    const struct picture_place *at = &p->places[p->devices[device].place];
    for (int i = at->first; i < at->end; i++)
        if (p->devices[i].lower == device)
            return true;
    return false;
}

static void merge_lone(struct picture *p, int first, int last)
{
    unsigned count = (unsigned)(last - first) + 1;
    for (int i = first; i <= last; i++)
        if (carries(p, i))
            return;
    merge_device(p, first, first + 1, last, count);
    picture_add_line(&p->devices[first], PICTURE_KIND, "%u devices", count);
    for (int i = first + 1; i <= last; i++)
        p->devices[i].hidden = true;
}

void picture_merge_series(struct picture *p)
{
    for (int i = 0, last; (size_t)i < p->nplaces; i = last + 1) {
        last = end_of_run(p, i, (int)p->nplaces, compare_places);
        if (last - i + 1 >= ENOUGH)
            merge_places(p, i, last);
    }
    for (int i = 0, last; (size_t)i < p->ndevices; i = last + 1) {
        last = end_of_run(p, i, (int)p->ndevices, compare_lone);
        if (last - i + 1 >= ENOUGH)
            merge_lone(p, i, last);
    }
}
