/* The spanning tree as it meets devices and settings (net/bridge/br_stp_if.c). */
#include <errno.h>

#include "bridge/br_bpdu.h"

#define GC_FIRST (NSEC_PER_SEC / 10)

enum { MIN_FORWARD_DELAY = 2, MAX_FORWARD_DELAY = 30 };

void bridge_id_addr(bridge_id id, uint8_t addr[ETH_ALEN])
{
    for (unsigned i = ETH_ALEN; i-- > 0; id >>= 8)
        addr[i] = (uint8_t)id;
}

bool netif_oper_up(const struct netdev *dev)
{
    return dev->operstate == VNET_OPER_UP || dev->operstate == VNET_OPER_UNKNOWN;
}

void br_init_port(struct br_port *p)
{
    p->port_id = (uint16_t)(p->priority << BR_PORT_BITS | p->port_no);
    br_become_designated_port(p);
    br_set_state(p, VNET_BR_STATE_BLOCKING);
    p->topology_change_ack = p->config_pending = false;
}

void br_stp_enable_bridge(struct bridge *br)
{
    struct vnet *w = dev_world(br->dev);
    if (br->opt[VNET_BR_STP_STATE] == BR_KERNEL_STP)
        br_timer_set(w, &br->hello_timer, br_jiffies(br, br->hello_time));
    br_timer_set(w, &br->gc, GC_FIRST);
    br_config_bpdu_generation(br);
    for (struct br_port *p = br->ports; p; p = p->next)
        if (netif_running(p->dev) && netif_oper_up(p->dev))
            br_stp_enable_port(p);
}

void br_stp_disable_bridge(struct bridge *br)
{
    struct vnet *w = dev_world(br->dev);
    for (struct br_port *p = br->ports; p; p = p->next)
        if (p->state != VNET_BR_STATE_DISABLED)
            br_stp_disable_port(p);
    br->topology_change = br->topology_change_detected = false;
    timer_cancel(w, &br->hello_timer.timer);
    timer_cancel(w, &br->topology_change_timer.timer);
    timer_cancel(w, &br->tcn_timer.timer);
    timer_cancel(w, &br->gc.timer);
}

void br_stp_enable_port(struct br_port *p)
{
    br_init_port(p);
    br_port_state_selection(p->br);
    br_ifinfo_notify(p, VNET_RTM_NEWLINK);
}

void br_stp_disable_port(struct br_port *p)
{
    struct bridge *br = p->br;
    bool was_root = br_is_root_bridge(br);
    br_become_designated_port(p);
    br_set_state(p, VNET_BR_STATE_DISABLED);
    p->topology_change_ack = p->config_pending = false;
    br_ifinfo_notify(p, VNET_RTM_NEWLINK);
    br_port_timers_cancel(p);
    br_fdb_delete_by_port(br, p, 0, false);
    br_multicast_disable_port(p);
    br_configuration_update(br);
    br_port_state_selection(br);
    if (br_is_root_bridge(br) && !was_root)
        br_become_root_bridge(br);
}

static void clamp_forward_delay(struct bridge *br)
{
    uint64_t hz = dev_world(br->dev)->profile->kernel.hz;
    uint64_t *delay = &br->opt[VNET_BR_FORWARD_DELAY];
    *delay = *delay < MIN_FORWARD_DELAY * hz   ? MIN_FORWARD_DELAY * hz
             : *delay > MAX_FORWARD_DELAY * hz ? MAX_FORWARD_DELAY * hz
                                               : *delay;
    if (br_is_root_bridge(br))
        br->forward_delay = *delay;
}

/* br_stp_start(), br_stp_stop(): no helper program takes over (/sbin/bridge-stp). */
int br_stp_set_enabled(struct bridge *br, uint64_t on)
{
    bool was = br->opt[VNET_BR_STP_STATE] != BR_NO_STP;
    if (was == (on != 0))
        return 0;
    if (on)
        clamp_forward_delay(br);
    br->opt[VNET_BR_STP_STATE] = on ? BR_KERNEL_STP : BR_NO_STP;
    if (!on)
        return 0;
    if (netif_running(br->dev))
        br_timer_set(dev_world(br->dev), &br->hello_timer, br_jiffies(br, br->hello_time));
    br_port_state_selection(br);
    return 0;
}

void br_stp_change_bridge_id(struct bridge *br, const uint8_t *addr)
{
    const bridge_id addr_mask = (UINT64_C(1) << 48) - 1, old = br->id & addr_mask;
    bridge_id new_addr = bridge_id_make(0, addr);
    bool was_root = br_is_root_bridge(br);
    br_fdb_change_mac_address(br, addr);
    br->id = (br->id & ~addr_mask) | new_addr;
    br->dev->addr = lladdr_eth(addr);
    for (struct br_port *p = br->ports; p; p = p->next) {
        if ((p->designated_bridge & addr_mask) == old)
            p->designated_bridge = (p->designated_bridge & ~addr_mask) | new_addr;
        if ((p->designated_root & addr_mask) == old)
            p->designated_root = (p->designated_root & ~addr_mask) | new_addr;
    }
    br_configuration_update(br);
    br_port_state_selection(br);
    if (br_is_root_bridge(br) && !was_root)
        br_become_root_bridge(br);
}

/* The lowest address of its ports, unless it was given one by hand. */
bool br_stp_recalculate_bridge_id(struct bridge *br)
{
    bridge_id lowest = 0;
    uint8_t addr[ETH_ALEN];
    if (br->dev->addr_assign_type == NET_ADDR_SET)
        return false;
    for (const struct br_port *p = br->ports; p; p = p->next) {
        bridge_id id = bridge_id_make(0, p->dev->addr.bytes);
        if (lowest == 0 || id < lowest)
            lowest = id;
    }
    if ((br->id & ((UINT64_C(1) << 48) - 1)) == lowest)
        return false;
    bridge_id_addr(lowest, addr);
    br_stp_change_bridge_id(br, addr);
    return true;
}

void br_stp_set_bridge_priority(struct bridge *br, uint16_t priority)
{
    const bridge_id addr_mask = (UINT64_C(1) << 48) - 1;
    bool was_root = br_is_root_bridge(br);
    bridge_id id = (uint64_t)priority << 48 | (br->id & addr_mask);
    for (struct br_port *p = br->ports; p; p = p->next)
        if (p->state != VNET_BR_STATE_DISABLED && br_is_designated_port(p))
            p->designated_bridge = (uint64_t)priority << 48 | (p->designated_bridge & addr_mask);
    br->id = id;
    br_configuration_update(br);
    br_port_state_selection(br);
    if (br_is_root_bridge(br) && !was_root)
        br_become_root_bridge(br);
}
