#include "cmd/ip/link_opts.h"

#include <stdio.h>

#include "base/mem.h"
#include "cmd/ip/link_kinds.h"

void ip_print_bridge_id(struct printer *p, const char *key, const char *format, uint64_t id)
{
    char text[32];
    const unsigned prio = (unsigned)(id >> 48);
    snprintf(text, sizeof(text), "%04x.%x:%x:%x:%x:%x:%x", prio, (unsigned)(id >> 40 & 0xff),
             (unsigned)(id >> 32 & 0xff), (unsigned)(id >> 24 & 0xff), (unsigned)(id >> 16 & 0xff),
             (unsigned)(id >> 8 & 0xff), (unsigned)(id & 0xff));
    print_str(p, TO_ANY, key, format, text);
}

static void print_mac(struct printer *p, const char *key, const char *format, uint64_t value)
{
    uint8_t bytes[ETH_ALEN];
    char text[LLADDR_STRLEN_MAX];
    for (unsigned i = ETH_ALEN; i-- > 0; value >>= 8)
        bytes[i] = (uint8_t)value;
    const struct lladdr addr = lladdr_eth(bytes);
    print_str(p, TO_ANY, key, format, lladdr_str(&addr, text));
}

/* _bitmask2str() with fwd_mask_tbl */
static void print_mask(struct printer *p, uint64_t mask)
{
    char text[256] = "0x0";
    size_t len = 0;
    for (unsigned i = 0; i < 16; i++) {
        const char *name = i == 0 ? "stp" : i == 2 ? "lacp" : i == 14 ? "lldp" : NULL;
        if (!(mask & 1u << i))
            continue;
        const char *comma = len ? "," : "";
        if (name)
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", comma, name);
        else
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s0x%x", comma, 1u << i);
    }
    print_0xhex(p, TO_ANY, "group_fwd_mask", "group_fwd_mask %#llx ", mask);
    print_str(p, TO_ANY, "group_fwd_mask_str", "group_fwd_mask_str %s ", text);
}

static void print_value(struct printer *p, enum opt_form form, const char *key, const char *format,
                        uint64_t value)
{
    char buf[16];
    switch (form) {
    case AS_NUMBER:
        print_uint(p, TO_ANY, key, format, value);
        break;
    case AS_HEX:
        print_0xhex(p, TO_ANY, key, format, value);
        break;
    case AS_BRIDGE_ID:
        ip_print_bridge_id(p, key, format, value);
        break;
    case AS_MAC:
        print_mac(p, key, format, value);
        break;
    case AS_VLAN_PROTO:
        print_str(p, TO_ANY, key, format, ip_vlan_proto_name((uint16_t)value, buf));
        break;
    case AS_TIMER:
        print_hundredths(p, TO_ANY, key, format, (uint32_t)value);
        break;
    case AS_PORT_STATE:
        print_str(p, TO_ANY, key, format,
                  value < VNET_BR_STATES ? vnet_br_state_names[value] : "?");
        break;
    case AS_ON_OFF:
        if (p->in_json)
            print_bool(p, key, value);
        /* fall through */
    case AS_TEXT_ON_OFF:
        print_str(p, TO_TEXT, NULL, format, value ? "on" : "off");
        break;
    case AS_FORWARD_MASK:
        print_mask(p, value);
        break;
    }
}

static void print_row(struct printer *p, const struct opt_row *r, uint64_t value)
{
    static const char *const formats[] = {
        [AS_NUMBER] = "%u",      [AS_HEX] = "%#llx",     [AS_BRIDGE_ID] = "%s",  [AS_MAC] = "%s",
        [AS_VLAN_PROTO] = "%s",  [AS_TIMER] = "%7.2f",   [AS_PORT_STATE] = "%s", [AS_ON_OFF] = "%s",
        [AS_TEXT_ON_OFF] = "%s", [AS_FORWARD_MASK] = "",
    };
    char format[64];
    snprintf(format, sizeof(format), "%s %s ", r->text, formats[r->form]);
    print_value(p, r->form, r->json ? r->json : r->text, format, value);
}

void ip_print_link_opts(struct printer *p, const char *key, const struct opt_row *rows, size_t n,
                        const struct vnet_link_opts *o)
{
    json_open_object(p, key);
    for (size_t i = 0; i < n; i++)
        if (o->given & UINT64_C(1) << rows[i].opt)
            print_row(p, &rows[i], o->v[rows[i].opt]);
    json_close_object(p);
}
