/* What brctl shows (brctl_disp.c of bridge-utils 1.7.1). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/brctl/brctl.h"

struct named {
    char name[VNET_IFNAMSIZ];
    int ifindex;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* Bridges (bridge 0), or a bridge's ports. */
unsigned brctl_links(struct brctl *b, int bridge, int **indexes)
{
    struct named *v = NULL;
    size_t n = 0, cap = 0;
    struct vnet_link_info l;
    for (int i = vnet_link_next(b->ns, 0); i; i = vnet_link_next(b->ns, i)) {
        if (vnet_link_get(b->ns, i, &l) < 0 || (bridge ? l.master != bridge : !l.is_bridge))
            continue;
        ARRAY_GROW(v, n, cap);
        v[n].ifindex = i;
        memcpy(v[n++].name, l.name, VNET_IFNAMSIZ);
    }
    if (n)
        qsort(v, n, sizeof(*v), by_name);
    *indexes = mem_calloc(n + 1, sizeof(**indexes));
    for (size_t i = 0; i < n; i++)
        (*indexes)[i] = v[i].ifindex;
    free(v);
    return (unsigned)n;
}

int brctl_bridge(struct brctl *b, const char *name)
{
    int ifindex = vnet_link_index(b->ns, name);
    if (!ifindex)
        sink_printf(b->err, "bridge %s does not exist!\n", name);
    else if (!vnet_link_is_bridge(b->ns, ifindex))
        sink_printf(b->err, "device %s is not a bridge!\n", name);
    else
        return ifindex;
    return 0;
}

static void put_id(struct brctl *b, uint64_t id)
{
    sink_printf(b->out, "%04x.%012llx", (unsigned)(id >> 48),
                (unsigned long long)(id & 0xffffffffffffULL));
}

/* ---- show ---- */

static void show_bridge(struct brctl *b, int ifindex, bool *header)
{
    struct vnet_link_opts o;
    char name[VNET_IFNAMSIZ];
    int *ports;
    if (!vnet_bridge_get(b->ns, ifindex, &o))
        return;
    if (!*header)
        sink_puts(b->out, "bridge name\tbridge id\t\tSTP enabled\tinterfaces\n");
    *header = true;
    sink_printf(b->out, "%s\t\t", vnet_link_name(b->ns, ifindex, name));
    put_id(b, o.v[VNET_BR_BRIDGE_ID]);
    sink_printf(b->out, "\t%s\t\t", o.v[VNET_BR_STP_STATE] ? "yes" : "no");
    unsigned n = brctl_links(b, ifindex, &ports);
    for (unsigned i = 0; i < n; i++)
        sink_printf(b->out, "%s%s", i ? "\n\t\t\t\t\t\t\t" : "",
                    vnet_link_name(b->ns, ports[i], name));
    sink_puts(b->out, "\n");
    free(ports);
}

int brctl_show(struct brctl *b, char **argv)
{
    bool header = false;
    int status = 0;
    if (!argv[1]) {
        int *bridges;
        unsigned n = brctl_links(b, 0, &bridges);
        for (unsigned i = 0; i < n; i++)
            show_bridge(b, bridges[i], &header);
        free(bridges);
    }
    for (char **name = argv + 1; argv[1] && *name; name++) {
        int ifindex = brctl_bridge(b, *name);
        if (ifindex)
            show_bridge(b, ifindex, &header);
        else
            status = 1;
    }
    return status;
}

/* ---- showmacs ---- */

struct macs {
    const struct netns *ns;
    struct vnet_fdb_info *v;
    size_t n, cap;
};

static int keep_mac(const struct vnet_fdb_info *f, void *arg)
{
    struct macs *m = arg;
    struct vnet_link_opts o;
    if (!f->master || f->state & VNET_NUD_STALE || !vnet_brport_get(m->ns, f->ifindex, &o))
        return 0; /* of the device, expired, or the bridge's own */
    ARRAY_GROW(m->v, m->n, m->cap);
    m->v[m->n++] = *f;
    return 0;
}

static int by_mac(const void *a, const void *b)
{
    return memcmp(((const struct vnet_fdb_info *)a)->addr, ((const struct vnet_fdb_info *)b)->addr,
                  ETH_ALEN);
}

static void show_mac(struct brctl *b, const struct vnet_fdb_info *f)
{
    struct vnet_link_opts o;
    const struct lladdr addr = lladdr_eth(f->addr);
    char text[LLADDR_STRLEN_MAX];
    bool local = f->state & VNET_NUD_PERMANENT, ages = f->state & VNET_NUD_REACHABLE;
    uint32_t age = ages ? f->updated : 0;
    vnet_brport_get(b->ns, f->ifindex, &o);
    sink_printf(b->out, "%3d\t%s\t%s\t\t%4d.%.2d\n", (int)o.v[VNET_BRPORT_NO],
                lladdr_str(&addr, text), local ? "yes" : "no", (int)(age / 100), (int)(age % 100));
}

int brctl_showmacs(struct brctl *b, char **argv)
{
    int ifindex = vnet_link_index(b->ns, argv[1]);
    struct macs m = {.ns = b->ns};
    if (!ifindex || !vnet_link_is_bridge(b->ns, ifindex)) {
        sink_printf(b->err, "read of forward table failed: %s\n",
                    cmd_strerror(ifindex ? EOPNOTSUPP : ENODEV));
        return 1;
    }
    vnet_fdb_dump(b->ns, ifindex, 0, keep_mac, &m);
    if (m.n)
        qsort(m.v, m.n, sizeof(*m.v), by_mac);
    sink_puts(b->out, "port no\tmac addr\t\tis local?\tageing timer\n");
    for (size_t i = 0; i < m.n; i++)
        show_mac(b, &m.v[i]);
    free(m.v);
    return 0;
}

