#include "state/records.h"

#include "base/put.h"
#include "base/scan.h"
#include "state/asleep.h"
#include "state/bridge_records.h"
#include "state/link_records.h"
#include "state/state.h"
#include "vnet_neigh.h"

/* "STATE" and the quote behind it, as save_neigh() names it. */
static const struct state_name {
    const char *name;
    uint8_t len, state;
} states[] = {
    {"REACHABLE\"", 10, VNET_NUD_REACHABLE}, {"STALE\"", 6, VNET_NUD_STALE},
    {"PERMANENT\"", 10, VNET_NUD_PERMANENT}, {"FAILED\"", 7, VNET_NUD_FAILED},
    {"NOARP\"", 6, VNET_NUD_NOARP},          {"DELAY\"", 6, VNET_NUD_DELAY},
    {"PROBE\"", 6, VNET_NUD_PROBE},
};
enum { STATES = sizeof(states) / sizeof(states[0]) };

static bool scan_state(struct scan *s, uint8_t *state)
{
    for (unsigned i = 0; i < STATES; i++) {
        *state = states[i].state;
        if (scan_bytes(s, states[i].name, states[i].len))
            return true;
    }
    return false;
}

static const struct state_name *state_name(uint8_t state)
{
    for (unsigned i = 0; i < STATES; i++)
        if (states[i].state == state)
            return &states[i];
    return NULL;
}

static bool scan_neigh_key(struct scan *s, struct neigh_record *r)
{
    int64_t v;
    struct lladdr lladdr;
    r->ifindex = 0;
    if (SCAN(s, "{\"ifindex\":")) {
        if (!scan_uint(s, INT32_MAX, &v) || v == 0 || !SCAN(s, ","))
            return false;
        r->ifindex = (int32_t)v;
    } else if (!SCAN(s, "{")) {
        return false;
    }
    if (!SCAN(s, "\"dst\":\"") || !scan_v4(s, &r->dst) || !SCAN(s, "\""))
        return false;
    lladdr.len = 0;
    if (SCAN(s, ",\"lladdr\":\"") && (!scan_lladdr(s, &lladdr) || !SCAN(s, "\"")))
        return false;
    if (lladdr.len > sizeof(r->lladdr))
        return false;
    r->lladdr_len = lladdr.len;
    memcpy(r->lladdr, lladdr.bytes, lladdr.len);
    r->state = 0;
    return !SCAN(s, ",\"state\":\"") || scan_state(s, &r->state);
}

/* Members that are left out where they have their usual value. */
static bool scan_neigh_numbers(struct scan *s, struct neigh_record *r)
{
    int64_t flags = 0, type = 1, protocol = 0, probes = 0;
    if ((SCAN(s, ",\"flags\":") && !scan_uint(s, 0xff, &flags)) ||
        (SCAN(s, ",\"type\":") && !scan_uint(s, 11, &type)) ||
        (SCAN(s, ",\"protocol\":") && !scan_uint(s, 0xff, &protocol)) ||
        (SCAN(s, ",\"probes\":") && !scan_uint(s, INT32_MAX, &probes)))
        return false;
    r->flags = (uint8_t)flags;
    r->type = (uint8_t)type;
    r->protocol = (uint8_t)protocol;
    r->probes = (uint32_t)probes;
    return true;
}

static bool scan_neigh_times(struct scan *s, struct neigh_record *r)
{
    r->has_used = SCAN(s, ",\"used\":");
    if (r->has_used && !scan_int(s, STATE_TIME_MAX, &r->used))
        return false;
    r->has_confirmed = SCAN(s, ",\"confirmed\":");
    if (r->has_confirmed && !scan_int(s, STATE_TIME_MAX, &r->confirmed))
        return false;
    r->has_updated = SCAN(s, ",\"updated\":");
    return !r->has_updated || scan_int(s, STATE_TIME_MAX, &r->updated);
}

/* Most have nothing but a timer. */
static bool scan_neigh_rest(struct scan *s, struct neigh_record *r)
{
    r->has_timer = SCAN(s, ",\"timer\":[");
    if (r->has_timer) {
        r->flags = r->protocol = 0;
        r->type = 1;
        r->probes = 0;
        r->has_used = r->has_confirmed = r->has_updated = false;
        return true;
    }
    if (!scan_neigh_numbers(s, r) || !scan_neigh_times(s, r))
        return false;
    r->has_timer = SCAN(s, ",\"timer\":[");
    return true;
}

bool state_scan_timer(struct scan *s, int64_t *expires, int64_t *order)
{
    return scan_uint(s, STATE_TIMER_MAX, expires) && SCAN(s, ",") && scan_int(s, INT64_MAX, order);
}

