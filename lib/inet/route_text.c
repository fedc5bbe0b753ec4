#include "inet/route_text.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "dev/netdev.h"
#include "inet/fib.h"
#include "inet/text.h"
#include "vnet_route.h"

static void put_type(struct strbuf *sb, uint8_t type)
{
    if (type == VNET_RTN_LOCAL)
        strbuf_adds(sb, "local ");
    else if (type == VNET_RTN_BROADCAST)
        strbuf_adds(sb, "broadcast ");
    else if (type == VNET_RTN_MULTICAST)
        strbuf_adds(sb, "multicast ");
}

static void put_table(struct strbuf *sb, uint32_t table)
{
    if (table == VNET_RT_TABLE_LOCAL)
        strbuf_adds(sb, " (table local)");
    else if (table == VNET_RT_TABLE_MAIN)
        strbuf_adds(sb, " (table main)");
    else
        strbuf_addf(sb, " (table %u)", table);
}

const char *route_text(const struct dst *dst, const struct inet_addr *daddr,
                       char buf[ROUTE_TEXT_MAX])
{
    struct strbuf sb = STRBUF_INIT;
    const struct fib_route *r = dst->route;
    if (r) {
        const struct inet_addr net = inet_addr_masked(daddr, dst->prefix_len);
        put_type(&sb, dst->type);
        strbuf_addf(&sb, "%s/%u", ADDR_STR(&net), dst->prefix_len);
    } else {
        strbuf_adds(&sb, "no route is needed:");
    }
    if (dst->gateway.family)
        strbuf_addf(&sb, " via %s", ADDR_STR(&dst->gateway));
    if (dst->dev)
        strbuf_addf(&sb, " dev %s", dst->dev->name);
    if (r)
        put_table(&sb, r->table);
    snprintf(buf, ROUTE_TEXT_MAX, "%s", strbuf_cstr(&sb));
    strbuf_release(&sb);
    return buf;
}
