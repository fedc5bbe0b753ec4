/* Datagrams that are being put together again (net/ipv4/ip_fragment.c, inet_fragment.c). */
#ifndef VNET_INET_IP_FRAGS_H
#define VNET_INET_IP_FRAGS_H

#include "base/list.h"
#include "dev/netdev.h"
#include "sim/timer.h"

struct frag_run { /* bytes without a gap, as they came: in frag_queue.runs, by offset */
    struct list node;
    uint32_t offset, end; /* of the datagram's payload */
    uint32_t cap;
    uint8_t *data; /* owned; end - offset bytes */
};

struct frag_queue {   /* struct ipq: one datagram */
    struct list node; /* in its bucket */
    struct list age;  /* in ip_frags.by_age */
    struct ip_frags *frags;
    uint32_t saddr, daddr;
    uint16_t id;
    uint8_t protocol;
    uint8_t ecn;        /* RFC 3168 bits seen, as a set: bit n is codepoint n */
    bool last_in;       /* the fragment without MF came: len is final */
    int iif;            /* of the latest fragment */
    uint32_t len, meat; /* of the payload: known so far; received */
    uint32_t max_size, max_df_size;
    uint32_t charged; /* bytes of memory, as the kernel counts them */
    uint32_t rid;     /* ip_frag_too_far(): the source's counter at the latest fragment */
    int64_t stamp;
    uint8_t head_len; /* of the fragment at offset 0: bytes of its IPv4 header; 0: not there yet */
    uint8_t head[60]; /* that header */
    uint8_t head_pkt_type;
    uint32_t head_payload; /* bytes behind the header of that fragment */
    struct list runs;
    struct timer timer; /* ip_expire() */
};

enum { FRAG_BUCKETS = 64 };

struct ip_frags {
    struct netns *ns;
    struct list buckets[FRAG_BUCKETS];
    struct list by_age; /* oldest first */
    uint64_t mem;       /* sum of charged */
};

/* For the state file: an empty queue in its bucket, timer not armed. */
struct frag_queue *frag_queue_new(struct ip_frags *f, uint32_t saddr, uint32_t daddr, uint16_t id,
                                  uint8_t protocol);
void frag_queue_free(struct frag_queue *q);
/* Append a run behind all others; takes a copy. */
void frag_run_append(struct frag_queue *q, uint32_t offset, const uint8_t *data, uint32_t len);

#endif
