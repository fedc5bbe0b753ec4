#include "state/asleep.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/scan.h"
#include "dev/core.h"
#include "dev/nic.h"
#include "dev/pair.h"
#include "dev/vlan.h"
#include "inet/sock.h"
#include "state/records.h"
#include "vnet_netns.h"

enum {
    LEAST_NETNS = 3, /* below that reading all costs as little */
    SUM_DIGITS = 16,
};

/* ---- who sleeps ---- */

bool asleep_world(const struct vnet *w)
{
    unsigned n = 0;
    netns_each(w, ns)
    {
        if (++n == LEAST_NETNS)
            return true;
    }
    return false;
}

/* VLANs and wired cards lead elsewhere, as pairs do, but cannot do without the other device. */
static bool leads_elsewhere(const struct netdev *dev)
{
    if (dev->kind == &nic_kind)
        return true;
    if (is_vlan_dev(dev) && vlan_dev_real_dev(dev)->ns != dev->ns)
        return true;
    for (const struct netdev *v = dev->vlans; v; v = vlan_of(v)->next)
        if (v->ns != dev->ns)
            return true;
    return false;
}

bool asleep_can(const struct netns *ns)
{
    if (ns->id == NETNS_INIT_ID || ns->outside || !list_empty(&ns->socks->socks))
        return false;
    netdev_each(ns, dev, i)
    {
        if (leads_elsewhere(dev))
            return false;
    }
    return true;
}

/* ---- save ---- */

static void put_asleep(struct json_out *o, size_t len, bool has_timer, int64_t when, int64_t order)
{
    json_put_array(o, "asleep", false);
    json_put_int(o, NULL, (int64_t)len);
    if (has_timer) {
        json_put_int(o, NULL, when);
        json_put_int(o, NULL, order);
    }
    json_put_end(o);
}

void asleep_save(const struct netns *ns, struct json_out *o)
{
    struct strbuf members = STRBUF_INIT;
    struct json_out inner = *o;
    inner.sb = &members;
    inner.pieces = NULL;
    inner.first.any = false;
    state_save_members(ns, &inner);
    put_asleep(o, members.len, inner.first.any, inner.first.when, inner.first.order);
    strbuf_add(o->sb, members.data, members.len);
    strbuf_release(&members);
}

static const char separator[] = ",\n "; /* between elements */
enum { RECORD_CLOSE = sizeof("\n }") - 1 };

static const char *record_begin(const struct netns *ns)
{
    return ns->asleep - ns->asleep_head;
}

static const char *record_end(const struct netns *ns)
{
    return ns->asleep + ns->asleep_len + RECORD_CLOSE;
}

static bool lies_behind(const struct netns *ns, const char *end)
{
    const size_t n = sizeof(separator) - 1;
    return ns->asleep && record_begin(ns) == end + n && memcmp(end, separator, n) == 0;
}

struct netns *asleep_save_run(struct netns *ns, struct json_out *o)
{
    const char *begin = record_begin(ns), *end = record_end(ns);
    for (struct list *next = ns->node.next; next != &ns->w->netns_list; next = next->next) {
        struct netns *behind = list_entry(next, struct netns, node);
        if (!lies_behind(behind, end))
            break;
        ns = behind;
        end = record_end(ns);
    }
    json_put_text_end(o, json_put_text(o, NULL, 0));
    if (o->pieces)
        pieces_borrow(o->pieces, begin, (size_t)(end - begin));
    else
        strbuf_add(o->sb, begin, (size_t)(end - begin));
    return ns;
}

/* Of bytes as the machine has them: on one of the other byte order no sum is right, and all is
 * read. */
struct sum {
    uint64_t a, b, c, d;
    char rest[4 * sizeof(uint64_t)]; /* of the bytes so far, what makes no block yet */
    size_t nrest;
};

static struct sum sum_of(size_t len) /* so many are to come */
{
    return (struct sum){.a = len, .b = 1, .c = 2, .d = 3};
}

