/* Capturing from the emulated devices. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "cmd/tcpdump/run.h"
#include "vnet_link.h"

enum { SLL2_HLEN = 20, SLL_HLEN = 16, ETHER_HLEN = 14, SLL_P_802_2 = 4, MAX_LENGTH = 1500 };

struct live {
    struct run *r;
    char device[VNET_IFNAMSIZ];
    bool any;
    uint32_t link;
    struct vnet_capture *cap;
    struct strbuf cooked; /* -i any: the frame with its pseudo-header */
    char ifname[VNET_IFNAMSIZ];
    int ifindex; /* of the frame being printed, and its name */
    uint64_t received, dropped;
};

/* ---- the device ---- */

static bool is_up(const struct netns *ns, int ifindex)
{
    struct vnet_link_info info;
    return vnet_link_get(ns, ifindex, &info) == 0 && info.flags & VNET_IFF_UP;
}

/* The first device that is up and running and no loopback, as libpcap sorts them; else "any". */
static void default_device(struct live *l, const struct netns *ns)
{
    struct vnet_link_info info;
    for (int i = 0; (i = vnet_link_next(ns, i)) != 0;)
        if (vnet_link_get(ns, i, &info) == 0 && info.flags & VNET_IFF_UP &&
            info.flags & VNET_IFF_RUNNING && !(info.flags & VNET_IFF_LOOPBACK)) {
            memcpy(l->device, info.name, VNET_IFNAMSIZ);
            return;
        }
    l->any = true;
    memcpy(l->device, "any", 4);
}

static int no_such_device(struct run *r, const char *name)
{
    return run_fail(r, "%s: No such device exists\n(No such device exists)", name);
}

static int named_device(struct live *l, const struct netns *ns, const char *name)
{
    if (strcmp(name, "any") == 0) {
        l->any = true;
        memcpy(l->device, "any", 4);
        return 0;
    }
    int ifindex = strlen(name) < VNET_IFNAMSIZ ? vnet_link_index(ns, name) : 0;
    if (!ifindex)
        return no_such_device(l->r, name);
    if (!is_up(ns, ifindex))
        return run_fail(l->r, "%s: That device is not up", name);
    memcpy(l->device, name, strlen(name) + 1);
    return 0;
}

static int choose_device(struct live *l)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(l->r->env, &w, &ns) < 0)
        return 1;
    int status = 0;
    if (l->r->args->device)
        status = named_device(l, ns, l->r->args->device);
    else
        default_device(l, ns);
    cmd_abort(l->r->env);
    return status;
}

/* ---- the link type ---- */

static bool link_supported(const struct live *l, uint32_t link)
{
    return l->any ? link == DISSECT_SLL || link == DISSECT_SLL2 : link == DISSECT_ETHERNET;
}

static int choose_link(struct live *l)
{
    const char *wanted = l->r->args->link_name;
    bool sll2 = l->r->facts->tcpdump_snapshot && l->r->args->device;
    l->link = !l->any ? DISSECT_ETHERNET : sll2 ? DISSECT_SLL2 : DISSECT_SLL;
    if (wanted) {
        uint32_t link = (uint32_t)link_by_name(wanted);
        if (!link_supported(l, link))
            return run_fail(l->r, "%s is not one of the DLTs supported by this device", wanted);
        l->link = link;
    }
    if (wanted || (l->any && l->link == DISSECT_SLL2))
        sink_printf(l->r->env->err, "tcpdump: data link type %s\n", link_name(l->link));
    return 0;
}

static int list_links(const struct live *l)
{
    static const uint32_t all[] = {DISSECT_ETHERNET, DISSECT_SLL, DISSECT_SLL2};
    struct sink *err = l->r->env->err;
    sink_printf(err, "Data link types for %s (use option -y to set):\n", l->device);
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (link_supported(l, all[i]))
            sink_printf(err, "  %s (%s)\n", link_name(all[i]), link_description(all[i]));
    return 0;
}

static int list_stamps(const struct live *l)
{
    sink_printf(l->r->env->err, "Time stamp types for %s (use option -j to set):\n  host (Host)\n",
                l->device);
    return 0;
}

