/* The hook points of netfilter: which a packet passes, in the kernel's order (net/ipv4/ip_input.c,
 * ip_forward.c, ip_output.c, their twins of IPv6, net/bridge). */
#include "netfilter/nf.h"
#include "sim/trace.h"
#include "tests/unit/net6.h"
#include "wire/ipv4.h"

static const char *const protos[] = {"4", "6", "br"};

/* ---- what hangs in all of them ---- */

struct watch {
    struct vnet *w;
    struct nf_hook_ops ops[NFPROTO_COUNT][NF_INET_NUMHOOKS];
    struct strbuf seen; /* "PROTO HOOK IN>OUT\n" a passage */
    int drop_at;        /* enum nf_inet_hook that lets nothing pass; -1: none */
};

static enum nf_verdict see(void *arg, struct skb *skb, const struct nf_hook_state *st)
{
    struct watch *h = arg;
    CHECK(skb->len > 0);
    strbuf_addf(&h->seen, "%s %s %s>%s\n", protos[st->pf], nf_hook_name(st->pf, st->hook),
                st->in ? st->in->name : "", st->out ? st->out->name : "");
    return (int)st->hook == h->drop_at ? NF_DROP : NF_ACCEPT;
}

static void watch_begin(struct watch *h, struct vnet *w, int drop_at)
{
    *h = (struct watch){.w = w, .seen = STRBUF_INIT, .drop_at = drop_at};
    for (int pf = 0; pf < NFPROTO_COUNT; pf++) {
        for (int hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
            h->ops[pf][hook] = (struct nf_hook_ops){
                .pf = (enum nf_proto)pf, .hook = (enum nf_inet_hook)hook, .fn = see, .arg = h};
            nf_register_net_hook(vnet_init_ns(w), &h->ops[pf][hook]);
        }
    }
}

static void watch_end(struct watch *h, const char *want)
{
    for (int pf = 0; pf < NFPROTO_COUNT; pf++)
        for (int hook = 0; hook < NF_INET_NUMHOOKS; hook++)
            nf_unregister_net_hook(vnet_init_ns(h->w), &h->ops[pf][hook]);
    CHECK_INT(h->w->nf_hooks_needed, 0);
    CHECK_STR(strbuf_cstr(&h->seen), want);
    strbuf_release(&h->seen);
}

/* ---- a router: v0 and w0 have a subnet each; nobody is behind w1 ---- */

static void neighbour(struct vnet *w, const char *ifname, struct inet_addr dst)
{
    const struct vnet_neigh_req req = {
        .family = dst.family,
        .ifindex = vnet_link_index(vnet_init_ns(w), ifname),
        .dst = dst,
        .has_lladdr = true,
        .lladdr = {6, {2, 0, 0, 0, 0, 0x77}},
        .state = VNET_NUD_PERMANENT,
    };
    CHECK_INT(vnet_neigh_add(vnet_init_ns(w), &req, VNET_NLM_F_CREATE, NULL), 0);
}

static struct vnet *router(void)
{
    struct vnet *w = net6_pair_up("debian12", 2);
    net_veth(w, "w0", "w1");
    net_sysctl_set(w, "net/ipv6/conf/w1/disable_ipv6", "1");
    net_up(w, "w0", true);
    net_up(w, "w1", true);
    net_addr(w, "v0", "10.1.0.1", 24);
    net_addr(w, "w0", "10.2.0.1", 24);
    net6_add(w, "v0", "2001:db8:1::1", 64, VNET_IFA_F_NODAD);
    net6_add(w, "w0", "2001:db8:2::1", 64, VNET_IFA_F_NODAD);
    neighbour(w, "v0", ip4("10.1.0.2"));
    neighbour(w, "w0", ip4("10.2.0.2"));
    neighbour(w, "v0", ip6("2001:db8:1::2"));
    neighbour(w, "w0", ip6("2001:db8:2::2"));
    net_sysctl_set(w, "net/ipv4/ip_forward", "1");
    net_sysctl_set(w, "net/ipv6/conf/all/forwarding", "1");
    net_wait_ms(w, 30000);
    return w;
}

