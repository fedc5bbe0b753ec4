/* brctl: commands (brctl.c, brctl_cmd.c, libbridge of bridge-utils 1.7.1). */
#include "cmd/brctl/brctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/options.h"

/* ---- bridges and ports ---- */

static int addbr(struct brctl *b, char **argv)
{
    struct vnet_err err = {""};
    struct vnet_link_req req = {.kind = "bridge"};
    snprintf(req.ifname, sizeof(req.ifname), "%s", argv[1]);
    int rc = req.ifname[0] ? vnet_link_add(b->ns, &req, &err) : -EINVAL;
    if (rc < 0 && req.ifname[0]) /* br_add_bridge() asks by the older ioctl then */
        rc = vnet_link_add(b->ns, &req, &err);
    if (rc == -EEXIST)
        sink_printf(b->err, "device %s already exists; can't create bridge with the same name\n",
                    argv[1]);
    else if (rc < 0)
        sink_printf(b->err, "add bridge failed: %s\n", cmd_strerror(-rc));
    return rc < 0;
}

/* br_del_bridge() */
static int del_bridge(struct brctl *b, const char *name)
{
    struct vnet_err err = {""};
    struct vnet_link_info l;
    int ifindex = vnet_link_index(b->ns, name);
    if (!ifindex || vnet_link_get(b->ns, ifindex, &l) < 0)
        return -ENXIO;
    if (!l.is_bridge)
        return -EPERM;
    return l.flags & VNET_IFF_UP ? -EBUSY : vnet_link_del(b->ns, ifindex, &err);
}

static int delbr(struct brctl *b, char **argv)
{
    int rc = del_bridge(b, argv[1]);
    if (rc == -ENXIO)
        sink_printf(b->err, "bridge %s doesn't exist; can't delete it\n", argv[1]);
    else if (rc == -EBUSY)
        sink_printf(b->err, "bridge %s is still up; can't delete it\n", argv[1]);
    else if (rc < 0)
        sink_printf(b->err, "can't delete bridge %s: %s\n", argv[1], cmd_strerror(-rc));
    return rc < 0;
}

/* add_del_if() of br_ioctl.c; the bridge is there. */
static int change_master(struct brctl *b, int bridge, int ifindex, bool add)
{
    struct vnet_err err = {""};
    struct vnet_link_info l;
    if (!vnet_link_is_bridge(b->ns, bridge))
        return -EOPNOTSUPP;
    vnet_link_get(b->ns, ifindex, &l);
    if (add && l.master)
        return -EBUSY;
    if (!add && l.master != bridge)
        return -EINVAL;
    const struct vnet_link_req req = {
        .ifindex = ifindex, .set = VNET_LINK_MASTER, .master = add ? bridge : 0};
    return vnet_link_set(b->ns, &req, &err);
}

/* 0, or the exit status after a message. */
static int find_both(struct brctl *b, const char *bridge, const char *name, int *br, int *ifindex)
{
    *br = vnet_link_index(b->ns, bridge);
    *ifindex = vnet_link_index(b->ns, name);
    if (*br && *ifindex)
        return 0;
    if (!*ifindex)
        sink_printf(b->err, "interface %s does not exist!\n", name);
    else
        sink_printf(b->err, "bridge %s does not exist!\n", bridge);
    return 1;
}

static int addif(struct brctl *b, char **argv)
{
    for (char **name = argv + 2; *name; name++) {
        int br, ifindex;
        if (find_both(b, argv[1], *name, &br, &ifindex))
            return 1;
        int rc = change_master(b, br, ifindex, true);
        if (rc == 0)
            continue;
        if (rc == -EBUSY)
            sink_printf(b->err,
                        "device %s is already a member of a bridge; can't add it to bridge %s.\n",
                        *name, argv[1]);
        else if (rc == -ELOOP)
            sink_printf(b->err,
                        "device %s is a bridge device itself; can't add a bridge device to a "
                        "bridge device.\n",
                        *name);
        else
            sink_printf(b->err, "can't add %s to bridge %s: %s\n", *name, argv[1],
                        cmd_strerror(-rc));
        return 1;
    }
    return 0;
}

static int delif(struct brctl *b, char **argv)
{
    for (char **name = argv + 2; *name; name++) {
        int br, ifindex;
        if (find_both(b, argv[1], *name, &br, &ifindex))
            return 1;
        int rc = change_master(b, br, ifindex, false);
        if (rc == 0)
            continue;
        if (rc == -EINVAL)
            sink_printf(b->err, "device %s is not a port of %s\n", *name, argv[1]);
        else
            sink_printf(b->err, "can't delete %s from %s: %s\n", *name, argv[1], cmd_strerror(-rc));
        return 1;
    }
    return 0;
}

/* ---- options ---- */

