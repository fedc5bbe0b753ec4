/* Texts of worlds kept beside the state file, or in the session's memory: those before each step
 * and snapshots. All need the session's lock. */
#ifndef VNET_STATE_KEEP_H
#define VNET_STATE_KEEP_H

#include "state/session.h"

enum keep_kind { KEEP_STEP, KEEP_SNAPSHOT };

struct kept { /* in memory */
    enum keep_kind kind;
    char *name, *text; /* owned */
    size_t len;
};

/* The state as it is on disk (in memory: as it was at vnet_begin(), whose text is taken from the
 * session) under that name, in place of what had it. 0 or -errno. */
int keep_current(struct vnet_session *s, enum keep_kind kind, const char *name);
/* That text; its bytes are synced before it has the name. 0 or -errno. */
int keep_text(struct vnet_session *s, enum keep_kind kind, const char *name, const char *text,
              size_t len);
/* The text of that name, `most` bytes of it at most, in place of what `text` held. 0 or -errno. */
int keep_read(struct vnet_session *s, enum keep_kind kind, const char *name, size_t most,
              struct strbuf *text);
bool keep_has(struct vnet_session *s, enum keep_kind kind, const char *name);
int keep_drop(struct vnet_session *s, enum keep_kind kind, const char *name);
/* keep_drop() by whoever writes the state next: on disk, the file is filled anew for it, which
 * costs a file system less than to free one and to make one. */
int keep_drop_for_reuse(struct vnet_session *s, enum keep_kind kind, const char *name);
/* The names, in no order; each is the caller's. Their number. */
size_t keep_names(struct vnet_session *s, enum keep_kind kind, char ***names);
void keep_release(struct vnet_session *s);

#endif
