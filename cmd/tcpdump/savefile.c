/* Capture files: written as pcap 2.4, little-endian; read by libpcap, whatever it knows. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/tcpdump/run.h"
#include "vnet_link.h"

enum { LINKTYPE_RAW = 101, MAGIC_MICRO = 0xa1b2c3d4, MAGIC_NANO = 0xa1b23c4d };

static void add_le32(struct strbuf *sb, uint32_t v)
{
    uint8_t b[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    strbuf_add(sb, b, sizeof(b));
}

FILE *run_fopen(struct run *r, const char *name)
{
    return cmd_fopen(r->env, name);
}

/* ---- writing ---- */

static int open_target(struct run *r, const char *name)
{
    if (strcmp(name, "-") == 0) {
        r->write = r->env->out;
        return 0;
    }
    int fd = files_open(r->env->files, name, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0)
        return run_fail(r, "%s: %s", name, cmd_strerror(-fd));
    sink_init_fd(&r->file, fd);
    r->file.line_buffered = false;
    r->write = &r->file;
    return 0;
}

int writer_open(struct run *r, uint32_t link, unsigned snaplen)
{
    if (!r->args->write_file)
        return 0;
    int status = open_target(r, r->args->write_file);
    if (status)
        return status;
    struct strbuf header = STRBUF_INIT;
    add_le32(&header, r->args->dissect.nanoseconds ? MAGIC_NANO : MAGIC_MICRO);
    add_le32(&header, 4u << 16 | 2); /* version 2.4 */
    add_le32(&header, 0);
    add_le32(&header, 0);
    add_le32(&header, snaplen);
    add_le32(&header, link == DISSECT_RAW ? LINKTYPE_RAW : link);
    sink_write(r->write, header.data, header.len);
    strbuf_release(&header);
    if (r->args->packet_buffered)
        sink_flush(r->write);
    return 0;
}

void writer_packet(struct run *r, const struct dissect_packet *pkt)
{
    struct strbuf record = STRBUF_INIT;
    int64_t ns = pkt->time.nsec;
    add_le32(&record, (uint32_t)pkt->time.sec);
    add_le32(&record, (uint32_t)(r->args->dissect.nanoseconds ? ns : ns / NSEC_PER_USEC));
    add_le32(&record, pkt->caplen);
    add_le32(&record, pkt->len);
    strbuf_add(&record, pkt->data, pkt->caplen);
    sink_write(r->write, record.data, record.len);
    strbuf_release(&record);
    if (r->args->packet_buffered)
        sink_flush(r->write);
}

int writer_close(struct run *r)
{
    if (r->write != &r->file)
        return 0;
    int fd = r->file.fd, rc = sink_release(&r->file);
    r->write = NULL;
    if (close(fd) < 0 && !rc)
        rc = -errno;
    return rc ? run_fail(r, "%s: %s", r->args->write_file, cmd_strerror(-rc)) : 0;
}

/* ---- the names of interfaces, which a LINUX_SLL2 file holds as numbers ---- */

struct interfaces {
    struct interface {
        int ifindex;
        char name[VNET_IFNAMSIZ];
    } * list;
    size_t n, cap;
};

static int read_interfaces(struct run *r, struct interfaces *all)
{
    struct vnet *w;
    struct netns *ns;
    struct vnet_link_info info;
    if (cmd_begin(r->env, &w, &ns) < 0)
        return 1;
    for (int i = 0; (i = vnet_link_next(ns, i)) != 0;) {
        if (vnet_link_get(ns, i, &info) < 0)
            continue;
        ARRAY_GROW(all->list, all->n, all->cap);
        struct interface *to = &all->list[all->n++];
        to->ifindex = i;
        memcpy(to->name, info.name, VNET_IFNAMSIZ);
    }
    cmd_abort(r->env);
    return 0;
}

