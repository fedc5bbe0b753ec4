/* `ip`: options, objects, and the frame of a command. */
#include "cmd/ip/ip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/ctx.h"
#include "cmd/ip/help.h"
#include "cmd/ip/netns.h"
#include "cmd/netns.h"

static int help_object(struct ip *ip, struct args *a)
{
    (void)a;
    return ip_usage(ip, HELP_IP);
}

/* In ip.c's order: an abbreviation means the first that it fits. */
static const struct ip_object objects[] = {
    {"address", ip_addr_object, 0, false},
    {"addrlabel", ip_addrlabel_object, 0, false},
    {"maddress", ip_maddress_object, 0, false},
    {"route", ip_route_object, 0, false},
    {"rule", ip_rule_object, 0, false},
    {"neighbor", ip_neigh_object, 0, false},
    {"neighbour", ip_neigh_object, 0, false},
    {"ntable", ip_ntable_object, 0, false},
    {"ntbl", ip_ntable_object, 0, false},
    {"link", ip_link_object, 0, false},
    {"l2tp", NULL, HELP_L2TP, true},
    {"fou", NULL, HELP_FOU, true},
    {"ila", NULL, HELP_ILA, true},
    {"macsec", NULL, HELP_MACSEC, true},
    {"tunnel", ip_tunnel_object, 0, false},
    {"tunl", ip_tunnel_object, 0, false},
    {"tuntap", ip_tuntap_object, 0, false},
    {"tap", ip_tuntap_object, 0, false},
    {"token", ip_token_object, 0, false},
    {"tcpmetrics", ip_tcpmetrics_object, 0, false},
    {"tcp_metrics", ip_tcpmetrics_object, 0, false},
    {"monitor", ip_monitor_object, 0, false},
    {"xfrm", ip_xfrm_object, 0, false},
    {"mroute", ip_mroute_object, 0, false},
    {"mrule", NULL, HELP_RULE, false},
    {"netns", ip_netns_object, 0, false},
    {"netconf", ip_netconf_object, 0, false},
    {"vrf", ip_vrf_object, 0, false},
    {"sr", NULL, HELP_SR, true},
    {"nexthop", ip_nexthop_object, 0, false},
    {"mptcp", NULL, HELP_MPTCP, true},
    {"ioam", NULL, HELP_IOAM, true},
    {"help", help_object, 0, false},
    {"stats", ip_stats_object, 0, false},
};

static int offer_objects(const struct args *a)
{
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        if (objects[i].run)
            complete_offer(a->complete, objects[i].name);
    return ARG_EXIT;
}

/* An object that is not emulated still says how the real one is used: scripts look for words
 * there. */
static int refuse_object(struct ip *ip, struct args *a, const struct ip_object *object)
{
    const char *word = arg_word(a);
    if (word ? arg_matches(word, "help") : object->usage_alone)
        return ip_usage(ip, object->usage);
    return arg_unsupported(a, "ip object", object->name);
}

static int ip_run_object(struct ip *ip, struct args *a)
{
    const char *word = a->v[0];
    if (arg_completing(a))
        return offer_objects(a);
    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        if (!arg_matches(word, objects[i].name))
            continue;
        arg_advance(a);
        if (!objects[i].run)
            return refuse_object(ip, a, &objects[i]);
        if (a->complete)
            a->complete->object = objects[i].name;
        return objects[i].run(ip, a);
    }
    sink_printf(ip->err, "Object \"%s\" is unknown, try \"ip help\".\n", word);
    return ARG_FAILED;
}

/* ---- options ---- */

static const struct option_row {
    const char *name;
    bool exact;
    int (*take)(struct ip *ip, struct args *a, const struct option_row *row);
    int value;
} option_rows[];

static int take_family(struct ip *ip, struct args *a, const struct option_row *row)
{
    static const struct {
        const char *name;
        uint8_t family;
    } families[] = {{"inet", VNET_AF_INET}, {"inet6", VNET_AF_INET6}, {"link", VNET_AF_PACKET}};
    (void)row;
    if (a->n < 2)
        return ip_usage(ip, HELP_IP);
    arg_advance(a);
    if (arg_completing(a))
        return arg_offer_value(a, "-family");
    if (strcmp(a->v[0], "help") == 0)
        return ip_usage(ip, HELP_IP);
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        if (strcmp(a->v[0], families[i].name) == 0) {
            ip->opt.family = families[i].family;
            return ARG_OK;
        }
    }
    if (strcmp(a->v[0], "mpls") == 0 || strcmp(a->v[0], "bridge") == 0)
        return arg_unsupported(a, "address family", a->v[0]);
    return arg_invalid(a, "invalid protocol family", a->v[0]);
}

