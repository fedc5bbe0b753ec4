/* The first members of a state file, without the rest of it. */
#ifndef VNET_STATE_HEAD_H
#define VNET_STATE_HEAD_H

#include "vnet_profile.h"

enum { STATE_HEAD = 512 }; /* bytes that are looked at */

/* The profile that the text names before its first array or object; NULL: none. */
const struct vnet_profile *state_head_profile(const char *text);

#endif
