/* Namespaces as command lines name them, and commands that run in one. */
#ifndef VNET_CMD_NETNS_H
#define VNET_CMD_NETNS_H

#include "cmd/cmd.h"
#include "vnet_netns.h"

/* The namespace of a name in /run/netns; NULL: there is none. */
struct netns *netns_named(struct vnet *w, const char *name);
/* The namespace of a file: NAME, or a path: /run/netns/NAME, /var/run/netns/NAME, and
 * /proc/PID/ns/net; "self" is in `own`. NULL: there is no such file. */
struct netns *netns_of_file(struct cmd_env *env, struct vnet *w, struct netns *own,
                            const char *file);

/* Does a file's name (as for netns_of_file()) mean a folder, which can be opened but is no
 * namespace?
 */
bool netns_is_folder(const char *file);

enum { NETNS_REF_MAX = 12 };
/* How cmd_env.netns names a namespace for good, whatever becomes of its name; returns buf. */
const char *netns_ref(const struct netns *ns, char buf[NETNS_REF_MAX]);

/* Run another command, as execvp() does, with what env has: its exit status; -ENOENT: there is no
 * such command here. */
int cmd_exec(struct cmd_env *env, int argc, char **argv);
/* The same in a namespace of the open transaction, which is committed first. */
int cmd_exec_in(struct cmd_env *env, const struct netns *ns, int argc, char **argv);
/* The namespace of a process, as far as is known: 1 is in the initial one, and who was started by
 * `ip netns exec` or the like. NULL. */
struct netns *netns_of_pid(struct cmd_env *env, struct vnet *w, int64_t pid);
/* bash, sh and their like. */
bool is_shell_name(const char *name);

#endif
