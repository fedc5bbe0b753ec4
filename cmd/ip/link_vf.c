/* `ip link set ... vf NUM ...` (iplink_parse_vf() of iproute2 6.1.0). No emulated device has
 * virtual functions: the words are read, and the kernel then refuses them. */
#include <string.h>

#include "cmd/ip/link_words.h"
#include "cmd/ip/prefix.h"

static int take_mac(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    struct vnet_link_info l;
    struct lladdr mac;
    (void)kw;
    int status = arg_next(a);
    if (!status)
        status = ip_take_lladdr(w->ip, a->v[0], LLADDR_MAX, &mac);
    if (status)
        return status;
    int ifindex = vnet_link_index(w->ip->ns, w->dev);
    if (!ifindex || vnet_link_get(w->ip->ns, ifindex, &l) < 0 || l.addr.len == mac.len)
        return ARG_OK;
    sink_printf(w->ip->err, "Invalid address length %d - must be %d bytes\n", mac.len, l.addr.len);
    return ARG_FAILED;
}

static int take_number(struct args *a, void *into, const struct keyword *kw)
{
    uint32_t v;
    (void)into;
    int status = arg_next(a);
    if (status)
        return status;
    return arg_u32(a->v[0], 0, &v) && v <= kw->value ? ARG_OK : arg_invalid(a, kw->why, a->v[0]);
}

static int take_on_off(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    int status = arg_next(a);
    if (status || strcmp(a->v[0], "on") == 0 || strcmp(a->v[0], "off") == 0)
        return status;
    return arg_off_on(a, kw->name, a->v[0]);
}

static int take_state(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    int status = arg_next(a);
    if (status || arg_matches(a->v[0], "auto") || arg_matches(a->v[0], "enable") ||
        arg_matches(a->v[0], "disable"))
        return status;
    return arg_invalid(a, kw->why, a->v[0]);
}

static int refuse(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    return arg_unsupported(a, "ip link ... vf", kw->name);
}

/* The first word that belongs to the link again. */
static int end_of_vf(struct args *a, void *into)
{
    (void)into;
    a->v--; /* args_read() steps over the last word taken */
    a->n++;
    return ARG_STOP;
}

static const struct keyword words[] = {
    {"mac", true, take_mac, 0, NULL},
    {"vlan", true, take_number, 4095, "Invalid \"vlan\" value\n"},
    {"qos", true, take_number, UINT32_MAX, "Invalid \"qos\" value\n"},
    {"proto", true, refuse, 0, NULL},
    {"rate", true, take_number, UINT32_MAX, "Invalid \"rate\" value\n"},
    {"max_tx_rate", true, take_number, UINT32_MAX, "Invalid \"max tx rate\" value\n"},
    {"min_tx_rate", true, take_number, UINT32_MAX, "Invalid \"min tx rate\" value\n"},
    {"spoofchk", true, take_on_off, 0, NULL},
    {"query_rss", true, take_on_off, 0, NULL},
    {"trust", true, take_on_off, 0, NULL},
    {"state", true, take_state, 0, "Invalid \"state\" value\n"},
    {"node_guid", true, refuse, 0, NULL},
    {"port_guid", true, refuse, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

int ip_take_vf(struct args *a, void *into, const struct keyword *kw)
{
    struct link_words *w = into;
    int vf;
    (void)kw;
    int status = arg_next(a);
    if (status)
        return status;
    if (!arg_int(a->v[0], 0, &vf))
        return arg_invalid(a, "Invalid \"vf\" value\n", a->v[0]);
    if (!w->dev)
        return arg_missing(a, "dev");
    struct args rest = *a;
    arg_advance(&rest);
    const int before = rest.n;
    status = args_read(&rest, words, w, end_of_vf);
    if (status)
        return status;
    if (rest.n == before)
        return arg_next(&(struct args){
            .v = a->v, .n = 1, .err = a->err}); /* says that the line is incomplete */
    w->asks_vf = true;
    a->v = rest.v - 1;
    a->n = rest.n + 1;
    return ARG_OK;
}
