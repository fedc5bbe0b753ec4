#include "cmd/import/listing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nametab.h"

enum { MAX_WORDS = 48 };

struct line_words { /* a line cut at white space */
    char text[1024];
    char *word[MAX_WORDS];
    int n;
};

static void cut(struct line_words *w, const char *line)
{
    size_t len = strlen(line);
    if (len >= sizeof(w->text))
        len = sizeof(w->text) - 1;
    memcpy(w->text, line, len);
    w->text[len] = '\0';
    w->n = 0;
    for (char *s = w->text; *s && w->n < MAX_WORDS;) {
        s += strspn(s, " \t");
        if (!*s)
            break;
        w->word[w->n++] = s;
        s += strcspn(s, " \t");
        if (*s)
            *s++ = '\0';
    }
}

/* The word behind `key`, NULL if there is none. */
static const char *value_of(const struct line_words *w, const char *key)
{
    for (int i = 0; i + 1 < w->n; i++)
        if (strcmp(w->word[i], key) == 0)
            return w->word[i + 1];
    return NULL;
}

static bool copy_name(char out[VNET_IFNAMSIZ], const char *s, size_t n)
{
    if (n == 0 || n >= VNET_IFNAMSIZ)
        return false;
    memcpy(out, s, n);
    out[n] = '\0';
    return true;
}

bool listing_command(const char *command)
{
    struct line_words w;
    cut(&w, command);
    int i = w.n && strcmp(w.word[0], "sudo") == 0;
    if (i >= w.n)
        return false;
    if (strcmp(w.word[i], "route") == 0)
        return i + 1 == w.n || (i + 2 == w.n && strcmp(w.word[i + 1], "-n") == 0);
    if (strcmp(w.word[i], "ip") != 0)
        return false;
    static const char *const objects[] = {"a", "addr", "address", "l", "link", "r", "route"};
    bool object = false;
    while (++i < w.n) {
        if (strcmp(w.word[i], "-4") == 0 || strcmp(w.word[i], "-d") == 0)
            continue;
        bool show = object && (strcmp(w.word[i], "show") == 0 || strcmp(w.word[i], "list") == 0 ||
                               strcmp(w.word[i], "ls") == 0 || strcmp(w.word[i], "s") == 0);
        for (size_t k = 0; !object && k < ARRAY_LEN(objects); k++)
            if (strcmp(w.word[i], objects[k]) == 0)
                show = object = true;
        if (!show)
            return false;
    }
    return object;
}

/* ---- links ---- */

static struct listed_link *link_by_index(struct listing *l, int ifindex)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].ifindex == ifindex)
            return &l->links[i];
    ARRAY_GROW(l->links, l->nlinks, l->links_cap);
    struct listed_link *link = &l->links[l->nlinks++];
    *link = (struct listed_link){.ifindex = ifindex, .mtu = 1500, .qlen = -1};
    return link;
}

/* "7: veth1@veth0: <BROADCAST,UP> mtu 1500 qdisc noop state DOWN qlen 1000" */
static struct listed_link *read_link(struct listing *l, const struct line_words *w)
{
    char *end;
    long ifindex = w->n > 3 ? strtol(w->word[0], &end, 10) : 0;
    if (ifindex <= 0 || ifindex > 1000000 || strcmp(end, ":") != 0 || w->word[2][0] != '<')
        return NULL;
    struct listed_link link = *link_by_index(l, (int)ifindex);
    const char *name = w->word[1], *flags = w->word[2], *s;
    if (!copy_name(link.name, name, strcspn(name, "@:")))
        return NULL;
    link.virtual_link = strchr(name, '@') != NULL;
    link.loopback = strstr(flags, "LOOPBACK") != NULL;
    link.no_carrier = strstr(flags, "NO-CARRIER") != NULL;
    link.up = strstr(flags, ",UP") || strstr(flags, "<UP");
    if ((s = value_of(w, "mtu")))
        link.mtu = (uint32_t)strtoul(s, NULL, 10);
    if ((s = value_of(w, "qdisc")))
        snprintf(link.qdisc, sizeof(link.qdisc), "%.15s", s);
    if ((s = value_of(w, "qlen")))
        link.qlen = strtol(s, NULL, 10);
    struct listed_link *place = link_by_index(l, (int)ifindex);
    *place = link;
    return place;
}

