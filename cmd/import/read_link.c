/* Links: the records of `ip link`, `ip address`, with -d, -br, -o. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nametab.h"
#include "cmd/import/feed.h"
#include "cmd/ip/link_print.h"

/* Kinds of `ip -d link`: the first word of a line of their own. */
static const char *const kinds[] = {
    "amt",         "bareudp",   "batadv", "bond",      "bridge",    "can",      "dsa",
    "dummy",       "erspan",    "geneve", "gre",       "gretap",    "gtp",      "hsr",
    "ifb",         "ip6erspan", "ip6gre", "ip6gretap", "ip6tnl",    "ipip",     "ipoib",
    "ipvlan",      "ipvtap",    "macsec", "macvlan",   "macvtap",   "netkit",   "nlmon",
    "openvswitch", "ppp",       "rmnet",  "sit",       "team",      "tun",      "vcan",
    "veth",        "virt_wifi", "vlan",   "vrf",       "vti",       "vti6",     "vxcan",
    "vxlan",       "wireguard", "wwan",   "xfrm",      "netdevsim", "failover",
};

int feed_operstate(const char *word)
{
    for (const char *s = word; *s; s++)
        if (*s < 'A' || *s > 'Z')
            return -1;
    return ip_operstate_value(word);
}

static void copy(char *out, size_t size, const char *word)
{
    snprintf(out, size, "%.*s", (int)size - 1, word);
}

/* ---- the first line ---- */

/* "NAME@BELOW:" into the two; false: too long to be names. */
static bool split_name(const char *word, char name[VNET_IFNAMSIZ], char below[VNET_IFNAMSIZ])
{
    size_t len = strcspn(word, "@:"), rest;
    const char *at = word + len;
    below[0] = '\0';
    if (len == 0 || len >= VNET_IFNAMSIZ)
        return false;
    memcpy(name, word, len);
    name[len] = '\0';
    if (*at != '@')
        return true;
    rest = strcspn(at + 1, ":");
    if (rest >= VNET_IFNAMSIZ)
        return false;
    memcpy(below, at + 1, rest);
    below[rest] = '\0';
    return true;
}

/* Begin the record of a link. NULL: it is left out, its lines go nowhere. */
static struct listed_link *begin_record(struct feed *r, const char *word, uint32_t ifindex)
{
    char name[VNET_IFNAMSIZ], below[VNET_IFNAMSIZ];
    feed_end_record(r);
    if (!split_name(word, name, below)) {
        listing_note(r->l, r->line, "%.40s: not a name that a link may have: left out", word);
        return NULL;
    }
    struct listed_link *link = listing_link(r->l, r->line, name);
    if (!link)
        return NULL;
    r->link = link - r->l->links;
    if (below[0])
        memcpy(link->below, below, sizeof(below));
    if (ifindex)
        link->ifindex = (int)ifindex;
    return link;
}

/* "<BROADCAST,UP>" */
static void read_flags(struct feed *r, struct listed_link *link, const char *word)
{
    char flag[24];
    uint32_t bit;
    link->flags = 0;
    link->no_carrier = false;
    for (const char *s = word + 1; *s && *s != '>'; s += *s == ',') {
        size_t len = strcspn(s, ",>");
        snprintf(flag, sizeof(flag), "%.*s", (int)(len < sizeof(flag) ? len : sizeof(flag) - 1), s);
        if (strcmp(flag, "NO-CARRIER") == 0)
            link->no_carrier = true;
        else if (nametab_value(vnet_link_flag_names, flag, &bit))
            link->flags |= bit;
        else if (*flag && strcmp(flag, "M-DOWN") != 0)
            listing_note(r->l, r->line, "%s: flag %s is not kept", link->name, flag);
        s += len;
    }
}

static void take_number(const char *value, uint32_t max, uint32_t *out)
{
    uint32_t v;
    if (line_u32(value, max, &v))
        *out = v;
}

/* "mtu 1500 qdisc mq master br0 state UP mode DEFAULT group default qlen 1000" from word i on */
static void read_first_line(struct feed *r, struct listed_link *link, int i)
{
    const struct line_words *w = &r->w;
    uint32_t qlen;
    for (; i + 1 < w->n; i += 2) {
        const char *key = w->word[i], *value = w->word[i + 1];
        if (strcmp(key, "mtu") == 0)
            take_number(value, INT32_MAX, &link->mtu);
        else if (strcmp(key, "qdisc") == 0)
            copy(link->qdisc, sizeof(link->qdisc), value);
        else if (strcmp(key, "master") == 0)
            copy(link->master, sizeof(link->master), value);
        else if (strcmp(key, "state") == 0)
            link->operstate = ip_operstate_value(value);
        else if (strcmp(key, "mode") == 0)
            link->linkmode = ip_linkmode_value(value);
        else if (strcmp(key, "group") == 0)
            copy(link->group, sizeof(link->group), value);
        else if (strcmp(key, "qlen") == 0 && line_u32(value, INT32_MAX, &qlen))
            link->qlen = qlen;
        else
            i--;
    }
}

