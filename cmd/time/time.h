/* coreutils' sleep and timeout in the world's time. */
#ifndef VNET_CMD_TIME_TIME_H
#define VNET_CMD_TIME_TIME_H

#include "cmd/cmd.h"

int sleep_main(struct cmd_env *env, int argc, char **argv);
/* Runs tools of vnet only. */
int timeout_main(struct cmd_env *env, int argc, char **argv);

/* NUMBER[SUFFIX] in ns, rounded up: strtod(3) without its NaN and signs below 0, then s, m, h or d.
 * Infinity and what is longer than INT64_MAX ns becomes INT64_MAX. */
bool duration_parse(const char *text, int64_t *ns);
int64_t duration_add(int64_t a, int64_t b);

/* Wait until captures that were started just before by the same parent are registered: 50 ms of
 * real time, and, where there is a /proc as of Linux, up to 2 s while a process that may become one
 * is still starting. */
void settle_captures(struct cmd_env *env);

#endif
