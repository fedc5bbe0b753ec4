/* A run of tcpdump: what capturing and reading a file share. */
#ifndef VNET_CMD_TCPDUMP_RUN_H
#define VNET_CMD_TCPDUMP_RUN_H

#include "cmd/tcpdump/cmdline.h"
#include "cmd/tcpdump/pcap_api.h"

struct filter {
    bool compiled;
    struct pcap_api_program program;
    bool names_vlan; /* it looks at VLAN tags */
};

struct run {
    struct cmd_env *env;
    struct tcpdump_args *args;
    const struct tool_facts *facts;
    bool terminal; /* somebody watches: standard output is a terminal, or a transcript's */
    struct pcap_api api;
    struct filter filter;
    struct dissector *dissector;
    struct sink file;   /* -w */
    struct sink *write; /* where -w goes; NULL: no -w */
    struct strbuf line;
    struct hosts hosts; /* whose names are printed */
    uint32_t captured;  /* packets handed over */
};

/* "tcpdump: " and the message on standard error; returns 1, the exit status. */
int run_fail(struct run *r, const char *fmt, ...) VNET_PRINTF(2, 3);
/* Open libpcap; 0 or the exit status. */
int run_need_libpcap(struct run *r);

/* Compile the expression (or -F's file) for the packets of an open file, or (NULL) for those of a
 * device of this link type; no expression: everything matches. Prints what is wrong. 0 or the exit
 * status. */
int filter_compile(struct run *r, pcap_api_handle *file, uint32_t link, unsigned snaplen);
/* meta: what is known of a captured frame; NULL of one in a file. */
bool filter_match(const struct run *r, const struct dissect_packet *pkt,
                  const struct bpf_meta *meta);
/* A name in an expression that stands for a host and is not known; owned by the caller. NULL: none.
 */
char *filter_unknown_host(const char *text);
void filter_release(struct run *r);
/* -d, -dd, -ddd. */
int filter_dump(struct run *r);

/* Open -w's file and write its header; 0 or the exit status. */
int writer_open(struct run *r, uint32_t link, unsigned snaplen);
void writer_packet(struct run *r, const struct dissect_packet *pkt);
/* 0, or the exit status if the file could not be written. */
int writer_close(struct run *r);
/* A file for reading, "-" for standard input; NULL: errno is set. Closed by cmd_fclose(). */
FILE *run_fopen(struct run *r, const char *name);

/* Count, print, write a packet that matched. true: -c's number is reached. */
bool run_packet(struct run *r, const struct dissect_packet *pkt);

int run_live(struct run *r);
int run_file(struct run *r);
int run_list_devices(struct run *r);
/* "EN10MB", "Ethernet". */
const char *link_name(uint32_t link);
const char *link_description(uint32_t link);
/* -1: no such link type. Names as libpcap has them, of those that vnet knows. */
int64_t link_by_name(const char *name);

#endif
