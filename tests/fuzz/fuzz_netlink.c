/* Fuzz target: any bytes as a message of rtnetlink, as a state file's receive queue could hold it.
 * Texts must end within the message, and lists fit the room there is for them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vnet_netlink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const uint8_t *data, size_t size, const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    if (text && (at < data || at >= data + size || !memchr(at, '\0', size - (size_t)(at - data))))
        abort();
}

static void check_link(const uint8_t *data, size_t size, const struct vnet_link_info *l)
{
    check_text(data, size, l->kind);
    check_text(data, size, l->master_kind);
    check_text(data, size, l->qdisc);
    check_text(data, size, l->alias);
    for (const char *const *name = l->altnames; name && *name; name++)
        check_text(data, size, *name);
    if (l->addr.len > LLADDR_MAX || strlen(l->name) >= sizeof(l->name))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vnet_netlink_msg *m = malloc(sizeof(*m));
    uint8_t *copy = malloc(size ? size : 1); /* no byte to spare: for the sanitizer */
    if (!m || !copy)
        abort();
    memcpy(copy, data, size);
    if (vnet_netlink_parse(copy, size, m) == 0) {
        if (m->type / 2 == VNET_RTM_NEWLINK / 2)
            check_link(copy, size, &m->link);
        else if (m->type / 2 == VNET_RTM_NEWNSID / 2)
            check_text(copy, size, m->nsid.name);
        else if (m->type / 2 == VNET_RTM_NEWROUTE / 2 && m->route.nnh > VNET_NEXTHOPS_MAX)
            abort();
        else if (m->type / 2 == VNET_RTM_NEWNEXTHOP / 2 &&
                 m->nexthop.nmembers > VNET_NH_MEMBERS_MAX)
            abort();
    }
    free(copy);
    free(m);
    return 0;
}
