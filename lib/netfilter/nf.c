#include "netfilter/nf.h"

#include "sim/trace.h"

const char *nf_hook_name(enum nf_proto pf, enum nf_inet_hook hook)
{
    static const char *const inet[] = {"NF_INET_PRE_ROUTING", "NF_INET_LOCAL_IN", "NF_INET_FORWARD",
                                       "NF_INET_LOCAL_OUT", "NF_INET_POST_ROUTING"};
    static const char *const bridge[] = {"NF_BR_PRE_ROUTING", "NF_BR_LOCAL_IN", "NF_BR_FORWARD",
                                         "NF_BR_LOCAL_OUT", "NF_BR_POST_ROUTING"};
    return pf == NFPROTO_BRIDGE ? bridge[hook] : inet[hook];
}

void nf_register_net_hook(struct netns *ns, struct nf_hook_ops *ops)
{
    struct nf_hook_ops **at = &ns->nf_hooks[ops->pf][ops->hook];
    while (*at && (*at)->priority <= ops->priority)
        at = &(*at)->next;
    ops->next = *at;
    *at = ops;
    ns->w->nf_hooks_needed++;
}

void nf_unregister_net_hook(struct netns *ns, struct nf_hook_ops *ops)
{
    struct nf_hook_ops **at = &ns->nf_hooks[ops->pf][ops->hook];
    while (*at && *at != ops)
        at = &(*at)->next;
    if (!*at)
        return;
    *at = ops->next;
    ns->w->nf_hooks_needed--;
}

static void tell(struct netns *ns, const struct nf_hook_state *st, enum nf_verdict verdict)
{
    bool dropped = verdict == NF_DROP;
    trace(ns->w, st->in ? st->in : st->out, "netfilter", st->func,
          dropped ? VNET_TRACE_DROPPED : VNET_TRACE_OK,
          dropped ? DROP_REASON(NETFILTER_DROP) : NULL, "%s%s%s%s%s: %s",
          nf_hook_name(st->pf, st->hook), st->in ? " in " : "", st->in ? st->in->name : "",
          st->out ? " out " : "", st->out ? st->out->name : "", dropped ? "DROP" : "ACCEPT");
}

static const struct nf_hook_state places[] = {
    [NF_AT_IP_RCV] = {NFPROTO_IPV4, NF_INET_PRE_ROUTING, "ip_rcv", NULL, NULL},
    [NF_AT_IP_LOCAL_DELIVER] = {NFPROTO_IPV4, NF_INET_LOCAL_IN, "ip_local_deliver", NULL, NULL},
    [NF_AT_IP_FORWARD] = {NFPROTO_IPV4, NF_INET_FORWARD, "ip_forward", NULL, NULL},
    [NF_AT_IP_LOCAL_OUT] = {NFPROTO_IPV4, NF_INET_LOCAL_OUT, "__ip_local_out", NULL, NULL},
    [NF_AT_IP_OUTPUT] = {NFPROTO_IPV4, NF_INET_POST_ROUTING, "ip_output", NULL, NULL},
    [NF_AT_IP_MC_OUTPUT] = {NFPROTO_IPV4, NF_INET_POST_ROUTING, "ip_mc_output", NULL, NULL},
    [NF_AT_IPV6_RCV] = {NFPROTO_IPV6, NF_INET_PRE_ROUTING, "ipv6_rcv", NULL, NULL},
    [NF_AT_IP6_INPUT] = {NFPROTO_IPV6, NF_INET_LOCAL_IN, "ip6_input", NULL, NULL},
    [NF_AT_IP6_FORWARD] = {NFPROTO_IPV6, NF_INET_FORWARD, "ip6_forward", NULL, NULL},
    [NF_AT_IP6_LOCAL_OUT] = {NFPROTO_IPV6, NF_INET_LOCAL_OUT, "__ip6_local_out", NULL, NULL},
    [NF_AT_IP6_OUTPUT] = {NFPROTO_IPV6, NF_INET_POST_ROUTING, "ip6_output", NULL, NULL},
    [NF_AT_IP6_FINISH_OUTPUT2] = {NFPROTO_IPV6, NF_INET_POST_ROUTING, "ip6_finish_output2", NULL,
                                  NULL},
    [NF_AT_BR_HANDLE_FRAME] = {NFPROTO_BRIDGE, NF_INET_PRE_ROUTING, "br_handle_frame", NULL, NULL},
    [NF_AT_BR_HANDLE_LOCAL] = {NFPROTO_BRIDGE, NF_INET_LOCAL_IN, "br_handle_frame", NULL, NULL},
    [NF_AT_BR_PASS_FRAME_UP] = {NFPROTO_BRIDGE, NF_INET_LOCAL_IN, "br_pass_frame_up", NULL, NULL},
    [NF_AT_BR_FORWARD] = {NFPROTO_BRIDGE, NF_INET_FORWARD, "__br_forward", NULL, NULL},
    [NF_AT_BR_LOCAL_OUT] = {NFPROTO_BRIDGE, NF_INET_LOCAL_OUT, "__br_forward", NULL, NULL},
    [NF_AT_BR_FORWARD_FINISH] = {NFPROTO_BRIDGE, NF_INET_POST_ROUTING, "br_forward_finish", NULL,
                                 NULL},
    [NF_AT_BR_SEND_BPDU] = {NFPROTO_BRIDGE, NF_INET_LOCAL_OUT, "br_send_bpdu", NULL, NULL},
    [NF_AT_BR_SEND_QUERY] = {NFPROTO_BRIDGE, NF_INET_LOCAL_OUT, "__br_multicast_send_query", NULL,
                             NULL},
};

bool nf_hook_slow(struct netns *ns, enum nf_place at, struct skb *skb, struct netdev *in,
                  struct netdev *out)
{
    struct nf_hook_state state = places[at];
    enum nf_verdict verdict = NF_ACCEPT;
    state.in = in;
    state.out = out;
    for (const struct nf_hook_ops *ops = ns->nf_hooks[state.pf][state.hook];
         ops && verdict == NF_ACCEPT; ops = ops->next)
        verdict = ops->fn(ops->arg, skb, &state);
    tell(ns, &state, verdict);
    if (verdict == NF_DROP)
        skb_free(ns->w, skb);
    return verdict == NF_ACCEPT;
}
