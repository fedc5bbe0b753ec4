/* The words of ifconfig behind the interface (ifconfig.c of net-tools 2.10). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd/complete.h"
#include "cmd/net-tools/hwtype.h"
#include "cmd/net-tools/ifconfig.h"

void ifconfig_fail(struct ifconfig *c, const char *what, int error)
{
    sink_printf(c->env->err, "%s: %s\n", what, cmd_strerror(-error));
    c->failed |= 1;
}

/* ---- flags ---- */

void ifconfig_set_flags(struct ifconfig *c, const char *name, uint16_t set, uint16_t clear)
{
    uint16_t flags;
    int error = vnet_ifreq_flags(c->ns, name, &flags);
    if (error) {
        sink_printf(c->env->err, "%s: ERROR while getting interface flags: %s\n", name,
                    cmd_strerror(-error));
        c->failed = -1;
        return;
    }
    error = vnet_ifreq_set_flags(c->ns, name, (uint16_t)((flags | set) & ~clear));
    if (error) {
        ifconfig_fail(c, "SIOCSIFFLAGS", error);
        c->failed = -1;
    }
}

struct word;
typedef int word_fn(struct ifconfig *c, const struct word *w, char ***next);

struct word {
    const char *name;
    word_fn *run;
    uint16_t flags;
    const char *left;                          /* said if a flag did not go; NULL: nothing */
    int (*value)(struct ifconfig *c, char *v); /* of take_value() and take_maybe(): 0, an exit
                                                  status, or -1: no such address */
};

static int set(struct ifconfig *c, const struct word *w, char ***next)
{
    (void)next;
    ifconfig_set_flags(c, c->name, w->flags, 0);
    return 0;
}

static int clear(struct ifconfig *c, const struct word *w, char ***next)
{
    uint16_t flags;
    (void)next;
    ifconfig_set_flags(c, c->name, 0, w->flags);
    if (!w->left)
        return 0;
    int error = vnet_ifreq_flags(c->ns, c->name, &flags);
    if (error)
        sink_printf(c->env->err, "%s: ERROR while testing interface flags: %s\n", c->name,
                    cmd_strerror(-error));
    else if (flags & w->flags)
        sink_printf(c->env->err, "Warning: Interface %s still in %s\n", c->name, w->left);
    return 0;
}

/* ---- words with a value ---- */

static int usage(struct ifconfig *c)
{
    return ifconfig_usage(c->env->err, c->env->err);
}

static int take_value(struct ifconfig *c, const struct word *w, char ***next)
{
    if (!**next)
        return usage(c);
    int status = w->value(c, *(*next)++);
    return status < 0 ? 0 : status;
}

/* A word that sets a flag, with or without a value. */
static int take_maybe(struct ifconfig *c, const struct word *w, char ***next)
{
    bool bad = **next && w->value(c, *(*next)++) < 0; /* no address: that is all */
    if (!bad)
        ifconfig_set_flags(c, c->name, w->flags, 0);
    return 0;
}

static int set_mtu(struct ifconfig *c, char *value)
{
    int error = vnet_ifreq_set_mtu(c->ns, c->name, (int)strtol(value, NULL, 10));
    if (error)
        ifconfig_fail(c, "SIOCSIFMTU", error);
    return 0;
}

static int set_txqueuelen(struct ifconfig *c, char *value)
{
    int error = vnet_ifreq_set_txqlen(c->ns, c->name, (int)strtoul(value, NULL, 0));
    if (error)
        ifconfig_fail(c, "SIOCSIFTXQLEN", error);
    return 0;
}

static int set_name(struct ifconfig *c, char *value)
{
    int error = vnet_ifreq_rename(c->ns, c->name, value);
    if (error)
        ifconfig_fail(c, "SIOCSIFNAME", error);
    return 0;
}

/* What no device of vnet's has: SIOCSIFMAP, SIOCSKEEPALIVE, SIOCSOUTFILL. */
static int refused(struct ifconfig *c, const char *missing, const char *what)
{
    bool there = vnet_ifreq_index(c->ns, c->name) != 0;
    if (there)
        ifconfig_fail(c, what, -EOPNOTSUPP);
    else
        ifconfig_fail(c, missing, -ENODEV);
    return 0;
}

static int set_mem_start(struct ifconfig *c, char *value)
{
    (void)value;
    return refused(c, "mem_start: SIOCGIFMAP", "mem_start: SIOCSIFMAP");
}

static int set_io_addr(struct ifconfig *c, char *value)
{
    (void)value;
    return refused(c, "io_addr: SIOCGIFMAP", "io_addr: SIOCSIFMAP");
}

static int set_irq(struct ifconfig *c, char *value)
{
    (void)value;
    return refused(c, "irq: SIOCGIFMAP", "irq: SIOCSIFMAP");
}

static int set_keepalive(struct ifconfig *c, char *value)
{
    (void)value;
    return refused(c, "SIOCSKEEPALIVE", "SIOCSKEEPALIVE");
}

static int set_outfill(struct ifconfig *c, char *value)
{
    (void)value;
    return refused(c, "SIOCSOUTFILL", "SIOCSOUTFILL");
}

static bool is_media(const char *word)
{
    static const char *const names[] = {"unknown",  "10base2",   "bnc",       "coax",  "10baseT",
                                        "utp",      "tpe",       "AUI",       "thick", "db15",
                                        "100baseT", "100baseTX", "100baseFX", NULL};
    char *end;
    strtol(word, &end, 10);
    if (*end == '\0')
        return true;
    for (size_t i = 0; names[i]; i++)
        if (strcasecmp(word, names[i]) == 0)
            return true;
    return false;
}

