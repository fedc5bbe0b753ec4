/* Capturing from the emulated devices. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "cmd/listen.h"
#include "cmd/tcpdump/devices.h"
#include "cmd/tcpdump/run.h"
#include "vnet_can.h"
#include "vnet_link.h"

enum {
    SLL2_HLEN = 20,
    SLL_HLEN = 16,
    ETHER_HLEN = 14,
    VLAN_HLEN = 4,
    SLL_P_802_2 = 4,
    SLL_P_CAN = 0xc,
    SLL_P_CANFD = 0xd,
    MAX_LENGTH = 1500
};

static const int64_t handling_time = 100 * NSEC_PER_USEC;
static const int64_t start_up_time = 30 * NSEC_PER_MSEC; /* until the real one sets its alarm */

struct live {
    struct run *r;
    struct device device;
    uint32_t link;
    struct vnet_capture *cap;
    struct listener wait;
    struct strbuf plain;  /* the frame without its VLAN tag */
    struct strbuf cooked; /* -i any: the frame with its pseudo-header; CAN: as libpcap has it */
    char ifname[VNET_IFNAMSIZ];
    int ifindex; /* of the frame being printed, and its name */
    uint64_t received, dropped;
    int64_t start;         /* world's clock when the capture began */
    int64_t next_progress; /* -w -v: when its number is due; the last one that was shown */
    uint32_t progress;
};

/* ---- the device ---- */

static int refuse_device(struct run *r, const char *name)
{
    return run_fail(r, "%s: No such device exists\n(No such device exists)", name);
}

/* -i 3: the third of -D's list. NULL: the name is no number or out of range; a message was printed.
 */
static const struct device *numbered_device(struct run *r, const struct devices *all,
                                            const char *name)
{
    char *end;
    long n = strtol(name, &end, 10);
    if (end == name || *end) {
        refuse_device(r, name);
        return NULL;
    }
    if (n < 1 || (unsigned long)n > all->n) {
        run_fail(r, "Invalid adapter index");
        return NULL;
    }
    return &all->device[n - 1];
}

static int choose_from(struct live *l, const struct devices *all)
{
    const char *name = l->r->args->device;
    const struct device *d = name ? devices_find(all, name) : &all->device[0];
    if (!d)
        d = numbered_device(l->r, all, name);
    if (!d)
        return 1;
    if (d->kind == DEVICE_PSEUDO)
        return run_fail(l->r, "%s: that device is not emulated", d->name);
    if (!d->up)
        return run_fail(l->r, "%s: That device is not up", d->name);
    l->device = *d;
    return 0;
}

static int choose_device(struct live *l)
{
    struct vnet *w;
    struct netns *ns;
    struct devices all;
    if (cmd_begin(l->r->env, &w, &ns) < 0)
        return 1;
    devices_list(ns, &all);
    cmd_abort(l->r->env);
    int status = choose_from(l, &all);
    devices_release(&all);
    return status;
}

static bool any(const struct live *l)
{
    return l->device.kind == DEVICE_ANY;
}

/* ---- the link type ---- */

/* Of a device's frames: its own. */
static uint32_t native_link(const struct live *l)
{
    return l->device.arphrd == VNET_ARPHRD_CAN ? DISSECT_CAN : DISSECT_ETHERNET;
}

static bool link_supported(const struct live *l, uint32_t link)
{
    return any(l) ? link == DISSECT_SLL || link == DISSECT_SLL2 : link == native_link(l);
}

static int choose_link(struct live *l)
{
    const char *wanted = l->r->args->link_name;
    bool sll2 = l->r->facts->tcpdump_snapshot && l->r->args->device;
    l->link = !any(l) ? native_link(l) : sll2 ? DISSECT_SLL2 : DISSECT_SLL;
    if (wanted) {
        uint32_t link = (uint32_t)link_by_name(wanted);
        if (!link_supported(l, link))
            return run_fail(l->r, "%s is not one of the DLTs supported by this device", wanted);
        l->link = link;
    }
    if (wanted || (any(l) && l->link == DISSECT_SLL2))
        sink_printf(l->r->env->err, "tcpdump: data link type %s\n", link_name(l->link));
    return 0;
}

/* libpcap says that a cable modem may speak DOCSIS behind any Ethernet device. */
static bool may_be_docsis(const struct live *l)
{
    return !any(l) && l->device.arphrd == VNET_ARPHRD_ETHER;
}

static int list_links(const struct live *l)
{
    static const uint32_t all[] = {DISSECT_ETHERNET, DISSECT_CAN, DISSECT_SLL, DISSECT_SLL2};
    struct sink *err = l->r->env->err;
    sink_printf(err, "Data link types for %s (use option -y to set):\n", l->device.name);
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (link_supported(l, all[i]))
            sink_printf(err, "  %s (%s)%s\n", link_name(all[i]), link_description(all[i]),
                        all[i] == DISSECT_CAN ? " (printing not supported)" : "");
    if (may_be_docsis(l))
        sink_puts(err, "  DOCSIS (DOCSIS) (printing not supported)\n");
    return 0;
}

