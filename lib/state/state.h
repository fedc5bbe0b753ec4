/* The world as JSON and back. One file a subject in lib/state/; each subject has a save and a load
 * with these forms. A load checks every value; *err names the JSON path of what is wrong. */
#ifndef VNET_STATE_STATE_H
#define VNET_STATE_STATE_H

#include "base/json.h"
#include "sim/world.h"
#include "vnet.h"

/* "vnet": 4, the first key of the file. Older formats are read too: 1 names every neighbour's
 * ifindex, state and time of use, both 1 and 2 name the groups of all nodes, and all up to 3 have
 * the namespaces in the order of their ids. */
enum { STATE_FORMAT = 4 };

/* So many steps are kept, and so much of a command's text. */
enum { STATE_STEPS = 200, STATE_COMMAND_MAX = 1000 };

/* The whole world, appended to `out` as the text of the file. */
void state_save(const struct vnet *w, struct strbuf *out);
/* The same, without copying what sleeps, in two steps, during which the world stays as it is: what
 * costs next to nothing is in `out` after the first one, so that a disk can begin with it. */
struct state_save {
    const struct vnet *w;
    struct json_out o;
    size_t from; /* where the text begins */
    bool sleeps; /* namespaces may sleep in that world */
};
void state_save_begin(struct state_save *s, const struct vnet *w, struct pieces *out);
void state_save_end(struct state_save *s);
/* NULL and *err on bad input. */
struct vnet *state_load(const json_t *root, struct vnet_err *err);
/* Text to world: syntax errors too are put into *err, with line and column. Takes over `text`,
 * malloc()ed, with a 0 behind its len bytes. */
struct vnet *state_parse(char *text, size_t len, struct vnet_err *err);
/* The same of a buffer. The world keeps the text if something sleeps in it, and the buffer is empty
 * then; else it is the caller's as before, but written over. */
struct vnet *state_parse_buf(struct strbuf *text, struct vnet_err *err);

/* ---- for the subjects' files ---- */

struct state_path { /* a linked JSON path for messages: namespaces[0].links[2].mtu */
    const struct state_path *up;
    const char *key; /* NULL: index */
    size_t index;
};
struct neigh_before { /* what a neighbour has in common with the one before is left out */
    int32_t ifindex;
    uint16_t state;
    int64_t used;
};
struct state_loader {
    int64_t format;
    struct vnet *w;
    struct netns *ns;
    struct netdev *dev;      /* of ns: the one found last, or NULL */
    struct netns *found;     /* the one found last; NULL: none */
    struct netns **elements; /* of "netns", in the order of the file; NULL: not made yet */
    struct neigh_before neigh;
    bool sorted; /* a namespace wakes: timers come into a queue that runs */
    struct vnet_err *err;
};
/* Typed getters: *out keeps its value (the default) when the key is absent. They return 0, or
 * -EINVAL with the message "PATH: what is wrong". */
int state_get_int(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, int64_t min, int64_t max, int64_t *out);
int state_check_range(struct state_loader *l, const struct state_path *at, const char *key,
                      int64_t n, int64_t min, int64_t max);
/* Both of a member that was found. */
int state_check_int(struct state_loader *l, const json_t *v, const struct state_path *at,
                    const char *key, int64_t min, int64_t max, int64_t *out);
/* At most UINT32_MAX. */
int state_get_u32(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, int64_t min, uint32_t *out);
int state_get_u64(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, uint64_t *out); /* json_put_u64() */
int state_get_bool(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, bool *out);
/* Text without control characters, at most max bytes; *out borrowed from the JSON. */
int state_get_str(struct state_loader *l, const json_t *obj, const struct state_path *at,
                  const char *key, size_t max, const char **out);
int state_get_addr(struct state_loader *l, const json_t *obj, const struct state_path *at,
                   const char *key, uint8_t family,
                   struct inet_addr *out); /* family UNSPEC: either */
int state_get_lladdr(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     const char *key, struct lladdr *out);
/* Bounds of saved times, ns since the epoch: the clock stays below 2100-01-01, so that the longest
 * lifetime (2^32 s) can be added to it without overflow. */
#define STATE_TIME_MAX  (4102444800LL * NSEC_PER_SEC)
#define STATE_TIMER_MAX (9000000000LL * NSEC_PER_SEC)
/* Counters stay far from wrapping around. */
#define STATE_COUNTER_MAX ((int64_t)1 << 62)
/* [expires, seq] of a pending timer; armed, but not in order before
 * timers_sort(). */
int state_get_timer(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *key, struct timer *t);
/* The same, its two numbers known. */
int state_set_timer(struct state_loader *l, const struct state_path *at, const char *key,
                    int64_t when, int64_t order, struct timer *t);
