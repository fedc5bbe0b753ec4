/* Captures: reading the recorder's segments behind the sessions that write them. */
#include "vnet_capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "dev/netdev.h"
#include "dev/vlan.h"
#include "state/segments.h"
#include "state/session.h"

enum { READ_SIZE = 64 << 10 };

struct vnet_capture {
    struct vnet_session *session;
    struct list node; /* in the session's captures */
    uint32_t netns;
    int ifindex; /* 0: any */
    bool registered;
    int64_t promisc_byte; /* in the lock file, 0: none */
    uint64_t seq;         /* of the next frame that is owed */
    uint64_t end;         /* one behind the last that is wanted; UINT64_MAX: no end */
    uint64_t dropped;     /* overwritten, not yet reported */

    /* Where reading stands in the segments. */
    uint64_t generation;
    uint32_t offset;                 /* in the segment, behind what is in buf */
    struct recorder_device *devices; /* by interface id, of this segment */
    uint32_t ndevices, devices_cap;
    uint64_t changes; /* of the state file when all was read; see state_file_changes() */
    bool drained;
    uint8_t *buf; /* read, not yet taken apart: pos..len */
    size_t pos, len, cap;
};

/* ---- opening ---- */

static int find_device(struct vnet_capture *cap, struct vnet *w, const char *ns_name,
                       const char *ifname, struct vnet_err *err)
{
    struct netns *ns = vnet_ns_find(w, ns_name);
    if (!ns)
        return vnet_err(err, ENOENT, "no namespace \"%s\"", ns_name);
    cap->netns = ns->id;
    if (!ifname || strcmp(ifname, "any") == 0)
        return 0;
    cap->ifindex = vnet_link_index(ns, ifname);
    return cap->ifindex ? 0 : vnet_err(err, ENODEV, "no device \"%s\"", ifname);
}

/* From now on: behind all that is committed. */
static void start_now(struct vnet_capture *cap, const struct recorder *r)
{
    const struct recorder_segment *s = &r->segment;
    cap->seq = r->next_seq;
    cap->end = UINT64_MAX;
    cap->generation = s->generation;
    cap->offset = s->committed;
    for (uint32_t i = 0; i < s->ndevices; i++) {
        ARRAY_GROW(cap->devices, cap->ndevices, cap->devices_cap);
        cap->devices[cap->ndevices++] = s->devices[i];
    }
}

static void start_last(struct vnet_capture *cap, const struct vnet *w)
{
    uint64_t generation = w->recorder.segment.generation;
    cap->seq = w->last_traffic_seq;
    cap->end = w->recorder.next_seq;
    cap->generation = generation ? generation - 1 : 0;
}

uint64_t vnet_capture_position(const struct vnet *w)
{
    return w->recorder.next_seq;
}

uint64_t vnet_capture_last(const struct vnet *w)
{
    return w->last_traffic_seq;
}

void vnet_capture_last_from(struct vnet *w, uint64_t position)
{
    w->last_traffic_seq = position;
    w->dirty = true;
}

static bool is_slot_taken(const struct vnet_session *s, int64_t byte)
{
    list_each(pos, &s->captures)
    {
        if (list_entry(pos, struct vnet_capture, node)->promisc_byte == byte)
            return true;
    }
    return !session_in_memory(s) && state_file_owned_by_other(&s->file, byte);
}

/* packet_dev_mc(PACKET_MR_PROMISC): hold the first free byte of the device. With all of them held,
 * or in a namespace too far out, the capture is not counted. */
static void hold_promisc(struct vnet_capture *cap)
{
    struct vnet_session *s = cap->session;
    if (!cap->ifindex || cap->netns > STATE_LOCK_NETNS_MAX)
        return;
    int64_t byte = state_lock_promisc(cap->netns, cap->ifindex);
    for (int64_t end = byte + STATE_LOCK_SLOTS; byte < end; byte++) {
        if (is_slot_taken(s, byte))
            continue;
        cap->promisc_byte = byte;
        if (!session_in_memory(s))
            state_file_own(&s->file, byte, true);
        return;
    }
}

/* Under the lock: who waits for it to be registered finds it counted as well. */
static void register_capture(struct vnet_capture *cap, enum vnet_capture_mode mode)
{
    struct vnet_session *s = cap->session;
    if (mode == VNET_CAPTURE_PROMISC)
        hold_promisc(cap);
    cap->registered = !session_in_memory(s);
    if (cap->registered)
        state_file_own(&s->file, STATE_LOCK_CAPTURE(getpid()), true);
    list_add_tail(&cap->node, &s->captures);
}

