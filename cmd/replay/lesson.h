/* A transcript as a lesson: each command is shown, Enter runs it; a shell where one does not match.
 */
#ifndef VNET_CMD_REPLAY_LESSON_H
#define VNET_CMD_REPLAY_LESSON_H

#include "cmd/replay/play.h"

struct lesson {
    struct cmd_env *env; /* where to print */
    bool step;           /* stop before each command */
    bool shell_on_fail;  /* commands can be typed after the first that does not match */
    bool to_the_end;     /* the reader has asked to go on without stopping */
};

/* Set the callbacks, if there is anything to do; *l must live as long as *opts. */
void lesson_attach(struct lesson *l, struct play_opts *opts);

#endif
