/* Playing a whole transcript. */
#ifndef VNET_CMD_REPLAY_PLAY_H
#define VNET_CMD_REPLAY_PLAY_H

#include "cmd/replay/run.h"

struct playing {
    struct replay_outcome *outcomes; /* one a step (a directive's stays empty); owned */
    size_t n;
    size_t failed_line; /* of the directive that failed, 0: none */
};

/* Play r->t in worlds of its own; r->env has everything but the session. profile: NULL: the
 * transcript's. -1 and *err: it cannot be played. Release *p in any case. */
int play(struct replay *r, struct playing *p, const char *profile, struct vnet_err *err);
void playing_release(struct playing *p);

#endif
