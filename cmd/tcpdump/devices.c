/* The devices that libpcap 1.10 finds on Linux: the namespace's own, "any", and pseudo-devices
 * which are named but not emulated. Sorted as pcap_findalldevs() does. */
#include "cmd/tcpdump/devices.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "vnet_link.h"

enum { /* get_figure_of_merit(): what is less worth capturing on comes later */
       NOT_RUNNING = 1 << 5,
       NOT_UP = 1 << 4,
       DISCONNECTED = 1 << 3,
       IS_LOOPBACK = 1 << 2,
       IS_ANY = 1 << 1,
};

/* In the order in which libpcap's modules add them. */
static const struct device pseudo_devices[] = {
    {.name = "any",
     .description = "Pseudo-device that captures on all interfaces",
     .kind = DEVICE_ANY,
     .up = true,
     .running = true},
    {.name = "bluetooth-monitor",
     .description = "Bluetooth Linux Monitor",
     .kind = DEVICE_PSEUDO,
     .wireless = true},
    {.name = "nflog",
     .description = "Linux netfilter log (NFLOG) interface",
     .kind = DEVICE_PSEUDO},
    {.name = "nfqueue",
     .description = "Linux netfilter queue (NFQUEUE) interface",
     .kind = DEVICE_PSEUDO},
    {.name = "dbus-system", .description = "D-Bus system bus", .kind = DEVICE_PSEUDO},
    {.name = "dbus-session", .description = "D-Bus session bus", .kind = DEVICE_PSEUDO},
};

static int figure_of_merit(const struct device *d)
{
    int n = 0;
    if (!d->running)
        n |= NOT_RUNNING;
    if (!d->up)
        n |= NOT_UP;
    if (d->has_state && !d->connected)
        n |= DISCONNECTED;
    if (d->loopback)
        n |= IS_LOOPBACK;
    if (d->kind == DEVICE_ANY)
        n |= IS_ANY;
    return n;
}

/* Behind those that are as good. */
static void insert(struct devices *all, const struct device *d)
{
    size_t i = all->n;
    ARRAY_GROW(all->device, all->n, all->cap);
    for (; i > 0 && figure_of_merit(&all->device[i - 1]) > figure_of_merit(d); i--)
        all->device[i] = all->device[i - 1];
    all->device[i] = *d;
    all->n++;
}

void devices_list(const struct netns *ns, struct devices *all)
{
    struct vnet_link_info info;
    *all = (struct devices){NULL, 0, 0};
    for (int i = 0; (i = vnet_link_next(ns, i)) != 0;) {
        if (vnet_link_get(ns, i, &info) < 0)
            continue;
        struct device d = {.kind = DEVICE_LINK,
                           .arphrd = info.type,
                           .up = info.flags & VNET_IFF_UP,
                           .running = info.flags & VNET_IFF_RUNNING,
                           .loopback = info.flags & VNET_IFF_LOOPBACK,
                           .has_state = info.type == VNET_ARPHRD_ETHER,
                           .connected = info.carrier && info.flags & VNET_IFF_UP};
        memcpy(d.name, info.name, sizeof(info.name));
        insert(all, &d);
    }
    for (size_t i = 0; i < ARRAY_LEN(pseudo_devices); i++)
        insert(all, &pseudo_devices[i]);
}

void devices_release(struct devices *all)
{
    free(all->device);
}

const struct device *devices_find(const struct devices *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->device[i].name, name) == 0)
            return &all->device[i];
    return NULL;
}

static void put_word(struct sink *out, const char **sep, const char *word)
{
    sink_printf(out, "%s%s", *sep, word);
    *sep = ", ";
}

/* "[Up, Running, Connected]" */
static void put_state(struct sink *out, const struct device *d)
{
    const char *sep = "";
    sink_puts(out, " [");
    if (d->up)
        put_word(out, &sep, "Up");
    if (d->running)
        put_word(out, &sep, "Running");
    if (d->loopback)
        put_word(out, &sep, "Loopback");
    if (d->wireless)
        put_word(out, &sep, "Wireless");
    if (!*sep)
        put_word(out, &sep, "none");
    if (d->has_state)
        put_word(out, &sep, d->connected ? "Connected" : "Disconnected");
    sink_puts(out, "]\n");
}

void devices_print(const struct devices *all, struct sink *out)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct device *d = &all->device[i];
        sink_printf(out, "%zu.%s", i + 1, d->name);
        if (d->description)
            sink_printf(out, " (%s)", d->description);
        put_state(out, d);
    }
}