static int set_family(struct ip *ip, struct args *a, const struct option_row *row)
{
    (void)a;
    ip->opt.family = (uint8_t)row->value;
    return ARG_OK;
}

static int take_loops(struct ip *ip, struct args *a, const struct option_row *row)
{
    (void)row;
    if (a->n < 2)
        return ip_usage(ip, HELP_IP);
    arg_advance(a);
    ip->opt.max_flush_loops = atoi(a->v[0]);
    return ARG_OK;
}

static int take_batch(struct ip *ip, struct args *a, const struct option_row *row)
{
    (void)row;
    if (a->n < 2)
        return ip_usage(ip, HELP_IP);
    arg_advance(a);
    ip->batch = a->v[0];
    return ARG_OK;
}

static int take_netns(struct ip *ip, struct args *a, const struct option_row *row)
{
    (void)row;
    if (a->n < 2) {
        ip_netns_not_opened(ip, "(null)");
        return ARG_USAGE;
    }
    int status = arg_next(a);
    if (status)
        return status;
    return ip_switch_netns(ip, a->v[0]);
}

static int take_rcvbuf(struct ip *ip, struct args *a, const struct option_row *row)
{
    uint32_t size;
    (void)row;
    if (a->n < 2)
        return ip_usage(ip, HELP_IP);
    arg_advance(a);
    if (arg_u32(a->v[0], 0, &size))
        return ARG_OK; /* there is no socket whose buffer could be larger or smaller */
    sink_printf(ip->err, "Invalid rcvbuf size '%s'\n", a->v[0]);
    return ARG_USAGE;
}

static int take_help(struct ip *ip, struct args *a, const struct option_row *row)
{
    (void)a;
    (void)row;
    return ip_usage(ip, HELP_IP);
}

static int take_version(struct ip *ip, struct args *a, const struct option_row *row)
{
    (void)a;
    (void)row;
    sink_printf(ip->out.out, "ip utility, %s\n", ip_tools(ip)->ip_version);
    return ARG_EXIT;
}

static int unsupported(struct ip *ip, struct args *a, const struct option_row *row)
{
    (void)ip;
    return arg_unsupported(a, "ip option", row->name);
}

enum {
    OPT_STATS,
    OPT_DETAILS,
    OPT_ONELINE,
    OPT_BRIEF,
    OPT_JSON,
    OPT_PRETTY,
    OPT_NUMERIC,
    OPT_HUMAN,
    OPT_IEC,
    OPT_FORCE,
    OPT_ALL,
    OPT_TIMESTAMP,
    OPT_TSHORT,
    OPT_RESOLVE,
    OPT_NOTHING
};

static int set_flag(struct ip *ip, struct args *a, const struct option_row *row)
{
    struct ip_options *o = &ip->opt;
    bool *const flags[] = {
        [OPT_ONELINE] = &o->oneline, [OPT_BRIEF] = &o->brief,     [OPT_JSON] = &o->json,
        [OPT_PRETTY] = &o->pretty,   [OPT_NUMERIC] = &o->numeric, [OPT_HUMAN] = &o->human,
        [OPT_IEC] = &o->iec,         [OPT_FORCE] = &o->force,     [OPT_ALL] = &o->all,
        [OPT_RESOLVE] = &o->resolve,
    };
    (void)a;
    if (row->value == OPT_STATS)
        o->stats += o->stats < 2;
    else if (row->value == OPT_DETAILS)
        o->details = 1;
    else if (row->value == OPT_TIMESTAMP || row->value == OPT_TSHORT) {
        o->timestamp = true;
        o->timestamp_short |= row->value == OPT_TSHORT;
    } else if (row->value != OPT_NOTHING)
        *flags[row->value] = true;
    return ARG_OK;
}

