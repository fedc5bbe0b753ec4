/* Playing a whole transcript. */
#ifndef VNET_CMD_REPLAY_PLAY_H
#define VNET_CMD_REPLAY_PLAY_H

#include "cmd/replay/run.h"

struct play_opts {
    const char *profile; /* NULL: the transcript's */
    bool frozen;         /* as it stands: no other guess is tried, no machine is made */
    /* Called when step i has been played the last time, with the session still there; NULL. Returns
     * false to end the play here. */
    bool (*after_step)(struct replay *r, size_t i, struct replay_outcome *o, void *arg);
    /* Called before step i is played; NULL. Returns false to end the play here. */
    bool (*before_step)(struct replay *r, size_t i, void *arg);
    /* Called where one of them has ended the play; NULL. Returns true to play all once more. */
    bool (*again)(void *arg);
    void *arg;
};

struct playing {
    struct replay_outcome *outcomes; /* one a step (a directive's stays empty); owned */
    size_t n;
    size_t failed_line; /* of the directive that failed, 0: none */
    bool ended;         /* by after_step or before_step: what follows was not played */
    size_t nplayed;     /* steps from the start that were */
    uint64_t work;      /* of the last play: decisions of the stack */
};

/* Play r->t in worlds of its own; r->env has everything but the session. -1 and *err: it cannot be
 * played. Release *p in any case. */
int play(struct replay *r, struct playing *p, const struct play_opts *opts, struct vnet_err *err);
void playing_release(struct playing *p);

/* play.c, for variant.c: once from the start, with the plan of now; first_only: the callbacks of
 * opts are not called. */
int play_once(struct replay *r, struct playing *p, const struct play_opts *opts,
              struct vnet_err *err);
/* variant.c: try what the transcript may have left out for each mismatch, keep what helps. */
int play_variants(struct replay *r, struct playing *p, const struct play_opts *opts,
                  struct vnet_err *err);

#endif
