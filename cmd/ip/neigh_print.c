/* print_neigh() of iproute2 6.1.0 (ip/ipneigh.c). */
#include "cmd/ip/neigh_print.h"

#include <string.h>

#include "base/mem.h"
#include "cmd/ip/names.h"

/* In the order in which states are printed; those that may be abbreviated. */
static const struct {
    const char *name, *lower;
    uint16_t state;
    bool abbrev;
} states[] = {
    {"INCOMPLETE", "incomplete", VNET_NUD_INCOMPLETE, false},
    {"REACHABLE", "reachable", VNET_NUD_REACHABLE, true},
    {"STALE", "stale", VNET_NUD_STALE, false},
    {"DELAY", "delay", VNET_NUD_DELAY, false},
    {"PROBE", "probe", VNET_NUD_PROBE, false},
    {"FAILED", "failed", VNET_NUD_FAILED, true},
    {"NOARP", "noarp", VNET_NUD_NOARP, false},
    {"PERMANENT", "permanent", VNET_NUD_PERMANENT, true},
    {NULL, "none", VNET_NUD_NONE, false},
};

bool ip_neigh_state(const char *word, uint32_t *state)
{
    uint32_t v;
    for (size_t i = 0; i < ARRAY_LEN(states); i++) {
        if (strcmp(word, states[i].lower) == 0 ||
            (states[i].abbrev && arg_matches(word, states[i].lower))) {
            *state = states[i].state;
            return true;
        }
    }
    if (!arg_u32(word, 0, &v) || v >= 0x100 || (v & (v - 1)))
        return false;
    *state = v;
    return true;
}

static bool master_fits(const struct ip *ip, const struct neigh_filter *f, int ifindex)
{
    struct vnet_link_info l;
    if (!f->master)
        return true;
    if (vnet_link_get(ip->ns, ifindex, &l) < 0)
        return f->master == -1; /* a proxy of no device */
    return f->master == -1 ? l.master == 0 : l.master == f->master;
}

bool ip_neigh_passes(const struct ip *ip, const struct neigh_filter *f,
                     const struct vnet_neigh_info *n)
{
    if ((f->family && f->family != n->family) || (f->ifindex && f->ifindex != n->ifindex))
        return false;
    if (!(f->states & n->state) && !(n->flags & (VNET_NTF_PROXY | VNET_NTF_EXT_LEARNED)) &&
        (n->state || !(f->states & NEIGH_STATE_NONE)))
        return false;
    if (f->prefix.addr.family && !ip_bits_equal(&f->prefix.addr, &n->dst, f->prefix.len))
        return false;
    if ((f->unused && n->refcnt) || (f->protocol && f->protocol != n->protocol))
        return false;
    return master_fits(ip, f, n->ifindex);
}

static void print_flag_words(struct printer *p, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *key, *text;
    } rows[] = {
        {VNET_NTF_ROUTER, "router", "router "},
        {VNET_NTF_PROXY, "proxy", "proxy "},
        {VNET_NTF_EXT_LEARNED, "extern_learn", "extern_learn "},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (flags & rows[i].flag)
            print_null(p, TO_ANY, rows[i].key, rows[i].text);
}

static void print_usage_counts(struct printer *p, const struct vnet_neigh_info *n)
{
    if (n->refcnt)
        print_uint(p, TO_ANY, "refcnt", " ref %u", n->refcnt);
    print_uint(p, TO_ANY, "used", " used %u", (unsigned)(n->used_ms / 1000));
    print_uint(p, TO_ANY, "confirmed", "/%u", (unsigned)(n->confirmed_ms / 1000));
    print_uint(p, TO_ANY, "updated", "/%u", (unsigned)(n->updated_ms / 1000));
    print_uint(p, TO_ANY, "probes", "probes %u ", n->probes);
}

static void print_states(struct printer *p, unsigned state)
{
    if (!state)
        return;
    json_open_array(p, "state");
    for (size_t i = 0; states[i].name; i++) {
        if (!(state & states[i].state))
            continue;
        state &= ~(unsigned)states[i].state;
        print_str(p, TO_ANY, NULL, "%s ", states[i].name);
    }
    json_close_array(p);
}

static void print_brief(struct ip *ip, const struct neigh_filter *f,
                        const struct vnet_neigh_info *n)
{
    struct printer *p = &ip->out;
    char addr[INET_ADDRSTRLEN_MAX], name[VNET_IFNAMSIZ], ll[LLADDR_STRLEN_MAX];
    print_colored(p, TO_ANY, ip_family_color(n->family), "dst", "%-39s ",
                  ip_host_str(ip, &n->dst, addr));
    if (!f->ifindex && n->ifindex)
        print_colored(p, TO_ANY, COLOR_IFNAME, "dev", "%-16s ", ip_link_name(ip, n->ifindex, name));
    if (n->lladdr.len)
        print_colored(p, TO_ANY, COLOR_MAC, "lladdr", "%s", lladdr_str(&n->lladdr, ll));
    print_text(p, "\n");
}

static void print_full(struct ip *ip, const struct neigh_filter *f, const struct vnet_neigh_info *n)
{
    struct printer *p = &ip->out;
    char addr[INET_ADDRSTRLEN_MAX], name[VNET_IFNAMSIZ], ll[LLADDR_STRLEN_MAX], buf[NAME_MAX_LEN];
    if (n->dst.family)
        print_colored(p, TO_ANY, ip_family_color(n->family), "dst", "%s ",
                      ip_host_str(ip, &n->dst, addr));
    if (!f->ifindex && n->ifindex) {
        print_text(p, "dev ");
        print_colored(p, TO_ANY, COLOR_IFNAME, "dev", "%s ", ip_link_name(ip, n->ifindex, name));
    }
    if (n->lladdr.len) {
        print_text(p, "lladdr ");
        print_colored(p, TO_ANY, COLOR_MAC, "lladdr", "%s ", lladdr_str(&n->lladdr, ll));
    }
    print_flag_words(p, n->flags);
    if (ip->opt.stats && !(n->flags & VNET_NTF_PROXY))
        print_usage_counts(p, n);
    print_states(p, n->state);
    if (n->protocol)
        print_str(p, TO_ANY, "protocol", "proto %s ",
                  proto_name(n->protocol, ip->opt.numeric, buf));
    print_text(p, "\n");
}

void ip_print_neigh(struct ip *ip, const struct neigh_filter *f, const struct vnet_neigh_info *n)
{
    json_open_object(&ip->out, NULL);
    if (ip->opt.brief)
        print_brief(ip, f, n);
    else
        print_full(ip, f, n);
    json_close_object(&ip->out);
}
