/* Frames in flight: sent, not arrived yet. */
#include <stddef.h>

#include "dev/hop.h"
#include "sim/world.h"
#include "state/fields.h"

static void save_frame(const struct skb *skb, struct json_out *o)
{
    json_put_object(o, NULL, false);
    json_put_int(o, "netns", skb->dev->ns->id);
    json_put_int(o, "to", skb->dev->ifindex);
    state_put_timer(o, "due", &skb->arrival);
    state_put_skb(o, skb);
    json_put_end(o);
}

void state_save_frames(const struct vnet *w, struct json_out *o)
{
    if (list_empty(&w->frames_in_flight))
        return;
    json_put_array(o, "frames", true);
    list_each(pos, &w->frames_in_flight) save_frame(list_entry(pos, struct skb, in_flight), o);
    json_put_end(o);
}

/* Later frames of a link queue up behind the earlier. */
#define LONGEST_HOP NSEC_PER_SEC

static int load_frame(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"netns", "to", "due", "data", "packet", "route", NULL};
    int64_t id = 0, ifindex = 0;
    struct skb *skb;
    int rc = state_only_keys(l, obj, at, keys);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "netns", 1, UINT32_MAX, &id);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "to", 1, INT32_MAX, &ifindex);
    if (rc < 0)
        return rc;
    struct netns *ns = netns_by_id(l->w, (uint32_t)id);
    struct netdev *to = ns ? netdev_by_index(ns, (int)ifindex) : NULL;
    if (!to)
        return state_fail(l, at, "to", "must be the index of a link of namespace \"netns\"");
    rc = state_get_skb(l, ns, obj, at, &skb);
    if (rc < 0)
        return rc;
    dev_hop_begin(to, skb);
    rc = state_get_timer(l, obj, at, "due", &skb->arrival);
    if (rc < 0)
        return rc;
    if (!timer_pending(&skb->arrival))
        return state_fail(l, at, "due", "is missing");
    if (skb->arrival.expires > l->w->now + LONGEST_HOP)
        return state_fail(l, at, "due", "must be within a second of \"clock\"");
    dev_hop_restored(skb);
    return 0;
}

int state_load_frames(struct state_loader *l, const json_t *root, const struct state_path *at)
{
    return state_get_list(l, root, at, "frames", load_frame);
}
