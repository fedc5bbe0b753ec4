/* Filter expressions, compiled and run by libpcap. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/files.h"
#include "cmd/tcpdump/run.h"

/* -F: the file's text in place of the operands. */
static int read_filter_file(struct run *r, struct strbuf *text)
{
    const char *name = r->args->filter_file;
    FILE *f = run_fopen(r, name);
    char block[1024];
    if (!f)
        return run_fail(r, "can't open %s: %s", name, cmd_strerror(errno));
    for (size_t n; (n = fread(block, 1, sizeof(block), f)) > 0;)
        strbuf_add(text, block, n);
    int bad = ferror(f);
    cmd_fclose(f);
    return bad ? run_fail(r, "read %s: %s", name, cmd_strerror(errno)) : 0;
}

static int compile_for(struct run *r, pcap_api_handle *p, const char *text)
{
    if (r->api.pcap_compile(p, &r->filter.program, text, !r->args->no_optimizer, 0) < 0)
        return run_fail(r, "%s", r->api.pcap_geterr(p));
    r->filter.compiled = true;
    return 0;
}

static int compile(struct run *r, pcap_api_handle *file, uint32_t link, unsigned snaplen,
                   const char *text)
{
    char *unknown = filter_unknown_host(text);
    int status = unknown ? run_fail(r, "unknown host '%s'", unknown) : run_need_libpcap(r);
    free(unknown);
    if (status)
        return status;
    if (file)
        return compile_for(r, file, text);
    pcap_api_handle *p = r->api.pcap_open_dead((int)link, (int)snaplen);
    if (!p)
        return run_fail(r, "cannot make a handle of libpcap");
    status = compile_for(r, p, text);
    r->api.pcap_close(p);
    return status;
}

int filter_compile(struct run *r, pcap_api_handle *file, uint32_t link, unsigned snaplen)
{
    struct strbuf text = STRBUF_INIT;
    int status = 0;
    if (r->args->filter_file)
        status = read_filter_file(r, &text);
    else
        strbuf_adds(&text, strbuf_cstr(&r->args->expression));
    if (!status && (text.len || r->args->dump_code))
        status = compile(r, file, link, snaplen, strbuf_cstr(&text));
    r->filter.names_vlan = strstr(strbuf_cstr(&text), "vlan") != NULL;
    strbuf_release(&text);
    return status;
}

bool filter_match(const struct run *r, const struct dissect_packet *pkt,
                  const struct bpf_meta *meta)
{
    const struct pcap_api_program *p = &r->filter.program;
    return !r->filter.compiled ||
           bpf_run(p->insns, p->len, pkt->data, pkt->caplen, pkt->len, meta) != 0;
}

void filter_release(struct run *r)
{
    if (r->filter.compiled)
        r->api.pcap_freecode(&r->filter.program);
    r->filter.compiled = false;
}

int filter_dump(struct run *r)
{
    const struct pcap_api_program *p = &r->filter.program;
    unsigned how = r->args->dump_code;
    if (how > 2)
        sink_printf(r->env->out, "%u\n", p->len);
    for (unsigned i = 0; i < p->len; i++) {
        const struct bpf_insn *in = &p->insns[i];
        if (how > 2)
            sink_printf(r->env->out, "%u %u %u %u\n", in->code, in->jt, in->jf, in->k);
        else if (how > 1)
            sink_printf(r->env->out, "{ 0x%x, %u, %u, 0x%08x },\n", in->code, in->jt, in->jf,
                        in->k);
        else
            sink_printf(r->env->out, "%s\n", r->api.bpf_image(in, (int)i));
    }
    return 0;
}
