#include "cmd/replay/reason.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MOST_REASONS = 24, MOST_TOLD = 4 };

static bool known(const struct reasons *r, const char *line)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->line[i], line) == 0)
            return true;
    return false;
}

static void note(struct reasons *r, const struct vnet_trace_event *ev)
{
    struct strbuf line = STRBUF_INIT;
    if (ev->dev)
        strbuf_addf(&line, "%s: ", ev->dev);
    strbuf_addf(&line, "%s() %s: %s", ev->func,
                ev->verdict == VNET_TRACE_DROPPED ? "dropped a packet" : "ignored a packet",
                ev->detail);
    if (ev->reason && ev->reason->name && ev->reason->since <= r->kernel)
        strbuf_addf(&line, " (%s)", ev->reason->name);
    if (known(r, strbuf_cstr(&line))) {
        strbuf_release(&line);
        return;
    }
    ARRAY_GROW(r->line, r->n, r->cap);
    r->line[r->n++] = strbuf_detach(&line);
}

/* IPv6's own start-up traffic is nobody's question here. */
static bool is_background(const struct vnet_trace_event *ev)
{
    return strcmp(ev->what, "mld") == 0 || strcmp(ev->what, "nd") == 0 ||
           strcmp(ev->func, "igmp_rcv") == 0 || strcmp(ev->func, "ip6_mc_input") == 0;
}

static void listen(const struct vnet_trace_event *ev, void *arg)
{
    struct reasons *r = arg;
    r->work++;
    if (r->enough(r->arg))
        *r->stop = SIGINT;
    bool lost = ev->verdict == VNET_TRACE_IGNORED || ev->verdict == VNET_TRACE_DROPPED;
    if (lost && r->n < MOST_REASONS && !is_background(ev))
        note(r, ev);
}

void reasons_listen(struct reasons *r, struct vnet *w)
{
    r->kernel = vnet_world_profile(w)->kernel.version;
    vnet_trace_listen(w, listen, r);
}

void reasons_forget(struct reasons *r)
{
    for (size_t i = 0; i < r->n; i++)
        free(r->line[i]);
    free(r->line);
    r->line = NULL;
    r->n = r->cap = 0;
}

void reasons_tell(const struct reasons *r, struct strbuf *out)
{
    for (size_t i = 0; i < r->n && i < MOST_TOLD; i++)
        strbuf_addf(out, "%s\n", r->line[i]);
}
