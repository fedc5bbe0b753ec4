/* Steps: the world carries the number of its own (struct world_history); under the number of each
 * one before lies what the world was. A step that is killed between the two has changed nothing:
 * its number is not counted, and the next one takes the name again. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "dev/netns.h"
#include "inet/sock.h"
#include "state/keep.h"
#include "state/state.h"
#include "vnet_history.h"
#include "vnet_netns.h"

enum {
    LEAST_STEPS = 4,       /* however large */
    MOST_BYTES = 64 << 20, /* of all steps together, about */
    HEAD = 4096,           /* of a state file: its "history" is in there */
};

struct step_name {
    char text[24];
};

static struct step_name name_of(uint64_t step)
{
    struct step_name n;
    snprintf(n.text, sizeof(n.text), "%" PRIu64, step);
    return n;
}

/* ---- the words ---- */

static void add_clean(struct strbuf *sb, const char *text)
{
    for (const char *p = text; *p && sb->len < STATE_COMMAND_MAX - 8;) {
        char one[5] = "";
        unsigned n = utf8_length(p);
        memcpy(one, p, n);
        if (n == 0 || text_has_control(one))
            strbuf_addc(sb, '?');
        else
            strbuf_add(sb, one, n);
        p += n ? n : 1;
    }
    if (strlen(text) > sb->len)
        strbuf_adds(sb, "...");
}

void vnet_session_command_text(struct vnet_session *s, const char *netns, const char *text)
{
    free(s->command);
    free(s->command_netns);
    s->command = mem_strdup(text);
    s->command_netns = mem_strdup(netns);
}

/* Owned; NULL: not known. */
static char *told(const struct vnet_session *s, struct vnet *w)
{
    struct strbuf clean = STRBUF_INIT, all = STRBUF_INIT;
    if (!s->command)
        return NULL;
    const struct netns *ns = vnet_ns_find(w, s->command_netns);
    if (ns && *vnet_netns_name(ns))
        strbuf_addf(&all, "ip netns exec %s ", vnet_netns_name(ns));
    strbuf_adds(&all, s->command);
    add_clean(&clean, all.data);
    strbuf_release(&all);
    return strbuf_detach(&clean);
}

void vnet_session_keep_steps(struct vnet_session *s)
{
    s->keeps_steps = true;
}

/* ---- a step ---- */

static uint64_t most_steps(size_t size)
{
    uint64_t n = MOST_BYTES / (size + 1);
    return n < LEAST_STEPS ? LEAST_STEPS : n > STATE_STEPS ? STATE_STEPS : n;
}

static void drop_step(struct vnet_session *s, uint64_t step)
{
    keep_drop(s, KEEP_STEP, name_of(step).text);
}

void session_begin_step(struct vnet_session *s, struct vnet *w)
{
    struct world_history *h = &w->history;
    for (; h->redo > 0; h->redo--)
        drop_step(s, h->step + h->redo);
    if (keep_current(s, KEEP_STEP, name_of(h->step).text) < 0)
        h->oldest = h->step + 1; /* a file system without hard links: no way back */
    h->step++;
    for (uint64_t most = most_steps(s->size); h->step - h->oldest > most; h->oldest++)
        keep_drop_for_reuse(s, KEEP_STEP, name_of(h->oldest).text);
    free(h->command);
    h->command = told(s, w);
    s->stepped = true;
}

/* ---- another world in the place of this one ---- */

/* What was opened since nobody owns in a world of before; what was closed since has no owner. */
static void close_others(struct vnet *fresh, struct vnet *old)
{
    netns_each_awake(fresh, ns)
    {
        list_each_safe(pos, next, &ns->socks->socks)
        {
            vnet_sock_id id = list_entry(pos, struct sock, node)->id;
            if (!sock_find(old, id))
                vnet_sock_close(fresh, id);
        }
    }
}

void session_replace(struct vnet_session *s, struct vnet *fresh)
{
    struct vnet *old = s->w;
    fresh->clock_offset = old->clock_offset;
    close_others(fresh, old);
    vnet_run_until(fresh, old->now);
    /* frames of the time that passes once more are not seen twice */
    recorder_release(&fresh->recorder);
    fresh->recorder = old->recorder;
    old->recorder = (struct recorder){0};
    fresh->last_traffic_seq = old->last_traffic_seq;
    if (fresh->last_sock_id < old->last_sock_id)
        fresh->last_sock_id = old->last_sock_id;
    if (fresh->next_netns_id < old->next_netns_id)
        fresh->next_netns_id = old->next_netns_id;
    vnet_trace_listen(fresh, old->trace_fn, old->trace_arg);
    s->saved_profile = fresh->profile;
    if (s->profile)
        fresh->profile = s->profile;
    vnet_free(old);
    s->w = fresh;
    session_collect_netns(s);
    session_count_captures(s);
    fresh->dirty = true;
}

