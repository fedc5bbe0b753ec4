/* The link kinds. */
#include <string.h>

#include "dev/core.h"
#include "vnet_link.h"

const struct link_kind *const link_kinds[] = {
    &loopback_kind, &nic_kind,   &veth_kind, &bridge_kind, &vxcan_kind,
    &vcan_kind,     &dummy_kind, &vlan_kind, NULL,
};

const struct link_kind *link_kind_find(const char *name)
{
    for (const struct link_kind *const *k = link_kinds; *k; k++)
        if ((*k)->name && strcmp((*k)->name, name) == 0)
            return *k;
    return NULL;
}

const char *vnet_link_kind(size_t i)
{
    for (const struct link_kind *const *k = link_kinds; *k; k++)
        if ((*k)->name && i-- == 0)
            return (*k)->name;
    return NULL;
}

const struct link_kind *link_kind_by_state_name(const char *name)
{
    for (const struct link_kind *const *k = link_kinds; *k; k++)
        if (strcmp((*k)->state_name, name) == 0)
            return *k;
    return NULL;
}
