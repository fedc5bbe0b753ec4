/* print_addrinfo() of iproute2 6.1.0 (ip/ipaddress.c). */
#include "cmd/ip/addr_print.h"

#include <fnmatch.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/names.h"

/* ifa_flag_data, in its order: `ip` prints the flags so. */
static const struct {
    const char *name;
    uint32_t mask;
    bool readonly, v6only;
} flag_rows[] = {
    {"secondary", VNET_IFA_F_SECONDARY, true, false},
    {"temporary", VNET_IFA_F_SECONDARY, true, false},
    {"nodad", VNET_IFA_F_NODAD, false, true},
    {"optimistic", VNET_IFA_F_OPTIMISTIC, false, true},
    {"dadfailed", VNET_IFA_F_DADFAILED, true, true},
    {"home", VNET_IFA_F_HOMEADDRESS, false, true},
    {"deprecated", VNET_IFA_F_DEPRECATED, true, true},
    {"tentative", VNET_IFA_F_TENTATIVE, true, true},
    {"permanent", VNET_IFA_F_PERMANENT, true, true},
    {"mngtmpaddr", VNET_IFA_F_MANAGETEMPADDR, false, true},
    {"noprefixroute", VNET_IFA_F_NOPREFIXROUTE, false, false},
    {"autojoin", VNET_IFA_F_MCAUTOJOIN, false, false},
    {"stable-privacy", VNET_IFA_F_STABLE_PRIVACY, true, true},
};

bool ip_addr_flag_filter(struct addr_filter *f, const char *word)
{
    bool off = word[0] == '-';
    word += off;
    if (strcmp(word, "dynamic") == 0 || strcmp(word, "primary") == 0) {
        off = !off;
        word = word[0] == 'd' ? "permanent" : "secondary";
    }
    for (size_t i = 0; i < ARRAY_LEN(flag_rows); i++) {
        if (strcmp(word, flag_rows[i].name) != 0)
            continue;
        f->flags = off ? f->flags & ~flag_rows[i].mask : f->flags | flag_rows[i].mask;
        f->flagmask |= flag_rows[i].mask;
        return true;
    }
    return false;
}

uint32_t ip_addr_flag(const char *word, bool *readonly, bool *v6only)
{
    for (size_t i = 0; i < ARRAY_LEN(flag_rows); i++) {
        if (strcmp(word, flag_rows[i].name) == 0) {
            *readonly = flag_rows[i].readonly;
            *v6only = flag_rows[i].v6only;
            return flag_rows[i].mask;
        }
    }
    return 0;
}

bool ip_addr_passes(const struct netns *ns, const struct addr_filter *f,
                    const struct vnet_addr_info *addr)
{
    const struct ip_prefix *to = &f->prefix;
    if (f->ifindex && f->ifindex != addr->ifindex)
        return false;
    if (f->has_scope && f->scope != addr->scope)
        return false;
    if ((f->flags ^ addr->flags) & f->flagmask)
        return false;
    if (f->family && f->family != addr->family)
        return false;
    if (to->addr.family && to->len &&
        (to->addr.family != addr->family || !ip_bits_equal(&to->addr, &addr->local, to->len)))
        return false;
    if (f->label) {
        char name[VNET_IFNAMSIZ];
        const char *label = addr->label[0] ? addr->label : vnet_link_name(ns, addr->ifindex, name);
        return fnmatch(f->label, label, 0) == 0;
    }
    return true;
}

/* Rows of flag_rows in the order in which iproute2 printed them before it had the table (5.1). */
static const uint8_t rows_before_table[] = {0, 7, 6, 5, 2, 9, 10, 11, 8, 4};

