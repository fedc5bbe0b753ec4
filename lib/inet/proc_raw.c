/* /proc/net/raw, raw6: raw sockets (raw_seq_show(), net/ipv4/raw.c; __ip6_dgram_sock_seq_show(),
 * net/ipv6/datagram.c). Inode and bucket are the socket's number here, and the pointer is not told.
 */
#include "base/bytes.h"
#include "inet/proc_net.h"
#include "inet/sock.h"

enum { TCP_ESTABLISHED = 1, TCP_CLOSE = 7, RAW_BUCKETS = 256 };

/* Each word as a little-endian machine has it. */
static void put_address(const struct inet_addr *a, uint8_t family, struct strbuf *out)
{
    unsigned n = family == VNET_AF_INET6 ? 16 : 4;
    for (unsigned i = 0; i < n; i++)
        strbuf_addf(out, "%02X", a->family ? a->bytes[i / 4 * 4 + 3 - i % 4] : 0U);
}

static void put_socket(const struct sock *sk, struct strbuf *out)
{
    bool v6 = sk->family == VNET_AF_INET6;
    unsigned state =
        sk->daddr.family && !inet_addr_is_any(&sk->daddr) ? TCP_ESTABLISHED : TCP_CLOSE;
    strbuf_addf(out, v6 ? "%5u: " : "%4u: ", sk->id % RAW_BUCKETS);
    put_address(&sk->rcv_saddr, sk->family, out);
    strbuf_addf(out, ":%04X ", (unsigned)sk->protocol);
    put_address(&sk->daddr, sk->family, out);
    strbuf_addf(out, ":0000 %02X %08X:%08X 00:00000000 00000000 %5u %8d %u 2 %016x %llu\n", state,
                sock_wmem(sk), sk->rmem_alloc, 0U, 0, sk->id, 0U, (unsigned long long)sk->drops);
}

static void put_sockets(struct netns *ns, uint8_t family, struct strbuf *out)
{
    list_each(pos, &ns->socks->socks)
    {
        const struct sock *sk = list_entry(pos, struct sock, node);
        if (sk->family == family && sk->type == VNET_SOCK_RAW)
            put_socket(sk, out);
    }
}

void proc_raw(struct netns *ns, struct strbuf *out)
{
    strbuf_adds(out, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt"
                     "   uid  timeout inode ref pointer drops\n");
    put_sockets(ns, VNET_AF_INET, out);
}

void proc_raw6(struct netns *ns, struct strbuf *out)
{
    strbuf_adds(out, "  sl  local_address                         remote_address                   "
                     "     st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref "
                     "pointer drops\n");
    put_sockets(ns, VNET_AF_INET6, out);
}
