/* Frames as lines of text, as tcpdump 4.99 prints them.
 *
 * A dissector keeps what goes from frame to frame: the times that -ttt and -ttttt count from, and
 * the first sequence numbers of TCP connections. It writes to a strbuf and never fails: whatever
 * the bytes are, a line comes out.
 */
#ifndef VNET_CMD_TCPDUMP_DISSECT_H
#define VNET_CMD_TCPDUMP_DISSECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "vnet_capture.h"

enum dissect_stamp {              /* how the time stands before a frame; the number of -t given */
                     STAMP_CLOCK, /* 12:34:56.123456 */
                     STAMP_NONE,  /* -t */
                     STAMP_EPOCH, /* -tt: 1700000000.123456 */
                     STAMP_SINCE_LAST,  /* -ttt */
                     STAMP_DATE,        /* -tttt: 2023-11-14 12:34:56.123456 */
                     STAMP_SINCE_FIRST, /* -ttttt */
};

enum dissect_link { /* libpcap's DLT_* values */
                    DISSECT_ETHERNET = 1,
                    DISSECT_RAW = 12, /* an IP packet without a link-layer header */
                    DISSECT_SLL = 113,
                    DISSECT_CAN = 227, /* CAN_SOCKETCAN: the identifier in network byte order */
                    DISSECT_SLL2 = 276,
};

/* Counters stand for options that may be repeated. */
struct dissect_opts {
    enum dissect_stamp stamp;
    bool nanoseconds;          /* nine digits in times */
    bool number;               /* -#: a number before each line */
    bool link_header;          /* -e */
    bool no_names;             /* -n */
    bool no_checksums;         /* -K */
    bool absolute_seq;         /* -S */
    bool no_domain;            /* -N */
    unsigned verbose;          /* -v */
    unsigned quiet;            /* -q */
    unsigned hex;              /* -x, -xx */
    unsigned hex_ascii;        /* -X, -XX */
    unsigned ascii;            /* -A, -AA */
    const struct hosts *hosts; /* names of addresses; NULL: of /etc/hosts only */
    /* The name of an interface of a LINUX_SLL2 frame; NULL (also the function): shown as "?". */
    const char *(*ifname)(void *arg, uint32_t ifindex);
    void *ifname_arg;
};

struct moment { /* since the epoch; printed as UTC whatever the time zone */
    int64_t sec;
    int64_t nsec; /* a file may hold any number */
};

struct dissect_packet {
    uint32_t link; /* enum dissect_link, or another DLT_* */
    struct moment time;
    uint32_t len, caplen; /* bytes on the wire; bytes in data */
    const uint8_t *data;  /* borrowed during the call */
};

struct dissector;

/* opts is copied. */
struct dissector *dissector_new(const struct dissect_opts *opts);
void dissector_free(struct dissector *ctx);
/* Whether frames of this link type can be printed. */
bool dissect_knows(uint32_t link);
/* Append the frame's line (or lines, with -v and hex dumps), newline included. */
void dissect_packet(struct dissector *ctx, const struct dissect_packet *pkt, struct strbuf *out);

/* A frame of the recorder as a packet, as tcpdump would receive it; but one of CAN has its
 * identifier as the kernel has it. */
void dissect_from_frame(const struct vnet_frame *frame, struct dissect_packet *pkt);
/* One frame, one line, no state kept (-ttt shows zero): for explain and replay. */
void dissect_frame(const struct dissect_opts *opts, const struct vnet_frame *frame,
                   struct strbuf *out);

#endif
