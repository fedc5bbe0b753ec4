/* Packets in the state file: in flight, or waiting for a neighbour. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dev/netdev.h"
#include "state/fields.h"

enum { PACKET_MAX = 65535 + 64 };

const char *const state_skb_keys[] = {"data", "packet", "route", NULL};

static const struct state_field skb_fields[] = {
    FIELD(skb, protocol, "protocol", FIELD_U16),
    FIELD(skb, pkt_type, "pkt_type", FIELD_U8, .max = 4),
    FIELD(skb, ip_summed, "ip_summed", FIELD_U8, .max = 3),
    FIELD(skb, mark, "mark", FIELD_U32),
    FIELD(skb, priority, "priority", FIELD_U32),
    FIELD(skb, sock, "socket", FIELD_U32),
    FIELD(skb, iif, "iif", FIELD_INT),
    FIELD(skb, looped, "looped", FIELD_BOOL),
    FIELD(skb, ignore_df, "ignore_df", FIELD_BOOL),
    FIELD(skb, vlan_proto, "vlan_proto", FIELD_U16),
    FIELD(skb, vlan_tci, "vlan_tci", FIELD_U16),
    {.key = NULL},
};

static const struct state_field dst_fields[] = {
    FIELD(dst, type, "type", FIELD_U8, .max = 11, .initial = 1),
    FIELD(dst, flags, "flags", FIELD_U32),
    FIELD(dst, mtu, "mtu", FIELD_U32),
    FIELD(dst, iif, "iif", FIELD_INT),
    FIELD(dst, error, "error", FIELD_INT, .min = -4095),
    FIELD(dst, scope, "scope", FIELD_U8),
    FIELD(dst, input, "input", FIELD_BOOL),
    {.key = NULL},
};
static const char *const dst_keys[] = {"dev", "gateway", "src", NULL};

void state_put_skb(struct json_out *o, const struct skb *skb)
{
    state_put_hex(o, "data", skb_data(skb), skb->len);
    json_put_object(o, "packet", false);
    state_put_fields(o, skb_fields, skb);
    json_put_end(o);
    if (!skb->has_dst)
        return;
    json_put_object(o, "route", false);
    json_put_int(o, "dev", skb->dst.dev->ifindex);
    state_put_addr(o, "gateway", &skb->dst.gateway);
    state_put_addr(o, "src", &skb->dst.src);
    state_put_fields(o, dst_fields, &skb->dst);
    json_put_end(o);
}

static int get_route(struct state_loader *l, struct netns *ns, const json_t *obj,
                     const struct state_path *at, struct dst *dst)
{
    int64_t ifindex = 0;
    int rc = state_only_fields(l, obj, at, dst_fields, dst_keys);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, dst_fields, dst);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "gateway", VNET_AF_UNSPEC, &dst->gateway);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "src", VNET_AF_UNSPEC, &dst->src);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "dev", 1, INT32_MAX, &ifindex);
    if (rc < 0)
        return rc;
    dst->dev = netdev_by_index(ns, (int)ifindex);
    return dst->dev ? 0 : state_fail(l, at, "dev", "must be the index of a link");
}

static int get_parts(struct state_loader *l, struct netns *ns, const json_t *obj,
                     const struct state_path *at, struct skb *skb)
{
    const json_t *packet = json_object_get(obj, "packet"), *route = json_object_get(obj, "route");
    const struct state_path packet_at = {.up = at, .key = "packet"};
    const struct state_path route_at = {.up = at, .key = "route"};
    skb->dst = (struct dst){0};
    int rc = state_only_fields(l, packet, &packet_at, skb_fields, NULL);
    if (rc == 0)
        rc = state_get_fields(l, packet, &packet_at, skb_fields, skb);
    if (rc == 0 && route)
        rc = get_route(l, ns, route, &route_at, &skb->dst);
    skb->has_dst = route != NULL;
    return rc;
}

int state_get_skb(struct state_loader *l, struct netns *ns, const json_t *obj,
                  const struct state_path *at, struct skb **out)
{
    uint8_t *data;
    size_t len;
    int rc = state_get_hex(l, json_object_get(obj, "data"), at, "data", PACKET_MAX, &data, &len);
    if (rc < 0)
        return rc;
    struct skb *skb = skb_alloc(l->w, len);
    memcpy(skb_put(skb, len), data, len);
    free(data);
    skb->mac = skb->net = skb->transport = skb->head;
    rc = get_parts(l, ns, obj, at, skb);
    if (rc < 0)
        skb_free(l->w, skb);
    else
        *out = skb;
    return rc;
}
