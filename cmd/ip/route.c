/* `ip route`: its verbs. */
#include <stddef.h>

#include "cmd/ip/help.h"
#include "cmd/ip/route_list.h"
#include "vnet_route.h"

static int show(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    return ip_list_routes(ip, a);
}

static int get(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    return ip_get_route(ip, a);
}

static int flush(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    return ip_flush_routes(ip, a);
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_ROUTE);
}

static const struct ip_verb verbs[] = {
    {"add", true, true, ip_modify_route, VNET_NLM_F_CREATE | VNET_NLM_F_EXCL},
    {"change", true, true, ip_modify_route, VNET_NLM_F_REPLACE},
    {"chg", false, true, ip_modify_route, VNET_NLM_F_REPLACE},
    {"replace", true, true, ip_modify_route, VNET_NLM_F_CREATE | VNET_NLM_F_REPLACE},
    {"prepend", true, true, ip_modify_route, VNET_NLM_F_CREATE},
    {"append", true, true, ip_modify_route, VNET_NLM_F_CREATE | VNET_NLM_F_APPEND},
    {"test", true, true, ip_modify_route, VNET_NLM_F_EXCL},
    {"delete", true, true, ip_modify_route, ROUTE_DELETE},
    {"list", true, true, show, 0},
    {"show", true, true, show, 0},
    {"lst", true, true, show, 0},
    {"get", true, true, get, 0},
    {"flush", true, true, flush, 0},
    {"save", true, false, NULL, 0},
    {"restore", true, false, NULL, 0},
    {"showdump", true, false, NULL, 0},
    {"help", true, false, help, 0},
    {NULL, false, false, NULL, 0},
};

int ip_route_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, show, 0};
    return ip_run_verb(ip, a, verbs, "route", &without);
}
