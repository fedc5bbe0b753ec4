/* `ip address flush` (ipaddr_flush() of iproute2 6.1.0). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/addr_list.h"

struct victims {
    struct ip *ip;
    const struct addr_filter *f;
    struct vnet_addr_info *v; /* owned */
    size_t n, cap;
};

static int collect(const struct vnet_addr_info *addr, void *arg)
{
    struct victims *vs = arg;
    if (!ip_addr_passes(vs->ip->ns, vs->f, addr))
        return 0;
    ARRAY_GROW(vs->v, vs->n, vs->cap);
    vs->v[vs->n++] = *addr;
    if (vs->ip->opt.stats > 1)
        ip_print_addr(vs->ip, addr, true);
    return 0;
}

/* The kernel may have taken an address along with its primary: that one is gone already. */
static int delete_address(struct ip *ip, const struct vnet_addr_info *addr)
{
    struct vnet_err err = {""};
    struct vnet_addr_req req = {
        .ifindex = addr->ifindex,
        .family = addr->family,
        .prefixlen = addr->prefixlen,
        .local = addr->local,
        .address = addr->address,
        .flags = addr->flags,
    };
    memcpy(req.label, addr->label, sizeof(req.label));
    int rc = vnet_addr_del(ip->ns, &req, &err);
    if (rc >= 0 || rc == -EADDRNOTAVAIL)
        return ARG_OK;
    ip_answer(ip, rc, &err);
    sink_printf(ip->err, "Failed to send flush request: %s\n", cmd_strerror(-rc));
    return ARG_FAILED;
}

static void report_end(struct ip *ip, int round)
{
    if (!ip->opt.stats)
        return;
    if (round == 0)
        print_text(&ip->out, "Nothing to flush.\n");
    else
        sink_printf(ip->out.out, "*** Flush is complete after %d round%s ***\n", round,
                    round > 1 ? "s" : "");
}

/* One round: how many were found; *status is set if it failed. */
static size_t flush_round(struct ip *ip, const struct addr_filter *f, int *status)
{
    struct victims vs = {.ip = ip, .f = f};
    vnet_addr_dump(ip->ns, f->family, f->ifindex, collect, &vs);
    for (size_t i = 0; i < vs.n && !*status; i++)
        *status = delete_address(ip, &vs.v[i]);
    free(vs.v);
    return vs.n;
}

static int flush(struct ip *ip, const struct addr_filter *f)
{
    /* Primaries only: one round, lest the secondaries that were promoted go too. */
    bool primaries = !(f->flags & VNET_IFA_F_SECONDARY) && (f->flagmask & VNET_IFA_F_SECONDARY);
    int max = ip->opt.max_flush_loops;
    for (int round = 0; max == 0 || round < max; round++) {
        int status = ARG_OK;
        size_t n = flush_round(ip, f, &status);
        if (status)
            return status;
        if (n == 0) {
            report_end(ip, round);
            return ARG_OK;
        }
        if (ip->opt.stats)
            sink_printf(ip->out.out, "\n*** Round %d, deleting %zu addresses ***\n", round + 1, n);
        if (primaries) {
            report_end(ip, round + 1);
            return ARG_OK;
        }
    }
    sink_printf(ip->err, "*** Flush remains incomplete after %d rounds. ***\n", max);
    return ARG_FAILED;
}

int ip_flush_addrs(struct ip *ip, struct args *a)
{
    struct addr_filter f = {.family = ip->opt.family, .group = -1};
    if (a->n <= 0) {
        sink_puts(ip->err, "Flush requires arguments.\n");
        return ARG_FAILED;
    }
    if (f.family == VNET_AF_PACKET) {
        sink_puts(ip->err, "Cannot flush link addresses.\n");
        return ARG_FAILED;
    }
    int status = ip_read_selectors(ip, a, &f, false);
    return status ? status : flush(ip, &f);
}
