#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/options.h"
#include "cmd/ping/state.h"

static const char not_emulated[] = "N";

static const char usage_text[] =
    "\nUsage\n"
    "  ping [options] <destination>\n"
    "\nOptions:\n"
    "  <destination>      dns name or ip address\n"
    "  -a                 use audible ping\n"
    "  -A                 use adaptive ping\n"
    "  -B                 sticky source address\n"
    "  -c <count>         stop after <count> replies\n"
    "  -C                 call connect() syscall on socket creation\n"
    "  -D                 print timestamps\n"
    "  -d                 use SO_DEBUG socket option\n"
    "  -e <identifier>    define identifier for ping session, default is random for\n"
    "                     SOCK_RAW and kernel defined for SOCK_DGRAM\n"
    "                     Imply using SOCK_RAW (for IPv4 only for identifier 0)\n"
    "  -f                 flood ping\n"
    "  -h                 print help and exit\n"
    "  -I <interface>     either interface name or address\n"
    "  -i <interval>      seconds between sending each packet\n"
    "  -L                 suppress loopback of multicast packets\n"
    "  -l <preload>       send <preload> number of packages while waiting replies\n"
    "  -m <mark>          tag the packets going out\n"
    "  -M <pmtud opt>     define mtu discovery, can be one of <do|dont|want>\n"
    "  -n                 no dns name resolution\n"
    "  -O                 report outstanding replies\n"
    "  -p <pattern>       contents of padding byte\n"
    "  -q                 quiet output\n"
    "  -Q <tclass>        use quality of service <tclass> bits\n"
    "  -s <size>          use <size> as number of data bytes to be sent\n"
    "  -S <size>          use <size> as SO_SNDBUF socket option value\n"
    "  -t <ttl>           define time to live\n"
    "  -U                 print user-to-user latency\n"
    "  -v                 verbose output\n"
    "  -V                 print version and exit\n"
    "  -w <deadline>      reply wait <deadline> in seconds\n"
    "  -W <timeout>       time to wait for response\n"
    "\nIPv4 options:\n"
    "  -4                 use IPv4\n"
    "  -b                 allow pinging broadcast\n"
    "  -R                 record route\n"
    "  -T <timestamp>     define timestamp, can be one of <tsonly|tsandaddr|tsprespec>\n"
    "\nIPv6 options:\n"
    "  -6                 use IPv6\n"
    "  -F <flowlabel>     define flow label, default is random\n"
    "  -N <nodeinfo opt>  use icmp6 node info query, try <help> as argument\n"
    "\nFor more details see ping(8).\n";

void ping_complain(struct ping *p, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sink_flush(p->env->out);
    sink_printf(p->env->err, "%s: ", p->prog);
    sink_vprintf(p->env->err, fmt, ap);
    sink_puts(p->env->err, "\n");
    va_end(ap);
}

/* strtol_or_err(): 0, or the exit status. */
static int parse_number(struct ping *p, const char *s, int base, int64_t min, int64_t max,
                        int64_t *out)
{
    char *end = NULL;
    errno = 0;
    long v = strtol(s, &end, base);
    if (*s == '\0' || end == s || *end || errno) {
        int e = errno;
        ping_complain(p, "invalid argument: '%s'%s%s", s, e ? ": " : "", e ? cmd_strerror(e) : "");
        return 1;
    }
    if (v < min || v > max) {
        ping_complain(p, "invalid argument: '%s': out of range: %lld <= value <= %lld", s,
                      (long long)min, (long long)max);
        return 1;
    }
    *out = v;
    return 0;
}

/* ping_strtod() and the range that -i and -W share: seconds to milliseconds. */
static int parse_seconds(struct ping *p, const char *s, const char *what, double min, int64_t *ms)
{
    char *end = NULL;
    errno = 0;
    double v = *s ? strtod(s, &end) : 0;
    if (*s == '\0') {
        ping_complain(p, "%s: %s", what, s);
        return 2;
    }
    if (errno || end == s || *end) {
        ping_complain(p, "option argument contains garbage: %s", end);
        ping_complain(p, "this will become fatal error in the future");
    }
    int kind = fpclassify(v);
    if (kind != FP_NORMAL && kind != FP_ZERO) {
        ping_complain(p, "%s: %s: %s", what, s, cmd_strerror(ERANGE));
        return 2;
    }
    if (isless(v, min) || isgreater(v, (double)(INT_MAX / 1000))) {
        ping_complain(p, "%s: %s", what, s);
        return 2;
    }
    *ms = (int64_t)(v * 1000);
    return 0;
}

