/* Sysctls in the state file: "sysctl": {"net/ipv4/conf/veth0/rp_filter": 1, ...}, what differs from
 * what it would be without. A value is in the unit in which the engine keeps it, that of the file.
 *
 * A device's IPv4 and neighbour values follow "default" until they are its own: those are written
 * even if they equal it, or "net/ipv4/conf/veth0": "own" says that all are. Its IPv6 values never
 * follow. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/put.h"
#include "inet/addrconf.h"
#include "inet/devinet.h"
#include "inet/sysctl_file.h"
#include "state/state.h"

/* ---- which values are a device's own ---- */

struct own {
    uint64_t *conf;     /* CLASS_IPV4_CONF */
    uint32_t *parms;    /* the neighbours' */
    const int32_t *def; /* what the others follow */
};

/* NULL: devices follow nothing. */
static const int32_t *followed(const struct netns *ns, enum sysctl_class c)
{
    switch (c) {
    case CLASS_IPV4_CONF:
        return ns->sysctls->ipv4_default.v;
    case CLASS_IPV4_NEIGH:
        return neigh_defaults(ns)->neigh4_default.v;
    case CLASS_IPV6_NEIGH:
        return neigh_defaults(ns)->neigh6_default.v;
    default:
        return NULL;
    }
}

static struct own own_of(const struct netdev *dev, enum sysctl_class c)
{
    struct own own = {.def = followed(dev->ns, c)};
    if (c == CLASS_IPV4_CONF)
        own.conf = dev->in_dev->conf.set;
    if (c == CLASS_IPV4_NEIGH)
        own.parms = &dev->in_dev->neigh.set;
    if (c == CLASS_IPV6_NEIGH)
        own.parms = &dev->in6_dev->neigh.set;
    return own;
}

static bool has_own(const struct own *own)
{
    uint64_t any = own->parms ? *own->parms : 0;
    for (size_t i = 0; own->conf && i < ARRAY_LEN(((struct ipv4_conf *)NULL)->set); i++)
        any |= own->conf[i];
    return any;
}

static bool is_own(const struct own *own, unsigned id)
{
    if (own->conf)
        return own->conf[id / 64] >> id % 64 & 1;
    return own->parms && *own->parms >> id & 1;
}

static void set_own(const struct own *own, unsigned id, bool on)
{
    if (own->conf) {
        uint64_t bit = 1ULL << id % 64;
        own->conf[id / 64] = on ? own->conf[id / 64] | bit : own->conf[id / 64] & ~bit;
    } else if (own->parms) {
        *own->parms = on ? *own->parms | 1U << id : *own->parms & ~(1U << id);
    }
}

static bool kept_here(const struct sysctl_file *f)
{
    return !(f->flags & (SYSCTL_VIEW | SYSCTL_DEFAULT));
}

static bool all_own(const struct own *own, const struct sysctl_dir *d)
{
    if (!own->conf && !own->parms)
        return false;
    for (unsigned i = 0; i < d->nfiles; i++)
        if (kept_here(&d->files[i]) && !is_own(own, d->files[i].id))
            return false;
    return true;
}

/* What a value of a device is without its being in the file. */
static int64_t base_value(const struct netdev *dev, const struct own *own,
                          const struct sysctl_file *f, enum sysctl_class c)
{
    return sysctl_dev_default(dev, f, c, own->def ? own->def[f->id] : f->def);
}

/* The values, by id, that all devices of a namespace but lo have without more, since there may be
 * many: the same for all but the one that goes by the device, IPv6's mtu. Each id is some file's.
 */
struct usual {
    enum sysctl_class c;
    unsigned n;
    int32_t v[IPV6_CONF_COUNT]; /* the most that a class has */
};

static void usual_of(const struct netns *ns, enum sysctl_class c, struct usual *u)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    const int32_t *def = followed(ns, c);
    *u = (struct usual){.c = c};
    for (unsigned i = 0; i < d->nfiles; i++) {
        const struct sysctl_file *f = &d->files[i];
        if (!kept_here(f))
            continue;
        u->v[f->id] = def ? def[f->id] : (int32_t)f->def;
        u->n++;
    }
}

/* ... and that one. */
static void usual_for(const struct netdev *dev, struct usual *u)
{
    if (u->c == CLASS_IPV6_CONF)
        u->v[IPV6_CONF_mtu] = (int32_t)dev->mtu;
}

