/* print_rule() and filter_nlmsg() of iproute2 6.1.0 (ip/iprule.c). */
#include "cmd/ip/rule_print.h"

#include <string.h>

#include "cmd/ip/names.h"

static bool prefix_passes(const struct ip_prefix *f, uint8_t family, const struct inet_addr *addr,
                          uint8_t len)
{
    if (!f->addr.family)
        return true;
    return f->addr.family == family && f->len <= len &&
           (!addr->family || ip_bits_equal(&f->addr, addr, f->len));
}

static bool ports_pass(const struct rule_filter *f, const struct vnet_rule_info *r)
{
    if (f->sport_min && (f->sport_min != r->sport_min || f->sport_max != r->sport_max))
        return false;
    return !f->dport_min || (f->dport_min == r->dport_min && f->dport_max == r->dport_max);
}

bool ip_rule_passes(const struct rule_filter *f, const struct vnet_rule_info *r)
{
    if ((f->has_priority && f->priority != r->priority) || (f->invert && !r->invert))
        return false;
    if (!prefix_passes(&f->src, r->family, &r->src, r->src_len) ||
        !prefix_passes(&f->dst, r->family, &r->dst, r->dst_len))
        return false;
    if ((f->has_tos && f->tos != r->tos) || (f->fwmark && f->fwmark != r->fwmark) ||
        (f->fwmask && f->fwmask != r->fwmask) || (f->ipproto && f->ipproto != r->ipproto) ||
        (f->table && f->table != r->table))
        return false;
    if ((f->iif && strcmp(f->iif, r->iif) != 0) || (f->oif && strcmp(f->oif, r->oif) != 0))
        return false;
    if (f->has_uid && (!r->has_uid || f->uid_min != r->uid_min || f->uid_max != r->uid_max))
        return false;
    return ports_pass(f, r);
}

static void print_end(struct printer *p, const char *text, const char *key, const char *len_key,
                      const struct inet_addr *addr, uint8_t len)
{
    char buf[INET_ADDRSTRLEN_MAX];
    print_text(p, text);
    print_colored(p, TO_ANY, ip_family_color(addr->family), key, "%s", inet_addr_str(addr, buf));
    if (len != inet_addr_bits(addr->family))
        print_uint(p, TO_ANY, len_key, "/%u", len);
}

static void print_ends(struct printer *p, const struct vnet_rule_info *r)
{
    if (r->src.family && r->src_len)
        print_end(p, "from ", "src", "srclen", &r->src, r->src_len);
    else
        print_str(p, TO_ANY, "src", "from %s", "all");
    if (r->dst.family && r->dst_len)
        print_end(p, " to ", "dst", "dstlen", &r->dst, r->dst_len);
}

static void print_fwmark(struct printer *p, const struct vnet_rule_info *r)
{
    if (!r->fwmark && !r->fwmask)
        return;
    print_0xhex(p, TO_ANY, "fwmark", " fwmark %#llx", r->fwmark);
    if (r->fwmask && r->fwmask != UINT32_MAX)
        print_0xhex(p, TO_ANY, "fwmask", "/%#llx", r->fwmask);
}

static void print_device(struct ip *ip, const char *text, const char *key, const char *name,
                         const char *detached)
{
    if (!*name)
        return;
    print_text(&ip->out, text);
    print_colored(&ip->out, TO_ANY, COLOR_IFNAME, key, "%s", name);
    if (!vnet_link_index(ip->ns, name))
        print_null(&ip->out, TO_ANY, detached, " [detached]");
}

static void print_ports(struct printer *p, const char *const keys[3], const char *one, uint16_t min,
                        uint16_t max)
{
    if (!min && !max)
        return;
    if (min == max) {
        print_uint(p, TO_ANY, keys[0], one, min);
    } else {
        print_uint(p, TO_ANY, keys[1], one, min);
        print_uint(p, TO_ANY, keys[2], "-%u", max);
    }
}

static void print_selectors(struct ip *ip, const struct vnet_rule_info *r)
{
    static const char *const sport[] = {"sport", "sport_start", "sport_end"};
    static const char *const dport[] = {"dport", "dport_start", "dport_end"};
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN];
    print_ends(p, r);
    if (r->tos)
        print_str(p, TO_ANY, "tos", " tos %s", dsfield_name(r->tos, ip->opt.numeric, buf));
    print_fwmark(p, r);
    print_device(ip, " iif ", "iif", r->iif, "iif_detached");
    print_device(ip, " oif ", "oif", r->oif, "oif_detached");
    if (r->has_uid) {
        print_uint(p, TO_ANY, "uid_start", " uidrange %u", r->uid_min);
        print_uint(p, TO_ANY, "uid_end", "-%u", r->uid_max);
    }
    if (r->ipproto)
        print_str(p, TO_ANY, "ipproto", " ipproto %s",
                  ipproto_name(r->ipproto, ip->opt.numeric, buf));
    print_ports(p, sport, " sport %u", r->sport_min, r->sport_max);
    print_ports(p, dport, " dport %u", r->dport_min, r->dport_max);
}

static void print_lookup(struct ip *ip, const struct vnet_rule_info *r)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN];
    if (!r->table)
        return;
    print_str(p, TO_ANY, "table", " lookup %s", table_name(r->table, ip->opt.numeric, buf));
    if (r->suppress_prefixlen != -1)
        print_int(p, TO_ANY, "suppress_prefixlen", " suppress_prefixlength %d",
                  r->suppress_prefixlen);
    if (r->suppress_ifgroup != -1)
        print_str(p, TO_ANY, "suppress_ifgroup", " suppress_ifgroup %s",
                  group_name((uint32_t)r->suppress_ifgroup, ip->opt.numeric, buf));
}

static int has_priority(const struct vnet_rule_info *r, void *arg)
{
    return r->priority == *(const uint32_t *)arg;
}

static void print_action(struct ip *ip, const struct vnet_rule_info *r)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN];
    uint32_t target = r->goto_priority;
    switch (r->action) {
    case VNET_FR_ACT_TO_TBL:
        return;
    case VNET_FR_ACT_GOTO:
        print_uint(p, TO_ANY, "goto", " goto %u", target);
        if (!vnet_rule_dump(ip->ns, r->family, has_priority, &target))
            print_null(p, TO_ANY, "unresolved", " [unresolved]");
        return;
    case VNET_FR_ACT_NOP:
        print_null(p, TO_ANY, "nop", " nop");
        return;
    default: /* FR_ACT_* from BLACKHOLE on have RTN_*'s numbers */
        print_str(p, TO_ANY, "action", " %s", rtype_name(r->action, ip->opt.numeric, buf));
    }
}

void ip_print_rule(struct ip *ip, const struct vnet_rule_info *r)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN];
    json_open_object(p, NULL);
    print_uint(p, TO_ANY, "priority", "%u:\t", r->priority);
    if (r->invert)
        print_null(p, TO_ANY, "not", "not ");
    print_selectors(ip, r);
    print_lookup(ip, r);
    print_action(ip, r);
    if ((r->protocol && r->protocol != VNET_RTPROT_KERNEL) || ip->opt.details)
        print_str(p, TO_ANY, "protocol", " proto %s",
                  proto_name(r->protocol, ip->opt.numeric, buf));
    print_text(p, "\n");
    json_close_object(p);
}
