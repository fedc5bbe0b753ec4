/* vnet_sysctl_*: paths below /proc/sys to values. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/sysctl_file.h"
#include "sim/world.h"
#include "vnet_sysctl.h"

enum { INITIAL_NETNS = 1, KERNEL_SHOWS_SHARED = 0x060900 };

/* ---- values ---- */

static int32_t *dev_values(enum sysctl_class c, const struct netdev *dev)
{
    if (c == CLASS_IPV4_CONF)
        return dev->in_dev ? dev->in_dev->conf.v : NULL;
    if (c == CLASS_IPV4_NEIGH)
        return dev->in_dev ? dev->in_dev->neigh.v : NULL;
    if (c == CLASS_IPV6_CONF)
        return dev->in6_dev ? dev->in6_dev->conf.v : NULL;
    return dev->in6_dev ? dev->in6_dev->neigh.v : NULL;
}

int32_t *sysctl_values(struct netns *ns, enum sysctl_class c, enum sysctl_scope scope,
                       const struct netdev *dev)
{
    struct inet_sysctls *s = ns->sysctls;
    if (scope == SCOPE_DEV)
        return dev_values(c, dev);
    switch (c) {
    case CLASS_IPV4_CONF:
        return scope == SCOPE_ALL ? s->ipv4_all.v : s->ipv4_default.v;
    case CLASS_IPV6_CONF:
        return scope == SCOPE_ALL ? s->ipv6_all.v : s->ipv6_default.v;
    case CLASS_IPV4_NEIGH:
        return scope == SCOPE_DEFAULT ? s->neigh4_default.v : NULL;
    case CLASS_IPV6_NEIGH:
        return scope == SCOPE_DEFAULT ? s->neigh6_default.v : NULL;
    default:
        return NULL;
    }
}

int64_t sysctl_raw(const struct sysctl_ref *ref)
{
    if (ref->v64)
        return *ref->v64;
    return ref->file->max > INT32_MAX ? (int64_t)(uint32_t)*ref->v32 : *ref->v32;
}

bool sysctl_file_exists(const struct netns *ns, const struct sysctl_file *f, enum sysctl_class c,
                        enum sysctl_scope scope)
{
    const struct kernel_facts *k = &ns->w->profile->kernel;
    bool neigh = c == CLASS_IPV4_NEIGH || c == CLASS_IPV6_NEIGH;
    bool initial = ns->id == INITIAL_NETNS;
    if (f->since > k->version || (f->flags & SYSCTL_CONFIG && !k->ipv6_options))
        return false;
    if (f->flags & SYSCTL_DEFAULT && scope != SCOPE_DEFAULT)
        return false;
    if (f->flags & SYSCTL_INIT_W && !initial && k->version < KERNEL_SHOWS_SHARED)
        return false;
    return initial || !(f->flags & SYSCTL_INIT || (neigh && scope == SCOPE_DEFAULT));
}

void sysctl_limits(const struct sysctl_ref *ref, int64_t *min, int64_t *max)
{
    const struct sysctl_file *f = ref->file;
    const int64_t *net = ref->ns->sysctls->net;
    bool any = f->min == 0 && f->max == 0;
    *min = any ? INT32_MIN : f->min;
    *max = any ? INT32_MAX : f->max;
    if (ref->class == CLASS_IPV6_CONF && f->id == IPV6_CONF_mtu && f->max && ref->dev)
        *max = ref->dev->mtu;
    if (ref->class != CLASS_NET)
        return;
    if (f->id == NET_IPV4_IPFRAG_HIGH_THRESH)
        *min = net[NET_IPV4_IPFRAG_LOW_THRESH];
    if (f->id == NET_IPV4_IPFRAG_LOW_THRESH)
        *max = net[NET_IPV4_IPFRAG_HIGH_THRESH];
    if (f->id == NET_IPV4_IP_UNPRIVILEGED_PORT_START) /* ipv4_privileged_ports() */
        *max = net[NET_IPV4_IP_LOCAL_PORT_MIN];
}

/* ---- paths ---- */

static const struct sysctl_file *file_named(const struct sysctl_dir *d, const char *name)
{
    for (unsigned i = 0; i < d->nfiles; i++) {
        const char *here = d->files[i].name;
        if (*here == *name && strcmp(here, name) == 0)
            return &d->files[i];
    }
    return NULL;
}

/* Whose value it is: others see the initial namespace's. */
static struct netns *home_of(const struct sysctl_ref *ref)
{
    bool shared = ref->file->flags & (SYSCTL_INIT | SYSCTL_INIT_W);
    return shared ? vnet_init_ns(ref->ns->w) : ref->ns;
}

