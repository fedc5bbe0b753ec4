#include "cmd/sysctl/sysctl.h"

#include <limits.h>
#include <string.h>

#include "cmd/options.h"

enum { OPT_SYSTEM = 1, OPT_DEPRECATED = CHAR_MAX + 1, OPT_DRY_RUN };
static const char not_emulated[] = {OPT_SYSTEM, '\0'};

static const struct long_option longs[] = {
    {"all", 0, 'a'},
    {"deprecated", 0, OPT_DEPRECATED},
    {"dry-run", 0, OPT_DRY_RUN},
    {"binary", 0, 'b'},
    {"ignore", 0, 'e'},
    {"names", 0, 'N'},
    {"values", 0, 'n'},
    {"load", 2, 'p'},
    {"quiet", 0, 'q'},
    {"write", 0, 'w'},
    {"system", 0, OPT_SYSTEM},
    {"pattern", 1, 'r'},
    {"help", 0, 'h'},
    {"version", 0, 'V'},
    {NULL, 0, 0},
};

static const char usage_text[] =
    "\n"
    "Usage:\n"
    " %s [options] [variable[=value] ...]\n"
    "\n"
    "Options:\n"
    "  -a, --all            display all variables\n"
    "  -A                   alias of -a\n"
    "  -X                   alias of -a\n"
    "      --deprecated     include deprecated parameters to listing\n"
    "      --dry-run        Print the key and values but do not write\n"
    "  -b, --binary         print value without new line\n"
    "  -e, --ignore         ignore unknown variables errors\n"
    "  -N, --names          print variable names without values\n"
    "  -n, --values         print only values of the given variable(s)\n"
    "  -p, --load[=<file>]  read values from file\n"
    "  -f                   alias of -p\n"
    "      --system         read values from all system directories\n"
    "  -r, --pattern <expression>\n"
    "                       select setting that match expression\n"
    "  -q, --quiet          do not echo variable set\n"
    "  -w, --write          enable writing a value to variable\n"
    "  -o                   does nothing\n"
    "  -x                   does nothing\n"
    "  -d                   alias of -h\n"
    "\n"
    " -h, --help     display this help and exit\n"
    " -V, --version  output version information and exit\n"
    "\n"
    "For more details see sysctl(8).\n";

static int usage(const struct sysctl_run *r, struct sink *to, int status)
{
    sink_printf(to, usage_text, r->name);
    return status;
}

static int version(const struct sysctl_run *r)
{
    sink_printf(r->env->out, "sysctl from procps-ng %s\n", cmd_profile(r->env)->tools.procps);
    return 0;
}

static int set_pattern(struct sysctl_run *r, const char *pattern)
{
    if (r->pattern_ok)
        regfree(&r->re);
    r->pattern = pattern;
    r->pattern_ok = regcomp(&r->re, pattern, REG_EXTENDED | REG_NOSUB) == 0;
    return -1;
}

static int refuse_system(const struct sysctl_run *r)
{
    sysctl_warn(r, "vnet does not read the system's settings: name files with -p");
    return 1;
}

/* -p[FILE]; more files are operands. */
static int set_load(struct sysctl_run *r, const char *file)
{
    r->load = file ? file : "";
    return -1;
}

static bool set_flag(struct sysctl_run *r, int option)
{
    const struct {
        int option;
        bool *flag;
    } flags[] = {
        {'b', &r->no_newline},
        {'b', &r->no_name},
        {'n', &r->no_name},
        {'e', &r->ignore_errors},
        {'N', &r->names_only},
        {'w', &r->write},
        {'q', &r->quiet},
        {'a', &r->all},
        {'A', &r->all},
        {'X', &r->all},
        {OPT_DEPRECATED, &r->deprecated},
        {OPT_DRY_RUN, &r->dry_run},
    };
    bool found = false;
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (flags[i].option == option)
            found = *flags[i].flag = true;
    }
    return found || option == 'o' || option == 'x';
}

/* The exit status, or -1 to go on. */
static int parse_option(struct sysctl_run *r, int option, const char *arg)
{
    if (set_flag(r, option))
        return -1;
    switch (option) {
    case 'r':
        return set_pattern(r, arg);
    case 'V':
        return version(r);
    case 'f':
    case 'p':
        return set_load(r, arg);
    case OPT_SYSTEM:
        return refuse_system(r);
    default: /* -h, -d and what there is not: on standard output, and a success */
        return usage(r, r->env->out, 0);
    }
}

static int complain(const struct sysctl_run *r, const char *what)
{
    sysctl_warn(r, "%s\nTry `%s --help' for more information.", what, r->name);
    return 1;
}

static int load(const struct sysctl_run *r, const struct options *o)
{
    static const char by_default[] = "/etc/sysctl.conf";
    const char *first = *r->load ? r->load : o->noperands ? NULL : by_default;
    return sysctl_load(r, first, o->operands, o->noperands);
}

static int run_operands(const struct sysctl_run *r, const struct options *o)
{
    int status = 0;
    if (r->load)
        return load(r, o);
    if (r->all)
        return sysctl_read_all(r);
    for (int i = 0; i < o->noperands; i++) {
        const char *operand = o->operands[i];
        if (r->write || strchr(operand, '='))
            status |= sysctl_write(r, operand);
        else
            status += sysctl_read(r, operand);
    }
    return status & 0xff;
}

static int run(struct sysctl_run *r, struct options *o)
{
    int option, status = -1;
    while (status < 0 && (option = options_next(o)) != -1)
        status = parse_option(r, option, o->arg);
    if (status >= 0)
        return status;
    if (!r->all && !r->load && o->noperands == 0)
        return complain(r, "no variables specified");
    if (!r->all && r->names_only && r->quiet)
        return complain(r, "options -N and -q cannot coexist");
    struct vnet *w;
    if (cmd_begin(r->env, &w, &r->ns) < 0)
        return 1;
    status = run_operands(r, o);
    return cmd_commit(r->env) < 0 ? 1 : status;
}

int sysctl_main(struct cmd_env *env, int argc, char **argv)
{
    struct sysctl_run r = {.env = env, .name = argv[0]};
    struct options o;
    if (argc < 2)
        return usage(&r, env->err, 1);
    options_init(&o, argc, argv, "bneNwfp::qoxaAXr:Vdh", longs, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    o.not_emulated = not_emulated;
    int status = run(&r, &o);
    options_release(&o);
    if (r.pattern_ok)
        regfree(&r.re);
    return status;
}
