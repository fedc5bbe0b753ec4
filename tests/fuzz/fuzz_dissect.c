/* Fuzz target: any bytes as a captured packet. The first byte picks the link type and the options,
 * the second how much longer the packet was on the wire. Printing must end, and the line with it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "cmd/tcpdump/dissect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t link_type(uint8_t pick)
{
    static const uint32_t types[] = {DISSECT_ETHERNET, DISSECT_ETHERNET, DISSECT_SLL2, DISSECT_RAW};
    return types[pick & 3];
}

static struct dissect_opts options(uint8_t pick)
{
    return (struct dissect_opts){.verbose = pick >> 2 & 3,
                                 .link_header = pick & 0x10,
                                 .hex_ascii = pick & 0x20 ? 2 : 0,
                                 .no_names = pick & 0x40,
                                 .quiet = pick >> 7};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    struct dissect_opts opts = options(data[0]);
    struct dissect_packet pkt = {.link = link_type(data[0]),
                                 .time = {1700000000, 0},
                                 .len = (uint32_t)(size - 2 + data[1]),
                                 .caplen = (uint32_t)(size - 2),
                                 .data = data + 2};
    struct dissector *ctx = dissector_new(&opts);
    struct strbuf out = STRBUF_INIT;
    for (int i = 0; i < 2; i++) /* the second time over what the first one left */
        dissect_packet(ctx, &pkt, &out);
    if (out.len == 0 || out.data[out.len - 1] != '\n')
        abort();
    strbuf_release(&out);
    dissector_free(ctx);
    return 0;
}
