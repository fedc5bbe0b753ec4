/* What may stand where, on the command lines of iproute2's tools. */
#include <string.h>

#include "base/mem.h"
#include "cmd/args.h"
#include "cmd/ip/names.h"
#include "vnet_link.h"

static const struct value_row {
    const char *object, *verb; /* full names; NULL: any */
    const char *keyword;       /* NULL: where a keyword may stand */
    enum complete_source source;
    const char *words; /* NULL: none */
    const struct nametab *(*names)(void);
} rows[] = {
    {"link", "add", NULL, COMPLETE_NONE, NULL, NULL},
    {"link", NULL, NULL, COMPLETE_DEVICES, "dev", NULL},
    {"address", "add", NULL, COMPLETE_NONE, "local", NULL},
    {"address", "delete", NULL, COMPLETE_PREFIXES, "local", NULL},
    {"address", "show", NULL, COMPLETE_DEVICES, "dev", NULL},
    {"address", "list", NULL, COMPLETE_DEVICES, "dev", NULL},
    {"address", "flush", NULL, COMPLETE_DEVICES, "dev", NULL},
    {"route", "get", NULL, COMPLETE_ADDRESSES, "to", NULL},
    {"route", "show", NULL, COMPLETE_ROUTES, "to root match exact", NULL},
    {"route", NULL, NULL, COMPLETE_ROUTES, "to", rtype_names},
    {"neighbor", NULL, NULL, COMPLETE_ADDRESSES, "to", NULL},
    {"neighbour", NULL, NULL, COMPLETE_ADDRESSES, "to", NULL},
    {"route", NULL, "type", COMPLETE_NONE, NULL, rtype_names},
    {"netns", "delete", NULL, COMPLETE_NETNS, NULL, NULL},
    {"netns", "pids", NULL, COMPLETE_NETNS, NULL, NULL},
    {"netns", "set", NULL, COMPLETE_NETNS, NULL, NULL},
    {"netns", "exec", NULL, COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "netns", COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "-netns", COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "-n", COMPLETE_NETNS, NULL, NULL},
    {NULL, NULL, "dev", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "oif", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "iif", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "master", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "link", COMPLETE_DEVICES, NULL, NULL},
    {NULL, NULL, "via", COMPLETE_ADDRESSES, NULL, NULL},
    {NULL, NULL, "src", COMPLETE_ADDRESSES, NULL, NULL},
    {NULL, NULL, "local", COMPLETE_PREFIXES, NULL, NULL},
    {NULL, NULL, "proxy", COMPLETE_ADDRESSES, NULL, NULL},
    {NULL, NULL, "from", COMPLETE_ADDRESSES, "all", NULL},
    {NULL, NULL, "to", COMPLETE_ROUTES, NULL, NULL},
    {NULL, NULL, "scope", COMPLETE_NONE, NULL, scope_names},
    {NULL, NULL, "table", COMPLETE_NONE, "all", table_names},
    {NULL, NULL, "lookup", COMPLETE_NONE, NULL, table_names},
    {NULL, NULL, "protocol", COMPLETE_NONE, NULL, proto_names},
    {NULL, NULL, "arp", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "multicast", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "allmulticast", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "promisc", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "trailers", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "dynamic", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "carrier", COMPLETE_NONE, "on off", NULL},
    {NULL, NULL, "group", COMPLETE_NONE, "default", NULL},
    {NULL, NULL, "addrgenmode", COMPLETE_NONE, "eui64 none stable_secret random", NULL},
    {NULL, NULL, "nud", COMPLETE_NONE,
     "permanent noarp reachable stale none incomplete delay probe failed", NULL},
    {NULL, NULL, "valid_lft", COMPLETE_NONE, "forever", NULL},
    {NULL, NULL, "preferred_lft", COMPLETE_NONE, "forever", NULL},
    {NULL, NULL, "-family", COMPLETE_NONE, "inet inet6 link", NULL},
    {NULL, NULL, "veth", COMPLETE_NONE, "peer", NULL},
};

static bool is_or_any(const char *wanted, const char *given)
{
    return !wanted || (given && strcmp(wanted, given) == 0);
}

static const struct value_row *find_row(const struct completion *c, const char *keyword)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct value_row *row = &rows[i];
        if (!row->keyword == !keyword && (!keyword || strcmp(row->keyword, keyword) == 0) &&
            is_or_any(row->object, c->object) && is_or_any(row->verb, c->verb))
            return row;
    }
    return NULL;
}

static void offer_row(const struct completion *c, const char *keyword)
{
    const struct value_row *row = find_row(c, keyword);
    if (!row)
        return;
    complete_offer_source(c, row->source);
    if (row->words)
        complete_offer_words(c, row->words);
    if (row->names)
        complete_offer_names(c, row->names());
}

int arg_offer_value(const struct args *a, const char *keyword)
{
    offer_row(a->complete, keyword);
    if (strcmp(keyword, "type") == 0 && is_or_any("link", a->complete->object))
        for (size_t i = 0; vnet_link_kind(i); i++)
            complete_offer(a->complete, vnet_link_kind(i));
    return ARG_EXIT;
}

int arg_offer_row(const struct args *a)
{
    offer_row(a->complete, NULL);
    return ARG_EXIT;
}

int arg_offer_keywords(const struct args *a, const struct keyword *table)
{
    for (; table->name; table++)
        if (table->parse != arg_refuse && table->parse != arg_refuse_value)
            complete_offer(a->complete, table->name);
    offer_row(a->complete, NULL);
    return ARG_EXIT;
}
