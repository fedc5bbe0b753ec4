/* The flight recorder: every frame that a device sends or receives, in a ring in memory during a
 * transaction; the session writes the ring to pcapng segments beside the state file. */
#ifndef VNET_SIM_RECORDER_H
#define VNET_SIM_RECORDER_H

#include <stdint.h>

struct vnet;
struct netdev;
struct skb;

enum { RECORDER_RING = 4 << 20 }; /* bytes of frames kept in memory and per segment on disk */

struct recorder_entry { /* precedes the frame's bytes in the ring; 8-byte aligned */
    uint32_t size;      /* of entry and bytes, aligned: distance to the next */
    uint32_t len, caplen;
    int32_t ifindex;
    uint32_t netns;
    uint16_t arphrd;
    uint8_t pkttype;
    int64_t time;
    uint64_t seq;
    char ifname[16];
};

struct recorder_device { /* an interface that the current segment describes */
    uint32_t netns;
    int32_t ifindex;
    uint16_t arphrd;
    char ifname[16];
};

/* How far the session has written the stream; saved with the world (lib/state/segments.c). */
struct recorder_segment {
    uint64_t generation;             /* of the segment that is being appended to; 0: none yet */
    uint32_t committed;              /* bytes of it that count */
    struct recorder_device *devices; /* by pcapng interface id; owned */
    uint32_t ndevices, devices_cap;
};

struct recorder {
    uint8_t *ring;       /* RECORDER_RING bytes, allocated at the first frame */
    uint32_t head, tail; /* offsets: oldest entry, next free byte */
    uint32_t wrap;       /* offset after the last entry before the wrap-around, 0: not wrapped */
    uint64_t next_seq;   /* of the next frame; saved with the world */
    uint64_t first_seq;  /* of the oldest frame in the ring */
    uint32_t snaplen;    /* bytes kept of a frame */
    struct recorder_segment segment;
};

/* Record skb as seen on dev, from its link-layer header (skb->mac) on; does not consume. */
void recorder_frame(struct vnet *w, const struct netdev *dev, const struct skb *skb,
                    uint8_t pkttype);
/* The oldest entry, the one after `e`; NULL at the end. */
const struct recorder_entry *recorder_first(const struct recorder *r);
const struct recorder_entry *recorder_next(const struct recorder *r,
                                           const struct recorder_entry *e);
static inline const uint8_t *recorder_bytes(const struct recorder_entry *e)
{
    return (const uint8_t *)(e + 1);
}
void recorder_clear(struct recorder *r); /* forget the frames, keep next_seq and the memory */
/* Move the ring of `from`, less the frames from seq `end` on, to `to`, which has none. */
void recorder_move(struct recorder *to, struct recorder *from, uint64_t end);
void recorder_release(struct recorder *r);

#endif