/* ---- there and back ---- */

static int unreadable(struct vnet_err *err, const char *what, const char *name, int error,
                      const char *why)
{
    return vnet_err(err, error, "the %s %s cannot be read: %.200s", what, name,
                    why ? why : strerror(error));
}

static int read_world(struct vnet_session *s, enum keep_kind kind, const char *name,
                      struct vnet **w, struct vnet_err *err)
{
    const char *what = kind == KEEP_STEP ? "state before step" : "snapshot";
    struct vnet_err why = {""};
    struct strbuf text = STRBUF_INIT;
    int rc = keep_read(s, kind, name, SIZE_MAX, &text);
    *w = rc == 0 ? state_parse_buf(&text, &why) : NULL;
    strbuf_release(&text);
    if (rc < 0)
        return unreadable(err, what, name, -rc, NULL);
    return *w ? 0 : unreadable(err, what, name, EINVAL, why.msg);
}

static int too_many(const struct world_history *h, int64_t n, struct vnet_err *err)
{
    bool back = n > 0;
    uint64_t most = back ? h->step - h->oldest : h->redo;
    if (!most)
        return vnet_err(err, ERANGE, "nothing %s", back ? "to undo" : "was undone");
    return vnet_err(err, ERANGE, "only %" PRIu64 " step%s can be %s", most, most == 1 ? "" : "s",
                    back ? "undone" : "done again");
}

/* A process that was killed may have removed steps that the state still tells of: the oldest, or
 * the last of those undone (session_begin_step()). Where none is left, something else has. */
static void forget_lost_steps(struct vnet_session *s)
{
    struct world_history *h = &s->w->history;
    uint64_t oldest = h->oldest;
    uint32_t redo = 0;
    while (oldest < h->step && !keep_has(s, KEEP_STEP, name_of(oldest).text))
        oldest++;
    if (oldest < h->step)
        h->oldest = oldest;
    while (redo < h->redo && keep_has(s, KEEP_STEP, name_of(h->step + redo + 1).text))
        redo++;
    h->redo = redo;
}

/* Inside a transaction. */
static int go(struct vnet_session *s, int64_t n, struct vnet_err *err)
{
    const struct world_history *h = &s->w->history;
    struct vnet *fresh;
    forget_lost_steps(s);
    if (n > 0 ? (uint64_t)n > h->step - h->oldest : -n > (int64_t)h->redo)
        return too_many(h, n, err);
    uint64_t target = h->step - (uint64_t)n, oldest = h->oldest;
    int64_t redo = h->redo + n;
    int rc = read_world(s, KEEP_STEP, name_of(target).text, &fresh, err);
    if (rc < 0)
        return rc;
    if (redo > STATE_STEPS)
        redo = STATE_STEPS;
    rc = keep_current(s, KEEP_STEP, name_of(h->step).text);
    if (rc < 0) {
        vnet_free(fresh);
        return vnet_err(err, -rc, "cannot keep the state as it is: %s", strerror(-rc));
    }
    session_replace(s, fresh);
    fresh->history.step = target;
    fresh->history.oldest = oldest;
    fresh->history.redo = (uint32_t)redo;
    return 0;
}

static int finish(struct vnet_session *s, int rc, struct vnet_err *err)
{
    if (rc == 0)
        return vnet_commit(s, err);
    vnet_abort(s);
    return rc;
}

int vnet_session_undo(struct vnet_session *s, int64_t n, struct vnet_err *err)
{
    struct vnet *w;
    int rc = vnet_begin(s, true, &w, err);
    if (rc < 0)
        return rc;
    s->stepped = true;
    return finish(s, n == 0 ? 0 : go(s, n, err), err);
}

/* ---- the list ---- */

/* The member "history" of a state's text, without reading all of it. */
static void read_history(struct vnet_session *s, uint64_t step, struct world_history *h)
{
    static const char key[] = "\n\"history\":";
    struct strbuf text = STRBUF_INIT;
    struct vnet_err err;
    int rc = keep_read(s, KEEP_STEP, name_of(step).text, HEAD, &text);
    char *at = rc == 0 ? strstr(text.data, key) : NULL, *end = at ? strchr(at + 1, '\n') : NULL;
    if (end) {
        end[-1] = '}'; /* the comma behind it */
        *at = '{';
        *end = '\0';
        struct state_loader l = {.err = &err};
        json_t *root = json_parse(at, (size_t)(end - at), &err);
        if (root)
            state_load_history(&l, root, h);
        json_free(root);
    }
    strbuf_release(&text);
}

