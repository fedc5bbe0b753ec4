/* Sockets with their queues. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "can/af_can.h"
#include "inet/rtnetlink.h"
#include "sim/world.h"
#include "state/fields.h"

enum { MSG_MAX = 65535, TRUESIZE_MAX = 1 << 18, RMEM_MAX = 1 << 30 };

static const struct state_field sock_fields[] = {
    FIELD(sock, bound_dev_if, "bound_dev_if", FIELD_INT),
    FIELD(sock, oif, "oif", FIELD_INT),
    FIELD(sock, ident, "ident", FIELD_U16),
    FIELD(sock, dport, "dport", FIELD_U16),
    FIELD(sock, ip_id, "ip_id", FIELD_U16),
    FIELD(sock, ttl, "ttl", FIELD_INT, .min = -1, .max = 255, .initial = -1),
    FIELD(sock, mc_ttl, "mc_ttl", FIELD_INT, .max = 255, .initial = 1),
    FIELD(sock, tos, "tos", FIELD_INT, .max = 255),
    FIELD(sock, pmtudisc, "pmtudisc", FIELD_INT, .max = 5, .initial = 1),
    FIELD(sock, mc_loop, "mc_loop", FIELD_BOOL, .initial = 1),
    FIELD(sock, broadcast, "broadcast", FIELD_BOOL),
    FIELD(sock, recverr, "recverr", FIELD_BOOL),
    FIELD(sock, recvttl, "recvttl", FIELD_BOOL),
    FIELD(sock, debug, "debug", FIELD_BOOL),
    FIELD(sock, dontroute, "dontroute", FIELD_BOOL),
    FIELD(sock, mark, "mark", FIELD_U32),
    FIELD(sock, icmp_filter, "icmp_filter", FIELD_U32),
    FIELD(sock, rcvbuf, "rcvbuf", FIELD_U32, .min = 1, .max = RMEM_MAX, .initial = 212992),
    FIELD(sock, sndbuf, "sndbuf", FIELD_U32, .min = 1, .max = RMEM_MAX, .initial = 212992),
    FIELD(sock, err, "err", FIELD_INT, .max = 4095),
    {.key = NULL},
};
static const char *const sock_keys[] = {
    "id", "type", "family",         "protocol", "drops",        "rcv_saddr", "saddr",     "daddr",
    "rx", "errq", "netlink_groups", "can",      "icmp6_filter", "options",   "ethertype", NULL};

static const struct state_field can_fields[] = {
    FIELD(can_raw_opts, ifindex, "ifindex", FIELD_INT),
    FIELD(can_raw_opts, bound, "bound", FIELD_BOOL),
    FIELD(can_raw_opts, loopback, "loopback", FIELD_BOOL, .initial = 1),
    FIELD(can_raw_opts, recv_own_msgs, "recv_own_msgs", FIELD_BOOL),
    FIELD(can_raw_opts, fd_frames, "fd_frames", FIELD_BOOL),
    FIELD(can_raw_opts, join_filters, "join_filters", FIELD_BOOL),
    FIELD(can_raw_opts, err_mask, "err_mask", FIELD_U32),
    {.key = NULL},
};
static const char *const can_keys[] = {"filters", NULL};

static const struct state_field msg_fields[] = {
    FIELD(vnet_msg, time, "time", FIELD_I64, .max = STATE_TIME_MAX),
    FIELD(vnet_msg, port, "port", FIELD_U16),
    FIELD(vnet_msg, ttl, "ttl", FIELD_INT, .min = -1, .max = 255),
    FIELD(vnet_msg, tos, "tos", FIELD_INT, .max = 255),
    FIELD(vnet_msg, iif, "iif", FIELD_INT),
    FIELD(vnet_msg, pkttype, "pkttype", FIELD_U8),
    FIELD(vnet_msg, flags, "flags", FIELD_U32),
    FIELD(vnet_msg, ee_errno, "errno", FIELD_INT, .max = 4095),
    FIELD(vnet_msg, ee_origin, "origin", FIELD_U8),
    FIELD(vnet_msg, ee_type, "type", FIELD_U8),
    FIELD(vnet_msg, ee_code, "code", FIELD_U8),
    FIELD(vnet_msg, ee_info, "info", FIELD_U32),
    FIELD(vnet_msg, scope_id, "scope", FIELD_INT),
    FIELD(vnet_msg, offender_scope, "offender_scope", FIELD_INT),
    {.key = NULL},
};
static const char *const msg_keys[] = {"from", "offender", "truesize", "data", NULL};

/* ---- save ---- */

