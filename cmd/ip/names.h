/* Names of numbers, both ways: what /etc/iproute2 holds as Debian ships it, and what lib/rt_names.c
 * and ip/rtm_map.c of iproute2 6.1.0 know by themselves. */
#ifndef VNET_CMD_IP_NAMES_H
#define VNET_CMD_IP_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/nametab.h"

enum { NAME_MAX_LEN = 32 };

/* The name, else the number in decimal (ds fields: hexadecimal), written to buf where need be.
 * numeric: `ip -N`: numbers only. */
const char *table_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);
const char *proto_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);
const char *scope_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);
const char *group_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);
const char *dsfield_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);
const char *rtype_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);
const char *arphrd_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);
const char *ipproto_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN]);

/* All that have a name, for completion. */
const struct nametab *table_names(void);
const struct nametab *proto_names(void);
const struct nametab *scope_names(void);
const struct nametab *rtype_names(void);

/* false: neither a name nor a number in range; *id is untouched. */
bool table_value(const char *s, uint32_t *id);
bool proto_value(const char *s, uint32_t *id);
bool scope_value(const char *s, uint32_t *id);
bool group_value(const char *s, uint32_t *id);
bool dsfield_value(const char *s, uint32_t *id);
bool rtype_value(const char *s, uint32_t *id);
bool ipproto_value(const char *s, uint32_t *id);

#endif
