#include "state/interfaces.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

static bool same_device(const struct recorder_device *a, const struct recorder_device *b)
{
    return a->ifindex == b->ifindex && a->netns == b->netns && a->arphrd == b->arphrd &&
           strcmp(a->ifname, b->ifname) == 0;
}

/* Where the device's number is, or belongs. */
static uint32_t *slot_of(const struct interfaces *x, const struct recorder_device *d)
{
    uint32_t i = (uint32_t)hash_mix64((uint64_t)d->netns << 32 | (uint32_t)d->ifindex);
    for (;; i++) {
        uint32_t *slot = &x->slots[i & (x->nslots - 1)];
        if (!*slot || same_device(&x->seg->devices[*slot - 1], d))
            return slot;
    }
}

/* At first, and when they are many for the slots. */
static void enter_all(struct interfaces *x)
{
    enum { FEWEST = 16 };
    free(x->slots);
    x->nslots = FEWEST;
    while (x->nslots <= 4 * x->seg->ndevices)
        x->nslots *= 2;
    x->slots = mem_calloc(x->nslots, sizeof(*x->slots));
    for (uint32_t i = 0; i < x->seg->ndevices; i++)
        *slot_of(x, &x->seg->devices[i]) = i + 1;
}

uint32_t interface_of(struct interfaces *x, const struct recorder_entry *e, bool *added)
{
    struct recorder_segment *s = x->seg;
    struct recorder_device d = {.netns = e->netns, .ifindex = e->ifindex, .arphrd = e->arphrd};
    memcpy(d.ifname, e->ifname, sizeof(d.ifname));
    if (x->nslots <= 2 * s->ndevices)
        enter_all(x);
    uint32_t *slot = slot_of(x, &d);
    *added = !*slot;
    if (*added) {
        ARRAY_GROW(s->devices, s->ndevices, s->devices_cap);
        s->devices[s->ndevices++] = d;
        *slot = s->ndevices;
    }
    return *slot - 1;
}

void interfaces_release(struct interfaces *x)
{
    free(x->slots);
    *x = (struct interfaces){.seg = NULL};
}
