/* A transcript as a lesson: each command is shown, Enter runs it. */
#ifndef VNET_CMD_REPLAY_LESSON_H
#define VNET_CMD_REPLAY_LESSON_H

#include "cmd/replay/play.h"

struct lesson {
    struct cmd_env *env; /* where to print */
    bool to_the_end;     /* the reader has asked to go on without stopping */
};

/* Set the callbacks; *l must live as long as *opts. */
void lesson_attach(struct lesson *l, struct play_opts *opts);

#endif
