/* Address labels (net/ipv6/addrlabel.c; RFC 6724 2.1). */
#include "inet/addrlabel.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "inet/ipv6_addr.h"
#include "sim/world.h"

#define LABEL_DEFAULT 0xffffffffU /* IPV6_ADDR_LABEL_DEFAULT: nothing fits */

/* ip6addrlbl_init_table[], in the order in which it is listed */
static const struct {
    uint8_t prefix[16];
    uint8_t len;
    uint32_t label;
} initial[] = {
    {{[15] = 1}, 128, 0},           /* ::1 */
    {{0}, 96, 3},                   /* IPv4-compatible */
    {{[10] = 0xff, 0xff}, 96, 4},   /* ::ffff:0:0 */
    {{0x20, 0x01, 0, 0}, 32, 6},    /* Teredo */
    {{0x20, 0x01, 0, 0x10}, 28, 7}, /* ORCHID */
    {{0x3f, 0xfe}, 16, 12},         /* 6bone */
    {{0x20, 0x02}, 16, 2},          /* 6to4 */
    {{0xfe, 0xc0}, 10, 11},         /* site-local */
    {{0xfc}, 7, 5},                 /* ULA */
    {{0}, 0, 1},                    /* ::/0 */
};

void addrlabel_append(struct netns *ns, const struct vnet_addrlabel *a)
{
    struct addrlabel *e = mem_alloc(sizeof(*e));
    e->a = *a;
    list_add_tail(&e->node, &ns->addrlabels->list);
}

void addrlabel_net_init(struct netns *ns)
{
    ns->addrlabels = mem_alloc(sizeof(*ns->addrlabels));
    list_init(&ns->addrlabels->list);
    for (size_t i = 0; i < ARRAY_LEN(initial); i++)
        addrlabel_append(ns, &(struct vnet_addrlabel){.prefix = inet_addr_v6(initial[i].prefix),
                                                      .len = initial[i].len,
                                                      .label = initial[i].label});
}

static void row_free(struct addrlabel *e)
{
    list_del(&e->node);
    free(e);
}

void addrlabel_clear(struct netns *ns)
{
    list_each_safe(pos, tmp, &ns->addrlabels->list)
        row_free(list_entry(pos, struct addrlabel, node));
    ns->addrlabels->changed = true;
}

void addrlabel_net_exit(struct netns *ns)
{
    addrlabel_clear(ns);
    free(ns->addrlabels);
    ns->addrlabels = NULL;
}

/* ---- look-up ---- */

static bool prefix_starts(const struct inet_addr *addr, const uint8_t *bytes, size_t n)
{
    return memcmp(addr->bytes, bytes, n) == 0;
}

/* The types of address that only a row for that type fits (IPV6_ADDR_MAPPED, _COMPATv4,
 * _LOOPBACK). */
enum addr_type { TYPE_ANY, TYPE_LOOPBACK, TYPE_MAPPED, TYPE_COMPAT };

static enum addr_type type_of(const struct inet_addr *addr)
{
    static const uint8_t zero[12], mapped[12] = {[10] = 0xff, 0xff};
    if (inet_addr_is_loopback(addr))
        return TYPE_LOOPBACK;
    if (prefix_starts(addr, mapped, sizeof(mapped)))
        return TYPE_MAPPED;
    bool compat = prefix_starts(addr, zero, sizeof(zero)) && !inet_addr_is_any(addr);
    return compat ? TYPE_COMPAT : TYPE_ANY;
}

/* ip6addrlbl_alloc(): the type that a row is limited to. */
static enum addr_type row_type(const struct vnet_addrlabel *a)
{
    enum addr_type t = type_of(&a->prefix);
    bool all = (t == TYPE_LOOPBACK && a->len == 128) || (t == TYPE_MAPPED && a->len == 96) ||
               (t == TYPE_COMPAT && a->len == 96);
    return all ? t : TYPE_ANY;
}

/* __ip6addrlbl_match() */
static bool row_fits(const struct vnet_addrlabel *a, const struct inet_addr *addr, int ifindex)
{
    const struct inet_prefix p = {a->prefix, a->len};
    enum addr_type t = row_type(a);
    return (!a->ifindex || a->ifindex == ifindex) && (t == TYPE_ANY || t == type_of(addr)) &&
           inet_prefix_has(&p, addr);
}

uint32_t ipv6_addr_label(const struct netns *ns, const struct inet_addr *addr, int ifindex)
{
    list_each(pos, &ns->addrlabels->list)
    {
        const struct vnet_addrlabel *a = &list_entry(pos, struct addrlabel, node)->a;
        if (row_fits(a, addr, ifindex))
            return a->label;
    }
    return LABEL_DEFAULT;
}

/* ---- changes ---- */

static int normalise(const struct netns *ns, const struct vnet_addrlabel *req,
                     struct vnet_addrlabel *a, bool add)
{
    *a = *req;
    if (req->len > 128 || (add && req->ifindex && !netdev_by_index(ns, req->ifindex)))
        return -EINVAL;
    if (add && req->label == LABEL_DEFAULT)
        return -EINVAL;
    if (add && type_of(&req->prefix) == TYPE_MAPPED && req->len > 96)
        return -EINVAL;
    a->prefix = inet_addr_masked(&req->prefix, req->len);
    return 0;
}

static bool same_row(const struct vnet_addrlabel *a, const struct vnet_addrlabel *b)
{
    return a->len == b->len && a->ifindex == b->ifindex && inet_addr_eq(&a->prefix, &b->prefix);
}

/* __ip6addrlbl_add(): in front of the first row that is no more specific. */
int vnet_addrlabel_add(struct netns *ns, const struct vnet_addrlabel *req)
{
    struct vnet_addrlabel a;
    struct list *before = &ns->addrlabels->list;
    int rc = normalise(ns, req, &a, true);
    if (rc < 0)
        return rc;
    list_each(pos, &ns->addrlabels->list)
    {
        const struct vnet_addrlabel *have = &list_entry(pos, struct addrlabel, node)->a;
        if (same_row(have, &a))
            return -EEXIST;
        if (have->len < a.len || (have->len == a.len && !have->ifindex)) {
            before = pos;
            break;
        }
    }
    struct addrlabel *e = mem_alloc(sizeof(*e));
    e->a = a;
    list_insert_before(&e->node, before);
    ns->addrlabels->changed = true;
    vnet_touch(ns->w);
    return 0;
}

int vnet_addrlabel_del(struct netns *ns, const struct vnet_addrlabel *req)
{
    struct vnet_addrlabel a;
    int rc = normalise(ns, req, &a, false);
    if (rc < 0)
        return rc;
    list_each_safe(pos, tmp, &ns->addrlabels->list)
    {
        struct addrlabel *e = list_entry(pos, struct addrlabel, node);
        if (!same_row(&e->a, &a))
            continue;
        row_free(e);
        ns->addrlabels->changed = true;
        vnet_touch(ns->w);
        return 0;
    }
    return -ESRCH;
}

int vnet_addrlabel_dump(const struct netns *ns,
                        int (*cb)(const struct vnet_addrlabel *label, void *arg), void *arg)
{
    list_each_safe(pos, tmp, &ns->addrlabels->list)
    {
        int rc = cb(&list_entry(pos, struct addrlabel, node)->a, arg);
        if (rc)
            return rc;
    }
    return 0;
}
