#include "state/segments.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "dev/netns.h"
#include "state/interfaces.h"
#include "state/state.h"
#include "vnet_capture.h"
#include "vnet_link.h"

enum {
    OPT_END = 0,
    OPT_COMMENT = 1,
    SHB_USERAPPL = 4,
    IF_NAME = 2,
    IF_DESCRIPTION = 3,
    IF_TSRESOL = 9,
    EPB_FLAGS = 2,
    EPB_PACKETID = 5,
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_CAN_SOCKETCAN = 227,
    BLOCK_OVERHEAD = 12, /* type, length, and length again behind the body */
    PACKET_HEAD = 28,    /* up to the data */
    PACKET_OPTIONS = 8 + 12 + 4,
    CHUNK = 64 << 10, /* written at a time: memory must not grow with the transaction */
};

char *segment_path(const char *state_path, uint64_t generation)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_addf(&sb, "%s.frames%u.pcapng", state_path, (unsigned)(generation & 1));
    return strbuf_detach(&sb);
}

/* ---- blocks ---- */

static uint32_t padded(uint32_t n)
{
    return (n + 3) & ~3U;
}

static void put16(struct strbuf *out, uint16_t v)
{
    uint8_t b[2];
    put_be16(b, v);
    strbuf_add(out, b, sizeof(b));
}

static void put32(struct strbuf *out, uint32_t v)
{
    uint8_t b[4];
    put_be32(b, v);
    strbuf_add(out, b, sizeof(b));
}

static void put_padded(struct strbuf *out, const void *bytes, uint32_t n)
{
    strbuf_add(out, bytes, n);
    strbuf_add(out, "\0\0\0", padded(n) - n);
}

static void put_option(struct strbuf *out, uint16_t code, const void *value, size_t len)
{
    put16(out, code);
    put16(out, (uint16_t)len);
    put_padded(out, value, (uint32_t)len);
}

/* Begin a block; its length is filled in by end_block(). */
static size_t begin_block(struct strbuf *out, uint32_t type)
{
    size_t start = out->len;
    put32(out, type);
    put32(out, 0);
    return start;
}

static void end_block(struct strbuf *out, size_t start)
{
    uint32_t len = (uint32_t)(out->len + 4 - start);
    put32(out, len);
    put_be32((uint8_t *)out->data + start + 4, len);
}

void segment_put_section(struct strbuf *out, uint64_t generation)
{
    char comment[40];
    size_t start = begin_block(out, PCAPNG_SECTION);
    put32(out, PCAPNG_MAGIC);
    put16(out, 1); /* version 1.0 */
    put16(out, 0);
    put32(out, UINT32_MAX); /* length of the section: not given */
    put32(out, UINT32_MAX);
    snprintf(comment, sizeof(comment), "segment %" PRIu64, generation);
    put_option(out, OPT_COMMENT, comment, strlen(comment));
    put_option(out, SHB_USERAPPL, "vnet", 4);
    put32(out, OPT_END);
    end_block(out, start);
}

static void put_interface(struct strbuf *out, const struct recorder_device *d, const char *name,
                          uint32_t snaplen)
{
    static const uint8_t nanoseconds = 9;
    char text[80];
    size_t start = begin_block(out, PCAPNG_INTERFACE);
    /* that of Ethernet for ARPHRD_ETHER and ARPHRD_LOOPBACK */
    put16(out, d->arphrd == VNET_ARPHRD_CAN ? LINKTYPE_CAN_SOCKETCAN : LINKTYPE_ETHERNET);
    put16(out, 0);
    put32(out, snaplen);
    put_option(out, IF_NAME, name, strlen(name));
    snprintf(text, sizeof(text), "namespace %" PRIu32 ", index %" PRId32 ", type %u", d->netns,
             d->ifindex, d->arphrd);
    put_option(out, IF_DESCRIPTION, text, strlen(text));
    put_option(out, IF_TSRESOL, &nanoseconds, 1);
    put32(out, OPT_END);
    end_block(out, start);
}

void segment_put_interface(struct strbuf *out, const struct recorder_device *d, uint32_t snaplen)
{
    put_interface(out, d, d->ifname, snaplen);
}