static void point_at(struct sysctl_ref *ref)
{
    const struct sysctl_file *f = ref->file;
    if (f->conv == CONV_FLUSH)
        return;
    if (ref->class == CLASS_NET && f->flags & SYSCTL_VIEW && f->conv == CONV_INT) /* ip_forward */
        ref->v32 = &ref->ns->sysctls->ipv4_all.v[IPV4_CONF_forwarding];
    else if (ref->class == CLASS_NET || f->flags & SYSCTL_DEFAULT)
        ref->v64 = &home_of(ref)->sysctls->net[f->id];
    else
        ref->v32 = sysctl_values(ref->ns, ref->class, ref->scope, ref->dev) + f->id;
}

/* X of conf/X/: all, default or a device's name. */
static int find_scope(struct sysctl_ref *ref, const char *name)
{
    ref->scope = strcmp(name, "all") == 0       ? SCOPE_ALL
                 : strcmp(name, "default") == 0 ? SCOPE_DEFAULT
                                                : SCOPE_DEV;
    if (ref->scope == SCOPE_DEV) {
        ref->dev = netdev_by_name(ref->ns, name);
        if (!ref->dev || strcmp(ref->dev->name, name) != 0)
            return -ENOENT;
    }
    return sysctl_values(ref->ns, ref->class, ref->scope, ref->dev) ? 0 : -ENOENT;
}

static int find_in_dir(struct sysctl_ref *ref, const char *rest)
{
    char name[VNET_IFNAMSIZ];
    const char *slash = strchr(rest, '/');
    if (!slash || slash - rest >= VNET_IFNAMSIZ)
        return -ENOENT;
    memcpy(name, rest, (size_t)(slash - rest));
    name[slash - rest] = '\0';
    ref->file = file_named(&sysctl_dirs[ref->class], slash + 1);
    return ref->file ? find_scope(ref, name) : -ENOENT;
}

int sysctl_find_value(struct netns *ns, const char *path, struct sysctl_ref *ref)
{
    *ref = (struct sysctl_ref){.ns = ns};
    int rc = -ENOENT;
    for (unsigned c = CLASS_NET + 1; c < SYSCTL_CLASSES && rc; c++) {
        size_t n = strlen(sysctl_dirs[c].path);
        if (strncmp(path, sysctl_dirs[c].path, n) != 0)
            continue;
        ref->class = c;
        rc = find_in_dir(ref, path + n);
        break;
    }
    if (ref->class == CLASS_NET) {
        ref->file = file_named(&sysctl_dirs[CLASS_NET], path);
        rc = ref->file ? 0 : -ENOENT;
    }
    if (rc == 0)
        point_at(ref);
    return rc;
}

int sysctl_find(struct netns *ns, const char *path, struct sysctl_ref *ref)
{
    int rc = sysctl_find_value(ns, path, ref);
    bool there = rc == 0 && sysctl_file_exists(ns, ref->file, ref->class, ref->scope);
    return rc ? rc : there ? 0 : -ENOENT;
}

/* ---- the public calls ---- */

static bool is_folder(const struct netns *ns, const char *path);

/* The file, or -EISDIR, -ENOENT. */
static int find_path(const struct netns *ns, const char *path, struct sysctl_ref *ref)
{
    struct netns *mutable_ns = netns_by_id(ns->w, ns->id);
    if (strncmp(path, "net/", 4) == 0 && sysctl_find(mutable_ns, path + 4, ref) == 0)
        return 0;
    return is_folder(ns, path) ? -EISDIR : -ENOENT;
}

int vnet_sysctl_get(const struct netns *ns, const char *path, struct strbuf *value)
{
    struct sysctl_ref ref;
    int rc = find_path(ns, path, &ref);
    if (rc)
        return rc;
    return ref.file->flags & SYSCTL_WO ? -EACCES : sysctl_format(&ref, value);
}

static bool writable(const struct netns *ns, const struct sysctl_file *f)
{
    return !(f->flags & SYSCTL_RO) && (ns->id == INITIAL_NETNS || !(f->flags & SYSCTL_INIT_W));
}

/* A value by which all namespaces go. */
static bool is_shared(const struct sysctl_ref *ref)
{
    bool neigh = ref->class == CLASS_IPV4_NEIGH || ref->class == CLASS_IPV6_NEIGH;
    return ref->file->flags & (SYSCTL_INIT | SYSCTL_INIT_W) ||
           (neigh && ref->scope == SCOPE_DEFAULT);
}

