/* The spanning tree (IEEE 802.1D-1998, 8.6; net/bridge/br_stp.c). */
#include "bridge/br_bpdu.h"
#include "sim/trace.h"

const char *const vnet_br_state_names[VNET_BR_STATES] = {"disabled", "listening", "learning",
                                                         "forwarding", "blocking"};

static bool stp(const struct bridge *br)
{
    return br->opt[VNET_BR_STP_STATE] == BR_KERNEL_STP;
}

void br_set_state(struct br_port *p, uint8_t state)
{
    if (stp(p->br)) {
        p->stp_xstats.transition_blk += state == VNET_BR_STATE_BLOCKING;
        p->stp_xstats.transition_fwd += state == VNET_BR_STATE_FORWARDING;
    }
    bool same = p->state == state;
    p->state = state;
    netdev_printk(p->br->dev, VNET_KLOG_INFO, "port %u(%s) entered %s state", p->port_no,
                  p->dev->name, vnet_br_state_names[state]);
    if (same)
        return;
    trace(dev_world(p->dev), p->dev, "bridge", "br_set_state", VNET_TRACE_OK, NULL, "%s",
          vnet_br_state_names[state]);
    vnet_touch(dev_world(p->dev));
}

void br_timer_set(struct vnet *w, struct br_timer *t, int64_t delay)
{
    t->due = w->now + delay;
    timer_set_jiffies(w, &t->timer, delay);
}

static void set_timer(struct bridge *br, struct br_timer *t, int64_t jiffies)
{
    br_timer_set(dev_world(br->dev), t, br_jiffies(br, jiffies > 0 ? (uint64_t)jiffies : 0));
}

static void stop_timer(struct br_port *p, struct br_timer *t)
{
    timer_cancel(dev_world(p->br->dev), &t->timer);
}

bool br_is_root_bridge(const struct bridge *br)
{
    return br->id == br->designated_root;
}

bool br_is_designated_port(const struct br_port *p)
{
    return p->designated_bridge == p->br->id && p->designated_port == p->port_id;
}

static bool is_designated_for_some_port(const struct bridge *br)
{
    for (const struct br_port *p = br->ports; p; p = p->next)
        if (p->state != VNET_BR_STATE_DISABLED && p->designated_bridge == br->id)
            return true;
    return false;
}

/* ---- who is the root ---- */

/* Each row decides unless its two numbers are equal. */
struct choice {
    uint64_t a, b;
};

static int compare(const struct choice *row, unsigned n)
{
    for (; n-- > 0; row++)
        if (row->a != row->b)
            return row->a < row->b ? -1 : 1;
    return 0;
}

/* br_should_become_root_port() */
static bool better_root_port(const struct bridge *br, const struct br_port *p, uint16_t root_port)
{
    if (p->state == VNET_BR_STATE_DISABLED || br_is_designated_port(p))
        return false;
    if (br->id <= p->designated_root)
        return false;
    const struct br_port *rp = br->by_no[root_port];
    if (!rp)
        return true;
    const struct choice rows[] = {
        {p->designated_root, rp->designated_root},
        {(uint64_t)p->designated_cost + p->path_cost,
         (uint64_t)rp->designated_cost + rp->path_cost},
        {p->designated_bridge, rp->designated_bridge},
        {p->designated_port, rp->designated_port},
        {p->port_id, rp->port_id},
    };
    return compare(rows, sizeof(rows) / sizeof(rows[0])) < 0;
}

static uint16_t choose_root_port(const struct bridge *br)
{
    uint16_t root_port = 0;
    for (const struct br_port *p = br->ports; p; p = p->next) {
        bool may = !(p->flags & BR_FLAG(ROOT_BLOCK)); /* br_root_port_block() */
        if (may && better_root_port(br, p, root_port))
            root_port = p->port_no;
    }
    return root_port;
}

static void root_selection(struct bridge *br)
{
    br->root_port = choose_root_port(br);
    const struct br_port *p = br->by_no[br->root_port];
    br->designated_root = p ? p->designated_root : br->id;
    br->root_path_cost = p ? p->designated_cost + p->path_cost : 0;
}

