/* Captures: frames as a packet socket of the real kernel would have seen them, out of the world's
 * recorder. */
#ifndef VNET_CAPTURE_H
#define VNET_CAPTURE_H

#include "base/strbuf.h"
#include "vnet_session.h"

enum vnet_pkttype { /* PACKET_*, the kernel's values */
                    VNET_PACKET_HOST,
                    VNET_PACKET_BROADCAST,
                    VNET_PACKET_MULTICAST,
                    VNET_PACKET_OTHERHOST,
                    VNET_PACKET_OUTGOING,
};

struct vnet_frame {
    uint64_t seq;   /* position in the recorder's stream: grows by one a frame */
    int64_t time;   /* ns since the epoch, world's clock */
    uint32_t netns; /* id of the namespace */
    int ifindex;
    char ifname[VNET_IFNAMSIZ];
    uint16_t arphrd;      /* ARPHRD_* of the device: ETHER, LOOPBACK, ... */
    uint8_t pkttype;      /* enum vnet_pkttype */
    uint32_t len, caplen; /* bytes on the wire; bytes in data */
    const uint8_t *data;  /* from the link-layer header on; valid until the next call */
};

struct vnet_capture;

enum vnet_capture_mode {
    VNET_CAPTURE_FOLLOW,
    VNET_CAPTURE_LAST,    /* what the last command with traffic caused, then the end */
    VNET_CAPTURE_PROMISC, /* as FOLLOW, and counted in the device's promiscuity while it is open */
};

/* Register a capture on device `ifname` of namespace `ns` ("" or NULL: the initial one), NULL or
 * "any" for all devices of the namespace: from now on its frames are owed to it. LAST: do not
 * register; the frames since the last command that caused traffic began, then the end. Not inside a
 * transaction. -ENODEV, -ENOENT (namespace); -ENETDOWN is the caller's affair. */
int vnet_capture_open(struct vnet_session *s, const char *ns, const char *ifname,
                      enum vnet_capture_mode mode, struct vnet_capture **cap, struct vnet_err *err);
/* The next frame that is committed: 1, 0 if there is none now, -errno. Not inside a transaction.
 * Frames that were overwritten
 * before they were read are counted in `dropped` (may be NULL). Does not wait. -ENODEV: all were
 * read, and the device is gone. */
int vnet_capture_next(struct vnet_capture *cap, struct vnet_frame *frame, uint64_t *dropped,
                      struct vnet_err *err);
/* Inside a transaction: where the next frame will be in the recorder's stream; where what
 * VNET_CAPTURE_LAST shows begins; and: it begins there, until a command with traffic comes. */
uint64_t vnet_capture_position(const struct vnet *w);
uint64_t vnet_capture_last(const struct vnet *w);
void vnet_capture_last_from(struct vnet *w, uint64_t position);
/* Inside a transaction: appends the frames that the world holds in memory, from that position of
 * the recorder's stream on, of all devices, as a pcapng file; an interface of a namespace other
 * than the initial one is called "NETNS/DEVICE". Returns how many frames are not there any more:
 * memory holds the last 4 MiB of them. */
uint64_t vnet_capture_pcapng(struct vnet *w, uint64_t position, struct strbuf *out);
void vnet_capture_close(struct vnet_capture *cap);
/* Has the process `pid` a capture open on the session's state file (not of VNET_CAPTURE_LAST),
 * or does it listen (vnet_session_listen())? */
bool vnet_capture_registered(struct vnet_session *s, int64_t pid);

#endif
