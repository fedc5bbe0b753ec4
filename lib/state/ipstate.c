/* What IP keeps beside: identifications, datagrams being put together, ICMP's rate limits. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "inet/addrlabel.h"
#include "inet/icmp_limit.h"
#include "inet/ip_frags.h"
#include "inet/sock.h"
#include "sim/world.h"
#include "state/fields.h"

enum { DATAGRAM_MAX = 65535 + 8, CHARGE_MAX = 1 << 28 };

static const struct state_field queue_fields[] = {
    FIELD(frag_queue, key.id, "id", FIELD_U32),
    FIELD(frag_queue, key.protocol, "protocol", FIELD_U8),
    FIELD(frag_queue, key.iif, "scope", FIELD_INT),
    FIELD(frag_queue, ecn, "ecn", FIELD_U8, .max = 15),
    FIELD(frag_queue, last_in, "last", FIELD_BOOL),
    FIELD(frag_queue, iif, "iif", FIELD_INT),
    FIELD(frag_queue, len, "len", FIELD_U32, .max = 2 * DATAGRAM_MAX),
    FIELD(frag_queue, max_size, "max_size", FIELD_U32, .max = DATAGRAM_MAX + FRAG_HEAD_MAX),
    FIELD(frag_queue, max_df_size, "max_df_size", FIELD_U32, .max = DATAGRAM_MAX),
    FIELD(frag_queue, charged, "charged", FIELD_U32, .max = CHARGE_MAX),
    FIELD(frag_queue, rid, "rid", FIELD_U32),
    FIELD(frag_queue, stamp, "stamp", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(frag_queue, head_pkt_type, "pkt_type", FIELD_U8, .max = 4),
    FIELD(frag_queue, head_payload, "first", FIELD_U32, .max = DATAGRAM_MAX),
    FIELD(frag_queue, head_nexthdr, "named_at", FIELD_U16, .max = FRAG_HEAD_MAX - 1),
    FIELD(frag_queue, nexthdr, "next_header", FIELD_U8),
    {.key = NULL},
};
static const char *const queue_keys[] = {"saddr", "daddr", "header", "runs", "timer", NULL};

static const struct state_field peer_fields[] = {
    FIELD(icmp_peer, tokens, "tokens", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(icmp_peer, last, "last", FIELD_I64, .min = -STATE_TIME_MAX, .max = STATE_TIME_MAX),
    FIELD(icmp_peer, n_redirects, "redirects", FIELD_U32, .max = INT32_MAX),
    {.key = NULL},
};

static const struct state_field label_fields[] = {
    FIELD(flowlabel, label, "label", FIELD_U32, .max = 0xfffff),
    FIELD(flowlabel, sock, "socket", FIELD_U32),
    FIELD(flowlabel, expires, "expires", FIELD_I64, .max = STATE_TIME_MAX),
    {.key = NULL},
};

static const struct state_field addrlabel_fields[] = {
    FIELD(vnet_addrlabel, len, "prefixlen", FIELD_U8, .max = 128),
    FIELD(vnet_addrlabel, ifindex, "ifindex", FIELD_INT),
    FIELD(vnet_addrlabel, label, "label", FIELD_U32, .max = 0xfffffffe),
    {.key = NULL},
};

/* ---- save ---- */