static const char *interface_name(void *arg, uint32_t ifindex)
{
    const struct interfaces *all = arg;
    for (size_t i = 0; i < all->n; i++)
        if ((uint32_t)all->list[i].ifindex == ifindex)
            return all->list[i].name;
    return NULL;
}

/* ---- reading ---- */

static void put_banner(struct run *r, uint32_t link, int snaplen)
{
    const char *name = r->api.pcap_datalink_val_to_name((int)link);
    const char *file = r->args->read_file;
    sink_printf(r->env->err, "reading from file %s, link-type ", file);
    if (name)
        sink_printf(r->env->err, "%s (%s)", name,
                    r->api.pcap_datalink_val_to_description((int)link));
    else
        sink_printf(r->env->err, "%u", link);
    if (r->facts->tcpdump_snapshot)
        sink_printf(r->env->err, ", snapshot length %d", snaplen);
    sink_puts(r->env->err, "\n");
    if (link == DISSECT_SLL2)
        sink_puts(r->env->err, "Warning: interface names might be incorrect\n");
}

static struct moment packet_time(const struct run *r, const struct pcap_api_header *h)
{
    int64_t fraction = h->ts.tv_usec;
    return (struct moment){h->ts.tv_sec,
                           r->args->dissect.nanoseconds ? fraction : fraction * NSEC_PER_USEC};
}

static int read_packets(struct run *r, pcap_api_handle *p, uint32_t link)
{
    struct pcap_api_header *h;
    const uint8_t *data;
    int rc;
    while ((rc = r->api.pcap_next_ex(p, &h, &data)) == 1) {
        struct dissect_packet pkt = {.link = link,
                                     .time = packet_time(r, h),
                                     .len = h->len,
                                     .caplen = h->caplen,
                                     .data = data};
        if (filter_match(r, &pkt, NULL) && run_packet(r, &pkt))
            break;
    }
    if (rc == -1) {
        sink_flush(r->env->out);
        return run_fail(r, "pcap_loop: %s", r->api.pcap_geterr(p));
    }
    if (r->args->only_count)
        sink_printf(r->env->out, "%u packet%s\n", r->captured, r->captured == 1 ? "" : "s");
    return 0;
}

static int print_packets(struct run *r, pcap_api_handle *p, uint32_t link)
{
    struct interfaces all = {NULL, 0, 0};
    struct dissect_opts opts = r->args->dissect;
    int status = link == DISSECT_SLL2 ? read_interfaces(r, &all) : 0;
    if (!status) {
        opts.ifname = interface_name;
        opts.ifname_arg = &all;
        r->dissector = dissector_new(&opts);
        status = read_packets(r, p, link);
    }
    free(all.list);
    return status;
}

static int process(struct run *r, pcap_api_handle *p)
{
    uint32_t link = (uint32_t)r->api.pcap_datalink(p);
    int snaplen = r->api.pcap_snapshot(p);
    put_banner(r, link, snaplen);
    int status = filter_compile(r, p, link, (unsigned)snaplen);
    if (status)
        return status;
    if (r->args->dump_code)
        return filter_dump(r);
    if (!dissect_knows(link) && !r->args->write_file)
        return run_fail(r, "packet printing is not supported for link type %u: use -w", link);
    status = writer_open(r, link, (unsigned)snaplen);
    return status ? status : print_packets(r, p, link);
}

int run_file(struct run *r)
{
    char err[PCAP_API_ERRBUF];
    int status = run_need_libpcap(r);
    if (status)
        return status;
    FILE *f = run_fopen(r, r->args->read_file);
    if (!f)
        return run_fail(r, "%s: %s", r->args->read_file, cmd_strerror(errno));
    pcap_api_handle *p = r->api.pcap_fopen_offline_with_tstamp_precision(
        f, r->args->dissect.nanoseconds ? PCAP_API_NANO : PCAP_API_MICRO, err);
    if (!p) {
        cmd_fclose(f);
        return run_fail(r, "%s", err);
    }
    status = process(r, p);
    r->api.pcap_close(p); /* closes f */
    return status;
}