/* epb_flags: direction in bits 0-1 (1 in, 2 out), reception type in bits 2-4. */
static const uint32_t packet_flags[] = {
    [VNET_PACKET_HOST] = 1 | 1 << 2,      [VNET_PACKET_MULTICAST] = 1 | 2 << 2,
    [VNET_PACKET_BROADCAST] = 1 | 3 << 2, [VNET_PACKET_OTHERHOST] = 1 | 4 << 2,
    [VNET_PACKET_OUTGOING] = 2,
};

static uint32_t packet_block_size(uint32_t caplen)
{
    return PACKET_HEAD + padded(caplen) + PACKET_OPTIONS + 4;
}

/* CAN_SOCKETCAN has the identifier in network byte order, the kernel in a little-endian machine's.
 */
static void turn_can_id(uint8_t *frame)
{
    put_be32(frame, (uint32_t)frame[3] << 24 | (uint32_t)frame[2] << 16 | (uint32_t)frame[1] << 8 |
                        frame[0]);
}

/* From the type to the data; returns the place of the options. */
static uint8_t *put_packet_head(uint8_t *b, const struct recorder_entry *e, uint32_t interface)
{
    uint32_t pad = padded(e->caplen) - e->caplen;
    uint8_t *data = b + PACKET_HEAD;
    put_be32(b, PCAPNG_PACKET);
    put_be32(b + 4, packet_block_size(e->caplen));
    put_be32(b + 8, interface);
    put_be32(b + 12, (uint32_t)((uint64_t)e->time >> 32));
    put_be32(b + 16, (uint32_t)e->time);
    put_be32(b + 20, e->caplen);
    put_be32(b + 24, e->len);
    memcpy(data, recorder_bytes(e), e->caplen);
    memset(data + e->caplen, 0, pad);
    if (e->arphrd == VNET_ARPHRD_CAN && e->caplen >= 4)
        turn_can_id(data);
    return data + e->caplen + pad;
}

static void put_packet_options(uint8_t *b, const struct recorder_entry *e)
{
    put_be16(b, EPB_FLAGS);
    put_be16(b + 2, 4);
    put_be32(b + 4, packet_flags[e->pkttype]);
    put_be16(b + 8, EPB_PACKETID);
    put_be16(b + 10, 8);
    put_be32(b + 12, (uint32_t)(e->seq >> 32));
    put_be32(b + 16, (uint32_t)e->seq);
    put_be32(b + 20, OPT_END);
}

/* Thousands at a time: straight into the buffer. */
void segment_put_packet(struct strbuf *out, const struct recorder_entry *e, uint32_t interface)
{
    uint32_t size = packet_block_size(e->caplen);
    strbuf_grow(out, size);
    uint8_t *options = put_packet_head((uint8_t *)out->data + out->len, e, interface);
    put_packet_options(options, e);
    put_be32(options + PACKET_OPTIONS, size);
    out->len += size;
    out->data[out->len] = '\0';
}

void segment_unturn(uint16_t arphrd, uint8_t *frame, uint32_t caplen)
{
    if (arphrd == VNET_ARPHRD_CAN && caplen >= 4)
        turn_can_id(frame);
}

/* ---- taking blocks apart ---- */

/* Length and trailer agree with `size`, which is at least `least`. */
static bool block_is_whole(const uint8_t *b, uint32_t size, uint32_t type, uint32_t least)
{
    return size >= least && size % 4 == 0 && get_be32(b) == type && get_be32(b + 4) == size &&
           get_be32(b + size - 4) == size;
}

/* The value of an option among those from offset `at` on, NULL if there is none. */
static const uint8_t *find_option(const uint8_t *b, uint32_t size, uint32_t at, uint16_t code,
                                  uint32_t *len)
{
    uint32_t end = size - 4;
    while (at <= end && end - at >= 4) {
        uint16_t this = get_be16(b + at);
        *len = get_be16(b + at + 2);
        at += 4;
        if (this == OPT_END || padded(*len) > end - at)
            return NULL;
        if (this == code)
            return b + at;
        at += padded(*len);
    }
    return NULL;
}

