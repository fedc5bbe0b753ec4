/* nstat(8) of iproute2: counters of the network stack, and what was added since it was run last. */
#ifndef VNET_CMD_NSTAT_NSTAT_H
#define VNET_CMD_NSTAT_NSTAT_H

#include "cmd/cmd.h"
#include "vnet_nstat.h"

int nstat_main(struct cmd_env *env, int argc, char **argv);

struct nstat_list {
    struct vnet_nstat_entry *v;
    size_t n, cap;
};
void nstat_add(struct nstat_list *l, const char *name, uint64_t value);
void nstat_release(struct nstat_list *l);

/* load_ugly_table(): lines of names and of values in turn, as /proc/net/snmp has them. */
void nstat_parse_tables(struct nstat_list *l, const char *text);
/* load_good_table(): a name and a value a line; *source is set to what stands behind the last '#'
 * (a line of it at most). false: a line is of another kind. */
bool nstat_parse_lines(struct nstat_list *l, const char *text, char *source, size_t size);

struct nstat_show {
    bool zeros, json, pretty;
    char **patterns; /* NULL-terminated; none: all */
    const char *source;
};
/* The values; to_history: what the patterns leave out as `old` has it. */
void nstat_dump(struct sink *out, const struct nstat_show *how, const struct nstat_list *now,
                const struct nstat_list *old, bool to_history);
/* What was added to `old`. */
void nstat_dump_added(struct sink *out, const struct nstat_show *how, const struct nstat_list *now,
                      const struct nstat_list *old);

#endif
