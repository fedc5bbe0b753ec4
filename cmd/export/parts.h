/* The parts of `vnet export --commands`. Each command is printed and, at once, carried out in a
 * scratch world, so that what comes next can be told by comparing the two. Private to cmd/export.
 */
#ifndef VNET_CMD_EXPORT_PARTS_H
#define VNET_CMD_EXPORT_PARTS_H

#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "vnet_link.h"

struct exporter {
    struct vnet *w, *scratch;
    struct netns *ns, *sns; /* the namespace in each */
    struct sink *out, *err;
    const char *nics; /* link kind that stands for network cards; NULL: they are there */
    bool incomplete;  /* something was named on err */
};

/* "ip ..." with -4 or -6 for a family; words with single blanks, quoted where a shell asks for it.
 * What the scratch world refuses is named. */
void export_ip(struct exporter *e, uint8_t family, const char *fmt, ...) VNET_PRINTF(3, 4);
/* The words alone, without carrying anything out. */
void export_print(struct exporter *e, const char *words);
void export_quoted(struct sink *out, const char *word);
/* Something that no command rebuilds. */
void export_note(struct exporter *e, const char *fmt, ...) VNET_PRINTF(2, 3);

void export_links(struct exporter *e);
void export_links_up(struct exporter *e);
void export_addrs(struct exporter *e);
void export_routes(struct exporter *e);
void export_rules(struct exporter *e);
void export_neighs(struct exporter *e);
/* Those that differ; devices: their own too. */
void export_sysctls(struct exporter *e, bool devices);

#endif
