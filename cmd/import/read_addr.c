/* Addresses: "inet ..." and "inet6 ..." of `ip address`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nametab.h"
#include "cmd/import/feed.h"
#include "cmd/ip/addr_print.h"
#include "cmd/ip/names.h"

bool feed_prefix(const char *word, uint8_t family, struct inet_addr *addr, uint8_t *len)
{
    char host[INET_ADDRSTRLEN_MAX];
    size_t n = strcspn(word, "/");
    uint32_t bits;
    if (n >= sizeof(host))
        return false;
    memcpy(host, word, n);
    host[n] = '\0';
    if (family == VNET_AF_UNSPEC)
        family = strchr(host, ':') ? VNET_AF_INET6 : VNET_AF_INET;
    bits = inet_addr_bits(family);
    if (word[n] == '/' && !line_u32(word + n + 1, bits, &bits))
        return false;
    if (!inet_addr_parse(family, host, addr))
        return false;
    *len = (uint8_t)bits;
    return true;
}

/* The words behind the address; the label comes last. What is not known is noted. */
static void read_words(struct feed *r, struct listed_addr *a, int i)
{
    const struct line_words *w = &r->w;
    struct vnet_addr_info *info = &a->info;
    uint32_t scope, flag;
    bool readonly, v6only;
    for (; i < w->n; i++) {
        const char *next = i + 1 < w->n ? w->word[i + 1] : NULL;
        if (next && line_is(w, i, "brd")) {
            inet_addr_parse(info->family, w->word[++i], &info->brd);
        } else if (next && line_is(w, i, "metric") && line_u32(next, UINT32_MAX, &info->metric)) {
            i++;
        } else if (next && line_is(w, i, "scope") && scope_value(next, &scope)) {
            info->scope = (uint8_t)scope;
            i++;
        } else if ((flag = ip_addr_flag(w->word[i], &readonly, &v6only))) {
            info->flags |= flag;
        } else if (i + 1 == w->n && info->family == VNET_AF_INET &&
                   strncmp(w->word[i], a->dev, strcspn(w->word[i], ":")) == 0) {
            snprintf(info->label, sizeof(info->label), "%.15s", w->word[i]);
        } else if (!line_is(w, i, "dynamic")) { /* follows from the lifetimes */
            listing_note(r->l, r->line, "%s: %.40s is not kept", w->word[0], w->word[i]);
        }
    }
}

/* "inet 10.0.0.1 peer 10.0.0.2/32 brd ... scope global LABEL" from word i on */
static void read_addr(struct feed *r, struct listed_link *link, int i)
{
    const struct line_words *w = &r->w;
    uint8_t family = line_is(w, i, "inet6") ? VNET_AF_INET6 : VNET_AF_INET;
    struct listed_addr a = {.line = r->line,
                            .info = {.family = family,
                                     .valid_lft = VNET_LIFETIME_FOREVER,
                                     .preferred_lft = VNET_LIFETIME_FOREVER}};
    struct vnet_addr_info *info = &a.info;
    r->addr = 0;
    memcpy(a.dev, link->name, sizeof(a.dev));
    if (i + 1 >= w->n || !feed_prefix(w->word[i + 1], family, &info->local, &info->prefixlen)) {
        listing_note(r->l, r->line, "%s: not an address: %.60s", link->name,
                     i + 1 < w->n ? w->word[i + 1] : "");
        return;
    }
    info->address = info->local;
    i += 2;
    if (line_is(w, i, "peer") && i + 1 < w->n &&
        feed_prefix(w->word[i + 1], family, &info->address, &info->prefixlen))
        i += 2;
    read_words(r, &a, i);
    *(family == VNET_AF_INET ? &link->shows_v4 : &link->shows_v6) = true;
    size_t before = r->l->naddrs;
    listing_add_addr(r->l, &a);
    r->addr = r->l->naddrs > before ? r->l->naddrs : 0;
}

bool read_addr_line(struct feed *r)
{
    struct listed_link *link = feed_link(r);
    if (!line_is(&r->w, 0, "inet") && !line_is(&r->w, 0, "inet6"))
        return false;
    if (link)
        read_addr(r, link, 0);
    else
        listing_note(r->l, r->line, "an address of no link: left out: %.60s",
                     r->w.n > 1 ? r->w.word[1] : "");
    return true;
}

/* "2: veth1    inet 10.1.0.1/16 ..." of `ip -o address` */
bool read_oneline_addr(struct feed *r)
{
    const struct line_words *w = &r->w;
    uint32_t ifindex;
    char number[16];
    size_t len = w->n >= 4 ? strlen(w->word[0]) : 0;
    if (len < 2 || len > 10 || w->word[0][len - 1] != ':' ||
        (!line_is(w, 2, "inet") && !line_is(w, 2, "inet6")))
        return false;
    snprintf(number, sizeof(number), "%.*s", (int)len - 1, w->word[0]);
    if (!line_u32(number, INT32_MAX, &ifindex) || !vnet_link_name_valid(w->word[1]))
        return false;
    feed_end_record(r);
    struct listed_link *link = listing_link(r->l, r->line, w->word[1]);
    if (!link)
        return true;
    r->link = link - r->l->links;
    link->ifindex = (int)ifindex;
    if (!link->has_header)
        link->flags |= VNET_IFF_UP;
    if (r->by.family == VNET_AF_UNSPEC)
        link->shows_v4 = link->shows_v6 = true;
    read_addr(r, link, 2);
    return true;
}

/* "forever", "3597sec", "3597"; false: neither */
static bool read_lifetime(const char *word, uint32_t *lft)
{
    char digits[16];
    size_t n = strspn(word, "0123456789");
    *lft = VNET_LIFETIME_FOREVER;
    if (strcmp(word, "forever") == 0)
        return true;
    if (n == 0 || n >= sizeof(digits) || (word[n] && strcmp(word + n, "sec") != 0))
        return false;
    memcpy(digits, word, n);
    digits[n] = '\0';
    return line_u32(digits, UINT32_MAX, lft);
}

/* "valid_lft forever preferred_lft 1797sec"; of a deprecated address iproute2 may say "-3sec" */
bool read_lifetimes(struct feed *r)
{
    const struct line_words *w = &r->w;
    if (!line_is(w, 0, "valid_lft") || w->n < 4 || !line_is(w, 2, "preferred_lft"))
        return false;
    if (!r->addr)
        return true;
    struct vnet_addr_info *info = &r->l->addrs[r->addr - 1].info;
    r->addr = 0;
    if (!read_lifetime(w->word[1], &info->valid_lft))
        info->valid_lft = VNET_LIFETIME_FOREVER;
    if (!read_lifetime(w->word[3], &info->preferred_lft))
        info->preferred_lft = 0;
    return true;
}
