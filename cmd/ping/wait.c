#include "cmd/ping/state.h"
#include "cmd/sockwait.h"

int64_t ping_now(const struct ping *p)
{
    return vnet_now(p->w);
}

int ping_wait(struct ping *p, int64_t until)
{
    struct sock_wait s = {.env = p->env, .w = p->w, .ns = p->ns, .sock = p->sock};
    bool alarm = p->alarm && p->alarm <= until;
    int readable = sock_wait(&s, alarm ? p->alarm : until);
    p->w = s.w;
    p->ns = s.ns;
    if (readable < 0)
        p->killed = s.signal != SIGINT;
    else if (readable || !alarm)
        return readable;
    p->exiting = true;
    return -1;
}
