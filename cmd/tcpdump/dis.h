/* What the printers of single protocols share: a packet being printed.
 *
 * Bytes are named by their offset in the packet and read by checked getters. Reading past what was
 * captured "cuts" the packet, as a long jump does in tcpdump: " [|proto]" is appended, and from
 * then on every read gives 0 and nothing is appended any more, so a printer need not test each
 * read. Loops must test d->cut or run over a bounded length.
 */
#ifndef VNET_CMD_TCPDUMP_DIS_H
#define VNET_CMD_TCPDUMP_DIS_H

#include "base/nametab.h"
#include "cmd/tcpdump/dissect.h"

struct tcp_flows;

struct dissector {
    struct dissect_opts opts;
    struct moment since; /* what -ttt, -ttttt count from; zero: the next packet's */
    uint32_t count;
    struct tcp_flows *flows; /* print_tcp.c; NULL until the first segment */
};

struct dis {
    struct dissector *ctx;
    const struct dissect_opts *o;
    struct strbuf *out;
    const uint8_t *data;
    size_t end;        /* one past the last byte that may be read; printers narrow it */
    size_t hdrlen;     /* bytes of link-layer header, left out by -x, -X, -A */
    const char *proto; /* named when the packet is cut */
    bool cut;          /* nothing more is read or printed */
    bool jumped;       /* it was a read that cut it */
};

/* ---- output ---- */
/* The time as the options want it, and a blank. */
void dis_stamp(struct dissector *ctx, struct moment t, struct strbuf *out);
void dis_put(struct dis *d, const char *fmt, ...) VNET_PRINTF(2, 3);
void dis_put_char(struct dis *d, uint8_t c); /* in visible form: "M-" for the high bit, "^X" */
void dis_trunc(struct dis *d);               /* " [|proto]"; printing goes on */
void dis_invalid(struct dis *d);             /* " (invalid)" */
void dis_stop(struct dis *d);                /* " [|proto]"; nothing is printed after it */
void dis_cut(struct dis *d); /* the same, and a hex dump will show the link-layer header too */

/* ---- input ---- */
bool dis_has(const struct dis *d, size_t at, size_t n); /* n bytes from at were captured */
bool dis_need(struct dis *d, size_t at, size_t n);      /* the same; if not, the packet is cut */
bool dis_check(struct dis *d, size_t at, size_t n); /* the same; if not, the packet is stopped */
uint8_t dis_u8(struct dis *d, size_t at);
uint16_t dis_u16(struct dis *d, size_t at);
uint32_t dis_u32(struct dis *d, size_t at);
uint64_t dis_u64(struct dis *d, size_t at);
size_t dis_left(const struct dis *d, size_t at); /* captured bytes from at on */

/* The Internet checksum over len captured bytes: 0 if they hold their own valid one. */
uint16_t dis_cksum(const struct dis *d, size_t at, size_t len);
/* What a checksum field that reads `field` should have been, where the sum came out as `sum`. */
uint16_t dis_cksum_shouldbe(uint16_t field, uint16_t sum);

/* ---- names ---- */
enum { DIS_NAME = 128 };
/* Each writes to buf and returns it; a read past the end cuts the packet. */
const char *dis_ip4(struct dis *d, size_t at, char buf[DIS_NAME]);
const char *dis_ip6(struct dis *d, size_t at, char buf[DIS_NAME]);
const char *dis_ether(struct dis *d, size_t at, char buf[DIS_NAME]);
/* A link-layer address of any length; Ethernet's rules if it has six bytes. */
void dis_put_linkaddr(struct dis *d, size_t at, size_t len);
const char *dis_port(struct dis *d, bool tcp, uint16_t port, char buf[DIS_NAME]);
/* NULL with -n or if the protocol has no name. */
const char *dis_protocol_name(const struct dis *d, uint8_t protocol);
/* A table's name, or fmt filled with the value (into buf). */
const char *dis_tok(const struct nametab *t, const char *fmt, uint32_t value, char buf[DIS_NAME]);
/* The names of the set bits, comma and space between; `none` if there is none. */
const char *dis_bits(const struct nametab *t, const char *none, uint32_t value, char buf[DIS_NAME]);
extern const struct nametab dis_ethertypes[];     /* names for -e and ARP */
extern const struct nametab dis_protocols[];      /* names for -v: "ICMP", "UDP" */
extern const struct nametab dis_protocol_words[]; /* without -n: "icmp", "udp" */
extern const struct nametab dis_ouis[]; /* vendors of link-layer addresses that tcpdump names */
extern const struct nametab dis_tcp_ports[], dis_udp_ports[];

/* "src > dst: " of the IP header at `ip`; the same with the ports of the transport header at `at`,
 * or the ports alone if the IP header does not say `protocol` next. */
void dis_put_hosts(struct dis *d, size_t ip, const char *after);
void dis_put_ports(struct dis *d, size_t ip, size_t at, uint8_t protocol);

/* ---- hex dumps: each line begins with "\n\t" ---- */
void dis_hex(struct dis *d, size_t at, size_t len);
void dis_hex_ascii(struct dis *d, size_t at, size_t len);
void dis_ascii(struct dis *d, size_t at, size_t len);
/* What an unknown payload gets: a hex dump, unless one is printed anyway or -q is given. */
void dis_default(struct dis *d, size_t at, size_t len);
/* A hex dump whose lines begin with `indent`, of what a printer does not know. */
void dis_unknown(struct dis *d, size_t at, size_t len, const char *indent);

/* ---- printers: `at` is where the protocol's header starts, len the bytes it has on the wire ----
 */
void print_ether(struct dis *d, size_t at, size_t len);
void print_sll(struct dis *d, size_t at, size_t len);
void print_sll2(struct dis *d, size_t at, size_t len);
/* The payload of an ethertype; false if it is not known (nothing is printed then). */
bool print_ethertype(struct dis *d, uint16_t type, size_t at, size_t len);
/* 802.2. frame: where the destination and source addresses are, if there are any (addrs). Returns
 * false if nobody knows the payload; *hdrlen: bytes of it that are header. */
bool print_llc(struct dis *d, size_t at, size_t len, size_t frame, bool addrs, size_t *hdrlen);
void print_igmp(struct dis *d, size_t at, size_t len);
void print_stp(struct dis *d, size_t at, size_t len);
void print_arp(struct dis *d, size_t at, size_t len);
void print_ip(struct dis *d, size_t at, size_t len);
void print_ip6(struct dis *d, size_t at, size_t len);
void print_icmp(struct dis *d, size_t at, size_t len, bool fragmented);
/* What may follow the packet that an ICMP error at `at` quotes; nothing is printed if there is
 * none. */
void print_icmp_extension(struct dis *d, size_t at, size_t len);
void print_icmp6(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented);
void print_udp(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented);
void print_tcp(struct dis *d, size_t at, size_t len, size_t ip, bool fragmented);
void tcp_flows_free(struct tcp_flows *f);
/* The payload of an IP protocol; version 4 or 6; ip: offset of the IP header. */
void print_ip_payload(struct dis *d, uint8_t protocol, size_t at, size_t len, unsigned version,
                      bool fragmented, size_t ip);
/* The checksum over a transport payload with the pseudo-header of the IP header at `ip`. */
uint16_t ip_pseudo_cksum(struct dis *d, size_t ip, size_t at, size_t len, size_t cover,
                         uint8_t protocol);

#endif