const char *state_read_neigh_record(const char *text, const char *end, void *record)
{
    struct neigh_record *r = record;
    struct scan s = {text, end};
    if (!scan_neigh_key(&s, r) || !scan_neigh_rest(&s, r))
        return NULL;
    if (r->has_timer && (!state_scan_timer(&s, &r->expires, &r->order) || !SCAN(&s, "]")))
        return NULL;
    return SCAN(&s, "}") ? s.p : NULL;
}

const char *state_read_nsid_record(const char *text, const char *end, void *record)
{
    struct nsid_record *r = record;
    struct scan s = {text, end};
    int64_t number, netns;
    if (!SCAN(&s, "[") || !scan_uint(&s, INT32_MAX, &number) || !SCAN(&s, ",") ||
        !scan_uint(&s, UINT32_MAX, &netns))
        return NULL;
    *r = (struct nsid_record){(int32_t)number, (uint32_t)netns};
    return SCAN(&s, "]") ? s.p : NULL;
}

const char *state_read_idev_record(const char *text, const char *end, void *record)
{
    struct idev_record *r = record;
    struct scan s = {text, end};
    int64_t ifindex;
    if (!SCAN(&s, "{\"ifindex\":") || !scan_uint(&s, INT32_MAX, &ifindex) || ifindex == 0)
        return NULL;
    r->ifindex = (int32_t)ifindex;
    return SCAN(&s, "}") ? s.p : NULL;
}

/* ---- saving ---- */

static char *put_neigh_key(char *p, const struct neigh_record *r, const struct neigh_before *before)
{
    p = PUT(p, "{");
    if (r->ifindex != before->ifindex)
        p = PUT(put_uint(PUT(p, "\"ifindex\":"), (uint32_t)r->ifindex), ",");
    p = PUT(put_v4(PUT(p, "\"dst\":\""), r->dst), "\"");
    if (r->lladdr_len)
        p = PUT(put_lladdr(PUT(p, ",\"lladdr\":\""), r->lladdr, r->lladdr_len), "\"");
    if (r->state == before->state)
        return p;
    const struct state_name *state = state_name(r->state);
    return put_bytes(PUT(p, ",\"state\":\""), state->name, state->len);
}

static char *put_neigh_numbers(char *p, const struct neigh_record *r,
                               const struct neigh_before *before)
{
    if (r->flags)
        p = put_uint(PUT(p, ",\"flags\":"), r->flags);
    if (r->type != 1)
        p = put_uint(PUT(p, ",\"type\":"), r->type);
    if (r->protocol)
        p = put_uint(PUT(p, ",\"protocol\":"), r->protocol);
    if (r->probes)
        p = put_uint(PUT(p, ",\"probes\":"), r->probes);
    if (r->used != before->used)
        p = put_int(PUT(p, ",\"used\":"), r->used);
    if (r->confirmed != r->used)
        p = put_int(PUT(p, ",\"confirmed\":"), r->confirmed);
    if (r->updated != r->used)
        p = put_int(PUT(p, ",\"updated\":"), r->updated);
    return p;
}

bool state_put_neigh_record(struct json_out *o, const struct neigh_record *r,
                            const struct neigh_before *before)
{
    enum { MOST = 512 }; /* 13 keys, 12 numbers, two addresses */
    if (!state_name(r->state))
        return false;
    char *p = put_neigh_key(json_put_text(o, NULL, MOST), r, before);
    p = put_neigh_numbers(p, r, before);
    if (r->has_timer) {
        p = put_int(PUT(p, ",\"timer\":["), r->expires);
        p = PUT(put_int(PUT(p, ","), r->order), "]");
    }
    json_put_text_end(o, PUT(p, "}"));
    return true;
}

const struct json_record_kind state_records_sealed[] = {
    {"netns", sizeof(struct asleep_record), asleep_read_record},
    {"neighs", sizeof(struct neigh_record), state_read_neigh_record},
    {"routes", sizeof(struct route_record), state_read_route_record},
    {"ports", sizeof(struct port_record), state_read_port_record},
    {"mdb", sizeof(struct mdb_record), state_read_mdb_record},
    {"fdb", sizeof(struct fdb_record), state_read_fdb_record},
    {"devices", sizeof(struct recorder_device), state_read_device_record},
    {"links", sizeof(struct link_record), state_read_link_record},
    {"nsids", sizeof(struct nsid_record), state_read_nsid_record},
    {"lines", sizeof(struct klog_record), state_read_klog_record},
    {"inet6", sizeof(struct idev_record), state_read_idev_record},
    {NULL, 0, NULL},
};
const struct json_record_kind *const state_records = state_records_sealed + 1;
