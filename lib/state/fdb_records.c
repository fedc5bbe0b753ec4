/* Entries of a bridge's forwarding table: see records.h. */
#include "base/put.h"
#include "base/scan.h"
#include "bridge/br.h"
#include "state/records.h"
#include "state/state.h"

const char *state_read_fdb_record(const char *text, const char *end, void *record)
{
    struct fdb_record *r = record;
    struct scan s = {text, end};
    struct lladdr mac;
    int64_t port = 0, vlan = 0, flags = 0;
    r->updated = r->used = 0;
    if (!SCAN(&s, "{\"mac\":\"") || !scan_lladdr(&s, &mac) || mac.len != ETH_ALEN ||
        !SCAN(&s, "\""))
        return NULL;
    if ((SCAN(&s, ",\"port\":") && (!scan_uint(&s, BR_MAX_PORTS - 1, &port) || port == 0)) ||
        (SCAN(&s, ",\"vlan\":") && !scan_uint(&s, 4094, &vlan)) ||
        (SCAN(&s, ",\"flags\":") && !scan_uint(&s, FDB_FLAGS, &flags)) ||
        (SCAN(&s, ",\"updated\":") && !scan_uint(&s, STATE_TIME_MAX, &r->updated)) ||
        (SCAN(&s, ",\"used\":") && !scan_uint(&s, STATE_TIME_MAX, &r->used)))
        return NULL;
    memcpy(r->mac, mac.bytes, ETH_ALEN);
    r->port = (uint16_t)port;
    r->vlan = (uint16_t)vlan;
    r->flags = (uint8_t)flags;
    return SCAN(&s, "}") ? s.p : NULL;
}

void state_put_fdb_record(struct json_out *o, const struct fdb_record *r)
{
    enum { MOST = 256 }; /* 6 keys, 5 numbers, an address */
    char *p = PUT(json_put_text(o, NULL, MOST), "{\"mac\":\"");
    p = PUT(put_lladdr(p, r->mac, ETH_ALEN), "\"");
    if (r->port)
        p = put_uint(PUT(p, ",\"port\":"), r->port);
    if (r->vlan)
        p = put_uint(PUT(p, ",\"vlan\":"), r->vlan);
    if (r->flags)
        p = put_uint(PUT(p, ",\"flags\":"), r->flags);
    if (r->updated)
        p = put_int(PUT(p, ",\"updated\":"), r->updated);
    if (r->used)
        p = put_int(PUT(p, ",\"used\":"), r->used);
    json_put_text_end(o, PUT(p, "}"));
}
