/* Addresses and prefixes as iproute2 reads them (lib/utils.c, lib/ll_addr.c of 6.1.0). */
#ifndef VNET_CMD_IP_PREFIX_H
#define VNET_CMD_IP_PREFIX_H

#include "cmd/ip/ctx.h"

struct ip_prefix {
    struct inet_addr addr; /* family UNSPEC with "any", "all", "default" where none is asked for */
    uint8_t size;          /* bytes given: 4, 16; 0: "any", "all" */
    uint8_t len;           /* bits */
    bool len_given;        /* "/N", or "default" */
    bool word;             /* "any", "all" or "default" */
};

/* get_addr_1(): 10.8 is 10.8.0.0, pieces may be octal or hexadecimal. */
bool ip_read_addr(const char *s, uint8_t family, struct ip_prefix *out);
/* get_prefix_1(): also "/24" and "/255.255.255.0". */
bool ip_read_prefix(const char *s, uint8_t family, struct ip_prefix *out);

/* The current word; on failure iproute2's complaint and ARG_EXIT_FAILED. */
int ip_take_addr(struct ip *ip, struct args *a, uint8_t family, struct ip_prefix *out);
int ip_take_prefix(struct ip *ip, struct args *a, uint8_t family, struct ip_prefix *out);
/* ll_addr_a2n(): ARG_FAILED after a complaint. */
int ip_take_lladdr(struct ip *ip, const char *word, unsigned max, struct lladdr *out);

/* Are the first bits of a and b equal (inet_addr_match())? Families are not looked at. */
bool ip_bits_equal(const struct inet_addr *a, const struct inet_addr *b, unsigned bits);

#endif
