/* arp(8) of net-tools 2.10. */
#ifndef VNET_CMD_NET_TOOLS_ARP_H
#define VNET_CMD_NET_TOOLS_ARP_H

#include "cmd/cmd.h"
#include "cmd/net-tools/hwtype.h"
#include "vnet_ifreq.h"

int arp_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

enum { ARP_E_USAGE = 3, ARP_E_FAILED = 255 };

struct arp_run {
    struct cmd_env *env;
    struct netns *ns;
    bool all, linux_style, numeric, verbose, from_device;
    bool hw_given;
    const struct hwtype *hw;
    char dev[VNET_IFNAMSIZ]; /* "": any */
};

int arp_usage(const struct arp_run *r, struct sink *to);
/* Each returns the exit status. */
int arp_show(struct arp_run *r, const char *name);
int arp_set(struct arp_run *r, char **words);
int arp_del(struct arp_run *r, char **words);
/* arp_set() of each line of a file. */
int arp_file(struct arp_run *r, const char *name);
/* What could stand behind the words of -s or -d. */
void arp_complete(const struct completion *c, char **words);

#endif
