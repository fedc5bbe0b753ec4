/* netstat: routes, interfaces, and TCP and UDP sockets, of which a world has none. */
#include "cmd/net-tools/netstat.h"

#include <string.h>

#include "cmd/net-tools/about.h"
#include "cmd/net-tools/iface.h"
#include "cmd/net-tools/route.h"
#include "cmd/options.h"

enum { /* values of long options without a letter */
       AF_OTHER = 1,
       AF_IPV4 = 256,
       NUMERIC,
};
/* Not offered, and refused. */
static const char not_emulated[] = {'6', 'g', 's', 'S', 'U', 'w', 'x', 'Z', 'c', AF_OTHER, '\0'};

static const struct long_option long_options[] = {
    {"ip", 0, AF_IPV4},
    {"inet", 0, AF_IPV4},
    {"inet6", 0, '6'},
    {"ax25", 0, AF_OTHER},
    {"ipx", 0, AF_OTHER},
    {"netrom", 0, AF_OTHER},
    {"version", 0, 'V'},
    {"interfaces", 0, 'i'},
    {"help", 0, 'h'},
    {"route", 0, 'r'},
    {"masquerade", 0, 'M'},
    {"protocol", 1, 'A'},
    {"tcp", 0, 't'},
    {"sctp", 0, 'S'},
    {"udp", 0, 'u'},
    {"udplite", 0, 'U'},
    {"raw", 0, 'w'},
    {"unix", 0, 'x'},
    {"listening", 0, 'l'},
    {"all", 0, 'a'},
    {"timers", 0, 'o'},
    {"continuous", 0, 'c'},
    {"extend", 0, 'e'},
    {"statistics", 0, 's'},
    {"fib", 0, 'F'},
    {"cache", 0, 'C'},
    {"numeric", 0, 'n'},
    {"numeric-hosts", 0, 'n'},
    {"numeric-ports", 0, NUMERIC},
    {"numeric-users", 0, NUMERIC},
    {"symbolic", 0, 'N'},
    {"groups", 0, 'g'},
    {"programs", 0, 'p'},
    {"wide", 0, 'W'},
    {"context", 0, 'Z'},
    {"verbose", 0, 'v'},
    {NULL, 0, 0},
};

static const char usage_text[] =
    "usage: netstat [-vWeenNcCF] [<Af>] -r         netstat {-V|--version|-h|--help}\n"
    "       netstat [-vWnNcaeol] [<Socket> ...]\n"
    "       netstat { [-vWeenNac] -i | [-cnNe] -M | -s [-6tuw] }\n"
    "\n"
    "        -r, --route              display routing table\n"
    "        -i, --interfaces         display interface table\n"
    "        -g, --groups             display multicast group memberships\n"
    "        -s, --statistics         display networking statistics (like SNMP)\n"
    "        -M, --masquerade         display masqueraded connections\n"
    "\n"
    "        -v, --verbose            be verbose\n"
    "        -W, --wide               don't truncate IP addresses\n"
    "        -n, --numeric            don't resolve names\n"
    "        --numeric-hosts          don't resolve host names\n"
    "        --numeric-ports          don't resolve port names\n"
    "        --numeric-users          don't resolve user names\n"
    "        -N, --symbolic           resolve hardware names\n"
    "        -e, --extend             display other/more information\n"
    "        -p, --programs           display PID/Program name for sockets\n"
    "        -o, --timers             display timers\n"
    "        -c, --continuous         continuous listing\n"
    "\n"
    "        -l, --listening          display listening server sockets\n"
    "        -a, --all                display all sockets (default: connected)\n"
    "        -F, --fib                display Forwarding Information Base (default)\n"
    "        -C, --cache              display routing cache instead of FIB\n"
    "        -Z, --context            display SELinux security context for sockets\n"
    "\n"
    "  <Socket>={-t|--tcp} {-u|--udp} {-U|--udplite} {-S|--sctp} {-w|--raw}\n"
    "           {-x|--unix} --ax25 --ipx --netrom\n"
    "  <AF>=Use '-6|-4' or '-A <af>' or '--<af>'; default: inet\n"
    "  List of possible address families (which support routing):\n";

static const struct net_tools_version version = {
    .authors = "Fred Baumgarten, Alan Cox, Bernd Eckenfels, Phil Blundell, Tuan Hoang, Brian Micek "
               "and others\n",
    .features = "+NEW_ADDRT +RTF_IRTT +RTF_REJECT +FW_MASQUERADE +I18N +SELINUX",
    .hardware = ""};

struct netstat {
    struct cmd_env *env;
    bool routes, interfaces, masquerade, tcp, udp;
    bool all, listening, numeric, cache, fib, timers, programs;
    int extended;
};

/* ---- options ---- */

static int refuse(struct cmd_env *env, const char *what)
{
    sink_printf(env->err, "netstat: vnet does not emulate %s\n", what);
    return NET_TOOLS_E_USAGE;
}

static int take_family(struct netstat *n, const char *name)
{
    static const char *const others[] = {"inet6", "unix", "ax25", "netrom", "rose", "ipx",
                                         "ddp",   "ec",   "ash",  "x25",    NULL};
    if (strcmp(name, "inet") == 0 || strcmp(name, "ip") == 0)
        return -1;
    for (size_t i = 0; others[i]; i++)
        if (strcmp(others[i], name) == 0)
            return refuse(n->env, "families other than inet here");
    sink_printf(n->env->err, "Unknown address family `%s'.\n", name);
    return 1;
}

