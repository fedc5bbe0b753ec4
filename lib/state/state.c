/* The world's own part of the state file: version, profile, clock, counters. */
#include "state/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/put.h"
#include "dev/netns.h"
#include "state/asleep.h"

/* ---- save ---- */

static void save_clock(const struct vnet *w, struct json_out *o)
{
    json_put_int(o, "clock", w->now);
    json_put_int(o, "boot", w->boot);
    if (w->clock_offset != WORLD_NO_OFFSET)
        json_put_int(o, "clock_offset", w->clock_offset);
    json_put_u64(o, "event_seq", w->event_seq);
    json_put_array(o, "random", false);
    for (int i = 0; i < 4; i++)
        json_put_u64(o, NULL, w->rng.s[i]);
    json_put_end(o);
    json_put_int(o, "next_netns", w->next_netns_id);
    json_put_int(o, "last_socket", w->last_sock_id);
}

static void save_history(const struct vnet *w, struct json_out *o)
{
    const struct world_history *h = &w->history;
    if (!h->step && !h->redo)
        return;
    json_put_object(o, "history", false);
    json_put_u64(o, "step", h->step);
    if (h->oldest)
        json_put_u64(o, "oldest", h->oldest);
    if (h->redo)
        json_put_int(o, "redo", h->redo);
    if (h->command)
        json_put_str(o, "command", h->command);
    json_put_end(o);
}

