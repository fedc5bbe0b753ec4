/* state/segments: pcapng blocks there and back, rotation, and what a killed writer leaves. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "dev/netdev.h"
#include "state/segments.h"
#include "tests/unit/unit.h"
#include "vnet_capture.h"

struct fixture {
    char folder[64];
    char *path;
    struct vnet w;
    struct netns ns;
    struct netdev dev[2];
};

static void setup(struct fixture *f)
{
    memset(f, 0, sizeof(*f));
    strcpy(f->folder, "/tmp/vnet-test-XXXXXX");
    CHECK(mkdtemp(f->folder) != NULL);
    struct strbuf sb = STRBUF_INIT;
    strbuf_addf(&sb, "%s/state.json", f->folder);
    f->path = strbuf_detach(&sb);
    f->w.recorder.snaplen = 65536;
    f->ns.id = 1;
    for (int i = 0; i < 2; i++) {
        f->dev[i] = (struct netdev){.ns = &f->ns, .ifindex = i + 2, .type = VNET_ARPHRD_ETHER};
        snprintf(f->dev[i].name, VNET_IFNAMSIZ, "veth%d", i);
    }
}

static void teardown(struct fixture *f)
{
    for (uint64_t g = 0; g < 2; g++) {
        char *path = segment_path(f->path, g);
        unlink(path);
        free(path);
    }
    rmdir(f->folder);
    free(f->path);
    recorder_release(&f->w.recorder);
}

static void record(struct fixture *f, int dev, uint8_t pkttype, uint32_t len)
{
    struct skb skb = {.len = len, .tstamp = 1700000000123456789};
    skb.buf = mem_alloc(len + 1);
    for (uint32_t i = 0; i < len; i++)
        skb.buf[i] = (uint8_t)(i + f->w.recorder.next_seq);
    recorder_frame(&f->w, &f->dev[dev], &skb, pkttype);
    free(skb.buf);
}

static void save(struct fixture *f)
{
    struct vnet_err err = {""};
    CHECK_INT(segments_write(f->path, &f->w, &err), 0);
    CHECK_STR(err.msg, "");
    recorder_clear(&f->w.recorder);
}

/* The content of a generation's file, and its size. */
static uint8_t *content(const struct fixture *f, uint64_t generation, uint32_t *size)
{
    struct stat st = {0};
    char *path = segment_path(f->path, generation);
    int fd = open(path, O_RDONLY);
    CHECK(fd >= 0 && fstat(fd, &st) == 0);
    uint8_t *b = mem_alloc((size_t)st.st_size + 1);
    CHECK_INT(read(fd, b, (size_t)st.st_size), st.st_size);
    close(fd);
    free(path);
    *size = (uint32_t)st.st_size;
    return b;
}

/* Whole blocks of each type in a file, in order as letters: S, I, P, or '?'. */
static void letters(const uint8_t *b, uint32_t size, char *out)
{
    for (uint32_t at = 0; at + 12 <= size; at += get_be32(b + at + 4)) {
        uint32_t type = get_be32(b + at);
        *out++ = type == PCAPNG_SECTION     ? 'S'
                 : type == PCAPNG_INTERFACE ? 'I'
                 : type == PCAPNG_PACKET    ? 'P'
                                            : '?';
    }
    *out = '\0';
}

static void test_blocks(void)
{
    struct fixture f;
    char kinds[64];
    uint32_t size;
    setup(&f);
    record(&f, 0, VNET_PACKET_OUTGOING, 42);
    record(&f, 1, VNET_PACKET_BROADCAST, 43);
    save(&f);
    record(&f, 0, VNET_PACKET_HOST, 60);
    save(&f);
    uint8_t *b = content(&f, 1, &size);
    letters(b, size, kinds);
    CHECK_STR(kinds, "SIPIPP");
    CHECK_INT(f.w.recorder.segment.committed, size);
    CHECK_INT(f.w.recorder.segment.generation, 1);
    CHECK_INT(f.w.recorder.segment.ndevices, 2);

    uint64_t generation = 0;
    struct recorder_device d;
    struct segment_frame p;
    const uint8_t *at = b;
    CHECK(segment_get_section(at, get_be32(at + 4), &generation) && generation == 1);
    at += get_be32(at + 4);
    CHECK(segment_get_interface(at, get_be32(at + 4), &d));
    CHECK_STR(d.ifname, "veth0");
    CHECK_INT(d.netns, 1);
    CHECK_INT(d.ifindex, 2);
    CHECK_INT(d.arphrd, VNET_ARPHRD_ETHER);
    at += get_be32(at + 4);
    CHECK(segment_get_packet(at, get_be32(at + 4), &p));
    CHECK_INT(p.seq, 0);
    CHECK_INT(p.time, 1700000000123456789);
    CHECK_INT(p.pkttype, VNET_PACKET_OUTGOING);
    CHECK_INT(p.caplen, 42);
    CHECK_INT(p.data[41], 41);
    at += get_be32(at + 4);
    at += get_be32(at + 4);
    CHECK(segment_get_packet(at, get_be32(at + 4), &p));
    CHECK_INT(p.interface, 1);
    CHECK_INT(p.pkttype, VNET_PACKET_BROADCAST);
    CHECK_INT(p.seq, 1);
    free(b);
    teardown(&f);
}