/* From 10.1.0.2, beyond v0: an echo request. */
static void arrive4(struct vnet *w, const char *dst)
{
    static const uint8_t echo[8] = {8, 0, 0xf7, 0xff};
    uint8_t p[IPV4_HDR_LEN + sizeof(echo)];
    const struct inet_addr src = ip4("10.1.0.2"), to = ip4(dst);
    const struct ipv4_hdr h = {.version = 4,
                               .hdr_len = IPV4_HDR_LEN,
                               .tot_len = sizeof(p),
                               .ttl = 64,
                               .protocol = 1,
                               .saddr = inet_addr_to_v4(&src),
                               .daddr = inet_addr_to_v4(&to)};
    ipv4_emit(p, &h, NULL);
    memcpy(p + IPV4_HDR_LEN, echo, sizeof(echo));
    net_inject(w, "v0", 0x0800, NULL, p, sizeof(p));
    net_wait_ms(w, 1);
}

/* From 2001:db8:1::2, beyond v0; its checksum is of no use to a router. */
static void arrive6(struct vnet *w, const char *dst_hex)
{
    char frame[256];
    snprintf(frame, sizeof(frame),
             "02000000000102000000000286dd60000000000811402001"
             "0db8000100000000000000000002%s0001020304050607",
             dst_hex);
    net6_inject(w, "v1", frame);
    net_wait_ms(w, 1);
}

static void test_forwarded(void)
{
    struct vnet *w = router();
    struct watch h;
    watch_begin(&h, w, -1);
    arrive4(w, "10.2.0.2");
    watch_end(&h, "4 NF_INET_PRE_ROUTING v0>\n"
                  "4 NF_INET_FORWARD v0>w0\n"
                  "4 NF_INET_POST_ROUTING v0>w0\n");
    watch_begin(&h, w, -1);
    arrive6(w, "20010db8000200000000000000000002");
    watch_end(&h, "6 NF_INET_PRE_ROUTING v0>\n"
                  "6 NF_INET_FORWARD v0>w0\n"
                  "6 NF_INET_POST_ROUTING v0>w0\n");
    vnet_free(w);
}

/* And what answers it is sent. */
static void test_delivered(void)
{
    struct vnet *w = router();
    struct watch h;
    watch_begin(&h, w, -1);
    arrive4(w, "10.1.0.1");
    watch_end(&h, "4 NF_INET_PRE_ROUTING v0>\n"
                  "4 NF_INET_LOCAL_IN v0>\n"
                  "4 NF_INET_LOCAL_OUT >v0\n"
                  "4 NF_INET_POST_ROUTING >v0\n");
    watch_begin(&h, w, -1);
    arrive6(w, "20010db8000100000000000000000001"); /* a bad checksum: no answer */
    watch_end(&h, "6 NF_INET_PRE_ROUTING v0>\n"
                  "6 NF_INET_LOCAL_IN v0>\n");
    vnet_free(w);
}

static void test_sent(void)
{
    struct vnet *w = router();
    struct watch h;
    vnet_sock_id sock = net_ping_socket(w, NULL);
    watch_begin(&h, w, -1);
    CHECK_INT(net_echo(w, sock, "10.2.0.2", 1, 16), 0);
    net_wait_ms(w, 1);
    watch_end(&h, "4 NF_INET_LOCAL_OUT >w0\n"
                  "4 NF_INET_POST_ROUTING >w0\n");
    watch_begin(&h, w, -1);
    CHECK_INT(net_echo(w, sock, "10.2.0.1", 2, 16), 0); /* to ourselves: by lo, and back */
    net_wait_ms(w, 1);
    watch_end(&h, "4 NF_INET_LOCAL_OUT >lo\n"
                  "4 NF_INET_POST_ROUTING >lo\n"
                  "4 NF_INET_PRE_ROUTING lo>\n"
                  "4 NF_INET_LOCAL_IN lo>\n"
                  "4 NF_INET_LOCAL_OUT >lo\n"
                  "4 NF_INET_POST_ROUTING >lo\n"
                  "4 NF_INET_PRE_ROUTING lo>\n"
                  "4 NF_INET_LOCAL_IN lo>\n");
    vnet_free(w);
}

