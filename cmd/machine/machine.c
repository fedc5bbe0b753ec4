#include "cmd/machine/machine.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

const struct tool machine_tools[] = {
    {"apt", "nothing: there are no packages", packages_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"apt-get", "nothing: there are no packages", packages_main, TOOL_WRITE_REASON, TOOL_REAL,
     false},
    {"dnf", "nothing: there are no packages", packages_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"hostname", "the machine's name and addresses", hostname_main, TOOL_WRITE_REASON, TOOL_REAL,
     false},
    {"id", "who you are: root", id_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"lsmod", "loaded modules: all is built in", lsmod_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"modprobe", "load a module: what is emulated is built in", modprobe_main, TOOL_WRITE_IGNORED,
     TOOL_REAL, false},
    {"service", "nothing: there are no services", services_main, TOOL_WRITE_REASON, TOOL_REAL,
     false},
    {"systemctl", "nothing: there are no services", services_main, TOOL_WRITE_REASON, TOOL_REAL,
     false},
    {"uname", "the kernel's name and release", uname_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"which", "where commands are", which_main, TOOL_WRITE_IGNORED, TOOL_REAL, false},
    {"whoami", "who you are: root", whoami_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {"yum", "nothing: there are no packages", packages_main, TOOL_WRITE_REASON, TOOL_REAL, false},
    {.name = NULL},
};

const struct tool *machine_tool_find(const char *name)
{
    return tool_of(machine_tools, name);
}

bool machine_tool_tells(const char *name)
{
    const struct tool *t = machine_tool_find(name);
    return t && t->run != modprobe_main;
}

void machine_release(struct cmd_env *env, char *buf, size_t size)
{
    const uint32_t version = cmd_profile(env)->kernel.version;
    snprintf(buf, size, "%u.%u.%u-vnet", version >> 16, version >> 8 & 0xff, version & 0xff);
}

int machine_usage(struct cmd_env *env, const char *name, int status)
{
    sink_printf(env->err, "vnet: that option of %s is not emulated; see help %s\n", name, name);
    return status;
}