/* The whole list, where it is not the kernel's own. */
static void save_addrlabels(const struct addrlabel_table *t, struct json_out *o)
{
    if (!t->changed)
        return;
    json_put_array(o, "addrlabels", true);
    list_each(pos, &t->list)
    {
        const struct vnet_addrlabel *a = &list_entry(pos, struct addrlabel, node)->a;
        json_put_object(o, NULL, false);
        state_put_addr(o, "address", &a->prefix);
        state_put_fields(o, addrlabel_fields, a);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_labels(const struct sock_table *t, struct json_out *o)
{
    if (list_empty(&t->flowlabels))
        return;
    json_put_array(o, "flowlabels", true);
    list_each(pos, &t->flowlabels)
    {
        json_put_object(o, NULL, false);
        state_put_fields(o, label_fields, list_entry(pos, struct flowlabel, node));
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_runs(const struct frag_queue *q, struct json_out *o)
{
    json_put_array(o, "runs", false);
    list_each(pos, &q->runs)
    {
        const struct frag_run *r = list_entry(pos, struct frag_run, node);
        json_put_array(o, NULL, false);
        json_put_int(o, NULL, r->offset);
        state_put_hex(o, NULL, r->data, r->end - r->offset);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_fragments(const struct ip_frags *f, const char *key, struct json_out *o)
{
    if (list_empty(&f->by_age))
        return;
    json_put_array(o, key, true);
    list_each(pos, &f->by_age)
    {
        const struct frag_queue *q = list_entry(pos, struct frag_queue, age);
        json_put_object(o, NULL, false);
        state_put_addr(o, "saddr", &q->key.saddr);
        state_put_addr(o, "daddr", &q->key.daddr);
        state_put_fields(o, queue_fields, q);
        if (q->head_len)
            state_put_hex(o, "header", q->head, q->head_len);
        save_runs(q, o);
        state_put_timer(o, "timer", &q->timer);
        json_put_end(o);
    }
    json_put_end(o);
}

static void save_icmp(const struct icmp_state *s, struct json_out *o)
{
    if (s->stamp) {
        json_put_int(o, "icmp_credit", s->credit);
        json_put_int(o, "icmp_stamp", s->stamp);
    }
    if (list_empty(&s->peers))
        return;
    json_put_array(o, "icmp_peers", true);
    list_each(pos, &s->peers)
    {
        json_put_object(o, NULL, false);
        const struct icmp_peer *peer = list_entry(pos, struct icmp_peer, node);
        state_put_addr(o, "addr", &peer->addr);
        state_put_fields(o, peer_fields, peer);
        json_put_end(o);
    }
    json_put_end(o);
}

void state_save_ip(const struct netns *ns, struct json_out *o)
{
    const struct icmp_state *s = ns->icmp;
    if (!ns->ip_id && !ns->socks->ping_rover && !s->stamp && list_empty(&s->peers) &&
        list_empty(&ns->frags->by_age) && list_empty(&ns->frags6->by_age) &&
        list_empty(&ns->socks->flowlabels) && !ns->addrlabels->changed)
        return;
    json_put_object(o, "ip", true);
    if (ns->ip_id)
        json_put_int(o, "id", ns->ip_id);
    if (ns->socks->ping_rover)
        json_put_int(o, "ping_rover", ns->socks->ping_rover);
    save_icmp(s, o);
    save_labels(ns->socks, o);
    save_addrlabels(ns->addrlabels, o);
    save_fragments(ns->frags, "fragments", o);
    save_fragments(ns->frags6, "fragments6", o);
    json_put_end(o);
}

/* ---- load ---- */

/* Does it begin as a header of the queue's family does? IPv6: with the field that is to be put
 * right within. */
static bool header_fits(const struct frag_queue *q, const uint8_t *p, size_t len)
{
    if (q->key.saddr.family == VNET_AF_INET)
        return len >= 20 && len <= 60 && len % 4 == 0 && p[0] == (uint8_t)(0x40 | len / 4);
    return len >= 40 && p[0] >> 4 == 6 && q->head_nexthdr < len;
}

static int load_header(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       struct frag_queue *q)
{
    const json_t *v = json_object_get(obj, "header");
    uint8_t *p;
    size_t len;
    if (!v)
        return 0;
    int rc = state_get_hex(l, v, at, "header", sizeof(q->head), &p, &len);
    if (rc < 0)
        return rc;
    if (!header_fits(q, p, len))
        rc = state_fail(l, at, "header", "must be an IP header of the queue's family");
    else
        memcpy(q->head, p, q->head_len = (uint16_t)len);
    free(p);
    return rc;
}

/* [offset, bytes]; *end: where the one before ended. */
static int load_run(struct state_loader *l, const json_t *v, const struct state_path *at,
                    struct frag_queue *q, uint32_t *end)
{
    int64_t offset = json_integer_value(json_array_get(v, 0));
    uint8_t *p;
    size_t len;
    if (json_array_size(v) != 2 || offset < *end || offset > DATAGRAM_MAX || offset % 8)
        return state_fail(l, at, NULL, "must be [offset, bytes], behind the one before");
    int rc = state_get_hex(l, json_array_get(v, 1), at, NULL, DATAGRAM_MAX, &p, &len);
    if (rc < 0)
        return rc;
    if (len == 0 || offset + (int64_t)len > (int64_t)q->len)
        rc = state_fail(l, at, NULL, "must have bytes, and end within \"len\"");
    else
        frag_run_append(q, (uint32_t)offset, p, (uint32_t)len);
    q->meat += (uint32_t)len;
    *end = (uint32_t)offset + (uint32_t)len;
    free(p);
    return rc;
}

static int load_runs(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     struct frag_queue *q)
{
    const json_t *list = json_object_get(obj, "runs"), *v;
    const struct state_path list_at = {.up = at, .key = "runs"};
    uint32_t end = 0;
    size_t i;
    int rc = 0;
    json_array_foreach(list, i, v)
    {
        const struct state_path item = {.up = &list_at, .index = i};
        if (rc == 0)
            rc = load_run(l, v, &item, q, &end);
    }
    return rc;
}

static int check_queue(struct state_loader *l, const struct state_path *at,
                       const struct frag_queue *q)
{
    const struct frag_run *r = list_first(&q->runs, struct frag_run, node);
    bool first = r && r->offset == 0;
    if (!timer_pending(&q->timer))
        return state_fail(l, at, "timer", "is missing");
    if ((q->head_len != 0) != first)
        return state_fail(l, at, "header", "must be there if the first fragment is");
    if (first && (q->head_payload == 0 || q->head_payload > r->end))
        return state_fail(l, at, "first", "must be the length of the first fragment");
    if (first && q->last_in && q->meat == q->len)
        return state_fail(l, at, "runs", "are complete");
    return 0;
}

static int load_queue_of(struct state_loader *l, const json_t *obj, const struct state_path *at,
                         struct ip_frags *f, uint8_t family)
{
    struct frag_queue k;
    memset(&k, 0, sizeof(k));
    int rc = state_only_fields(l, obj, at, queue_fields, queue_keys);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, queue_fields, &k);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "saddr", family, &k.key.saddr);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "daddr", family, &k.key.daddr);
    if (rc == 0 && (k.key.saddr.family != family || k.key.daddr.family != family))
        rc = state_fail(l, at, NULL, "must have \"saddr\" and \"daddr\"");
    if (rc < 0)
        return rc;
    struct frag_queue *q = frag_queue_new(f, &k.key);
    f->mem -= q->charged;
    state_get_fields(l, obj, at, queue_fields, q);
    f->mem += q->charged;
    rc = load_header(l, obj, at, q);
    if (rc == 0)
        rc = load_runs(l, obj, at, q);
    if (rc == 0)
        rc = state_get_timer(l, obj, at, "timer", &q->timer);
    return rc < 0 ? rc : check_queue(l, at, q);
}

static int load_queue(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return load_queue_of(l, obj, at, l->ns->frags, VNET_AF_INET);
}

static int load_queue6(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return load_queue_of(l, obj, at, l->ns->frags6, VNET_AF_INET6);
}

static int load_peer(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"addr", NULL};
    const char *text = json_string_value(json_object_get(obj, "addr"));
    uint8_t family = text && strchr(text, ':') ? VNET_AF_INET6 : VNET_AF_INET;
    struct inet_addr addr = {0};
    int rc = state_only_fields(l, obj, at, peer_fields, keys);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "addr", family, &addr);
    if (rc < 0)
        return rc;
    struct icmp_peer *p = icmp_peer_add(l->ns->icmp, &addr);
    list_del(&p->node);
    list_add_tail(&p->node, &l->ns->icmp->peers);
    return state_get_fields(l, obj, at, peer_fields, p);
}

static int load_label(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    int rc = state_only_fields(l, obj, at, label_fields, NULL);
    return rc < 0 ? rc : state_get_fields(l, obj, at, label_fields, flowlabel_new(l->ns->socks, 0));
}

static int load_addrlabel(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"address", NULL};
    struct vnet_addrlabel a = {.len = 0};
    int rc = state_only_fields(l, obj, at, addrlabel_fields, keys);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, addrlabel_fields, &a);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "address", VNET_AF_INET6, &a.prefix);
    if (rc == 0 && a.prefix.family != VNET_AF_INET6)
        rc = state_fail(l, at, "address", "is missing");
    if (rc == 0)
        addrlabel_append(l->ns, &a);
    return rc;
}