/* A multicast of our own group: the copy that comes back leaves by POST_ROUTING, too. */
static void test_looped(void)
{
    struct vnet *w = router();
    struct watch h;
    vnet_sock_id sock = net_ping_socket(w, "w0");
    watch_begin(&h, w, -1);
    CHECK_INT(net_echo(w, sock, "224.0.0.1", 1, 16), 0);
    net_wait_ms(w, 1);
    watch_end(&h, "4 NF_INET_LOCAL_OUT >w0\n"
                  "4 NF_INET_POST_ROUTING >w0\n"
                  "4 NF_INET_PRE_ROUTING w0>\n"
                  "4 NF_INET_LOCAL_IN w0>\n"
                  "4 NF_INET_POST_ROUTING >w0\n"
                  "4 NF_INET_PRE_ROUTING w1>\n"); /* its source is ours: no route in */
    vnet_free(w);
}

/* What a hook refuses goes no further, and the trace has the kernel's reason. */
static void test_dropped(void)
{
    static const struct {
        const char *dst, *func;
        enum nf_inet_hook at;
    } rows[] = {
        {"10.2.0.2", "ip_rcv", NF_INET_PRE_ROUTING},
        {"10.1.0.1", "ip_local_deliver", NF_INET_LOCAL_IN},
        {"10.2.0.2", "ip_forward", NF_INET_FORWARD},
        {"10.1.0.1", "__ip_local_out", NF_INET_LOCAL_OUT},
        {"10.2.0.2", "ip_output", NF_INET_POST_ROUTING},
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vnet *w = router();
        struct net_trace t = {0};
        struct nf_hook_ops ops = {.pf = NFPROTO_IPV4, .hook = rows[i].at, .fn = see};
        struct watch h = {.w = w, .seen = STRBUF_INIT, .drop_at = (int)rows[i].at};
        ops.arg = &h;
        nf_register_net_hook(vnet_init_ns(w), &ops);
        vnet_trace_listen(w, net_trace_fn, &t);
        unsigned v = net_frames(w, "v0", 0x0800, true), o = net_frames(w, "w0", 0x0800, true);
        arrive4(w, rows[i].dst);
        CHECK_INT(net_frames(w, "v0", 0x0800, true), v);
        CHECK_INT(net_frames(w, "w0", 0x0800, true), o);
        CHECK_STR(net_trace_reason(&t, rows[i].func), "NETFILTER_DROP");
        strbuf_release(&h.seen);
        nf_unregister_net_hook(vnet_init_ns(w), &ops);
        vnet_free(w);
    }
}

static enum nf_verdict write_name(void *arg, struct skb *skb, const struct nf_hook_state *st)
{
    (void)skb;
    (void)st;
    strbuf_adds(arg, "x");
    return NF_ACCEPT;
}

static enum nf_verdict write_other(void *arg, struct skb *skb, const struct nf_hook_state *st)
{
    (void)skb;
    (void)st;
    strbuf_adds(arg, "y");
    return NF_ACCEPT;
}

static void test_priorities(void)
{
    struct vnet *w = router();
    struct strbuf sb = STRBUF_INIT;
    struct nf_hook_ops late = {
        .pf = NFPROTO_IPV4, .hook = NF_INET_PRE_ROUTING, .fn = write_name, .arg = &sb};
    struct nf_hook_ops early = late;
    early.fn = write_other;
    early.priority = -200;
    nf_register_net_hook(vnet_init_ns(w), &late);
    nf_register_net_hook(vnet_init_ns(w), &early);
    arrive4(w, "10.2.0.2");
    CHECK_STR(strbuf_cstr(&sb), "yx");
    nf_unregister_net_hook(vnet_init_ns(w), &early);
    arrive4(w, "10.2.0.2");
    CHECK_STR(strbuf_cstr(&sb), "yxx");
    nf_unregister_net_hook(vnet_init_ns(w), &late);
    arrive4(w, "10.2.0.2");
    CHECK_STR(strbuf_cstr(&sb), "yxx");
    strbuf_release(&sb);
    vnet_free(w);
}