/* In ip.c's order. OPT_NOTHING: what changes nothing here. */
static const struct option_row option_rows[] = {
    {"-loops", false, take_loops, 0},
    {"-family", false, take_family, 0},
    {"-4", true, set_family, VNET_AF_INET},
    {"-6", true, set_family, VNET_AF_INET6},
    {"-0", true, set_family, VNET_AF_PACKET},
    {"-M", true, unsupported, 0},
    {"-B", true, unsupported, 0},
    {"-human-readable", false, set_flag, OPT_HUMAN},
    {"-iec", false, set_flag, OPT_IEC},
    {"-stats", false, set_flag, OPT_STATS},
    {"-statistics", false, set_flag, OPT_STATS},
    {"-details", false, set_flag, OPT_DETAILS},
    {"-resolve", false, set_flag, OPT_RESOLVE},
    {"-oneline", false, set_flag, OPT_ONELINE},
    {"-timestamp", false, set_flag, OPT_TIMESTAMP},
    {"-tshort", false, set_flag, OPT_TSHORT},
    {"-Version", false, take_version, 0},
    {"-force", false, set_flag, OPT_FORCE},
    {"-batch", false, take_batch, 0},
    {"-brief", false, set_flag, OPT_BRIEF},
    {"-json", false, set_flag, OPT_JSON},
    {"-pretty", false, set_flag, OPT_PRETTY},
    {"-rcvbuf", false, take_rcvbuf, 0},
    {"-help", false, take_help, 0},
    {"-netns", false, take_netns, 0},
    {"-Numeric", false, set_flag, OPT_NUMERIC},
    {"-all", false, set_flag, OPT_ALL},
    {"-echo", true, unsupported, 0},
};

bool ip_take_color(struct ip *ip, const char *opt)
{
    static const struct {
        const char *when;
        int color;
    } rows[] = {{"always", PAINT_ALWAYS}, {"auto", PAINT_AUTO}, {"never", PAINT_NEVER}};
    size_t len = strcspn(opt, "=");
    if (len < 2 || strncmp(opt, "-color", len) != 0)
        return false;
    if (!opt[len]) {
        ip->opt.color = PAINT_ALWAYS;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(opt + len + 1, rows[i].when) == 0) {
            ip->opt.color = rows[i].color;
            return true;
        }
    }
    return false;
}

static int take_option(void *into, struct args *a)
{
    struct ip *ip = into;
    const char *opt = a->v[0] + (a->v[0][1] == '-');
    for (size_t i = 0; i < ARRAY_LEN(option_rows); i++) {
        const struct option_row *row = &option_rows[i];
        if (row->exact ? strcmp(opt, row->name) == 0 : arg_matches(opt, row->name))
            return row->take(ip, a, row);
    }
    if (ip_take_color(ip, opt))
        return ARG_OK;
    sink_printf(ip->err, "Option \"%s\" is unknown, try \"ip -help\".\n", opt);
    return ARG_USAGE;
}

static int offer_options(const struct args *a)
{
    for (size_t i = 0; i < ARRAY_LEN(option_rows); i++)
        if (option_rows[i].take != unsupported)
            complete_offer(a->complete, option_rows[i].name);
    complete_offer(a->complete, "-color");
    return ARG_EXIT;
}

static int run_command(struct ip *ip, struct args *a)
{
    int status = args_read_options(a, ip, take_option, offer_options);
    if (status)
        return status;
    ip_prepare_output(ip);
    if (ip->batch && !a->complete)
        return ip_run_batch(ip, ip_run_object);
    return a->n > 0 ? ip_run_object(ip, a) : ip_usage(ip, HELP_IP);
}

int ip_main(struct cmd_env *env, int argc, char **argv)
{
    struct cmd_env mine = *env;
    struct ip ip = {
        .env = &mine,
        .err = env->err,
        .opt = {.max_flush_loops = 10},
        .out = {.out = env->out, .nl = "\n"},
    };
    struct args a = {.v = argv + 1, .n = argc - 1, .err = env->err, .complete = env->complete};
    if (argc < 1)
        a.n = 0;
    int status = run_command(&ip, &a);
    int closed = ip_close(&ip);
    return (status ? status : closed) & 0xff;
}
