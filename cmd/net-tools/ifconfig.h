/* ifconfig(8) of net-tools 2.10. */
#ifndef VNET_CMD_NET_TOOLS_IFCONFIG_H
#define VNET_CMD_NET_TOOLS_IFCONFIG_H

#include "cmd/cmd.h"
#include "vnet_ifreq.h"

int ifconfig_main(struct cmd_env *env, int argc, char **argv);

/* ---- its parts ---- */

enum { IFCONFIG_E_USAGE = 3 };

struct ifconfig {
    struct cmd_env *env;
    struct netns *ns;
    char name[VNET_IFNAMSIZ]; /* of the interface: a device, or the label of an address */
    uint8_t family;           /* of addresses: VNET_AF_INET, VNET_AF_INET6 */
    bool verbose;
    bool mask_given;       /* by netmask */
    bool mask_owed;        /* by ADDRESS/N: set when all words are done */
    struct inet_addr mask; /* that one */
    int failed;            /* -1, 1: a request failed; ORed, as it becomes the exit status */
};

/* Do what the words say, one after the other. 0, or the exit status if one ends the command. */
int ifconfig_words(struct ifconfig *c, char **words);
/* Offer what could stand behind these words. */
void ifconfig_complete(const struct completion *c, char **words);
int ifconfig_usage(struct sink *to, struct sink *lists);

/* Words that are about addresses; each with its value. 0, an exit status, or -1: the value is no
 * address. */
int ifconfig_add(struct ifconfig *c, char *value);
int ifconfig_del(struct ifconfig *c, char *value);
int ifconfig_tunnel(struct ifconfig *c, char *value);
int ifconfig_address(struct ifconfig *c, char *value);
int ifconfig_broadcast(struct ifconfig *c, char *value);
int ifconfig_dstaddr(struct ifconfig *c, char *value);
int ifconfig_netmask(struct ifconfig *c, char *value);
/* What mask_owed says. */
void ifconfig_finish(struct ifconfig *c);

/* Change flags of an interface: set_flag(), clr_flag(). */
void ifconfig_set_flags(struct ifconfig *c, const char *name, uint16_t set, uint16_t clear);
/* "WHAT: TEXT", as perror() has it, and the command failed. */
void ifconfig_fail(struct ifconfig *c, const char *what, int error);

#endif
