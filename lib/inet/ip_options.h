/* IPv4 options: record route and timestamps (net/ipv4/ip_options.c; RFC 791 3.1, RFC 1812 5.2.4).
 * Source routes are told apart, but not followed. */
#ifndef VNET_INET_IP_OPTIONS_H
#define VNET_INET_IP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct netns;
struct skb;

enum { IP_OPTIONS_MAX = 40 };

/* What ip_options_compile() found: where options lie (bytes from the start of the IP header; 0:
 * there is none), and which of them the next to handle the packet has to fill in. */
struct ip_opt_places {
    uint8_t srr, rr, ts;
    bool rr_needaddr, ts_needaddr, ts_needtime;
};

struct ip_options { /* what a sender wants in the header */
    struct ip_opt_places at;
    uint8_t len; /* bytes of data, a multiple of 4; 0: no options */
    uint8_t data[IP_OPTIONS_MAX];
};

/* ip_options_get(): options as setsockopt(IP_OPTIONS) takes them; *opt is changed only on success.
 * -EINVAL: malformed or too long; -EPERM: a source route, which asks for CAP_NET_RAW when the
 * option is set (ping has given it up by then). */
int ip_options_get(struct netns *ns, struct ip_options *opt, const uint8_t *data, size_t len);
/* ip_options_build(): into the header at skb's data, which has room for opt->len bytes of them,
 * completed by what this host records: its address towards the route's device, the time. */
void ip_options_build(struct skb *skb, const struct ip_options *opt);
/* ip_options_echo(): the options of an answer to skb, a packet whose options are compiled. -EINVAL.
 */
int ip_options_echo(const struct skb *skb, struct ip_options *opt);
/* ip_rcv_options(): compile the options of a packet that came in (its route is known), recording
 * this host in them. false: the packet is to be dropped; its sender has been told what is wrong,
 * and *why says it in words. */
bool ip_rcv_options(struct skb *skb, const char **why);
/* The same of a packet of our own that comes back to its sender (ipv4_send_dest_unreach()). */
bool ip_options_recompile(struct skb *skb);
/* Where the options are in the header of a packet that was put together from fragments, each
 * compiled when it came in. */
void ip_options_find(struct skb *skb);
/* ip_forward_options(): the address by which skb goes on into the place that was kept for it. */
void ip_forward_options(struct skb *skb);

#endif