static void save_queue(const struct list *queue, struct json_out *o, const char *key)
{
    if (list_empty(queue))
        return;
    json_put_array(o, key, true);
    list_each(pos, queue)
    {
        const struct sock_msg *m = list_entry(pos, struct sock_msg, node);
        json_put_object(o, NULL, false);
        state_put_fields(o, msg_fields, &m->meta);
        state_put_addr(o, "from", &m->meta.from);
        state_put_addr(o, "offender", &m->meta.offender);
        json_put_int(o, "truesize", m->truesize);
        state_put_hex(o, "data", m->data, m->len);
        json_put_end(o);
    }
    json_put_end(o);
}

/* Of a CAN socket; what "can" holds says that it is one. */
static void save_can(const struct can_raw_opts *ro, struct json_out *o)
{
    json_put_object(o, "can", false);
    state_put_fields(o, can_fields, ro);
    json_put_array(o, "filters", false);
    for (uint32_t i = 0; i < ro->nfilters; i++) {
        json_put_array(o, NULL, false);
        json_put_int(o, NULL, ro->filters[i].id);
        json_put_int(o, NULL, ro->filters[i].mask);
        json_put_end(o);
    }
    json_put_end(o);
    json_put_end(o);
}

/* ICMP6_FILTER: 256 bits, of type 0 first; left out where nothing is blocked. */
static void save_filter6(const struct sock *sk, struct json_out *o)
{
    static const uint32_t none[8];
    if (memcmp(sk->icmp6_filter, none, sizeof(none)) == 0)
        return;
    json_put_array(o, "icmp6_filter", false);
    for (size_t i = 0; i < ARRAY_LEN(sk->icmp6_filter); i++)
        json_put_int(o, NULL, sk->icmp6_filter[i]);
    json_put_end(o);
}

static void save_sock(const struct sock *sk, struct json_out *o)
{
    json_put_object(o, NULL, false);
    json_put_int(o, "id", sk->id);
    json_put_str(o, "type", sk->type == VNET_SOCK_RAW ? "raw" : "dgram");
    if (sk->family == VNET_AF_INET6)
        json_put_str(o, "family", "inet6");
    json_put_int(o, sk->family == VNET_AF_PACKET ? "ethertype" : "protocol", sk->protocol);
    state_put_fields(o, sock_fields, sk);
    state_put_addr(o, "rcv_saddr", &sk->rcv_saddr);
    state_put_addr(o, "saddr", &sk->saddr);
    state_put_addr(o, "daddr", &sk->daddr);
    if (sk->can)
        save_can(sk->can, o);
    if (sk->family == VNET_AF_NETLINK)
        json_put_int(o, "netlink_groups", sk->netlink_groups);
    if (sk->opt_given_len)
        state_put_hex(o, "options", sk->opt_given, sk->opt_given_len);
    save_filter6(sk, o);
    if (sk->drops)
        json_put_u64(o, "drops", sk->drops);
    save_queue(&sk->rx, o, "rx");
    save_queue(&sk->errq, o, "errq");
    json_put_end(o);
}

void state_save_sockets(const struct netns *ns, struct json_out *o)
{
    if (list_empty(&ns->socks->socks))
        return;
    json_put_array(o, "sockets", true);
    list_each(pos, &ns->socks->socks) save_sock(list_entry(pos, struct sock, node), o);
    json_put_end(o);
}

/* ---- load ---- */

static uint8_t addr_family(const struct sock *sk)
{
    return sk->family == VNET_AF_INET6 ? VNET_AF_INET6 : VNET_AF_INET;
}

struct sock_queue {
    struct sock *sk;
    struct list *msgs;
};

static int load_msg(struct state_loader *l, const json_t *obj, const struct state_path *at,
                    void *arg)
{
    struct sock_queue *to = arg;
    struct sock *sk = to->sk;
    struct vnet_msg meta = {0};
    int64_t truesize = 0;
    uint8_t *data = NULL;
    size_t len = 0;
    int rc = state_only_fields(l, obj, at, msg_fields, msg_keys);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, msg_fields, &meta);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "from", addr_family(sk), &meta.from);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "offender", addr_family(sk), &meta.offender);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "truesize", 0, TRUESIZE_MAX, &truesize);
    if (rc == 0)
        rc = state_get_hex(l, json_object_get(obj, "data"), at, "data", MSG_MAX, &data, &len);
    if (rc < 0)
        return rc;
    if (sk->rmem_alloc + (uint32_t)truesize > RMEM_MAX)
        rc = state_fail(l, at, "truesize", "makes the queue too long");
    else
        sock_queue_append(sk, to->msgs, &meta, data, (uint32_t)len, (uint32_t)truesize);
    free(data);
    return rc;
}

