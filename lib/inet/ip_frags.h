/* Datagrams that are being put together again (net/ipv4/ip_fragment.c, inet_fragment.c). */
#ifndef VNET_INET_IP_FRAGS_H
#define VNET_INET_IP_FRAGS_H

#include "base/list.h"
#include "dev/netdev.h"
#include "sim/timer.h"

enum { FRAG_BUCKETS = 64, FRAG_HEAD_MAX = 40 + 256 };
/* sizeof(struct ipq), of IPv6's struct frag_queue: what an empty queue is charged with */
enum { IPQ_SIZE = 216, FQ6_SIZE = 232 };

struct frag_run { /* bytes without a gap, as they came: in frag_queue.runs, by offset */
    struct list node;
    uint32_t offset, end; /* of the datagram's payload */
    uint32_t cap;
    uint8_t *data; /* owned; end - offset bytes */
};

struct frag_key {
    struct inet_addr saddr, daddr;
    uint32_t id;      /* IPv4: 16 bits */
    uint8_t protocol; /* IPv4 */
    int iif;          /* IPv6, to a link-local address or a group; else 0 */
};

struct frag_queue {   /* struct ipq, struct frag_queue: one datagram */
    struct list node; /* in its bucket */
    struct list age;  /* in ip_frags.by_age */
    struct ip_frags *frags;
    struct frag_key key;
    uint8_t ecn;        /* RFC 3168 bits seen, as a set: bit n is codepoint n */
    bool last_in;       /* the fragment without MF came: len is final */
    int iif;            /* of the latest fragment */
    uint32_t len, meat; /* of the payload: known so far; received */
    uint32_t max_size, max_df_size;
    uint32_t charged; /* bytes of memory, as the kernel counts them */
    uint32_t rid;     /* ip_frag_too_far(): the source's counter at the latest fragment */
    int64_t stamp;
    uint16_t head_len; /* of the fragment at offset 0: bytes of its header; 0: not there yet */
    uint8_t head[FRAG_HEAD_MAX]; /* that header; IPv6: all up to the fragment header */
    uint16_t head_nexthdr;       /* IPv6: offset in head of what named the fragment header */
    uint8_t nexthdr;             /* IPv6: what the fragment header named */
    uint8_t head_pkt_type;
    uint32_t head_payload; /* bytes behind the header of that fragment */
    struct list runs;
    struct timer timer; /* ip_expire() */
};

struct ip_frags {
    struct netns *ns;
    struct list buckets[FRAG_BUCKETS];
    struct list by_age; /* oldest first */
    uint64_t mem;       /* sum of charged */
    void (*expire)(struct vnet *w, struct timer *t);
};

struct ip_frags *ip_frags_new(struct netns *ns, void (*expire)(struct vnet *w, struct timer *t));
void ip_frags_free(struct ip_frags *f);

/* An empty queue in its bucket, timer not armed. */
struct frag_queue *frag_queue_new(struct ip_frags *f, const struct frag_key *key);
struct frag_queue *frag_queue_find(struct ip_frags *f, const struct frag_key *key);
/* Back to an empty one. */
void frag_queue_clear(struct frag_queue *q);
void frag_queue_free(struct frag_queue *q);
/* Count the memory of a packet of len bytes. */
void frag_charge_packet(struct frag_queue *q, uint32_t len);
/* For the state file: append a run behind all others; takes a copy. */
void frag_run_append(struct frag_queue *q, uint32_t offset, const uint8_t *data, uint32_t len);
/* inet_frag_queue_insert(): takes a copy. */
enum frag_insert { FRAG_INSERTED, FRAG_DUPLICATE, FRAG_OVERLAP };
enum frag_insert frag_insert(struct frag_queue *q, uint32_t offset, const uint8_t *data,
                             uint32_t len);
bool frag_complete(const struct frag_queue *q);
/* All runs to where they belong. */
void frag_copy_payload(const struct frag_queue *q, uint8_t *to);
/* ip_frag_ecn_table[]: the ECN bits of the whole; -1: the fragments disagree. */
int frag_whole_ecn(uint8_t seen);

#endif
