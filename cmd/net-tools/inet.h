/* IPv4 addresses, networks and their names as net-tools reads and prints them (lib/inet.c of
 * net-tools 2.10, with Debian's /etc/networks and a machine without DNS). */
#ifndef VNET_CMD_NET_TOOLS_INET_H
#define VNET_CMD_NET_TOOLS_INET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "cmd/sink.h"

enum inet_kind { INET_UNKNOWN = -1, INET_HOST, INET_NET };

/* INET_resolve(): "default", a number, a network's or a host's name. host_first: not a network if a
 * host has the name. *addr in host order. */
enum inet_kind inet_input(const char *name, bool host_first, uint32_t *addr);
/* INET_herror(): say that a name was not found. */
void inet_complain(struct sink *err, const char *name, bool host_first);

/* INET6_input(): an IPv6 address, number or name; false: it has said why not. */
bool inet6_input(struct sink *err, const char *name, struct inet_addr *addr);
/* The same of a number only. */
bool inet6_number_input(struct sink *err, const char *name, struct inet_addr *addr);
enum { INET_NAME_MAX = 128 };
/* INET6_rresolve(): the number, or a host's name; the address of nobody then stands in brackets. */
const char *inet6_name(const struct inet_addr *addr, bool numeric, char buf[INET_NAME_MAX]);
/* The address as a number. */
const char *inet_number(uint32_t addr, char buf[INET_NAME_MAX]);
/* fix_v4_address(): as a number, one that is mapped without its prefix, "1.2.3.4". Into buf. */
const char *inet6_number(const struct inet_addr *addr, char buf[INET_NAME_MAX]);
/* INET_rresolve(): with a name if it has one. is_host: look among the hosts, else the networks. */
const char *inet_name(uint32_t addr, bool is_host, char buf[INET_NAME_MAX]);
/* INET_getmask(): cut "/N" off `target`. 0: there is none, 1: *mask set (host order), -1: bad. */
int inet_getmask(char *target, uint32_t *mask);

#endif
