/* `vnet activate`: vnet's tools first on an ordinary shell's PATH, and what guards that shell. */
#ifndef VNET_CMD_VNET_ACTIVATE_H
#define VNET_CMD_VNET_ACTIVATE_H

#include "cmd/cmd.h"

/* vnet activate [--i-am-root]: makes a private folder of links to vnet and prints shell code (POSIX
 * sh, bash, zsh) that puts it on PATH. On failure the code is "false". */
int activate_main(struct cmd_env *env, int argc, char **argv);
/* sudo [OPTION]... TOOL [ARGUMENT]...: a tool of vnet's, and nothing else. */
int sudo_main(struct cmd_env *env, int argc, char **argv);
/* su [-] [root]: nothing to do; any other use is refused. */
int su_main(struct cmd_env *env, int argc, char **argv);

/* Network tools that vnet does not have: in an activated shell they are found before the machine's
 * own, and refuse. NULL-terminated. */
extern const char *const guard_names[];
/* A tool that refuses under such a name; NULL: it is none of them. */
const struct tool *guard_find(const char *name);

/* The folder of links: one for each tool and guard, 0700, below $XDG_RUNTIME_DIR, $TMPDIR or /tmp,
 * whichever nobody else can rename in. Owned by the caller; NULL after a message. */
char *linkfarm_make(struct cmd_env *env);

#endif
