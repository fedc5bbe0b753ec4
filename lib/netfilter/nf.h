/* The hook points of netfilter (include/linux/netfilter.h, net/netfilter/core.c): the places where
 * tables of rules look at a packet. There are no tables yet; the trace shows each passage. */
#ifndef VNET_NETFILTER_NF_H
#define VNET_NETFILTER_NF_H

#include "dev/netdev.h"
#include "sim/world.h"

enum nf_proto { /* NFPROTO_* */
                NFPROTO_IPV4,
                NFPROTO_IPV6,
                NFPROTO_BRIDGE,
                NFPROTO_COUNT
};

enum nf_inet_hook { /* a bridge has the same ones, NF_BR_* */
                    NF_INET_PRE_ROUTING,
                    NF_INET_LOCAL_IN,
                    NF_INET_FORWARD,
                    NF_INET_LOCAL_OUT,
                    NF_INET_POST_ROUTING,
                    NF_INET_NUMHOOKS
};

enum nf_verdict { NF_DROP, NF_ACCEPT };

struct nf_hook_state { /* where a packet is */
    enum nf_proto pf;
    enum nf_inet_hook hook;
    const char *func;        /* the kernel function that calls the hook */
    struct netdev *in, *out; /* NULL: it came by none, it is not known where it goes */
};

/* What hangs in a hook: a table of rules. Owned by who registers it. */
struct nf_hook_ops {
    enum nf_proto pf;
    enum nf_inet_hook hook;
    int priority; /* NF_IP_PRI_*: low ones first */
    /* skb->net is at the network header; the packet stays whose it is. */
    enum nf_verdict (*fn)(void *arg, struct skb *skb, const struct nf_hook_state *state);
    void *arg;
    struct nf_hook_ops *next; /* of this hook, by priority */
};

/* nf_register_net_hook(), nf_unregister_net_hook(): in a namespace; not in the state file. */
void nf_register_net_hook(struct netns *ns, struct nf_hook_ops *ops);
void nf_unregister_net_hook(struct netns *ns, struct nf_hook_ops *ops);
/* "NF_INET_PRE_ROUTING", "NF_BR_FORWARD" */
const char *nf_hook_name(enum nf_proto pf, enum nf_inet_hook hook);

/* The places in the stack that call a hook, by the kernel's functions. */
enum nf_place {
    NF_AT_IP_RCV,
    NF_AT_IP_LOCAL_DELIVER,
    NF_AT_IP_FORWARD,
    NF_AT_IP_LOCAL_OUT,
    NF_AT_IP_OUTPUT,
    NF_AT_IP_MC_OUTPUT,
    NF_AT_IPV6_RCV,
    NF_AT_IP6_INPUT,
    NF_AT_IP6_FORWARD,
    NF_AT_IP6_LOCAL_OUT,
    NF_AT_IP6_OUTPUT,
    NF_AT_IP6_FINISH_OUTPUT2,
    NF_AT_BR_HANDLE_FRAME,
    NF_AT_BR_HANDLE_LOCAL,
    NF_AT_BR_PASS_FRAME_UP,
    NF_AT_BR_FORWARD,
    NF_AT_BR_LOCAL_OUT,
    NF_AT_BR_FORWARD_FINISH,
    NF_AT_BR_SEND_BPDU,
    NF_AT_BR_SEND_QUERY,
};

/* nf_hook_slow(), told to the trace. */
VNET_COLD bool nf_hook_slow(struct netns *ns, enum nf_place at, struct skb *skb, struct netdev *in,
                            struct netdev *out);

/* NF_HOOK(): false: dropped, and freed. in, out: the devices that are known there, else NULL. One
 * branch where nothing hangs and nobody listens. */
static inline bool nf_hook(struct netns *ns, enum nf_place at, struct skb *skb, struct netdev *in,
                           struct netdev *out)
{
    return !ns->w->nf_hooks_needed || nf_hook_slow(ns, at, skb, in, out);
}

#endif
