/* The flight recorder on disk: two pcapng files beside the state file that take turns. */
#ifndef VNET_STATE_SEGMENTS_H
#define VNET_STATE_SEGMENTS_H

#include "base/strbuf.h"
#include "sim/world.h"

/* The file of a generation; owned by the caller. */
char *segment_path(const char *state_path, uint64_t generation);
/* Append the frames in the world's ring to the current segment, or begin the next one, and note in
 * the world how far it counts. The caller clears the ring once the state is saved. */
int segments_write(const char *state_path, struct vnet *w, struct vnet_err *err);

/* ---- blocks, big-endian (draft-ietf-opsawg-pcapng) ---- */

enum {
    PCAPNG_SECTION = 0x0a0d0d0a,
    PCAPNG_INTERFACE = 1,
    PCAPNG_PACKET = 6,
    PCAPNG_MAGIC = 0x1a2b3c4d,
    PCAPNG_BLOCK_MAX = 256 << 10, /* bytes; larger than any that is written */
};

struct segment_frame { /* an enhanced packet block, taken apart */
    uint32_t interface;
    int64_t time;
    uint32_t len, caplen;
    const uint8_t *data; /* in the block */
    uint64_t seq;
    uint8_t pkttype;
};

void segment_put_section(struct strbuf *out, uint64_t generation);
void segment_put_interface(struct strbuf *out, const struct recorder_device *d, uint32_t snaplen);
void segment_put_packet(struct strbuf *out, const struct recorder_entry *e, uint32_t interface);
/* Take apart a whole block of `size` bytes, which begins with its type. false: not of our making.
 */
bool segment_get_section(const uint8_t *block, uint32_t size, uint64_t *generation);
bool segment_get_interface(const uint8_t *block, uint32_t size, struct recorder_device *d);
/* The bytes of a frame in a block as the device had them: CAN identifiers are turned round on disk.
 */
void segment_unturn(uint16_t arphrd, uint8_t *frame, uint32_t caplen);
bool segment_get_packet(const uint8_t *block, uint32_t size, struct segment_frame *f);

#endif
