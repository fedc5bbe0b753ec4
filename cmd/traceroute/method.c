/* How a traceroute probes: a UDP socket a probe, to a port each (mod-udp.c), or one ICMP socket
 * (mod-icmp.c); and what their answers mean. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "cmd/traceroute/traceroute.h"
#include "wire/cksum.h"

enum { DEF_START_PORT = 33434, ICMP_HEADER = 8, ORIGIN_LOCAL = 1, ORIGIN_ICMP = 2 };

static bool is_v6(const struct traceroute *t)
{
    return t->family == VNET_AF_INET6;
}

/* ---- sockets ---- */

/* tune_socket() */
static int tune(struct traceroute *t, vnet_sock_id id)
{
    struct vnet *w = t->s.w;
    struct vnet_sockaddr6 from = {.addr = t->source ? t->src : inet_addr_any(t->family)};
    int rc = t->device ? vnet_sock_bind_device(w, id, t->device) : 0;
    if (rc < 0)
        return traceroute_fail(t, "setsockopt SO_BINDTODEVICE", -rc);
    rc = !t->icmp   ? vnet_udp_bind(w, id, &from, 0)
         : is_v6(t) ? vnet_sock_bind6(w, id, &from)
                    : vnet_sock_bind(w, id, &from.addr);
    if (rc < 0)
        return traceroute_fail(t, "bind", -rc);
    vnet_sock_setopt(w, id, VNET_IP_MTU_DISCOVER, 0);
    return TRACEROUTE_GO_ON;
}

static int open_icmp(struct traceroute *t)
{
    struct vnet *w = t->s.w;
    const struct vnet_sockaddr6 to = {.addr = t->dst};
    int protocol = is_v6(t) ? VNET_IPPROTO_ICMPV6 : VNET_IPPROTO_ICMP;
    int rc = vnet_socket(t->s.ns, t->family, VNET_SOCK_RAW, protocol, &t->icmp_sock);
    if (rc < 0)
        return traceroute_fail(t, "socket", -rc);
    int status = tune(t, t->icmp_sock);
    if (status != TRACEROUTE_GO_ON)
        return status;
    rc = is_v6(t) ? vnet_sock_connect6(w, t->icmp_sock, &to)
                  : vnet_sock_connect(w, t->icmp_sock, &t->dst);
    if (rc < 0)
        return traceroute_fail(t, "connect", -rc);
    vnet_sock_setopt(w, t->icmp_sock, VNET_IP_RECVERR, 1);
    t->ident = (uint16_t)vnet_random(w);
    return TRACEROUTE_GO_ON;
}

int traceroute_init(struct traceroute *t)
{
    int header = t->icmp ? ICMP_HEADER : 0;
    if (t->data_len < header)
        t->data_len = header;
    t->data = mem_calloc((size_t)t->data_len + 1, 1);
    for (int i = header; i < t->data_len; i++)
        t->data[i] = (uint8_t)(0x40 + (i & 0x3f));
    t->next_seq = (uint16_t)(t->port ? t->port : t->icmp ? 1 : DEF_START_PORT);
    t->nprobes = t->max_hops * t->probes_per_hop;
    t->probes = mem_calloc(t->nprobes, sizeof(*t->probes));
    return t->icmp ? open_icmp(t) : TRACEROUTE_GO_ON;
}

/* ---- sending ---- */

static void close_socket(struct traceroute *t, struct probe *pb)
{
    if (pb->sock)
        vnet_sock_close(t->s.w, pb->sock);
    pb->sock = 0;
}

/* do_send(): with a full queue the probe is not sent yet; errors that its error queue tells more
 * about are none. */