static int list_stamps(const struct live *l)
{
    sink_printf(l->r->env->err, "Time stamp types for %s (use option -j to set):\n  host (Host)\n",
                l->device.name);
    return 0;
}

/* ---- frames ---- */

static bool is_can(const struct vnet_frame *f)
{
    return f->arphrd == VNET_ARPHRD_CAN;
}

/* The protocol as the kernel numbers it: frames with a length have that of 802.2. Those of CAN say
 * nothing of it, but for their own length. */
static uint16_t protocol_of(const struct vnet_frame *f)
{
    if (is_can(f))
        return f->len == VNET_CAN_MTU ? SLL_P_CAN : SLL_P_CANFD;
    uint16_t type = f->caplen >= ETHER_HLEN ? get_be16(f->data + 12) : 0;
    return type <= MAX_LENGTH ? SLL_P_802_2 : type;
}

/* libpcap's pseudo-header; halen: of the sender's address, which is still to be filled in. */
static size_t put_pseudo_header(const struct live *l, const struct vnet_frame *f, uint8_t halen,
                                uint8_t h[SLL2_HLEN])
{
    if (l->link == DISSECT_SLL2) {
        put_be16(h, protocol_of(f));
        put_be32(h + 4, (uint32_t)f->ifindex);
        put_be16(h + 8, f->arphrd);
        h[10] = f->pkttype;
        h[11] = halen;
        return SLL2_HLEN;
    }
    put_be16(h, f->pkttype);
    put_be16(h + 2, f->arphrd);
    put_be16(h + 4, halen);
    put_be16(h + 14, protocol_of(f));
    return SLL_HLEN;
}

/* What a packet socket of SOCK_DGRAM gives: the frame without its link-layer header, after
 * libpcap's pseudo-header. */
static void cook(struct live *l, const struct vnet_frame *f, struct dissect_packet *pkt)
{
    uint8_t h[SLL2_HLEN] = {0};
    bool whole = !is_can(f) && f->caplen >= ETHER_HLEN;
    size_t hlen = put_pseudo_header(l, f, is_can(f) ? 0 : ETH_ALEN, h);
    if (whole)
        memcpy(h + (l->link == DISSECT_SLL2 ? 12 : 6), f->data + ETH_ALEN, ETH_ALEN);
    size_t cut = whole ? ETHER_HLEN : is_can(f) ? 0 : f->caplen;
    strbuf_reset(&l->cooked);
    strbuf_add(&l->cooked, h, hlen);
    strbuf_add(&l->cooked, f->data + cut, f->caplen - cut);
    pkt->link = l->link;
    pkt->data = (const uint8_t *)l->cooked.data;
    pkt->caplen = (uint32_t)l->cooked.len;
    pkt->len = (uint32_t)(f->len - cut + hlen);
}

/* A CAN frame as libpcap hands it on: the identifier in network byte order; and its 1.10.3 clears
 * the flags that it means to set (pcap_handle_packet_mmap()). */
static void turn_can(struct live *l, struct dissect_packet *pkt)
{
    enum { AT_FLAGS = 5, KNOWN_FLAGS = 7, HEAD = 6 };
    uint8_t h[HEAD];
    if (pkt->caplen < HEAD)
        return;
    for (int i = 0; i < 4; i++)
        h[i] = pkt->data[3 - i];
    h[4] = pkt->data[4];
    h[AT_FLAGS] = pkt->data[AT_FLAGS] & (uint8_t)~KNOWN_FLAGS;
    strbuf_reset(&l->cooked);
    strbuf_add(&l->cooked, h, sizeof(h));
    strbuf_add(&l->cooked, pkt->data + HEAD, pkt->caplen - HEAD);
    pkt->data = (const uint8_t *)l->cooked.data;
}

/* What libpcap hands on: on the loopback device, and on CAN, a frame is seen going out and coming
 * in; it drops the one going out, after the kernel has counted both. */
static bool wanted(const struct live *l, const struct vnet_frame *f)
{
    bool out = f->pkttype == VNET_PACKET_OUTGOING;
    if (out && f->arphrd == VNET_ARPHRD_LOOPBACK)
        return false;
    if (out && is_can(f) && l->r->args->direction != DIRECTION_OUT)
        return false;
    return l->r->args->direction == DIRECTION_INOUT ||
           out == (l->r->args->direction == DIRECTION_OUT);
}