static int load_queue(struct state_loader *l, const json_t *obj, const struct state_path *at,
                      const char *key, struct sock *sk, struct list *queue)
{
    return state_get_list_into(l, obj, at, key, load_msg, &(struct sock_queue){sk, queue});
}

/* Of a packet socket; that it has an ethertype says that it is one. */
static int get_packet_identity(struct state_loader *l, const json_t *obj,
                               const struct state_path *at, struct sock **sk)
{
    int64_t id = 0, ethertype = 0;
    int rc = state_get_int(l, obj, at, "id", 1, UINT32_MAX, &id);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "ethertype", 0, UINT16_MAX, &ethertype);
    if (rc < 0)
        return rc;
    if (!id || sock_find(l->w, (vnet_sock_id)id))
        return state_fail(l, at, "id", "must be a number that no other socket has");
    if (json_object_get(obj, "protocol") || json_object_get(obj, "can"))
        return state_fail(l, at, "ethertype", "is for packet sockets only");
    *sk = sock_new(l->ns, VNET_AF_PACKET, VNET_SOCK_DGRAM, (int)ethertype, (vnet_sock_id)id);
    return 0;
}

/* What says which socket it is. */
static int get_identity(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct sock **sk)
{
    int64_t id = 0, protocol = 0;
    const char *type = "raw", *family = "inet";
    bool can = json_object_get(obj, "can"), netlink = json_object_get(obj, "netlink_groups");
    if (json_object_get(obj, "ethertype"))
        return get_packet_identity(l, obj, at, sk);
    int rc = state_get_int(l, obj, at, "id", 1, UINT32_MAX, &id);
    if (rc == 0)
        rc = state_get_int(l, obj, at, "protocol", netlink ? 0 : 1, netlink ? 0 : 255, &protocol);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "type", 8, &type);
    if (rc == 0)
        rc = state_get_str(l, obj, at, "family", 8, &family);
    if (rc < 0)
        return rc;
    bool v6 = strcmp(family, "inet6") == 0;
    int icmp = v6 ? VNET_IPPROTO_ICMPV6 : VNET_IPPROTO_ICMP;
    if (!v6 && strcmp(family, "inet") != 0)
        return state_fail(l, at, "family", "must be \"inet\" or \"inet6\"");
    bool raw = strcmp(type, "raw") == 0;
    if (!raw && strcmp(type, "dgram") != 0)
        return state_fail(l, at, "type", "must be \"raw\" or \"dgram\"");
    if (!id || sock_find(l->w, (vnet_sock_id)id))
        return state_fail(l, at, "id", "must be a number that no other socket has");
    bool dgram = protocol == icmp || protocol == VNET_IPPROTO_UDP;
    if (!netlink && (!protocol || (!raw && !dgram)))
        return state_fail(l, at, "protocol",
                          "must be from 1 to 255; %d (ICMP) or 17 (UDP) for \"dgram\"", icmp);
    if (can && (!raw || v6 || protocol != VNET_CAN_RAW))
        return state_fail(l, at, "can", "is for \"raw\" sockets of protocol 1 only");
    if (netlink && (can || v6))
        return state_fail(l, at, "netlink_groups", "is for sockets of no other family");
    uint8_t af = v6 ? VNET_AF_INET6 : can ? VNET_AF_CAN : netlink ? VNET_AF_NETLINK : VNET_AF_INET;
    *sk =
        sock_new(l->ns, af, raw ? VNET_SOCK_RAW : VNET_SOCK_DGRAM, (int)protocol, (vnet_sock_id)id);
    return 0;
}

static bool get_filter(const json_t *v, struct vnet_can_filter *filter)
{
    const json_t *id = json_array_get(v, 0), *mask = json_array_get(v, 1);
    if (json_array_size(v) != 2 || !json_is_integer(id) || !json_is_integer(mask))
        return false;
    int64_t a = json_integer_value(id), b = json_integer_value(mask);
    *filter = (struct vnet_can_filter){.id = (uint32_t)a, .mask = (uint32_t)b};
    return a >= 0 && a <= UINT32_MAX && b >= 0 && b <= UINT32_MAX;
}