/* o->first, of what is written otherwise than by state_put_timer(). */
void state_note_timer(struct json_out *o, int64_t when, int64_t order);
/* One that is pending, to where there is room for two numbers and three bytes more. */
char *put_timer(char *p, const struct timer *t, struct json_out *o);
/* Nothing if it is not pending. */
void state_put_timer(struct json_out *o, const char *key, const struct timer *t);
/* netns_lookup(), cheap when asked for in the order of the file. */
struct netns *state_find_netns(struct state_loader *l, uint32_t id);
/* Refuse unknown keys: the names are NULL-terminated. */
int state_only_keys(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    const char *const *keys);
/* The same, after all known keys of obj have been asked for: those that nobody wanted are unknown.
 */
int state_no_others(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_fail(struct state_loader *l, const struct state_path *at, const char *key,
               const char *what, ...) VNET_PRINTF(4, 5);

/* Subjects of a namespace: each writes its members into, or loads them from, the namespace's
 * object. Called in this order on load. Lists of things have a line a thing:
 *
 *     json_put_array(o, "links", true);
 *     for each {
 *         json_put_object(o, NULL, false);
 *         json_put_int(o, "ifindex", dev->ifindex);
 *         ...
 *         json_put_end(o);
 *     }
 *     json_put_end(o);
 *
 * What is at its default is left out. The members of a namespace's object are listed in
 * load_netns(), state.c: add there what a subject needs. */
void state_save_links(const struct netns *ns, struct json_out *o);
void state_save_vlans(const struct netns *ns, struct json_out *o);
void state_save_bridges(const struct netns *ns, struct json_out *o);
void state_save_addrs(const struct netns *ns, struct json_out *o);
void state_save_inet6(const struct netns *ns, struct json_out *o);
void state_save_sysctls(const struct netns *ns, struct json_out *o);
void state_save_nexthops(const struct netns *ns, struct json_out *o);
void state_save_fib(const struct netns *ns, struct json_out *o); /* but for routes, rules */
void state_save_routes(const struct netns *ns, struct json_out *o);
void state_save_rules(const struct netns *ns, struct json_out *o);
void state_save_neighs(const struct netns *ns, struct json_out *o);
void state_save_proxy_queue(const struct netns *ns, struct json_out *o);
void state_save_sockets(const struct netns *ns, struct json_out *o);
void state_save_ip(const struct netns *ns, struct json_out *o);    /* fragments, ICMP rate limits */
void state_save_mcast(const struct netns *ns, struct json_out *o); /* IPv4's; link-layer */
void state_save_snmp(const struct netns *ns, struct json_out *o);
int state_load_links(struct state_loader *l, const json_t *obj, const struct state_path *at);
/* Once all namespaces have their links: which belong together. */
int state_load_peers(struct state_loader *l, const json_t *obj, const struct state_path *at);
/* ... then what lies on what, ... */
int state_load_vlans(struct state_loader *l, const json_t *obj, const struct state_path *at);
/* ... of all of them, ... */
int state_check_vlans(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_bridges(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_addrs(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_inet6(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_sysctls(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_nexthops(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_fib(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_routes(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_rules(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_neighs(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_proxy_queue(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_sockets(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_ip(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_mcast(struct state_loader *l, const json_t *obj, const struct state_path *at);
int state_load_snmp(struct state_loader *l, const json_t *obj, const struct state_path *at);
/* All of them, in that order; loading: of a namespace whose links are there. */
void state_save_members(const struct netns *ns, struct json_out *o);
int state_load_members(struct state_loader *l, const json_t *obj, const struct state_path *at);
/* World level, as what follows: of the namespaces those that may sleep, or the others. */
void state_save_netns(struct state_save *s, bool asleep);
int state_load_netns(struct state_loader *l, const json_t *root);
void state_save_recorder(const struct vnet *w, struct json_out *o);
int state_load_recorder(struct state_loader *l, const json_t *root);
/* What nstat(8) keeps. */
void state_save_nstat(const struct vnet *w, struct json_out *o);
int state_load_nstat(struct state_loader *l, const json_t *root, const struct state_path *at);
/* The kernel's log: world level, after all else. */
void state_save_klog(const struct vnet *w, struct json_out *o);
int state_load_klog(struct state_loader *l, const json_t *root);
/* Which step a world is: member "history" of the root. */
int state_load_history(struct state_loader *l, const json_t *root, struct world_history *h);
/* Frames in flight: world level, after all namespaces. */
void state_save_frames(const struct vnet *w, struct json_out *o);
int state_load_frames(struct state_loader *l, const json_t *root, const struct state_path *at);

#endif