/* ---- addresses ---- */

static bool read_prefix(const char *text, uint8_t family, struct inet_addr *addr, uint8_t *len)
{
    char copy[64];
    snprintf(copy, sizeof(copy), "%s", text);
    char *slash = strchr(copy, '/');
    *len = (uint8_t)inet_addr_bits(family);
    if (slash) {
        *slash = '\0';
        unsigned long n = strtoul(slash + 1, NULL, 10);
        if (n > inet_addr_bits(family))
            return false;
        *len = (uint8_t)n;
    }
    return inet_addr_parse(family, copy, addr);
}

static uint8_t read_scope(const char *s)
{
    static const struct nametab scopes[] = {
        {"global", VNET_SCOPE_UNIVERSE},
        {"site", VNET_SCOPE_SITE},
        {"link", VNET_SCOPE_LINK},
        {"host", VNET_SCOPE_HOST},
        {NULL, 0},
    };
    uint32_t value = VNET_SCOPE_UNIVERSE;
    if (s)
        nametab_value(scopes, s, &value);
    return (uint8_t)value;
}

static uint32_t read_flags(const struct line_words *w)
{
    static const struct nametab names[] = {
        {"secondary", VNET_IFA_F_SECONDARY},
        {"tentative", VNET_IFA_F_TENTATIVE},
        {"dadfailed", VNET_IFA_F_DADFAILED},
        {"deprecated", VNET_IFA_F_DEPRECATED},
        {"nodad", VNET_IFA_F_NODAD},
        {"noprefixroute", VNET_IFA_F_NOPREFIXROUTE},
        {NULL, 0},
    };
    uint32_t flags = 0, bit;
    for (int i = 0; i < w->n; i++)
        if (nametab_value(names, w->word[i], &bit))
            flags |= bit;
    return flags;
}

/* "inet 10.0.8.10/24 brd 10.0.8.255 scope global ens192" */
static void read_addr(struct listing *l, const struct listed_link *link, const struct line_words *w)
{
    uint8_t family = strcmp(w->word[0], "inet6") == 0 ? VNET_AF_INET6 : VNET_AF_INET;
    struct vnet_addr_info a = {.ifindex = link->ifindex,
                               .family = family,
                               .flags = read_flags(w),
                               .valid_lft = VNET_LIFETIME_FOREVER,
                               .preferred_lft = VNET_LIFETIME_FOREVER};
    if (w->n < 2 || !read_prefix(w->word[1], family, &a.local, &a.prefixlen))
        return;
    const char *peer = value_of(w, "peer"), *brd = value_of(w, "brd");
    a.address = a.local;
    if (peer && !read_prefix(peer, family, &a.address, &a.prefixlen))
        return;
    if (brd)
        inet_addr_parse(family, brd, &a.brd);
    a.scope = read_scope(value_of(w, "scope"));
    if (family == VNET_AF_INET)
        snprintf(a.label, sizeof(a.label), "%.15s", w->word[w->n - 1]);
    for (size_t i = 0; i < l->naddrs; i++)
        if (l->addrs[i].ifindex == a.ifindex && inet_addr_eq(&l->addrs[i].local, &a.local))
            return;
    ARRAY_GROW(l->addrs, l->naddrs, l->addrs_cap);
    l->addrs[l->naddrs++] = a;
}

/* ---- routes ---- */

static void add_route(struct listing *l, const struct listed_route *r)
{
    for (size_t i = 0; i < l->nroutes; i++) {
        const struct listed_route *o = &l->routes[i];
        if (inet_addr_eq(&o->info.dst, &r->info.dst) && o->info.dst_len == r->info.dst_len &&
            o->info.priority == r->info.priority && strcmp(o->dev, r->dev) == 0)
            return;
    }
    ARRAY_GROW(l->routes, l->nroutes, l->routes_cap);
    l->routes[l->nroutes++] = *r;
}

