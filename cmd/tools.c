#include <string.h>

#include "base/mem.h"
#include "cmd/arping/arping.h"
#include "cmd/brctl/brctl.h"
#include "cmd/bridge/bridge.h"
#include "cmd/can/can.h"
#include "cmd/check/check.h"
#include "cmd/cmd.h"
#include "cmd/complete.h"
#include "cmd/dmesg/dmesg.h"
#include "cmd/ethtool/ethtool.h"
#include "cmd/export/export.h"
#include "cmd/import/import.h"
#include "cmd/ip/ip.h"
#include "cmd/net-tools/arp.h"
#include "cmd/net-tools/ifconfig.h"
#include "cmd/net-tools/netstat.h"
#include "cmd/net-tools/route.h"
#include "cmd/nsenter/nsenter.h"
#include "cmd/nstat/nstat.h"
#include "cmd/picture/show.h"
#include "cmd/ping/ping.h"
#include "cmd/shell/main.h"
#include "cmd/sysctl/sysctl.h"
#include "cmd/quote.h"
#include "cmd/replay/lessons.h"
#include "cmd/replay/replay.h"
#include "cmd/tcpdump/tcpdump.h"
#include "cmd/teach/explain.h"
#include "cmd/teach/why.h"
#include "cmd/time/time.h"
#include "cmd/tracepath/tracepath.h"
#include "cmd/traceroute/traceroute.h"
#include "cmd/vnet/activate.h"
#include "cmd/vnet/history.h"
#include "cmd/vnet/vnet.h"
#include "vnet_history.h"

