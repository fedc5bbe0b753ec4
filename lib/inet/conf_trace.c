#include "inet/conf_trace.h"

#include <inttypes.h>

#include "inet/addrconf.h"
#include "inet/sysctl_file.h"
#include "sim/trace.h"

static const char *name_of(const struct sysctl_dir *dir, unsigned id)
{
    for (unsigned i = 0; i < dir->nfiles; i++)
        if (dir->files[i].id == id && !(dir->files[i].flags & SYSCTL_DEFAULT))
            return dir->files[i].name;
    return "?";
}

static void tell(const struct netdev *dev, const char *func, const char *name, int own)
{
    trace_emit(dev->ns->w, dev, "sysctl", func, VNET_TRACE_OK, NULL, "%s: %s=%d", name, dev->name,
               own);
}

static void tell_both(const struct netdev *dev, const char *func, const char *name, int all,
                      int own, int value)
{
    trace_emit(dev->ns->w, dev, "sysctl", func, VNET_TRACE_OK, NULL,
               "%s: all=%d, %s=%d: effective %d", name, all, dev->name, own, value);
}

void conf_trace4(const struct in_device *d, enum ipv4_conf_id id, enum conf_how how, int value,
                 const char *func)
{
    const char *name = name_of(&sysctl_dirs[CLASS_IPV4_CONF], id);
    if (how == CONF_OWN)
        tell(d->dev, func, name, in_dev_conf(d, id));
    else
        tell_both(d->dev, func, name, in_dev_all(d, id), in_dev_conf(d, id), value);
}

void conf_trace6(const struct inet6_dev *d, enum ipv6_conf_id id, enum conf_how how,
                 const char *func)
{
    if (!d->dev->ns->w->trace_fn)
        return;
    const char *name = name_of(&sysctl_dirs[CLASS_IPV6_CONF], id);
    int all = in6_dev_all(d, id), own = in6_dev_conf(d, id);
    if (how == CONF_OWN)
        tell(d->dev, func, name, own);
    else
        tell_both(d->dev, func, name, all, own, all || own);
}

void conf_trace_net(const struct netdev *dev, const char *name, int64_t value, const char *func)
{
    trace(dev->ns->w, dev, "sysctl", func, VNET_TRACE_OK, NULL, "%s=%" PRId64, name, value);
}