static struct listed_route new_route(void)
{
    struct listed_route r = {.info = {.family = VNET_AF_INET,
                                      .type = VNET_RTN_UNICAST,
                                      .protocol = VNET_RTPROT_STATIC,
                                      .table = VNET_RT_TABLE_MAIN,
                                      .scope = VNET_SCOPE_LINK}};
    return r;
}

/* "10.0.8.0 0.0.0.0 255.255.255.0 U 100 0 0 ens192" of `route -n` */
static bool read_route_n(struct listing *l, const struct line_words *w)
{
    struct listed_route r = new_route();
    struct inet_addr mask, gateway;
    if (w->n != 8 || !inet_addr_parse(VNET_AF_INET, w->word[0], &r.info.dst) ||
        !inet_addr_parse(VNET_AF_INET, w->word[1], &gateway) ||
        !inet_addr_parse(VNET_AF_INET, w->word[2], &mask) ||
        !copy_name(r.dev, w->word[7], strlen(w->word[7])))
        return false;
    int len = inet_mask_len(inet_addr_to_v4(&mask));
    if (len < 0)
        return false;
    r.info.dst_len = (uint8_t)len;
    r.info.priority = (uint32_t)strtoul(w->word[4], NULL, 10);
    if (!inet_addr_is_any(&gateway)) {
        r.nh.gateway = gateway;
        r.info.scope = VNET_SCOPE_UNIVERSE;
    }
    add_route(l, &r);
    return true;
}

/* "default via 10.0.1.1 dev ens192 proto static metric 100" of `ip route` */
static bool read_ip_route(struct listing *l, const struct line_words *w)
{
    struct listed_route r = new_route();
    const char *dev = value_of(w, "dev"), *via = value_of(w, "via"), *s;
    if (!dev || !copy_name(r.dev, dev, strlen(dev)))
        return false;
    if (strcmp(w->word[0], "default") == 0)
        r.info.dst = inet_addr_any(VNET_AF_INET);
    else if (!read_prefix(w->word[0], VNET_AF_INET, &r.info.dst, &r.info.dst_len))
        return false;
    if (via && inet_addr_parse(VNET_AF_INET, via, &r.nh.gateway))
        r.info.scope = VNET_SCOPE_UNIVERSE;
    if ((s = value_of(w, "metric")))
        r.info.priority = (uint32_t)strtoul(s, NULL, 10);
    if ((s = value_of(w, "src")))
        inet_addr_parse(VNET_AF_INET, s, &r.info.prefsrc);
    if ((s = value_of(w, "proto")) && strcmp(s, "kernel") == 0)
        r.info.protocol = VNET_RTPROT_KERNEL;
    if ((s = value_of(w, "proto")) && strcmp(s, "boot") == 0)
        r.info.protocol = VNET_RTPROT_BOOT;
    add_route(l, &r);
    return true;
}

void listing_read(struct listing *l, char *const *lines, size_t n)
{
    struct listed_link *link = NULL;
    for (size_t i = 0; i < n; i++) {
        struct line_words w;
        cut(&w, lines[i]);
        if (w.n == 0)
            continue;
        struct listed_link *next = read_link(l, &w);
        if (next)
            link = next;
        else if (link && w.n > 1 && strcmp(w.word[0], "link/ether") == 0)
            lladdr_parse(w.word[1], &link->mac);
        else if (link && strncmp(w.word[0], "inet", 4) == 0)
            read_addr(l, link, &w);
        else if (!link && (read_route_n(l, &w) || read_ip_route(l, &w)))
            l->has_routes = true;
    }
}

void listing_release(struct listing *l)
{
    free(l->links);
    free(l->addrs);
    free(l->routes);
    *l = (struct listing){0};
}