const struct tool tools[] = {
    {"activate", "print shell code that puts vnet's tools first on PATH", activate_main,
     TOOL_WRITE_REASON, TOOL_OWN, false},
    {"arp", "show and set the ARP table", arp_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"arping", "send ARP requests to a neighbour", arping_main, TOOL_WRITE_REASON, TOOL_REAL, true},
    {"brctl", "show and set bridges", brctl_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"bridge", "show and set bridges' ports, forwarding tables, VLANs", bridge_main,
     TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"candump", "show CAN frames as they come", candump_main, TOOL_WRITE_IGNORED, TOOL_REAL, true},
    {"cansend", "send a CAN frame", cansend_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"check", "say whether what a file asks for holds", check_main, TOOL_WRITE_REASON, TOOL_OWN,
     true},
    {"complete", "", complete_main, TOOL_WRITE_IGNORED, TOOL_OWN, false}, /* for shells */
    {"dmesg", "show what the kernel has logged", dmesg_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"ethtool", "show what devices tell of themselves", ethtool_main, TOOL_WRITE_IGNORED, TOOL_REAL,
     false},
    {"explain", "tell the way of a command's packets", explain_main, TOOL_WRITE_REASON,
     TOOL_OWN_IN_SHELL, true},
    {"export", "print the commands that rebuild the world", export_main, TOOL_WRITE_REASON,
     TOOL_OWN, false},
    {"help", "say what there is", help_main, TOOL_WRITE_REASON, TOOL_OWN, false},
    {"history", "list the commands that can be undone", history_main, TOOL_WRITE_REASON, TOOL_OWN,
     false},
    {"ifconfig", "show and set interfaces", ifconfig_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"import", "make a world from listings of a machine", import_main, TOOL_WRITE_REASON, TOOL_OWN,
     false},
    {"init", "make a new world", init_main, TOOL_WRITE_REASON, TOOL_OWN, false},
    {"ip", "show and set links, addresses, routes, neighbours", ip_main, TOOL_WRITE_IGNORED,
     TOOL_REAL, false},
    {"lesson", "list the lessons, or take one", lesson_main, TOOL_WRITE_REASON, TOOL_OWN, false},
    {"netstat", "show routes and interfaces", netstat_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"nsenter", "run a command in a network namespace", nsenter_main, TOOL_WRITE_IGNORED, TOOL_REAL,
     true},
    {"nstat", "show counters of the network stack", nstat_main, TOOL_WRITE_IGNORED, TOOL_REAL,
     false},
    {"ping", "send ICMP echo requests", ping_main, TOOL_WRITE_PLAIN, TOOL_REAL, true},
    {"ping4", "ping -4", ping_main, TOOL_WRITE_PLAIN, TOOL_REAL, true},
    {"ping6", "ping -6", ping_main, TOOL_WRITE_PLAIN, TOOL_REAL, true},
    {"redo", "do again what was undone", redo_main, TOOL_WRITE_REASON, TOOL_OWN_IN_SHELL, false},
    {"replay", "run a transcript and check its outputs", replay_main, TOOL_WRITE_REASON, TOOL_OWN,
     false},
    {"route", "show and set the IPv4 routing table", route_main, TOOL_WRITE_IGNORED, TOOL_REAL,
     false},
    {"sh", "a shell: vnet sh FILE, vnet sh -c COMMANDS; vnet alone", sh_main, TOOL_WRITE_REASON,
     TOOL_OWN, true},
    {"show", "draw the world", show_main, TOOL_WRITE_REASON, TOOL_OWN_IN_SHELL, false},
    {"sleep", "let time pass", sleep_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"snapshot", "keep the world under a name, go back to it, compare", snapshot_main,
     TOOL_WRITE_REASON, TOOL_OWN_IN_SHELL, false},
    {"su", "nothing: vnet's tools need no root", su_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"sudo", "run a tool of vnet's, and nothing else", sudo_main, TOOL_WRITE_IGNORED, TOOL_REAL,
     true},
    {"sysctl", "show and set kernel parameters", sysctl_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"tcpdump", "show packets as they pass", tcpdump_main, TOOL_WRITE_IGNORED, TOOL_REAL, true},
    {"timeout", "run a command for some time at most", timeout_main, TOOL_WRITE_REASON, TOOL_REAL,
     true},
    {"tracepath", "show the way and the path MTU to a host", tracepath_main, TOOL_WRITE_IGNORED,
     TOOL_REAL, true},
    {"traceroute", "show the way of packets to a host", traceroute_main, TOOL_WRITE_IGNORED,
     TOOL_REAL, true},
    {"traceroute6", "traceroute -6", traceroute6_main, TOOL_WRITE_IGNORED, TOOL_REAL, true},
    {"undo", "take back the last changes", undo_main, TOOL_WRITE_REASON, TOOL_OWN_IN_SHELL, false},
    {"unshare", "run a command in a network namespace of its own", unshare_main, TOOL_WRITE_IGNORED,
     TOOL_REAL, true},
    {"why", "find what would make a command work", why_main, TOOL_WRITE_REASON, TOOL_OWN_IN_SHELL,
     true},
    {.name = NULL},
};

const struct tool *tool_of(const struct tool *table, const char *name)
{
    for (const struct tool *t = table; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

const struct tool *tool_find(const char *name)
{
    return tool_of(tools, name);
}

/* What `vnet history` shows. */
static void note_command(struct cmd_env *env, int argc, char *const *argv)
{
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < argc; i++) {
        if (i)
            strbuf_addc(&text, ' ');
        quote_add(&text, argv[i]);
    }
    vnet_session_command_text(env->session, env->netns, strbuf_cstr(&text));
    strbuf_release(&text);
}

int tool_run(const struct tool *tool, struct cmd_env *env, int argc, char **argv)
{
    vnet_session_command(env->session);
    note_command(env, argc, argv);
    return tool->run(env, argc, argv);
}

int tool_write_status(const struct tool *tool, struct sink *err, int error, int status)
{
    if (error == 0 || tool->write_error == TOOL_WRITE_IGNORED)
        return status;
    if (tool->write_error == TOOL_WRITE_PLAIN)
        sink_printf(err, "%s: write error\n", tool->name);
    else
        sink_printf(err, "%s: write error: %s\n", tool->name, cmd_strerror(error));
    return 1;
}