/* [[name, address], ...] */
static void save_hosts(const struct vnet *w, struct json_out *o)
{
    if (!w->hosts.n)
        return;
    json_put_array(o, "hosts", true);
    for (size_t i = 0; i < w->hosts.n; i++) {
        char addr[INET_ADDRSTRLEN_MAX];
        json_put_array(o, NULL, false);
        json_put_str(o, NULL, w->hosts.v[i].name);
        json_put_str(o, NULL, inet_addr_str(&w->hosts.v[i].addr, addr));
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_begin(struct state_save *s, const struct vnet *w, struct json_out o)
{
    *s = (struct state_save){.w = w, .o = o, .from = o.sb->len, .sleeps = asleep_world(w)};
    json_put_object(&s->o, NULL, true);
    json_put_int(&s->o, "vnet", STATE_FORMAT);
    json_put_str(&s->o, "profile", w->profile->name);
    save_history(w, &s->o);
    save_clock(w, &s->o);
    state_save_recorder(w, &s->o);
    state_save_nstat(w, &s->o);
    json_put_array(&s->o, "netns", true); /* first those that cost little */
    state_save_netns(s, true);
}

static void save_end(struct state_save *s)
{
    state_save_netns(s, false);
    json_put_end(&s->o);
    save_hosts(s->w, &s->o);
    state_save_frames(s->w, &s->o);
    state_save_klog(s->w, &s->o);
    json_put_end(&s->o);
    strbuf_addc(s->o.sb, '\n');
}

void state_save(const struct vnet *w, struct strbuf *out)
{
    struct state_save s;
    save_begin(&s, w, (struct json_out){.sb = out});
    save_end(&s);
    if (s.sleeps)
        asleep_seal(out, s.from);
}

void state_save_begin(struct state_save *s, const struct vnet *w, struct pieces *out)
{
    save_begin(s, w, (struct json_out){.sb = &out->own, .pieces = out});
}

void state_save_end(struct state_save *s)
{
    save_end(s);
    if (s->sleeps)
        asleep_seal_pieces(s->o.pieces);
}

/* ---- load ---- */

static int load_random(struct state_loader *l, const json_t *root)
{
    const json_t *list = json_object_get(root, "random");
    uint64_t any = 0;
    if (json_array_size(list) != 4)
        return state_fail(l, NULL, "random", "must be four integers");
    for (size_t i = 0; i < 4; i++) {
        if (!json_u64_value(json_array_get(list, i), &l->w->rng.s[i]))
            return state_fail(l, NULL, "random", "must be four integers from 0 to 2^64-1");
        any |= l->w->rng.s[i];
    }
    return any ? 0 : state_fail(l, NULL, "random", "must not be all zero");
}

static int load_counters(struct state_loader *l, const json_t *root)
{
    struct vnet *w = l->w;
    int64_t seq = 0, offset = w->clock_offset;
    int rc = load_random(l, root);
    if (rc == 0)
        rc = state_get_int(l, root, NULL, "boot", -STATE_TIME_MAX, w->now, &w->boot);
    if (rc == 0 && json_object_get(root, "clock_offset"))
        rc = state_get_int(l, root, NULL, "clock_offset", -STATE_TIME_MAX, STATE_TIME_MAX, &offset);
    if (rc == 0)
        rc = state_get_int(l, root, NULL, "event_seq", 0, STATE_COUNTER_MAX, &seq);
    if (rc == 0)
        rc = state_get_u32(l, root, NULL, "next_netns", 1, &w->next_netns_id);
    if (rc == 0)
        rc = state_get_u32(l, root, NULL, "last_socket", 0, &w->last_sock_id);
    w->clock_offset = offset;
    w->event_seq = (uint64_t)seq;
    return rc;
}

int state_load_history(struct state_loader *l, const json_t *root, struct world_history *h)
{
    static const char *const keys[] = {"step", "oldest", "redo", "command", NULL};
    const struct state_path at = {.key = "history"};
    const json_t *obj = json_object_get(root, "history");
    const char *command = NULL;
    int64_t step = 0, oldest = 0, redo = 0;
    if (!obj)
        return 0;
    int rc = state_only_keys(l, obj, &at, keys);
    if (rc == 0)
        rc = state_get_int(l, obj, &at, "step", 0, STATE_COUNTER_MAX, &step);
    if (rc == 0)
        rc = state_get_int(l, obj, &at, "oldest", step > STATE_STEPS ? step - STATE_STEPS : 0, step,
                           &oldest);
    if (rc == 0)
        rc = state_get_int(l, obj, &at, "redo", 0, STATE_STEPS, &redo);
    if (rc == 0)
        rc = state_get_str(l, obj, &at, "command", STATE_COMMAND_MAX, &command);
    h->step = (uint64_t)step;
    h->oldest = (uint64_t)oldest;
    h->redo = (uint32_t)redo;
    if (rc == 0 && command)
        h->command = mem_strdup(command);
    return rc;
}

static int load_host(struct state_loader *l, const json_t *v, const struct state_path *at)
{
    const char *name = json_string_value(json_array_get(v, 0));
    const char *text = json_string_value(json_array_get(v, 1));
    struct inet_addr addr;
    if (json_array_size(v) != 2 || !name || !text || !host_name_ok(name) ||
        l->w->hosts.n >= HOSTS_MAX)
        return state_fail(l, at, NULL, "must be [name, address], and one of %d", HOSTS_MAX);
    if (!inet_addr_parse(strchr(text, ':') ? VNET_AF_INET6 : VNET_AF_INET, text, &addr))
        return state_fail(l, at, NULL, "must have an address");
    hosts_add(&l->w->hosts, name, &addr);
    return 0;
}

static int check_root(struct state_loader *l, const json_t *root)
{
    static const char *const keys[] = {
        "vnet",   "profile",    "clock",       "boot",     "clock_offset", "event_seq",
        "random", "next_netns", "last_socket", "recorder", "netns",        "frames",
        "hosts",  "nstat",      "history",     "klog",     "sum",          NULL};
    const json_t *format = json_object_get(root, "vnet");
    if (!json_is_integer(format) || json_integer_value(format) < 1)
        return state_fail(l, NULL, NULL, "is not a state of vnet (no \"vnet\": version)");
    if (json_integer_value(format) > STATE_FORMAT)
        return state_fail(l, NULL, "vnet",
                          "was written by a newer vnet (format %lld; this one reads up to %d)",
                          (long long)json_integer_value(format), STATE_FORMAT);
    l->format = json_integer_value(format);
    return state_only_keys(l, root, NULL, keys);
}

static int load_profile(struct state_loader *l, const json_t *root,
                        const struct vnet_profile **profile)
{
    const char *name = NULL;
    int rc = state_get_str(l, root, NULL, "profile", 64, &name);
    if (rc < 0)
        return rc;
    *profile = name ? vnet_profile_find(name) : NULL;
    return *profile ? 0 : state_fail(l, NULL, "profile", "must name a profile of this vnet");
}

static int load_world(struct state_loader *l, const json_t *root)
{
    l->w->loading = true;
    int rc = load_counters(l, root);
    uint64_t seq = l->w->event_seq;
    struct rng rng = l->w->rng;
    if (rc == 0)
        rc = state_load_recorder(l, root);
    if (rc == 0)
        rc = state_load_history(l, root, &l->w->history);
    if (rc == 0)
        rc = state_load_nstat(l, root, NULL);
    if (rc == 0)
        rc = state_load_netns(l, root);
    if (rc == 0)
        rc = state_get_list(l, root, NULL, "hosts", load_host);
    l->w->loading = false;
    if (rc == 0)
        rc = state_load_frames(l, root, NULL);
    if (rc == 0)
        rc = state_load_klog(l, root);
    timers_sort(l->w);
    l->w->event_seq = seq; /* what making things anew took from them does not count */
    l->w->rng = rng;
    l->w->dirty = false;
    return rc;
}

struct vnet *state_load(const json_t *root, struct vnet_err *err)
{
    struct state_loader l = {.err = err};
    const struct vnet_profile *profile = NULL;
    int64_t now = -1;
    if (check_root(&l, root) < 0 || load_profile(&l, root, &profile) < 0 ||
        state_get_int(&l, root, NULL, "clock", 0, STATE_TIME_MAX, &now) < 0)
        return NULL;
    if (now < 0) {
        state_fail(&l, NULL, "clock", "is missing");
        return NULL;
    }
    l.w = vnet_new(profile, 0, now);
    l.w->klog.quiet = true;
    if (load_world(&l, root) == 0)
        return l.w;
    vnet_free(l.w);
    return NULL;
}

struct vnet *state_parse_buf(struct strbuf *text, struct vnet_err *err)
{
    json_t *root =
        json_parse_records(text->data, text->len, asleep_kinds(text->data, text->len), err);
    struct vnet *w = root ? state_load(root, err) : NULL;
    json_free(root);
    if (w && w->wake)
        w->asleep_text = strbuf_detach(text);
    return w;
}

struct vnet *state_parse(char *text, size_t len, struct vnet_err *err)
{
    struct strbuf whole = {.data = text, .len = len, .cap = len + 1};
    struct vnet *w = state_parse_buf(&whole, err);
    strbuf_release(&whole);
    return w;
}

struct vnet *vnet_clone(const struct vnet *w)
{
    struct strbuf text = STRBUF_INIT;
    struct vnet_err err;
    state_save(w, &text);
    size_t len = text.len;
    struct vnet *copy = state_parse(strbuf_detach(&text), len, &err);
    if (!copy)
        abort(); /* a world that cannot be loaded could not be saved either: a bug */
    return copy;
}
