#include "cmd/net-tools/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/net-tools/about.h"
#include "cmd/options.h"

enum { /* values of long options without a letter */
       AF_OTHER = 1,
};
static const char not_emulated[] = {AF_OTHER, '\0'};

static const struct long_option long_options[] = {
    {"ip", 0, '4'},
    {"inet", 0, '4'},
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

/* What is done for a family. */
struct family {
    const char *name;
    int (*show)(struct cmd_env *env, const struct route_show *how);
    int (*edit)(struct cmd_env *env, bool add, char **argv);
    void (*complete)(const struct completion *c, char **argv);
    int (*usage)(struct sink *to);
    bool edits_cache; /* it takes no notice of -C */
};

static const struct family families[] = {
    {"inet", route_show, route_edit, route_edit_complete, route_usage_inet, false},
    {"inet6", route6_show, route6_edit, route6_edit_complete, route6_usage, true},
};

struct route_run {
    struct cmd_env *env;
    struct route_show show;
    struct strbuf families; /* those asked for, with commas between; empty: inet */
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
    sink_printf(env->err,
                "route: vnet's route knows the address families inet and inet6 only, not %s\n",
                family);
    return 1;
}

static void add_family(struct route_run *r, const char *name)
{
    if (r->families.len)
        strbuf_addc(&r->families, ',');
    strbuf_adds(&r->families, name);
}

static int add_named_family(struct route_run *r, const char *name)
{
    static const struct {
        const char *word, *family; /* NULL: not emulated */
    } names[] = {{"inet", "inet"}, {"ip", "inet"}, {"tcpip", "inet"}, {"inet6", "inet6"},
                 {"ip6", "inet6"}, {"ax25", NULL}, {"netrom", NULL},  {"rose", NULL},
                 {"ipx", NULL},    {"ddp", NULL},  {"x25", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(name, names[i].word) != 0)
            continue;
        if (!names[i].family)
            return unsupported(r->env, name);
        add_family(r, names[i].family);
        return 0;
    }
    sink_printf(r->env->err, "Unknown address family `%s'.\n", name);
    return 1;
}

/* -A: a list of families. */
static int add_families(struct route_run *r, const char *list)
{
    int rc = 0;
    for (size_t n; rc == 0; list += n + 1) {
        n = strcspn(list, ",");
        char *name = mem_strndup(list, n);
        rc = add_named_family(r, name);
        free(name);
        if (!list[n])
            break;
    }
    return rc;
}

static const struct family *find_family(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(families); i++)
        if (strlen(families[i].name) == len && memcmp(families[i].name, name, len) == 0)
            return &families[i];
    return NULL;
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
        add_family(r, "inet");
        break;
    case '6':
        add_family(r, "inet6");
        break;
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

int route_show_families(struct cmd_env *env, const char *list, const struct route_show *how)
{
    int rc = 0;
    for (size_t n; rc == 0 && *list; list += n + (list[n] == ',')) {
        n = strcspn(list, ",");
        const struct family *f = find_family(list, n);
        if (!f) {
            sink_printf(env->err, "No routing for address family `%.*s'.\n", (int)n, list);
            return NET_TOOLS_E_USAGE;
        }
        rc = f->show(env, how);
    }
    return rc;
}

static const char *wanted_families(const struct route_run *r)
{
    return r->families.len ? r->families.data : "inet";
}

/* The family to be edited, of which there can be one only; NULL: it has said so. */
static const struct family *edited_family(const struct route_run *r)
{
    const char *name = wanted_families(r);
    const struct family *f = find_family(name, strlen(name));
    if (!f)
        sink_printf(r->env->err,
                    "Please don't supply more than one address family.\n"
                    "Address family `%s' not supported.\n",
                    name);
    return f;
}

static int show_all(struct route_run *r)
{
    if (!r->show.cache)
        r->show.fib = true;
    return route_show_families(r->env, wanted_families(r), &r->show);
}

static int flush(const struct route_run *r)
{
    const struct family *f = edited_family(r);
    if (!f)
        return NET_TOOLS_E_USAGE;
    sink_printf(r->env->err, "Flushing `%s' routing table not supported\n", f->name);
    return f->usage(r->env->err);
}

static int edit(struct route_run *r, bool add, char **argv)
{
    const struct family *f = edited_family(r);
    if (!f)
        return NET_TOOLS_E_USAGE;
    if (!r->show.cache || f->edits_cache)
        return f->edit(r->env, add, argv);
    sink_printf(r->env->err, "Modifying `%s' routing cache not supported\n", f->name);
    return f->usage(r->env->err);
}

static int help_of_family(const struct route_run *r)
{
    const struct family *f = edited_family(r);
    if (!f)
        return NET_TOOLS_E_USAGE;
    f->usage(r->env->out);
    return 0;
}

static int complete_operands(const struct route_run *r, char **argv)
{
    const struct completion *c = r->env->complete;
    const char *name = wanted_families(r);
    const struct family *f = find_family(name, strlen(name));
    if (argv[0] && !argv[1])
        complete_offer_words(c, "add del");
    else if (argv[0] && f)
        f->complete(c, argv + 1);
    return 1;
}

/* What is left when the options are gone. */
static int run_words(struct route_run *r, char **argv)
{
    if (r->env->complete)
        return complete_operands(r, argv);
    if (r->help && !r->families.len)
        return net_tools_usage(r->env, usage_text, true);
    if (r->help)
        return help_of_family(r);
    if (!*argv)
        return show_all(r);
    if (strcmp(*argv, "add") == 0)
        return edit(r, true, argv + 1);
    if (strcmp(*argv, "del") == 0 || strcmp(*argv, "delete") == 0)
        return edit(r, false, argv + 1);
    return strcmp(*argv, "flush") == 0 ? flush(r) : net_tools_usage(r->env, usage_text, false);
}

/* -net and -host are no options: hidden from the option parser by its own trick, "#net". */
static void hide_words(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (argv[i] && (strcmp(argv[i], "-net") == 0 || strcmp(argv[i], "-host") == 0))
            argv[i][0] = '#';
}

int route_main(struct cmd_env *env, int argc, char **argv)
{
    struct route_run r = {.env = env, .show = {.extended = 1}};
    struct options o;
    char **copy = mem_calloc((size_t)argc + 1, sizeof(*copy));
    for (int i = 0; i < argc; i++)
        copy[i] = mem_strdup(argv[i]);
    hide_words(argc, copy);
    options_init(&o, argc, copy, "A:eCFhnN64Vv?", long_options, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    o.operands_too = true;
    o.not_emulated = not_emulated;
    int c, rc = -1;
    while (rc < 0 && (c = options_next(&o)) != -1)
        rc = take_option(&r, &o, c);
    if (rc < 0) {
        char **words = mem_calloc((size_t)o.noperands + 1, sizeof(*words));
        memcpy(words, o.operands, (size_t)o.noperands * sizeof(*words));
        rc = run_words(&r, words);
        free(words);
    }
    options_release(&o);
    strbuf_release(&r.families);
    for (int i = 0; i < argc; i++)
        free(copy[i]);
    free(copy);
    return rc;
}
