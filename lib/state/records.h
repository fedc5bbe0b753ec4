/* Elements of the lists that make a state long, read without a tree of JSON nodes: where one has
 * the form in which it is saved, and nothing in it is out of range, it becomes a record at once. An
 * element of any other form is parsed as all JSON is, to the same effect, or to say what is wrong
 * with it. */
#ifndef VNET_STATE_RECORDS_H
#define VNET_STATE_RECORDS_H

#include "base/addr.h"
#include "base/json.h"
#include "base/nametab.h"

struct neigh_before;
struct scan;

struct neigh_record { /* of "neighs", IPv4; times in ns */
    int32_t ifindex;  /* read: 0 where it is left out */
    uint32_t dst;     /* host order */
    uint32_t probes;
    uint8_t state; /* read: 0 where it is left out */
    uint8_t flags, type, protocol;
    int64_t used, confirmed, updated;
    int64_t expires, order; /* the timer, if there is one */
    uint8_t lladdr_len, lladdr[6];
    bool has_timer : 1, has_used : 1, has_confirmed : 1, has_updated : 1; /* the times: read */
};

struct route_record { /* of "routes", IPv4; addresses in host order, 0: none */
    const char *dev;  /* dev_len bytes of the text, 0: none */
    uint32_t dst, gateway, prefsrc;
    uint32_t table, metric;
    uint8_t len, protocol, scope;
    uint8_t type : 4, dev_len : 4;
};

struct nsid_record { /* of "nsids" */
    int32_t number;
    uint32_t netns; /* its id */
};

/* Of "inet6": a device of which there is nothing to tell. */
struct idev_record {
    int32_t ifindex;
};

/* The same text as save_neigh() writes behind the entry `before`; false, and nothing is written, of
 * a state not known here. */
bool state_put_neigh_record(struct json_out *o, const struct neigh_record *r,
                            const struct neigh_before *before);

/* Routes one after the other, as save_route() writes each; those that differ in their destination
 * only become one element with a list of destinations. */
struct route_run {
    struct json_out *o;
    struct route_record last; /* of the run, which has n */
    size_t n;
};
void state_put_route_record(struct route_run *run, const struct route_record *r);
void state_end_route_run(struct route_run *run); /* before anything else is written */
/* "10.0.0.0/8" or "10.0.0.1" as it is written; false: it is anything else. */
bool state_scan_prefix(const char *text, size_t len, struct inet_prefix *out);
/* EXPIRES,ORDER of a timer, as state_put_timer() writes them between brackets. */
bool state_scan_timer(struct scan *s, int64_t *expires, int64_t *order);
/* Of "devices", the recorder's: a struct recorder_device. */
const char *state_read_device_record(const char *text, const char *end, void *record);
const char *state_read_idev_record(const char *text, const char *end, void *record);
struct klog_record { /* of "lines", the kernel's log's */
    int64_t time;
    const char *text; /* len bytes */
    uint16_t len;
    uint8_t level;
};
const char *state_read_klog_record(const char *text, const char *end, void *record);
const char *state_read_nsid_record(const char *text, const char *end, void *record);
const char *state_read_neigh_record(const char *text, const char *end, void *record);
const char *state_read_route_record(const char *text, const char *end, void *record);

extern const struct nametab state_route_types[], state_route_protocols[], state_route_scopes[],
    state_route_tables[];

/* For json_parse_records(); sealed: namespaces that sleep besides (state/asleep.h). */
extern const struct json_record_kind state_records_sealed[], *const state_records;

#endif
