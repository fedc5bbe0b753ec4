/* Writing what the commands print now into the transcript. */
#ifndef VNET_CMD_REPLAY_UPDATE_H
#define VNET_CMD_REPLAY_UPDATE_H

#include "cmd/replay/play.h"

/* The transcript's text with the lines put right that do not match; all else stays byte for byte:
 * prose, elisions, volatile values, other tool versions' wording, line ends. Returns how many lines
 * were changed, added or removed. */
size_t update_text(const struct replay *r, const struct playing *p, const char *text, size_t len,
                   struct strbuf *out);
/* Replace a file by a new one of the same mode, atomically. -errno and *err. */
int update_file(const char *name, const struct strbuf *text, struct vnet_err *err);

#endif
