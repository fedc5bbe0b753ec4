/* /proc/net/igmp, igmp6, dev_mcast: groups, and the link-layer addresses that stand for them
 * (igmp_mc_seq_show(), igmp6_mc_seq_show(), dev_mc_seq_show()). */
#include "dev/addr_lists.h"
#include "inet/addrconf.h"
#include "inet/igmp.h"
#include "inet/proc_net.h"
#include "sim/world.h"

/* jiffies_delta_to_clock_t() of what is left of a timer: in hundredths of a second. */
static unsigned long left_of(const struct vnet *w, const struct timer *t)
{
    enum { TICK = 10000000 };
    int64_t left = timer_pending(t) ? t->expires - w->now : 0;
    return left > 0 ? (unsigned long)(left / TICK) : 0;
}

static void put_group(const struct ip_mc *im, struct strbuf *out)
{
    uint32_t g = im->group; /* as a little-endian machine has the bytes */
    bool running = timer_pending(&im->timer);
    strbuf_addf(out, "\t\t\t\t%02X%02X%02X%02X %5u %d:%08lX\t\t%d\n", g & 0xff, g >> 8 & 0xff,
                g >> 16 & 0xff, g >> 24, im->users, running,
                left_of(im->in_dev->dev->ns->w, &im->timer), im->reporter);
}

void proc_igmp(struct netns *ns, struct strbuf *out)
{
    strbuf_adds(out, "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n");
    netdev_each(ns, dev, i)
    {
        unsigned n = 0;
        if (!dev->in_dev || list_empty(&dev->in_dev->mc_list))
            continue;
        list_each(pos, &dev->in_dev->mc_list) n++;
        strbuf_addf(out, "%d\t%-10s: %5u      V%d\n", dev->ifindex, dev->name, n,
                    igmp_version(dev->in_dev));
        list_each(pos, &dev->in_dev->mc_list) put_group(list_entry(pos, struct ip_mc, node), out);
    }
}

void proc_igmp6(struct netns *ns, struct strbuf *out)
{
    netdev_each(ns, dev, i)
    {
        if (!dev->in6_dev)
            continue;
        list_each(pos, &dev->in6_dev->mc_list)
        {
            const struct inet6_mc *mc = list_entry(pos, struct inet6_mc, node);
            strbuf_addf(out, "%-4d %-15s ", dev->ifindex, dev->name);
            for (unsigned k = 0; k < 16; k++)
                strbuf_addf(out, "%02x", mc->addr.bytes[k]);
            strbuf_addf(out, " %5u %08X %lu\n", mc->users, mc->mca_flags,
                        mc->mca_flags & MAF_TIMER_RUNNING ? left_of(ns->w, &mc->timer) : 0UL);
        }
    }
}

void proc_dev_mcast(struct netns *ns, struct strbuf *out)
{
    netdev_each(ns, dev, i)
    {
        for (uint32_t k = 0; k < dev->mc.n; k++) {
            const struct hw_addr *mc = &dev->mc.v[k];
            strbuf_addf(out, "%-4d %-15s %-5u %-5d ", dev->ifindex, dev->name, mc->users,
                        mc->fixed);
            for (unsigned b = 0; b < mc->addr.len; b++)
                strbuf_addf(out, "%02x", mc->addr.bytes[b]);
            strbuf_addc(out, '\n');
        }
    }
}