static int parse_pmtudisc(struct ping *p, const char *s)
{
    static const struct {
        const char *name;
        int value;
    } words[] = {{"dont", 0}, {"want", 1}, {"do", 2}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].name, s) == 0) {
            p->o.pmtudisc = words[i].value;
            return 0;
        }
    }
    ping_complain(p, "invalid -M argument: %s", s);
    return 2;
}

/* parsetos(): decimal or 0x hexadecimal, 0..254. */
static int parse_tos(struct ping *p, const char *s)
{
    bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
    int64_t v;
    int rc = parse_number(p, hex ? s + 2 : s, hex ? 16 : 10, 0, INT_MAX, &v);
    if (rc)
        return rc;
    if (v > 254) {
        ping_complain(p, "the decimal value of TOS bits must be in range 0-255: %d", (int)v);
        return 2;
    }
    p->o.tos = (int)v;
    return 0;
}

/* parseflow(): decimal or 0x hexadecimal, 20 bits. */
static int parse_flow(struct ping *p, const char *s)
{
    bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
    char *end;
    unsigned long v = (unsigned long)(int)strtoul(hex ? s + 2 : s, &end, hex ? 16 : 10);
    if (*end) {
        ping_complain(p, "bad value for flowinfo: %s", s);
        return 2;
    }
    if (v & ~0xfffffUL) {
        ping_complain(p, "flow value is greater than 20 bits: %s", s);
        return 2;
    }
    p->o.flowlabel = (uint32_t)v;
    p->o.flow_given = true;
    return 0;
}

/* ADDRESS or ADDRESS%DEVICE */
static int parse_source6(struct ping *p, const char *s)
{
    char addr[INET_ADDRSTRLEN_MAX];
    const char *percent = strchr(s, '%');
    size_t len = percent ? (size_t)(percent - s) : strlen(s);
    if (percent)
        p->o.device = percent + 1;
    if (len < sizeof(addr)) {
        memcpy(addr, s, len);
        addr[len] = '\0';
    }
    if (len >= sizeof(addr) || !inet_addr_parse(VNET_AF_INET6, addr, &p->o.source6)) {
        ping_complain(p, "invalid source address: %s", s);
        return 2;
    }
    p->o.strict_source = true;
    return 0;
}

static int parse_interface(struct ping *p, const char *s)
{
    if (strchr(s, ':'))
        return parse_source6(p, s);
    if (inet_addr_parse(VNET_AF_INET, s, &p->o.source))
        p->o.strict_source = p->o.source_given = true;
    else
        p->o.device = s;
    return 0;
}

static int set_family(struct ping *p, uint8_t family)
{
    if (p->o.family != VNET_AF_UNSPEC && p->o.family != family) {
        ping_complain(p, "only one -4 or -6 option may be specified");
        return 2;
    }
    p->o.family = family;
    return 0;
}

static int refuse(struct ping *p, int c)
{
    ping_complain(p, "option -%c is not emulated by vnet", c);
    return 2;
}

int ping_usage(struct ping *p)
{
    sink_flush(p->env->out);
    sink_puts(p->env->err, usage_text);
    return 2;
}

static int print_version(struct ping *p)
{
    sink_printf(p->env->out, "ping from iputils %s\n", cmd_profile(p->env)->tools.iputils);
    sink_puts(p->env->out, "libcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, "
                           "__fpending(): yes\n");
    return 0;
}

/* Options without an argument: the flag each sets. */
static bool *flag_of(struct ping_opts *o, int c)
{
    switch (c) {
    case 'a':
        return &o->audible;
    case 'A':
        return &o->adaptive;
    case 'b':
        return &o->broadcast;
    case 'B':
        return &o->strict_source;
    case 'C':
        return &o->connect;
    case 'd':
        return &o->debug;
    case 'D':
        return &o->timestamps;
    case 'L':
        return &o->noloop;
    case 'n':
        return &o->numeric;
    case 'O':
        return &o->outstanding;
    case 'q':
        return &o->quiet;
    case 'r':
        return &o->dontroute;
    case 'U':
        return &o->latency;
    case 'v':
        return &o->verbose;
    default:
        return NULL;
    }
}

