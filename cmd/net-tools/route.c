#include "cmd/net-tools/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/net-tools/about.h"
#include "cmd/options.h"

enum { /* values of long options without a letter */
       AF_OTHER = 1,
       AF_IPV4 = 256,
};
static const char not_emulated[] = {'6', AF_OTHER, '\0'};

static const struct long_option long_options[] = {
    {"ip", 0, AF_IPV4},
    {"inet", 0, AF_IPV4},
    {"inet6", 0, '6'},
    {"ax25", 0, AF_OTHER},
    {"ddp", 0, AF_OTHER},
    {"ipx", 0, AF_OTHER},
    {"netrom", 0, AF_OTHER},
    {"rose", 0, AF_OTHER},
    {"x25", 0, AF_OTHER},
    {"extend", 0, 'e'},
    {"verbose", 0, 'v'},
    {"version", 0, 'V'},
    {"numeric", 0, 'n'},
    {"symbolic", 0, 'N'},
    {"protocol", 1, 'A'},
    {"cache", 0, 'C'},
    {"fib", 0, 'F'},
    {"help", 0, 'h'},
    {NULL, 0, 0},
};

static const struct net_tools_version version = {
    .authors = "", .features = "+NEW_ADDRT +RTF_IRTT +RTF_REJECT +I18N +SELINUX", .hardware = ""};

struct route_run {
    struct cmd_env *env;
    struct route_show show;
    unsigned families; /* how often IPv4 was asked for; 0: not at all, which means once */
    bool help;
};

static const char usage_text[] =
    "Usage: route [-nNvee] [-FC] [<AF>]           List kernel routing tables\n"
    "       route [-v] [-FC] {add|del|flush} ...  Modify routing table for AF.\n"
    "\n"
    "       route {-h|--help} [<AF>]              Detailed usage syntax for specified AF.\n"
    "       route {-V|--version}                  Display version/author and exit.\n"
    "\n"
    "        -v, --verbose            be verbose\n"
    "        -n, --numeric            don't resolve names\n"
    "        -e, --extend             display other/more information\n"
    "        -F, --fib                display Forwarding Information Base (default)\n"
    "        -C, --cache              display routing cache instead of FIB\n"
    "\n"
    "  <AF>=Use -4, -6, '-A <af>' or '--<af>'; default: inet\n"
    "  List of possible address families (which support routing):\n";

static int unsupported(struct cmd_env *env, const char *family)
{
    sink_printf(env->err, "route: vnet's route knows the address family inet only, not %s%s\n",
                family, strcmp(family, "inet6") == 0 ? " (use `ip -6 route')" : "");
    return 1;
}

/* -A: a list of families. */
static int add_families(struct route_run *r, const char *list)
{
    static const char *const ipv4[] = {"inet", "ip", "tcpip"};
    static const char *const others[] = {"inet6", "ax25", "netrom", "rose", "ipx", "ddp", "x25"};
    char name[32];
    do {
        size_t n = strcspn(list, ",");
        memcpy(name, list, n < sizeof(name) ? n : sizeof(name) - 1);
        name[n < sizeof(name) ? n : sizeof(name) - 1] = '\0';
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(ipv4); i++)
            known |= strcmp(name, ipv4[i]) == 0;
        for (size_t i = 0; i < ARRAY_LEN(others); i++)
            if (strcmp(name, others[i]) == 0)
                return unsupported(r->env, name);
        if (!known) {
            sink_printf(r->env->err, "Unknown address family `%.*s'.\n", (int)n, list);
            return 1;
        }
        r->families++;
        list += n + (list[n] == ',');
    } while (*list);
    return 0;
}

/* -1: go on; else the exit status. */
static int take_option(struct route_run *r, struct options *o, int c)
{
    int rc = 0;
    switch (c) {
    case 'n':
    case 'N':
        r->show.numeric = true;
        break;
    case 'v': /* nothing more is said of IPv4 */
        break;
    case 'e':
        r->show.extended++;
        break;
    case 'C':
        r->show.cache = true;
        break;
    case 'F':
        r->show.fib = true;
        break;
    case '4':
    case AF_IPV4:
        r->families++;
        break;
    case '6':
        return unsupported(r->env, "inet6");
    case AF_OTHER:
        return unsupported(r->env, "this one");
    case 'A':
        rc = add_families(r, o->arg);
        return rc ? rc : -1;
    case 'V':
        return net_tools_version(r->env, &version);
    default: /* -h, -?, a wrong option */
        r->help = true;
    }
    return -1;
}

static int show_all(struct route_run *r)
{
    int rc = 0;
    if (!r->show.cache)
        r->show.fib = true;
    for (unsigned i = 0; rc == 0 && i < (r->families ? r->families : 1); i++)
        rc = route_show(r->env, &r->show);
    return rc;
}

static int flush(struct cmd_env *env)
{
    sink_puts(env->err, "Flushing `inet' routing table not supported\n");
    return route_usage_inet(env->err);
}

static int edit(struct route_run *r, bool add, char **argv)
{
    if (!r->show.cache)
        return route_edit(r->env, add, argv);
    sink_puts(r->env->err, "Modifying `inet' routing cache not supported\n");
    return route_usage_inet(r->env->err);
}

static int complete_operands(const struct completion *c, char **argv)
{
    if (argv[0] && !argv[1])
        complete_offer_words(c, "add del");
    else if (argv[0])
        route_edit_complete(c, argv + 1);
    return 1;
}

/* What is left when the options are gone. */
static int run_words(struct route_run *r, char **argv)
{
    if (r->env->complete)
        return complete_operands(r->env->complete, argv);
    if (r->help && !r->families)
        return net_tools_usage(r->env, usage_text, true);
    if (r->help) {
        route_usage_inet(r->env->out);
        return 0;
    }
    if (!*argv)
        return show_all(r);
    if (strcmp(*argv, "add") == 0)
        return edit(r, true, argv + 1);
    if (strcmp(*argv, "del") == 0 || strcmp(*argv, "delete") == 0)
        return edit(r, false, argv + 1);
    return strcmp(*argv, "flush") == 0 ? flush(r->env) : net_tools_usage(r->env, usage_text, false);
}

/* -net and -host are no options: hidden from the option parser by its own trick. */
static void swap_words(int argc, char **argv, char from, char to)
{
    char net[] = "?net", host[] = "?host";
    net[0] = host[0] = from;
    for (int i = 1; i < argc; i++)
        if (argv[i] && (strcmp(argv[i], net) == 0 || strcmp(argv[i], host) == 0))
            argv[i][0] = to;
}

int route_main(struct cmd_env *env, int argc, char **argv)
{
    struct route_run r = {.env = env, .show = {.extended = 1}};
    struct options o;
    char **copy = mem_calloc((size_t)argc + 1, sizeof(*copy));
    for (int i = 0; i < argc; i++)
        copy[i] = mem_strdup(argv[i]);
    swap_words(argc, copy, '-', '#');
    options_init(&o, argc, copy, "A:eCFhnN64Vv?", long_options, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    o.not_emulated = not_emulated;
    int c, rc = -1;
    while (rc < 0 && (c = options_next(&o)) != -1)
        rc = take_option(&r, &o, c);
    if (rc < 0) {
        char **words = mem_calloc((size_t)o.noperands + 1, sizeof(*words));
        memcpy(words, o.operands, (size_t)o.noperands * sizeof(*words));
        swap_words(o.noperands, words, '#', '-');
        rc = run_words(&r, words);
        free(words);
    }
    options_release(&o);
    for (int i = 0; i < argc; i++)
        free(copy[i]);
    free(copy);
    return rc;
}