/* The options that set a flag. */
static bool *flag_of(struct netstat *n, int c)
{
    const struct {
        int letter;
        bool *flag;
    } flags[] = {
        {'r', &n->routes}, {'i', &n->interfaces}, {'M', &n->masquerade}, {'t', &n->tcp},
        {'u', &n->udp},    {'a', &n->all},        {'l', &n->listening},  {'n', &n->numeric},
        {'C', &n->cache},  {'F', &n->fib},        {'o', &n->timers},     {'p', &n->programs},
    };
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (flags[i].letter == c)
            return flags[i].flag;
    return NULL;
}

/* -1: go on; else the exit status. */
static int take_option(struct netstat *n, const struct options *o, int c)
{
    bool *flag = flag_of(n, c);
    if (flag) {
        *flag = true;
        return -1;
    }
    switch (c) {
    case 'e':
        n->extended++;
        return -1;
    case 'v':
    case 'W': /* addresses of 15 characters and less are never cut */
    case 'N':
    case NUMERIC:
    case '4':
    case AF_IPV4:
        return -1;
    case 'A':
        return take_family(n, o->arg);
    case 'V':
        return net_tools_version(n->env, &version);
    case 'h':
        return net_tools_usage(n->env, usage_text, true);
    case 's':
        return refuse(n->env, "the kernel's statistics (-s)");
    case 'g':
        return refuse(n->env, "the listing of groups (-g)");
    case 'c':
        return refuse(n->env, "a continuous listing (-c)");
    case 'Z':
        return refuse(n->env, "SELinux (-Z)");
    case '6':
    case AF_OTHER:
        return refuse(n->env, "families other than inet here");
    case 'w':
    case 'x':
    case 'S':
    case 'U':
        return refuse(n->env, "the listing of sockets other than TCP's and UDP's (-t, -u)");
    default:
        return net_tools_usage(n->env, usage_text, false);
    }
}

/* ---- listings ---- */

static int show_routes(const struct netstat *n)
{
    /* its -e and no -e are route's the other way round */
    static const int columns[] = {2, 1, 3};
    struct route_show show = {.extended = columns[n->extended > 2 ? 2 : n->extended],
                              .numeric = n->numeric,
                              .cache = n->cache,
                              .fib = n->fib || !n->cache};
    return route_show(n->env, &show);
}

static int show_interfaces(const struct netstat *n)
{
    struct vnet *w;
    struct netns *ns;
    struct iface_names names;
    struct iface i;
    struct sink *out = n->env->out;
    if (cmd_begin(n->env, &w, &ns) < 0)
        return 1;
    sink_puts(out, "Kernel Interface table\n");
    if (!n->extended)
        sink_puts(out, "Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP "
                       "TX-OVR Flg\n");
    iface_names(ns, &names);
    for (size_t k = 0; k < names.n; k++) {
        if (!iface_fetch(ns, names.v[k], &i, n->env->err) || !(n->all || i.flags & VNET_IFF_UP))
            continue;
        if (n->extended)
            iface_print_long(out, ns, &i);
        else
            iface_print_short(out, &i);
    }
    iface_names_release(&names);
    return cmd_commit(n->env) < 0 ? 1 : 0;
}

/* The head of the list; no world has a TCP or UDP socket for it. */
static int show_sockets(const struct netstat *n)
{
    struct sink *out = n->env->out;
    sink_printf(out,
                "Active Internet connections (%s)\n"
                "Proto Recv-Q Send-Q Local Address           Foreign Address         State      ",
                n->all         ? "servers and established"
                : n->listening ? "only servers"
                               : "w/o servers");
    if (n->extended)
        sink_puts(out, " User       Inode     ");
    if (n->programs)
        sink_puts(out, " PID/Program name    ");
    if (n->timers)
        sink_puts(out, " Timer");
    sink_puts(out, "\n");
    return 0;
}

static int run(const struct netstat *n)
{
    if (n->routes + n->interfaces + n->masquerade > 1)
        return net_tools_usage(n->env, usage_text, false);
    if (n->masquerade) {
        sink_puts(n->env->err, "netstat: no support for `ip_masquerade' on this system.\n");
        return 1;
    }
    if (n->routes)
        return show_routes(n);
    if (n->interfaces)
        return show_interfaces(n);
    if (n->tcp || n->udp)
        return show_sockets(n);
    return refuse(n->env, "the listing of sockets other than TCP's and UDP's (-t, -u)");
}

int netstat_main(struct cmd_env *env, int argc, char **argv)
{
    struct netstat n = {.env = env};
    struct options o;
    int c, status = -1;
    options_init(&o, argc, argv, "A:CFMSUVWZac46eghilnNoprstuvwx", long_options, env->err);
    o.complete = env->complete;
    o.not_emulated = not_emulated;
    while (status < 0 && (c = options_next(&o)) != -1)
        status = take_option(&n, &o, c);
    if (status < 0)
        status = env->complete ? 1 : run(&n);
    options_release(&o);
    return status;
}