/* Options whose argument is a whole number. */
static int parse_number_option(struct ping *p, int c, const char *arg)
{
    static const struct {
        char letter;
        int64_t min, max;
    } ranges[] = {
        {'c', 1, LONG_MAX}, {'e', 0, 65535},   {'l', 1, 65536}, {'m', 0, UINT_MAX},
        {'s', 0, INT_MAX},  {'S', 1, INT_MAX}, {'t', 0, 255},   {'w', 0, INT_MAX},
    };
    struct ping_opts *o = &p->o;
    size_t i = 0;
    while (ranges[i].letter != c)
        i++;
    int64_t v;
    int rc = parse_number(p, arg, 10, ranges[i].min, ranges[i].max, &v);
    if (rc)
        return rc;
    switch (c) {
    case 'c':
        o->count = v;
        break;
    case 'e':
        o->ident = (uint16_t)v;
        o->ident_given = true;
        break;
    case 'l':
        o->preload = (int)v;
        break;
    case 'm':
        o->mark = (uint32_t)v;
        o->mark_given = true;
        break;
    case 's':
        o->datalen = v;
        break;
    case 'S':
        o->sndbuf = v;
        break;
    case 't':
        o->ttl = (int)v;
        o->ttl_given = true;
        break;
    case 'w':
        o->deadline = v;
        break;
    }
    return 0;
}

static int parse_option(struct ping *p, int c, const char *arg)
{
    struct ping_opts *o = &p->o;
    int64_t ms = 0;
    int rc;
    bool *flag = flag_of(o, c);
    if (flag) {
        *flag = true;
        return 0;
    }
    if (strchr("ceslmStw", c))
        return parse_number_option(p, c, arg);
    switch (c) {
    case '4':
        return set_family(p, VNET_AF_INET);
    case '6':
        return set_family(p, VNET_AF_INET6);
    case 'f':
        o->flood = o->numeric = true;
        return 0;
    case 'i':
        rc = parse_seconds(p, arg, "bad timing interval", -INFINITY, &ms);
        o->interval = (int)ms;
        o->interval_given = true;
        return rc;
    case 'W':
        return parse_seconds(p, arg, "bad linger time", 0, &o->linger);
    case 'F':
        return parse_flow(p, arg);
    case 'I':
        return parse_interface(p, arg);
    case 'M':
        return parse_pmtudisc(p, arg);
    case 'R':
        return ping_option_record_route(p);
    case 'T':
        return ping_option_timestamp(p, arg);
    case 'p':
        o->pattern = arg;
        return 0;
    case 'Q':
        return parse_tos(p, arg);
    default:
        return strchr(not_emulated, c) ? refuse(p, c) : ping_usage(p);
    }
}

static int take_target(struct ping *p, const struct options *opts)
{
    if (opts->noperands == 0) {
        ping_complain(p, "usage error: %s", cmd_strerror(EDESTADDRREQ));
        return 1;
    }
    p->o.target = opts->operands[opts->noperands - 1];
    p->o.nhops = opts->noperands - 1;
    for (int i = 0; i < p->o.nhops && i < PING_ROUTE_MAX; i++)
        p->o.hops[i] = opts->operands[i];
    return -1;
}

int ping_parse_options(struct ping *p, int argc, char **argv)
{
    p->o = (struct ping_opts){.interval = 1000,
                              .preload = 1,
                              .pmtudisc = -1,
                              .linger = PING_LINGER * 1000,
                              .datalen = 56};
    char last = p->prog[strlen(p->prog) - 1];
    p->o.family = last == '4' ? VNET_AF_INET : last == '6' ? VNET_AF_INET6 : VNET_AF_UNSPEC;
    struct options opts;
    options_init(&opts, argc, argv, "h?4bRT:6F:N:aABc:CdDe:fi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:", NULL,
                 p->env->err);
    opts.complete = p->env->complete;
    opts.usage = usage_text;
    opts.not_emulated = not_emulated;
    int c, rc = 0;
    while (rc == 0 && (c = options_next(&opts)) != -1) {
        if (c == 'V') {
            rc = print_version(p);
            options_release(&opts);
            return rc;
        }
        rc = parse_option(p, c, opts.arg);
    }
    if (rc == 0)
        rc = take_target(p, &opts);
    options_release(&opts);
    return rc;
}