/* A packet socket has the outer VLAN tag of a frame beside it, and so has a filter that the kernel
 * runs. libpcap puts it back where it belongs, but not into what it cooks. */
static bool is_tagged(const struct vnet_frame *f)
{
    enum { ETH_P_8021Q = 0x8100, ETH_P_8021AD = 0x88a8 };
    uint16_t type = protocol_of(f);
    return !is_can(f) && f->caplen >= ETHER_HLEN + VLAN_HLEN &&
           (type == ETH_P_8021Q || type == ETH_P_8021AD);
}

static struct vnet_frame untagged(struct live *l, const struct vnet_frame *f)
{
    struct vnet_frame plain = *f;
    const size_t addrs = 12; /* ETH_ALEN twice */
    strbuf_reset(&l->plain);
    strbuf_add(&l->plain, f->data, addrs);
    strbuf_add(&l->plain, f->data + addrs + VLAN_HLEN, f->caplen - addrs - VLAN_HLEN);
    plain.data = (const uint8_t *)l->plain.data;
    plain.caplen -= VLAN_HLEN;
    plain.len -= VLAN_HLEN;
    return plain;
}

/* What a filter is asked of a frame whose tag lies beside it. */
static bool matches_untagged(struct live *l, const struct vnet_frame *f)
{
    const struct vnet_frame plain = untagged(l, f);
    const struct bpf_meta meta = {.pkttype = plain.pkttype,
                                  .ifindex = plain.ifindex,
                                  .protocol = protocol_of(&plain),
                                  .arphrd = plain.arphrd};
    struct dissect_packet pkt;
    dissect_from_frame(&plain, &pkt);
    return filter_match(l->r, &pkt, &meta);
}

/* The frame as libpcap gives it; false: the filter drops it. */
static bool count(struct live *l, const struct vnet_frame *given, struct dissect_packet *pkt)
{
    const struct vnet_frame plain = is_tagged(given) && any(l) ? untagged(l, given) : *given;
    const struct vnet_frame *f = &plain;
    const struct bpf_meta meta = {.pkttype = f->pkttype,
                                  .ifindex = f->ifindex,
                                  .protocol = protocol_of(f),
                                  .arphrd = f->arphrd};
    dissect_from_frame(f, pkt);
    if (any(l))
        cook(l, f, pkt);
    else if (is_can(f))
        turn_can(l, pkt);
    bool beside = is_tagged(given) && !any(l) && !l->r->filter.names_vlan;
    if (beside ? !matches_untagged(l, given) : !filter_match(l->r, pkt, &meta))
        return false;
    l->received++;
    return true;
}

/* true: -c's number is reached. */
static bool take(struct live *l, const struct vnet_frame *f)
{
    struct dissect_packet pkt;
    if (!count(l, f, &pkt) || !wanted(l, f))
        return false;
    l->ifindex = f->ifindex;
    memcpy(l->ifname, f->ifname, VNET_IFNAMSIZ);
    if (pkt.caplen > l->r->args->snaplen)
        pkt.caplen = l->r->args->snaplen;
    return run_packet(l->r, &pkt);
}

/* When the packet of -c's number is handed over by the kernel: what came before that time has been
 * counted, too. In libpcap's immediate mode (with a terminal) that is at once, else when the
 * kernel's timer next retires a block of packets: every second from the start on. */
static int64_t handed_over(const struct live *l, int64_t time)
{
    if (l->r->args->immediate || l->r->terminal)
        return time + handling_time;
    int64_t since = time - l->start;
    return l->start + (since / NSEC_PER_SEC + 1) * NSEC_PER_SEC;
}

/* -w with -v says every second how many packets there are, if that has changed. */
static void put_progress(struct live *l, int64_t now)
{
    const struct tcpdump_args *a = l->r->args;
    if (!a->write_file || !a->dissect.verbose || now < l->next_progress)
        return;
    l->next_progress += ((now - l->next_progress) / NSEC_PER_SEC + 1) * NSEC_PER_SEC;
    if (l->progress != l->r->captured)
        sink_printf(l->r->env->err, "Got %u\r", l->r->captured);
    l->progress = l->r->captured;
}

/* All that is recorded by now; what comes after the last packet of -c is counted only. Returns 1
 * when -c's number is reached, 0, or -errno. */
static int drain(struct live *l, struct vnet_err *err)
{
    struct vnet_frame f;
    struct dissect_packet pkt;
    int64_t last = INT64_MAX, end = l->r->env->deadline ? l->r->env->deadline : INT64_MAX;
    int rc;
    while ((rc = cmd_capture_next(l->r->env, l->cap, &f, &l->dropped, err)) == 1 &&
           f.time <= last && f.time <= end) {
        l->wait.idle = 0;
        put_progress(l, f.time);
        if (last != INT64_MAX)
            count(l, &f, &pkt);
        else if (take(l, &f))
            last = handed_over(l, f.time);
    }
    return rc < 0 ? rc : last != INT64_MAX;
}

