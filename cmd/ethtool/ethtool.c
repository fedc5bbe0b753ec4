#include "cmd/ethtool/ethtool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/complete.h"
#include "cmd/machine/machine.h"
#include "cmd/options.h"
#include "vnet_ethtool.h"
#include "vnet_link.h"

enum { /* exit statuses */
       BAD_WORDS = 1,
       NO_DRIVER = 71,
       NO_DATA = 75,
       NO_STATISTICS = 94,
       NO_STRINGS = 96,
};

enum { OPT_VERSION = 256 };

struct ethtool {
    struct cmd_env *env;
    struct sink *out, *err;
    const struct netns *ns;
    const char *dev;
    const char *release; /* of the kernel */
};

static int bad_words(const struct ethtool *e)
{
    sink_puts(e->err, "ethtool: bad command line argument(s)\n"
                      "For more information run ethtool -h\n");
    return BAD_WORDS;
}

static int not_emulated(const struct ethtool *e, const char *what)
{
    sink_printf(e->err, "vnet: ethtool: %s\n", what);
    return BAD_WORDS;
}

static void no_such_device(const struct ethtool *e)
{
    sink_puts(e->err, "netlink error: no device matches name (offset 24)\n"
                      "netlink error: No such device\n");
}

/* ---- ethtool DEVICE ---- */

static void print_link_settings(const struct ethtool *e, const struct vnet_ethtool_settings *s)
{
    sink_puts(e->out, "\tSupported ports: [  ]\n"
                      "\tSupported link modes:   Not reported\n"
                      "\tSupported pause frame use: No\n"
                      "\tSupports auto-negotiation: No\n"
                      "\tSupported FEC modes: Not reported\n"
                      "\tAdvertised link modes:  Not reported\n"
                      "\tAdvertised pause frame use: No\n"
                      "\tAdvertised auto-negotiation: No\n"
                      "\tAdvertised FEC modes: Not reported\n");
    if (s->speed)
        sink_printf(e->out, "\tSpeed: %uMb/s\n", s->speed);
    else
        sink_puts(e->out, "\tSpeed: Unknown!\n");
    sink_printf(e->out, "\tDuplex: %s\n", s->full_duplex ? "Full" : "Unknown! (255)");
    sink_puts(e->out, "\tAuto-negotiation: off\n");
    sink_printf(e->out, "\tPort: %s\n", s->twisted_pair ? "Twisted Pair" : "Other");
    sink_puts(e->out, "\tPHYAD: 0\n"
                      "\tTransceiver: internal\n");
    if (s->twisted_pair)
        sink_puts(e->out, "\tMDI-X: Unknown\n");
}

static int show_settings(struct ethtool *e)
{
    enum { REQUESTS = 5 }; /* each is refused on its own: link modes, link info, Wake-on-LAN, ... */
    struct vnet_ethtool_settings s;
    struct vnet_err err;
    int rc = vnet_ethtool_settings(e->ns, e->dev, &s, &err);
    if (rc == -ENOSYS)
        return not_emulated(e, err.msg);
    if (rc < 0) {
        for (int i = 0; rc == -ENODEV && i < REQUESTS; i++)
            no_such_device(e);
        sink_puts(e->out, "No data available\n");
        return NO_DATA;
    }
    sink_printf(e->out, "Settings for %s:\n", e->dev);
    if (s.has_settings)
        print_link_settings(e, &s);
    if (s.has_link)
        sink_printf(e->out, "\tLink detected: %s\n", s.link ? "yes" : "no");
    return 0;
}

/* ---- -i, -S, -k, -P ---- */

static int show_driver(struct ethtool *e)
{
    struct vnet_ethtool_driver d;
    struct vnet_err err;
    int rc = vnet_ethtool_driver(e->ns, e->dev, &d, &err);
    if (rc == -ENOSYS)
        return not_emulated(e, err.msg);
    if (rc < 0) {
        sink_printf(e->err, "Cannot get driver information: %s\n",
                    rc == -ENODEV ? "No such device" : "Operation not supported");
        return NO_DRIVER;
    }
    sink_printf(e->out, "driver: %s\nversion: %s\nfirmware-version: %s\n", d.driver,
                d.version ? d.version : e->release, d.firmware);
    sink_printf(e->out, "expansion-rom-version: \nbus-info: %s\n", d.bus);
    sink_printf(e->out, "supports-statistics: %s\n", d.statistics ? "yes" : "no");
    sink_puts(e->out, "supports-test: no\n"
                      "supports-eeprom-access: no\n"
                      "supports-register-dump: no\n"
                      "supports-priv-flags: no\n");
    return 0;
}

static int show_statistics(struct ethtool *e)
{
    struct vnet_ethtool_stat *stats;
    struct vnet_err err;
    unsigned n;
    int rc = vnet_ethtool_stats(e->ns, e->dev, &stats, &n, &err);
    if (rc == -ENOSYS)
        return not_emulated(e, err.msg);
    if (rc < 0) {
        sink_puts(e->err, rc == -ENODEV ? "Cannot get stats strings information: No such device\n"
                                        : "no stats available\n");
        return rc == -ENODEV ? NO_STRINGS : NO_STATISTICS;
    }
    sink_puts(e->out, "NIC statistics:\n");
    for (unsigned i = 0; i < n; i++)
        sink_printf(e->out, "     %s: %llu\n", stats[i].name, (unsigned long long)stats[i].value);
    free(stats);
    return 0;
}

