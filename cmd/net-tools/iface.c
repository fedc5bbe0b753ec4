#include "cmd/net-tools/iface.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- the order of names: nstrcmp() ---- */

/* A name cut up: "eth10:3" is "eth", 10 and 3. */
struct parts {
    char base[VNET_IFNAMSIZ]; /* without the number of the alias */
    size_t letters;           /* bytes of base before its number */
    int number, alias;        /* alias -1: none */
};

/* Where the digits at the end begin. */
static size_t tail_digits(const char *name)
{
    size_t at = strlen(name);
    while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
        at--;
    return at;
}

static void cut(const char *name, struct parts *p)
{
    size_t at = tail_digits(name);
    *p = (struct parts){.alias = -1};
    memcpy(p->base, name, strnlen(name, sizeof(p->base) - 1));
    if (at > 0 && name[at] && name[at - 1] == ':') {
        p->alias = atoi(name + at);
        p->base[at - 1] = '\0';
    }
    p->letters = tail_digits(p->base);
    p->number = atoi(p->base + p->letters);
}

static int compare_numbers(int a, int b)
{
    return a < b ? -1 : a > b;
}

static int compare_names(const char *a, const char *b)
{
    struct parts x, y;
    cut(a, &x);
    cut(b, &y);
    int rc = strncmp(x.base, y.base, x.letters < y.letters ? x.letters : y.letters);
    if (rc == 0)
        rc = compare_numbers((int)x.letters, (int)y.letters);
    if (rc == 0)
        rc = compare_numbers(x.number, y.number);
    if (rc == 0)
        rc = strcmp(x.base, y.base);
    return rc ? rc : compare_numbers(x.alias, y.alias);
}

/* ---- all names ---- */

struct names {
    char (*v)[VNET_IFNAMSIZ];
    size_t n;
};

/* add_interface(): behind the last that is not greater. */
static void add_name(struct names *names, const char *name)
{
    size_t at = names->n;
    while (at > 0) {
        int order = compare_names(names->v[at - 1], name);
        if (order == 0)
            return;
        if (order < 0)
            break;
        at--;
    }
    names->v = mem_realloc(names->v, (names->n + 1) * sizeof(*names->v));
    memmove(names->v + at + 1, names->v + at, (names->n - at) * sizeof(*names->v));
    memset(names->v[at], 0, sizeof(names->v[at]));
    memcpy(names->v[at], name, strnlen(name, sizeof(names->v[at]) - 1));
    names->n++;
}

static int add_label(const struct vnet_addr_info *info, void *arg)
{
    add_name(arg, info->label);
    return 0;
}

/* Sorted as nstrcmp() does. */
static struct names all_names(const struct netns *ns)
{
    char name[VNET_IFNAMSIZ];
    struct names names = {0};
    for (int i = vnet_link_next(ns, 0); i; i = vnet_link_next(ns, i))
        add_name(&names, vnet_link_name(ns, i, name));
    vnet_addr_dump(ns, VNET_AF_INET, 0, add_label, &names); /* SIOCGIFCONF */
    return names;
}

/* get_name() of net-tools 2.10 reads so many letters of a name in /proc/net/dev: the counters of a
 * longer one are not found. */
enum { COUNTED_NAME = VNET_IFNAMSIZ - 2 };

bool iface_fetch(const struct netns *ns, const char *name, struct iface *i, struct sink *err)
{
    *i = (struct iface){.flags = 0};
    memcpy(i->name, name, strnlen(name, sizeof(i->name) - 1));
    if (vnet_ifreq_flags(ns, i->name, &i->flags) < 0 ||
        vnet_link_get(ns, vnet_ifreq_index(ns, i->name), &i->link) < 0) {
        sink_printf(err, "%s: error fetching interface information: Device not found\n", i->name);
        return false;
    }
    if (strlen(i->name) > COUNTED_NAME)
        i->link.stats = (struct vnet_link_stats){0};
    i->has_stats = strcmp(i->name, i->link.name) == 0;
    i->has_ip = vnet_ifreq_addr(ns, i->name, &i->ip) == 0;
    return true;
}

bool iface_each(const struct netns *ns, struct sink *err, iface_fn *fn, void *arg)
{
    struct names names = all_names(ns);
    struct iface i;
    bool there = true, more = true;
    for (size_t k = 0; k < names.n && there && more; k++) {
        there = iface_fetch(ns, names.v[k], &i, err);
        more = there && fn(&i, arg);
    }
    free(names.v);
    return there;
}
