#include "cmd/tcpdump/tcpdump.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "cmd/tcpdump/run.h"

static const struct {
    uint32_t link;
    const char *name, *description;
} links[] = {
    {DISSECT_ETHERNET, "EN10MB", "Ethernet"},
    {DISSECT_RAW, "RAW", "Raw IP"},
    {DISSECT_SLL, "LINUX_SLL", "Linux cooked v1"},
    {DISSECT_SLL2, "LINUX_SLL2", "Linux cooked v2"},
    {DISSECT_CAN, "CAN_SOCKETCAN", "CAN-bus with SocketCAN headers"},
};

const char *link_name(uint32_t link)
{
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        if (links[i].link == link)
            return links[i].name;
    return NULL;
}

const char *link_description(uint32_t link)
{
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        if (links[i].link == link)
            return links[i].description;
    return NULL;
}

int64_t link_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        if (strcasecmp(links[i].name, name) == 0)
            return links[i].link;
    return -1;
}

int run_fail(struct run *r, const char *fmt, ...)
{
    va_list ap;
    sink_puts(r->env->err, "tcpdump: ");
    va_start(ap, fmt);
    sink_vprintf(r->env->err, fmt, ap);
    va_end(ap);
    sink_puts(r->env->err, "\n");
    return 1;
}

int run_need_libpcap(struct run *r)
{
    char err[PCAP_API_ERRBUF];
    return pcap_api_open(&r->api, err) < 0 ? run_fail(r, "%s", err) : 0;
}

bool run_packet(struct run *r, const struct dissect_packet *pkt)
{
    r->captured++;
    if (r->write)
        writer_packet(r, pkt);
    if ((!r->write || r->args->print) && !(r->args->only_count && r->args->read_file)) {
        strbuf_reset(&r->line);
        dissect_packet(r->dissector, pkt, &r->line);
        sink_write(r->env->out, r->line.data, r->line.len);
        if (r->args->packet_buffered)
            sink_flush(r->env->out);
    }
    return r->args->count > 0 && r->captured >= (unsigned long)r->args->count;
}

/* What of the world is asked for at the beginning. */
static bool learn(struct run *r)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(r->env, &w, &ns) < 0)
        return false;
    const struct hosts *h = vnet_hosts(w);
    r->facts = &vnet_world_profile(w)->tools;
    for (size_t i = 0; !r->args->dissect.no_names && i < h->n; i++)
        hosts_add(&r->hosts, h->v[i].name, &h->v[i].addr);
    r->args->dissect.hosts = &r->hosts;
    cmd_abort(r->env);
    return true;
}

static int run_main(struct run *r)
{
    struct tcpdump_args *a = r->args;
    if (a->link_name && link_by_name(a->link_name) < 0)
        return run_fail(r, "invalid data link type %s", a->link_name);
    if (!learn(r))
        return 1;
    if (a->list_devices)
        return run_list_devices(r);
    bool line_buffered = r->env->out->line_buffered;
    r->terminal = line_buffered || r->env->out->fd < 0;
    r->env->out->line_buffered |= a->line_buffered;
    int status = a->read_file ? run_file(r) : run_live(r);
    r->env->out->line_buffered = line_buffered;
    return status;
}

int tcpdump_main(struct cmd_env *env, int argc, char **argv)
{
    struct tcpdump_args args;
    struct run r = {.env = env, .args = &args};
    int status = tcpdump_args_parse(env, argc, argv, &args);
    if (status == ARGS_GO_ON) {
        args.last |= env->capture_last;
        status = run_main(&r);
        dissector_free(r.dissector);
    }
    int closed = writer_close(&r);
    filter_release(&r);
    strbuf_release(&r.line);
    hosts_release(&r.hosts);
    pcap_api_close(&r.api);
    tcpdump_args_release(&args);
    return status ? status : closed;
}