static int failed(struct brctl *b, const char *what, int rc)
{
    if (rc < 0)
        sink_printf(b->err, "set %s failed: %s\n", what, cmd_strerror(-rc));
    return rc < 0;
}

/* br_set(): what a bridge's file of sysfs is told; where it is not there, an ioctl fails. */
static int set_bridge(struct brctl *b, const char *name, unsigned opt, uint64_t value)
{
    struct vnet_err err = {""};
    struct vnet_link_opts o = {.given = UINT64_C(1) << opt};
    int ifindex = vnet_link_index(b->ns, name);
    if (!ifindex)
        return -ENODEV;
    if (!vnet_link_is_bridge(b->ns, ifindex))
        return -EOPNOTSUPP;
    o.v[opt] = value;
    const struct vnet_link_req req = {
        .ifindex = ifindex, .kind = "bridge", .has_data = true, .opts = &o};
    return vnet_link_set(b->ns, &req, &err);
}

/* port_set(): a file of sysfs, or where it is not there an ioctl on the bridge. */
static int set_port(struct brctl *b, const char *bridge, const char *name, unsigned opt,
                    uint64_t value)
{
    struct vnet_err err = {""};
    struct vnet_link_opts o = {.given = UINT64_C(1) << opt};
    int ifindex = vnet_link_index(b->ns, name);
    if (!ifindex)
        return -ENODEV;
    o.v[opt] = value;
    int rc = vnet_brport_set(b->ns, ifindex, &o, 0, &err);
    if (rc != -EOPNOTSUPP)
        return rc;
    int br = vnet_link_index(b->ns, bridge);
    return !br ? -ENODEV : vnet_link_is_bridge(b->ns, br) ? -ENOENT : -EOPNOTSUPP;
}

/* strtotimeval(): seconds and parts of them. */
static bool read_time(const char *word, uint64_t *hundredths)
{
    double seconds;
    if (sscanf(word, "%lf", &seconds) != 1 || !(seconds >= 0) || seconds > 1e9)
        return false;
    *hundredths = (uint64_t)(seconds * 100 + 0.5);
    return true;
}

static int set_time(struct brctl *b, char **argv, unsigned opt, const char *bad, const char *what)
{
    uint64_t value;
    if (read_time(argv[2], &value))
        return failed(b, what, set_bridge(b, argv[1], opt, value));
    sink_printf(b->err, "bad %s value\n", bad);
    return 1;
}

static int setageing(struct brctl *b, char **argv)
{
    return set_time(b, argv, VNET_BR_AGEING_TIME, "ageing time", "ageing time");
}

static int setfd(struct brctl *b, char **argv)
{
    return set_time(b, argv, VNET_BR_FORWARD_DELAY, "forward delay", "forward delay");
}

static int sethello(struct brctl *b, char **argv)
{
    return set_time(b, argv, VNET_BR_HELLO_TIME, "hello timer", "hello timer");
}

static int setmaxage(struct brctl *b, char **argv)
{
    return set_time(b, argv, VNET_BR_MAX_AGE, "max age", "max age");
}

static int bad(struct brctl *b, const char *what)
{
    sink_printf(b->err, "bad %s\n", what);
    return 1;
}

static int setbridgeprio(struct brctl *b, char **argv)
{
    int value;
    if (sscanf(argv[2], "%i", &value) != 1)
        return bad(b, "priority");
    return failed(b, "bridge priority", set_bridge(b, argv[1], VNET_BR_PRIORITY, (uint16_t)value));
}

static int setpathcost(struct brctl *b, char **argv)
{
    int value;
    if (sscanf(argv[3], "%i", &value) != 1)
        return bad(b, "path cost value");
    return failed(b, "path cost", set_port(b, argv[1], argv[2], VNET_BRPORT_COST, (uint32_t)value));
}

static int setportprio(struct brctl *b, char **argv)
{
    int value;
    if (sscanf(argv[3], "%i", &value) != 1)
        return bad(b, "path priority value");
    return failed(b, "port priority",
                  set_port(b, argv[1], argv[2], VNET_BRPORT_PRIORITY, (uint32_t)value));
}

static bool read_on_off(struct brctl *b, const char *word, bool *on)
{
    *on = strcmp(word, "on") == 0 || strcmp(word, "yes") == 0 || strcmp(word, "1") == 0;
    if (*on || strcmp(word, "off") == 0 || strcmp(word, "no") == 0 || strcmp(word, "0") == 0)
        return true;
    sink_puts(b->err, "expect on/off for argument\n");
    return false;
}

static int stp(struct brctl *b, char **argv)
{
    bool on;
    if (!read_on_off(b, argv[2], &on))
        return 1;
    return failed(b, "stp status", set_bridge(b, argv[1], VNET_BR_STP_STATE, on));
}

