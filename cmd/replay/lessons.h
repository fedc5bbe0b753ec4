/* The lessons that come with vnet: share/lessons, put into the program by scripts/embed. */
#ifndef VNET_CMD_REPLAY_LESSONS_H
#define VNET_CMD_REPLAY_LESSONS_H

#include "cmd/cmd.h"

struct lesson_text {
    const char *name, *title, *text; /* name NULL ends the table */
};
extern const struct lesson_text lesson_texts[];

/* vnet lesson [NAME]: list them, or take one. Exit status: as vnet replay's. */
int lesson_main(struct cmd_env *env, int argc, char **argv);

#endif
