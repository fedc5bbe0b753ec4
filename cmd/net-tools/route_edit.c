/* route add, route del (lib/inet_sr.c of net-tools 2.10). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/complete.h"
#include "cmd/net-tools/inet.h"
#include "cmd/net-tools/route.h"
#include "vnet_route.h"

int route_usage_inet(struct sink *to)
{
    sink_puts(to,
              "Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] "
              "If]\n"
              "       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]\n"
              "                              [netmask N] [mss Mss] [window W] [irtt I]\n"
              "                              [mod] [dyn] [reinstate] [[dev] If]\n"
              "       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject\n"
              "       inet_route [-FC] flush      NOT supported\n");
    return ROUTE_E_OPTERR;
}

struct edit {
    struct sink *err;
    char **args; /* the next word */
    struct vnet_rtentry rt;
    char netmask[INET_NAME_MAX]; /* as it was given, for messages */
};

static int usage(const struct edit *e)
{
    return route_usage_inet(e->err);
}

static int refuse(const struct edit *e, const char *text)
{
    sink_printf(e->err, "route: %s\n", text);
    return usage(e);
}

/* ---- the words behind the target; each parser has its value in e->args[0], NULL: missing ---- */

static int read_metric(struct edit *e)
{
    if (!*e->args || !isdigit((unsigned char)**e->args))
        return usage(e);
    int metric = (int)strtol(*e->args, NULL, 10); /* atoi() on a 64-bit machine */
    e->rt.metric = (int16_t)(uint16_t)((unsigned)metric + 1);
    return 0;
}

static int read_netmask(struct edit *e)
{
    if (!*e->args || e->rt.genmask)
        return usage(e);
    strncpy(e->netmask, *e->args, sizeof(e->netmask) - 1);
    if (inet_input(e->netmask, false, &e->rt.genmask) == INET_UNKNOWN) {
        inet_complain(e->err, e->netmask, false);
        return ROUTE_E_LOOKUP;
    }
    return 0;
}

static int read_gateway(struct edit *e)
{
    uint32_t addr;
    if (!*e->args || e->rt.flags & VNET_RTF_GATEWAY)
        return usage(e);
    enum inet_kind kind = inet_input(*e->args, true, &addr);
    if (kind == INET_UNKNOWN) {
        inet_complain(e->err, *e->args, true);
        return ROUTE_E_LOOKUP;
    }
    if (kind == INET_NET) {
        sink_printf(e->err, "route: %s: cannot use a NETWORK as gateway!\n", *e->args);
        return usage(e);
    }
    e->rt.gateway = inet_addr_v4(addr);
    e->rt.flags |= VNET_RTF_GATEWAY;
    return 0;
}

static int read_mss(struct edit *e)
{
    if (!*e->args)
        return usage(e);
    long mss = (int)strtol(*e->args, NULL, 10);
    e->rt.flags |= VNET_RTF_MTU;
    e->rt.mtu = (uint32_t)mss;
    return mss < 64 || mss > 65536 ? refuse(e, "Invalid MSS/MTU.") : 0;
}

static int read_window(struct edit *e)
{
    if (!*e->args)
        return usage(e);
    long window = (int)strtol(*e->args, NULL, 10);
    e->rt.flags |= VNET_RTF_WINDOW;
    e->rt.window = (uint32_t)window;
    return window >= 0 && window < 128 ? refuse(e, "Invalid window.") : 0;
}

static int read_irtt(struct edit *e)
{
    if (!*e->args)
        return usage(e);
    e->rt.flags |= VNET_RTF_IRTT;
    e->rt.irtt = (uint16_t)strtol(*e->args, NULL, 10);
    return 0;
}

static int read_device(struct edit *e)
{
    if (e->rt.dev || !*e->args)
        return usage(e);
    e->rt.dev = *e->args;
    return 0;
}

static const struct word {
    const char *name;
    int (*read)(struct edit *e); /* of a value; NULL: the word is a flag */
    uint16_t flag;
} words[] = {
    {"metric", read_metric, 0},
    {"netmask", read_netmask, 0},
    {"gw", read_gateway, 0},
    {"gateway", read_gateway, 0},
    {"mss", read_mss, 0},
    {"mtu", read_mss, 0},
    {"window", read_window, 0},
    {"irtt", read_irtt, 0},
    {"reject", NULL, VNET_RTF_REJECT},
    {"mod", NULL, VNET_RTF_MODIFIED},
    {"dyn", NULL, VNET_RTF_DYNAMIC},
    {"reinstate", NULL, VNET_RTF_REINSTATE},
    {"device", read_device, 0},
    {"dev", read_device, 0},
    {NULL, NULL, 0},
};

