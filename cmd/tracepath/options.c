/* tracepath's command line. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/resolve.h"
#include "cmd/tracepath/tracepath.h"

enum { MAX_HOPS = 255, OVERHEAD4 = 28, OVERHEAD6 = 48, MTU4 = 65535, MTU6 = 128000 };

static const char usage_text[] = "\nUsage\n"
                                 "  tracepath [options] <destination>\n"
                                 "\n"
                                 "Options:\n"
                                 "  -4             use IPv4\n"
                                 "  -6             use IPv6\n"
                                 "  -b             print both name and ip\n"
                                 "  -l <length>    use packet <length>\n"
                                 "  -m <hops>      use maximum <hops>\n"
                                 "  -n             no dns name resolution\n"
                                 "  -p <port>      use destination <port>\n"
                                 "  -V             print version and exit\n"
                                 "  <destination>  dns name or ip address\n"
                                 "\n"
                                 "For more details see tracepath(8).\n";

static int usage(struct tracepath *t)
{
    sink_puts(t->env->err, usage_text);
    return TRACEPATH_USAGE;
}

/* strtol_or_err() */
static int take_number(struct tracepath *t, const char *arg, int min, int max, int *value)
{
    char *end = NULL;
    errno = 0;
    long v = strtol(arg, &end, 10);
    if (*arg == '\0' || end == arg || *end || errno) {
        sink_printf(t->env->err, "tracepath: invalid argument: '%s'%s%s\n", arg, errno ? ": " : "",
                    errno ? cmd_strerror(errno) : "");
        return 1;
    }
    if (v < min || v > max) {
        sink_printf(t->env->err,
                    "tracepath: invalid argument: '%s': out of range: %d <= value <= %d\n", arg,
                    min, max);
        return 1;
    }
    *value = (int)v;
    return TRACEPATH_GO_ON;
}

static int print_version(struct tracepath *t)
{
    sink_printf(
        t->env->out,
        "tracepath from iputils %s\n"
        "libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n",
        cmd_profile(t->env)->tools.iputils);
    return 0;
}

static int take_option(struct tracepath *t, int option, const char *arg)
{
    switch (option) {
    case '4':
    case '6':
        if (t->family && t->family != (option == '4' ? VNET_AF_INET : VNET_AF_INET6)) {
            sink_puts(t->env->err, "tracepath: Only one -4 or -6 option may be specified\n");
            return 2;
        }
        t->family = option == '4' ? VNET_AF_INET : VNET_AF_INET6;
        return TRACEPATH_GO_ON;
    case 'b':
        t->both = true;
        return TRACEPATH_GO_ON;
    case 'n':
        t->numeric = true;
        return TRACEPATH_GO_ON;
    case 'l':
        return take_number(t, arg, INT_MIN, INT_MAX, &t->mtu);
    case 'm':
        return take_number(t, arg, 0, MAX_HOPS, &t->max_hops);
    case 'p':
        return take_number(t, arg, 0, 65535, &t->port);
    case 'V':
        return print_version(t);
    default:
        return usage(t);
    }
}

static bool resolve(struct tracepath *t, const char *name, uint8_t family)
{
    const struct hosts *hosts = vnet_hosts(t->s.w);
    struct inet_addr *out = &t->dst.addr;
    if (family != VNET_AF_INET6 &&
        (resolve_aton(name, out) || resolve_host(hosts, name, VNET_AF_INET, out)))
        return true;
    return family != VNET_AF_INET && resolve_host(hosts, name, VNET_AF_INET6, out);
}

/* "HOST/PORT", as ever; -p goes before. */
static int take_host(struct tracepath *t, char *host)
{
    char *slash = strchr(host, '/');
    if (slash && !t->port) {
        *slash = '\0';
        int status = take_number(t, slash + 1, 0, 65535, &t->port);
        if (status != TRACEPATH_GO_ON)
            return status;
    }
    if (strchr(host, '%')) {
        sink_printf(t->env->err, "vnet: tracepath address \"%s\" is not emulated\n", host);
        return 2;
    }
    if (resolve(t, host, t->family)) {
        t->family = t->dst.addr.family;
        return TRACEPATH_GO_ON;
    }
    bool other = t->family && resolve(t, host, VNET_AF_UNSPEC);
    sink_printf(t->env->err, "tracepath: %s: %s\n", host,
                other                 ? "Address family for hostname not supported"
                : !host_name_ok(host) ? "Name or service not known"
                                      : "Temporary failure in name resolution");
    return 1;
}

static int settle(struct tracepath *t, bool has_length)
{
    bool six = t->family == VNET_AF_INET6;
    t->overhead = six ? OVERHEAD6 : OVERHEAD4;
    if (!has_length)
        t->mtu = six ? MTU6 : MTU4;
    if (t->mtu > t->overhead)
        return TRACEPATH_GO_ON;
    sink_printf(t->env->err, "tracepath: pktlen must be within: %d < value <= %d\n", t->overhead,
                INT_MAX);
    return 1;
}

int tracepath_options(struct tracepath *t, int argc, char **argv)
{
    struct options o;
    int status = TRACEPATH_GO_ON;
    bool has_length = false;
    options_init(&o, argc, argv, "46bhl:m:np:V", NULL, t->env->err);
    o.complete = t->env->complete;
    o.usage = usage_text;
    for (int c; status == TRACEPATH_GO_ON && (c = options_next(&o)) != -1;) {
        status = take_option(t, c, o.arg);
        has_length |= c == 'l';
    }
    if (status == TRACEPATH_GO_ON && o.noperands != 1)
        status = usage(t);
    if (status == TRACEPATH_GO_ON && cmd_begin(t->env, &t->s.w, &t->s.ns) < 0)
        status = 1;
    if (status == TRACEPATH_GO_ON)
        status = take_host(t, o.operands[0]);
    options_release(&o);
    return status == TRACEPATH_GO_ON ? settle(t, has_length) : status;
}
