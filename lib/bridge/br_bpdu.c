#include "bridge/br_bpdu.h"

#include <string.h>

#include "base/bytes.h"
#include "netfilter/nf.h"
#include "wire/ether.h"

enum {
    LLC_LEN = 3,
    LLC_SAP_BSPAN = 0x42,
    LLC_PDU_UI = 0x03,
    CONFIG_LEN = 35,
    TCN_LEN = 4,
    TCN = 0x80,
    UNITS = 256, /* a second in a frame */
};

static void put_id(uint8_t *at, bridge_id id)
{
    put_be32(at, (uint32_t)(id >> 32));
    put_be32(at + 4, (uint32_t)id);
}

static bridge_id get_id(const uint8_t *at)
{
    return (uint64_t)get_be32(at) << 32 | get_be32(at + 4);
}

static int64_t hz_of(const struct br_port *p)
{
    return dev_world(p->dev)->profile->kernel.hz;
}

/* br_set_ticks(), br_get_ticks(): 256ths of a second on the wire. */
static void put_ticks(uint8_t *at, const struct br_port *p, int64_t jiffies)
{
    put_be16(at, (uint16_t)(jiffies * UNITS / hz_of(p)));
}

static int64_t get_ticks(const uint8_t *at, const struct br_port *p)
{
    return (get_be16(at) * hz_of(p) + UNITS - 1) / UNITS;
}

/* br_send_bpdu(): to the bridge group, by the port's own device. */
static void send(struct br_port *p, const uint8_t *bpdu, size_t len)
{
    uint8_t to[ETH_ALEN];
    struct netdev *dev = p->dev;
    struct skb *skb = skb_alloc(dev_world(dev), LLC_LEN + len);
    uint8_t *at = skb_put(skb, LLC_LEN + len);
    bridge_id_addr(p->br->opt[VNET_BR_GROUP_ADDR], to);
    at[0] = at[1] = LLC_SAP_BSPAN;
    at[2] = LLC_PDU_UI;
    memcpy(at + LLC_LEN, bpdu, len);
    skb->net = skb->head;
    skb->priority = 7; /* TC_PRIO_CONTROL */
    eth_header(dev, skb, (uint16_t)(LLC_LEN + len), to, NULL);
    if (nf_hook(dev->ns, NF_AT_BR_SEND_BPDU, skb, NULL, dev))
        dev_queue_xmit(dev, skb);
}

void br_send_config_bpdu(struct br_port *p, const struct br_config_bpdu *bpdu)
{
    uint8_t b[CONFIG_LEN] = {0};
    if (p->br->opt[VNET_BR_STP_STATE] != BR_KERNEL_STP)
        return;
    b[4] = (uint8_t)((bpdu->topology_change ? 0x01 : 0) | (bpdu->topology_change_ack ? 0x80 : 0));
    put_id(b + 5, bpdu->root);
    put_be32(b + 13, bpdu->root_path_cost);
    put_id(b + 17, bpdu->bridge_id);
    put_be16(b + 25, bpdu->port_id);
    put_ticks(b + 27, p, bpdu->message_age);
    put_ticks(b + 29, p, bpdu->max_age);
    put_ticks(b + 31, p, bpdu->hello_time);
    put_ticks(b + 33, p, bpdu->forward_delay);
    send(p, b, sizeof(b));
    p->stp_xstats.tx_bpdu++;
}

void br_send_tcn_bpdu(struct br_port *p)
{
    const uint8_t b[TCN_LEN] = {0, 0, 0, TCN};
    if (p->br->opt[VNET_BR_STP_STATE] != BR_KERNEL_STP)
        return;
    send(p, b, sizeof(b));
    p->stp_xstats.tx_tcn++;
}

static void received_config(struct br_port *p, const uint8_t *b)
{
    const struct br_config_bpdu bpdu = {
        .topology_change = b[4] & 0x01,
        .topology_change_ack = b[4] & 0x80,
        .root = get_id(b + 5),
        .root_path_cost = get_be32(b + 13),
        .bridge_id = get_id(b + 17),
        .port_id = get_be16(b + 25),
        .message_age = get_ticks(b + 27, p),
        .max_age = get_ticks(b + 29, p),
        .hello_time = get_ticks(b + 31, p),
        .forward_delay = get_ticks(b + 33, p),
    };
    if (bpdu.message_age <= bpdu.max_age)
        br_received_config_bpdu(p, &bpdu);
}

/* br_stp_rcv(): behind LLC's three bytes. */
void br_stp_rcv(struct br_port *p, const struct skb *skb)
{
    const uint8_t *llc = skb_data(skb), *b = llc + LLC_LEN;
    if (skb->len < LLC_LEN + TCN_LEN || llc[0] != LLC_SAP_BSPAN || llc[1] != LLC_SAP_BSPAN ||
        llc[2] != LLC_PDU_UI)
        return;
    if (b[0] || b[1] || b[2] || p->br->opt[VNET_BR_STP_STATE] != BR_KERNEL_STP)
        return;
    if (!netif_running(p->br->dev) || p->state == VNET_BR_STATE_DISABLED)
        return;
    if (p->flags & BR_FLAG(GUARD)) { /* BPDU guard */
        br_stp_disable_port(p);
        return;
    }
    if (b[3] == 0 && skb->len >= LLC_LEN + CONFIG_LEN)
        received_config(p, b);
    else if (b[3] == TCN)
        br_received_tcn_bpdu(p);
}