/* ---- frames ---- */

/* What a packet socket of SOCK_DGRAM gives: the frame without its Ethernet header, after libpcap's
 * pseudo-header. */
static void cook(struct live *l, const struct vnet_frame *f, struct dissect_packet *pkt)
{
    uint8_t h[SLL2_HLEN] = {0};
    size_t hlen = l->link == DISSECT_SLL2 ? SLL2_HLEN : SLL_HLEN;
    bool whole = f->caplen >= ETHER_HLEN;
    uint16_t type = whole ? get_be16(f->data + 12) : 0;
    if (type <= MAX_LENGTH)
        type = SLL_P_802_2;
    if (l->link == DISSECT_SLL2) {
        put_be16(h, type);
        put_be32(h + 4, (uint32_t)f->ifindex);
        put_be16(h + 8, f->arphrd);
        h[10] = f->pkttype;
        h[11] = ETH_ALEN;
    } else {
        put_be16(h, f->pkttype);
        put_be16(h + 2, f->arphrd);
        put_be16(h + 4, ETH_ALEN);
        put_be16(h + 14, type);
    }
    if (whole)
        memcpy(h + (l->link == DISSECT_SLL2 ? 12 : 6), f->data + ETH_ALEN, ETH_ALEN);
    size_t cut = whole ? ETHER_HLEN : f->caplen;
    strbuf_reset(&l->cooked);
    strbuf_add(&l->cooked, h, hlen);
    strbuf_add(&l->cooked, f->data + cut, f->caplen - cut);
    pkt->link = l->link;
    pkt->data = (const uint8_t *)l->cooked.data;
    pkt->caplen = (uint32_t)l->cooked.len;
    pkt->len = (uint32_t)(f->len - cut + hlen);
}

/* What libpcap hands on: on the loopback device a frame is seen going out and coming in; it drops
 * the one going out, after the kernel has counted both. */
static bool wanted(const struct live *l, const struct vnet_frame *f)
{
    bool out = f->pkttype == VNET_PACKET_OUTGOING;
    if (out && f->arphrd == VNET_ARPHRD_LOOPBACK)
        return false;
    return l->r->args->direction == DIRECTION_INOUT ||
           out == (l->r->args->direction == DIRECTION_OUT);
}

/* true: -c's number is reached. */
static bool take(struct live *l, const struct vnet_frame *f)
{
    struct dissect_packet pkt;
    dissect_from_frame(f, &pkt);
    if (l->any)
        cook(l, f, &pkt);
    if (!filter_match(l->r, &pkt))
        return false;
    l->received++;
    if (!wanted(l, f))
        return false;
    l->ifindex = f->ifindex;
    memcpy(l->ifname, f->ifname, VNET_IFNAMSIZ);
    if (pkt.caplen > l->r->args->snaplen)
        pkt.caplen = l->r->args->snaplen;
    return run_packet(l->r, &pkt);
}

/* All that is recorded by now; what comes after the last packet of -c is counted only. Returns 1
 * when -c's number is reached, 0, or -errno. */
static int drain(struct live *l, struct vnet_err *err)
{
    struct vnet_frame f;
    bool done = false;
    int rc;
    while ((rc = vnet_capture_next(l->cap, &f, &l->dropped, err)) == 1) {
        if (done)
            l->received++;
        else
            done = take(l, &f);
    }
    return rc < 0 ? rc : done;
}

static int capture(struct live *l)
{
    struct vnet_err err = {""};
    int rc;
    while ((rc = drain(l, &err)) == 0) {
        if (l->r->args->last)
            break;
        if (l->r->env->interrupted && *l->r->env->interrupted) {
            if (!l->r->args->write_file) /* a line may have been left unfinished */
                sink_puts(l->r->env->out, "\n");
            break;
        }
        rc = vnet_capture_wait(l->cap, &err);
        if (rc < 0 && rc != -EINTR)
            break;
    }
    sink_flush(l->r->env->out);
    if (rc < 0 && rc != -EINTR)
        return run_fail(l->r, "pcap_loop: %s", err.msg[0] ? err.msg : cmd_strerror(-rc));
    return 0;
}

