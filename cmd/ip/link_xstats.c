/* `ip link xstats` and `afstats` (iplink_xstats.c, iplink_bridge.c of iproute2 6.1.0): statistics
 * that kinds of links and protocols keep besides. Of the kinds emulated a bridge alone has any: of
 * multicast, which it does not count unless asked to (mcast_stats_enabled). */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_print.h"
#include "cmd/ip/link_words.h"

enum { INDENT = 16 };

/* One packet type: how many of each version came in and went out. */
struct xstats_row {
    const char *key, *title;
    unsigned versions; /* 0: not told apart; then in one line */
};

static void put_indent(struct printer *p)
{
    if (!p->in_json)
        sink_printf(p->out, "%*s", INDENT, "");
}

static void put_versions(struct printer *p, const struct xstats_row *row, const char *way)
{
    char text[16], key[8];
    put_indent(p);
    print_text(p, way[0] == 'r' ? "      RX:" : "      TX:");
    for (unsigned v = 1; v <= row->versions; v++) {
        snprintf(key, sizeof(key), "%s_v%u", way, v);
        snprintf(text, sizeof(text), " v%u %%u", v);
        print_uint(p, TO_ANY, key, text, 0);
    }
    print_text(p, "\n");
}

static void put_row(struct printer *p, const struct xstats_row *row)
{
    put_indent(p);
    if (!p->in_json)
        sink_printf(p->out, "    %s:%s", row->title, row->versions ? "\n" : "");
    json_open_object(p, row->key);
    if (row->versions) {
        put_versions(p, row, "rx");
        put_versions(p, row, "tx");
    } else {
        print_uint(p, TO_ANY, "rx", " RX: %u", 0);
        print_uint(p, TO_ANY, "tx", " TX: %u\n", 0);
    }
    json_close_object(p);
}

static void put_errors(struct printer *p, const char *key, const char *fmt)
{
    put_indent(p);
    print_uint(p, TO_ANY, key, fmt, 0);
}

void ip_print_mcast_xstats(struct ip *ip)
{
    static const struct xstats_row igmp[] = {{"igmp_queries", "IGMP queries", 3},
                                             {"igmp_reports", "IGMP reports", 3},
                                             {"igmp_leaves", "IGMP leaves", 0}},
                                   mld[] = {{"mld_queries", "MLD queries", 2},
                                            {"mld_reports", "MLD reports", 2},
                                            {"mld_leaves", "MLD leaves", 0}};
    struct printer *p = &ip->out;
    json_open_object(p, "multicast");
    for (size_t i = 0; i < ARRAY_LEN(igmp); i++)
        put_row(p, &igmp[i]);
    put_errors(p, "igmp_parse_errors", "    IGMP parse errors: %u\n");
    for (size_t i = 0; i < ARRAY_LEN(mld); i++)
        put_row(p, &mld[i]);
    put_errors(p, "mld_parse_errors", "    MLD parse errors: %u\n");
    json_close_object(p);
}

static void put_bridge(struct ip *ip, const char *name)
{
    json_open_object(&ip->out, NULL);
    print_str(&ip->out, TO_ANY, "ifname", "%-16s\n", name);
    ip_print_mcast_xstats(ip);
    json_close_object(&ip->out);
}

static void put_all(struct ip *ip, const char *kind)
{
    struct vnet_link_info l;
    json_begin(&ip->out);
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i))
        if (vnet_link_get(ip->ns, i, &l) == 0 && l.kind && strcmp(l.kind, kind) == 0)
            put_bridge(ip, l.name);
    json_end(&ip->out);
}

static bool has_xstats(const char *kind)
{
    static const char *const kinds[] = {"bond", "bond_slave", "bridge", "bridge_slave"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

int ip_link_xstats(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    if (a->n == 0) {
        sink_puts(ip->err, "xstats: missing argument\n");
        return ARG_FAILED;
    }
    if (arg_matches(a->v[0], "help")) {
        sink_puts(ip->out.out, "Usage: ... xstats type TYPE [ ARGS ]\n");
        return ARG_OK;
    }
    if (!arg_matches(a->v[0], "type"))
        return arg_invalid(a, "unknown argument", a->v[0]);
    int status = arg_next(a);
    if (status)
        return status;
    if (!ip_kind_known(a->v[0]))
        return arg_invalid(a, "invalid type", a->v[0]);
    if (!has_xstats(a->v[0])) {
        sink_printf(ip->err, "xstats: link type %s doesn't support xstats\n", a->v[0]);
        return ARG_FAILED;
    }
    if (a->n > 1)
        return arg_unsupported(a, "ip link xstats", a->v[1]);
    put_all(ip, a->v[0]);
    return ARG_OK;
}

/* No protocol of those emulated keeps statistics of a device (MPLS alone does). */
int ip_link_afstats(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    while (a->n > 0) {
        if (arg_matches(a->v[0], "help"))
            return ip_usage(ip, HELP_LINK);
        if (strcmp(a->v[0], "dev") != 0) {
            sink_printf(ip->err, "Command \"%s\" is unknown, try \"ip link help\".\n", a->v[0]);
            return ARG_USAGE;
        }
        int status = arg_next(a);
        if (status)
            return status;
        if (!ip_link_index(ip, a->v[0])) {
            sink_printf(ip->err, "Device \"%s\" does not exist.\n", a->v[0]);
            return ARG_OK; /* so does iproute2 */
        }
        arg_advance(a);
    }
    json_begin(&ip->out);
    json_end(&ip->out);
    return ARG_OK;
}
