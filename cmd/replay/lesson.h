/* A transcript as a lesson: the prose and each command are shown, Enter runs it; the reader may
 * type commands in between, ask what happened, and go back. */
#ifndef VNET_CMD_REPLAY_LESSON_H
#define VNET_CMD_REPLAY_LESSON_H

#include "cmd/replay/play.h"

struct lesson_entry { /* a command that has run */
    char *text;       /* owned */
    bool own;         /* typed by the reader; else the lesson's next one */
};

struct lesson {
    struct cmd_env *env;       /* where to print, and what is typed */
    struct terminal *terminal; /* where lines are edited; NULL: not opened, or they are not */
    bool step;                 /* stop before each command */
    bool shell_on_fail;        /* commands can be typed after the first that does not match */
    bool to_the_end;           /* the reader has asked to go on without stopping */
    bool told;                 /* how it goes */
    bool again;  /* play anew, the reader has gone back: the log's commands run unseen */
    bool unseen; /* this command is one of them */
    struct lesson_entry *log; /* owned */
    size_t nlog, log_cap;
    size_t at;           /* of the log's commands, so many have run in this play */
    struct vnet *before; /* the world before the last command; owned; NULL: there was none */
    char *last;          /* that command; owned */
    char *picture;       /* the last one shown; owned; NULL: none */
};

/* Set the callbacks, if there is anything to do; *l must live as long as *opts. */
void lesson_attach(struct lesson *l, struct play_opts *opts);
/* Before the next file. */
void lesson_next(struct lesson *l);
void lesson_release(struct lesson *l);

#endif