static void tell_step(struct vnet_session *s, uint64_t number,
                      void (*fn)(const struct vnet_step *, void *), void *arg)
{
    const struct world_history *now = &s->w->history;
    struct world_history h = {0};
    struct vnet_step step = {.number = number, .undone = number >= now->step};
    bool here = number + 1 == now->step;
    if (!here)
        read_history(s, number + 1, &h);
    step.command = here ? now->command : h.command;
    fn(&step, arg);
    free(h.command);
}

int vnet_session_history(struct vnet_session *s, void (*fn)(const struct vnet_step *, void *),
                         void *arg, struct vnet_err *err)
{
    struct vnet *w;
    int rc = vnet_begin(s, false, &w, err);
    if (rc < 0)
        return rc;
    forget_lost_steps(s);
    for (uint64_t i = w->history.oldest; i < w->history.step + w->history.redo; i++)
        tell_step(s, i, fn, arg);
    vnet_abort(s);
    return 0;
}

/* ---- snapshots ---- */

static int check_name(const char *name, struct vnet_err *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-_.";
    size_t n = strlen(name);
    if (n < 1 || n > 64 || *name == '.' || name[strspn(name, letters)])
        return vnet_err(err, EINVAL, "a snapshot's name is of letters, digits and \"-_.\"");
    return 0;
}

/* vnet_begin() for a snapshot's name. */
static int begin_named(struct vnet_session *s, const char *name, bool command, struct vnet **w,
                       struct vnet_err *err)
{
    int rc = check_name(name, err);
    return rc < 0 ? rc : vnet_begin(s, command, w, err);
}

static int save_snapshot(struct vnet_session *s, const char *name, bool force, struct vnet_err *err)
{
    struct strbuf text = STRBUF_INIT;
    if (!force && keep_has(s, KEEP_SNAPSHOT, name))
        return vnet_err(err, EEXIST, "there is a snapshot %s already", name);
    state_save(s->w, &text);
    int rc = keep_text(s, KEEP_SNAPSHOT, name, text.data, text.len);
    strbuf_release(&text);
    return rc < 0 ? vnet_err(err, -rc, "cannot write the snapshot %s: %s", name, strerror(-rc)) : 0;
}

int vnet_snapshot_save(struct vnet_session *s, const char *name, bool force, struct vnet_err *err)
{
    struct vnet *w;
    int rc = begin_named(s, name, false, &w, err);
    if (rc < 0)
        return rc;
    rc = save_snapshot(s, name, force, err);
    vnet_abort(s);
    return rc;
}

static int load_snapshot(struct vnet_session *s, const char *name, struct vnet **w,
                         struct vnet_err *err)
{
    if (!keep_has(s, KEEP_SNAPSHOT, name))
        return vnet_err(err, ENOENT, "there is no snapshot %s", name);
    return read_world(s, KEEP_SNAPSHOT, name, w, err);
}

int vnet_snapshot_load(struct vnet_session *s, const char *name, struct vnet **w,
                       struct vnet_err *err)
{
    struct vnet *now;
    int rc = begin_named(s, name, false, &now, err);
    if (rc < 0)
        return rc;
    rc = load_snapshot(s, name, w, err);
    vnet_abort(s);
    return rc;
}

int vnet_snapshot_restore(struct vnet_session *s, const char *name, struct vnet_err *err)
{
    struct vnet *w, *fresh;
    int rc = begin_named(s, name, true, &w, err);
    if (rc < 0)
        return rc;
    rc = load_snapshot(s, name, &fresh, err);
    if (rc == 0) {
        free(fresh->history.command);
        fresh->history = s->w->history;
        s->w->history.command = NULL;
        session_replace(s, fresh);
    }
    return finish(s, rc, err);
}

int vnet_snapshot_delete(struct vnet_session *s, const char *name, struct vnet_err *err)
{
    struct vnet *w;
    int rc = begin_named(s, name, false, &w, err);
    if (rc < 0)
        return rc;
    rc = keep_drop(s, KEEP_SNAPSHOT, name);
    vnet_abort(s);
    if (rc == -ENOENT)
        return vnet_err(err, ENOENT, "there is no snapshot %s", name);
    return rc < 0 ? vnet_err(err, -rc, "cannot remove the snapshot %s: %s", name, strerror(-rc))
                  : 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int vnet_snapshot_list(struct vnet_session *s, void (*fn)(const char *name, void *arg), void *arg,
                       struct vnet_err *err)
{
    struct vnet *w;
    char **names;
    int rc = vnet_begin(s, false, &w, err);
    if (rc < 0)
        return rc;
    size_t n = keep_names(s, KEEP_SNAPSHOT, &names);
    vnet_abort(s);
    if (n)
        qsort(names, n, sizeof(*names), by_name);
    for (size_t i = 0; i < n; i++) {
        if (check_name(names[i], err) == 0)
            fn(names[i], arg);
        free(names[i]);
    }
    free(names);
    return 0;
}