int vnet_sysctl_set(struct netns *ns, const char *path, const char *value, struct vnet_err *err)
{
    (void)err;
    struct sysctl_ref ref;
    int64_t v[SYSCTL_WORDS_MAX] = {0};
    int rc = find_path(ns, path, &ref);
    if (rc == 0 && !writable(ns, ref.file))
        rc = -EACCES;
    if (rc == 0)
        rc = sysctl_parse(&ref, value, v);
    if (rc == 0 && is_shared(&ref))
        netns_wake_all(ns->w);
    if (rc == 0)
        rc = sysctl_store(&ref, v, value);
    if (rc == 0)
        vnet_touch(ns->w);
    return rc;
}

/* ---- listing ---- */

struct entry {
    char *path;
    bool readable, writable;
};

struct listing {
    const struct netns *ns;
    const char *prefix;
    size_t prefix_len;
    struct entry *v;
    size_t n, cap, most;
};

/* Below the folder `prefix`, or the file itself. */
static bool below(const struct listing *l, const char *path)
{
    size_t n = l->prefix_len;
    return n == 0 || (strncmp(path, l->prefix, n) == 0 && (path[n] == '/' || path[n] == '\0'));
}

static void add_files(struct listing *l, enum sysctl_class c, enum sysctl_scope scope,
                      const char *name)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    struct strbuf folder = STRBUF_INIT;
    strbuf_addf(&folder, "net/%s%s%s", d->path, name, name[0] ? "/" : "");
    size_t common = folder.len < l->prefix_len ? folder.len : l->prefix_len;
    unsigned n = strncmp(folder.data, l->prefix, common) == 0 ? d->nfiles : 0;
    for (unsigned i = 0; i < n && l->n < l->most; i++) {
        struct strbuf path = STRBUF_INIT;
        strbuf_addf(&path, "%s%s", folder.data, d->files[i].name);
        if (!sysctl_file_exists(l->ns, &d->files[i], c, scope) || !below(l, path.data)) {
            strbuf_release(&path);
            continue;
        }
        ARRAY_GROW(l->v, l->n, l->cap);
        l->v[l->n++] = (struct entry){strbuf_detach(&path), !(d->files[i].flags & SYSCTL_WO),
                                      writable(l->ns, &d->files[i])};
    }
    strbuf_release(&folder);
}

static void add_class(struct listing *l, enum sysctl_class c)
{
    if (c == CLASS_IPV4_CONF || c == CLASS_IPV6_CONF)
        add_files(l, c, SCOPE_ALL, "all");
    add_files(l, c, SCOPE_DEFAULT, "default");
    netdev_each(l->ns, dev, i)
    {
        if (dev_values(c, dev))
            add_files(l, c, SCOPE_DEV, dev->name);
    }
}

/* By name, folder for folder: '/' comes before all else. */
static int compare(const void *a, const void *b)
{
    const char *p = ((const struct entry *)a)->path, *q = ((const struct entry *)b)->path;
    while (*p && *p == *q) {
        p++;
        q++;
    }
    int x = *p == '/' ? 1 : (unsigned char)*p, y = *q == '/' ? 1 : (unsigned char)*q;
    return x - y;
}

static struct listing list_below(const struct netns *ns, const char *prefix, size_t most)
{
    struct listing l = {.ns = ns, .prefix = prefix, .prefix_len = strlen(prefix), .most = most};
    while (l.prefix_len && prefix[l.prefix_len - 1] == '/')
        l.prefix_len--;
    add_files(&l, CLASS_NET, SCOPE_NET, "");
    for (unsigned c = CLASS_NET + 1; c < SYSCTL_CLASSES; c++)
        add_class(&l, c);
    return l;
}

static void release_listing(struct listing *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->v[i].path);
    free(l->v);
}

static bool is_folder(const struct netns *ns, const char *path)
{
    struct listing l = list_below(ns, path, 1);
    bool found = l.n > 0;
    release_listing(&l);
    return found;
}

int vnet_sysctl_list(const struct netns *ns, const char *prefix,
                     int (*cb)(const char *path, bool readable, bool writable, void *arg),
                     void *arg)
{
    struct listing l = list_below(ns, prefix, SIZE_MAX);
    if (l.n)
        qsort(l.v, l.n, sizeof(*l.v), compare);
    int rc = 0;
    for (size_t i = 0; i < l.n && rc == 0; i++)
        rc = cb(l.v[i].path, l.v[i].readable, l.v[i].writable, arg);
    release_listing(&l);
    return rc;
}
