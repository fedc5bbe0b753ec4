/* Frames of the spanning tree protocol (IEEE 802.1D-1998, 9.3; net/bridge/br_stp_bpdu.c). */
#ifndef VNET_BRIDGE_BPDU_H
#define VNET_BRIDGE_BPDU_H

#include "bridge/br.h"

struct br_config_bpdu { /* times in jiffies */
    bool topology_change, topology_change_ack;
    bridge_id root, bridge_id;
    uint32_t root_path_cost;
    uint16_t port_id;
    int64_t message_age, max_age, hello_time, forward_delay;
};

void br_send_config_bpdu(struct br_port *p, const struct br_config_bpdu *bpdu);
void br_send_tcn_bpdu(struct br_port *p);
/* A frame to the bridge group: does not consume. */
void br_stp_rcv(struct br_port *p, const struct skb *skb);

/* br_stp.c */
void br_received_config_bpdu(struct br_port *p, const struct br_config_bpdu *bpdu);
void br_received_tcn_bpdu(struct br_port *p);
void br_transmit_config(struct br_port *p);
void br_transmit_tcn(struct bridge *br);
void br_config_bpdu_generation(struct bridge *br);
void br_topology_change_detection(struct bridge *br);

#endif