static int start(struct vnet_capture *cap, const char *ns, const char *ifname,
                 enum vnet_capture_mode mode, struct vnet_err *err)
{
    struct vnet_session *s = cap->session;
    struct vnet *w;
    /* what catching up sends is to be on disk, before what is owed begins */
    int rc = session_run_due(s, err);
    if (rc == 0)
        rc = vnet_begin(s, false, &w, err);
    if (rc < 0)
        return rc;
    rc = find_device(cap, w, ns, ifname, err);
    if (rc == 0 && mode == VNET_CAPTURE_LAST)
        start_last(cap, w);
    else if (rc == 0)
        start_now(cap, &w->recorder);
    if (rc == 0 && mode != VNET_CAPTURE_LAST)
        register_capture(cap, mode);
    vnet_abort(s);
    return rc;
}

static struct netdev *captured_device(const struct vnet_capture *cap, struct vnet *w)
{
    const struct netns *ns = netns_by_id(w, cap->netns);
    return ns ? netdev_by_index(ns, cap->ifindex) : NULL;
}

static void count_and_say(struct netdev *dev, int by)
{
    struct netdev *below = is_vlan_dev(dev) ? vlan_dev_real_dev(dev) : NULL;
    bool was = netdev_promiscuity(dev) > 0, was_below = below && netdev_promiscuity(below) > 0;
    dev->captures += (uint32_t)by;
    dev_world(dev)->captured = true;
    if (was != (netdev_promiscuity(dev) > 0))
        netdev_say_mode(dev, "promiscuous", !was);
    if (below && was_below != (netdev_promiscuity(below) > 0))
        netdev_say_mode(below, "promiscuous", !was_below);
}

/* In the kernel's log: what the capture that has just been registered, or is about to go, changes.
 * Where that cannot be saved the capture does without. */
static void say_promisc(const struct vnet_capture *cap, int by)
{
    struct vnet *w;
    struct vnet_err err;
    if (!cap->promisc_byte || vnet_begin(cap->session, false, &w, &err) < 0)
        return;
    struct netdev *dev = captured_device(cap, w);
    if (dev) {
        if (by > 0) /* counted as it was registered */
            dev->captures--;
        count_and_say(dev, by);
    }
    vnet_commit(cap->session, &err);
}

int vnet_capture_open(struct vnet_session *s, const char *ns, const char *ifname,
                      enum vnet_capture_mode mode, struct vnet_capture **cap, struct vnet_err *err)
{
    struct vnet_capture *c = mem_alloc(sizeof(*c));
    c->session = s;
    list_init(&c->node);
    int rc = start(c, ns, ifname, mode, err);
    if (rc < 0) {
        vnet_capture_close(c);
        return rc;
    }
    say_promisc(c, 1);
    *cap = c;
    return rc;
}

void vnet_capture_close(struct vnet_capture *cap)
{
    say_promisc(cap, -1);
    if (cap->registered)
        state_file_own(&cap->session->file, STATE_LOCK_CAPTURE(getpid()), false);
    if (cap->promisc_byte && cap->registered)
        state_file_own(&cap->session->file, cap->promisc_byte, false);
    list_del(&cap->node);
    free(cap->devices);
    free(cap->buf);
    free(cap);
}

/* ---- promiscuity ---- */

static void count_device(struct vnet *w, int64_t slot, int64_t captures)
{
    const struct netns *ns = netns_by_id(w, state_lock_netns(slot));
    struct netdev *dev = ns ? netdev_by_index(ns, state_lock_ifindex(slot)) : NULL;
    if (!dev)
        return;
    dev->captures += (uint32_t)captures;
    w->captured = true;
}

static void forget_counts(struct vnet *w)
{
    netns_each_awake(w, ns)
    {
        netdev_each(ns, dev, i)
        {
            dev->captures = 0;
        }
    }
    w->captured = false;
}

/* A run of bytes is one process's, and ends with the device at the latest: a capture follows one.
 */
static void count_others(struct vnet_session *s, int64_t from, int64_t to)
{
    int64_t byte, n;
    while ((n = state_file_find_owned(&s->file, from, to, &byte)) > 0) {
        count_device(s->w, byte, n);
        count_others(s, from, byte);
        from = byte + n;
    }
}

void session_count_captures(struct vnet_session *s)
{
    if (s->w->captured)
        forget_counts(s->w);
    list_each(pos, &s->captures)
    {
        int64_t byte = list_entry(pos, struct vnet_capture, node)->promisc_byte;
        if (byte)
            count_device(s->w, byte, 1);
    }
    if (!session_in_memory(s))
        count_others(s, STATE_LOCK_PROMISC, INT64_MAX);
}

