/* Commands that would change a machine beyond its network: they say what is so, and succeed, so
 * that a script goes on. */
#include "cmd/machine/machine.h"

int packages_main(struct cmd_env *env, int argc, char **argv)
{
    (void)argc;
    sink_printf(env->err,
                "vnet: %s: nothing is installed or updated: the tools that are emulated are there "
                "(see help), no others\n",
                argv[0]);
    return 0;
}

int services_main(struct cmd_env *env, int argc, char **argv)
{
    (void)argc;
    sink_printf(env->err, "vnet: %s: nothing is started or stopped: there are no services here\n",
                argv[0]);
    return 0;
}
