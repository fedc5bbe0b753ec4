/* What stands in an activated shell's way to this machine: sudo, su, tools that vnet has not. */
#include <string.h>

#include "base/mem.h"
#include "cmd/options.h"
#include "cmd/vnet/activate.h"

const char *const guard_names[] = {
    "conntrack",
    "dhclient",
    "dhcpcd",
    "ebtables",
    "ethtool",
    "genl",
    "ifdown",
    "ifup",
    "ip6tables",
    "ipmaddr",
    "ipset",
    "iptables",
    "iptables-restore",
    "iptunnel",
    "iw",
    "iwconfig",
    "mii-tool",
    "modprobe",
    "nameif",
    "networkctl",
    "nft",
    "nmcli",
    "ovs-vsctl",
    "rmmod",
    "rdma",
    "slattach",
    "ss",
    "tc",
    "tunctl",
    "udhcpc",
    "vconfig",
    NULL,
};

static int guard_main(struct cmd_env *env, int argc, char **argv)
{
    (void)argc;
    sink_printf(env->err,
                "%s: vnet does not emulate this tool, and in this shell this machine's own is not "
                "run\n",
                argv[0]);
    return 127;
}

const struct tool *guard_find(const char *name)
{
    static const struct tool guard = {
        "", "", guard_main, TOOL_WRITE_IGNORED, TOOL_REAL, false,
    };
    for (size_t i = 0; guard_names[i]; i++)
        if (strcmp(guard_names[i], name) == 0)
            return &guard;
    return NULL;
}

/* ---- sudo, su ---- */

static const struct long_option sudo_longs[] = {
    {"askpass", 0, 'A'},  {"non-interactive", 0, 'n'}, {"preserve-env", 2, 'E'},
    {"set-home", 0, 'H'}, {"stdin", 0, 'S'},           {"user", 1, 'u'},
    {NULL, 0, 0},
};

static int sudo_refuse(struct cmd_env *env, const char *what, const char *word)
{
    sink_printf(env->err, "sudo: vnet's runs vnet's tools only, not %s%s\n", what, word);
    return 1;
}

/* Nobody is asked for a password and the environment stays, so the options that say so are met. */
static int sudo_option(struct cmd_env *env, int option, const char *arg)
{
    if (option == 'u' && strcmp(arg, "root") != 0 && strcmp(arg, "#0") != 0)
        return sudo_refuse(env, "as the user ", arg);
    if (option != '?')
        return 0;
    sink_puts(env->err, "usage: sudo [-AEHnS] [-u root] TOOL [ARGUMENT]... (vnet's: it runs "
                        "vnet's tools only)\n");
    return 1;
}

static int sudo_run(struct cmd_env *env, int argc, char **argv)
{
    if (argc == 0)
        return sudo_option(env, '?', NULL);
    if (env->complete && argc == 1) {
        complete_offer_source(env->complete, COMPLETE_TOOLS);
        return 1;
    }
    const char *slash = strrchr(argv[0], '/');
    const struct tool *tool = tool_find(slash ? slash + 1 : argv[0]);
    if (!tool || tool->origin != TOOL_REAL)
        return sudo_refuse(env, "", argv[0]);
    argv[0] = (char *)tool->name;
    return tool_run(tool, env, argc, argv);
}

int sudo_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    int status = 0;
    options_init(&o, argc, argv, "+AEHnSu:", sudo_longs, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    for (int c; status == 0 && (c = options_next(&o)) != -1;)
        status = sudo_option(env, c, o.arg);
    if (status == 0)
        status = sudo_run(env, o.noperands, o.operands);
    options_release(&o);
    return status;
}

int su_main(struct cmd_env *env, int argc, char **argv)
{
    static const char *const harmless[] = {"-", "-l", "--login", "root"};
    for (int i = 1; i < argc; i++) {
        bool known = false;
        for (size_t k = 0; k < ARRAY_LEN(harmless); k++)
            known |= strcmp(argv[i], harmless[k]) == 0;
        if (!known) {
            sink_printf(env->err, "su: vnet's has nothing to do, and does not run: su %s\n",
                        argv[i]);
            return 1;
        }
    }
    sink_puts(env->err, "su: vnet's tools need no root; this shell goes on as it is\n");
    return 0;
}
