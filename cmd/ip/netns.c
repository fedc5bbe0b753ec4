/* `ip netns` (ip/ipnetns.c of iproute2 6.1.0). */
#include "cmd/ip/netns.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/help.h"
#include "cmd/ip/nl_listen.h"
#include "cmd/netns.h"

enum { STATUS_NOT_OPENED = 255 };

int ip_netns_missing(struct ip *ip, const char *what)
{
    sink_printf(ip->err, "%s\n", what);
    return ARG_FAILED;
}

void ip_netns_not_opened(struct ip *ip, const char *name)
{
    sink_printf(ip->err, "Cannot open network namespace \"%s\": %s\n", name, cmd_strerror(ENOENT));
}

int ip_switch_netns(struct ip *ip, const char *name)
{
    if (ip_open(ip))
        return ARG_EXIT_FAILED;
    ip->ns = netns_named(ip->w, name);
    if (ip->ns) {
        ip->env->netns = netns_ref(ip->ns, ip->netns);
        return ARG_OK;
    }
    if (!strchr(name, '/') && netns_is_folder(name))
        sink_printf(ip->err, "setting the network namespace \"%s\" failed: %s\n", name,
                    cmd_strerror(EINVAL));
    else
        ip_netns_not_opened(ip, name);
    return ARG_USAGE;
}

static int add(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct vnet_err err = {""};
    int rc;
    (void)verb;
    if (a->n < 1)
        return ip_netns_missing(ip, "No netns name specified");
    if (vnet_netns_add(ip->ns, a->v[0], &rc, &err))
        return ARG_OK;
    if (*err.msg)
        sink_printf(ip->err, "vnet: %s\n", err.msg);
    else
        sink_printf(ip->err, "Cannot create namespace file \"/run/netns/%s\": %s\n", a->v[0],
                    cmd_strerror(-rc));
    return ARG_FAILED;
}

/* NAME, and the command of exec. */
static int offer(struct args *a, const char *verb)
{
    if (a->n == 1)
        return arg_offer_row(a);
    if (a->n == 2 && strcmp(verb, "exec") == 0)
        complete_offer_source(a->complete, COMPLETE_TOOLS);
    return ARG_EXIT;
}

static int delete_one(struct ip *ip, const char *name)
{
    int rc = vnet_netns_del(ip->w, name, vnet_session_inhabited, ip->env->session);
    if (rc == 0)
        return ARG_OK;
    sink_printf(ip->err, "Cannot remove namespace file \"/run/netns/%s\": %s\n", name,
                cmd_strerror(-rc));
    return ARG_FAILED;
}

static int delete_names(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct netns *ns;
    if (a->complete)
        return offer(a, verb->name);
    if (!ip->opt.all)
        return a->n < 1 ? ip_netns_missing(ip, "No netns name specified") : delete_one(ip, a->v[0]);
    while ((ns = vnet_netns_next(ip->w, NULL)))
        delete_one(ip, vnet_netns_name(ns));
    return ARG_OK;
}

static int list(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct printer *p = &ip->out;
    const struct netns *ns = NULL;
    (void)a;
    (void)verb;
    json_begin(p);
    while ((ns = vnet_netns_next_name(ip->w, ns))) {
        int nsid = vnet_nsid(ip->ns, ns);
        json_open_object(p, NULL);
        print_str(p, TO_ANY, "name", "%s", vnet_netns_name(ns));
        if (nsid >= 0)
            print_int(p, TO_ANY, "id", " (id: %d)", nsid);
        print_text(p, "\n");
        json_close_object(p);
    }
    json_end(p);
    return ARG_OK;
}

/* ---- exec ---- */

static int run_in(struct ip *ip, const struct netns *ns, int argc, char **argv)
{
    ip->w = NULL; /* its transaction ends */
    int status = cmd_exec_in(ip->env, ns, argc, argv);
    if (status != -ENOENT)
        return status;
    sink_printf(ip->err, "exec of \"%s\" failed: %s\n", argv[0], cmd_strerror(ENOENT));
    return ARG_FAILED;
}

/* In each, whatever becomes of it in the others. */
static int exec_all(struct ip *ip, struct args *a)
{
    const struct netns *ns = NULL;
    uint32_t *ids = NULL;
    size_t n = 0, cap = 0;
    if (ip_open(ip))
        return ARG_FAILED;
    while ((ns = vnet_netns_next_name(ip->w, ns))) {
        ARRAY_GROW(ids, n, cap);
        ids[n++] = vnet_netns_id(ns);
    }
    for (size_t i = 0; i < n && !ip_open(ip); i++) {
        ns = vnet_netns_by_id(ip->w, ids[i]);
        if (!ns)
            continue;
        sink_printf(ip->out.out, "\nnetns: %s\n", vnet_netns_name(ns));
        run_in(ip, ns, a->n, a->v);
    }
    free(ids);
    return ARG_OK;
}

