/* The parts of listing_apply(). For cmd/import and cmd/export. */
#ifndef VNET_CMD_IMPORT_APPLY_H
#define VNET_CMD_IMPORT_APPLY_H

#include "cmd/import/listing.h"

/* Make the links, down and with all that can be set; what each became is in link->made. */
void apply_links(struct listing *l, struct vnet *w, struct netns *ns);
/* Those that were up; nothing makes link-local addresses of its own where addresses were listed. */
void apply_links_up(struct listing *l, struct netns *ns);
void apply_addrs(struct listing *l, struct netns *ns);
/* Afterwards: note what of a link came out otherwise than it was listed. */
void apply_check_links(struct listing *l, struct netns *ns);
void apply_routes(struct listing *l, struct vnet *w, struct netns *ns);
void apply_rules(struct listing *l, struct vnet *w, struct netns *ns);
void apply_neighs(struct listing *l, struct vnet *w, struct netns *ns);
/* Afterwards: a gateway, and the world behind it, at each network card with a default route. */
void apply_outside(struct netns *ns);
/* Set what differs; last: note what could not be set or is not there. */
void apply_sysctls(struct listing *l, struct netns *ns, bool last);

/* Does a route need another one, to its gateway? */
bool listed_route_by_gateway(const struct listed_words *r);
/* What `ip route` leaves unsaid of a route and `ip route add` would take otherwise: words to add.
 */
const char *listed_route_unsaid(const struct listed_words *r);

#endif
