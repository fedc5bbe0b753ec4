/* Which pcapng interface of a segment a recorded frame belongs to. */
#ifndef VNET_STATE_INTERFACES_H
#define VNET_STATE_INTERFACES_H

#include <stdbool.h>

#include "sim/recorder.h"

struct interfaces {
    struct recorder_segment *seg; /* borrowed; only interface_of() adds to its devices */
    uint32_t *slots;              /* by hash: a number plus 1, 0: free; owned */
    uint32_t nslots;              /* a power of two, more than twice the devices; 0: none yet */
};

/* Its number; *added: it is new to the segment. */
uint32_t interface_of(struct interfaces *x, const struct recorder_entry *e, bool *added);
void interfaces_release(struct interfaces *x);

#endif
