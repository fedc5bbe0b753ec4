/* libpcap, opened when first needed: filter expressions and the reading of capture files. vnet does
 * without it otherwise, and is built without its headers. */
#ifndef VNET_CMD_TCPDUMP_PCAP_API_H
#define VNET_CMD_TCPDUMP_PCAP_API_H

#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>

#include "cmd/tcpdump/bpf.h"

#define PCAP_API_ERRBUF 256

typedef struct pcap_api_handle pcap_api_handle; /* pcap_t */

struct pcap_api_header { /* struct pcap_pkthdr */
    struct timeval ts;   /* tv_usec holds nanoseconds if the file was opened so */
    uint32_t caplen, len;
};

struct pcap_api_program { /* struct bpf_program */
    unsigned len;
    struct bpf_insn *insns;
};

enum { PCAP_API_MICRO, PCAP_API_NANO }; /* PCAP_TSTAMP_PRECISION_* */

/* libpcap's functions that vnet uses, each as pcap(3PCAP) and its pages describe it. */
#define PCAP_API_FUNCTIONS(F)                                                               \
    F(pcap_api_handle *, pcap_open_dead, (int link, int snaplen))                           \
    F(pcap_api_handle *, pcap_fopen_offline_with_tstamp_precision,                          \
      (FILE * file, unsigned precision, char *err))                                         \
    F(void, pcap_close, (pcap_api_handle * p))                                              \
    F(char *, pcap_geterr, (pcap_api_handle * p))                                           \
    F(int, pcap_datalink, (pcap_api_handle * p))                                            \
    F(int, pcap_snapshot, (pcap_api_handle * p))                                            \
    F(int, pcap_next_ex,                                                                    \
      (pcap_api_handle * p, struct pcap_api_header * *header, const uint8_t **data))        \
    F(int, pcap_compile,                                                                    \
      (pcap_api_handle * p, struct pcap_api_program * prog, const char *text, int optimize, \
       uint32_t netmask))                                                                   \
    F(void, pcap_freecode, (struct pcap_api_program * prog))                                \
    F(const char *, pcap_datalink_val_to_name, (int link))                                  \
    F(const char *, pcap_datalink_val_to_description, (int link))                           \
    F(char *, bpf_image, (const struct bpf_insn *insn, int n))

struct pcap_api {
    void *library; /* NULL: not open */
#define PCAP_API_MEMBER(result, name, args) result(*name) args;
    PCAP_API_FUNCTIONS(PCAP_API_MEMBER)
#undef PCAP_API_MEMBER
};

/* Open the library unless it is. Returns 0, or -1 with a message (no newline) in err. */
int pcap_api_open(struct pcap_api *api, char err[PCAP_API_ERRBUF]);
void pcap_api_close(struct pcap_api *api);

#endif
