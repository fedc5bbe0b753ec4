/* hostname (Debian's 3.23) */
#include <string.h>

#include "cmd/machine/machine.h"
#include "cmd/options.h"
#include "vnet_addr.h"
#include "vnet_link.h"

struct listing {
    const struct netns *ns;
    struct sink *out;
};

/* As getifaddrs(3) has them: not lo's, none of links that are down, no link-local ones. */
static int print_addr(const struct vnet_addr_info *info, void *arg)
{
    struct listing *l = arg;
    struct vnet_link_info link;
    char text[INET_ADDRSTRLEN_MAX];
    if (vnet_link_get(l->ns, info->ifindex, &link) < 0 || !(link.flags & VNET_IFF_UP) ||
        link.flags & VNET_IFF_LOOPBACK)
        return 0;
    if (info->family == VNET_AF_INET6 && inet_addr_is_linklocal(&info->local))
        return 0;
    sink_printf(l->out, "%s ", inet_addr_str(&info->local, text));
    return 0;
}

static int print_addresses(struct cmd_env *env)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    struct listing l = {ns, env->out};
    vnet_addr_dump(ns, VNET_AF_UNSPEC, 0, print_addr, &l);
    sink_puts(env->out, "\n");
    cmd_abort(env);
    return 0;
}

static int print(struct cmd_env *env, int what)
{
    if (what == 'I')
        return print_addresses(env);
    sink_puts(env->out, what == 'i' ? "127.0.0.1\n" : MACHINE_NAME "\n");
    return 0;
}

static const struct long_option longs[] = {
    {"fqdn", 0, 'f'},  {"long", 0, 'f'}, {"ip-address", 0, 'i'}, {"all-ip-addresses", 0, 'I'},
    {"short", 0, 's'}, {NULL, 0, 0},
};

int hostname_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    int what = 0, status = 0;
    options_init(&o, argc, argv, "fiIs", longs, env->err);
    for (int c; status == 0 && (c = options_next(&o)) != -1;) {
        if (c == '?')
            status = machine_usage(env, argv[0], 255);
        else
            what = c;
    }
    if (status == 0 && o.noperands) {
        sink_printf(env->err, "vnet: the name of an emulated machine does not change\n");
        status = 1;
    } else if (status == 0) {
        status = print(env, what);
    }
    options_release(&o);
    return status;
}