/* The trace tells of each passage, with the hook's name and the verdict. */
static void test_told(void)
{
    struct vnet *w = router();
    struct net_trace t = {0};
    vnet_trace_listen(w, net_trace_fn, &t);
    arrive4(w, "10.2.0.2");
    int i = net_traced(&t, "ip_forward", VNET_TRACE_OK);
    CHECK(i >= 0);
    if (i >= 0)
        CHECK_STR(t.ev[i].detail, "NF_INET_FORWARD in v0 out w0: ACCEPT");
    vnet_free(w);
}

/* ---- a bridge with ports a0 and b0 ---- */

static void enslave(struct vnet *w, const char *port)
{
    struct netns *ns = vnet_init_ns(w);
    const struct vnet_link_req req = {.ifindex = vnet_link_index(ns, port),
                                      .set = VNET_LINK_MASTER,
                                      .master = vnet_link_index(ns, "br0")};
    CHECK_INT(vnet_link_set(ns, &req, NULL), 0);
    net_up(w, port, true);
}

static void test_bridge(void)
{
    static const uint8_t to[6] = {2, 0, 0, 0, 0, 0x77};
    struct vnet *w = net_world("debian12");
    const struct vnet_link_req br = {.ifname = "br0", .kind = "bridge"};
    const uint8_t payload[46] = {0};
    struct watch h;
    net_sysctl_set(w, "net/ipv6/conf/default/disable_ipv6", "1");
    CHECK_INT(vnet_link_add(vnet_init_ns(w), &br, NULL), 0);
    net_veth(w, "a0", "a1");
    net_veth(w, "b0", "b1");
    enslave(w, "a0");
    enslave(w, "b0");
    net_up(w, "a1", true);
    net_up(w, "b1", true);
    net_up(w, "br0", true);
    net_addr(w, "br0", "10.1.0.1", 24);
    neighbour(w, "br0", ip4("10.1.0.2"));
    net_wait_ms(w, 40000);
    watch_begin(&h, w, -1);
    net_inject(w, "a0", 0x88b5, to, payload, sizeof(payload)); /* flooded */
    net_inject(w, "a0", 0x88b5, net_dev(w, "br0")->addr.bytes, payload, sizeof(payload));
    watch_end(&h, "br NF_BR_PRE_ROUTING a0>\n"
                  "br NF_BR_FORWARD a0>b0\n"
                  "br NF_BR_POST_ROUTING >b0\n"
                  "br NF_BR_PRE_ROUTING a0>\n"
                  "br NF_BR_LOCAL_IN a0>\n");
    net_inject(w, "b0", 0x88b5, to, payload, sizeof(payload));
    watch_begin(&h, w, -1);
    vnet_sock_id sock = net_ping_socket(w, NULL);
    CHECK_INT(net_echo(w, sock, "10.1.0.2", 1, 16), 0);
    watch_end(&h, "4 NF_INET_LOCAL_OUT >br0\n"
                  "4 NF_INET_POST_ROUTING >br0\n"
                  "br NF_BR_LOCAL_OUT >b0\n"
                  "br NF_BR_POST_ROUTING >b0\n"
                  "br NF_BR_LOCAL_OUT >a0\n"
                  "br NF_BR_POST_ROUTING >a0\n");
    vnet_free(w);
}

int main(void)
{
    RUN(test_forwarded);
    RUN(test_delivered);
    RUN(test_sent);
    RUN(test_looped);
    RUN(test_dropped);
    RUN(test_priorities);
    RUN(test_told);
    RUN(test_bridge);
    return unit_end();
}
