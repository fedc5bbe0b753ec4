/* `type vlan` of `ip link` (iplink_vlan.c of iproute2 6.1.0). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/nametab.h"
#include "cmd/ip/help.h"
#include "cmd/ip/link_kinds.h"

/* ---- protocols (lib/ll_proto.c) ---- */

static const struct {
    const char *name;
    uint16_t proto;
} protocols[] = {
    {"loop", 0x0060},    {"pup", 0x0200},  {"pupat", 0x0201},    {"ip", 0x0800},
    {"x25", 0x0805},     {"arp", 0x0806},  {"bpq", 0x08ff},      {"802.1Q", 0x8100},
    {"802.1ad", 0x88a8}, {"ipv6", 0x86dd}, {"aarp", 0x80f3},     {"ipx", 0x8137},
    {"all", 0x0003},     {"LLDP", 0x88cc}, {"ppp_disc", 0x8863}, {"ppp_ses", 0x8864},
};

bool ip_vlan_proto_value(const char *word, uint16_t *proto)
{
    for (size_t i = 0; i < ARRAY_LEN(protocols); i++) {
        if (strcasecmp(protocols[i].name, word) == 0) {
            *proto = protocols[i].proto;
            return true;
        }
    }
    return arg_u16(word, 0, proto);
}

const char *ip_vlan_proto_name(uint16_t proto, char buf[16])
{
    for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
        if (protocols[i].proto == proto)
            return protocols[i].name;
    snprintf(buf, 16, "[%d]", proto);
    return buf;
}

/* ---- words ---- */

static int take_id(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_vlan_req *v = &((struct kind_words *)into)->vlan;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    v->has_id = true;
    return arg_u16(a->v[0], 0, &v->id) ? ARG_OK : arg_invalid(a, "id is invalid", a->v[0]);
}

static int take_protocol(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_vlan_req *v = &((struct kind_words *)into)->vlan;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    v->has_proto = true;
    return ip_vlan_proto_value(a->v[0], &v->proto) ? ARG_OK
                                                   : arg_invalid(a, "protocol is invalid", a->v[0]);
}

/* What is not emulated is the state that is not the default. */
static int take_flag(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_vlan_req *v = &((struct kind_words *)into)->vlan;
    int status = arg_next(a);
    if (status)
        return status;
    bool on = strcmp(a->v[0], "on") == 0;
    if (!on && strcmp(a->v[0], "off") != 0)
        return arg_on_off(a, kw->name, a->v[0]);
    bool emulated =
        kw->value == VNET_VLAN_LOOSE_BINDING || on == (kw->value == VNET_VLAN_REORDER_HDR);
    if (!emulated)
        return arg_unsupported(a, "vlan flag", kw->name);
    v->mask |= kw->value;
    v->flags = on ? v->flags | kw->value : v->flags & ~kw->value;
    return ARG_OK;
}

static bool read_mapping(const char *word, struct vnet_vlan_map *map)
{
    char from[16];
    const char *colon = strchr(word, ':');
    if (!colon || (size_t)(colon - word) >= sizeof(from))
        return false;
    memcpy(from, word, (size_t)(colon - word));
    from[colon - word] = '\0';
    return arg_u32(from, 0, &map->from) && arg_u32(colon + 1, 0, &map->to);
}

/* parse_mapping(): all words that have a colon. */
static int take_map(struct args *a, void *into, const struct keyword *kw)
{
    struct vnet_vlan_req *v = &((struct kind_words *)into)->vlan;
    struct vnet_vlan_map *maps = kw->value ? v->egress : v->ingress;
    uint32_t *n = kw->value ? &v->negress : &v->ningress;
    int status = arg_next(a);
    if (status)
        return status;
    if (!strchr(a->v[0], ':')) { /* no mapping: the word is the next keyword */
        a->v--;
        a->n++;
        return ARG_OK;
    }
    for (;;) {
        if (*n == VNET_VLAN_MAPS)
            return arg_unsupported(a, "vlan", "that many priorities");
        if (!read_mapping(a->v[0], &maps[*n]))
            return arg_invalid(a, kw->why, a->v[0]);
        ++*n;
        if (a->n < 2 || !strchr(a->v[1], ':'))
            return ARG_OK;
        arg_advance(a);
    }
}

static int take_other(struct args *a, void *into)
{
    (void)into;
    if (!arg_matches(a->v[0], "help"))
        sink_printf(a->err, "vlan: unknown command \"%s\"?\n", a->v[0]);
    sink_puts(a->err, ip_kind_text("vlan"));
    return ARG_FAILED;
}

static const struct keyword words[] = {
    {"protocol", true, take_protocol, 0, NULL},
    {"id", true, take_id, 0, NULL},
    {"reorder_hdr", true, take_flag, VNET_VLAN_REORDER_HDR, NULL},
    {"gvrp", true, take_flag, VNET_VLAN_GVRP, NULL},
    {"mvrp", true, take_flag, VNET_VLAN_MVRP, NULL},
    {"loose_binding", true, take_flag, VNET_VLAN_LOOSE_BINDING, NULL},
    {"bridge_binding", true, take_flag, VNET_VLAN_BRIDGE_BINDING, NULL},
    {"ingress-qos-map", true, take_map, 0, "invalid ingress-qos-map"},
    {"egress-qos-map", true, take_map, 1, "invalid egress-qos-map"},
    {NULL, false, NULL, 0, NULL},
};

int ip_read_vlan_words(struct kind_words *k, struct args *a)
{
    return args_read(a, words, k, take_other);
}

/* ---- printing ---- */

static const struct nametab flag_names[] = {
    {"REORDER_HDR", VNET_VLAN_REORDER_HDR},
    {"GVRP", VNET_VLAN_GVRP},
    {"MVRP", VNET_VLAN_MVRP},
    {"LOOSE_BINDING", VNET_VLAN_LOOSE_BINDING},
    {"BRIDGE_BINDING", VNET_VLAN_BRIDGE_BINDING},
    {NULL, 0},
};

static void print_vlan_flags(struct printer *p, uint32_t flags)
{
    json_open_array(p, "flags");
    print_text(p, "<");
    for (const struct nametab *f = flag_names; f->name; f++) {
        if (!(flags & f->value))
            continue;
        flags &= ~f->value;
        print_str(p, TO_ANY, NULL, flags ? "%s," : "%s", f->name);
    }
    print_text(p, "> ");
    json_close_array(p);
}

static void print_map(struct printer *p, const char *json, const char *text,
                      const struct vnet_vlan_map *maps, uint32_t n)
{
    if (!n)
        return;
    json_open_array(p, json);
    print_nl(p);
    print_str(p, TO_TEXT, NULL, "      %s { ", text);
    for (uint32_t i = 0; i < n; i++) {
        json_open_object(p, NULL);
        print_uint(p, TO_ANY, "from", "%u:", maps[i].from);
        print_uint(p, TO_ANY, "to", "%u ", maps[i].to);
        json_close_object(p);
    }
    print_text(p, "} ");
    json_close_array(p);
}

void ip_print_vlan(struct printer *p, const struct vnet_vlan_info *v)
{
    char buf[16];
    json_open_object(p, "info_data");
    print_str(p, TO_ANY, "protocol", "protocol %s ", ip_vlan_proto_name(v->proto, buf));
    print_uint(p, TO_ANY, "id", "id %u ", v->id);
    print_vlan_flags(p, v->flags);
    print_map(p, "ingress_qos", "ingress-qos-map", v->ingress, v->ningress);
    print_map(p, "egress_qos", "egress-qos-map", v->egress, v->negress);
    json_close_object(p);
}
