#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/hop.h"
#include "dev/netns.h"
#include "dev/skb.h"

enum { RECORDER_SNAPLEN = 65536 + 64 };

struct vnet *vnet_new(const struct vnet_profile *profile, uint64_t seed, int64_t now)
{
    struct vnet *w = mem_alloc(sizeof(*w));
    w->profile = profile;
    w->generation = 1;
    w->now = now;
    w->clock_offset = WORLD_NO_OFFSET;
    rng_seed(&w->rng, seed);
    klog_init(&w->klog);
    /* An uptime of some minutes; what matters is where `now` lies within a jiffy. */
    w->boot = now - 300 * NSEC_PER_SEC - (int64_t)rng_below(&w->rng, NSEC_PER_SEC);
    list_init(&w->events.line);
    list_init(&w->netns_list);
    list_init(&w->frames_in_flight);
    list_init(&w->linkwatch);
    w->next_netns_id = 1;
    w->recorder.snaplen = RECORDER_SNAPLEN;
    netns_new(w, "", NULL);
    return w;
}

void vnet_free(struct vnet *w)
{
    if (!w)
        return;
    w->ending = true;
    while (!list_empty(&w->netns_list))
        netns_free(list_entry(w->netns_list.prev, struct netns, node));
    dev_hop_release(w);
    skb_pool_release(w);
    recorder_release(&w->recorder);
    klog_release(&w->klog);
    free(w->nstat);
    free(w->broken);
    free(w->history.command);
    free(w->events.heap);
    free(w->asleep_text);
    hosts_release(&w->hosts);
    free(w);
}

const struct hosts *vnet_hosts(const struct vnet *w)
{
    return &w->hosts;
}

const struct vnet_profile *vnet_world_profile(const struct vnet *w)
{
    return w->profile;
}

struct netns *vnet_init_ns(struct vnet *w)
{
    return list_first(&w->netns_list, struct netns, node);
}

/* "/ID" */
static struct netns *find_by_id(struct vnet *w, const char *digits)
{
    char *end;
    unsigned long id = strtoul(digits, &end, 10);
    return *digits >= '1' && *digits <= '9' && !*end && id <= UINT32_MAX
               ? netns_by_id(w, (uint32_t)id)
               : NULL;
}

struct netns *vnet_ns_find(struct vnet *w, const char *name)
{
    if (!name || !*name)
        return vnet_init_ns(w);
    if (*name == '/')
        return find_by_id(w, name + 1);
    netns_each(w, ns)
    {
        if (strcmp(ns->name, name) == 0)
            return netns_awake(ns);
    }
    return NULL;
}

int64_t vnet_now(const struct vnet *w)
{
    return w->now;
}

uint32_t vnet_random(struct vnet *w)
{
    return (uint32_t)(rng_next(&w->rng) >> 32);
}

void vnet_touch(struct vnet *w)
{
    w->dirty = true;
    w->generation++;
}
