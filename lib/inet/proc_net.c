/* Files below /proc/net: their table (vnet_proc.h). */
#include "vnet_proc.h"

#include <errno.h>
#include <string.h>

#include "inet/proc_net.h"

static const struct proc_file {
    const char *name;
    void (*show)(struct netns *ns, struct strbuf *out);
} files[] = {
    {"dev_mcast", proc_dev_mcast}, {"igmp", proc_igmp},
    {"igmp6", proc_igmp6},         {"ipv6_route", proc_ipv6_route},
    {"netstat", proc_netstat},     {"raw", proc_raw},
    {"raw6", proc_raw6},           {"route", proc_route},
    {"snmp", proc_snmp},           {"snmp6", proc_snmp6},
};

int vnet_proc_net(struct netns *ns, const char *name, struct strbuf *out)
{
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (strcmp(files[i].name, name) == 0) {
            files[i].show(ns, out);
            return 0;
        }
    }
    return -ENOENT;
}

const char *vnet_proc_net_name(size_t i)
{
    return i < sizeof(files) / sizeof(files[0]) ? files[i].name : NULL;
}