void br_become_root_bridge(struct bridge *br)
{
    struct vnet *w = dev_world(br->dev);
    br->max_age = br->opt[VNET_BR_MAX_AGE];
    br->hello_time = br->opt[VNET_BR_HELLO_TIME];
    br->forward_delay = br->opt[VNET_BR_FORWARD_DELAY];
    br_topology_change_detection(br);
    timer_cancel(w, &br->tcn_timer.timer);
    if (netif_running(br->dev)) {
        br_config_bpdu_generation(br);
        set_timer(br, &br->hello_timer, (int64_t)br->hello_time);
    }
}

/* ---- who is designated ---- */

void br_become_designated_port(struct br_port *p)
{
    const struct bridge *br = p->br;
    p->designated_root = br->designated_root;
    p->designated_cost = br->root_path_cost;
    p->designated_bridge = br->id;
    p->designated_port = p->port_id;
}

static bool should_become_designated(const struct br_port *p)
{
    const struct bridge *br = p->br;
    if (br_is_designated_port(p) || p->designated_root != br->designated_root)
        return true;
    const struct choice rows[] = {
        {br->root_path_cost, p->designated_cost},
        {br->id, p->designated_bridge},
        {p->port_id, p->designated_port},
    };
    return compare(rows, sizeof(rows) / sizeof(rows[0])) < 0;
}

void br_configuration_update(struct bridge *br)
{
    root_selection(br);
    for (struct br_port *p = br->ports; p; p = p->next)
        if (p->state != VNET_BR_STATE_DISABLED && should_become_designated(p))
            br_become_designated_port(p);
}

/* ---- states of ports ---- */

static void make_blocking(struct br_port *p)
{
    if (p->state == VNET_BR_STATE_DISABLED || p->state == VNET_BR_STATE_BLOCKING)
        return;
    if (p->state == VNET_BR_STATE_FORWARDING || p->state == VNET_BR_STATE_LEARNING)
        br_topology_change_detection(p->br);
    br_set_state(p, VNET_BR_STATE_BLOCKING);
    br_ifinfo_notify(p, VNET_RTM_NEWLINK);
    stop_timer(p, &p->forward_delay_timer);
}

static void make_forwarding(struct br_port *p)
{
    struct bridge *br = p->br;
    if (p->state != VNET_BR_STATE_BLOCKING)
        return;
    if (br->opt[VNET_BR_STP_STATE] == BR_NO_STP || br->forward_delay == 0) {
        br_set_state(p, VNET_BR_STATE_FORWARDING);
        br_topology_change_detection(br);
        stop_timer(p, &p->forward_delay_timer);
    } else {
        br_set_state(p, stp(br) ? VNET_BR_STATE_LISTENING : VNET_BR_STATE_LEARNING);
    }
    br_ifinfo_notify(p, VNET_RTM_NEWLINK);
    if (br->forward_delay != 0)
        set_timer(br, &p->forward_delay_timer, (int64_t)br->forward_delay);
}

static void select_state(struct br_port *p)
{
    p->config_pending =
        p->config_pending && br_is_designated_port(p) && p->port_no != p->br->root_port;
    if (p->port_no == p->br->root_port) {
        p->topology_change_ack = false;
        make_forwarding(p);
    } else if (br_is_designated_port(p)) {
        stop_timer(p, &p->message_age_timer);
        make_forwarding(p);
    } else {
        p->topology_change_ack = false;
        make_blocking(p);
    }
}

/* The bridge has a carrier while a port forwards. */
void br_port_state_selection(struct bridge *br)
{
    unsigned live = 0;
    for (struct br_port *p = br->ports; p; p = p->next) {
        if (p->state == VNET_BR_STATE_DISABLED)
            continue;
        select_state(p);
        if (p->state != VNET_BR_STATE_BLOCKING)
            br_multicast_enable_port(p);
        live += p->state == VNET_BR_STATE_FORWARDING;
    }
    if (live)
        netif_carrier_on(br->dev);
    else
        netif_carrier_off(br->dev);
}

/* ---- changes of the topology ---- */

static int64_t age(const struct br_port *root)
{
    const struct bridge *br = root->br;
    int64_t hz = dev_world(br->dev)->profile->kernel.hz;
    int64_t left = root->message_age_timer.due - dev_world(br->dev)->now;
    return (int64_t)br->max_age - left / (NSEC_PER_SEC / hz) + 1; /* MESSAGE_AGE_INCR */
}

