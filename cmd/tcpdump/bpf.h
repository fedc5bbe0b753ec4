/* The classic BPF machine (S. McCanne, V. Jacobson 1993), with what the Linux kernel adds: a
 * packet's type and interface can be loaded from negative offsets ("inbound", "ifindex 3"). */
#ifndef VNET_CMD_TCPDUMP_BPF_H
#define VNET_CMD_TCPDUMP_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_insn { /* as libpcap has it */
    uint16_t code;
    uint8_t jt, jf;
    uint32_t k;
};

/* What the kernel knows of a frame beside its bytes. */
struct bpf_meta {
    uint8_t pkttype; /* PACKET_* */
    int ifindex;
    uint16_t protocol, arphrd;
};

/* What the program returns: bytes of the packet that it wants, 0: it drops it. A load past the
 * caplen bytes at data, a division by zero and an invalid program give 0. len: the packet's own
 * length. meta: NULL if nothing is known; then loads from negative offsets drop the packet. */
uint32_t bpf_run(const struct bpf_insn *program, size_t n, const uint8_t *data, uint32_t caplen,
                 uint32_t len, const struct bpf_meta *meta);

#endif
