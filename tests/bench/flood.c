/* A flood of echo round trips over the veth pair, in virtual time, the recorder on: flood [COUNT]
 *
 * The world is the veth tutorial's with accept_local set; the socket is bound to veth0, so that the
 * requests go through the pair and the replies come back by lo. Prints the time taken, the peak
 * resident memory and what was counted; exit 1 unless every reply was received, intact, and the
 * memory stayed below MOST_KIB. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/bytes.h"
#include "vnet.h"
#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_sock.h"
#include "vnet_sysctl.h"
#include "wire/cksum.h"

enum { ICMP_LEN = 64, IP_HDR = 20, MOST_KIB = 10000 };

static void must(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "flood: %s: error %d\n", what, -rc);
    exit(2);
}

static void make_pair(struct netns *ns)
{
    static const struct vnet_link_req peer = {.ifname = "veth1"};
    struct vnet_link_req veth = {.ifname = "veth0", .kind = "veth", .peer = &peer};
    must(vnet_link_add(ns, &veth, NULL), "link add");
    static const char *const names[] = {"lo", "veth0", "veth1"};
    static const uint32_t addrs[] = {0, 0xc0a8020b, 0xc0a8020c};
    for (int i = 0; i < 3; i++) {
        struct vnet_link_req up = {.flags = VNET_IFF_UP, .change = VNET_IFF_UP};
        snprintf(up.ifname, sizeof(up.ifname), "%s", names[i]);
        must(vnet_link_set(ns, &up, NULL), "link set up");
        if (!addrs[i])
            continue;
        struct inet_addr a = inet_addr_v4(addrs[i]);
        struct vnet_addr_req req = {.ifindex = vnet_link_index(ns, names[i]),
                                    .family = VNET_AF_INET,
                                    .prefixlen = 24,
                                    .local = a,
                                    .address = a};
        must(vnet_addr_add(ns, &req, NULL), "addr add");
    }
    must(vnet_sysctl_set(ns, "net/ipv4/conf/all/accept_local", "1", NULL), "accept_local");
}

static void make_request(uint8_t p[ICMP_LEN], uint32_t n)
{
    put_be16(p + 2, 0);
    put_be16(p + 6, (uint16_t)n);
    put_be32(p + 8, n);
    put_be16(p + 2, cksum(p, ICMP_LEN));
}

/* A reply to request n, its checksums good. */
static bool intact(const uint8_t *p, long len, uint32_t n)
{
    return len == IP_HDR + ICMP_LEN && cksum(p, IP_HDR) == 0 && cksum(p + IP_HDR, ICMP_LEN) == 0 &&
           p[IP_HDR] == 0 && get_be32(p + IP_HDR + 8) == n;
}

static uint32_t run(struct vnet *w, vnet_sock_id sock, uint32_t count)
{
    uint8_t request[ICMP_LEN] = {8, 0, 0, 0, 0x12, 0x34}, reply[2048];
    const struct inet_addr dst = inet_addr_v4(0xc0a8020c);
    uint32_t received = 0;
    for (uint32_t n = 0; n < count; n++) {
        struct vnet_msg msg;
        make_request(request, n);
        must(vnet_sendto(w, sock, request, ICMP_LEN, &dst), "sendto");
        vnet_sock_wait(w, sock, INT64_MAX, NULL);
        received += intact(reply, vnet_recvmsg(w, sock, reply, sizeof(reply), 0, &msg), n);
    }
    return received;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
    struct vnet *w = vnet_new(vnet_profile_find("linux6.18"), 1, 1700000000LL * NSEC_PER_SEC);
    struct netns *ns = vnet_init_ns(w);
    vnet_sock_id sock;
    make_pair(ns);
    vnet_run_until(w, vnet_now(w) + 20 * NSEC_PER_SEC); /* IPv6 settles */
    must(vnet_socket(ns, VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, &sock), "socket");
    must(vnet_sock_setopt(w, sock, VNET_ICMP_FILTER, (int64_t)~1U), "filter");
    must(vnet_sock_bind_device(w, sock, "veth0"), "bind to veth0");
    double start = seconds();
    uint32_t received = run(w, sock, count);
    double took = seconds() - start;
    struct vnet_link_info v0, v1;
    vnet_link_get(ns, vnet_link_index(ns, "veth0"), &v0);
    vnet_link_get(ns, vnet_link_index(ns, "veth1"), &v1);
    struct rusage ru;
    getrusage(RUSAGE_SELF, &ru);
    printf("%u of %u round trips in %.3f s, %.0f ns each; veth0 sent %llu, veth1 received %llu; "
           "peak %ld KiB: %s\n",
           received, count, took, took * 1e9 / (count ? count : 1),
           (unsigned long long)v0.stats.tx_packets, (unsigned long long)v1.stats.rx_packets,
           ru.ru_maxrss, ru.ru_maxrss < MOST_KIB ? "holds" : "TOO MUCH");
    vnet_free(w);
    bool all = received == count && v0.stats.tx_packets >= count;
    return all && ru.ru_maxrss < MOST_KIB ? 0 : 1;
}