/* "auto" is read once more, as the next word: an address that nobody has. */
static int take_media(struct ifconfig *c, const struct word *w, char ***next)
{
    char *value = **next;
    if (!value)
        return usage(c);
    if (strcasecmp(value, "auto") == 0)
        return set(c, w, next);
    ++*next;
    if (is_media(value))
        return refused(c, "port: SIOCGIFMAP", "port: SIOCSIFMAP");
    sink_puts(c->env->err, "Unknown media type.\n");
    c->failed |= 1;
    return 0;
}

static int take_hw(struct ifconfig *c, const struct word *w, char ***next)
{
    (void)w;
    char **v = *next;
    struct lladdr addr;
    const struct hwtype *hw = v[0] ? hwtype_find(v[0]) : NULL;
    if (!hw || (hw->address && !v[1]))
        return usage(c);
    *next += v[1] ? 2 : 1;
    if (!hw->address) {
        sink_printf(c->env->err,
                    hw->known ? "hw address type `%s' has no handler to set address. "
                                "failed.\n"
                              : "ifconfig: vnet does not emulate devices of type %s\n",
                    v[0]);
        c->failed |= 1;
    } else if (!ether_input(v[1], &addr)) {
        sink_printf(c->env->err, "%s: invalid %s address.\n", v[1], hw->name);
        c->failed |= 1;
    } else {
        int error = vnet_ifreq_set_hwaddr(c->ns, c->name, (uint16_t)hw->arphrd, &addr);
        if (error)
            ifconfig_fail(c, "SIOCSIFHWADDR", error);
    }
    return 0;
}

/* ---- the table ---- */

static const struct word words[] = {
    {"arp", clear, VNET_IFF_NOARP, NULL, NULL},
    {"-arp", set, VNET_IFF_NOARP, NULL, NULL},
    {"media", take_media, VNET_IFF_AUTOMEDIA, NULL, NULL},
    {"port", take_media, VNET_IFF_AUTOMEDIA, NULL, NULL},
    {"trailers", clear, VNET_IFF_NOTRAILERS, NULL, NULL},
    {"-trailers", set, VNET_IFF_NOTRAILERS, NULL, NULL},
    {"promisc", set, VNET_IFF_PROMISC, NULL, NULL},
    {"-promisc", clear, VNET_IFF_PROMISC, "promisc mode... maybe other application is running?",
     NULL},
    {"multicast", set, VNET_IFF_MULTICAST, NULL, NULL},
    {"-multicast", clear, VNET_IFF_MULTICAST, "MULTICAST mode.", NULL},
    {"allmulti", set, VNET_IFF_ALLMULTI, NULL, NULL},
    {"-allmulti", clear, VNET_IFF_ALLMULTI, "ALLMULTI mode.", NULL},
    {"up", set, VNET_IFF_UP | VNET_IFF_RUNNING, NULL, NULL},
    {"down", clear, VNET_IFF_UP, NULL, NULL},
    {"dynamic", set, VNET_IFF_DYNAMIC, NULL, NULL},
    {"-dynamic", clear, VNET_IFF_DYNAMIC, "DYNAMIC mode.", NULL},
    {"mtu", take_value, 0, NULL, set_mtu},
    {"keepalive", take_value, 0, NULL, set_keepalive},
    {"outfill", take_value, 0, NULL, set_outfill},
    {"-broadcast", clear, VNET_IFF_BROADCAST, "BROADCAST mode.", NULL},
    {"broadcast", take_maybe, VNET_IFF_BROADCAST, NULL, ifconfig_broadcast},
    {"dstaddr", take_value, 0, NULL, ifconfig_dstaddr},
    {"netmask", take_value, 0, NULL, ifconfig_netmask},
    {"txqueuelen", take_value, 0, NULL, set_txqueuelen},
    {"mem_start", take_value, 0, NULL, set_mem_start},
    {"io_addr", take_value, 0, NULL, set_io_addr},
    {"irq", take_value, 0, NULL, set_irq},
    {"-pointopoint", clear, VNET_IFF_POINTOPOINT, "POINTOPOINT mode.", NULL},
    {"pointopoint", take_maybe, VNET_IFF_POINTOPOINT, NULL, ifconfig_dstaddr},
    {"hw", take_hw, 0, NULL, NULL},
    {"add", take_value, 0, NULL, ifconfig_add},
    {"del", take_value, 0, NULL, ifconfig_del},
    {"tunnel", take_value, 0, NULL, ifconfig_tunnel},
    {"name", take_value, 0, NULL, set_name},
    {NULL, NULL, 0, NULL, NULL},
};

static const struct word *find_word(const char *name)
{
    for (const struct word *w = words; w->name; w++)
        if (strcmp(w->name, name) == 0)
            return w;
    return NULL;
}

int ifconfig_words(struct ifconfig *c, char **next)
{
    int status = 0;
    while (status == 0 && *next) {
        const struct word *w = find_word(*next);
        if (w) {
            next++;
            status = w->run(c, w, &next);
        } else {
            status = ifconfig_address(c, *next++);
        }
    }
    if (status == 0)
        ifconfig_finish(c);
    return status;
}

void ifconfig_complete(const struct completion *c, char **next)
{
    const char *before = "";
    for (; next[1]; next++)
        before = *next;
    const struct word *w = *before ? find_word(before) : NULL;
    if (w && w->run == take_hw)
        complete_offer_words(c, "ether");
    if (w && (w->value || w->run == take_hw))
        return;
    for (w = words; w->name; w++)
        complete_offer(c, w->name);
}