static int sent(struct traceroute *t, struct probe *pb, int rc)
{
    if (rc == -ENOBUFS || rc == -EAGAIN) {
        pb->send_time = 0;
        t->send_error = -rc;
        close_socket(t, pb);
        return TRACEROUTE_GO_ON;
    }
    pb->seq = t->next_seq++;
    if (rc >= 0 || rc == -EMSGSIZE || rc == -EHOSTUNREACH)
        return TRACEROUTE_GO_ON;
    return traceroute_fail(t, "send", -rc);
}

static int send_icmp(struct traceroute *t, struct probe *pb, uint32_t ttl)
{
    struct vnet *w = t->s.w;
    const struct vnet_sockaddr6 to = {.addr = t->dst};
    uint8_t *p = t->data;
    vnet_sock_setopt(w, t->icmp_sock, VNET_IP_TTL, ttl);
    p[0] = is_v6(t) ? 128 : 8;
    put_be16(p + 2, 0);
    put_be16(p + 4, t->ident);
    put_be16(p + 6, t->next_seq);
    if (!is_v6(t))
        put_be16(p + 2, cksum(p, (size_t)t->data_len));
    pb->send_time = vnet_now(w);
    int rc = is_v6(t) ? vnet_sendto6(w, t->icmp_sock, p, (size_t)t->data_len, &to, 0)
                      : vnet_sendto(w, t->icmp_sock, p, (size_t)t->data_len, &t->dst);
    return sent(t, pb, rc);
}

static int send_udp(struct traceroute *t, struct probe *pb, uint32_t ttl)
{
    struct vnet *w = t->s.w;
    const struct vnet_sockaddr6 to = {.addr = t->dst};
    int rc = vnet_socket(t->s.ns, t->family, VNET_SOCK_DGRAM, VNET_IPPROTO_UDP, &pb->sock);
    if (rc < 0)
        return traceroute_fail(t, "socket", -rc);
    int status = tune(t, pb->sock);
    if (status != TRACEROUTE_GO_ON)
        return status;
    vnet_sock_setopt(w, pb->sock, VNET_IP_TTL, ttl);
    rc = vnet_udp_connect(w, pb->sock, &to, t->next_seq);
    if (rc < 0)
        return traceroute_fail(t, "connect", -rc);
    vnet_sock_setopt(w, pb->sock, VNET_IP_RECVERR, 1);
    pb->send_time = vnet_now(w);
    rc = vnet_udp_send(w, pb->sock, t->data, (size_t)t->data_len, NULL, 0);
    return sent(t, pb, rc);
}

int traceroute_send(struct traceroute *t, struct probe *pb, uint32_t ttl)
{
    return t->icmp ? send_icmp(t, pb, ttl) : send_udp(t, pb, ttl);
}

/* ---- answers ---- */

void traceroute_probe_done(struct traceroute *t, struct probe *pb)
{
    close_socket(t, pb);
    pb->seq = 0;
    pb->done = true;
}

/* "!H" of an ICMP error; NULL: the host was reached; "": only the time ran out on the way. */
static const char *meaning(const struct traceroute *t, const struct vnet_msg *m, char *buf,
                           size_t size)
{
    static const char *const v4[] = {"!N", "!H", "!P", NULL, NULL, "!S", "!N", "!H",
                                     "!N", "!X", "!X", "!N", "!H", "!X", "!V", "!C"};
    static const char *const v6[] = {"!N", "!X", "!H", "!H", NULL};
    enum { UNREACH = 3, EXCEEDED = 11, FRAG_NEEDED = 4, PORT = 3 };
    enum { UNREACH6 = 1, TOO_BIG6 = 2, EXCEEDED6 = 3, PORT6 = 4 };
    bool six = is_v6(t);
    if (m->ee_type == (six ? EXCEEDED6 : EXCEEDED) && m->ee_code == 0)
        return "";
    bool too_big =
        six ? m->ee_type == TOO_BIG6 : m->ee_type == UNREACH && m->ee_code == FRAG_NEEDED;
    if (too_big) {
        snprintf(buf, size, "!F-%d", (int)m->ee_info);
    } else if (m->ee_type != (six ? UNREACH6 : UNREACH)) {
        snprintf(buf, size, "!<%u-%u>", m->ee_type, m->ee_code);
    } else if (m->ee_code == (six ? PORT6 : PORT)) {
        return NULL;
    } else {
        const char *text = six ? (m->ee_code < ARRAY_LEN(v6) ? v6[m->ee_code] : NULL)
                               : (m->ee_code < ARRAY_LEN(v4) ? v4[m->ee_code] : NULL);
        if (text)
            return text;
        snprintf(buf, size, "!<%u>", m->ee_code);
    }
    return buf;
}