static void sum_blocks(struct sum *s, const char *p, size_t len)
{
    uint64_t a = s->a, b = s->b, c = s->c, d = s->d, w[4];
    for (; len >= sizeof(w); p += sizeof(w), len -= sizeof(w)) {
        memcpy(w, p, sizeof(w));
        a = (a ^ w[0]) * 0x9e3779b97f4a7c15ULL;
        b = (b ^ w[1]) * 0xff51afd7ed558ccdULL;
        c = (c ^ w[2]) * 0xc4ceb9fe1a85ec53ULL;
        d = (d ^ w[3]) * 0xbf58476d1ce4e5b9ULL;
    }
    s->a = a;
    s->b = b;
    s->c = c;
    s->d = d;
}

static void sum_add(struct sum *s, const char *p, size_t len)
{
    size_t room = s->nrest ? sizeof(s->rest) - s->nrest : 0, n = room < len ? room : len;
    if (n) {
        memcpy(s->rest + s->nrest, p, n);
        s->nrest += n;
    }
    if (s->nrest == sizeof(s->rest)) {
        sum_blocks(s, s->rest, s->nrest);
        s->nrest = 0;
    }
    p += n;
    len -= n;
    sum_blocks(s, p, len);
    n = len % sizeof(s->rest);
    if (n) {
        memcpy(s->rest, p + len - n, n);
        s->nrest = n;
    }
}

static uint64_t sum_end(const struct sum *s)
{
    uint64_t w[4] = {0};
    memcpy(w, s->rest, s->nrest);
    uint64_t a = hash_mix64(s->a ^ w[0]);
    uint64_t b = hash_mix64(a ^ s->b ^ w[1]);
    uint64_t c = hash_mix64(b ^ s->c ^ w[2]);
    return hash_mix64(c ^ s->d ^ w[3]);
}

static const char sum_key[] = ",\n\"sum\":\"", sum_close[] = "\"\n}\n";
enum { UNSEALED_END = sizeof("\n}\n") - 1 };

static void seal(struct strbuf *text, const struct sum *sum)
{
    strbuf_addf(text, "%s%016llx%s", sum_key, (unsigned long long)sum_end(sum), sum_close);
}

void asleep_seal(struct strbuf *text, size_t from)
{
    text->len -= UNSEALED_END;
    struct sum sum = sum_of(text->len - from);
    sum_add(&sum, text->data + from, text->len - from);
    seal(text, &sum);
}

void asleep_seal_pieces(struct pieces *text)
{
    text->own.len -= UNSEALED_END;
    struct sum sum = sum_of(pieces_len(text));
    size_t n;
    struct iovec *all = pieces_all(text, &n);
    for (size_t i = 0; i < n; i++)
        sum_add(&sum, all[i].iov_base, all[i].iov_len);
    free(all);
    seal(&text->own, &sum);
}

static bool is_sealed(const char *text, size_t len)
{
    const size_t key = sizeof(sum_key) - 1, end = sizeof(sum_close) - 1;
    char digits[SUM_DIGITS + 1];
    if (len < key + SUM_DIGITS + end)
        return false;
    size_t summed = len - key - SUM_DIGITS - end;
    const char *p = text + summed;
    if (memcmp(p, sum_key, key) != 0 || memcmp(text + len - end, sum_close, end) != 0)
        return false;
    struct sum sum = sum_of(summed);
    sum_add(&sum, text, summed);
    snprintf(digits, sizeof(digits), "%016llx", (unsigned long long)sum_end(&sum));
    return memcmp(p + key, digits, SUM_DIGITS) == 0;
}

/* ---- load ---- */

static bool scan_name(struct scan *s, struct asleep_record *r)
{
    r->name = s->p;
    while (json_is_plain(*s->p))
        s->p++;
    r->name_len = (uint32_t)(s->p - r->name);
    return r->name_len <= VNET_NETNS_NAME_MAX;
}