static void test_killed_writer_leaves_no_ghosts(void)
{
    struct fixture f;
    char kinds[64];
    uint32_t size;
    setup(&f);
    record(&f, 0, VNET_PACKET_OUTGOING, 42);
    save(&f);
    char *path = segment_path(f.path, 1);
    int fd = open(path, O_WRONLY | O_APPEND);
    CHECK_INT(write(fd, "ghost frames", 12), 12);
    close(fd);
    free(path);
    record(&f, 0, VNET_PACKET_HOST, 44);
    save(&f);
    uint8_t *b = content(&f, 1, &size);
    letters(b, size, kinds);
    CHECK_STR(kinds, "SIPP");
    CHECK_INT(f.w.recorder.segment.committed, size);
    free(b);
    teardown(&f);
}

static void test_rotation(void)
{
    struct fixture f;
    uint32_t size;
    uint64_t generation = 0;
    setup(&f);
    for (int i = 0; i < 5; i++) { /* 1 MiB each: the fifth no longer fits */
        for (int k = 0; k < 16; k++)
            record(&f, 0, VNET_PACKET_HOST, 65000);
        save(&f);
    }
    CHECK_INT(f.w.recorder.segment.generation, 2);
    uint8_t *b = content(&f, 1, &size);
    CHECK(size > 3 << 20 && size <= RECORDER_RING);
    free(b);
    b = content(&f, 2, &size);
    CHECK(segment_get_section(b, get_be32(b + 4), &generation) && generation == 2);
    CHECK_INT(f.w.recorder.segment.committed, size);
    free(b);
    teardown(&f);
}

static void test_bulk_writes_the_last_only(void)
{
    struct fixture f;
    uint32_t size;
    struct segment_frame last = {0};
    setup(&f);
    for (int k = 0; k < 100000; k++)
        record(&f, k & 1, VNET_PACKET_HOST, 98);
    save(&f);
    uint8_t *b = content(&f, 1, &size);
    CHECK(size > 2 << 20 && size <= RECORDER_RING + 4096);
    for (uint32_t at = 0; at + 12 <= size; at += get_be32(b + at + 4))
        if (get_be32(b + at) == PCAPNG_PACKET)
            CHECK(segment_get_packet(b + at, get_be32(b + at + 4), &last));
    CHECK_INT(last.seq, 99999);
    free(b);
    teardown(&f);
}

static void test_removed_segment(void)
{
    struct fixture f;
    char kinds[64];
    uint32_t size;
    setup(&f);
    record(&f, 0, VNET_PACKET_OUTGOING, 42);
    save(&f);
    char *path = segment_path(f.path, 1);
    unlink(path);
    free(path);
    record(&f, 1, VNET_PACKET_OUTGOING, 42);
    save(&f);
    CHECK_INT(f.w.recorder.segment.generation, 2);
    uint8_t *b = content(&f, 2, &size);
    letters(b, size, kinds);
    CHECK_STR(kinds, "SIP");
    free(b);
    teardown(&f);
}

/* Any byte of a block changed, or the block cut short: refused or taken apart, never read beyond.
 */
static void test_hostile_blocks(void)
{
    struct fixture f;
    uint32_t size;
    setup(&f);
    record(&f, 0, VNET_PACKET_OUTGOING, 42);
    save(&f);
    uint8_t *b = content(&f, 1, &size);
    for (uint32_t at = 0; at < size;) {
        uint32_t len = get_be32(b + at + 4), accepted = 0;
        for (uint32_t i = 0; i < len * 8; i++) {
            uint64_t g;
            struct recorder_device d;
            struct segment_frame p;
            uint32_t cut = i % (len + 1);
            uint8_t *copy = mem_alloc(cut ? cut : 1); /* its end is watched by ASan */
            memcpy(copy, b + at, cut);
            if (cut > i / 8)
                copy[i / 8] ^= (uint8_t)(1 << i % 8);
            accepted += cut < len &&
                        (segment_get_section(copy, cut, &g) ||
                         segment_get_interface(copy, cut, &d) || segment_get_packet(copy, cut, &p));
            free(copy);
        }
        CHECK_INT(accepted, 0);
        at += len;
    }
    free(b);
    teardown(&f);
}

/* What reaches a terminal or a clock is looked at. */
static void test_hostile_values(void)
{
    static const char *const names[] = {"", "a b", "\033[2J", "x/y", "\302\233"};
    struct recorder_device d = {.netns = 1, .ifindex = 2, .arphrd = 1}, got;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct strbuf block = STRBUF_INIT;
        strcpy(d.ifname, names[i]);
        segment_put_interface(&block, &d, 65536);
        CHECK(!segment_get_interface((const uint8_t *)block.data, (uint32_t)block.len, &got));
        strbuf_release(&block);
    }
    struct fixture f;
    struct segment_frame p;
    uint32_t size;
    setup(&f);
    record(&f, 0, VNET_PACKET_OUTGOING, 42);
    save(&f);
    uint8_t *b = content(&f, 1, &size), *at = b;
    while (get_be32(at) != PCAPNG_PACKET)
        at += get_be32(at + 4);
    CHECK(segment_get_packet(at, get_be32(at + 4), &p));
    put_be32(at + 12, 0x7fffffff);
    CHECK(!segment_get_packet(at, get_be32(at + 4), &p));
    put_be32(at + 12, 0x80000000);
    CHECK(!segment_get_packet(at, get_be32(at + 4), &p));
    free(b);
    teardown(&f);
}

int main(void)
{
    RUN(test_blocks);
    RUN(test_killed_writer_leaves_no_ghosts);
    RUN(test_rotation);
    RUN(test_bulk_writes_the_last_only);
    RUN(test_removed_segment);
    RUN(test_hostile_blocks);
    RUN(test_hostile_values);
    return unit_end();
}
