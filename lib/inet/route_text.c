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

static void put_selector(struct strbuf *sb, const char *word, const struct inet_addr *a,
                         unsigned len)
{
    if (len)
        strbuf_addf(sb, " %s %s/%u", word, ADDR_STR(a), len);
}

static const char *action_text(uint8_t action)
{
    switch (action) {
    case VNET_FR_ACT_UNREACHABLE:
        return "unreachable";
    case VNET_FR_ACT_PROHIBIT:
        return "prohibit";
    default:
        return "blackhole";
    }
}

const char *rule_text(const struct vnet_rule_info *r, char buf[RULE_TEXT_MAX])
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_addf(&sb, "rule %u:%s", r->priority, r->invert ? " not" : "");
    if (!r->src_len)
        strbuf_adds(&sb, " from all");
    put_selector(&sb, "from", &r->src, r->src_len);
    put_selector(&sb, "to", &r->dst, r->dst_len);
    if (r->tos)
        strbuf_addf(&sb, " tos 0x%02x", (unsigned)r->tos);
    if (r->fwmark || r->fwmask)
        strbuf_addf(&sb, " fwmark 0x%x/0x%x", r->fwmark, r->fwmask);
    if (r->iif[0])
        strbuf_addf(&sb, " iif %s", r->iif);
    if (r->oif[0])
        strbuf_addf(&sb, " oif %s", r->oif);
    if (r->action == VNET_FR_ACT_TO_TBL)
        put_table(&sb, r->table);
    else
        strbuf_addf(&sb, " %s", action_text(r->action));
    snprintf(buf, RULE_TEXT_MAX, "%s", strbuf_cstr(&sb));
    strbuf_release(&sb);
    return buf;
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