static int hairpin(struct brctl *b, char **argv)
{
    bool on;
    int br, ifindex;
    if (!read_on_off(b, argv[3], &on) || find_both(b, argv[1], argv[2], &br, &ifindex))
        return 1;
    int rc = set_port(b, argv[1], argv[2], VNET_BRPORT_HAIRPIN, on);
    if (rc < 0)
        sink_printf(b->err, "can't set %s to hairpin on bridge %s: %s\n", argv[2], argv[1],
                    cmd_strerror(-rc));
    return rc < 0;
}

/* ---- the table of them ---- */

static const struct command {
    const char *name;
    int nargs;
    brctl_fn *run;
    const char *help;
    const char *completes; /* a letter a word: b a bridge, d a device, o on or off, - nothing */
} commands[] = {
    {"addbr", 1, addbr, "<bridge>\t\tadd bridge", "-"},
    {"delbr", 1, delbr, "<bridge>\t\tdelete bridge", "d"},
    {"addif", 2, addif, "<bridge> <device>\tadd interface to bridge", "dd"},
    {"delif", 2, delif, "<bridge> <device>\tdelete interface from bridge", "dd"},
    {"hairpin", 3, hairpin, "<bridge> <port> {on|off}\tturn hairpin on/off", "ddo"},
    {"setageing", 2, setageing, "<bridge> <time>\t\tset ageing time", "d-"},
    {"setbridgeprio", 2, setbridgeprio, "<bridge> <prio>\t\tset bridge priority", "d-"},
    {"setfd", 2, setfd, "<bridge> <time>\t\tset bridge forward delay", "d-"},
    {"sethello", 2, sethello, "<bridge> <time>\t\tset hello time", "d-"},
    {"setmaxage", 2, setmaxage, "<bridge> <time>\t\tset max message age", "d-"},
    {"setpathcost", 3, setpathcost, "<bridge> <port> <cost>\tset path cost", "dd-"},
    {"setportprio", 3, setportprio, "<bridge> <port> <prio>\tset port priority", "dd-"},
    {"show", 0, brctl_show, "[ <bridge> ]\t\tshow a list of bridges", "d"},
    {"showmacs", 1, brctl_showmacs, "<bridge>\t\tshow a list of mac addrs", "d"},
    {"showstp", 1, brctl_showstp, "<bridge>\t\tshow bridge stp info", "d"},
    {"stp", 2, stp, "<bridge> {on|off}\tturn stp on/off", "do"},
};

static int usage(struct brctl *b)
{
    sink_puts(b->out, "Usage: brctl [commands]\ncommands:\n");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        sink_printf(b->out, "\t%-10s\t%s\n", commands[i].name, commands[i].help);
    return 1;
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int run(struct brctl *b, char **argv, int n)
{
    struct vnet *w;
    const struct command *c = find(argv[0]);
    if (!c) {
        sink_printf(b->err, "never heard of command [%s]\n", argv[0]);
        return usage(b);
    }
    if (n - 1 < c->nargs) {
        sink_printf(b->out, "Incorrect number of arguments for command\nUsage: brctl %s %s\n",
                    c->name, c->help);
        return 1;
    }
    if (cmd_begin(b->env, &w, &b->ns) < 0)
        return 1;
    int status = c->run(b, argv);
    return cmd_commit(b->env) < 0 ? 1 : status;
}

/* operands: those in front of the word to complete. */
static int complete(const struct completion *c, char **operands, int n)
{
    const struct command *cmd = n > 0 ? find(operands[0]) : NULL;
    if (n == 0)
        for (size_t i = 0; i < ARRAY_LEN(commands); i++)
            complete_describe(c, commands[i].name, commands[i].help);
    if (!cmd || (size_t)n > strlen(cmd->completes))
        return 0;
    if (cmd->completes[n - 1] == 'd')
        complete_offer_source(c, COMPLETE_DEVICES);
    else if (cmd->completes[n - 1] == 'o')
        complete_offer_words(c, "on off");
    return 0;
}

static const struct long_option long_options[] = {
    {"help", 0, 'h'}, {"version", 0, 'V'}, {NULL, 0, 0}};

static int command(struct brctl *b, struct options *o)
{
    int option = options_next(o);
    if (b->env->complete && option == '?')
        return 0;
    if (option == 'h') {
        usage(b);
        return 0;
    }
    if (option == 'V') {
        sink_puts(b->out, "bridge-utils, 1.7\n");
        return 0;
    }
    if (option != -1) {
        sink_printf(b->err, "Unknown option '%c'\n", option);
        return usage(b);
    }
    if (b->env->complete)
        return complete(b->env->complete, o->operands, o->noperands - 1);
    return o->noperands ? run(b, o->operands, o->noperands) : usage(b);
}

int brctl_main(struct cmd_env *env, int argc, char **argv)
{
    struct brctl b = {.env = env, .out = env->out, .err = env->err};
    struct options o;
    options_init(&o, argc, argv, "Vh", long_options, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    int status = command(&b, &o);
    options_release(&o);
    return status;
}
