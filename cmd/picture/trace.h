/* The way of a command's packets, marked in a picture. Private to cmd/picture. */
#ifndef VNET_CMD_PICTURE_TRACE_H
#define VNET_CMD_PICTURE_TRACE_H

#include "cmd/picture/model.h"
#include "cmd/teach/trial.h"

/* The devices that its packets came by, the one where the first was lost if it failed, and what
 * became of it as the picture's caption. */
void picture_mark_way(struct picture *p, const struct trial *t);

#endif
