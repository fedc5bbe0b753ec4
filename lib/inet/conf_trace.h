/* Sysctls that decide about a packet, read so that the trace tells their values: an event of stage
 * "sysctl" before that of the decision. Nobody listening costs one branch. */
#ifndef VNET_INET_CONF_TRACE_H
#define VNET_INET_CONF_TRACE_H

#include "dev/netdev.h"
#include "inet/devinet.h"
#include "inet/sysctls.h"
#include "sim/world.h"

enum conf_how {           /* how the values of `all` and the device combine */
                CONF_OWN, /* IN_DEV_CONF_GET(): the device's counts */
                CONF_OR,  /* IN_DEV_ORCONF() */
                CONF_MAX, /* IN_DEV_MAXCONF() */
};

/* func: the kernel function that asks. */
void conf_trace4(const struct in_device *d, enum ipv4_conf_id id, enum conf_how how, int value,
                 const char *func);
/* CONF_OWN or CONF_OR. */
void conf_trace6(const struct inet6_dev *d, enum ipv6_conf_id id, enum conf_how how,
                 const char *func);
/* A value of the namespace, as sysctl_table.c names it: "net.ipv4.icmp_echo_ignore_all". */
void conf_trace_net(const struct netdev *dev, const char *name, int64_t value, const char *func);

static inline int in_dev_ask(const struct in_device *d, enum ipv4_conf_id id, enum conf_how how,
                             const char *func)
{
    int value = how == CONF_OWN  ? in_dev_conf(d, id)
                : how == CONF_OR ? in_dev_orconf(d, id)
                                 : in_dev_maxconf(d, id);
    if (d->dev->ns->w->trace_fn)
        conf_trace4(d, id, how, value, func);
    return value;
}

#endif
