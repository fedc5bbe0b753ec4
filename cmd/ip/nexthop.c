/* `ip nexthop` (ip/ipnexthop.c of iproute2 6.1.0). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/names.h"
#include "cmd/ip/nexthop_print.h"
#include "cmd/ip/prefix.h"
#include "vnet_route.h"

static int take_help(struct args *a, void *into, const struct keyword *kw);

/* The words of one command, whatever its verb. */
struct words {
    struct ip *ip;
    struct vnet_nh_info nh;
    struct vnet_nh_member members[VNET_NH_MEMBERS_MAX];
    struct vnet_nh_filter filter;
    bool has_id, has_index;
    bool attributes; /* others than the id are given */
    uint32_t proto;  /* of list and flush: 0: any */
    uint16_t index;
};

static int take_id(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    uint32_t *const ids[] = {&w->nh.id, &w->filter.id, &w->filter.nhid};
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_u32(a->v[0], 0, ids[kw->value]))
        return arg_invalid(a, "invalid id value", a->v[0]);
    w->has_id |= kw->value != 2;
    return ARG_OK;
}

static int take_device_index(struct args *a, struct words *w, int *ifindex)
{
    int status = arg_next(a);
    if (status)
        return status;
    *ifindex = ip_link_index(w->ip, a->v[0]);
    return *ifindex ? ARG_OK : arg_invalid(a, "Device does not exist\n", a->v[0]);
}

/* ---- add, replace, delete ---- */

static int take_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)kw;
    int status = take_device_index(a, w, &w->nh.oif);
    w->nh.has_oif = w->attributes = true;
    if (w->nh.family == VNET_AF_UNSPEC)
        w->nh.family = VNET_AF_INET;
    return status;
}

static int take_via(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    struct ip_prefix addr;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    uint8_t family = w->nh.family;
    if (strcmp(a->v[0], "inet") == 0 || strcmp(a->v[0], "inet6") == 0) {
        family = a->v[0][4] ? VNET_AF_INET6 : VNET_AF_INET;
        status = arg_next(a);
    }
    if (!status)
        status = ip_take_addr(w->ip, a, family, &addr);
    if (status)
        return status;
    if (w->nh.family == VNET_AF_UNSPEC)
        w->nh.family = addr.addr.family;
    else if (w->nh.family != addr.addr.family)
        return arg_invalid(a, "address family mismatch\n", a->v[0]);
    w->nh.gateway = addr.addr;
    w->attributes = true;
    return ARG_OK;
}

enum flag_word { FLAG_BLACKHOLE, FLAG_FDB, FLAG_ONLINK };

static int take_flag(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)a;
    w->attributes |= kw->value != FLAG_ONLINK;
    if (kw->value == FLAG_FDB) {
        w->nh.fdb = true;
    } else if (kw->value == FLAG_ONLINK) {
        w->nh.flags |= VNET_RTNH_F_ONLINK;
    } else {
        w->nh.blackhole = true;
        if (w->nh.family == VNET_AF_UNSPEC)
            w->nh.family = VNET_AF_INET;
    }
    return ARG_OK;
}

/* "ID[,WEIGHT]" up to a slash or the end. */
static int read_member(struct args *a, char *word, struct vnet_nh_member *m)
{
    enum { WEIGHT_MAX = 256 };
    char *weight = strchr(word, ',');
    if (weight)
        *weight++ = '\0';
    m->weight = 1;
    if (!arg_u32(word, 0, &m->id))
        return ARG_FAILED;
    if (weight && (!arg_u32(weight, 0, &m->weight) || !m->weight || m->weight > WEIGHT_MAX))
        return arg_invalid(a, "\"weight\" is invalid\n", weight);
    return ARG_OK;
}

/* iproute2 has cut the word into pieces by then. */
static int invalid_group(struct args *a)
{
    char *first = mem_strdup(a->v[0]);
    first[strcspn(first, "/,")] = '\0';
    int status = arg_invalid(a, "\"group\" value is invalid\n", first);
    free(first);
    return status;
}

static int take_group(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    char *copy = mem_strdup(a->v[0]), *word = copy;
    w->attributes = true;
    w->nh.members = w->members;
    w->nh.nmembers = 0;
    while (word && status == ARG_OK && w->nh.nmembers < VNET_NH_MEMBERS_MAX) {
        char *slash = strchr(word, '/');
        if (slash)
            *slash++ = '\0';
        status = read_member(a, word, &w->members[w->nh.nmembers++]);
        word = slash;
    }
    free(copy);
    if (status == ARG_FAILED || (word && !status))
        return invalid_group(a);
    return status;
}