/* What lo is given at birth counts as its own. */
static bool born_own(const struct netdev *dev, const struct own *own, const struct sysctl_file *f,
                     enum sysctl_class c)
{
    return own->def && netif_is_loopback(dev) && base_value(dev, own, f, c) != own->def[f->id];
}

/* ---- save ---- */

enum { KEY_MAX = 256 }; /* of which a device's name, escaped, takes 90 at most */

/* "net/DIR/NAME/FILE"; name "": without that; file "": without that, either. */
static const char *key_of(char key[KEY_MAX], const char *dir, const char *name, const char *file)
{
    char *p = PUT(key, "net/");
    p = put_bytes(p, dir, strlen(dir));
    p = json_text_chars(p, name);
    if (*name && *file)
        *p++ = '/';
    put_bytes(p, file, strlen(file) + 1);
    return key;
}

static void put_value(struct json_out *o, const char *dir, const char *name,
                      const struct sysctl_file *f, int64_t value)
{
    char key[KEY_MAX];
    json_put_int(o, key_of(key, dir, name, f->name), value);
}

/* As sysctl_raw(): those whose largest value is that of an unsigned int. */
static int64_t widen(const struct sysctl_file *f, int32_t v)
{
    return f->max > INT32_MAX ? (int64_t)(uint32_t)v : v;
}

static void save_unusual(const struct netdev *dev, const struct usual *usual, const int32_t *v,
                         struct json_out *o)
{
    const struct sysctl_dir *d = &sysctl_dirs[usual->c];
    if (memcmp(v, usual->v, usual->n * sizeof(*v)) == 0)
        return;
    for (unsigned i = 0; i < d->nfiles; i++) {
        const struct sysctl_file *f = &d->files[i];
        if (kept_here(f) && v[f->id] != usual->v[f->id])
            put_value(o, d->path, dev->name, f, widen(f, v[f->id]));
    }
}

static void save_dev(const struct netdev *dev, enum sysctl_class c, struct usual *usual,
                     struct json_out *o)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    const int32_t *v = sysctl_values(dev->ns, c, SCOPE_DEV, dev);
    if (!v)
        return;
    char key[KEY_MAX];
    const struct own own = own_of(dev, c);
    if (!netif_is_loopback(dev) && !has_own(&own)) {
        usual_for(dev, usual);
        save_unusual(dev, usual, v, o);
        return;
    }
    bool all = all_own(&own, d);
    if (all)
        json_put_str(o, key_of(key, d->path, dev->name, ""), "own");
    for (unsigned i = 0; i < d->nfiles; i++) {
        const struct sysctl_file *f = &d->files[i];
        if (!kept_here(f))
            continue;
        bool own_value = !all && is_own(&own, f->id) && !born_own(dev, &own, f, c);
        if (own_value || v[f->id] != (int32_t)base_value(dev, &own, f, c))
            put_value(o, d->path, dev->name, f, widen(f, v[f->id]));
    }
}

static void save_set(const struct netns *ns, enum sysctl_class c, enum sysctl_scope scope,
                     struct netns *fresh, struct json_out *o)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    struct netns *now = list_entry(ns->node.prev->next, struct netns, node); /* ns, not const */
    const int32_t *v = sysctl_values(now, c, scope, NULL),
                  *def = sysctl_values(fresh, c, scope, NULL);
    for (unsigned i = 0; v && i < d->nfiles; i++) {
        const struct sysctl_file *f = &d->files[i];
        if (kept_here(f) && v[f->id] != def[f->id])
            put_value(o, d->path, scope == SCOPE_ALL ? "all" : "default", f, widen(f, v[f->id]));
    }
}

static void save_range(const struct netns *ns, const struct sysctl_file *f, struct json_out *o)
{
    char key[KEY_MAX];
    json_put_array(o, key_of(key, "", "", f->name), false);
    for (unsigned i = 0; i < sysctl_words(f); i++)
        json_put_int(o, NULL, ns->sysctls->net[f->id + i]);
    json_put_end(o);
}