/* "asleep", and the place behind the members. */
static bool scan_members(struct scan *s, struct asleep_record *r)
{
    int64_t len;
    if (!SCAN(s, ",\n  \"asleep\":[") || !scan_uint(s, UINT32_MAX - 2, &len))
        return false;
    r->has_timer = SCAN(s, ",");
    if (r->has_timer && !state_scan_timer(s, &r->when, &r->order))
        return false;
    if (!SCAN(s, "]") || len > s->end - s->p || *s->p != ',')
        return false;
    r->members = (char *)(uintptr_t)s->p; /* it is written over when it wakes */
    r->len = (uint32_t)len;
    s->p += len;
    return true;
}

const char *asleep_read_record(const char *text, const char *end, void *record)
{
    struct asleep_record *r = record;
    struct scan s = {text, end};
    int64_t id;
    if (!SCAN(&s, "{\n  \"name\":\"") || !scan_name(&s, r) || !SCAN(&s, "\",\n  \"id\":") ||
        !scan_uint(&s, UINT32_MAX, &id) || id == 0 || !scan_members(&s, r))
        return NULL;
    r->id = (uint32_t)id;
    r->head = (uint32_t)(r->members - text);
    return SCAN(&s, "\n }") ? s.p : NULL;
}

const struct json_record_kind *asleep_kinds(const char *text, size_t len)
{
    return is_sealed(text, len) ? state_records_sealed : state_records;
}

/* ---- waking ---- */

/* The text is in the file, which has a line break and a blank behind it. */
static int fill(struct netns *ns, char *text, struct vnet_err *err)
{
    const struct state_path list = {.key = "netns"}, at = {.up = &list, .index = ns->asleep_index};
    struct state_loader l = {
        .format = STATE_FORMAT, .w = ns->w, .ns = ns, .sorted = true, .err = err};
    text[0] = '{'; /* for the comma behind "asleep" */
    text[ns->asleep_len] = '}';
    text[ns->asleep_len + 1] = '\0';
    json_t *obj = json_parse_records(text, ns->asleep_len + 1, state_records, err);
    int rc = obj ? state_load_links(&l, obj, &at) : -EINVAL;
    if (rc == 0)
        rc = state_load_members(&l, obj, &at);
    json_free(obj);
    return rc;
}

/* Whoever made that file has made its sum too, or a disk has failed: an empty namespace stands
 * there, and what happens is not saved. */
static void break_world(struct netns *ns, const struct vnet_err *why)
{
    struct vnet *w = ns->w;
    netdev_each(ns, dev, i)
    {
        if (is_pair(dev))
            pair_untie(dev); /* who woke it has the other end in hand */
    }
    netns_empty(ns);
    netns_fill(ns, NULL);
    if (!w->broken) {
        w->broken = mem_alloc(sizeof(*why));
        *w->broken = *why;
    }
}

/* As if it had been awake all the time: what making things takes from the world is put back. */
static void wake(struct netns *ns)
{
    struct vnet *w = ns->w;
    const struct vnet before = *w;
    struct vnet_err why = {""};
    char *text = ns->asleep;
    ns->asleep = NULL;
    w->profile = w->asleep_profile;
    w->loading = true;
    w->trace_fn = NULL;
    netns_fill(ns, NULL);
    if (fill(ns, text, &why) < 0)
        break_world(ns, &why);
    w->profile = before.profile;
    w->loading = before.loading;
    w->trace_fn = before.trace_fn;
    w->event_seq = before.event_seq;
    w->rng = before.rng;
    w->work = before.work;
    w->dirty = before.dirty;
}

int asleep_load(struct state_loader *l, const struct asleep_record *r, const char *name,
                const struct state_path *at)
{
    l->ns = netns_new_asleep(l->w, name, r->id, r->members, r->len);
    l->ns->asleep_head = r->head;
    l->ns->asleep_index = (uint32_t)at->index;
    l->w->wake = wake;
    l->w->asleep_profile = l->w->profile;
    return r->has_timer ? state_set_timer(l, at, "asleep", r->when, r->order, &l->ns->alarm) : 0;
}