/* ---- words ---- */

static void put_banner(const struct live *l)
{
    const struct run *r = l->r;
    bool modern = r->facts->tcpdump_snapshot;
    sink_puts(r->env->err, "tcpdump: ");
    if (!r->args->dissect.verbose && !r->args->write_file)
        sink_printf(r->env->err, "verbose output suppressed, use %s for full protocol decode\n",
                    modern ? "-v[v]..." : "-v or -vv");
    sink_printf(r->env->err, "listening on %s, link-type %s (%s), %s %u bytes\n", l->device,
                link_name(l->link), link_description(l->link),
                modern ? "snapshot length" : "capture size", r->args->snaplen);
}

static void put_counter(const struct live *l, uint64_t n, const char *what)
{
    sink_printf(l->r->env->err, "%llu packet%s %s\n", (unsigned long long)n, n == 1 ? "" : "s",
                what);
}

static void put_statistics(const struct live *l)
{
    put_counter(l, l->r->captured, "captured");
    put_counter(l, l->received, "received by filter");
    put_counter(l, l->dropped, "dropped by kernel");
}

static const char *frame_ifname(void *arg, uint32_t ifindex)
{
    struct live *l = arg;
    return ifindex == (uint32_t)l->ifindex ? l->ifname : NULL;
}

static int listen_on(struct live *l)
{
    struct run *r = l->r;
    struct vnet_err err = {""};
    struct dissect_opts opts = r->args->dissect;
    opts.ifname = frame_ifname;
    opts.ifname_arg = l;
    r->dissector = dissector_new(&opts);
    int status = writer_open(r, l->link, r->args->snaplen);
    if (status)
        return status;
    int rc = vnet_capture_open(r->env->session, r->env->netns, l->any ? NULL : l->device,
                               r->args->last, &l->cap, &err);
    if (rc < 0)
        return run_fail(r, "%s: %s", l->device, err.msg[0] ? err.msg : cmd_strerror(-rc));
    put_banner(l);
    status = capture(l);
    vnet_capture_close(l->cap);
    put_statistics(l);
    return status;
}

static int prepared(struct live *l)
{
    struct run *r = l->r;
    int status = choose_device(l);
    if (status)
        return status;
    if (r->args->list_stamps)
        return list_stamps(l);
    if (r->args->monitor)
        return run_fail(r, "%s: That device doesn't support monitor mode", l->device);
    if (r->args->list_links)
        return list_links(l);
    status = choose_link(l);
    if (!status)
        status = filter_compile(r, l->link, r->args->snaplen);
    if (status)
        return status;
    return r->args->dump_code ? filter_dump(r) : listen_on(l);
}

int run_live(struct run *r)
{
    struct live l = {.r = r};
    int status = prepared(&l);
    strbuf_release(&l.cooked);
    return status;
}

/* ---- -D ---- */

static void put_device(struct run *r, unsigned n, const char *name, uint32_t flags)
{
    sink_printf(r->env->out, "%u.%s [", n, name);
    const char *sep = "";
    if (flags & VNET_IFF_UP) {
        sink_puts(r->env->out, "Up");
        sep = ", ";
    }
    if (flags & VNET_IFF_RUNNING) {
        sink_printf(r->env->out, "%sRunning", sep);
        sep = ", ";
    }
    if (flags & VNET_IFF_LOOPBACK)
        sink_printf(r->env->out, "%sLoopback", sep);
    sink_puts(r->env->out, "]\n");
}

int run_list_devices(struct run *r)
{
    struct vnet *w;
    struct netns *ns;
    struct vnet_link_info info;
    unsigned n = 0;
    if (cmd_begin(r->env, &w, &ns) < 0)
        return 1;
    for (int i = 0; (i = vnet_link_next(ns, i)) != 0;)
        if (vnet_link_get(ns, i, &info) == 0)
            put_device(r, ++n, info.name, info.flags);
    cmd_abort(r->env);
    return 0;
}