/* Values in inet_sysctls.net: those without a device, and neigh/default/gc_*. */
static void save_net(const struct netns *ns, enum sysctl_class c, const struct inet_sysctls *def,
                     struct json_out *o)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    const int64_t *v = ns->sysctls->net;
    for (unsigned i = 0; i < d->nfiles; i++) {
        const struct sysctl_file *f = &d->files[i];
        bool here = c == CLASS_NET ? !(f->flags & SYSCTL_VIEW) : f->flags & SYSCTL_DEFAULT;
        if (!here)
            continue;
        unsigned n = sysctl_words(f);
        if (memcmp(&v[f->id], &def->net[f->id], n * sizeof(*v)) == 0)
            continue;
        if (n > 1)
            save_range(ns, f, o);
        else
            put_value(o, d->path, c == CLASS_NET ? "" : "default", f, v[f->id]);
    }
}

/* ... and what is no one device's. */
static void save_class(const struct netns *ns, enum sysctl_class c, struct inet_sysctls *def,
                       struct json_out *o)
{
    struct netns fresh = {.sysctls = def};
    save_net(ns, c, def, o);
    save_set(ns, c, SCOPE_ALL, &fresh, o);
    save_set(ns, c, SCOPE_DEFAULT, &fresh, o);
}

void state_save_sysctls(const struct netns *ns, struct json_out *o)
{
    static const enum sysctl_class with_dev[] = {CLASS_IPV4_CONF, CLASS_IPV6_CONF, CLASS_IPV4_NEIGH,
                                                 CLASS_IPV6_NEIGH};
    struct inet_sysctls def;
    struct usual usual;
    sysctls_defaults(&ns->w->profile->kernel, &def);
    /* Hardly ever; padding that differs costs time only.
     * NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
    const bool changed = memcmp(ns->sysctls, &def, sizeof(def)) != 0;
    json_put_object(o, "sysctl", true);
    if (changed)
        save_net(ns, CLASS_NET, &def, o);
    for (size_t i = 0; i < ARRAY_LEN(with_dev); i++) {
        enum sysctl_class c = with_dev[i];
        if (changed)
            save_class(ns, c, &def, o);
        usual_of(ns, c, &usual);
        netdev_each(ns, dev, n)
        {
            save_dev(dev, c, &usual, o);
        }
    }
    json_put_end(o);
}

/* ---- load ---- */

static int check_range(struct state_loader *l, const struct state_path *at, const char *key,
                       const struct sysctl_file *f, int64_t v)
{
    bool any = f->min == 0 && f->max == 0;
    int64_t min = any ? INT32_MIN : f->min, max = any ? INT32_MAX : f->max;
    if (v < min || v > max)
        return state_fail(l, at, key, "must be from %lld to %lld", (long long)min, (long long)max);
    return 0;
}

static int load_range(struct state_loader *l, const json_t *v, const struct state_path *at,
                      const char *key, const struct sysctl_ref *ref)
{
    const unsigned n = sysctl_words(ref->file);
    for (size_t i = 0; i < n; i++) {
        const json_t *e = json_array_get(v, i);
        if (json_array_size(v) != n || !json_is_integer(e))
            return state_fail(l, at, key, "must be %s integers", n == 2 ? "two" : "four");
        int rc = check_range(l, at, key, ref->file, json_integer_value(e));
        if (rc < 0)
            return rc;
        ref->v64[i] = json_integer_value(e);
    }
    return 0;
}

static int load_value(struct state_loader *l, const json_t *v, const struct state_path *at,
                      const char *key, const struct sysctl_ref *ref)
{
    if (ref->file->flags & SYSCTL_VIEW)
        return state_fail(l, at, key, "is kept under another name");
    if (sysctl_words(ref->file) > 1)
        return load_range(l, v, at, key, ref);
    if (!json_is_integer(v))
        return state_fail(l, at, key, "must be an integer");
    int64_t value = json_integer_value(v);
    int rc = check_range(l, at, key, ref->file, value);
    if (rc < 0)
        return rc;
    if (ref->v64)
        *ref->v64 = value;
    else
        *ref->v32 = (int32_t)value;
    if (ref->scope == SCOPE_DEV) {
        const struct own own = own_of(ref->dev, ref->class);
        set_own(&own, ref->file->id, true);
    }
    return 0;
}

/* "net/ipv4/conf/veth0": "own"; false if it is none of that. */
static bool load_own(struct state_loader *l, const char *path, const json_t *v)
{
    const char *word = json_string_value(v);
    if (!word || strcmp(word, "own") != 0)
        return false;
    for (unsigned c = CLASS_NET + 1; c < SYSCTL_CLASSES; c++) {
        const struct sysctl_dir *d = &sysctl_dirs[c];
        size_t n = strlen(d->path);
        const struct netdev *dev =
            strncmp(path, d->path, n) == 0 ? netdev_by_name(l->ns, path + n) : NULL;
        if (!dev || c == CLASS_IPV6_CONF || !sysctl_values(l->ns, c, SCOPE_DEV, dev))
            continue;
        const struct own own = own_of(dev, c);
        for (unsigned i = 0; i < d->nfiles; i++)
            if (kept_here(&d->files[i]))
                set_own(&own, d->files[i].id, true);
        return true;
    }
    return false;
}

static void follow_usual(const struct netdev *dev, enum sysctl_class c, struct usual *u)
{
    int32_t *v = sysctl_values(dev->ns, c, SCOPE_DEV, dev);
    const struct own own = own_of(dev, c);
    usual_for(dev, u);
    memcpy(v, u->v, u->n * sizeof(*v));
    if (own.conf)
        memset(own.conf, 0, sizeof(dev->in_dev->conf.set));
    if (own.parms)
        *own.parms = 0;
}

static void follow_defaults(const struct netdev *dev, enum sysctl_class c)
{
    const struct sysctl_dir *d = &sysctl_dirs[c];
    int32_t *v = sysctl_values(dev->ns, c, SCOPE_DEV, dev);
    const struct own own = own_of(dev, c);
    for (unsigned i = 0; i < d->nfiles; i++) {
        const struct sysctl_file *f = &d->files[i];
        if (!kept_here(f))
            continue;
        v[f->id] = (int32_t)base_value(dev, &own, f, c);
        set_own(&own, f->id, born_own(dev, &own, f, c));
    }
}

/* Devices' values first follow what "default" now has. */
static void follow_all(const struct netns *ns, enum sysctl_class c)
{
    struct usual usual;
    usual_of(ns, c, &usual);
    netdev_each(ns, dev, i)
    {
        if (!sysctl_values(dev->ns, c, SCOPE_DEV, dev))
            continue;
        if (netif_is_loopback(dev))
            follow_defaults(dev, c);
        else
            follow_usual(dev, c, &usual);
    }
}

/* "ipv4/conf/veth0/..." and its like. */
static bool is_of_device(const char *path)
{
    for (unsigned c = CLASS_NET + 1; c < SYSCTL_CLASSES; c++) {
        size_t n = strlen(sysctl_dirs[c].path);
        if (strncmp(path, sysctl_dirs[c].path, n) == 0)
            return strncmp(path + n, "all/", 4) != 0 && strncmp(path + n, "default/", 8) != 0;
    }
    return false;
}

static int load_key(struct state_loader *l, const json_t *v, const struct state_path *at,
                    const char *key, bool devices)
{
    struct sysctl_ref ref;
    bool below = strncmp(key, "net/", 4) == 0;
    if (below && !devices && is_of_device(key + 4))
        return 0;
    int rc = below ? sysctl_find_value(l->ns, key + 4, &ref) : -1;
    if (rc == 0)
        return (ref.scope == SCOPE_DEV) == devices ? load_value(l, v, at, key, &ref) : 0;
    if (below && (!devices || load_own(l, key + 4, v)) && json_is_string(v))
        return 0;
    return state_fail(l, at, key, "is not a sysctl of this world");
}

static int load_pass(struct state_loader *l, const json_t *obj, const struct state_path *at,
                     bool devices)
{
    const json_t *v;
    const char *key;
    int rc = 0;
    json_object_foreach(obj, key, v)
    {
        if (rc == 0)
            rc = load_key(l, v, at, key, devices);
    }
    return rc;
}

int state_load_sysctls(struct state_loader *l, const json_t *obj, const struct state_path *up)
{
    const struct state_path at = {.up = up, .key = "sysctl"};
    const json_t *values = json_object_get(obj, "sysctl");
    if (values && !json_is_object(values))
        return state_fail(l, &at, NULL, "must be an object");
    int rc = load_pass(l, values, &at, false);
    follow_all(l->ns, CLASS_IPV4_CONF);
    follow_all(l->ns, CLASS_IPV4_NEIGH);
    follow_all(l->ns, CLASS_IPV6_NEIGH);
    follow_all(l->ns, CLASS_IPV6_CONF);
    return rc ? rc : load_pass(l, values, &at, true);
}
