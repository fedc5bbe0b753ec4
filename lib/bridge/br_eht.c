/* Which hosts are in a group behind a port that it leaves at once: it goes as the last of them
 * leaves (net/bridge/br_multicast_eht.c, of all sources). Only IGMPv3 and MLDv2 tell. */
#include <stdlib.h>

#include "base/mem.h"
#include "bridge/br.h"

enum { MOST_HOSTS = 512 }; /* of a port: BR_MCAST_DEFAULT_EHT_HOSTS_LIMIT */

static void unlink_host(struct br_host **at)
{
    struct br_host *host = *at;
    *at = host->next;
    timer_cancel(dev_world(host->pg->mp->br->dev), &host->timer.timer);
    free(host);
}

static void drop(struct br_pg *pg, struct br_host **at)
{
    unlink_host(at);
    pg->port->mcast_hosts--;
}

/* br_multicast_eht_set_entry_expired() */
static void expired(struct vnet *w, struct timer *t)
{
    const struct br_host *host = container_of(t, struct br_host, timer.timer);
    struct br_host **at = &host->pg->hosts;
    (void)w;
    while (*at != host)
        at = &(*at)->next;
    drop(host->pg, at);
}

static struct br_host **place_of(struct br_pg *pg, const struct inet_addr *addr)
{
    struct br_host **at = &pg->hosts;
    while (*at && !inet_addr_eq(&(*at)->addr, addr))
        at = &(*at)->next;
    return at;
}

struct br_host *br_eht_add(struct br_pg *pg, const struct inet_addr *addr)
{
    struct br_host **at = place_of(pg, addr);
    if (*at || pg->port->mcast_hosts >= MOST_HOSTS)
        return *at;
    *at = mem_alloc(sizeof(**at));
    (*at)->pg = pg;
    (*at)->addr = *addr;
    timer_init(&(*at)->timer.timer, expired);
    pg->port->mcast_hosts++;
    return *at;
}

/* br_multicast_eht_exc() without sources */
void br_eht_join(struct br_pg *pg, const struct inet_addr *addr)
{
    struct br_host *host = br_eht_add(pg, addr);
    if (host)
        br_timer_set(dev_world(pg->port->dev), &host->timer,
                     br_mcast_time(pg->port->br, VNET_BR_MCAST_MEMBERSHIP_INTVL));
}

/* br_multicast_eht_inc() */
void br_eht_leave(struct br_pg *pg, const struct inet_addr *addr)
{
    struct br_host **at = place_of(pg, addr);
    if (*at)
        drop(pg, at);
}

void br_eht_flush(struct br_pg *pg)
{
    while (pg->hosts)
        drop(pg, &pg->hosts);
}

void br_eht_release(struct br_pg *pg)
{
    while (pg->hosts)
        unlink_host(&pg->hosts);
}
