/* Flow labels that sockets hold to themselves (IPV6_FLOWLABEL_MGR with IPV6_FL_S_EXCL;
 * net/ipv6/ip6_flowlabel.c). A label lives on for a while when its socket is gone. */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "inet/sock.h"
#include "sim/world.h"

#define FL_MIN_LINGER (6 * NSEC_PER_SEC)

struct flowlabel *flowlabel_new(struct sock_table *t, uint32_t label)
{
    struct flowlabel *fl = mem_alloc(sizeof(*fl));
    fl->label = label;
    list_add_tail(&fl->node, &t->flowlabels);
    return fl;
}

void flowlabel_free(struct flowlabel *fl)
{
    list_del(&fl->node);
    free(fl);
}

/* fl_lookup(), with what ip6_fl_gc() would have thrown out. */
static struct flowlabel *find(struct netns *ns, uint32_t label)
{
    struct flowlabel *found = NULL;
    list_each_safe(pos, tmp, &ns->socks->flowlabels)
    {
        struct flowlabel *fl = list_entry(pos, struct flowlabel, node);
        if (!fl->sock && fl->expires <= ns->w->now)
            flowlabel_free(fl);
        else if (fl->label == label)
            found = fl;
    }
    return found;
}

/* fl_intern(): a label of the kernel's choice. */
static uint32_t choose(struct netns *ns)
{
    uint32_t label;
    do
        label = vnet_random(ns->w) & 0xfffff;
    while (label == 0 || find(ns, label));
    return label;
}

int vnet_sock_flowlabel(struct vnet *w, vnet_sock_id id, uint32_t *label)
{
    const struct sock *sk = sock_find(w, id);
    if (!sk)
        return -EBADF;
    if (*label == 0)
        *label = choose(sk->ns);
    else if (find(sk->ns, *label))
        return -EPERM;
    flowlabel_new(sk->ns->socks, *label)->sock = id;
    vnet_touch(w);
    return 0;
}

bool sock_has_flowlabel(const struct sock *sk, uint32_t label)
{
    const struct flowlabel *fl = find(sk->ns, label);
    return fl && fl->sock == sk->id;
}

/* fl6_free_socklist() */
void sock_release_flowlabels(const struct sock *sk)
{
    list_each(pos, &sk->ns->socks->flowlabels)
    {
        struct flowlabel *fl = list_entry(pos, struct flowlabel, node);
        if (fl->sock != sk->id)
            continue;
        fl->sock = 0;
        fl->expires = sk->ns->w->now + FL_MIN_LINGER;
    }
}
