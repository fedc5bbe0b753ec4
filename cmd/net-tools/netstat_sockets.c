/* netstat: sockets. No world has any of TCP, of UDP or of UNIX; raw ones are there while a ping
 * runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/net-tools/inet.h"
#include "cmd/net-tools/netstat.h"
#include "vnet_proc.h"

static const char *which(const struct netstat *n)
{
    return n->all ? "servers and established" : n->listening ? "only servers" : "w/o servers";
}

static void head_internet(const struct netstat *n)
{
    struct sink *out = n->env->out;
    sink_printf(out,
                "Active Internet connections (%s)\n"
                "Proto Recv-Q Send-Q Local Address           Foreign Address         State      ",
                which(n));
    if (n->extended)
        sink_puts(out, " User       Inode     ");
    if (n->programs)
        sink_puts(out, " PID/Program name    ");
    if (n->timers)
        sink_puts(out, " Timer");
    sink_puts(out, "\n");
}

static void head_unix(const struct netstat *n)
{
    sink_printf(n->env->out,
                "Active UNIX domain sockets (%s)\n"
                "Proto RefCnt Flags       Type       State         I-Node  %s Path\n",
                which(n), n->programs ? " PID/Program name    " : "");
}

/* ---- raw sockets ---- */

struct raw_line { /* of /proc/net/raw, raw6 */
    struct inet_addr local, remote;
    unsigned protocol, state;
    unsigned long sent, received, inode;
};

static unsigned hex_byte(const char *p)
{
    const char digits[3] = {p[0], p[1], '\0'};
    return (unsigned)strtoul(digits, NULL, 16);
}

/* Words of four bytes, each as a little-endian machine has it. */
static bool read_address(const char *hex, struct inet_addr *a)
{
    size_t n = strlen(hex) / 2;
    if (n != 4 && n != 16)
        return false;
    *a = (struct inet_addr){.family = n == 4 ? VNET_AF_INET : VNET_AF_INET6};
    for (size_t i = 0; i < n; i++)
        a->bytes[i / 4 * 4 + 3 - i % 4] = (uint8_t)hex_byte(hex + 2 * i);
    return true;
}

static bool read_raw(const char *line, struct raw_line *r)
{
    char local[33], remote[33];
    return sscanf(line, "%*d: %32[0-9A-F]:%X %32[0-9A-F]:%*X %X %lX:%lX %*X:%*X %*X %*d %*d %lu",
                  local, &r->protocol, remote, &r->state, &r->sent, &r->received, &r->inode) == 7 &&
           read_address(local, &r->local) && read_address(remote, &r->remote);
}

static bool is_wanted(const struct netstat *n, const struct raw_line *r)
{
    return n->all || inet_addr_is_any(&r->remote) == n->listening;
}

/* addr_do_one(): the port of a raw socket is its protocol. */
static void put_address(const struct netstat *n, const struct inet_addr *a, unsigned protocol,
                        char *buf, size_t size)
{
    char text[INET_NAME_MAX];
    bool named = !n->numeric && !n->numeric_ports;
    bool brackets = a->family == VNET_AF_INET6 && !n->numeric && !n->numeric_hosts;
    int len = snprintf(buf, size, brackets ? "[%s]:" : "%s:", inet6_number(a, text));
    const char *name = protocol == 0             ? "*"
                       : named && protocol == 1  ? "icmp"
                       : named && protocol == 58 ? "ipv6-icmp"
                                                 : NULL;
    if (name)
        snprintf(buf + len, size - (size_t)len, "%s", name);
    else
        snprintf(buf + len, size - (size_t)len, "%u", protocol);
}

static void print_raw(const struct netstat *n, const struct raw_line *r, const char *protocol)
{
    struct sink *out = n->env->out;
    char local[96], remote[96];
    put_address(n, &r->local, r->protocol, local, sizeof(local));
    put_address(n, &r->remote, 0, remote, sizeof(remote));
    sink_printf(out, "%-4s  %6lu %6lu %-23s %-23s %-11u", protocol, r->received, r->sent, local,
                remote, r->state);
    if (n->extended)
        sink_printf(out, " %-10s %-10lu", n->numeric || n->numeric_users ? "0" : "root", r->inode);
    if (n->programs)
        sink_puts(out, " -                   ");
    sink_puts(out, n->timers ? " off (0.00/0/0)\n" : "\n");
}

static void list_raw(const struct netstat *n, struct netns *ns, const char *file)
{
    struct strbuf text = STRBUF_INIT;
    struct raw_line r;
    if (vnet_proc_net(ns, file, &text) == 0)
        for (const char *line = strchr(text.data, '\n'); line && line[1];
             line = strchr(line + 1, '\n'))
            if (read_raw(line + 1, &r) && is_wanted(n, &r))
                print_raw(n, &r, file);
    strbuf_release(&text);
}

/* ---- groups ---- */

