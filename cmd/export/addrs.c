/* Addresses: what the kernel makes of itself and is not there is removed, the rest added so that
 * they stand in the same order. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/export/parts.h"
#include "cmd/import/addr_list.h"
#include "cmd/ip/names.h"
#include "vnet_addr.h"

static bool has(const struct addr_list *a, const struct vnet_addr_info *info)
{
    for (size_t i = 0; i < a->n; i++)
        if (addr_same(&a->v[i], info))
            return true;
    return false;
}

/* "ADDRESS peer PEER/LEN dev DEV" */
static void put_address(struct strbuf *sb, const struct vnet_addr_info *a, const char *dev)
{
    char text[INET_ADDRSTRLEN_MAX];
    strbuf_adds(sb, inet_addr_str(&a->local, text));
    if (!inet_addr_eq(&a->local, &a->address))
        strbuf_addf(sb, " peer %s", inet_addr_str(&a->address, text));
    strbuf_addf(sb, "/%u dev %s", a->prefixlen, dev);
}

static void put_lifetime(struct strbuf *sb, const char *word, uint32_t lft)
{
    if (lft == VNET_LIFETIME_FOREVER)
        strbuf_addf(sb, " %s forever", word);
    else
        strbuf_addf(sb, " %s %u", word, lft);
}

static void put_flags(struct strbuf *sb, const struct vnet_addr_info *a)
{
    static const struct {
        uint32_t flag;
        const char *word;
    } rows[] = {
        {VNET_IFA_F_NODAD, "nodad"},
        {VNET_IFA_F_HOMEADDRESS, "home"},
        {VNET_IFA_F_MANAGETEMPADDR, "mngtmpaddr"},
        {VNET_IFA_F_NOPREFIXROUTE, "noprefixroute"},
        {VNET_IFA_F_MCAUTOJOIN, "autojoin"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (a->flags & rows[i].flag)
            strbuf_addf(sb, " %s", rows[i].word);
}

static void add(struct exporter *e, const struct vnet_addr_info *a, const char *dev)
{
    const uint32_t lost = VNET_IFA_F_STABLE_PRIVACY | VNET_IFA_F_DADFAILED;
    struct strbuf sb = STRBUF_INIT;
    char buf[NAME_MAX_LEN], text[INET_ADDRSTRLEN_MAX];
    put_address(&sb, a, dev);
    if (a->brd.family)
        strbuf_addf(&sb, " brd %s", inet_addr_str(&a->brd, text));
    if (a->family == VNET_AF_INET)
        strbuf_addf(&sb, " scope %s", scope_name(a->scope, false, buf));
    if (a->label[0] && strcmp(a->label, dev) != 0)
        strbuf_addf(&sb, " label %s", a->label);
    if (a->metric)
        strbuf_addf(&sb, " metric %u", a->metric);
    put_flags(&sb, a);
    if (a->valid_lft != VNET_LIFETIME_FOREVER || a->preferred_lft != VNET_LIFETIME_FOREVER) {
        put_lifetime(&sb, "valid_lft", a->valid_lft);
        put_lifetime(&sb, "preferred_lft", a->preferred_lft);
    }
    export_ip(e, VNET_AF_UNSPEC, "addr add %s", sb.data);
    if (a->family == VNET_AF_INET6 && a->flags & (lost | VNET_IFA_F_SECONDARY))
        export_note(e, "%s: a flag of this address is not rebuilt", inet_addr_str(&a->local, text));
    strbuf_release(&sb);
}

/* IPv6 puts a new address before those of its scope, IPv4 behind. */
static void export_of(struct exporter *e, uint8_t family, const struct vnet_link_info *l)
{
    struct addr_list want = addr_list_of(e->ns, family, l->ifindex);
    struct addr_list have = addr_list_of(e->sns, family, l->ifindex);
    for (size_t i = 0; i < have.n; i++) {
        struct strbuf sb = STRBUF_INIT;
        put_address(&sb, &have.v[i], l->name);
        if (!has(&want, &have.v[i]))
            export_ip(e, VNET_AF_UNSPEC, "addr del %s", sb.data);
        strbuf_release(&sb);
    }
    for (size_t i = 0; i < want.n; i++) {
        const struct vnet_addr_info *a = &want.v[family == VNET_AF_INET6 ? want.n - 1 - i : i];
        if (!has(&have, a))
            add(e, a, l->name);
    }
    free(want.v);
    free(have.v);
}

void export_addrs(struct exporter *e)
{
    struct vnet_link_info l;
    for (int i = vnet_link_next(e->ns, 0); i; i = vnet_link_next(e->ns, i)) {
        if (vnet_link_get(e->ns, i, &l) < 0 || !vnet_link_index(e->sns, l.name))
            continue;
        export_of(e, VNET_AF_INET, &l);
        export_of(e, VNET_AF_INET6, &l);
    }
}
