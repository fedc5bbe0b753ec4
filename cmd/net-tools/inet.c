#include "cmd/net-tools/inet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "cmd/resolve.h"

static const struct { /* /etc/networks of Debian */
    const char *name;
    uint32_t addr;
} networks[] = {
    {"default", 0},
    {"loopback", 0x7f000000},
    {"link-local", 0xa9fe0000},
};

static bool find_network(const char *name, uint32_t *addr)
{
    for (size_t i = 0; i < ARRAY_LEN(networks); i++) {
        if (strcmp(networks[i].name, name) == 0) {
            *addr = networks[i].addr;
            return true;
        }
    }
    return false;
}

enum inet_kind inet_input(const char *name, bool host_first, uint32_t *addr)
{
    struct inet_addr a;
    if (strcmp(name, "default") == 0) {
        *addr = 0;
        return INET_NET;
    }
    bool is_host = resolve_host(NULL, name, VNET_AF_INET, &a);
    bool is_number = is_host && resolve_aton(name, &a);
    if (is_host && (is_number || host_first)) {
        *addr = inet_addr_to_v4(&a);
        return INET_HOST;
    }
    if (find_network(name, addr))
        return INET_NET;
    if (!is_host)
        return INET_UNKNOWN;
    *addr = inet_addr_to_v4(&a);
    return INET_HOST;
}

/* What looks like an address but is none is never asked for (glibc: __nss_hostname_digits_dots());
 * a name is, and nobody answers. */
static bool looks_numeric(const char *name)
{
    static const char decimal[] = "0123456789.", hex[] = "0123456789abcdefABCDEF:.";
    size_t len = strlen(name);
    if (len == 0 || name[len - 1] == '.')
        return false;
    return strspn(name, decimal) == len || (strspn(name, hex) == len && strchr(name, ':'));
}

/* Can a host have this name (glibc: __libc_res_nquery(), res_hnok())? */
static bool can_be_asked(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return *name != '-' && *name != '.' && name[strspn(name, letters)] == '\0' &&
           !strstr(name, "..") && !looks_numeric(name);
}

void inet_complain(struct sink *err, const char *name, bool host_first)
{
    if (*name == '\0') {
        sink_puts(err, "Unknown server error\n");
        return;
    }
    bool unknown = host_first || !can_be_asked(name);
    sink_printf(err, "%s: %s\n", name, unknown ? "Unknown host" : "Host name lookup failure");
}

static bool inet6_known(const char *name, struct inet_addr *addr)
{
    return resolve_host(NULL, name, VNET_AF_INET6, addr);
}

bool inet6_input(struct sink *err, const char *name, struct inet_addr *addr)
{
    struct inet_addr v4;
    if (inet6_known(name, addr))
        return true;
    bool other = resolve_aton(name, &v4);
    bool unknown = *name == '\0' || !can_be_asked(name);
    sink_printf(err, "getaddrinfo: %s: %d\n", name, other ? -9 : unknown ? -2 : -3);
    if (other)
        sink_printf(err, "%s: Resolver Error 0 (no error)\n", name);
    else
        inet_complain(err, name, false);
    return false;
}

bool inet6_number_input(struct sink *err, const char *name, struct inet_addr *addr)
{
    if (inet_addr_parse(VNET_AF_INET6, name, addr))
        return true;
    sink_printf(err, *name ? "%s: Resolver Error 0 (no error)\n" : "Resolver Error 0 (no error)\n",
                name);
    return false;
}

const char *inet_number(uint32_t addr, char buf[INET_NAME_MAX])
{
    struct inet_addr a = inet_addr_v4(addr);
    return inet_addr_str(&a, buf);
}

const char *inet6_number(const struct inet_addr *addr, char buf[INET_NAME_MAX])
{
    static const char mapped[] = "::ffff:";
    const char *text = inet_addr_str(addr, buf);
    bool v4 = strncmp(text, mapped, sizeof(mapped) - 1) == 0 && strchr(text, '.');
    return v4 ? text + sizeof(mapped) - 1 : text;
}

const char *inet_name(uint32_t addr, bool is_host, char buf[INET_NAME_MAX])
{
    struct inet_addr a = inet_addr_v4(addr);
    if (is_host) {
        const char *name = hosts_name(NULL, &a);
        return name ? name : inet_number(addr, buf);
    }
    for (size_t i = 0; i < ARRAY_LEN(networks); i++)
        if (networks[i].addr == addr)
            return networks[i].name;
    return inet_number(addr, buf);
}

const char *inet6_name(const struct inet_addr *addr, bool numeric, char buf[INET_NAME_MAX])
{
    if (!numeric && inet_addr_is_any(addr))
        return "[::]";
    const char *name = numeric ? NULL : hosts_name(NULL, addr);
    return name ? name : inet6_number(addr, buf);
}

int inet_getmask(char *target, uint32_t *mask)
{
    char *slash = strchr(target, '/'), *end;
    if (!slash)
        return 0;
    *slash++ = '\0';
    unsigned long prefix = strtoul(slash, &end, 0);
    if (*end != '\0')
        return -1;
    *mask = ~(0xffffffffU >> (prefix & 31)); /* as the shift of an x86 does it: /32 is /0 */
    return 1;
}
