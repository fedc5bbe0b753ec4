/* print_nexthop() and print_nexthop_bucket() of iproute2 6.1.0 (ip/ipnexthop.c). */
#include "cmd/ip/nexthop_print.h"

#include "cmd/ip/names.h"
#include "cmd/ip/route_print.h"
#include "vnet_addr.h"
#include "vnet_route.h"

static double seconds(uint64_t ticks)
{
    return (double)ticks / 100;
}

static void print_group(struct printer *p, const struct vnet_nh_info *nh)
{
    json_open_array(p, "group");
    print_text(p, "group ");
    for (unsigned i = 0; i < nh->nmembers; i++) {
        json_open_object(p, NULL);
        if (i)
            print_text(p, "/");
        print_uint(p, TO_ANY, "id", "%u", nh->members[i].id);
        if (nh->members[i].weight > 1)
            print_uint(p, TO_ANY, "weight", ",%u", nh->members[i].weight);
        json_close_object(p);
    }
    print_text(p, " ");
    json_close_array(p);
}

static void print_resilient(struct printer *p, const struct vnet_nh_info *nh)
{
    print_str(p, TO_ANY, "type", "type %s ", "resilient");
    json_open_object(p, "resilient_args");
    print_uint(p, TO_ANY, "buckets", "buckets %u ", nh->buckets);
    print_seconds(p, TO_ANY, "idle_timer", "idle_timer %g ", seconds(nh->idle_timer));
    print_seconds(p, TO_ANY, "unbalanced_timer", "unbalanced_timer %g ",
                  seconds(nh->unbalanced_timer));
    print_seconds(p, TO_ANY, "unbalanced_time", "unbalanced_time %g ",
                  seconds(nh->unbalanced_time));
    json_close_object(p);
}

static void print_entry(struct ip *ip, const char *key, const struct vnet_nh_info *nh)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN];
    json_open_object(p, key);
    print_uint(p, TO_ANY, "id", "id %u ", nh->id);
    if (nh->members)
        print_group(p, nh);
    if (nh->group_type == VNET_NH_GRP_RES)
        print_resilient(p, nh);
    if (nh->gateway.family)
        ip_print_gateway(ip, nh->family, &nh->gateway);
    if (nh->oif)
        ip_print_device(ip, "dev", nh->oif);
    if (nh->scope != VNET_SCOPE_UNIVERSE || ip->opt.details)
        print_str(p, TO_ANY, "scope", "scope %s ", scope_name(nh->scope, ip->opt.numeric, buf));
    if (nh->blackhole)
        print_null(p, TO_ANY, "blackhole", "blackhole ");
    if (nh->protocol != VNET_RTPROT_UNSPEC || ip->opt.details)
        print_str(p, TO_ANY, "protocol", "proto %s ",
                  proto_name(nh->protocol, ip->opt.numeric, buf));
    ip_print_rt_flags(ip, nh->flags);
    if (nh->fdb)
        print_null(p, TO_ANY, "fdb", "fdb");
    json_close_object(p);
}

void ip_print_nexthop(struct ip *ip, const struct vnet_nh_info *nh)
{
    print_entry(ip, NULL, nh);
    print_text(&ip->out, "\n");
}

void ip_print_nexthop_of(struct ip *ip, uint32_t id)
{
    struct vnet_nh_member members[VNET_NH_MEMBERS_MAX];
    struct vnet_nh_info nh;
    if (vnet_nh_get(ip->ns, id, &nh, members, NULL) == 0)
        print_entry(ip, "nh_info", &nh);
}

void ip_print_bucket(struct ip *ip, const struct vnet_nh_bucket *b)
{
    struct printer *p = &ip->out;
    json_open_object(p, NULL);
    print_uint(p, TO_ANY, "id", "id %u ", b->id);
    json_open_object(p, "bucket");
    print_uint(p, TO_ANY, "index", "index %u ", b->index);
    print_seconds(p, TO_ANY, "idle_time", "idle_time %g ", seconds(b->idle_time));
    print_uint(p, TO_ANY, "nhid", "nhid %u ", b->nhid);
    json_close_object(p);
    ip_print_rt_flags(ip, 0);
    print_text(p, "\n");
    json_close_object(p);
}