/* ---- showstp ---- */

static void put_time(struct brctl *b, const char *before, uint64_t hundredths, const char *after)
{
    sink_printf(b->out, "%s%4d.%.2d%s", before, (int)(hundredths / 100), (int)(hundredths % 100),
                after);
}

static void stp_of_bridge(struct brctl *b, const char *name, const struct vnet_link_opts *o)
{
    const uint64_t *v = o->v;
    sink_printf(b->out, "%s\n bridge id\t\t", name);
    put_id(b, v[VNET_BR_BRIDGE_ID]);
    sink_puts(b->out, "\n designated root\t");
    put_id(b, v[VNET_BR_ROOT_ID]);
    sink_printf(b->out, "\n root port\t\t%4d\t\t\tpath cost\t\t%4d\n", (int)v[VNET_BR_ROOT_PORT],
                (int)v[VNET_BR_ROOT_PATH_COST]);
    put_time(b, " max age\t\t", v[VNET_BR_MAX_AGE], "\t\t\tbridge max age\t\t");
    put_time(b, "", v[VNET_BR_MAX_AGE_SET], "\n");
    put_time(b, " hello time\t\t", v[VNET_BR_HELLO_TIME], "\t\t\tbridge hello time\t");
    put_time(b, "", v[VNET_BR_HELLO_TIME_SET], "\n");
    put_time(b, " forward delay\t\t", v[VNET_BR_FORWARD_DELAY], "\t\t\tbridge forward delay\t");
    put_time(b, "", v[VNET_BR_FORWARD_DELAY_SET], "\n");
    put_time(b, " ageing time\t\t", v[VNET_BR_AGEING_TIME], "\n");
    put_time(b, " hello timer\t\t", v[VNET_BR_HELLO_TIMER], "\t\t\ttcn timer\t\t");
    put_time(b, "", v[VNET_BR_TCN_TIMER], "\n");
    put_time(b, " topology change timer\t", v[VNET_BR_TOPOLOGY_CHANGE_TIMER], "\t\t\tgc timer\t\t");
    put_time(b, "", v[VNET_BR_GC_TIMER], "\n flags\t\t\t");
    if (v[VNET_BR_TOPOLOGY_CHANGE])
        sink_puts(b->out, "TOPOLOGY_CHANGE ");
    if (v[VNET_BR_TOPOLOGY_CHANGE_DETECTED])
        sink_puts(b->out, "TOPOLOGY_CHANGE_DETECTED ");
    sink_puts(b->out, "\n\n\n");
}

static void stp_of_port(struct brctl *b, int ifindex)
{
    struct vnet_link_opts o;
    char name[VNET_IFNAMSIZ];
    if (!vnet_brport_get(b->ns, ifindex, &o))
        return;
    const uint64_t *v = o.v;
    sink_printf(b->out, "%s (%d)\n", vnet_link_name(b->ns, ifindex, name), (int)v[VNET_BRPORT_NO]);
    sink_printf(b->out, " port id\t\t%.4x\t\t\tstate\t\t%15s\n", (unsigned)v[VNET_BRPORT_ID],
                vnet_br_state_names[v[VNET_BRPORT_STATE] % VNET_BR_STATES]);
    sink_puts(b->out, " designated root\t");
    put_id(b, v[VNET_BRPORT_ROOT_ID]);
    sink_printf(b->out, "\tpath cost\t\t%4d\n designated bridge\t", (int)v[VNET_BRPORT_COST]);
    put_id(b, v[VNET_BRPORT_BRIDGE_ID]);
    put_time(b, "\tmessage age timer\t", v[VNET_BRPORT_MESSAGE_AGE_TIMER], "\n");
    sink_printf(b->out, " designated port\t%.4x", (unsigned)v[VNET_BRPORT_DESIGNATED_PORT]);
    put_time(b, "\t\t\tforward delay timer\t", v[VNET_BRPORT_FORWARD_DELAY_TIMER], "\n");
    sink_printf(b->out, " designated cost\t%4d", (int)v[VNET_BRPORT_DESIGNATED_COST]);
    put_time(b, "\t\t\thold timer\t\t", v[VNET_BRPORT_HOLD_TIMER], "\n flags\t\t\t");
    if (v[VNET_BRPORT_CONFIG_PENDING])
        sink_puts(b->out, "CONFIG_PENDING ");
    if (v[VNET_BRPORT_TOPOLOGY_CHANGE_ACK])
        sink_puts(b->out, "TOPOLOGY_CHANGE_ACK ");
    sink_puts(b->out, "\n");
    if (v[VNET_BRPORT_HAIRPIN])
        sink_puts(b->out, " hairpin mode\t\t   1\n");
    sink_puts(b->out, "\n");
}

int brctl_showstp(struct brctl *b, char **argv)
{
    struct vnet_link_opts o;
    int *ports, ifindex = brctl_bridge(b, argv[1]);
    if (!ifindex || !vnet_bridge_get(b->ns, ifindex, &o))
        return 1;
    stp_of_bridge(b, argv[1], &o);
    unsigned n = brctl_links(b, ifindex, &ports);
    for (unsigned i = 0; i < n; i++)
        stp_of_port(b, ports[i]);
    free(ports);
    return 0;
}