static int show_features(struct ethtool *e)
{
    struct vnet_ethtool_feature f[VNET_ETHTOOL_MAX_FEATURES];
    struct vnet_err err;
    unsigned n;
    int rc = vnet_ethtool_features(e->ns, e->dev, f, &n, &err);
    if (rc == -ENOSYS)
        return not_emulated(e, err.msg);
    if (rc < 0) {
        no_such_device(e);
        return BAD_WORDS;
    }
    sink_printf(e->out, "Features for %s:\n", e->dev);
    for (unsigned i = 0; i < n; i++)
        sink_printf(e->out, "%s%s: %s%s\n", f[i].in_group ? "\t" : "", f[i].name,
                    f[i].on ? "on" : "off",
                    f[i].fixed       ? " [fixed]"
                    : f[i].requested ? " [requested on]"
                                     : "");
    return 0;
}

/* IFLA_PERM_ADDRESS, which no kind but a card has. */
static int show_permanent_address(struct ethtool *e)
{
    struct vnet_ethtool_settings s;
    struct vnet_err err;
    int rc = vnet_ethtool_settings(e->ns, e->dev, &s, &err);
    if (rc == -ENOSYS)
        return not_emulated(e, err.msg);
    if (rc == -ENODEV) {
        sink_puts(e->err, "netlink error: No such device\n");
        return BAD_WORDS;
    }
    sink_puts(e->out, "Permanent address: not set\n");
    return 0;
}

static int show_version(struct ethtool *e)
{
    sink_puts(e->out, "ethtool version 6.1\n");
    return 0;
}

/* ---- words ---- */

static const struct action {
    int option; /* -1: none */
    int (*run)(struct ethtool *e);
    int operands;
} actions[] = {
    {-1, show_settings, 1},           {'i', show_driver, 1},     {'k', show_features, 1},
    {'P', show_permanent_address, 1}, {'S', show_statistics, 1}, {OPT_VERSION, show_version, 0},
};

/* What the real one takes besides. */
static const char refused[] = "aAcCdeEfgGhKlLmnNpqQrstTuUwWxX";

static const struct long_option longs[] = {{"driver", 0, 'i'},
                                           {"show-features", 0, 'k'},
                                           {"show-offload", 0, 'k'},
                                           {"show-permaddr", 0, 'P'},
                                           {"statistics", 0, 'S'},
                                           {"version", 0, OPT_VERSION},
                                           {NULL, 0, 0}};

static const struct action *action_of(int option)
{
    for (size_t i = 0; i < ARRAY_LEN(actions); i++)
        if (actions[i].option == option)
            return &actions[i];
    return NULL;
}

static int run_action(struct cmd_env *env, const struct action *a, char **operands)
{
    struct ethtool e = {.env = env, .out = env->out, .err = env->err, .dev = operands[0]};
    char release[32];
    struct vnet *w;
    struct netns *ns;
    if (a->option == OPT_VERSION) /* the world is not asked */
        return a->run(&e);
    machine_release(env, release, sizeof(release));
    if (cmd_begin(env, &w, &ns) < 0)
        return BAD_WORDS;
    e.ns = ns;
    e.release = release;
    int status = a->run(&e);
    cmd_abort(env);
    return status;
}

/* What each says of words behind the device's name, and of a name that no device can have. NULL:
 * nothing. */
static const struct complaint {
    int option;
    const char *extra, *long_name;
} complaints[] = {
    {'i', NULL,
     "ethtool netlink support for subcommand missing, device name longer than 15 not supported"},
    {'k', "ethtool: unexpected parameter", NULL},
    {'S', "ethtool (-S): unknown parameter",
     "ioctl-only request, device name longer than 15 not supported"},
};

/* -1: the words will do. */
static int check_operands(const struct ethtool *e, const struct action *a, int n, char **operands)
{
    if (n < a->operands || (n > a->operands && a->option == 'i'))
        return bad_words(e);
    for (size_t i = 0; i < ARRAY_LEN(complaints); i++) {
        const struct complaint *c = &complaints[i];
        if (c->option != a->option)
            continue;
        if (n > a->operands && c->extra)
            sink_printf(e->err, "%s '%s'", c->extra, operands[a->operands]);
        else if (c->long_name && strlen(operands[0]) >= VNET_IFNAMSIZ)
            sink_puts(e->err, c->long_name);
        else
            return -1;
        sink_puts(e->err, "\n");
        return BAD_WORDS;
    }
    return -1;
}

static int command(struct cmd_env *env, struct options *o)
{
    const struct ethtool e = {.env = env, .out = env->out, .err = env->err};
    int option = options_next(o);
    const struct action *a = action_of(option);
    if (env->complete) {
        if (option != '?' && o->noperands == 1)
            complete_offer_source(env->complete, COMPLETE_DEVICES);
        return 0;
    }
    if (option > 0 && option < OPT_VERSION && strchr(refused, option))
        return not_emulated(&e, "this option is not emulated");
    if (!a)
        return bad_words(&e);
    while (option != -1 && option != '?') /* the operands are behind */
        option = options_next(o);
    int status = check_operands(&e, a, o->noperands, o->operands);
    return status >= 0 ? status : run_action(env, a, o->operands);
}

int ethtool_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    options_init(&o, argc, argv, "+ikPSaAcCdeEfgGhKlLmnNpqQrstTuUwWxX", longs, NULL);
    o.complete = env->complete;
    o.operands_too = true;
    o.not_emulated = refused;
    int status = command(env, &o);
    options_release(&o);
    return status;
}
