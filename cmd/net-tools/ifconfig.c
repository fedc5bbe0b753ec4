/* ifconfig: options, listing, usage. */
#include "cmd/net-tools/ifconfig.h"

#include <string.h>

#include "cmd/complete.h"
#include "cmd/net-tools/about.h"
#include "cmd/net-tools/hwtype.h"
#include "cmd/net-tools/iface.h"

static const char usage_text[] = "Usage:\n"
                                 "  ifconfig [-a] [-v] [-s] <interface> [[<AF>] <address>]\n"
                                 "  [add <address>[/<prefixlen>]]\n"
                                 "  [del <address>[/<prefixlen>]]\n"
                                 "  [[-]broadcast [<address>]]  [[-]pointopoint [<address>]]\n"
                                 "  [netmask <address>]  [dstaddr <address>]  [tunnel <address>]\n"
                                 "  [outfill <NN>] [keepalive <NN>]\n"
                                 "  [hw <HW> <address>]  [mtu <NN>]\n"
                                 "  [[-]trailers]  [[-]arp]  [[-]allmulti]\n"
                                 "  [multicast]  [[-]promisc]\n"
                                 "  [mem_start <NN>]  [io_addr <NN>]  [irq <NN>]  [media <type>]\n"
                                 "  [txqueuelen <NN>]\n"
                                 "  [name <newname>]\n"
                                 "  [[-]dynamic]\n"
                                 "  [up|down] ...\n"
                                 "\n"
                                 "  <HW>=Hardware Type.\n"
                                 "  List of possible hardware types:\n";

/* The lists go to standard error whatever the rest goes to. */
int ifconfig_usage(struct sink *to, struct sink *lists)
{
    sink_puts(to, usage_text);
    hwtype_list(lists, false);
    sink_puts(to, "  <AF>=Address family. Default: inet\n"
                  "  List of possible address families:\n");
    hwtype_list_families(lists);
    return to == lists ? IFCONFIG_E_USAGE : 0;
}

struct options_given {
    bool all, brief, verbose;
};

static const struct option_word {
    const char *word;
    char what; /* 'a', 's', 'v', 'V' version, 'h' help */
} option_words[] = {
    {"-a", 'a'},       {"-s", 's'},        {"-v", 'v'},  {"-V", 'V'},
    {"-version", 'V'}, {"--version", 'V'}, {"-?", 'h'},  {"-h", 'h'},
    {"-help", 'h'},    {"--help", 'h'},    {NULL, '\0'},
};

/* -1: go on; else the exit status. */
static int take_option(struct cmd_env *env, struct options_given *o, const char *word)
{
    const struct option_word *w = option_words;
    while (w->word && strcmp(w->word, word) != 0)
        w++;
    switch (w->what) {
    case 'a':
        o->all = true;
        return -1;
    case 's':
        o->brief = true;
        return -1;
    case 'v':
        o->verbose = true;
        return -1;
    case 'V':
        return net_tools_version(env, NULL);
    case 'h':
        return ifconfig_usage(env->out, env->err);
    default:
        sink_printf(env->err,
                    "ifconfig: option `%s' not recognised.\n"
                    "ifconfig: `--help' gives usage information.\n",
                    word);
        return 1;
    }
}

/* ---- listing ---- */

struct listing {
    struct cmd_env *env;
    const struct netns *ns;
    const struct options_given *o;
};

static void print(const struct listing *l, const struct iface *i)
{
    if (l->o->brief)
        iface_print_short(l->env->out, i);
    else
        iface_print_long(l->env->out, l->ns, i);
}

/* do_if_print() */
static bool print_chosen(const struct iface *i, void *arg)
{
    const struct listing *l = arg;
    if (l->o->all || i->flags & VNET_IFF_UP)
        print(l, i);
    return true;
}

static bool print_one(const struct listing *l, const char *name)
{
    struct iface i;
    bool there = iface_fetch(l->ns, name, &i, l->env->err);
    if (there)
        print(l, &i);
    return there;
}

/* if_print(); name NULL: all that are up, or with -a all. */
static int list(struct cmd_env *env, const struct options_given *o, const char *name)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    struct listing l = {env, ns, o};
    if (o->brief)
        iface_print_head(env->out);
    bool whole = name ? print_one(&l, name) : iface_each(ns, env->err, print_chosen, &l);
    return cmd_commit(env) < 0 || !whole ? 1 : 0;
}

/* ---- changing ---- */

static const struct {
    const char *name;
    uint8_t family; /* 0: vnet has it not */
} families[] = {
    {"unix", 0},
    {"inet", VNET_AF_INET},
    {"inet6", VNET_AF_INET6},
    {"ax25", 0},
    {"netrom", 0},
    {"rose", 0},
    {"ipx", 0},
    {"ddp", 0},
    {"ec", 0},
    {"ash", 0},
    {"x25", 0},
    {NULL, 0},
};

/* The word behind the interface may name a family. False: one that vnet has not. */
static bool take_family(struct ifconfig *c, char ***words)
{
    c->family = VNET_AF_INET;
    for (size_t i = 0; families[i].name; i++) {
        if (strcmp(families[i].name, **words) != 0)
            continue;
        c->family = families[i].family;
        ++*words;
        if (c->family)
            return true;
        sink_printf(c->env->err,
                    "ifconfig: vnet's ifconfig knows the address families inet and inet6 only, "
                    "not %s\n",
                    families[i].name);
        return false;
    }
    return true;
}

static int change(struct cmd_env *env, bool verbose, char **argv)
{
    struct vnet *w;
    struct ifconfig c = {.env = env, .verbose = verbose};
    char **words = argv + 1;
    memcpy(c.name, argv[0], strnlen(argv[0], sizeof(c.name) - 1));
    if (!take_family(&c, &words))
        return 1;
    if (cmd_begin(env, &w, &c.ns) < 0)
        return 1;
    int status = ifconfig_words(&c, words);
    if (cmd_commit(env) < 0)
        return 1;
    if (status)
        return status;
    if (c.verbose && c.failed)
        sink_printf(env->err, "WARNING: at least one error occured. (%d)\n", c.failed);
    return c.failed & 0xff;
}

static int complete(const struct completion *c, char **argv)
{
    if (argv[0] && argv[1]) {
        ifconfig_complete(c, argv + 1);
        return 1;
    }
    for (const struct option_word *w = option_words; *c->word == '-' && w->word; w++)
        complete_offer(c, w->word);
    complete_offer_source(c, COMPLETE_DEVICES);
    return 1;
}

int ifconfig_main(struct cmd_env *env, int argc, char **argv)
{
    struct options_given o = {false, false, false};
    (void)argc;
    for (argv++; *argv && **argv == '-'; argv++) {
        if (env->complete && !argv[1])
            break;
        int status = take_option(env, &o, *argv);
        if (status >= 0)
            return status;
    }
    if (env->complete)
        return complete(env->complete, argv);
    if (!argv[0] || !argv[1])
        return list(env, &o, argv[0]);
    return change(env, o.verbose, argv);
}