static int exec(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    if (a->complete)
        return offer(a, verb->name);
    if (a->n < 1 && !ip->opt.all)
        return ip_netns_missing(ip, "No netns name specified");
    if (a->n < (ip->opt.all ? 1 : 2))
        return ip_netns_missing(ip, "No command specified");
    if (ip->opt.all)
        return exec_all(ip, a);
    if (ip_open(ip))
        return ARG_FAILED;
    const struct netns *ns = netns_named(ip->w, a->v[0]);
    if (!ns) {
        ip_netns_not_opened(ip, a->v[0]);
        return STATUS_NOT_OPENED;
    }
    return run_in(ip, ns, a->n - 1, a->v + 1);
}

/* ---- processes ---- */

static bool is_pid(const char *word)
{
    for (; *word; word++)
        if (!isdigit((unsigned char)*word))
            return false;
    return true;
}

static int identify(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    const struct netns *ns = ip->ns;
    (void)verb;
    if (a->n > 1)
        return ip_netns_missing(ip, "extra arguments specified");
    if (a->n == 1 && !is_pid(a->v[0])) {
        sink_printf(ip->err, "Specified string '%s' is not a pid\n", a->v[0]);
        return ARG_FAILED;
    }
    if (a->n == 1)
        ns = netns_of_pid(ip->env, ip->w, atoi(a->v[0]));
    if (!ns) {
        sink_printf(ip->err, "Cannot open network namespace: %s\n", cmd_strerror(ENOENT));
        return ARG_FAILED;
    }
    sink_printf(ip->out.out, "%s\n", vnet_netns_name(ns));
    return ARG_OK;
}

static int pids(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    enum { MOST = 256 };
    int64_t found[MOST];
    if (a->complete)
        return offer(a, verb->name);
    if (a->n < 1)
        return ip_netns_missing(ip, "No netns name specified");
    if (a->n > 1)
        return ip_netns_missing(ip, "extra arguments specified");
    const struct netns *ns = netns_named(ip->w, a->v[0]);
    if (!ns) {
        sink_printf(ip->err, "Cannot open network namespace: %s\n", cmd_strerror(ENOENT));
        return ARG_FAILED;
    }
    size_t n = vnet_session_inhabitants(ip->env->session, vnet_netns_id(ns), found, MOST);
    for (size_t i = 0; i < n; i++)
        sink_printf(ip->out.out, "%" PRId64 "\n", found[i]);
    return ARG_OK;
}

/* on_netns_event */
static void print_name(struct nl_listen *l, int64_t when)
{
    (void)when;
    if (l->msg.type == VNET_RTM_NEWNSNAME)
        sink_printf(l->ip->out.out, "add %s\n", l->msg.nsname.name);
    else if (l->msg.type == VNET_RTM_DELNSNAME)
        sink_printf(l->ip->out.out, "delete %s\n", l->msg.nsname.name);
}

/* netns_monitor(): what follows the word is not looked at. */
static int monitor(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    if (a->complete)
        return ARG_OK;
    struct nl_listen *l = mem_alloc(sizeof(*l));
    *l = (struct nl_listen){.ip = ip,
                            .groups = VNET_RTMGRP_NSNAME,
                            .by_stdio = true,
                            .accept = print_name,
                            .wait = {.env = ip->env}};
    int status = nl_listen(l);
    free(l);
    return status;
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    return ip_usage(ip, HELP_NETNS);
}

static const struct ip_verb verbs[] = {
    {"list", true, true, list, 0},         {"show", true, true, list, 0},
    {"lst", true, true, list, 0},          {"list-id", true, true, ip_netns_list_id, 0},
    {"help", true, false, help, 0},        {"add", true, true, add, 0},
    {"set", true, true, ip_netns_set, 0},  {"delete", true, true, delete_names, 0},
    {"identify", true, true, identify, 0}, {"pids", true, true, pids, 0},
    {"exec", true, false, exec, 0},        {"monitor", true, true, monitor, 0},
    {"attach", true, false, NULL, 0},      {NULL, false, false, NULL, 0},
};

/* Asked of any word behind the verb, whatever that is. */
static bool name_ok(const char *name)
{
    return *name && strlen(name) <= VNET_NETNS_NAME_MAX && !strchr(name, '/') &&
           strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

int ip_netns_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"list", false, true, list, 0};
    bool completes = a->complete && a->n <= 2;
    if (!completes && !ip->opt.all && a->n > 1 && !name_ok(a->v[1])) {
        sink_printf(ip->err, "Invalid netns name \"%s\"\n", a->v[1]);
        return ARG_USAGE;
    }
    return ip_run_verb(ip, a, verbs, "netns", &without);
}
