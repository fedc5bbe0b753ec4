#include "cmd/vnet/vnet.h"

static void list_tools(struct sink *out, bool vnets_own)
{
    for (const struct tool *t = tools; t->name; t++)
        if ((t->origin != TOOL_REAL) == vnets_own && *t->summary)
            sink_printf(out, "  %-10s %s\n", t->name, t->summary);
}

int help_main(struct cmd_env *env, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    sink_puts(env->out,
              "Usage: vnet [OPTION]... TOOL [ARGUMENT]...\n"
              "Linux networking as typed at a shell, emulated: no root, no Linux needed.\n\n"
              "  -f FILE           the state file (else $VNET_STATE, else vnet/state.json in\n"
              "                    ${XDG_STATE_HOME:-~/.local/state})\n"
              "  --clock MODE      real (the default) or virtual; also $VNET_CLOCK\n"
              "  --profile NAME    the kernel and tools to imitate; also $VNET_PROFILE\n"
              "  --help, --version\n\n"
              "Tools, also to be called by their own names through links to vnet:\n");
    list_tools(env->out, false);
    sink_puts(env->out, "\nOnly as vnet TOOL:\n");
    list_tools(env->out, true);
    sink_puts(env->out, "\nProfiles:\n");
    for (const struct vnet_profile *p = vnet_profiles(); p->name; p++)
        sink_printf(env->out, "  %-10s %s\n", p->name, p->summary);
    return 0;
}