/* A word that is none of these is the device, and must be the last. */
static int read_bare_device(struct edit *e)
{
    if (e->rt.dev)
        return usage(e);
    e->rt.dev = *e->args++;
    return *e->args ? usage(e) : 0;
}

static int read_word(struct edit *e)
{
    for (const struct word *w = words; w->name; w++) {
        if (strcmp(*e->args, w->name) != 0)
            continue;
        e->args++;
        e->rt.flags |= w->flag;
        int rc = w->read ? w->read(e) : 0;
        if (rc == 0 && w->read)
            e->args++;
        return rc;
    }
    return read_bare_device(e);
}

/* ---- the target ---- */

static int read_target(struct edit *e)
{
    enum { EITHER, NET, HOST } wanted = EITHER;
    char target[INET_NAME_MAX] = "";
    uint32_t addr;
    if (strcmp(*e->args, "#net") == 0) /* "-net", hidden from the option parser */
        wanted = NET;
    else if (strcmp(*e->args, "#host") == 0)
        wanted = HOST;
    if (wanted != EITHER && !*++e->args)
        return usage(e);
    strncpy(target, *e->args++, sizeof(target) - 1);
    if (inet_getmask(target, &e->rt.genmask) < 0)
        return usage(e);
    enum inet_kind kind = inet_input(target, wanted == HOST, &addr);
    if (kind == INET_UNKNOWN) {
        inet_complain(e->err, target, wanted == HOST);
        return ROUTE_E_LOOKUP;
    }
    e->rt.dst = inet_addr_v4(addr);
    e->rt.flags = VNET_RTF_UP;
    if (wanted == HOST || (wanted == EITHER && kind == INET_HOST))
        e->rt.flags |= VNET_RTF_HOST;
    return 0;
}

static int check_mask(const struct edit *e)
{
    uint32_t mask = e->rt.genmask, low = ~mask;
    if (!mask)
        return 0;
    if (e->rt.flags & VNET_RTF_HOST) {
        sink_printf(e->err, "route: netmask %.8x doesn't make sense with host route\n", low);
        return usage(e);
    }
    if (low & (low + 1)) {
        sink_printf(e->err, "route: bogus netmask %s\n", e->netmask);
        return usage(e);
    }
    if (inet_addr_to_v4(&e->rt.dst) & low)
        return refuse(e, "netmask doesn't match route address");
    return 0;
}

static int change(struct cmd_env *env, bool add, const struct vnet_rtentry *rt)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    int error = vnet_route_ioctl(ns, add, rt);
    if (error) {
        cmd_commit(env);
        sink_printf(env->err, "%s: %s\n", add ? "SIOCADDRT" : "SIOCDELRT", cmd_strerror(-error));
        return ROUTE_E_SOCK;
    }
    return cmd_commit(env) < 0 ? 1 : 0;
}

void route_edit_complete(const struct completion *c, char **argv)
{
    const char *before = "";
    for (; argv[1]; argv++)
        before = *argv;
    if (strcmp(before, "dev") == 0 || strcmp(before, "device") == 0)
        complete_offer_source(c, COMPLETE_DEVICES);
    else if (*before == '\0' || *before == '#')
        complete_offer_words(c, "-net -host default");
    else
        for (const struct word *w = words; w->name; w++)
            complete_offer(c, w->name);
}

int route_edit(struct cmd_env *env, bool add, char **argv)
{
    struct edit e = {.err = env->err, .args = argv, .netmask = "default"};
    if (!*argv) {
        route_usage_inet(env->out);
        return 0;
    }
    int rc = read_target(&e);
    while (rc == 0 && *e.args)
        rc = read_word(&e);
    if (rc == 0)
        rc = check_mask(&e);
    if (rc)
        return rc;
    if (e.rt.flags & VNET_RTF_REJECT && !e.rt.dev)
        e.rt.dev = "lo";
    if (add && e.rt.flags & VNET_RTF_HOST)
        e.rt.genmask = 0xffffffffU;
    return change(env, add, &e.rt);
}