static void print_flag_words(struct ip *ip, const struct vnet_addr_info *addr)
{
    struct printer *p = &ip->out;
    uint32_t flags = addr->flags;
    bool table = vnet_world_profile(ip->w)->tools.ip_addr_flag_table;
    for (size_t i = 0; i < (table ? ARRAY_LEN(flag_rows) : sizeof(rows_before_table)); i++) {
        size_t row = table ? i : rows_before_table[i];
        uint32_t mask = flag_rows[row].mask;
        const char *name = flag_rows[row].name;
        bool set = (flags & mask) != 0;
        if (mask == VNET_IFA_F_PERMANENT) {
            set = !set;
            name = "dynamic";
        } else if (mask == VNET_IFA_F_SECONDARY && addr->family == VNET_AF_INET6) {
            name = "temporary";
        }
        if (set) {
            print_true(p, TO_JSON, name, NULL);
            print_str(p, TO_TEXT, NULL, "%s ", name);
        }
        flags &= ~mask;
    }
}

static void print_host(struct ip *ip, const char *key, const char *fmt,
                       const struct inet_addr *addr)
{
    char buf[INET_ADDRSTRLEN_MAX];
    print_colored(&ip->out, TO_ANY, ip_family_color(addr->family), key, fmt,
                  ip_host_str(ip, addr, buf));
}

static void print_local(struct ip *ip, const struct vnet_addr_info *addr)
{
    struct printer *p = &ip->out;
    print_host(ip, "local", "%s", &addr->local);
    if (!inet_addr_eq(&addr->local, &addr->address)) {
        print_text(p, " peer ");
        print_host(ip, "address", "%s", &addr->address);
    }
    print_int(p, TO_ANY, "prefixlen", "/%d ", addr->prefixlen);
    if (addr->metric)
        print_uint(p, TO_ANY, "metric", "metric %u ", addr->metric);
}

static void print_lifetime(struct printer *p, const char *text, const char *key, uint32_t seconds,
                           const char *fmt)
{
    print_text(p, text);
    if (seconds == VNET_LIFETIME_FOREVER) {
        json_u64(p, key, seconds);
        print_text(p, "forever");
    } else {
        print_uint(p, TO_ANY, key, fmt, seconds);
    }
}

static void print_owner(struct ip *ip, const struct vnet_addr_info *addr, bool with_link)
{
    struct printer *p = &ip->out;
    char name[VNET_IFNAMSIZ];
    if (with_link) {
        ip_link_name(ip, addr->ifindex, name);
        print_int(p, TO_ANY, "index", "%d: ", addr->ifindex);
        print_str(p, TO_ANY, "dev", "%s", name);
    }
    print_str(p, TO_ANY, "family", "    %s ", ip_family_name(addr->family));
}

static void print_attributes(struct ip *ip, const struct vnet_addr_info *addr)
{
    struct printer *p = &ip->out;
    char buf[NAME_MAX_LEN];
    if (addr->brd.family) {
        print_text(p, "brd ");
        print_host(ip, "broadcast", "%s ", &addr->brd);
    }
    if (addr->anycast.family) {
        print_text(p, "any ");
        print_host(ip, "anycast", "%s ", &addr->anycast);
    }
    print_str(p, TO_ANY, "scope", "scope %s ", scope_name(addr->scope, ip->opt.numeric, buf));
    print_flag_words(ip, addr);
    if (addr->label[0])
        print_str(p, TO_ANY, "label", "%s", addr->label);
}

void ip_print_addr(struct ip *ip, const struct vnet_addr_info *addr, bool with_link)
{
    struct printer *p = &ip->out;
    if (ip->opt.brief) {
        print_local(ip, addr);
        return;
    }
    print_owner(ip, addr, with_link);
    print_local(ip, addr);
    print_attributes(ip, addr);
    print_nl(p);
    print_lifetime(p, "       valid_lft ", "valid_life_time", addr->valid_lft, "%usec");
    print_lifetime(p, " preferred_lft ", "preferred_life_time", addr->preferred_lft,
                   addr->flags & VNET_IFA_F_DEPRECATED ? "%dsec" : "%usec");
    print_text(p, "\n");
}
