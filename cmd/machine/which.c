/* which (debianutils 5.7): where a shell of root on Debian 12 finds what is emulated. */
#include <string.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/options.h"
#include "cmd/text/text.h"

/* The folder, NULL: there is no such program. */
static const char *folder_of(const char *name)
{
    static const char *const sbin[] = {"arp",      "brctl",   "bridge", "ethtool",
                                       "ifconfig", "ip",      "lsmod",  "modprobe",
                                       "route",    "service", "sysctl", "traceroute"};
    static const char *const shells[] = {"bash", "sh"};
    for (size_t i = 0; i < ARRAY_LEN(shells); i++)
        if (strcmp(name, shells[i]) == 0)
            return "/usr/bin";
    const struct tool *tool = tool_find(name);
    if ((!tool || tool->origin != TOOL_REAL) && !text_tool_find(name) && !machine_tool_find(name))
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(sbin); i++)
        if (strcmp(name, sbin[i]) == 0)
            return "/usr/sbin";
    return "/usr/bin";
}

int which_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    options_init(&o, argc, argv, "", NULL, env->err);
    int status = options_next(&o) == -1 ? 0 : machine_usage(env, argv[0], 2);
    bool asked = status == 0;
    for (int i = 0; asked && i < o.noperands; i++) {
        const char *folder = folder_of(o.operands[i]);
        if (folder)
            sink_printf(env->out, "%s/%s\n", folder, o.operands[i]);
        else
            status = 1;
    }
    if (asked && o.noperands == 0)
        status = 1;
    options_release(&o);
    return status;
}