void br_transmit_config(struct br_port *p)
{
    struct bridge *br = p->br;
    if (timer_pending(&p->hold_timer.timer)) {
        p->config_pending = true;
        return;
    }
    const struct br_port *root = br->by_no[br->root_port];
    const struct br_config_bpdu bpdu = {
        .topology_change = br->topology_change,
        .topology_change_ack = p->topology_change_ack,
        .root = br->designated_root,
        .root_path_cost = br->root_path_cost,
        .bridge_id = br->id,
        .port_id = p->port_id,
        .message_age = br_is_root_bridge(br) || !root ? 0 : age(root),
        .max_age = (int64_t)br->max_age,
        .hello_time = (int64_t)br->hello_time,
        .forward_delay = (int64_t)br->forward_delay,
    };
    if (bpdu.message_age >= (int64_t)br->max_age)
        return;
    br_send_config_bpdu(p, &bpdu);
    p->topology_change_ack = p->config_pending = false;
    if (stp(br))
        br_timer_set(dev_world(br->dev), &p->hold_timer, NSEC_PER_SEC); /* BR_HOLD_TIME */
}

void br_config_bpdu_generation(struct bridge *br)
{
    for (struct br_port *p = br->ports; p; p = p->next)
        if (p->state != VNET_BR_STATE_DISABLED && br_is_designated_port(p))
            br_transmit_config(p);
}

void br_transmit_tcn(struct bridge *br)
{
    struct br_port *p = br->by_no[br->root_port];
    if (p)
        br_send_tcn_bpdu(p);
}

static void set_topology_change(struct bridge *br, bool change)
{
    if (stp(br) && br->topology_change != change)
        br->ageing_time = change ? 2 * br->forward_delay : br->opt[VNET_BR_AGEING_TIME];
    br->topology_change = change;
}

void br_topology_change_detection(struct bridge *br)
{
    bool root = br_is_root_bridge(br);
    if (!stp(br))
        return;
    netdev_printk(br->dev, VNET_KLOG_INFO, "topology change detected, %s",
                  root ? "propagating" : "sending tcn bpdu");
    if (root) {
        set_topology_change(br, true);
        set_timer(br, &br->topology_change_timer,
                  (int64_t)(br->opt[VNET_BR_FORWARD_DELAY] + br->opt[VNET_BR_MAX_AGE]));
    } else if (!br->topology_change_detected) {
        br_transmit_tcn(br);
        set_timer(br, &br->tcn_timer, (int64_t)br->opt[VNET_BR_HELLO_TIME]);
    }
    br->topology_change_detected = true;
}

/* ---- received ---- */

/* br_supersedes_port_info() */
static bool supersedes(const struct br_port *p, const struct br_config_bpdu *b)
{
    const struct choice rows[] = {
        {b->root, p->designated_root},
        {b->root_path_cost, p->designated_cost},
        {b->bridge_id, p->designated_bridge},
    };
    int order = compare(rows, sizeof(rows) / sizeof(rows[0]));
    if (order)
        return order < 0;
    return b->bridge_id != p->br->id || b->port_id <= p->designated_port;
}

static void record_information(struct br_port *p, const struct br_config_bpdu *b)
{
    p->designated_root = b->root;
    p->designated_cost = b->root_path_cost;
    p->designated_bridge = b->bridge_id;
    p->designated_port = b->port_id;
    set_timer(p->br, &p->message_age_timer, b->max_age - b->message_age);
}

static void take_timeouts(struct bridge *br, const struct br_config_bpdu *b)
{
    br->max_age = (uint64_t)b->max_age;
    br->hello_time = (uint64_t)b->hello_time;
    br->forward_delay = (uint64_t)b->forward_delay;
    set_topology_change(br, b->topology_change);
}

static void topology_change_acknowledged(struct bridge *br)
{
    br->topology_change_detected = false;
    timer_cancel(dev_world(br->dev), &br->tcn_timer.timer);
}

/* A better bridge took over (br_received_config_bpdu()). */
static void step_down(struct bridge *br)
{
    struct vnet *w = dev_world(br->dev);
    timer_cancel(w, &br->hello_timer.timer);
    if (!br->topology_change_detected)
        return;
    timer_cancel(w, &br->topology_change_timer.timer);
    br_transmit_tcn(br);
    set_timer(br, &br->tcn_timer, (int64_t)br->opt[VNET_BR_HELLO_TIME]);
}

