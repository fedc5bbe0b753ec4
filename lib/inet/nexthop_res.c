/* Resilient nexthop groups: a table of buckets, which flows are hashed to, and which move from
 * members that have too many to members that have too few only when they are idle, or when the
 * group has been out of balance for long (net/ipv4/nexthop.c, nh_res_*()). */
#include <stdlib.h>

#include "base/mem.h"
#include "inet/nexthop.h"
#include "sim/world.h"

enum { UPKEEP_MINIMUM_MSEC = 500 }; /* NH_RES_UPKEEP_DW_MINIMUM_INTERVAL */

static int64_t now(const struct nh_res_table *t)
{
    return t->group->ns->w->now;
}

static void upkeep(struct nh_res_table *t);

static void upkeep_due(struct vnet *w, struct timer *timer)
{
    (void)w;
    upkeep(container_of(timer, struct nh_res_table, upkeep));
}

struct nh_res_table *nh_res_new(struct nexthop *group, uint16_t buckets)
{
    struct nh_res_table *t = mem_alloc(sizeof(*t));
    t->group = group;
    t->n = buckets;
    t->buckets = mem_calloc(buckets ? buckets : 1, sizeof(*t->buckets));
    timer_init(&t->upkeep, upkeep_due);
    return t;
}

void nh_res_free(struct nh_res_table *t)
{
    if (!t)
        return;
    timer_cancel(t->group->ns->w, &t->upkeep);
    free(t->buckets);
    free(t);
}

/* ---- members ---- */

static struct nh_member *member_of(const struct nh_res_table *t, uint32_t nhid)
{
    for (unsigned i = 0; i < t->group->nmembers; i++)
        if (t->group->members[i].nh->id == nhid)
            return &t->group->members[i];
    return NULL;
}

/* The head of uw_nh_entries: members were put there from the first on, each before the others. */
static struct nh_member *first_underweight(const struct nh_res_table *t)
{
    for (unsigned i = t->group->nmembers; i-- > 0;)
        if (t->group->members[i].count < t->group->members[i].wants)
            return &t->group->members[i];
    return NULL;
}

bool nh_res_balanced(const struct nh_res_table *t)
{
    return !first_underweight(t);
}

static void share_out(struct nh_res_table *t)
{
    uint64_t total = 0, w = 0, below = 0;
    for (unsigned i = 0; i < t->group->nmembers; i++)
        total += t->group->members[i].weight;
    for (unsigned i = 0; i < t->group->nmembers; i++) {
        struct nh_member *m = &t->group->members[i];
        w += m->weight;
        uint64_t upper = (t->n * w + total / 2) / total;
        m->wants = (uint32_t)(upper - below);
        below = upper;
    }
}

void nh_res_recount(struct nh_res_table *t)
{
    for (unsigned i = 0; i < t->group->nmembers; i++)
        t->group->members[i].count = 0;
    for (unsigned i = 0; i < t->n; i++) {
        struct nh_res_bucket *b = &t->buckets[i];
        struct nh_member *m = b->occupied ? member_of(t, b->nhid) : NULL;
        b->occupied = m;
        if (m)
            m->count++;
    }
    share_out(t);
}

/* ---- upkeep ---- */

static void earlier(int64_t *deadline, int64_t t)
{
    if (t < *deadline)
        *deadline = t;
}

/* nh_res_bucket_should_migrate() */
static bool should_migrate(const struct nh_res_table *t, const struct nh_res_bucket *b,
                           int64_t *deadline)
{
    const struct nh_member *m = b->occupied ? member_of(t, b->nhid) : NULL;
    if (!m)
        return true;
    if (m->count <= m->wants)
        return false;
    bool unused = b->used_time == b->migrated_time;
    int64_t idle = unused ? now(t) : b->used_time + t->idle_timer;
    if (now(t) >= idle)
        return true;
    if (t->unbalanced_timer) {
        int64_t patience = t->unbalanced_since + t->unbalanced_timer;
        if (now(t) > patience)
            return true;
        earlier(deadline, patience);
    }
    earlier(deadline, idle);
    return false;
}

/* nh_res_bucket_migrate() */
static void migrate(struct nh_res_table *t, struct nh_res_bucket *b)
{
    struct nh_member *to = first_underweight(t);
    struct nh_member *from = b->occupied ? member_of(t, b->nhid) : NULL;
    if (!to)
        return;
    if (from)
        from->count--;
    to->count++;
    b->occupied = true;
    b->nhid = to->nh->id;
    b->used_time = b->migrated_time = now(t);
}

/* nh_res_table_upkeep() */
static void upkeep(struct nh_res_table *t)
{
    int64_t deadline = now(t) + (t->unbalanced_timer ? t->unbalanced_timer : t->idle_timer);
    for (unsigned i = 0; i < t->n; i++)
        if (should_migrate(t, &t->buckets[i], &deadline))
            migrate(t, &t->buckets[i]);
    vnet_touch(t->group->ns->w);
    if (nh_res_balanced(t))
        return;
    int64_t delay = deadline - now(t), least = UPKEEP_MINIMUM_MSEC * NSEC_PER_MSEC;
    timer_set_jiffies(t->group->ns->w, &t->upkeep, delay > least ? delay : least);
}

void nh_res_start(struct nh_res_table *t)
{
    share_out(t);
    t->unbalanced_since = now(t);
    upkeep(t);
}

void nh_res_members_changed(struct nh_res_table *t)
{
    bool was_balanced = nh_res_balanced(t);
    timer_cancel(t->group->ns->w, &t->upkeep);
    nh_res_recount(t);
    if (was_balanced && !nh_res_balanced(t))
        t->unbalanced_since = now(t);
    upkeep(t);
}

unsigned nh_res_select(struct nh_res_table *t, uint32_t hash)
{
    struct nh_res_bucket *b = &t->buckets[hash % t->n];
    b->used_time = now(t);
    vnet_touch(t->group->ns->w);
    const struct nh_member *m = member_of(t, b->nhid);
    return m ? (unsigned)(m - t->group->members) : 0;
}
