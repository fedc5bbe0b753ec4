/* Routes, rules, neighbours: as they are listed, compared with what is there. */
#include <string.h>

#include "base/mem.h"
#include "cmd/export/parts.h"
#include "cmd/import/apply.h"
#include "cmd/import/world_ip.h"

static const uint8_t families[] = {VNET_AF_INET, VNET_AF_INET6};

/* What of a listing could not be read has no words. */
static void note_all(struct exporter *e, const struct listing *l)
{
    for (size_t i = 0; i < l->nnotes; i++)
        export_note(e, "%s", l->notes[i].text);
}

static void remove_others(struct exporter *e, uint8_t family, const char *verb,
                          const struct listed_list *have, const struct listed_list *want)
{
    for (size_t i = 0; i < have->n; i++)
        if (!listed_list_has(want, &have->v[i]))
            export_ip(e, family, "%s %s", verb, have->v[i].text);
}

static void add_missing_routes(struct exporter *e, uint8_t family, const struct listed_list *have,
                               const struct listed_list *want, bool gateways)
{
    for (size_t i = 0; i < want->n; i++) {
        const struct listed_words *r = &want->v[i];
        if (listed_route_by_gateway(r) == gateways && !listed_list_has(have, r))
            export_ip(e, family, "route %s %s%s", family == VNET_AF_INET ? "append" : "prepend",
                      r->text, listed_route_unsaid(r));
    }
}

void export_routes(struct exporter *e)
{
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        struct listing want = {0}, have = {0};
        world_routes(e->w, e->ns, families[i], &want);
        world_routes(e->scratch, e->sns, families[i], &have);
        note_all(e, &want);
        remove_others(e, families[i], "route del", &have.routes, &want.routes);
        add_missing_routes(e, families[i], &have.routes, &want.routes, false);
        add_missing_routes(e, families[i], &have.routes, &want.routes, true);
        listing_release(&want);
        listing_release(&have);
    }
}

void export_rules(struct exporter *e)
{
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        struct listing want = {0}, have = {0};
        world_rules(e->w, e->ns, families[i], &want);
        world_rules(e->scratch, e->sns, families[i], &have);
        note_all(e, &want);
        remove_others(e, families[i], "rule del", &have.rules, &want.rules);
        for (size_t k = 0; k < want.rules.n; k++)
            if (!listed_list_has(&have.rules, &want.rules.v[k]))
                export_ip(e, families[i], "rule add %s", want.rules.v[k].text);
        listing_release(&want);
        listing_release(&have);
    }
}

/* Entries that are being asked for come by themselves; those being checked were STALE before. */
static void export_neigh(struct exporter *e, const struct listed_words *n)
{
    static const char *const passing[] = {"nud incomplete", "nud failed", "nud none"};
    static const char *const checked[] = {" nud delay", " nud probe"};
    for (size_t i = 0; i < ARRAY_LEN(passing); i++)
        if (strstr(n->text, passing[i]))
            return;
    for (size_t i = 0; i < ARRAY_LEN(checked); i++) {
        const char *s = strstr(n->text, checked[i]);
        if (s) {
            export_ip(e, VNET_AF_UNSPEC, "neigh replace %.*s nud stale", (int)(s - n->text),
                      n->text);
            return;
        }
    }
    export_ip(e, VNET_AF_UNSPEC, "neigh replace %s", n->text);
}

void export_neighs(struct exporter *e)
{
    struct listing want = {0}, have = {0};
    world_neighs(e->w, e->ns, &want);
    world_neighs(e->scratch, e->sns, &have);
    note_all(e, &want);
    for (size_t i = 0; i < want.neighs.n; i++)
        if (!listed_list_has(&have.neighs, &want.neighs.v[i]))
            export_neigh(e, &want.neighs.v[i]);
    listing_release(&want);
    listing_release(&have);
}