static bool read_timer(const char *word, uint32_t *ticks)
{
    uint32_t seconds;
    if (!arg_u32(word, 0, &seconds) || seconds >= UINT32_MAX / 100)
        return false;
    *ticks = seconds * 100;
    return true;
}

/* One of the words that may follow `type resilient`. ARG_STOP: it is none of them. */
static int read_resilient_word(struct args *a, struct words *w)
{
    const char *key = a->v[0];
    bool buckets = strcmp(key, "buckets") == 0, idle = strcmp(key, "idle_timer") == 0;
    if (!buckets && !idle && strcmp(key, "unbalanced_timer") != 0)
        return ARG_STOP;
    int status = arg_next(a);
    if (status)
        return status;
    if (buckets) {
        w->nh.has_buckets = true;
        return arg_u16(a->v[0], 0, &w->nh.buckets)
                   ? ARG_OK
                   : arg_invalid(a, "invalid buckets value", a->v[0]);
    }
    if (idle) {
        w->nh.has_idle_timer = true;
        return read_timer(a->v[0], &w->nh.idle_timer)
                   ? ARG_OK
                   : arg_invalid(a, "invalid idle timer value", a->v[0]);
    }
    w->nh.has_unbalanced_timer = true;
    return read_timer(a->v[0], &w->nh.unbalanced_timer)
               ? ARG_OK
               : arg_invalid(a, "invalid unbalanced timer value", a->v[0]);
}

static int take_type(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    w->attributes = true;
    w->nh.group_type = VNET_NH_GRP_MPATH;
    if (strcmp(a->v[0], "mpath") == 0)
        return ARG_OK;
    if (strcmp(a->v[0], "resilient") != 0)
        return arg_invalid(a, "\"type\" value is invalid\n", a->v[0]);
    w->nh.group_type = VNET_NH_GRP_RES;
    while (a->n > 1) {
        struct args ahead = *a;
        arg_advance(&ahead);
        status = read_resilient_word(&ahead, w);
        if (status == ARG_STOP)
            return ARG_OK;
        *a = ahead;
        if (status)
            return status;
    }
    return ARG_OK;
}

static int take_protocol(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    uint32_t protocol;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!proto_value(a->v[0], &protocol))
        return arg_invalid(a, "\"protocol\" value is invalid\n", a->v[0]);
    w->nh.protocol = (uint8_t)protocol;
    return ARG_OK;
}

static int unknown(struct args *a, void *into)
{
    (void)into;
    return arg_invalid(a, "", a->v[0]);
}

static const struct keyword modify_words[] = {
    {"id", false, take_id, 0, NULL},
    {"dev", false, take_dev, 0, NULL},
    {"via", false, take_via, 0, NULL},
    {"encap", false, arg_refuse, 0, "ip nexthop"},
    {"blackhole", false, take_flag, FLAG_BLACKHOLE, NULL},
    {"fdb", false, take_flag, FLAG_FDB, NULL},
    {"onlink", false, take_flag, FLAG_ONLINK, NULL},
    {"group", false, take_group, 0, NULL},
    {"type", false, take_type, 0, NULL},
    {"protocol", true, take_protocol, 0, NULL},
    {"help", false, take_help, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

enum { MODIFY_DELETE = 1U << 31 };

static int delete_one(struct words *w)
{
    struct vnet_err err = {""};
    const struct vnet_nh_info *nh = &w->nh;
    if (w->attributes) /* those beyond rtm_nh_policy_del's */
        return ip_refuse(w->ip, "Unknown attribute type");
    if (nh->protocol || nh->flags)
        return ip_refuse(w->ip, "Invalid values in header");
    if (!w->has_id)
        return ip_refuse(w->ip, "Nexthop id is missing");
    return ip_answer(w->ip, vnet_nh_del(w->ip->ns, nh->id, &err), &err);
}

static int modify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words w = {.ip = ip, .nh.family = ip->opt.family};
    struct vnet_err err = {""};
    int status = args_read(a, modify_words, &w, unknown);
    if (status)
        return status;
    if (verb->value == MODIFY_DELETE)
        return delete_one(&w);
    return ip_answer(ip, vnet_nh_add(ip->ns, &w.nh, verb->value, &err), &err);
}

/* ---- list and flush ---- */

static int take_filter_device(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    return take_device_index(a, w, kw->value ? &w->filter.master : &w->filter.oif);
}

static int take_vrf(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    (void)kw;
    int status = arg_next(a);
    return status ? status : arg_invalid(a, "Invalid VRF\n", a->v[0]);
}

static int take_groups(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)a;
    w->filter.groups |= kw->value; /* fdb: the kernel takes the word and does not filter by it */
    return ARG_OK;
}

