#include "cmd/teach/witness.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vnet_link.h"
#include "vnet_netns.h"
#include "vnet_proc.h"

/* ---- reading ---- */

static void read_proc(struct nstat_list *l, struct netns *ns)
{
    static const char *const tables[] = {"snmp", "netstat"};
    struct strbuf text = STRBUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        strbuf_reset(&text);
        if (vnet_proc_net(ns, tables[i], &text) == 0)
            nstat_parse_tables(l, strbuf_cstr(&text));
    }
    strbuf_reset(&text);
    if (vnet_proc_net(ns, "snmp6", &text) == 0) {
        char source[16];
        nstat_parse_lines(l, strbuf_cstr(&text), source, sizeof(source));
    }
    strbuf_release(&text);
}

/* What `ip -s -s link` has of losses. */
static void read_link(struct nstat_list *l, const struct vnet_link_info *info)
{
    const struct vnet_link_stats *s = &info->stats;
    const struct {
        const char *what;
        uint64_t value;
    } rows[] = {
        {"RX errors", s->rx_errors},          {"RX dropped", s->rx_dropped},
        {"TX errors", s->tx_errors},          {"TX dropped", s->tx_dropped},
        {"TX carrier", s->tx_carrier_errors}, {"RX otherhost", s->rx_otherhost_dropped},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf name = STRBUF_INIT;
        strbuf_addf(&name, "%s %s", info->name, rows[i].what);
        nstat_add(l, name.data, rows[i].value);
        strbuf_release(&name);
    }
}

static void read_place(struct witness *w, struct netns *ns)
{
    ARRAY_GROW(w->v, w->n, w->cap);
    struct witness_place *p = &w->v[w->n++];
    *p = (struct witness_place){.id = vnet_netns_id(ns)};
    read_proc(&p->counters, ns);
    struct vnet_link_info info;
    for (int i = 0; (i = vnet_link_next(ns, i));)
        if (vnet_link_get(ns, i, &info) == 0)
            read_link(&p->counters, &info);
}

void witness_read(struct witness *w, struct vnet *world)
{
    *w = (struct witness){0};
    read_place(w, vnet_init_ns(world));
    for (struct netns *ns = NULL; (ns = vnet_netns_next(world, ns));)
        read_place(w, ns);
}

void witness_release(struct witness *w)
{
    for (size_t i = 0; i < w->n; i++)
        nstat_release(&w->v[i].counters);
    free(w->v);
    *w = (struct witness){0};
}

/* ---- telling ---- */

/* Counters of what goes well, too. */
static bool is_ordinary(const char *name)
{
    static const char *const parts[] = {
        "InReceives", "InDelivers", "OutRequests",    "OutTransmits", "Octets",    "castPkts",
        "ECTPkts",    "ECT0Pkts",   "ECT1Pkts",       "CEPkts",       "InMsgs",    "OutMsgs",
        "Echo",       "Type",       "ForwDatagrams",  "ReasmReqds",   "ReasmOKs",  "FragCreates",
        "FragOKs",    "Solicits",   "Advertisements", "MLDv2",        "GroupMemb", NULL};
    for (size_t i = 0; parts[i]; i++)
        if (strstr(name, parts[i]))
            return true;
    return false;
}

static uint64_t value_in(const struct nstat_list *l, size_t hint, const char *name)
{
    if (hint < l->n && strcmp(l->v[hint].name, name) == 0)
        return l->v[hint].value;
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->v[i].name, name) == 0)
            return l->v[i].value;
    return 0;
}

static unsigned tell_place(const struct nstat_list *before, const struct nstat_list *after,
                           const char *netns, struct strbuf *out)
{
    unsigned told = 0;
    for (size_t i = 0; i < after->n; i++) {
        const struct vnet_nstat_entry *e = &after->v[i];
        uint64_t was = value_in(before, i, e->name);
        if (e->value <= was || is_ordinary(e->name))
            continue;
        strbuf_addf(out, "%s%s%s%s +%" PRIu64, out->len ? ", " : "", netns, *netns ? ": " : "",
                    e->name, e->value - was);
        told++;
    }
    return told;
}

unsigned witness_tell(const struct witness *before, struct vnet *world, struct strbuf *out)
{
    static const struct nstat_list none = {NULL, 0, 0};
    struct witness after;
    unsigned told = 0;
    witness_read(&after, world);
    for (size_t i = 0; i < after.n; i++) {
        const struct nstat_list *was = &none;
        for (size_t j = 0; j < before->n; j++)
            if (before->v[j].id == after.v[i].id)
                was = &before->v[j].counters;
        const struct netns *ns = vnet_netns_by_id(world, after.v[i].id);
        told += tell_place(was, &after.v[i].counters, ns ? vnet_netns_name(ns) : "", out);
    }
    witness_release(&after);
    return told;
}