static int load_filters(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct can_raw_opts *ro)
{
    const json_t *list = json_object_get(obj, "filters"), *v;
    size_t n = json_array_size(list), i;
    if (!json_is_array(list) || n > VNET_CAN_FILTER_MAX)
        return state_fail(l, at, "filters", "must be an array of at most %d", VNET_CAN_FILTER_MAX);
    struct vnet_can_filter *filters = mem_calloc(n + 1, sizeof(*filters));
    bool ok = true;
    json_array_foreach(list, i, v)
    {
        ok = ok && get_filter(v, &filters[i]);
    }
    can_raw_set_filters(ro, filters, n);
    free(filters);
    return ok ? 0 : state_fail(l, at, "filters", "must be pairs of 32-bit numbers");
}

static int load_can(struct state_loader *l, const json_t *obj, const struct state_path *up,
                    struct sock *sk)
{
    const struct state_path at = {.up = up, .key = "can"};
    const json_t *can = json_object_get(obj, "can");
    if (!sk->can)
        return 0;
    int rc = state_only_fields(l, can, &at, can_fields, can_keys);
    if (rc == 0)
        rc = state_get_fields(l, can, &at, can_fields, sk->can);
    return rc ? rc : load_filters(l, can, &at, sk->can);
}

/* IP_OPTIONS, as they were set. */
static int load_options(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct sock *sk)
{
    const json_t *hex = json_object_get(obj, "options");
    uint8_t *options = NULL;
    size_t len = 0;
    if (!hex)
        return 0;
    int rc = state_get_hex(l, hex, at, "options", IP_OPTIONS_MAX, &options, &len);
    if (rc == 0 && (sk->family != VNET_AF_INET || sock_set_ip_options(sk, options, len) < 0))
        rc = state_fail(l, at, "options", "are no options of IPv4 that a socket takes");
    free(options);
    return rc;
}

static int load_filter6(struct state_loader *l, const json_t *obj, const struct state_path *at,
                        struct sock *sk)
{
    const json_t *list = json_object_get(obj, "icmp6_filter"), *v;
    size_t i;
    if (!list)
        return 0;
    bool ok = json_array_size(list) == ARRAY_LEN(sk->icmp6_filter);
    json_array_foreach(list, i, v)
    {
        int64_t word = json_integer_value(v);
        if (!ok || !json_is_integer(v) || word < 0 || word > UINT32_MAX)
            return state_fail(l, at, "icmp6_filter", "must be 8 words of 32 bits");
        sk->icmp6_filter[i] = (uint32_t)word;
    }
    return ok ? 0 : state_fail(l, at, "icmp6_filter", "must be 8 words of 32 bits");
}

static int load_groups(struct state_loader *l, const json_t *obj, const struct state_path *at,
                       struct sock *sk)
{
    int64_t groups = 0;
    int rc = state_get_int(l, obj, at, "netlink_groups", 0, UINT32_MAX, &groups);
    sk->netlink_groups = (uint32_t)groups;
    if (groups)
        netlink_count_groups(sk->ns);
    return rc;
}

static int load_sock(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    struct sock *sk = NULL;
    int rc = state_only_fields(l, obj, at, sock_fields, sock_keys);
    if (rc == 0)
        rc = get_identity(l, obj, at, &sk);
    if (rc == 0)
        rc = state_get_fields(l, obj, at, sock_fields, sk);
    if (rc == 0)
        rc = load_can(l, obj, at, sk);
    if (rc == 0)
        rc = load_groups(l, obj, at, sk);
    if (rc == 0)
        rc = load_options(l, obj, at, sk);
    if (rc == 0)
        rc = load_filter6(l, obj, at, sk);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "rcv_saddr", addr_family(sk), &sk->rcv_saddr);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "saddr", addr_family(sk), &sk->saddr);
    if (rc == 0)
        rc = state_get_addr(l, obj, at, "daddr", addr_family(sk), &sk->daddr);
    if (rc == 0)
        rc = state_get_u64(l, obj, at, "drops", &sk->drops);
    if (rc == 0)
        rc = load_queue(l, obj, at, "rx", sk, &sk->rx);
    if (rc == 0)
        rc = load_queue(l, obj, at, "errq", sk, &sk->errq);
    return rc;
}

int state_load_sockets(struct state_loader *l, const json_t *obj, const struct state_path *at)
{
    return state_get_list(l, obj, at, "sockets", load_sock);
}
