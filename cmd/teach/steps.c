#include "cmd/teach/steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same(const struct step *s, const struct vnet_trace_event *ev)
{
    return s->verdict == ev->verdict && strcmp(s->func, ev->func) == 0 &&
           same_text(s->dev, ev->dev) && strcmp(s->netns, ev->netns) == 0 &&
           strcmp(s->detail, ev->detail) == 0;
}

/* That a sysctl was read belongs to the step that comes of it. */
static void note_sysctl(struct steps *s, const struct vnet_trace_event *ev)
{
    if (!s->reader || strcmp(s->reader, ev->netns) != 0) {
        strbuf_reset(&s->sysctls);
        free(s->reader);
        s->reader = mem_strdup(ev->netns);
    }
    if (s->sysctls.len && strstr(s->sysctls.data, ev->detail))
        return;
    strbuf_addf(&s->sysctls, "%s\n", ev->detail);
}

/* A step on the way to the decision. */
static bool is_rule(const struct vnet_trace_event *ev)
{
    return strcmp(ev->what, "rule") == 0;
}

static char *sysctls_of(const struct steps *s, const struct vnet_trace_event *ev)
{
    bool own = !is_rule(ev) && s->sysctls.len && s->reader && strcmp(s->reader, ev->netns) == 0;
    return own ? mem_strdup(s->sysctls.data) : NULL;
}

static void add(struct steps *s, const struct vnet_trace_event *ev)
{
    const struct vnet_drop_reason *r = ev->reason && ev->reason->name ? ev->reason : NULL;
    ARRAY_GROW(s->v, s->n, s->cap);
    s->v[s->n++] = (struct step){
        .netns = mem_strdup(ev->netns),
        .dev = mem_strdup(ev->dev),
        .func = mem_strdup(ev->func),
        .what = mem_strdup(ev->what),
        .detail = mem_strdup(ev->detail),
        .verdict = ev->verdict,
        .sysctls = sysctls_of(s, ev),
        .reason = r && r->since <= s->kernel ? r->name : NULL,
        .later = r && r->since > s->kernel ? r->name : NULL,
        .time = ev->time,
        .times = 1,
    };
}

static bool is_passed_hook(const char *what, enum vnet_verdict verdict)
{
    return verdict == VNET_TRACE_OK && strcmp(what, "netfilter") == 0;
}

static bool is_loss(enum vnet_verdict v)
{
    return v == VNET_TRACE_DROPPED || v == VNET_TRACE_IGNORED || v == VNET_TRACE_REFUSED;
}

static void take_step(struct steps *s, const struct vnet_trace_event *ev)
{
    if (!s->hooks && is_passed_hook(ev->what, ev->verdict))
        return;
    if (++s->events > s->most_events && s->stop) {
        *s->stop = SIGINT;
        if (s->give_up)
            s->give_up(s->arg);
        if (!is_loss(ev->verdict))
            return; /* until it stops, it goes on as before */
    }
    for (size_t i = 0; i < s->n; i++) {
        if (same(&s->v[i], ev)) {
            s->v[i].times++;
            return;
        }
    }
    if (s->n < STEPS_MAX)
        add(s, ev);
}

static void listen(const struct vnet_trace_event *ev, void *arg)
{
    struct steps *s = arg;
    if (strcmp(ev->what, "sysctl") == 0) {
        note_sysctl(s, ev);
        return;
    }
    take_step(s, ev);
    if (!is_rule(ev))
        strbuf_reset(&s->sysctls);
}

void steps_listen(struct steps *s, struct vnet *w, uint64_t most_events,
                  volatile sig_atomic_t *stop)
{
    const struct steps before = *s;
    steps_release(s);
    *s = (struct steps){
        .kernel = vnet_world_profile(w)->kernel.version,
        .hooks = before.hooks,
        .give_up = before.give_up,
        .arg = before.arg,
        .most_events = most_events,
        .stop = stop,
        .sysctls = STRBUF_INIT,
    };
    vnet_trace_listen(w, listen, s);
}

void steps_release(struct steps *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->v[i].netns);
        free(s->v[i].dev);
        free(s->v[i].func);
        free(s->v[i].what);
        free(s->v[i].detail);
        free(s->v[i].sysctls);
    }
    free(s->v);
    free(s->reader);
    strbuf_release(&s->sysctls);
    *s = (struct steps){0};
}

bool step_is_loss(const struct step *s)
{
    return is_loss(s->verdict);
}

bool step_is_background(const struct step *s)
{
    static const char to_routers[] = "ff02::2 from ";
    return is_passed_hook(s->what, s->verdict) || strcmp(s->what, "mld") == 0 ||
           strncmp(s->detail, to_routers, sizeof(to_routers) - 1) == 0 ||
           strcmp(s->func, "igmp_rcv") == 0 || strcmp(s->func, "ip6_mc_input") == 0 ||
           strcmp(s->func, "ndisc_send_rs") == 0;
}

void step_put_place(struct strbuf *sb, const struct step *s)
{
    if (*s->netns)
        strbuf_addf(sb, "%s/", s->netns);
    strbuf_addf(sb, "%s", s->dev ? s->dev : "-");
}

static const char *verb(enum vnet_verdict v)
{
    return v == VNET_TRACE_DROPPED ? "drops" : v == VNET_TRACE_REFUSED ? "refuses" : "ignores";
}

void step_put_loss(struct strbuf *sb, const struct step *s)
{
    step_put_place(sb, s);
    strbuf_addf(sb, ": %s() %s: %s", s->func, verb(s->verdict), s->detail);
}

void step_put_reason(struct strbuf *sb, const struct step *s)
{
    if (s->reason)
        strbuf_addf(sb, " (SKB_DROP_REASON_%s)", s->reason);
    else if (s->later)
        strbuf_addf(sb, " (later kernels call this SKB_DROP_REASON_%s)", s->later);
}
