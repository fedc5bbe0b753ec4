#include "cmd/ip/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nametab.h"
#include "cmd/args.h"
#include "vnet_link.h"
#include "vnet_route.h"

static const struct nametab tables[] = {
    {"unspec", 0}, {"default", 253}, {"main", 254}, {"local", 255}, {NULL, 0}};

static const struct nametab protos[] = {
    {"unspec", 0},    {"redirect", 1}, {"kernel", 2}, {"boot", 3},   {"static", 4},
    {"gated", 8},     {"ra", 9},       {"mrt", 10},   {"zebra", 11}, {"bird", 12},
    {"dnrouted", 13}, {"xorp", 14},    {"ntk", 15},   {"dhcp", 16},  {"keepalived", 18},
    {"babel", 42},    {"openr", 99},   {"bgp", 186},  {"isis", 187}, {"ospf", 188},
    {"rip", 189},     {"eigrp", 192},  {NULL, 0}};

static const struct nametab scopes[] = {{"global", 0}, {"site", 200},    {"link", 253},
                                        {"host", 254}, {"nowhere", 255}, {NULL, 0}};

static const struct nametab groups[] = {{"default", 0}, {NULL, 0}};

static const struct nametab dsfields[] = {
    {"default", 0x00}, {"AF11", 0x28}, {"AF12", 0x30}, {"AF13", 0x38}, {"AF21", 0x48},
    {"AF22", 0x50},    {"AF23", 0x58}, {"AF31", 0x68}, {"AF32", 0x70}, {"AF33", 0x78},
    {"AF41", 0x88},    {"AF42", 0x90}, {"AF43", 0x98}, {"CS1", 0x20},  {"CS2", 0x40},
    {"CS3", 0x60},     {"CS4", 0x80},  {"CS5", 0xa0},  {"CS6", 0xc0},  {"CS7", 0xe0},
    {"EF", 0xb8},      {NULL, 0}};

static const struct nametab rtypes[] = {{"none", VNET_RTN_UNSPEC},
                                        {"unicast", VNET_RTN_UNICAST},
                                        {"local", VNET_RTN_LOCAL},
                                        {"broadcast", VNET_RTN_BROADCAST},
                                        {"anycast", VNET_RTN_ANYCAST},
                                        {"multicast", VNET_RTN_MULTICAST},
                                        {"blackhole", VNET_RTN_BLACKHOLE},
                                        {"unreachable", VNET_RTN_UNREACHABLE},
                                        {"prohibit", VNET_RTN_PROHIBIT},
                                        {"throw", VNET_RTN_THROW},
                                        {"nat", VNET_RTN_NAT},
                                        {"xresolve", 11},
                                        {NULL, 0}};

static const struct nametab arphrds[] = {{"ether", VNET_ARPHRD_ETHER},
                                         {"can", VNET_ARPHRD_CAN},
                                         {"loopback", VNET_ARPHRD_LOOPBACK},
                                         {NULL, 0}};

static const struct nametab ipprotos[] = {{"tcp", 6},   {"udp", 17},       {"udplite", 136},
                                          {"icmp", 1},  {"ipv6-icmp", 58}, {"sctp", 132},
                                          {"dccp", 33}, {NULL, 0}};

static const char *name_or(const struct nametab *t, uint32_t id, bool numeric, const char *fmt,
                           char buf[NAME_MAX_LEN])
{
    const char *name = numeric ? NULL : nametab_name(t, id);
    if (name)
        return name;
    snprintf(buf, NAME_MAX_LEN, fmt, id);
    return buf;
}

const char *table_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(tables, id, numeric, "%u", buf);
}

const char *proto_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(protos, id, numeric, "%u", buf);
}

const char *scope_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(scopes, id, numeric, "%u", buf);
}

const char *group_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(groups, id, numeric, "%d", buf);
}

const char *dsfield_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(dsfields, id, numeric, "0x%02x", buf);
}

const char *rtype_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(rtypes, id, numeric, "%d", buf);
}

const char *arphrd_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(arphrds, id, numeric, "[%d]", buf);
}

const char *ipproto_name(uint32_t id, bool numeric, char buf[NAME_MAX_LEN])
{
    return name_or(ipprotos, id, numeric, "ipproto-%u", buf);
}

static bool number_below(const char *s, int base, uint32_t max, uint32_t *id)
{
    uint32_t v;
    if (!arg_u32(s, base, &v) || v > max)
        return false;
    *id = v;
    return true;
}

bool table_value(const char *s, uint32_t *id)
{
    return nametab_value(tables, s, id) || number_below(s, 0, UINT32_MAX, id);
}

bool proto_value(const char *s, uint32_t *id)
{
    return nametab_value(protos, s, id) || number_below(s, 0, 255, id);
}

bool scope_value(const char *s, uint32_t *id)
{
    return nametab_value(scopes, s, id) || number_below(s, 0, 255, id);
}

/* rtnl_group_a2n() puts what strtol() makes of it into an int: the lower 32 bits count. */
bool group_value(const char *s, uint32_t *id)
{
    char *end;
    if (nametab_value(groups, s, id))
        return true;
    long long v = strtoll(s, &end, 0);
    if (end == s || *end || (int32_t)v < 0)
        return false;
    *id = (uint32_t)v;
    return true;
}

bool dsfield_value(const char *s, uint32_t *id)
{
    return nametab_value(dsfields, s, id) || number_below(s, 16, 255, id);
}

bool ipproto_value(const char *s, uint32_t *id)
{
    return nametab_value(ipprotos, s, id) || number_below(s, 10, 255, id);
}

bool rtype_value(const char *s, uint32_t *id)
{
    /* In rtnl_rtntype_a2n()'s order; these may be abbreviated, the others not. */
    static const uint8_t abbreviated[] = {VNET_RTN_BROADCAST,
                                          VNET_RTN_ANYCAST,
                                          VNET_RTN_MULTICAST,
                                          VNET_RTN_PROHIBIT,
                                          VNET_RTN_UNREACHABLE,
                                          VNET_RTN_BLACKHOLE,
                                          11,
                                          VNET_RTN_UNICAST};
    static const struct nametab exact[] = {{"local", VNET_RTN_LOCAL},
                                           {"nat", VNET_RTN_NAT},
                                           {"brd", VNET_RTN_BROADCAST},
                                           {"throw", VNET_RTN_THROW},
                                           {NULL, 0}};
    if (nametab_value(exact, s, id))
        return true;
    for (unsigned i = 0; i < sizeof(abbreviated); i++) {
        if (arg_matches(s, nametab_name(rtypes, abbreviated[i]))) {
            *id = abbreviated[i];
            return true;
        }
    }
    return number_below(s, 0, 255, id);
}

const struct nametab *table_names(void)
{
    return tables;
}

const struct nametab *proto_names(void)
{
    return protos;
}

const struct nametab *scope_names(void)
{
    return scopes;
}

const struct nametab *rtype_names(void)
{
    return rtypes;
}
