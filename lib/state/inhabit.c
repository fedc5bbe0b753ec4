/* Who lives in a namespace: processes that would be in it on a kernel keep it, nameless or not. */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "dev/netns.h"
#include "state/session.h"
#include "vnet_netns.h"

static struct session_home *home_of(const struct vnet_session *s, uint32_t netns)
{
    for (uint32_t i = 0; i < s->nhomes; i++)
        if (s->homes[i].netns == netns)
            return &s->homes[i];
    return NULL;
}

/* The first free byte of the namespace; 0: all are held, or it is too far out. */
static int64_t hold(struct vnet_session *s, uint32_t netns)
{
    if (session_in_memory(s) || netns > STATE_LOCK_NETNS_MAX)
        return 0;
    int64_t byte = state_lock_home(netns);
    for (int64_t end = byte + STATE_LOCK_SLOTS; byte < end; byte++) {
        if (state_file_owned_by_other(&s->file, byte))
            continue;
        state_file_own(&s->file, byte, true);
        return byte;
    }
    return 0;
}

void vnet_session_enter(struct vnet_session *s, uint32_t netns)
{
    struct session_home *home = home_of(s, netns);
    if (home) {
        home->count++;
        return;
    }
    ARRAY_GROW(s->homes, s->nhomes, s->homes_cap);
    s->homes[s->nhomes++] = (struct session_home){netns, 1, hold(s, netns)};
}

void vnet_session_leave(struct vnet_session *s, uint32_t netns)
{
    struct session_home *home = home_of(s, netns);
    if (!home || --home->count > 0)
        return;
    if (home->byte)
        state_file_own(&s->file, home->byte, false);
    *home = s->homes[--s->nhomes];
}

bool vnet_session_inhabited(uint32_t netns, void *session)
{
    struct vnet_session *s = session;
    int64_t byte, from = state_lock_home(netns);
    if (home_of(s, netns))
        return true;
    if (session_in_memory(s) || netns > STATE_LOCK_NETNS_MAX)
        return false;
    return state_file_find_owned(&s->file, from, from + STATE_LOCK_SLOTS, &byte) > 0;
}

size_t vnet_session_inhabitants(struct vnet_session *s, uint32_t netns, int64_t *pids, size_t most)
{
    int64_t from = state_lock_home(netns);
    size_t n = 0;
    if (home_of(s, netns) && n < most)
        pids[n++] = getpid();
    if (session_in_memory(s) || netns > STATE_LOCK_NETNS_MAX)
        return n;
    for (int64_t byte = from; byte < from + STATE_LOCK_SLOTS && n < most; byte++) {
        int64_t pid = state_file_owner(&s->file, byte);
        if (pid)
            pids[n++] = pid;
    }
    return n;
}

uint32_t vnet_session_home(struct vnet_session *s, int64_t pid)
{
    int64_t pids[STATE_LOCK_SLOTS];
    netns_each(s->w, ns)
    {
        size_t n = vnet_session_inhabitants(s, ns->id, pids, STATE_LOCK_SLOTS);
        for (size_t i = 0; i < n; i++)
            if (pids[i] == pid)
                return ns->id;
    }
    return 0;
}

void vnet_session_keep(struct vnet_session *s)
{
    if (!session_in_memory(s))
        state_file_keep(&s->file);
}

void session_collect_netns(struct vnet_session *s)
{
    vnet_netns_collect(s->w, vnet_session_inhabited, s);
}
