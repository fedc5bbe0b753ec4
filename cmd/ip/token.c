/* `ip token` (ip/iptoken.c of iproute2 6.1.0): the lower half of addresses made from router
 * advertisements. */
#include "cmd/ip/help.h"
#include "cmd/ip/prefix.h"
#include "vnet_addr.h"

struct words {
    struct ip *ip;
    int ifindex; /* the first that is named */
    bool has_token;
    struct ip_prefix token;
};

static int take_dev(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    int status = arg_next(a);
    if (status || (w->ifindex && !kw->value))
        return status;
    w->ifindex = ip_link_index(w->ip, a->v[0]);
    if (!w->ifindex)
        return arg_invalid(a, "dev is invalid\n", a->v[0]);
    return kw->value ? ARG_STOP : ARG_OK;
}

/* ---- list ---- */

/* print_token(): of links that could ask a router. */
static void print_token(struct ip *ip, int ifindex)
{
    struct printer *p = &ip->out;
    struct vnet_link_info l;
    struct inet_addr token;
    char addr[INET_ADDRSTRLEN_MAX], name[VNET_IFNAMSIZ];
    if (vnet_link_get(ip->ns, ifindex, &l) || l.flags & (VNET_IFF_LOOPBACK | VNET_IFF_NOARP) ||
        !vnet_token_get(ip->ns, ifindex, &token))
        return;
    json_open_object(p, NULL);
    print_text(p, "token ");
    print_colored(p, TO_ANY, ip_family_color(VNET_AF_INET6), "token", "%s",
                  ip_host_str(ip, &token, addr));
    print_text(p, " dev ");
    print_colored(p, TO_ANY, COLOR_IFNAME, "ifname", "%s\n", ip_link_name(ip, ifindex, name));
    json_close_object(p);
}

static int pass_over(struct args *a, void *into)
{
    (void)a;
    (void)into;
    return ARG_OK;
}

static const struct keyword list_words[] = {
    {"dev", false, take_dev, true, NULL}, /* the last that is read */
    {NULL, false, NULL, 0, NULL},
};

static int list(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words w = {.ip = ip};
    (void)verb;
    int status = args_read(a, list_words, &w, pass_over);
    if (status)
        return status;
    vnet_link_asked(ip->ns, 0); /* ll_init_map() */
    json_begin(&ip->out);
    for (int i = vnet_link_next(ip->ns, 0); i; i = vnet_link_next(ip->ns, i))
        if (!w.ifindex || w.ifindex == i)
            print_token(ip, i);
    json_end(&ip->out);
    return ARG_OK;
}

/* ---- set, del ---- */

static int take_token(struct args *a, void *into)
{
    struct words *w = into;
    if (w->has_token)
        return ARG_OK;
    w->has_token = true;
    return ip_take_prefix(w->ip, a, VNET_AF_INET6, &w->token);
}

static int take_help(struct args *a, void *into, const struct keyword *kw)
{
    struct words *w = into;
    (void)a;
    (void)kw;
    return ip_usage(w->ip, HELP_TOKEN);
}

static const struct keyword set_words[] = {
    {"dev", false, take_dev, false, NULL},
    {"help", true, take_help, 0, NULL},
    {NULL, false, NULL, 0, NULL},
};

static int set(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct words s = {.ip = ip,
                      .has_token = !verb->value,
                      .token = {.addr = {.family = VNET_AF_INET6}, .size = 16}};
    struct vnet_err err = {""};
    int status = args_read(a, set_words, &s, take_token);
    if (status)
        return status;
    if (!s.has_token || !s.ifindex) {
        sink_printf(ip->err, "Not enough information: %s is required.\n",
                    s.has_token ? "\"dev\" argument" : "token");
        return ARG_FAILED;
    }
    if (s.token.size != 16)
        return ip_refuse(ip, IP_POLICY);
    return ip_answer(ip, vnet_token_set(ip->ns, s.ifindex, &s.token.addr, &err), &err);
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_TOKEN);
}

static const struct ip_verb verbs[] = {
    {"list", true, true, list, 0}, {"lst", true, true, list, 0},   {"show", true, true, list, 0},
    {"set", true, true, set, 1},   {"add", true, true, set, 1},    {"delete", true, true, set, 0},
    {"get", true, true, list, 0},  {"help", true, false, help, 0}, {NULL, false, false, NULL, 0},
};

int ip_token_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"list", false, true, list, 0};
    return ip_run_verb(ip, a, verbs, "token", &without);
}