/* An option that is text, as a string; false if it is absent or does not fit. */
static bool option_text(const uint8_t *b, uint32_t size, uint32_t at, uint16_t code, char *text,
                        size_t room)
{
    uint32_t len;
    const uint8_t *value = find_option(b, size, at, code, &len);
    if (!value || len >= room)
        return false;
    memcpy(text, value, len);
    text[len] = '\0';
    return true;
}

bool segment_get_section(const uint8_t *b, uint32_t size, uint64_t *generation)
{
    char text[40];
    return block_is_whole(b, size, PCAPNG_SECTION, 28) && get_be32(b + 8) == PCAPNG_MAGIC &&
           option_text(b, size, 24, OPT_COMMENT, text, sizeof(text)) &&
           sscanf(text, "segment %" SCNu64, generation) == 1;
}

bool segment_get_interface(const uint8_t *b, uint32_t size, struct recorder_device *d)
{
    char text[80];
    unsigned arphrd;
    if (!block_is_whole(b, size, PCAPNG_INTERFACE, 20) ||
        !option_text(b, size, 16, IF_NAME, d->ifname, sizeof(d->ifname)) ||
        !vnet_link_name_valid(d->ifname) ||
        !option_text(b, size, 16, IF_DESCRIPTION, text, sizeof(text)))
        return false;
    if (sscanf(text, "namespace %" SCNu32 ", index %" SCNd32 ", type %u", &d->netns, &d->ifindex,
               &arphrd) != 3)
        return false;
    d->arphrd = (uint16_t)arphrd;
    return true;
}

static bool flags_to_pkttype(uint32_t flags, uint8_t *pkttype)
{
    for (size_t i = 0; i < ARRAY_LEN(packet_flags); i++) {
        if (packet_flags[i] == flags) {
            *pkttype = (uint8_t)i;
            return true;
        }
    }
    return false;
}

bool segment_get_packet(const uint8_t *b, uint32_t size, struct segment_frame *f)
{
    uint32_t n;
    if (!block_is_whole(b, size, PCAPNG_PACKET, packet_block_size(0)))
        return false;
    f->interface = get_be32(b + 8);
    f->time = (int64_t)((uint64_t)get_be32(b + 12) << 32 | get_be32(b + 16));
    f->caplen = get_be32(b + 20);
    f->len = get_be32(b + 24);
    f->data = b + PACKET_HEAD;
    if (f->caplen > size || packet_block_size(f->caplen) != size || f->caplen > f->len ||
        f->time < 0 || f->time > STATE_TIME_MAX)
        return false;
    uint32_t options = PACKET_HEAD + padded(f->caplen);
    const uint8_t *flags = find_option(b, size, options, EPB_FLAGS, &n);
    if (!flags || n != 4 || !flags_to_pkttype(get_be32(flags), &f->pkttype))
        return false;
    const uint8_t *seq = find_option(b, size, options, EPB_PACKETID, &n);
    if (!seq || n != 8)
        return false;
    f->seq = (uint64_t)get_be32(seq) << 32 | get_be32(seq + 4);
    return true;
}

/* ---- writing ---- */

struct writer {
    struct vnet *w;
    struct recorder_segment *seg;
    struct strbuf buf;
    int fd;
    uint32_t offset;              /* in the file, of buf's first byte */
    struct interfaces interfaces; /* of seg */
};

static int write_out(struct writer *wr)
{
    for (size_t done = 0; done < wr->buf.len;) {
        ssize_t n =
            pwrite(wr->fd, wr->buf.data + done, wr->buf.len - done, (off_t)(wr->offset + done));
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n > 0)
            done += (size_t)n;
    }
    wr->offset += (uint32_t)wr->buf.len;
    strbuf_reset(&wr->buf);
    return 0;
}

static void put_frame(struct writer *wr, const struct recorder_entry *e)
{
    bool added;
    uint32_t interface = interface_of(&wr->interfaces, e, &added);
    if (added)
        segment_put_interface(&wr->buf, &wr->seg->devices[interface], wr->w->recorder.snaplen);
    segment_put_packet(&wr->buf, e, interface);
}

