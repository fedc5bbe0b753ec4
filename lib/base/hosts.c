#include "base/hosts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* /etc/hosts of Debian */
static const struct {
    const char *name, *addr;
    uint8_t family;
} etc_hosts[] = {
    {"localhost", "127.0.0.1", VNET_AF_INET},   {"localhost", "::1", VNET_AF_INET6},
    {"ip6-localhost", "::1", VNET_AF_INET6},    {"ip6-loopback", "::1", VNET_AF_INET6},
    {"ip6-allnodes", "ff02::1", VNET_AF_INET6}, {"ip6-allrouters", "ff02::2", VNET_AF_INET6},
};

bool host_name_ok(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t len = strlen(name);
    return len > 0 && len <= HOST_NAME_LEN_MAX && strspn(name, letters) == len && *name != '-' &&
           *name != '.';
}

void hosts_add(struct hosts *h, const char *name, const struct inet_addr *addr)
{
    ARRAY_GROW(h->v, h->n, h->cap);
    h->v[h->n++] = (struct host_name){*addr, mem_strdup(name)};
}

void hosts_release(struct hosts *h)
{
    for (size_t i = 0; i < h->n; i++)
        free(h->v[i].name);
    free(h->v);
    *h = (struct hosts){0};
}

bool hosts_addr(const struct hosts *h, const char *name, uint8_t family, struct inet_addr *out)
{
    for (size_t i = 0; i < ARRAY_LEN(etc_hosts); i++)
        if (etc_hosts[i].family == family && strcasecmp(etc_hosts[i].name, name) == 0)
            return inet_addr_parse(family, etc_hosts[i].addr, out);
    for (size_t i = 0; h && i < h->n; i++) {
        if (h->v[i].addr.family == family && strcasecmp(h->v[i].name, name) == 0) {
            *out = h->v[i].addr;
            return true;
        }
    }
    return false;
}

const char *hosts_name(const struct hosts *h, const struct inet_addr *addr)
{
    for (size_t i = 0; i < ARRAY_LEN(etc_hosts); i++) {
        struct inet_addr a;
        if (etc_hosts[i].family == addr->family &&
            inet_addr_parse(addr->family, etc_hosts[i].addr, &a) && inet_addr_eq(&a, addr))
            return etc_hosts[i].name;
    }
    for (size_t i = 0; h && i < h->n; i++)
        if (inet_addr_eq(&h->v[i].addr, addr))
            return h->v[i].name;
    return NULL;
}