bool vnet_capture_registered(struct vnet_session *s, int64_t pid)
{
    struct vnet_err err;
    return !session_in_memory(s) && state_file_open_lock(&s->file, &err) == 0 &&
           state_file_owned_by_other(&s->file, STATE_LOCK_CAPTURE(pid));
}

/* ---- reading segments; all of this under the lock ---- */

/* Read on at the offset, up to `limit`; the bytes got, 0 at the end. */
static long read_more(struct vnet_capture *cap, int fd, uint32_t limit)
{
    cap->len -= cap->pos;
    if (cap->len)
        memmove(cap->buf, cap->buf + cap->pos, cap->len);
    cap->pos = 0;
    if (cap->cap - cap->len < READ_SIZE) {
        cap->cap = cap->len + READ_SIZE;
        cap->buf = mem_realloc(cap->buf, cap->cap);
    }
    size_t want = limit - cap->offset < READ_SIZE ? limit - cap->offset : READ_SIZE;
    ssize_t n;
    do
        n = pread(fd, cap->buf + cap->len, want, (off_t)cap->offset);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return n < 0 ? -errno : 0;
    cap->len += (size_t)n;
    cap->offset += (uint32_t)n;
    return n;
}

static void go_to(struct vnet_capture *cap, uint64_t generation)
{
    cap->generation = generation;
    cap->offset = 0;
    cap->ndevices = 0;
    cap->pos = cap->len = 0;
}

/* Is the file the segment that it should be? The other one of the two may have taken its place. */
static bool is_generation(int fd, uint64_t generation)
{
    uint8_t b[256];
    uint64_t found;
    if (pread(fd, b, 8, 0) != 8)
        return false;
    uint32_t size = get_be32(b + 4);
    return size >= 8 && size <= sizeof(b) && pread(fd, b, size, 0) == (ssize_t)size &&
           segment_get_section(b, size, &found) && found == generation;
}