/* "7: veth1@veth0: <BROADCAST,UP> mtu 1500 qdisc noop state DOWN mode DEFAULT qlen 1000" */
bool read_link_header(struct feed *r)
{
    const struct line_words *w = &r->w;
    char number[16];
    uint32_t ifindex;
    size_t len = w->n >= 4 ? strlen(w->word[0]) : 0;
    if (len < 2 || len > 10 || w->word[0][len - 1] != ':' || w->word[2][0] != '<')
        return false;
    snprintf(number, sizeof(number), "%.*s", (int)len - 1, w->word[0]);
    if (!line_u32(number, INT32_MAX, &ifindex) || ifindex == 0)
        return false;
    struct listed_link *link = begin_record(r, w->word[1], ifindex);
    if (!link)
        return true;
    link->has_header = true;
    link->qlen = 0;
    read_flags(r, link, w->word[2]);
    read_first_line(r, link, 3);
    r->of_addrs = line_find(w, 3, "mode") < 0 && r->by.family == VNET_AF_UNSPEC;
    return true;
}

/* ---- the lines below ---- */

/* What stands behind the addresses or the kind: numbers of the table, addrgenmode, and words that
 * are not kept. The first of those. */
static const char *read_attrs(struct listed_link *link, const struct line_words *w, int i)
{
    const char *unknown = NULL;
    for (; i < w->n; i++) {
        size_t k = 0;
        uint32_t v;
        while (k < ATTRS && strcmp(w->word[i], attr_names[k].word) != 0)
            k++;
        if (k < ATTRS && i + 1 < w->n && line_u32(w->word[i + 1], UINT32_MAX, &v)) {
            link->attr[k] = v;
            link->attrs_shown |= 1U << k;
            i++;
        } else if (line_is(w, i, "addrgenmode") && i + 1 < w->n) {
            link->addr_gen = ip_addrgen_value(w->word[++i]);
        } else if (!unknown) {
            unknown = w->word[i];
        }
    }
    return unknown;
}

/* "link/ether 02:... brd ff:... link-netnsid 0 promiscuity 0 ..." */
static bool read_link_type(struct feed *r, struct listed_link *link)
{
    const struct line_words *w = &r->w;
    int i = 1;
    if (strncmp(w->word[0], "link/", 5) != 0)
        return false;
    copy(link->link_type, sizeof(link->link_type), w->word[0] + 5);
    if (i < w->n && lladdr_parse(w->word[i], &link->mac))
        i++;
    if ((line_is(w, i, "brd") || line_is(w, i, "peer")) && i + 1 < w->n) {
        lladdr_parse(w->word[i + 1], &link->brd);
        i += 2;
    }
    if (line_is(w, i, "permaddr") || line_is(w, i, "link-netnsid") || line_is(w, i, "link-netns"))
        i += 2;
    const char *unknown = read_attrs(link, w, i);
    if (unknown)
        listing_note(r->l, r->line, "%s: attribute %.40s is not kept", link->name, unknown);
    if (r->of_addrs) /* both families' addresses follow */
        link->shows_v4 = link->shows_v6 = true;
    return true;
}

static bool read_kind(struct feed *r, struct listed_link *link)
{
    const struct line_words *w = &r->w;
    const char *slave = strstr(w->word[0], "_slave");
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(w->word[0], kinds[i]) == 0) {
            copy(link->kind, sizeof(link->kind), kinds[i]);
            const char *unknown = read_attrs(link, w, 1);
            if (unknown && strcmp(kinds[i], "veth") == 0)
                listing_note(r->l, r->line, "%s: attribute %.40s is not kept", link->name, unknown);
            return true;
        }
        if (slave && strncmp(w->word[0], kinds[i], (size_t)(slave - w->word[0])) == 0) {
            copy(link->slave_kind, sizeof(link->slave_kind), w->word[0]);
            read_attrs(link, w, 1);
            return true;
        }
    }
    return false;
}

