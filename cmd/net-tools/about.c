#include "cmd/net-tools/about.h"

int net_tools_version(struct cmd_env *env, const struct net_tools_version *about)
{
    sink_printf(env->out, "net-tools %s\n", cmd_profile(env)->tools.net_tools);
    if (about)
        sink_printf(
            env->out,
            "%s%s\n"
            "AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE "
            "-BLUETOOTH\n"
            "HW: %s +ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT "
            "+FDDI +HIPPI +HDLC/LAPB +EUI64 \n",
            about->authors, about->features, about->hardware);
    return 0;
}

/* The list goes to standard error whatever the rest goes to. */
int net_tools_usage(struct cmd_env *env, const char *text, bool asked_for)
{
    sink_puts(asked_for ? env->out : env->err, text);
    sink_puts(env->err, "    inet (DARPA Internet) inet6 (IPv6) ax25 (AMPR AX.25) \n"
                        "    netrom (AMPR NET/ROM) rose (AMPR ROSE) ipx (Novell IPX) \n"
                        "    ddp (Appletalk DDP) x25 (CCITT X.25) \n");
    return asked_for ? 0 : NET_TOOLS_E_USAGE;
}
