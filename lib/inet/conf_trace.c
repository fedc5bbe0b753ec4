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

void conf_trace4(const struct in_device *d, enum ipv4_conf_id id, enum conf_how how, int value,
                 const char *func)
{
    const char *name = name_of(&sysctl_dirs[CLASS_IPV4_CONF], id);
    int own = in_dev_conf(d, id);
    if (how == CONF_OWN)
        trace_emit(d->dev->ns->w, d->dev, "sysctl", func, VNET_TRACE_OK, NULL, "%s: %s=%d", name,
                   d->dev->name, own);
    else
        trace_emit(d->dev->ns->w, d->dev, "sysctl", func, VNET_TRACE_OK, NULL,
                   "%s: all=%d, %s=%d: effective %d", name, in_dev_all(d, id), d->dev->name, own,
                   value);
}

void conf_trace6(const struct inet6_dev *d, enum ipv6_conf_id id, const char *func)
{
    trace(d->dev->ns->w, d->dev, "sysctl", func, VNET_TRACE_OK, NULL, "%s: %s=%d",
          name_of(&sysctl_dirs[CLASS_IPV6_CONF], id), d->dev->name, in6_dev_conf(d, id));
}

void conf_trace_net(const struct netdev *dev, const char *name, int64_t value, const char *func)
{
    trace(dev->ns->w, dev, "sysctl", func, VNET_TRACE_OK, NULL, "%s=%" PRId64, name, value);
}
