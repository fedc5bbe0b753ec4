/* arp: options and usage. */
#include "cmd/net-tools/arp.h"

#include <string.h>

#include "cmd/net-tools/about.h"
#include "cmd/options.h"

static const struct long_option long_options[] = {
    {"verbose", 0, 'v'},  {"version", 0, 'V'}, {"all", 0, 'a'},  {"delete", 0, 'd'},
    {"file", 0, 'f'},     {"numeric", 0, 'n'}, {"set", 0, 's'},  {"protocol", 1, 'A'},
    {"hw-type", 1, 'H'},  {"device", 1, 'i'},  {"help", 0, 'h'}, {"use-device", 0, 'D'},
    {"symbolic", 0, 'N'}, {NULL, 0, 0},
};

static const char usage_text[] =
    "Usage:\n"
    "  arp [-vn]  [<HW>] [-i <if>] [-a] [<hostname>]             <-Display ARP cache\n"
    "  arp [-v]          [-i <if>] -d  <host> [pub]               <-Delete ARP entry\n"
    "  arp [-vnD] [<HW>] [-i <if>] -f  [<filename>]            <-Add entry from file\n"
    "  arp [-v]   [<HW>] [-i <if>] -s  <host> <hwaddr> [temp]            <-Add entry\n"
    "  arp [-v]   [<HW>] [-i <if>] -Ds <host> <if> [netmask <nm>] pub          <-''-\n"
    "\n"
    "        -a                       display (all) hosts in alternative (BSD) style\n"
    "        -e                       display (all) hosts in default (Linux) style\n"
    "        -s, --set                set a new ARP entry\n"
    "        -d, --delete             delete a specified entry\n"
    "        -v, --verbose            be verbose\n"
    "        -n, --numeric            don't resolve names\n"
    "        -i, --device             specify network interface (e.g. eth0)\n"
    "        -D, --use-device         read <hwaddr> from given device\n"
    "        -A, -p, --protocol       specify protocol family\n"
    "        -f, --file               read new entries from file or from /etc/ethers\n"
    "\n"
    "  <HW>=Use '-H <hw>' to specify hardware address type. Default: ether\n"
    "  List of possible hardware types (which support ARP):\n";

/* The list goes to standard error whatever the rest goes to. */
int arp_usage(const struct arp_run *r, struct sink *to)
{
    sink_puts(to, usage_text);
    hwtype_list(r->env->err, true);
    return to == r->env->err ? ARP_E_USAGE : 0;
}

static const struct net_tools_version version = {
    .authors = "", .features = "+I18N +SELINUX", .hardware = "(ether)"};

/* -A: 0, or the exit status. */
static int check_family(const struct arp_run *r, const char *name)
{
    static const char *const others[] = {"unix", "inet6", "ax25", "netrom", "rose", "ipx",
                                         "ddp",  "ec",    "ash",  "x25",    NULL};
    if (strcmp(name, "inet") == 0)
        return 0;
    for (size_t i = 0; others[i]; i++) {
        if (strcmp(others[i], name) == 0) {
            sink_printf(r->env->err, "arp: %s: kernel only supports 'inet'.\n", name);
            return ARP_E_FAILED;
        }
    }
    sink_printf(r->env->err, "arp: %s: unknown address family.\n", name);
    return ARP_E_FAILED;
}

static int take_hw(struct arp_run *r, const char *name)
{
    r->hw = hwtype_find(name);
    r->hw_given = true;
    if (r->hw && r->hw->arp)
        return 0;
    sink_printf(r->env->err,
                r->hw ? "arp: %s: hardware type without ARP support.\n"
                      : "arp: %s: unknown hardware type.\n",
                name);
    return ARP_E_FAILED;
}

/* -1: go on; else the exit status. */
static int take_option(struct arp_run *r, const struct options *o, int c, int *what)
{
    int status = 0;
    switch (c) {
    case 'a':
        r->all = true;
        *what = c;
        break;
    case 'f':
    case 'd':
    case 's':
        *what = c;
        break;
    case 'e':
        r->linux_style = true;
        break;
    case 'n':
        r->numeric = true;
        break;
    case 'D':
        r->from_device = true;
        break;
    case 'N':
        sink_puts(r->env->err, "arp: -N not yet supported.\n");
        break;
    case 'v':
        r->verbose = true;
        break;
    case 'A':
    case 'p':
        status = check_family(r, o->arg);
        return status ? status : -1;
    case 'H':
    case 't':
        status = take_hw(r, o->arg);
        return status ? status : -1;
    case 'i':
        memset(r->dev, 0, sizeof(r->dev));
        memcpy(r->dev, o->arg, strnlen(o->arg, sizeof(r->dev) - 1));
        break;
    case 'V':
        return net_tools_version(r->env, &version);
    case 'h':
        return arp_usage(r, r->env->out);
    default:
        return arp_usage(r, r->env->err);
    }
    return -1;
}

static int run(struct arp_run *r, int what, char **words)
{
    struct vnet *w;
    int status;
    if (r->env->complete) {
        arp_complete(r->env->complete, words);
        return 1;
    }
    if (cmd_begin(r->env, &w, &r->ns) < 0)
        return 1;
    switch (what) {
    case 'f':
        status = arp_file(r, words[0] ? words[0] : "/etc/ethers");
        break;
    case 'd':
        status = arp_del(r, words);
        break;
    case 's':
        status = arp_set(r, words);
        break;
    default:
        r->linux_style |= what == 0;
        status = arp_show(r, words[0]);
    }
    return cmd_commit(r->env) < 0 ? 1 : status;
}

int arp_main(struct cmd_env *env, int argc, char **argv)
{
    struct arp_run r = {.env = env, .hw = hwtype_find("ether")};
    struct options o;
    int c, what = 0, status = -1;
    options_init(&o, argc, argv, "A:H:adfp:nsei:t:vh?DNV", long_options, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    o.operands_too = true;
    while (status < 0 && (c = options_next(&o)) != -1)
        status = take_option(&r, &o, c, &what);
    if (status < 0) {
        o.operands[o.noperands] = NULL;
        status = run(&r, what, o.operands);
    }
    options_release(&o);
    return status;
}