int state_load_ip(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    static const char *const keys[] = {"id",         "ping_rover", "icmp_credit", "icmp_stamp",
                                       "icmp_peers", "fragments",  "fragments6",  "flowlabels",
                                       "addrlabels", NULL};
    const struct state_path ip_at = {.up = at, .key = "ip"};
    const json_t *ip = json_object_get(obj, "ip");
    int64_t id = 0, rover = 0, credit = 0;
    l->ns->ip_id = 0; /* a new namespace begins with a random one */
    if (!ip)
        return 0;
    int rc = state_only_keys(l, ip, &ip_at, keys);
    if (rc == 0)
        rc = state_get_int(l, ip, &ip_at, "id", 0, UINT16_MAX, &id);
    if (rc == 0)
        rc = state_get_int(l, ip, &ip_at, "ping_rover", 0, UINT16_MAX, &rover);
    if (rc == 0)
        rc = state_get_int(l, ip, &ip_at, "icmp_credit", 0, INT32_MAX, &credit);
    if (rc == 0)
        rc = state_get_int(l, ip, &ip_at, "icmp_stamp", 0, STATE_TIME_MAX, &l->ns->icmp->stamp);
    if (rc == 0)
        rc = state_get_list(l, ip, &ip_at, "icmp_peers", load_peer);
    if (rc == 0)
        rc = state_get_list(l, ip, &ip_at, "fragments", load_queue);
    if (rc == 0)
        rc = state_get_list(l, ip, &ip_at, "fragments6", load_queue6);
    if (rc == 0)
        rc = state_get_list(l, ip, &ip_at, "flowlabels", load_label);
    if (rc == 0 && json_object_get(ip, "addrlabels"))
        addrlabel_clear(l->ns);
    if (rc == 0)
        rc = state_get_list(l, ip, &ip_at, "addrlabels", load_addrlabel);
    l->ns->ip_id = (uint16_t)id;
    l->ns->socks->ping_rover = (uint16_t)rover;
    l->ns->icmp->credit = (uint32_t)credit;
    return rc;
}