static int open_segment(const struct vnet_capture *cap)
{
    char *path = segment_path(cap->session->file.path, cap->generation);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    free(path);
    if (fd >= 0 && !is_generation(fd, cap->generation)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* From the segment where reading stands: bytes got, 0 at its end (or if it is gone). */
static long fill_here(struct vnet_capture *cap, uint32_t limit)
{
    int fd = open_segment(cap);
    if (fd < 0)
        return 0;
    long n = cap->offset < limit ? read_more(cap, fd, limit) : 0;
    close(fd);
    return n;
}

/* Bytes got, 0: no more for now, -errno. */
static long fill_from(struct vnet_capture *cap, const struct recorder_segment *s)
{
    if (s->generation == 0)
        return 0;
    if (cap->generation > s->generation || cap->generation + 1 < s->generation)
        go_to(cap, s->generation > 1 ? s->generation - 1 : 1);
    if (cap->generation < s->generation) {
        long n = fill_here(cap, UINT32_MAX);
        if (n != 0)
            return n;
        go_to(cap, s->generation);
    }
    return fill_here(cap, s->committed);
}

/* All that is on disk was read: what is still missing was overwritten. */
static void note_end(struct vnet_capture *cap)
{
    const struct vnet_session *s = cap->session;
    uint64_t next = s->w->recorder.next_seq;
    cap->drained = true;
    cap->changes = state_file_changes(&s->file);
    if (s->pending || cap->seq >= next || cap->end != UINT64_MAX)
        return;
    cap->dropped += next - cap->seq;
    cap->seq = next;
}

static bool device_gone(const struct vnet_capture *cap)
{
    char name[VNET_IFNAMSIZ];
    const struct netns *ns = netns_by_id(cap->session->w, cap->netns);
    return !ns || (cap->ifindex && !vnet_link_name(ns, cap->ifindex, name)[0]);
}

static long fill(struct vnet_capture *cap, struct vnet_err *err)
{
    struct vnet_session *s = cap->session;
    if (cap->drained && state_file_changes(&s->file) == cap->changes)
        return 0;
    int rc = session_load(s, err);
    if (rc < 0)
        return rc;
    long n = fill_from(cap, &s->w->recorder.segment);
    if (n == 0)
        note_end(cap);
    bool gone = n == 0 && cap->end == UINT64_MAX && device_gone(cap);
    session_unlock(s);
    if (gone)
        return vnet_err(err, ENODEV, "The interface disappeared");
    if (n < 0)
        vnet_err(err, (int)-n, "cannot read the frames beside %s: %s", s->file.path,
                 strerror((int)-n));
    return n;
}

/* ---- taking apart ---- */

static bool is_wanted(const struct vnet_capture *cap, uint32_t netns, int ifindex)
{
    return netns == cap->netns && (!cap->ifindex || cap->ifindex == ifindex);
}

static void add_device(struct vnet_capture *cap, const uint8_t *block, uint32_t size)
{
    struct recorder_device d;
    if (!segment_get_interface(block, size, &d))
        d = (struct recorder_device){.netns = 0};
    ARRAY_GROW(cap->devices, cap->ndevices, cap->devices_cap);
    cap->devices[cap->ndevices++] = d;
}

/* A packet's block: true if the frame is wanted. Frames that are missing before it count as dropped
 * (whose they were is not known: all devices' are counted). */
static bool take_packet(struct vnet_capture *cap, const uint8_t *block, uint32_t size,
                        struct vnet_frame *frame)
{
    struct segment_frame f;
    if (!segment_get_packet(block, size, &f) || f.interface >= cap->ndevices || f.seq < cap->seq ||
        f.seq >= cap->end)
        return false;
    const struct recorder_device *d = &cap->devices[f.interface];
    cap->dropped += f.seq - cap->seq;
    cap->seq = f.seq + 1;
    if (!is_wanted(cap, d->netns, d->ifindex))
        return false;
    segment_unturn(d->arphrd, cap->buf + (f.data - cap->buf), f.caplen);
    *frame = (struct vnet_frame){.seq = f.seq,
                                 .time = f.time,
                                 .netns = d->netns,
                                 .ifindex = d->ifindex,
                                 .arphrd = d->arphrd,
                                 .pkttype = f.pkttype,
                                 .len = f.len,
                                 .caplen = f.caplen,
                                 .data = f.data};
    memcpy(frame->ifname, d->ifname, sizeof(frame->ifname));
    return true;
}

/* The next whole block in the buffer, NULL: read more first. */
static const uint8_t *next_block(struct vnet_capture *cap, uint32_t *size)
{
    if (cap->len - cap->pos < 12)
        return NULL;
    const uint8_t *block = cap->buf + cap->pos;
    *size = get_be32(block + 4);
    if (*size < 12 || *size % 4 || *size > PCAPNG_BLOCK_MAX) {
        cap->pos = cap->len; /* not of our making: nothing behind it can be told apart */
        return NULL;
    }
    if (cap->len - cap->pos < *size)
        return NULL;
    cap->pos += *size;
    return block;
}

static bool next_in_buffer(struct vnet_capture *cap, struct vnet_frame *frame)
{
    const uint8_t *block;
    uint32_t size;
    while ((block = next_block(cap, &size))) {
        uint32_t type = get_be32(block);
        if (type == PCAPNG_INTERFACE)
            add_device(cap, block, size);
        else if (type == PCAPNG_PACKET && take_packet(cap, block, size, frame))
            return true;
    }
    return false;
}

/* In memory the ring itself is read. */
static bool next_in_ring(struct vnet_capture *cap, struct vnet_frame *frame)
{
    const struct recorder *r = &cap->session->w->recorder;
    for (const struct recorder_entry *e = recorder_first(r); e; e = recorder_next(r, e)) {
        if (e->seq < cap->seq || e->seq >= cap->end)
            continue;
        cap->dropped += e->seq - cap->seq;
        cap->seq = e->seq + 1;
        if (!is_wanted(cap, e->netns, e->ifindex))
            continue;
        *frame = (struct vnet_frame){.seq = e->seq,
                                     .time = e->time,
                                     .netns = e->netns,
                                     .ifindex = e->ifindex,
                                     .arphrd = e->arphrd,
                                     .pkttype = e->pkttype,
                                     .len = e->len,
                                     .caplen = e->caplen,
                                     .data = recorder_bytes(e)};
        memcpy(frame->ifname, e->ifname, sizeof(frame->ifname));
        return true;
    }
    return false;
}

static int next_on_disk(struct vnet_capture *cap, struct vnet_frame *frame, struct vnet_err *err)
{
    while (cap->seq < cap->end) {
        if (next_in_buffer(cap, frame))
            return 1;
        long n = fill(cap, err);
        if (n <= 0)
            return (int)n;
    }
    return 0;
}

int vnet_capture_next(struct vnet_capture *cap, struct vnet_frame *frame, uint64_t *dropped,
                      struct vnet_err *err)
{
    int rc =
        session_in_memory(cap->session) ? next_in_ring(cap, frame) : next_on_disk(cap, frame, err);
    if (dropped)
        *dropped += cap->dropped;
    cap->dropped = 0;
    return rc;
}