/* parse_icmp_res() */
static void note_error(const struct traceroute *t, struct probe *pb, const struct vnet_msg *m)
{
    char buf[sizeof(pb->err)];
    const char *text = meaning(t, m, buf, sizeof(buf));
    pb->res = m->offender;
    if (text && !*text)
        return;
    snprintf(pb->err, sizeof(pb->err), "%s", text ? text : "");
    pb->final = true;
}

static struct probe *probe_by_seq(struct traceroute *t, uint16_t seq)
{
    for (uint32_t i = 0; seq && i < t->nprobes; i++)
        if (t->probes[i].seq == seq)
            return &t->probes[i];
    return NULL;
}

/* icmp_check_reply() */
static struct probe *icmp_probe(struct traceroute *t, bool err, const uint8_t *p, long n)
{
    if (!err && !is_v6(t)) {
        long hlen = n > 0 ? (p[0] & 15) * 4L : 0;
        p += hlen;
        n -= hlen;
    }
    if (n < ICMP_HEADER || get_be16(p + 4) != t->ident)
        return NULL;
    struct probe *pb = probe_by_seq(t, get_be16(p + 6));
    if (err || !pb)
        return pb;
    if (p[0] != (is_v6(t) ? 129 : 0))
        return NULL;
    pb->final = true;
    return pb;
}

/* udp_check_reply() */
static struct probe *udp_probe(struct probe *pb, bool err, const struct vnet_msg *m)
{
    if (pb->seq != m->port)
        return NULL;
    pb->final |= !err;
    return pb;
}

/* recv_reply(): one message; pb NULL: which probe it answers is told by what it holds. */
static void receive(struct traceroute *t, vnet_sock_id id, struct probe *pb)
{
    uint8_t buf[1280];
    struct vnet_msg m = {0};
    long n = vnet_recvmsg(t->s.w, id, buf, sizeof(buf), VNET_MSG_ERRQUEUE, &m);
    bool err = n >= 0;
    if (!err)
        n = vnet_recvmsg(t->s.w, id, buf, sizeof(buf), 0, &m);
    if (n < 0)
        return;
    pb = pb ? udp_probe(pb, err, &m) : icmp_probe(t, err, buf, n);
    if (!pb || (err && m.ee_origin == ORIGIN_LOCAL))
        return;
    pb->recv_time = m.time;
    pb->recv_ttl = m.ttl;
    if (err)
        note_error(t, pb, &m);
    else
        pb->res = m.from;
    traceroute_probe_done(t, pb);
}

void traceroute_receive(struct traceroute *t)
{
    if (t->icmp) {
        receive(t, t->icmp_sock, NULL);
        return;
    }
    for (uint32_t i = 0; i < t->nprobes; i++)
        if (t->probes[i].sock && vnet_sock_readable(t->s.w, t->probes[i].sock))
            receive(t, t->probes[i].sock, &t->probes[i]);
}

void traceroute_poll_set(struct traceroute *t, vnet_sock_id *ids, unsigned *n)
{
    *n = 0;
    if (t->icmp)
        ids[(*n)++] = t->icmp_sock;
    for (uint32_t i = 0; !t->icmp && i < t->nprobes; i++)
        if (t->probes[i].sock)
            ids[(*n)++] = t->probes[i].sock;
}
