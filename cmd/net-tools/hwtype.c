#include "cmd/net-tools/hwtype.h"

#include <string.h>

#include "base/mem.h"
#include "vnet_link.h"

/* In the order of hwtypes[]. What vnet has no device of needs no number. */
static const struct hwtype types[] = {
    {"loop", "Local Loopback", VNET_ARPHRD_LOOPBACK, false, true, false},
    {"slip", "Serial Line IP", 0, false, false, false},
    {"cslip", "VJ Serial Line IP", 0, false, false, false},
    {"slip6", "6-bit Serial Line IP", 0, false, false, false},
    {"cslip6", "VJ 6-bit Serial Line IP", 0, false, false, false},
    {"adaptive", "Adaptive Serial Line IP", 0, false, false, false},
    {"ash", "Ash", 0, false, false, true},
    {"ether", "Ethernet", VNET_ARPHRD_ETHER, true, true, true},
    {"ax25", "AMPR AX.25", 0, false, false, true},
    {"netrom", "AMPR NET/ROM", 0, false, false, true},
    {"rose", "AMPR ROSE", 0, false, false, true},
    {"tunnel", "IPIP Tunnel", 0, false, false, false},
    {"ppp", "Point-to-Point Protocol", 0, false, false, false},
    {"hdlc", "(Cisco)-HDLC", 0, false, false, false},
    {"lapb", "LAPB", 0, false, false, false},
    {"arcnet", "ARCnet", 0, false, false, true},
    {"dlci", "Frame Relay DLCI", 0, false, false, true},
    {"frad", "Frame Relay Access Device", 0, false, false, false},
    {"sit", "IPv6-in-IPv4", 0, false, false, false},
    {"fddi", "Fiber Distributed Data Interface", 0, false, false, true},
    {"hippi", "HIPPI", 0, false, false, true},
    {"irda", "IrLAP", 0, false, false, true},
    {"ec", "Econet", 0, false, false, false},
    {"x25", "generic X.25", 0, false, false, true},
    {"eui64", "Generic EUI-64", 0, false, false, true},
};
static const struct hwtype unspec = {"unspec", "UNSPEC", -1, false, true, false};

const struct hwtype *hwtype_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

const struct hwtype *hwtype_of(int arphrd)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (types[i].known && types[i].arphrd == arphrd)
            return &types[i];
    return &unspec;
}

void hwtype_list(struct sink *to, bool arp_only)
{
    int n = 0;
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (arp_only && !types[i].arp)
            continue;
        if (n++ % 3 == 0)
            sink_puts(to, n == 1 ? "    " : "\n    ");
        sink_printf(to, "%s (%s) ", types[i].name, types[i].title);
    }
    sink_puts(to, "\n");
}

void hwtype_list_families(struct sink *to)
{
    sink_puts(to, "    unix (UNIX Domain) inet (DARPA Internet) inet6 (IPv6) \n"
                  "    ax25 (AMPR AX.25) netrom (AMPR NET/ROM) rose (AMPR ROSE) \n"
                  "    ipx (Novell IPX) ddp (Appletalk DDP) ec (Econet) \n"
                  "    ash (Ash) x25 (CCITT X.25) \n");
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool ether_input(const char *text, struct lladdr *addr)
{
    uint8_t bytes[ETH_ALEN] = {0};
    for (size_t i = 0; *text && i < sizeof(bytes); i++) {
        int high = hex_digit(*text++), low = hex_digit(*text);
        if (high < 0 || (low < 0 && *text != ':' && *text != '\0'))
            return false;
        bytes[i] = (uint8_t)(low < 0 ? high : high << 4 | low);
        text += *text != '\0';
        text += *text == ':';
    }
    *addr = lladdr_eth(bytes);
    return true;
}
