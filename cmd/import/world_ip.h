/* `ip` on a world that is at hand, without a session. */
#ifndef VNET_CMD_IMPORT_WORLD_IP_H
#define VNET_CMD_IMPORT_WORLD_IP_H

#include "base/strbuf.h"
#include "cmd/import/listing.h"

/* "route add ..." as words with single blanks, with -4 or -6 (family UNSPEC: neither). What it
 * prints goes to out (NULL: nowhere), the first line of its complaint to *err. true: it succeeded.
 */
bool world_ip(struct vnet *w, struct netns *ns, uint8_t family, const char *command,
              struct strbuf *out, struct vnet_err *err);
/* The routes (all tables), rules and neighbours (proxies too) of the world, as if listed. */
void world_routes(struct vnet *w, struct netns *ns, uint8_t family, struct listing *l);
void world_rules(struct vnet *w, struct netns *ns, uint8_t family, struct listing *l);
void world_neighs(struct vnet *w, struct netns *ns, struct listing *l);
/* Are the words the same but for how long it lasts ("expires N")? */
bool listed_words_equal(const struct listed_words *a, const struct listed_words *b);
bool listed_list_has(const struct listed_list *list, const struct listed_words *words);

#endif