static void print_group(const struct netstat *n, const char *dev, unsigned users, const char *group)
{
    sink_printf(n->env->out, "%-15s %-6u %s\n", dev, users, group);
}

/* Lines of groups are indented; `dev` is the last that was named. */
static void group_line4(const struct netstat *n, const char *line, char dev[VNET_IFNAMSIZ])
{
    unsigned long group;
    unsigned users;
    char name[INET_NAME_MAX];
    if (*line != '\t') {
        sscanf(line, "%*d %15s", dev);
        return;
    }
    if (sscanf(line, "%8lx %u", &group, &users) != 2)
        return;
    uint32_t g = (uint32_t)group; /* as a little-endian machine has the bytes */
    g = g >> 24 | (g >> 8 & 0xff00) | (g << 8 & 0xff0000) | g << 24;
    bool numeric = n->numeric || n->numeric_hosts;
    print_group(n, dev, users, numeric ? inet_number(g, name) : inet_name(g, true, name));
}

static void group_line6(const struct netstat *n, const char *line)
{
    struct inet_addr a = {.family = VNET_AF_INET6};
    char dev[VNET_IFNAMSIZ], hex[33], text[INET_ADDRSTRLEN_MAX];
    unsigned users;
    if (sscanf(line, "%*d %15s %32s %u", dev, hex, &users) != 3 || strlen(hex) != 32)
        return;
    for (size_t i = 0; i < 16; i++)
        a.bytes[i] = (uint8_t)hex_byte(hex + 2 * i);
    print_group(n, dev, users, inet_addr_str(&a, text));
}

static void list_groups(const struct netstat *n, struct netns *ns, const char *file)
{
    struct strbuf text = STRBUF_INIT;
    char dev[VNET_IFNAMSIZ] = "";
    const char *end;
    vnet_proc_net(ns, file, &text);
    const char *line = text.len ? text.data : "";
    if (strcmp(file, "igmp") == 0) /* its head */
        line += strcspn(line, "\n") + (*line != '\0');
    for (; (end = strchr(line, '\n')); line = end + 1) {
        if (strcmp(file, "igmp") == 0)
            group_line4(n, line, dev);
        else
            group_line6(n, line);
    }
    strbuf_release(&text);
}

static void show_groups(const struct netstat *n, struct netns *ns)
{
    sink_puts(n->env->out, "IPv6/IPv4 Group Memberships\n"
                           "Interface       RefCnt Group\n"
                           "--------------- ------ ---------------------\n");
    if (n->inet)
        list_groups(n, ns, "igmp");
    if (n->inet6)
        list_groups(n, ns, "igmp6");
}

/* ---- families that no kernel here has ---- */

/* Whether the word is said, and with what status: ESYSNOT() in INFO_GUTS(). */
static int no_support(const struct netstat *n, const char *family, bool named, bool any)
{
    if ((any && named) || n->verbose)
        sink_printf(n->env->err, "netstat: no support for `%s' on this system.\n", family);
    return any && named ? 1 : 0;
}

static int other_families(const struct netstat *n, bool any)
{
    const struct {
        const char *name;
        bool named;
    } rows[] = {
        {"AF IPX", n->ipx},       {"AF AX25", n->ax25}, {"AF X25", n->x25},
        {"AF NETROM", n->netrom}, {"AF ROSE", n->rose},
    };
    int status = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && status == 0; i++)
        if (!any || rows[i].named)
            status = no_support(n, rows[i].name, rows[i].named, any);
    if (status == 0 && n->bluetooth) {
        sink_puts(n->env->err,
                  "netstat: feature `AF BLUETOOTH' not supported.\n"
                  "Please recompile `net-tools' with newer kernel source or full configuration.\n");
        return 1;
    }
    return status;
}

static bool names_protocol(const struct netstat *n)
{
    return n->tcp || n->sctp || n->udp || n->udplite || n->raw;
}

int netstat_sockets(const struct netstat *n)
{
    bool any = names_protocol(n) || n->groups || n->unix_domain || n->ipx || n->ax25 || n->netrom ||
               n->x25 || n->rose || n->bluetooth;
    struct vnet *w;
    struct netns *ns;
    int status = 0;
    if (cmd_begin(n->env, &w, &ns) < 0)
        return 1;
    if (!any || names_protocol(n))
        head_internet(n);
    if (n->sctp && !n->no_protocol)
        status = no_support(n, "AF INET (sctp)", true, true);
    else if (!any && n->verbose)
        no_support(n, "AF INET (sctp)", false, any);
    if (status == 0 && (!any || n->raw) && (!any || n->inet))
        list_raw(n, ns, "raw");
    if (status == 0 && (!any || n->raw) && (!any || n->inet6))
        list_raw(n, ns, "raw6");
    if (status == 0 && n->groups)
        show_groups(n, ns);
    if (status == 0 && (!any || n->unix_domain))
        head_unix(n);
    if (status == 0)
        status = other_families(n, any);
    return cmd_commit(n->env) < 0 ? 1 : status;
}
