/* route -6 add, route -6 del (lib/inet6_sr.c of net-tools 2.10). */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/complete.h"
#include "cmd/net-tools/inet.h"
#include "cmd/net-tools/route.h"
#include "vnet_link.h"
#include "vnet_route.h"

int route6_usage(struct sink *to)
{
    sink_puts(to, "Usage: inet6_route [-vF] del Target\n"
                  "       inet6_route [-vF] add Target [gw Gw] [metric M] [[dev] If]\n"
                  "       inet6_route [-FC] flush      NOT supported\n");
    return ROUTE_E_OPTERR;
}

struct edit {
    struct sink *err;
    char **args; /* the next word */
    struct vnet_in6_rtmsg rt;
    const char *dev; /* NULL: not given */
};

static int usage(const struct edit *e)
{
    return route6_usage(e->err);
}

/* ---- the words behind the target; each parser has its value in e->args[0], NULL: missing ---- */

static int read_metric(struct edit *e)
{
    if (!*e->args || !isdigit((unsigned char)**e->args))
        return usage(e);
    e->rt.metric = (uint32_t)strtol(*e->args, NULL, 10); /* atoi() on a 64-bit machine */
    return 0;
}

static int read_gateway(struct edit *e)
{
    if (!*e->args || e->rt.flags & VNET_RTF_GATEWAY)
        return usage(e);
    if (!inet6_number_input(e->err, *e->args, &e->rt.gateway))
        return ROUTE_E_LOOKUP;
    e->rt.flags |= VNET_RTF_GATEWAY;
    return 0;
}

static int read_device(struct edit *e)
{
    if (!*e->args)
        return usage(e);
    e->dev = *e->args;
    return 0;
}

static const struct word {
    const char *name;
    int (*read)(struct edit *e); /* of a value; NULL: the word is a flag */
    uint16_t flag;
} words[] = {
    {"metric", read_metric, 0},      {"gw", read_gateway, 0},
    {"gateway", read_gateway, 0},    {"mod", NULL, VNET_RTF_MODIFIED},
    {"dyn", NULL, VNET_RTF_DYNAMIC}, {"device", read_device, 0},
    {"dev", read_device, 0},         {NULL, NULL, 0},
};

static int read_word(struct edit *e)
{
    const struct word *w = words;
    while (w->name && strcmp(*e->args, w->name) != 0)
        w++;
    if (!w->name) { /* the device, which must be the last */
        e->dev = *e->args++;
        return *e->args ? usage(e) : 0;
    }
    e->args++;
    e->rt.flags |= w->flag;
    int rc = w->read ? w->read(e) : 0;
    if (rc == 0 && w->read)
        e->args++;
    return rc;
}

static int read_target(struct edit *e)
{
    char target[INET_NAME_MAX] = "";
    strncpy(target, *e->args++, sizeof(target) - 1);
    char *slash = strchr(target, '/');
    long len = 128;
    e->rt = (struct vnet_in6_rtmsg){.flags = VNET_RTF_UP, .metric = 1};
    if (strcmp(target, "default") == 0) {
        e->rt.dst = inet_addr_any(VNET_AF_INET6);
        return 0;
    }
    if (slash) {
        *slash = '\0';
        len = strtol(slash + 1, NULL, 10); /* atol(): no digits are 0 */
        if (len < 0 || len > 128)
            return usage(e);
    }
    if (!inet6_input(e->err, target, &e->rt.dst))
        return 1;
    e->rt.dst_len = (uint8_t)len;
    if (len == 128)
        e->rt.flags |= VNET_RTF_HOST;
    return 0;
}

static int change(struct cmd_env *env, bool add, struct edit *e)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    const char *call = "SIOGIFINDEX"; /* so spelt */
    int error = 0;
    if (e->dev)
        e->rt.ifindex = vnet_link_index(ns, e->dev);
    if (e->dev && e->rt.ifindex <= 0) {
        error = -ENODEV;
    } else {
        call = add ? "SIOCADDRT" : "SIOCDELRT";
        error = vnet_route6_ioctl(ns, add, &e->rt);
    }
    if (cmd_commit(env) < 0)
        return 1;
    if (!error)
        return 0;
    sink_printf(env->err, "%s: %s\n", call, cmd_strerror(-error));
    return ROUTE_E_SOCK;
}

void route6_edit_complete(const struct completion *c, char **argv)
{
    const char *before = "";
    for (; argv[1]; argv++)
        before = *argv;
    if (strcmp(before, "dev") == 0 || strcmp(before, "device") == 0)
        complete_offer_source(c, COMPLETE_DEVICES);
    else if (*before == '\0')
        complete_offer_words(c, "default");
    else
        for (const struct word *w = words; w->name; w++)
            complete_offer(c, w->name);
}

int route6_edit(struct cmd_env *env, bool add, char **argv)
{
    struct edit e = {.err = env->err, .args = argv};
    if (!*argv)
        return usage(&e);
    int rc = read_target(&e);
    while (rc == 0 && *e.args)
        rc = read_word(&e);
    return rc ? rc : change(env, add, &e);
}
