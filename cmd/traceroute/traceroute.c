/* traceroute: a transaction round its parts. */
#include "cmd/traceroute/traceroute.h"

#include <stdlib.h>

int traceroute_fail(struct traceroute *t, const char *call, int error)
{
    sink_flush(t->env->out);
    sink_printf(t->env->err, "\n%s: %s\n", call, cmd_strerror(error));
    return 1;
}

static void close_sockets(struct traceroute *t)
{
    if (t->icmp_sock)
        vnet_sock_close(t->s.w, t->icmp_sock);
    for (uint32_t i = 0; t->probes && i < t->nprobes; i++)
        if (t->probes[i].sock)
            vnet_sock_close(t->s.w, t->probes[i].sock);
}

static int trace_route(struct cmd_env *env, uint8_t family, int argc, char **argv)
{
    struct traceroute t = {.env = env,
                           .s = {.env = env},
                           .family = family,
                           .first_hop = 1,
                           .max_hops = 30,
                           .probes_per_hop = 3,
                           .sim_probes = 16,
                           .wait = 5.0,
                           .here = 3,
                           .near = 10};
    int status = traceroute_options(&t, argc, argv);
    if (status == TRACEROUTE_GO_ON)
        status = traceroute_init(&t);
    if (status == TRACEROUTE_GO_ON)
        status = traceroute_run(&t);
    if (t.s.w) {
        close_sockets(&t);
        if (cmd_commit(env) < 0 && status == 0)
            status = 1;
    }
    free(t.probes);
    free(t.data);
    return status;
}

int traceroute_main(struct cmd_env *env, int argc, char **argv)
{
    return trace_route(env, VNET_AF_UNSPEC, argc, argv);
}

int traceroute6_main(struct cmd_env *env, int argc, char **argv)
{
    return trace_route(env, VNET_AF_INET6, argc, argv);
}
