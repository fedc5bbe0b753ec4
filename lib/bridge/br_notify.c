/* What listeners hear of a bridge's ports (net/bridge/br_netlink.c: br_ifinfo_notify()). */
#include "bridge/br.h"

void br_ifinfo_notify(const struct br_port *p, uint16_t type)
{
    (void)p;
    (void)type;
}