static void add_altname(struct listed_link *link, const char *name)
{
    enum { MOST = 64 };
    for (size_t i = 0; i < link->naltnames; i++)
        if (strcmp(link->altnames[i], name) == 0)
            return;
    if (link->naltnames == MOST)
        return;
    ARRAY_GROW(link->altnames, link->naltnames, link->altnames_cap);
    link->altnames[link->naltnames++] = mem_strdup(name);
}

/* "alias TEXT", "altname NAME" */
static bool read_names(struct feed *r, struct listed_link *link)
{
    if (line_is(&r->w, 0, "altname") && r->w.n == 2) {
        add_altname(link, r->w.word[1]);
        return true;
    }
    if (!line_is(&r->w, 0, "alias") || r->w.n < 2)
        return false;
    const char *text = strstr(r->raw, "alias ") + 6;
    free(link->alias);
    link->alias = mem_strdup(text);
    return true;
}

static bool all_numbers(const struct line_words *w)
{
    for (int i = 0; i < w->n; i++)
        if (w->word[i][strspn(w->word[i], "0123456789.KMGTi")] != '\0')
            return false;
    return w->n > 0;
}

/* "RX:  bytes packets errors ..." and the numbers below */
static bool read_counters(struct feed *r)
{
    if (strncmp(r->w.word[0], "RX", 2) != 0 && strncmp(r->w.word[0], "TX", 2) != 0)
        return all_numbers(&r->w);
    if (!r->counters_noted)
        listing_note(r->l, r->line, "counters are not kept: they begin at 0");
    r->counters_noted = true;
    return true;
}

bool read_link_detail(struct feed *r)
{
    struct listed_link *link = feed_link(r);
    if (!link || r->w.n == 0)
        return false;
    return read_link_type(r, link) || read_names(r, link) || read_kind(r, link) || read_counters(r);
}

/* ---- `ip -br` ---- */

static void read_brief_addrs(struct feed *r, struct listed_link *link)
{
    const struct line_words *w = &r->w;
    link->shows_v4 |= r->by.family != VNET_AF_INET6;
    link->shows_v6 |= r->by.family != VNET_AF_INET;
    for (int i = 2; i < w->n; i++) {
        struct listed_addr a = {
            .line = r->line,
            .info = {.valid_lft = VNET_LIFETIME_FOREVER, .preferred_lft = VNET_LIFETIME_FOREVER}};
        struct vnet_addr_info *info = &a.info;
        if (line_is(w, i, "metric") || line_is(w, i, "peer")) {
            i++;
            continue;
        }
        bool peer = line_is(w, i + 1, "peer") && i + 2 < w->n;
        if (!feed_prefix(w->word[i], VNET_AF_UNSPEC, &info->local, &info->prefixlen))
            return;
        info->family = info->local.family;
        info->address = info->local;
        if (peer)
            feed_prefix(w->word[i + 2], info->family, &info->address, &info->prefixlen);
        info->scope = inet_addr_is_loopback(&info->local)    ? VNET_SCOPE_HOST
                      : inet_addr_is_linklocal(&info->local) ? VNET_SCOPE_LINK
                                                             : VNET_SCOPE_UNIVERSE;
        memcpy(a.dev, link->name, sizeof(a.dev));
        listing_add_addr(r->l, &a);
    }
}

/* "veth0@veth1  UP  10.0.0.1/24 fe80::1/64", "veth0  UP  02:... <BROADCAST,UP>" */
bool read_brief(struct feed *r)
{
    const struct line_words *w = &r->w;
    struct lladdr mac;
    struct inet_addr addr;
    uint8_t len;
    int operstate = w->n >= 2 ? feed_operstate(w->word[1]) : -1;
    if (operstate < 0)
        return false;
    bool link_form = w->n >= 3 && w->word[2][0] != '<' && lladdr_parse(w->word[2], &mac);
    if (!link_form && w->n > 2 && !feed_prefix(w->word[2], VNET_AF_UNSPEC, &addr, &len))
        return false;
    struct listed_link *link = begin_record(r, w->word[0], 0);
    if (!link)
        return true;
    link->operstate = operstate;
    if (!link->has_header && operstate != VNET_OPER_DOWN)
        link->flags |= VNET_IFF_UP;
    if (link_form) {
        link->mac = mac;
        if (w->n >= 4 && w->word[3][0] == '<') {
            link->has_header = true;
            read_flags(r, link, w->word[3]);
        }
    } else {
        read_brief_addrs(r, link);
    }
    r->link = NO_LINK;
    return true;
}
