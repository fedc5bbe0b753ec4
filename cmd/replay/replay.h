/* vnet replay: run a transcript and compare what it prints. */
#ifndef VNET_CMD_REPLAY_REPLAY_H
#define VNET_CMD_REPLAY_REPLAY_H

#include "cmd/cmd.h"

int replay_main(struct cmd_env *env, int argc, char **argv);

/* A text as a lesson, as --step plays it. */
int replay_lesson(struct cmd_env *env, const char *name, const char *text);

#endif
