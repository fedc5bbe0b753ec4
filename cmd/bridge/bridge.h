/* bridge(8) of iproute2 6.1.0. */
#ifndef VNET_CMD_BRIDGE_H
#define VNET_CMD_BRIDGE_H

#include "cmd/cmd.h"
#include "cmd/ip/ctx.h"
#include "vnet_bridge.h"

int bridge_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

struct bridge_run {
    struct ip ip; /* options, output, the open world: as `ip` has them */
    bool compress_vlans;
};

enum { BRIDGE_FAILED = ARG_EXIT | 255 };

/* What rtnl_talk() says of an answer: 0, or the exit status 255 after a message. */
int bridge_answer(struct bridge_run *b, int rc, const struct vnet_err *err);
/* A verb of an object: `bridge fdb VERB ...`; the first that fits wins. */
struct bridge_verb {
    const char *name;
    /* NULL: the real one has it, it is refused */
    int (*run)(struct bridge_run *b, struct args *a, unsigned value);
    unsigned value;
};
/* Run the verb that the current word names ("show" if there is none; "help" is one of each);
 * object: for the complaint. */
int bridge_run_verb(struct bridge_run *b, struct args *a, const char *object,
                    const struct bridge_verb *verbs, const char *usage);
int bridge_usage(struct bridge_run *b, const char *text);
int bridge_nodev(struct bridge_run *b, const char *format, const char *name);

int bridge_link(struct bridge_run *b, struct args *a);
int bridge_fdb(struct bridge_run *b, struct args *a);
int bridge_monitor(struct bridge_run *b, struct args *a);
int bridge_mdb(struct bridge_run *b, struct args *a);
int bridge_vlan(struct bridge_run *b, struct args *a);

/* Records as `bridge monitor` prints them, too. */
void bridge_print_link(struct bridge_run *b, const struct vnet_link_info *l);
void bridge_print_fdb(struct bridge_run *b, const struct vnet_fdb_info *e, bool with_dev);
void bridge_print_mdb(struct bridge_run *b, const struct vnet_mdb_entry *e);

#endif
