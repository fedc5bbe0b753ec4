#include "dev/addr_lists.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dev/core.h"

/* ---- a list ---- */

struct hw_addr *hw_addr_find(const struct hw_addr_list *list, const struct lladdr *addr)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (lladdr_eq(&list->v[i].addr, addr))
            return &list->v[i];
    return NULL;
}

struct hw_addr *hw_addr_append(struct hw_addr_list *list, const struct lladdr *addr)
{
    ARRAY_GROW(list->v, list->n, list->cap);
    struct hw_addr *ha = &list->v[list->n++];
    *ha = (struct hw_addr){.addr = *addr, .users = 1};
    return ha;
}

static void drop_user(struct hw_addr_list *list, struct hw_addr *ha)
{
    if (--ha->users)
        return;
    size_t at = (size_t)(ha - list->v);
    list->n--;
    memmove(ha, ha + 1, (list->n - at) * sizeof(*ha));
}

/* __hw_addr_add_ex(), __hw_addr_del_ex() */
static struct hw_addr *add(struct hw_addr_list *list, const struct lladdr *addr)
{
    struct hw_addr *ha = hw_addr_find(list, addr);
    if (!ha)
        return hw_addr_append(list, addr);
    ha->users++;
    return ha;
}

static int del(struct hw_addr_list *list, const struct lladdr *addr)
{
    struct hw_addr *ha = hw_addr_find(list, addr);
    if (!ha)
        return -ENOENT;
    drop_user(list, ha);
    return 0;
}

static int add_excl(struct hw_addr_list *list, const struct lladdr *addr)
{
    if (hw_addr_find(list, addr))
        return -EEXIST;
    hw_addr_append(list, addr)->fixed = true;
    return 0;
}

/* __hw_addr_sync_one() */
static void pass_down(struct hw_addr_list *to, struct hw_addr *ha)
{
    add(to, &ha->addr)->synced++;
    ha->users++;
    ha->passed = true;
}

/* __hw_addr_unsync_one(): true: nobody wants it any more, ha is gone. */
static bool take_back(struct hw_addr_list *to, struct hw_addr_list *from, struct hw_addr *ha)
{
    struct hw_addr *below = hw_addr_find(to, &ha->addr);
    if (!below || !below->synced)
        return false;
    below->synced--;
    drop_user(to, below);
    bool last = ha->users == 1;
    ha->passed = false;
    drop_user(from, ha);
    return last;
}

/* __hw_addr_sync() */
static void sync_list(struct hw_addr_list *to, struct hw_addr_list *from)
{
    uint32_t i = 0;
    while (i < from->n) {
        struct hw_addr *ha = &from->v[i];
        bool gone = false;
        if (!ha->passed)
            pass_down(to, ha);
        else if (ha->users <= 1) /* none but the device below */
            gone = take_back(to, from, ha);
        i += !gone;
    }
}

/* __hw_addr_unsync() */
static void unsync_list(struct hw_addr_list *to, struct hw_addr_list *from)
{
    uint32_t i = 0;
    while (i < from->n)
        i += !(from->v[i].passed && take_back(to, from, &from->v[i]));
}

static void flush(struct hw_addr_list *list)
{
    free(list->v);
    *list = (struct hw_addr_list){.v = NULL};
}

static int changed(struct netdev *dev, int rc)
{
    if (rc == 0)
        dev_set_rx_mode(dev);
    return rc;
}

/* ---- a device's ---- */

void dev_uc_add(struct netdev *dev, const struct lladdr *addr)
{
    add(&dev->uc, addr);
    dev_set_rx_mode(dev);
}

void dev_mc_add(struct netdev *dev, const struct lladdr *addr)
{
    add(&dev->mc, addr);
    dev_set_rx_mode(dev);
}

int dev_uc_del(struct netdev *dev, const struct lladdr *addr)
{
    return changed(dev, del(&dev->uc, addr));
}

int dev_mc_del(struct netdev *dev, const struct lladdr *addr)
{
    return changed(dev, del(&dev->mc, addr));
}

int dev_uc_add_excl(struct netdev *dev, const struct lladdr *addr)
{
    return changed(dev, add_excl(&dev->uc, addr));
}

int dev_mc_add_excl(struct netdev *dev, const struct lladdr *addr)
{
    return changed(dev, add_excl(&dev->mc, addr));
}

void dev_mc_add_fixed(struct netdev *dev, const struct lladdr *addr)
{
    struct hw_addr *ha = hw_addr_find(&dev->mc, addr);
    if (ha && ha->fixed)
        return;
    add(&dev->mc, addr)->fixed = true;
    dev_set_rx_mode(dev);
}

int dev_mc_del_fixed(struct netdev *dev, const struct lladdr *addr)
{
    struct hw_addr *ha = hw_addr_find(&dev->mc, addr);
    if (!ha || !ha->fixed)
        return -ENOENT;
    ha->fixed = false;
    drop_user(&dev->mc, ha);
    dev_set_rx_mode(dev);
    return 0;
}

void dev_addrs_sync(struct netdev *to, struct netdev *from)
{
    sync_list(&to->mc, &from->mc);
    sync_list(&to->uc, &from->uc);
    dev_set_rx_mode(to);
}

void dev_addrs_unsync(struct netdev *to, struct netdev *from)
{
    unsync_list(&to->mc, &from->mc);
    unsync_list(&to->uc, &from->uc);
    dev_set_rx_mode(to);
}

void dev_uc_flush(struct netdev *dev)
{
    flush(&dev->uc);
}

void dev_mc_flush(struct netdev *dev)
{
    flush(&dev->mc);
}
