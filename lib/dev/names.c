/* Names of devices: what the kernel takes, and "%d" (net/core/dev.c). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "dev/core.h"
#include "dev/pair.h"
#include "sim/world.h"

enum { ALTIFNAMSIZ = 128 };

/* dev_valid_name(): the kernel's isspace() takes 0xa0 too. It would let other control characters
 * pass, which vnet refuses so that none reaches a terminal. */
static bool name_char_ok(unsigned char c)
{
    return c > ' ' && c != 0xa0 && c != '/' && c != ':';
}

bool vnet_link_name_valid(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len >= VNET_IFNAMSIZ || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return false;
    bool ascii = true;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name[i];
        if (!name_char_ok(c))
            return false;
        ascii = ascii && c < 0x7f;
    }
    return ascii || !text_has_control(name);
}

bool netdev_altname_valid(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len < ALTIFNAMSIZ && !text_has_control(name);
}

static bool has_altname(const struct netdev *dev, const char *name)
{
    for (char **alt = dev->altnames; alt && *alt; alt++)
        if (strcmp(*alt, name) == 0)
            return true;
    return false;
}

/* ---- dev_name_hash(): a table of the devices' names ---- */

static uint32_t hash_name(const char *name)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return hash ^ hash >> 16;
}

void netdev_list_name(struct netdev *dev)
{
    struct netns *ns = dev->ns;
    htab_add(&ns->by_name, &dev->name_link, hash_name(dev->name));
    ns->altnames |= dev->altnames != NULL;
}

void netdev_unlist_name(struct netdev *dev)
{
    htab_del(&dev->ns->by_name, &dev->name_link);
}

void netdev_rename(struct netdev *dev, const char *name)
{
    if (is_pair(dev))
        pair_peer(dev); /* who sleeps knows the other by the old name */
    netdev_unlist_name(dev);
    memset(dev->name, 0, sizeof(dev->name));
    memcpy(dev->name, name, strlen(name));
    netdev_list_name(dev);
}

struct netdev *netdev_by_name(const struct netns *ns, const char *name)
{
    struct htab_link *l = htab_first(&ns->by_name, hash_name(name));
    for (; l; l = htab_next(l)) {
        struct netdev *dev = container_of(l, struct netdev, name_link);
        if (strcmp(dev->name, name) == 0)
            return dev;
    }
    for (uint32_t i = 0; ns->altnames && i < ns->ndevs; i++)
        if (has_altname(ns->devs[i], name))
            return ns->devs[i];
    return NULL;
}

/* The number that `name` has in the place of "%d" of prefix and suffix; -1: it is not of that form.
 */
static long number_in(const char *name, const char *prefix, size_t prefix_len, const char *suffix)
{
    if (strncmp(name, prefix, prefix_len) != 0)
        return -1;
    const char *digits = name + prefix_len;
    size_t n = strspn(digits, "0123456789");
    if (n == 0 || n > 6 || (n > 1 && digits[0] == '0') || strcmp(digits + n, suffix) != 0)
        return -1;
    return strtol(digits, NULL, 10);
}

static void mark_used(unsigned char *used, long n, long max)
{
    if (n >= 0 && n < max)
        used[n / 8] |= (unsigned char)(1 << n % 8);
}

/* __dev_alloc_name(): the lowest free number; a page's bits of them are looked at. */
static int alloc_name(const struct netns *ns, const char *pattern, char out[VNET_IFNAMSIZ])
{
    enum { MAX = 32768 };
    const char *percent = strchr(pattern, '%');
    if (percent[1] != 'd' || strchr(percent + 2, '%'))
        return -EINVAL;
    size_t prefix_len = (size_t)(percent - pattern);
    unsigned char *used = mem_alloc(MAX / 8);
    for (uint32_t i = 0; i < ns->ndevs; i++) {
        mark_used(used, number_in(ns->devs[i]->name, pattern, prefix_len, percent + 2), MAX);
        for (char **alt = ns->devs[i]->altnames; alt && *alt; alt++)
            mark_used(used, number_in(*alt, pattern, prefix_len, percent + 2), MAX);
    }
    int n = 0;
    while (n < MAX && used[n / 8] & 1 << n % 8)
        n++;
    free(used);
    char name[2 * VNET_IFNAMSIZ];
    snprintf(name, sizeof(name), "%.*s%d%s", (int)prefix_len, pattern, n, percent + 2);
    if (n == MAX || strlen(name) >= VNET_IFNAMSIZ)
        return -ENFILE;
    memcpy(out, name, strlen(name) + 1);
    return 0;
}

bool netdev_name_has_sysctls(const char *name)
{
    return strcmp(name, "all") == 0 || strcmp(name, "default") == 0;
}

int netdev_valid_name(const struct netns *ns, const char *name, char out[VNET_IFNAMSIZ])
{
    if (!vnet_link_name_valid(name))
        return -EINVAL;
    if (strchr(name, '%'))
        return alloc_name(ns, name, out);
    if (netdev_by_name(ns, name))
        return -EEXIST;
    memmove(out, name, strlen(name) + 1);
    return 0;
}

/* rtnl_alt_ifname(), and netdev_name_node_alt_destroy() */
int vnet_link_del_altname(struct netns *ns, int ifindex, const char *name, struct vnet_err *err)
{
    struct netdev *dev = netdev_by_index(ns, ifindex);
    (void)err;
    if (!dev)
        return -ENODEV;
    if (!netdev_by_name(ns, name))
        return -ENOENT;
    if (!has_altname(dev, name))
        return -EINVAL;
    char **alt = dev->altnames;
    while (strcmp(*alt, name) != 0)
        alt++;
    free(*alt);
    for (; *alt; alt++)
        alt[0] = alt[1];
    if (!dev->altnames[0]) {
        free(dev->altnames);
        dev->altnames = NULL;
    }
    netdev_state_change(dev);
    vnet_touch(ns->w);
    return 0;
}

/* rtnl_alt_ifname() */
int vnet_link_add_altname(struct netns *ns, int ifindex, const char *name, struct vnet_err *err)
{
    enum { MAX_ALTNAMES = 64 }; /* as the state file takes */
    struct netdev *dev = netdev_by_index(ns, ifindex);
    size_t n = 0;
    if (!dev)
        return -ENODEV;
    if (!netdev_altname_valid(name))
        return -EINVAL;
    if (netdev_by_name(ns, name))
        return -EEXIST;
    while (dev->altnames && dev->altnames[n])
        n++;
    if (n == MAX_ALTNAMES)
        return vnet_err(err, ENOSPC, "vnet keeps %d alternative names", MAX_ALTNAMES);
    dev->altnames = mem_realloc(dev->altnames, (n + 2) * sizeof(char *));
    dev->altnames[n] = mem_strdup(name);
    ns->altnames = true;
    dev->altnames[n + 1] = NULL;
    netdev_state_change(dev);
    vnet_touch(ns->w);
    return 0;
}