static int take_protocol_number(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    return arg_u32(a->v[0], 0, &w->proto) ? ARG_OK
                                          : arg_invalid(a, "invalid protocol value", a->v[0]);
}

/* `id N` ends the list: what follows is not looked at. */
static int take_last_id(struct args *a, void *into, const struct keyword *kw)
{
    int status = take_id(a, into, kw);
    return status ? status : ARG_STOP;
}

static const struct keyword list_words[] = {
    {"dev", true, take_filter_device, 0, NULL},
    {"groups", true, take_groups, true, NULL},
    {"master", true, take_filter_device, 1, NULL},
    {"vrf", true, take_vrf, 0, NULL},
    {"id", false, take_last_id, 0, NULL},
    {"protocol", true, take_protocol_number, 0, NULL},
    {"fdb", true, take_groups, false, NULL},
    {"help", true, take_help, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int show_one(const struct vnet_nh_info *nh, void *arg)
{
    const struct words *w = arg;
    if (!w->proto || nh->protocol == w->proto)
        ip_print_nexthop(w->ip, nh);
    return 0;
}

static int show_id(struct words *w)
{
    struct ip *ip = w->ip;
    struct vnet_nh_member members[VNET_NH_MEMBERS_MAX];
    struct vnet_nh_info nh;
    struct vnet_err err = {""};
    int rc = vnet_nh_get(ip->ns, w->nh.id, &nh, members, &err);
    if (rc < 0)
        return ip_answer(ip, rc, &err);
    json_begin(&ip->out);
    show_one(&nh, w);
    json_end(&ip->out);
    return ARG_OK;
}

static int list(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words w = {.ip = ip, .filter.family = ip->opt.family};
    (void)verb;
    int status = args_read(a, list_words, &w, unknown);
    if (status)
        return status;
    if (w.has_id)
        return show_id(&w);
    json_begin(&ip->out);
    vnet_nh_dump(ip->ns, &w.filter, show_one, &w);
    json_end(&ip->out);
    return ARG_OK;
}

struct victims {
    uint32_t proto;
    uint32_t *ids;
    size_t n, cap;
};

static int note_victim(const struct vnet_nh_info *nh, void *arg)
{
    struct victims *v = arg;
    if (v->proto && nh->protocol != v->proto)
        return 0;
    if (v->n == v->cap) {
        v->cap = v->cap ? 2 * v->cap : 16;
        v->ids = mem_realloc(v->ids, v->cap * sizeof(*v->ids));
    }
    v->ids[v->n++] = nh->id;
    return 0;
}

static unsigned flush_matching(struct words *w)
{
    struct victims v = {.proto = w->proto};
    unsigned flushed = 0;
    vnet_nh_dump(w->ip->ns, &w->filter, note_victim, &v);
    for (size_t i = 0; i < v.n; i++) {
        struct vnet_err err = {""};
        if (ip_answer(w->ip, vnet_nh_del(w->ip->ns, v.ids[i], &err), &err) == ARG_OK)
            flushed++;
    }
    free(v.ids);
    return flushed;
}

/* All of them: the groups first. */
static unsigned flush_all(struct words *w)
{
    w->filter.groups = true;
    unsigned groups = flush_matching(w);
    w->filter.groups = false;
    return groups + flush_matching(w);
}

static int flush(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words w = {.ip = ip, .filter.family = ip->opt.family};
    bool all = a->n == 0;
    (void)verb;
    int status = args_read(a, list_words, &w, unknown);
    if (status)
        return status;
    if (w.has_id) {
        struct vnet_err err = {""};
        return ip_answer(ip, vnet_nh_del(ip->ns, w.nh.id, &err), &err) ? ARG_FAILED : ARG_OK;
    }
    unsigned flushed = all ? flush_all(&w) : flush_matching(&w);
    if (flushed)
        sink_printf(ip->out.out, "Flushed %u nexthops\n", flushed);
    else
        sink_puts(ip->out.out, "Nothing to flush\n");
    return ARG_OK;
}

/* ---- get, bucket ---- */

static int usage_instead(struct args *a, void *into)
{
    struct words *w = into;
    (void)a;
    return ip_usage(w->ip, HELP_NEXTHOP);
}

static int take_index(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    w->has_index = true;
    return arg_u16(a->v[0], 0, &w->index) ? ARG_OK
                                          : arg_invalid(a, "invalid bucket index value", a->v[0]);
}

static const struct keyword get_words[] = {{"id", false, take_id, 0, NULL},
                                           {NULL, false, NULL, 0, NULL}};
static const struct keyword bucket_get_words[] = {{"id", false, take_id, 0, NULL},
                                                  {"index", false, take_index, 0, NULL},
                                                  {NULL, false, NULL, 0, NULL}};
static const struct keyword bucket_list_words[] = {
    {"dev", true, take_filter_device, 0, NULL},
    {"master", true, take_filter_device, 1, NULL},
    {"vrf", true, take_vrf, 0, NULL},
    {"id", false, take_id, 1, NULL},
    {"nhid", false, take_id, 2, NULL},
    {"help", true, take_help, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int get(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words w = {.ip = ip};
    (void)verb;
    int status = args_read(a, get_words, &w, usage_instead);
    if (status)
        return status;
    return w.nh.id ? show_id(&w) : ip_usage(ip, HELP_NEXTHOP);
}

static int show_bucket(const struct vnet_nh_bucket *b, void *arg)
{
    ip_print_bucket(arg, b);
    return 0;
}

static int bucket_list(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words w = {.ip = ip};
    struct vnet_err err = {""};
    (void)verb;
    int status = args_read(a, bucket_list_words, &w, unknown);
    if (status)
        return status;
    json_begin(&ip->out);
    int rc = vnet_nh_bucket_dump(ip->ns, &w.filter, show_bucket, ip, &err);
    if (rc == 0) {
        json_end(&ip->out); /* what fails is left open */
        return ARG_OK;
    }
    if (err.msg[0])
        sink_printf(ip->err, "Error: %s.\n", err.msg);
    sink_puts(ip->err, "Dump terminated\n");
    return ARG_REFUSED;
}

static int bucket_get(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words w = {.ip = ip};
    struct vnet_nh_bucket b;
    struct vnet_err err = {""};
    (void)verb;
    int status = args_read(a, bucket_get_words, &w, usage_instead);
    if (status)
        return status;
    if (!w.nh.id || !w.has_index)
        return ip_usage(ip, HELP_NEXTHOP);
    int rc = vnet_nh_bucket_get(ip->ns, w.nh.id, w.index, &b, &err);
    if (rc < 0)
        return ip_answer(ip, rc, &err);
    json_begin(&ip->out);
    ip_print_bucket(ip, &b);
    json_end(&ip->out);
    return ARG_OK;
}

/* ---- verbs ---- */

static int take_help(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)a;
    (void)kw;
    return ip_usage(w->ip, HELP_NEXTHOP);
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_NEXTHOP);
}

static int bucket(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    static const struct ip_verb bucket_verbs[] = {
        {"list", true, true, bucket_list, 0}, {"show", true, true, bucket_list, 0},
        {"lst", true, true, bucket_list, 0},  {"get", true, true, bucket_get, 0},
        {"help", true, false, help, 0},       {NULL, false, false, NULL, 0},
    };
    static const struct ip_verb without = {"show", false, true, bucket_list, 0};
    (void)verb;
    return ip_run_verb(ip, a, bucket_verbs, "nexthop", &without);
}

static const struct ip_verb verbs[] = {
    {"add", true, true, modify, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL},
    {"replace", true, true, modify, VNET_NLM_F_CREATE | VNET_NLM_F_REPLACE},
    {"delete", true, true, modify, MODIFY_DELETE},
    {"list", true, true, list, 0},
    {"show", true, true, list, 0},
    {"lst", true, true, list, 0},
    {"get", true, true, get, 0},
    {"flush", true, true, flush, 0},
    {"bucket", true, true, bucket, 0},
    {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_nexthop_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, list, 0};
    return ip_run_verb(ip, a, verbs, "nexthop", &without);
}
