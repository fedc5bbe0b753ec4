/* Telling commands by their words, where no prompt does. */
#ifndef VNET_CMD_REPLAY_RECOGNISE_H
#define VNET_CMD_REPLAY_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>

/* Is this text, by its first words, a command that people type in such a transcript? Leading
 * white space, `sudo` and assignments are passed over. */
bool recognise_command(const char *text);
/* Where a simple command of the text (behind `sudo`, `;`, `|`, `timeout 5`, `ip netns exec NS`,
 * ...) calls `name`: its position, NULL if none does. */
const char *recognise_call(const char *text, const char *name);
/* The first of the traffic makers (ping and its kin) that the text calls, or NULL. */
const char *recognise_traffic(const char *text);
/* Does the text want more lines: `\` at its end, an open quote, here-document, loop, pipe? */
bool recognise_incomplete(const char *text);
/* A word for the reader to replace (`<IP>`), its length in *len; NULL: there is none. */
const char *recognise_placeholder(const char *text, size_t *len);
/* A usage line such as `ip link add DEVICE type { veth | vxcan }`. */
bool recognise_synopsis(const char *text);

#endif
