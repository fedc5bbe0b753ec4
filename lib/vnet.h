/* vnet: an emulated Linux network stack. The public API of the library.
 *
 * A world (struct vnet) is everything: clock, pending events, network namespaces with their links,
 * addresses, routes, neighbours, sockets. It is plain memory; nothing is global, several worlds can
 * live in one process. A session (struct vnet_session) keeps a world in a state file: each
 * transaction locks the file, loads it, lets the clock catch up, and saves if anything changed.
 *
 * Calls return 0 (or a count) or -errno, with a message in struct vnet_err where the kernel's
 * netlink would give an extack message (else its msg is empty), as the kernel answers a request.
 * Times are nanoseconds since the Unix epoch unless a name says otherwise.
 */
#ifndef VNET_H
#define VNET_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/hosts.h"
#include "vnet_profile.h"

#define VNET_IFNAMSIZ 16
#define NSEC_PER_SEC  1000000000LL
#define NSEC_PER_MSEC 1000000LL
#define NSEC_PER_USEC 1000LL

#define VNET_PRESET_TIME (60 * NSEC_PER_SEC)

struct vnet;  /* a world */
struct netns; /* a network namespace in it */

/* ---- worlds ---- */

/* An empty world whose clock shows `now`: one namespace as the kernel makes it, lo down and without
 * addresses. seed: of the world's random source; the same seed and calls give the same bytes. */
struct vnet *vnet_new(const struct vnet_profile *profile, uint64_t seed, int64_t now);
void vnet_free(struct vnet *w);
/* An independent copy (for what-if work). */
struct vnet *vnet_clone(const struct vnet *w);
const struct vnet_profile *vnet_world_profile(const struct vnet *w);
/* Names of hosts beyond those of /etc/hosts. The world's: valid while it is. */
const struct hosts *vnet_hosts(const struct vnet *w);
/* What a new world may begin with. */
struct vnet_preset {
    const char *name, *summary;
    int (*make)(struct netns *init, struct vnet_err *err); /* vnet_preset() calls it */
};
extern const struct vnet_preset vnet_presets[]; /* ends with name NULL */
/* Fill a new world as a preset says. Then its clock runs on by VNET_PRESET_TIME, so that the links
 * are past their start-up (duplicate address detection, router solicitations), and the recorder
 * forgets it. -EINVAL: no such preset. */
int vnet_preset(struct vnet *w, const char *preset, struct vnet_err *err);
/* What ends vnet_preset(): the clock runs on by VNET_PRESET_TIME, the recorder forgets all. */
void vnet_settle(struct vnet *w);

/* The initial namespace; the namespace called `name` (NULL or "": the initial one; "/ID": that of
 * an id, see vnet_netns.h), or NULL. */
struct netns *vnet_init_ns(struct vnet *w);
struct netns *vnet_ns_find(struct vnet *w, const char *name);

/* ---- the world's clock ---- */

int64_t vnet_now(const struct vnet *w);
/* Run every event due up to and including `until`, in order, then set the clock to it. A no-op if
 * `until` is past. Bounded: very long stretches (more than two hours) are skipped ahead rather than
 * simulated, and so is the rest of one with more than 262144 events; what was due then fires late.
 */
void vnet_run_until(struct vnet *w, int64_t until);
/* The same, until *stop is not 0 (NULL: nothing stops it): true, or false when it was stopped; the
 * clock then shows when the last event ran. */
bool vnet_run_until_stopped(struct vnet *w, int64_t until, const volatile sig_atomic_t *stop);
/* Run the next event if it is due by `until`: true if one ran (the clock then shows its time). */
bool vnet_run_one(struct vnet *w, int64_t until);
/* When the next event is due; INT64_MAX: nothing is pending. */
int64_t vnet_next_event(const struct vnet *w);
/* When a system call that waits `delay` ns by schedule_timeout() (SO_RCVTIMEO) would wake: at a
 * jiffy of the profile's kernel, as its timer wheel rounds. */
int64_t vnet_timeout_end(struct vnet *w, int64_t delay);
/* A number from the world's random source (ping ids, ports). */
uint32_t vnet_random(struct vnet *w);

/* Something that a save must keep has changed. The engine's own calls do this themselves. */
void vnet_touch(struct vnet *w);

#endif