static int write_frames(struct writer *wr)
{
    const struct recorder *r = &wr->w->recorder;
    int rc = 0;
    for (const struct recorder_entry *e = recorder_first(r); e && rc == 0;
         e = recorder_next(r, e)) {
        put_frame(wr, e);
        if (wr->buf.len >= CHUNK)
            rc = write_out(wr);
    }
    if (rc == 0)
        rc = write_out(wr);
    return rc;
}

/* Bytes that the frames in the ring will take, but for descriptions of devices. */
static uint64_t ring_bytes(const struct recorder *r)
{
    uint64_t n = 0;
    for (const struct recorder_entry *e = recorder_first(r); e; e = recorder_next(r, e))
        n += packet_block_size(e->caplen);
    return n;
}

/* Cut off what a killed process left behind the bytes that count. false: the segment is not there
 * in full (someone removed it): begin another. */
static bool cut(int fd, uint32_t committed)
{
    struct stat st;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < (off_t)committed)
        return false;
    return st.st_size == (off_t)committed || ftruncate(fd, (off_t)committed) == 0;
}

static int open_current(const char *state_path, const struct recorder_segment *s)
{
    char *path = segment_path(state_path, s->generation);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    free(path);
    if (fd >= 0 && !cut(fd, s->committed)) {
        close(fd);
        return -1;
    }
    return fd;
}

static int open_next(const char *state_path, struct writer *wr)
{
    struct recorder_segment *s = wr->seg;
    char *path = segment_path(state_path, ++s->generation);
    wr->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    free(path);
    s->ndevices = 0;
    wr->offset = 0;
    segment_put_section(&wr->buf, s->generation);
    return wr->fd < 0 ? -errno : 0;
}

static int open_segment(const char *state_path, struct writer *wr)
{
    struct recorder_segment *s = wr->seg;
    wr->fd = s->generation ? open_current(state_path, s) : -1;
    wr->offset = s->committed;
    if (wr->fd >= 0 && s->committed + ring_bytes(&wr->w->recorder) <= RECORDER_RING)
        return 0;
    if (wr->fd >= 0)
        close(wr->fd);
    return open_next(state_path, wr);
}

int segments_write(const char *state_path, struct vnet *w, struct vnet_err *err)
{
    struct recorder_segment *seg = &w->recorder.segment;
    struct writer wr = {.w = w, .seg = seg, .fd = -1, .interfaces.seg = seg};
    if (!recorder_first(&w->recorder))
        return 0;
    int rc = open_segment(state_path, &wr);
    if (rc == 0)
        rc = write_frames(&wr);
    if (wr.fd >= 0 && close(wr.fd) < 0 && rc == 0)
        rc = -errno;
    strbuf_release(&wr.buf);
    interfaces_release(&wr.interfaces);
    wr.seg->committed = wr.offset;
    if (rc < 0)
        return vnet_err(err, -rc, "cannot write the frames beside %s: %s", state_path,
                        strerror(-rc));
    return 0;
}

/* ---- in memory ---- */

/* "NETNS/DEVICE", as a trace has it. */
static void put_named_interface(struct vnet *w, const struct recorder_device *d, struct strbuf *out)
{
    const struct netns *ns = netns_by_id(w, d->netns);
    struct strbuf name = STRBUF_INIT;
    if (ns && *ns->name)
        strbuf_addf(&name, "%s/", ns->name);
    strbuf_adds(&name, d->ifname);
    put_interface(out, d, strbuf_cstr(&name), w->recorder.snaplen);
    strbuf_release(&name);
}

uint64_t vnet_capture_pcapng(struct vnet *w, uint64_t position, struct strbuf *out)
{
    const struct recorder *r = &w->recorder;
    struct recorder_segment s = {0};
    struct interfaces interfaces = {.seg = &s};
    segment_put_section(out, 0);
    for (const struct recorder_entry *e = recorder_first(r); e; e = recorder_next(r, e)) {
        bool added;
        if (e->seq < position)
            continue;
        uint32_t interface = interface_of(&interfaces, e, &added);
        if (added)
            put_named_interface(w, &s.devices[interface], out);
        segment_put_packet(out, e, interface);
    }
    interfaces_release(&interfaces);
    free(s.devices);
    return r->first_seq > position ? r->first_seq - position : 0;
}
