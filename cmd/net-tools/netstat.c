/* netstat: what there is to be listed, and the options. */
#include "cmd/net-tools/netstat.h"

#include <string.h>

#include "cmd/net-tools/about.h"
#include "cmd/net-tools/iface.h"
#include "cmd/net-tools/route.h"
#include "cmd/options.h"

enum { /* values of long options without a letter */
       NUMERIC_HOSTS = 256,
       NUMERIC_PORTS,
       NUMERIC_USERS,
       FAMILY, /* and behind: an index into families[] */
};
/* Not offered, and refused. */
static const char not_emulated[] = {'2', 'f', 'Z', 'c', '\0'};

static const struct long_option long_options[] = {
    {"ip", 0, '4'},
    {"inet", 0, '4'},
    {"inet6", 0, '6'},
    {"ax25", 0, FAMILY + 3},
    {"ipx", 0, FAMILY + 4},
    {"netrom", 0, FAMILY + 5},
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
    {"numeric-hosts", 0, NUMERIC_HOSTS},
    {"numeric-ports", 0, NUMERIC_PORTS},
    {"numeric-users", 0, NUMERIC_USERS},
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

/* ---- options ---- */

static int refuse(struct cmd_env *env, const char *what)
{
    sink_printf(env->err, "netstat: vnet does not emulate %s\n", what);
    return NET_TOOLS_E_USAGE;
}

/* Families with a flag of their own; long options name these by their places. */
enum { AF_INET_ROW, AF_INET6_ROW, AF_UNIX_ROW, AF_ROWS = 8 };

static bool *family_flag(struct netstat *n, const char **name, size_t row)
{
    const struct {
        const char *name;
        bool *flag;
    } rows[AF_ROWS] = {
        {"inet", &n->inet}, {"inet6", &n->inet6},   {"unix", &n->unix_domain}, {"ax25", &n->ax25},
        {"ipx", &n->ipx},   {"netrom", &n->netrom}, {"rose", &n->rose},        {"x25", &n->x25},
    };
    *name = rows[row].name;
    return rows[row].flag;
}

/* aftrans_opt() of one name. */
static void add_family(struct netstat *n, size_t row)
{
    const char *name;
    *family_flag(n, &name, row) = true;
    if (n->families.len)
        strbuf_addc(&n->families, ',');
    strbuf_adds(&n->families, name);
}

static int take_one_family(struct netstat *n, const char *word, size_t len)
{
    static const char *const others[] = {"ddp", "ec", "ash", "appletalk", NULL};
    const char *name;
    if (len == 2 && memcmp(word, "ip", 2) == 0) {
        word = "inet";
        len = 4;
    } else if (len == 3 && memcmp(word, "ip6", 3) == 0) {
        word = "inet6";
        len = 5;
    }
    for (size_t i = 0; i < AF_ROWS; i++) {
        family_flag(&(struct netstat){0}, &name, i);
        if (strlen(name) == len && memcmp(name, word, len) == 0) {
            add_family(n, i);
            return -1;
        }
    }
    for (size_t i = 0; others[i]; i++)
        if (strlen(others[i]) == len && memcmp(others[i], word, len) == 0)
            return refuse(n->env, "this family");
    sink_printf(n->env->err, "Unknown address family `%.*s'.\n", (int)len, word);
    return 1;
}

static int take_families(struct netstat *n, const char *list)
{
    int status = -1;
    for (size_t len; status < 0 && *list; list += len + (list[len] == ',')) {
        len = strcspn(list, ",");
        status = take_one_family(n, list, len);
    }
    return status;
}

/* The options that set a flag. */
static bool *flag_of(struct netstat *n, int c)
{
    const struct {
        int letter;
        bool *flag;
    } flags[] = {
        {'r', &n->routes},
        {'i', &n->interfaces},
        {'M', &n->masquerade},
        {'s', &n->statistics},
        {'t', &n->tcp},
        {'u', &n->udp},
        {'U', &n->udplite},
        {'S', &n->sctp},
        {'w', &n->raw},
        {'a', &n->all},
        {'l', &n->listening},
        {'n', &n->numeric},
        {'C', &n->cache},
        {'F', &n->fib},
        {'o', &n->timers},
        {'p', &n->programs},
        {'v', &n->verbose},
        {'g', &n->groups},
        {'c', &n->continuous},
        {'2', &n->bluetooth},
        {'f', &n->bluetooth},
        {NUMERIC_HOSTS, &n->numeric_hosts},
        {NUMERIC_PORTS, &n->numeric_ports},
        {NUMERIC_USERS, &n->numeric_users},
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
    case 'd': /* debugging, of which there is none */
    case 'W': /* addresses of 22 characters and less are never cut */
    case 'N':
        return -1;
    case '4':
        add_family(n, AF_INET_ROW);
        return -1;
    case '6':
        add_family(n, AF_INET6_ROW);
        return -1;
    case 'x':
        add_family(n, AF_UNIX_ROW);
        return -1;
    case 'A':
        return take_families(n, o->arg);
    case 'V':
        return net_tools_version(n->env, &version);
    case 'h':
        return net_tools_usage(n->env, usage_text, true);
    case 'Z':
        sink_puts(n->env->err, "SELinux is not enabled on this machine.\n");
        return 1;
    default:
        if (c < FAMILY)
            return net_tools_usage(n->env, usage_text, false);
        add_family(n, (size_t)(c - FAMILY));
        return -1;
    }
}

/* ---- listings ---- */

static int show_routes(const struct netstat *n)
{
    if (n->ax25 || n->ipx || n->netrom || n->rose || n->x25)
        return refuse(n->env, "the routes of this family");
    /* its -e and no -e are route's the other way round */
    static const int columns[] = {2, 1, 3};
    struct route_show show = {.extended = columns[n->extended > 2 ? 2 : n->extended],
                              .numeric = n->numeric,
                              .cache = n->cache,
                              .fib = n->fib || !n->cache};
    return route_show_families(n->env, n->families.len ? n->families.data : "inet", &show);
}

struct interfaces {
    const struct netstat *n;
    const struct netns *ns;
};

/* do_if_print() */
static bool show_interface(const struct iface *i, void *arg)
{
    const struct interfaces *in = arg;
    if (!in->n->all && !(i->flags & VNET_IFF_UP))
        return true;
    if (in->n->extended)
        iface_print_long(in->n->env->out, in->ns, i);
    else
        iface_print_short(in->n->env->out, i);
    return true;
}

static int show_interfaces(const struct netstat *n)
{
    struct vnet *w;
    struct netns *ns;
    struct sink *out = n->env->out;
    if (cmd_begin(n->env, &w, &ns) < 0)
        return 1;
    sink_puts(out, "Kernel Interface table\n");
    if (!n->extended)
        sink_puts(out, "Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP "
                       "TX-OVR Flg\n");
    struct interfaces in = {n, ns};
    bool whole = iface_each(ns, n->env->err, show_interface, &in);
    if (!whole)
        sink_puts(n->env->err, "missing interface information: No such device\n");
    return cmd_commit(n->env) < 0 || !whole ? 1 : 0;
}

static int show_statistics(const struct netstat *n)
{
    const char *family = n->families.len ? n->families.data : "inet";
    bool inet6 = strcmp(family, "inet6") == 0;
    if (inet6 || strcmp(family, "inet") == 0)
        return netstat_statistics(n, inet6);
    sink_printf(n->env->out, "netstat: No statistics support for specified address family: %s\n",
                family);
    return 1;
}

static bool names_protocol(const struct netstat *n)
{
    return n->tcp || n->sctp || n->udp || n->udplite || n->raw;
}

/* What one option says of others. */
static void complete_flags(struct netstat *n)
{
    if ((n->inet || n->inet6 || n->statistics) && !names_protocol(n))
        n->no_protocol = n->tcp = n->sctp = n->udp = n->udplite = n->raw = true;
    if ((names_protocol(n) || n->groups) && !n->inet && !n->inet6)
        n->inet = n->inet6 = true;
}

static int run(struct netstat *n)
{
    if (n->routes + n->interfaces + n->masquerade + n->statistics > 1)
        return net_tools_usage(n->env, usage_text, false);
    complete_flags(n);
    if (n->masquerade) {
        sink_puts(n->env->err, "netstat: no support for `ip_masquerade' on this system.\n");
        return 1;
    }
    if (n->statistics)
        return show_statistics(n);
    if (n->continuous)
        return refuse(n->env, "a continuous listing (-c)");
    if (n->routes)
        return show_routes(n);
    if (n->interfaces)
        return show_interfaces(n);
    return netstat_sockets(n);
}

int netstat_main(struct cmd_env *env, int argc, char **argv)
{
    struct netstat n = {.env = env};
    struct options o;
    int c, status = -1;
    options_init(&o, argc, argv, "A:CFMSUVWZacdf246eghilnNoprstuvwx", long_options, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    o.not_emulated = not_emulated;
    while (status < 0 && (c = options_next(&o)) != -1)
        status = take_option(&n, &o, c);
    if (status < 0)
        status = env->complete ? 1 : run(&n);
    options_release(&o);
    strbuf_release(&n.families);
    return status;
}