/* ---- until the end ---- */

/* The exit status; *statistics: they are to be printed. */
static int capture(struct live *l, bool *statistics)
{
    struct vnet_err err = {""};
    int rc, signal = 0;
    while ((rc = drain(l, &err)) == 0) {
        if (l->r->args->last)
            break;
        signal = listener_signal(&l->wait, &err);
        rc = signal ? drain(l, &err) : listener_wait(&l->wait, &err); /* what came before it */
        if (signal || rc < 0)
            break;
    }
    *statistics = !signal || signal == SIGINT || signal == SIGTERM || signal == SIGHUP;
    if (!*statistics)
        return 128 + signal;
    if (signal && vnet_session_now(l->r->env->session, &l->wait.now, &err) == 0)
        put_progress(l, l->wait.now);
    bool interrupted = signal || rc == -EAGAIN;
    if (interrupted && !l->r->args->write_file) /* a line may have been left unfinished */
        sink_puts(l->r->env->out, "\n");
    sink_flush(l->r->env->out);
    if (rc < 0 && rc != -EAGAIN)
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
    sink_printf(r->env->err, "listening on %s, link-type %s (%s), %s %u bytes\n", l->device.name,
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

static int listen_until_end(struct live *l, struct vnet_err *err)
{
    bool statistics;
    int rc = vnet_session_now(l->r->env->session, &l->start, err);
    if (rc < 0)
        return run_fail(l->r, "%s", err->msg);
    l->next_progress = l->start + NSEC_PER_SEC + start_up_time;
    l->progress = UINT32_MAX;
    put_banner(l);
    if (l->r->env->listening)
        l->r->env->listening(l->r->env);
    int status = capture(l, &statistics);
    if (statistics)
        put_statistics(l);
    return status;
}

static enum vnet_capture_mode capture_mode(const struct tcpdump_args *args)
{
    if (args->last)
        return VNET_CAPTURE_LAST;
    return args->no_promisc ? VNET_CAPTURE_FOLLOW : VNET_CAPTURE_PROMISC;
}

static int open_capture(struct live *l)
{
    struct run *r = l->r;
    struct vnet_err err = {""};
    int rc = vnet_capture_open(r->env->session, r->env->netns, any(l) ? NULL : l->device.name,
                               capture_mode(r->args), &l->cap, &err);
    if (rc < 0)
        return run_fail(r, "%s: %s", l->device.name, err.msg[0] ? err.msg : cmd_strerror(-rc));
    return 0;
}

static int hand_over(struct live *l)
{
    int status = open_capture(l);
    if (status == 0)
        l->r->env->hold(l->cap, l->r->env->hold_arg);
    return status;
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
    if (status == 0)
        status = open_capture(l);
    if (status)
        return status;
    status = listen_until_end(l, &err);
    vnet_capture_close(l->cap);
    return status;
}

/* -d without -i: no device is looked at. */
static int dump_for_no_device(struct run *r)
{
    uint32_t link = DISSECT_ETHERNET;
    if (r->args->link_name)
        link = (uint32_t)link_by_name(r->args->link_name);
    else
        sink_puts(r->env->err, "Warning: assuming Ethernet\n");
    int status = filter_compile(r, NULL, link, r->args->snaplen);
    return status ? status : filter_dump(r);
}

static int prepared(struct live *l)
{
    struct run *r = l->r;
    if (r->args->dump_code && !r->args->device)
        return dump_for_no_device(r);
    int status = choose_device(l);
    if (status)
        return status;
    if (r->args->list_stamps)
        return list_stamps(l);
    if (r->args->monitor)
        return run_fail(r, "%s: That device doesn't support monitor mode", l->device.name);
    if (r->args->list_links)
        return list_links(l);
    status = choose_link(l);
    if (!status)
        status = filter_compile(r, NULL, l->link, r->args->snaplen);
    if (status)
        return status;
    if (r->args->dump_code)
        return filter_dump(r);
    return r->env->hold && !r->args->last ? hand_over(l) : listen_on(l);
}

int run_live(struct run *r)
{
    struct live l = {.r = r, .wait = {.env = r->env}};
    int status = prepared(&l);
    strbuf_release(&l.cooked);
    strbuf_release(&l.plain);
    return status;
}

int run_list_devices(struct run *r)
{
    struct vnet *w;
    struct netns *ns;
    struct devices all;
    if (cmd_begin(r->env, &w, &ns) < 0)
        return 1;
    devices_list(ns, &all);
    cmd_abort(r->env);
    devices_print(&all, r->env->out);
    devices_release(&all);
    return 0;
}
