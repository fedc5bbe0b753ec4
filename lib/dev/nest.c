/* What lies on what (net/core/dev.c: __netdev_upper_dev_link). A device's uppers are its master and
 * its VLANs, its lowers what it is a VLAN of and its ports. */
#include "bridge/br.h"
#include "dev/vlan.h"

enum { MAX_NEST_DEV = 8 };

bool netdev_lies_on(const struct netdev *dev, const struct netdev *other)
{
    const struct netdev *master = other->master;
    if (master && (master == dev || netdev_lies_on(dev, master)))
        return true;
    for (const struct netdev *vlan = other->vlans; vlan; vlan = vlan_of(vlan)->next)
        if (vlan == dev || netdev_lies_on(dev, vlan))
            return true;
    return false;
}

static unsigned most(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static unsigned levels_above(const struct netdev *dev)
{
    unsigned n = dev->master ? levels_above(dev->master) : 0;
    for (const struct netdev *vlan = dev->vlans; vlan; vlan = vlan_of(vlan)->next)
        n = most(n, levels_above(vlan));
    return n + 1;
}

static unsigned levels_below(const struct netdev *dev)
{
    unsigned n = 0;
    if (is_vlan_dev(dev) && vlan_dev_real_dev(dev))
        n = levels_below(vlan_dev_real_dev(dev));
    if (is_bridge(dev))
        for (const struct br_port *p = br_of(dev)->ports; p; p = p->next)
            n = most(n, levels_below(p->dev));
    return n + 1;
}

bool netdev_nest_ok(const struct netdev *dev, const struct netdev *upper)
{
    return levels_below(dev) + levels_above(upper) <= MAX_NEST_DEV;
}
