/* The machine around the network: what tutorials ask it or do to it by the way. The answers are
 * those of the emulated machine, which has no packages, services or users; commands that would
 * change it say so and change nothing. For the shell, not for PATH. */
#ifndef VNET_CMD_MACHINE_MACHINE_H
#define VNET_CMD_MACHINE_MACHINE_H

#include "cmd/cmd.h"

extern const struct tool machine_tools[]; /* ended by name NULL */
const struct tool *machine_tool_find(const char *name);
/* Does the command tell of the machine that it is typed at, so that each one's answer differs? */
bool machine_tool_tells(const char *name);

int hostname_main(struct cmd_env *env, int argc, char **argv);
int id_main(struct cmd_env *env, int argc, char **argv);
int lsmod_main(struct cmd_env *env, int argc, char **argv);
int modprobe_main(struct cmd_env *env, int argc, char **argv);
int packages_main(struct cmd_env *env, int argc, char **argv);
int services_main(struct cmd_env *env, int argc, char **argv);
int uname_main(struct cmd_env *env, int argc, char **argv);
int which_main(struct cmd_env *env, int argc, char **argv);
int whoami_main(struct cmd_env *env, int argc, char **argv);

/* ---- for these ---- */

#define MACHINE_NAME "vnet" /* the host's name */

/* What uname -r says: "6.1.0-vnet". */
void machine_release(struct cmd_env *env, char *buf, size_t size);
/* After options_next() returned '?': says whose option it is not; returns `status`. */
int machine_usage(struct cmd_env *env, const char *name, int status);

#endif