void br_received_config_bpdu(struct br_port *p, const struct br_config_bpdu *bpdu)
{
    struct bridge *br = p->br;
    bool was_root = br_is_root_bridge(br);
    p->stp_xstats.rx_bpdu++;
    if (!supersedes(p, bpdu)) {
        if (br_is_designated_port(p))
            br_transmit_config(p); /* br_reply() */
        return;
    }
    record_information(p, bpdu);
    br_configuration_update(br);
    br_port_state_selection(br);
    if (!br_is_root_bridge(br) && was_root)
        step_down(br);
    if (p->port_no == br->root_port) {
        take_timeouts(br, bpdu);
        br_config_bpdu_generation(br);
        if (bpdu->topology_change_ack)
            topology_change_acknowledged(br);
    }
    vnet_touch(dev_world(br->dev));
}

void br_received_tcn_bpdu(struct br_port *p)
{
    p->stp_xstats.rx_tcn++;
    if (!br_is_designated_port(p))
        return;
    br_topology_change_detection(p->br);
    p->topology_change_ack = true; /* br_topology_change_acknowledge() */
    br_transmit_config(p);
}

/* ---- timers (br_stp_timer.c) ---- */

static void hello_expired(struct vnet *w, struct timer *t)
{
    struct bridge *br = container_of(t, struct bridge, hello_timer.timer);
    (void)w;
    if (!netif_running(br->dev))
        return;
    br_config_bpdu_generation(br);
    if (stp(br))
        set_timer(br, &br->hello_timer, (int64_t)br->hello_time);
}

static void tcn_expired(struct vnet *w, struct timer *t)
{
    struct bridge *br = container_of(t, struct bridge, tcn_timer.timer);
    (void)w;
    if (br_is_root_bridge(br) || !netif_running(br->dev))
        return;
    br_transmit_tcn(br);
    set_timer(br, &br->tcn_timer, (int64_t)br->opt[VNET_BR_HELLO_TIME]);
}

static void topology_change_expired(struct vnet *w, struct timer *t)
{
    struct bridge *br = container_of(t, struct bridge, topology_change_timer.timer);
    (void)w;
    br->topology_change_detected = false;
    set_topology_change(br, false);
}

static void message_age_expired(struct vnet *w, struct timer *t)
{
    struct br_port *p = container_of(t, struct br_port, message_age_timer.timer);
    struct bridge *br = p->br;
    if (p->state == VNET_BR_STATE_DISABLED)
        return;
    bool was_root = br_is_root_bridge(br);
    br_become_designated_port(p);
    br_configuration_update(br);
    br_port_state_selection(br);
    if (br_is_root_bridge(br) && !was_root)
        br_become_root_bridge(br);
    linkwatch_run(w);
}

static void forward_delay_expired(struct vnet *w, struct timer *t)
{
    struct br_port *p = container_of(t, struct br_port, forward_delay_timer.timer);
    struct bridge *br = p->br;
    if (p->state == VNET_BR_STATE_LISTENING) {
        br_set_state(p, VNET_BR_STATE_LEARNING);
        set_timer(br, &p->forward_delay_timer, (int64_t)br->forward_delay);
    } else if (p->state == VNET_BR_STATE_LEARNING) {
        br_set_state(p, VNET_BR_STATE_FORWARDING);
        if (is_designated_for_some_port(br))
            br_topology_change_detection(br);
        netif_carrier_on(br->dev);
    }
    br_ifinfo_notify(p, VNET_RTM_NEWLINK);
    linkwatch_run(w);
}

static void hold_expired(struct vnet *w, struct timer *t)
{
    struct br_port *p = container_of(t, struct br_port, hold_timer.timer);
    (void)w;
    if (p->config_pending)
        br_transmit_config(p);
}

void br_timers_init(struct bridge *br)
{
    timer_init(&br->hello_timer.timer, hello_expired);
    timer_init(&br->tcn_timer.timer, tcn_expired);
    timer_init(&br->topology_change_timer.timer, topology_change_expired);
    timer_init(&br->gc.timer, br_fdb_cleanup);
}

void br_port_timers_init(struct br_port *p)
{
    timer_init(&p->forward_delay_timer.timer, forward_delay_expired);
    timer_init(&p->hold_timer.timer, hold_expired);
    timer_init(&p->message_age_timer.timer, message_age_expired);
}

void br_port_timers_cancel(struct br_port *p)
{
    stop_timer(p, &p->forward_delay_timer);
    stop_timer(p, &p->hold_timer);
    stop_timer(p, &p->message_age_timer);
}
