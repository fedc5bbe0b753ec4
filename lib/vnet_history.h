/* Going back: what the world was before each command, and snapshots by name. */
#ifndef VNET_HISTORY_H
#define VNET_HISTORY_H

#include "vnet_session.h"

/* A step is a command that changed the world, whatever it saved in how many transactions. Before
 * its first save the state file as it is gets a second name, in the folder FILE.undo; nothing is
 * copied. The last 200 steps are kept, or fewer, four at least, where their files are larger than
 * 64 MiB together. A session in memory keeps its steps in memory, if it is asked to. */

/* The words of the command that vnet_session_command() has begun, as they are to be told later:
 * text with control characters or bytes that are not UTF-8 replaced, the end of very long ones left
 * out. netns: where it runs, as vnet_ns_find() takes it. Copied. */
void vnet_session_command_text(struct vnet_session *s, const char *netns, const char *text);
/* In memory: keep what was before each step from now on. */
void vnet_session_keep_steps(struct vnet_session *s);

/* Go back n steps (n > 0), or forward again over what was undone (n < 0), in a transaction of its
 * own. The world is then as if those commands had not been given and the time had passed all the
 * same: the clock goes on, and so do the flight recorder, the numbers of sockets and of namespaces.
 * Sockets that were opened since are gone for their owners. A new step ends the way forward.
 * -ERANGE: there are not so many; -ENOENT, -EINVAL, ...: what is kept cannot be read (*err names
 * the file). The world is then as it was. */
int vnet_session_undo(struct vnet_session *s, int64_t n, struct vnet_err *err);

struct vnet_step {
    uint64_t number;     /* from 0 on, since the state file was made */
    bool undone;         /* and can be done again */
    const char *command; /* valid during the call; NULL: not known */
};
/* Call fn for each step that can be undone or done again, in their order. 0, or -errno. */
int vnet_session_history(struct vnet_session *s, void (*fn)(const struct vnet_step *, void *),
                         void *arg, struct vnet_err *err);

/* Snapshots: files of the folder FILE.snapshots, or in memory; by names of letters, digits and
 * "-_.", the first of which is no '.', 64 at most. -EINVAL: not such a name. */
int vnet_snapshot_save(struct vnet_session *s, const char *name, bool force,
                       struct vnet_err *err); /* -EEXIST unless force */
/* The world of a snapshot as it was saved; *w is the caller's. -ENOENT: there is none. */
int vnet_snapshot_load(struct vnet_session *s, const char *name, struct vnet **w,
                       struct vnet_err *err);
/* Make the world what it was, as vnet_session_undo() does; a step of its own. */
int vnet_snapshot_restore(struct vnet_session *s, const char *name, struct vnet_err *err);
int vnet_snapshot_delete(struct vnet_session *s, const char *name, struct vnet_err *err);
/* Their names, sorted. */
int vnet_snapshot_list(struct vnet_session *s, void (*fn)(const char *name, void *arg), void *arg,
                       struct vnet_err *err);

#endif
