/* The devices that one can capture on. */
#ifndef VNET_CMD_TCPDUMP_DEVICES_H
#define VNET_CMD_TCPDUMP_DEVICES_H

#include "cmd/sink.h"
#include "vnet.h"

enum device_kind {
    DEVICE_LINK,   /* a link of the namespace */
    DEVICE_ANY,    /* all of them */
    DEVICE_PSEUDO, /* libpcap has it, vnet does not */
};

struct device {
    char name[24];
    const char *description; /* NULL: none */
    enum device_kind kind;
    uint16_t arphrd; /* of a link: ARPHRD_* */
    bool up, running, loopback, wireless;
    bool has_state, connected; /* ETHTOOL_GLINK's answer, where the driver has one */
};

struct devices {
    struct device *device; /* in the order of tcpdump -D */
    size_t n, cap;
};

/* Release it after use. */
void devices_list(const struct netns *ns, struct devices *all);
void devices_release(struct devices *all);
const struct device *devices_find(const struct devices *all, const char *name); /* or NULL */
/* tcpdump -D's lines. */
void devices_print(const struct devices *all, struct sink *out);

#endif
