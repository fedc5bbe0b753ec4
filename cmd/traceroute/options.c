/* The words of a traceroute, as its own parser (CLIF) takes and refuses them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/complete.h"
#include "cmd/resolve.h"
#include "cmd/traceroute/traceroute.h"
#include "vnet_link.h"

enum option_id {
    OPT_REFUSED, /* vnet does not emulate it */
    OPT_IPV4,
    OPT_IPV6,
    OPT_FIRST,
    OPT_ICMP,
    OPT_DEVICE,
    OPT_MAX,
    OPT_SIM,
    OPT_NUMERIC,
    OPT_PORT,
    OPT_WAIT,
    OPT_QUERIES,
    OPT_SOURCE,
    OPT_SENDWAIT,
    OPT_VERSION,
    OPT_HELP,
};

static const struct option_row {
    const char *letter, *name, *arg; /* NULL: none */
    enum option_id id;
} rows[] = {
    {"4", NULL, NULL, OPT_IPV4},
    {"6", NULL, NULL, OPT_IPV6},
    {"d", "debug", NULL, OPT_REFUSED},
    {"F", "dont-fragment", NULL, OPT_REFUSED},
    {"f", "first", "first_ttl", OPT_FIRST},
    {"g", "gateway", "gate,...", OPT_REFUSED},
    {"I", "icmp", NULL, OPT_ICMP},
    {"T", "tcp", NULL, OPT_REFUSED},
    {"i", "interface", "device", OPT_DEVICE},
    {"m", "max-hops", "max_ttl", OPT_MAX},
    {"N", "sim-queries", "squeries", OPT_SIM},
    {"n", NULL, NULL, OPT_NUMERIC},
    {"p", "port", "port", OPT_PORT},
    {"t", "tos", "tos", OPT_REFUSED},
    {"l", "flowlabel", "flow_label", OPT_REFUSED},
    {"w", "wait", "MAX,HERE,NEAR", OPT_WAIT},
    {"q", "queries", "nqueries", OPT_QUERIES},
    {"r", NULL, NULL, OPT_REFUSED},
    {"s", "source", "src_addr", OPT_SOURCE},
    {"z", "sendwait", "sendwait", OPT_SENDWAIT},
    {"e", "extensions", NULL, OPT_REFUSED},
    {"A", "as-path-lookups", NULL, OPT_REFUSED},
    {"M", "module", "name", OPT_REFUSED},
    {"O", "options", "OPTS,...", OPT_REFUSED},
    {NULL, "sport", "num", OPT_REFUSED},
    {NULL, "fwmark", "num", OPT_REFUSED},
    {"U", "udp", NULL, OPT_REFUSED},
    {"UL", NULL, NULL, OPT_REFUSED},
    {"D", "dccp", NULL, OPT_REFUSED},
    {"P", "protocol", "prot", OPT_REFUSED},
    {NULL, "mtu", NULL, OPT_REFUSED},
    {NULL, "back", NULL, OPT_REFUSED},
    {"V", "version", NULL, OPT_VERSION},
    {NULL, "help", NULL, OPT_HELP},
};

struct cursor {
    struct traceroute *t;
    int argc, i; /* i: the word being looked at */
    char **argv;
    int position;
};

static int refuse(struct cursor *c, const char *fmt, ...) VNET_PRINTF(2, 3);
static int refuse(struct cursor *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sink_vprintf(c->t->env->err, fmt, ap);
    va_end(ap);
    return TRACEROUTE_USAGE;
}

static bool take_uint(const char *arg, uint32_t *out)
{
    char *end;
    *out = (uint32_t)strtoul(arg, &end, 0);
    return end != arg && *end == '\0';
}

/* set_wait_specs(): what is not given does not count. */
static bool take_wait(struct traceroute *t, const char *arg)
{
    double *into[] = {&t->wait, &t->here, &t->near};
    t->here = t->near = 0;
    for (int i = 0; i < 3; i++) {
        char *end;
        *into[i] = strtod(arg, &end);
        if (end == arg || (i == 2 && *end))
            return false;
        if (!*end)
            return true;
        arg = end + 1;
    }
    return true;
}

static bool take_double(const char *arg, double *out)
{
    char *end;
    *out = strtod(arg, &end);
    return end != arg && *end == '\0';
}

static bool take_arg(struct traceroute *t, enum option_id id, const char *arg)
{
    switch (id) {
    case OPT_FIRST:
        return take_uint(arg, &t->first_hop);
    case OPT_MAX:
        return take_uint(arg, &t->max_hops);
    case OPT_SIM:
        return take_uint(arg, &t->sim_probes);
    case OPT_PORT:
        return take_uint(arg, &t->port);
    case OPT_QUERIES:
        return take_uint(arg, &t->probes_per_hop);
    case OPT_WAIT:
        return take_wait(t, arg);
    case OPT_SENDWAIT:
        return take_double(arg, &t->send_wait);
    case OPT_DEVICE:
        t->device = arg;
        return true;
    default:
        t->source = arg;
        return true;
    }
}

static int take_flag(struct cursor *c, enum option_id id)
{
    struct traceroute *t = c->t;
    switch (id) {
    case OPT_IPV4:
        t->family = VNET_AF_INET;
        break;
    case OPT_IPV6:
        t->family = VNET_AF_INET6;
        break;
    case OPT_ICMP:
        t->icmp = true;
        break;
    case OPT_NUMERIC:
        t->numeric = true;
        break;
    case OPT_VERSION:
        sink_puts(t->env->err,
                  "Modern traceroute for Linux, version 2.1.2\n"
                  "Copyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n");
        return 0;
    default:
        sink_puts(t->env->err, traceroute_usage);
        return 0;
    }
    return TRACEROUTE_GO_ON;
}

/* An option that is written as `word`; joined: an argument in the same word, NULL: none. */
static int take(struct cursor *c, const struct option_row *row, const char *word,
                const char *joined, bool is_long)
{
    if (row->id == OPT_REFUSED)
        return refuse(c, "vnet: traceroute option \"%s\" is not emulated\n", word);
    if (!row->arg)
        return take_flag(c, row->id);
    const char *arg = joined;
    if (!arg && !is_long && c->i + 1 < c->argc)
        arg = c->argv[++c->i];
    if (!arg)
        return refuse(c, "Option `%s' (argc %d) requires an argument: `%s%s%s'\n", word, c->i, word,
                      is_long ? "=" : " ", row->arg);
    if (take_arg(c->t, row->id, arg))
        return TRACEROUTE_GO_ON;
    return refuse(c, "Cannot handle `%s' option with arg `%s' (argc %d)\n", word, arg, c->i);
}

static const struct option_row *find(const char *name, size_t len, bool is_long)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *have = is_long ? rows[i].name : rows[i].letter;
        if (have && strlen(have) == len && strncmp(have, name, len) == 0)
            return &rows[i];
    }
    return NULL;
}

static int take_long(struct cursor *c, const char *word)
{
    size_t len = strcspn(word + 2, "=");
    const struct option_row *row = find(word + 2, len, true);
    const char *arg = word[2 + len] ? word + 3 + len : NULL;
    if (!row)
        return refuse(c, "Bad option `%s' (argc %d)\n", word, c->i);
    if (arg && !row->arg)
        return refuse(c, "Bad option `%s' (with arg `%s') (argc %d)\n", word, arg, c->i);
    struct strbuf name = STRBUF_INIT;
    strbuf_addf(&name, "%.*s", (int)(2 + len), word);
    int status = take(c, row, name.data, arg, true);
    strbuf_release(&name);
    return status;
}

/* "-n", "-m3", "-nI": in a cluster only options without arguments. */
static int take_short(struct cursor *c, const char *word)
{
    const struct option_row *row = find(word + 1, strlen(word + 1), false);
    char one[3] = {'-', word[1], '\0'};
    if (row)
        return take(c, row, word, NULL, false);
    row = find(word + 1, 1, false);
    if (row && row->arg)
        return take(c, row, one, word + 2, false);
    for (const char *p = word + 1; *p; p++) {
        one[1] = *p;
        row = find(p, 1, false);
        if (!row)
            return refuse(c, "Bad option `%s' (argc %d)\n", one, c->i);
        if (row->arg && row->id != OPT_REFUSED)
            return refuse(c, "Option `%s' (argc %d) requires an argument: `%s %s'\n", one, c->i,
                          one, row->arg);
        int status = take(c, row, one, NULL, false);
        if (status != TRACEROUTE_GO_ON)
            return status;
    }
    return TRACEROUTE_GO_ON;
}

/* ---- operands ---- */

static bool resolve(struct traceroute *t, const char *name, uint8_t family, struct inet_addr *out)
{
    if (family != VNET_AF_INET6 &&
        (resolve_aton(name, out) || resolve_host(vnet_hosts(t->s.w), name, VNET_AF_INET, out)))
        return true;
    return family != VNET_AF_INET && resolve_host(vnet_hosts(t->s.w), name, VNET_AF_INET6, out);
}

/* getaddrinfo()'s words. */
static const char *why_not(struct traceroute *t, const char *name)
{
    struct inet_addr other;
    if (t->family && resolve(t, name, VNET_AF_UNSPEC, &other))
        return "Address family for hostname not supported";
    return *name == '\0' || strchr(name, ':') ? "Name or service not known"
                                              : "Temporary failure in name resolution";
}

static int take_host(struct cursor *c, const char *word)
{
    struct traceroute *t = c->t;
    if (strchr(word, '%'))
        return refuse(c, "vnet: traceroute address \"%s\" is not emulated\n", word);
    if (cmd_begin(t->env, &t->s.w, &t->s.ns) < 0)
        return 1;
    if (resolve(t, word, t->family, &t->dst)) {
        t->host = word;
        t->family = t->dst.family;
        return TRACEROUTE_GO_ON;
    }
    return refuse(c, "%s: %s\nCannot handle \"host\" cmdline arg `%s' on position 1 (argc %d)\n",
                  word, why_not(t, word), word, c->i);
}

static int take_operand(struct cursor *c, const char *word)
{
    char *end;
    c->position++;
    if (c->position == 1)
        return take_host(c, word);
    if (c->position > 2)
        return refuse(c, "Extra arg `%s' (position %d, argc %d)\n", word, c->position, c->i);
    (void)strtol(word, &end, 0);
    if (end == word || *end)
        return refuse(c, "Cannot handle \"packetlen\" cmdline arg `%s' on position 2 (argc %d)\n",
                      word, c->i);
    c->t->packet_len = word;
    return TRACEROUTE_GO_ON;
}

/* ---- what they amount to ---- */

enum { MAX_HOPS = 255, MAX_PROBES = 10, MAX_PACKET_LEN = 65000, DEF_DATA_LEN = 40, UDP_HEADER = 8 };

static int check_numbers(struct cursor *c, long packet_len)
{
    const struct traceroute *t = c->t;
    if (!t->first_hop || t->first_hop > t->max_hops)
        return refuse(c, "first hop out of range\n");
    if (t->max_hops > MAX_HOPS)
        return refuse(c, "max hops cannot be more than %d\n", MAX_HOPS);
    if (!t->probes_per_hop || t->probes_per_hop > MAX_PROBES)
        return refuse(c, "no more than %d probes per hop\n", MAX_PROBES);
    if (t->wait < 0 || t->here < 0 || t->near < 0)
        return refuse(c, "bad wait specifications `%g,%g,%g' used\n", t->wait, t->here, t->near);
    if (packet_len > MAX_PACKET_LEN)
        return refuse(c, "too big packetlen %ld specified\n", packet_len);
    if (t->send_wait < 0)
        return refuse(c, "bad sendtime `%g' specified\n", t->send_wait);
    return TRACEROUTE_GO_ON;
}

static int check(struct cursor *c)
{
    struct traceroute *t = c->t;
    long packet_len = t->packet_len ? strtol(t->packet_len, NULL, 0) : -1;
    int status = check_numbers(c, packet_len);
    if (status != TRACEROUTE_GO_ON)
        return status;
    int header = t->icmp ? 0 : UDP_HEADER;
    if (t->send_wait >= 10) /* then it is in milliseconds */
        t->send_wait /= 1000;
    if (t->source && !resolve(t, t->source, VNET_AF_UNSPEC, &t->src))
        return refuse(c, "%s: %s\nCannot handle `-s' option with arg `%s' (argc %d)\n", t->source,
                      why_not(t, t->source), t->source, 2);
    if (t->source && t->src.family != t->family)
        return refuse(c, "IP version mismatch in addresses specified\n");
    t->header_len = (t->family == VNET_AF_INET ? 20 : 40) + header;
    t->data_len = packet_len < 0               ? DEF_DATA_LEN - header
                  : packet_len < t->header_len ? 0
                                               : (int)packet_len - t->header_len;
    return TRACEROUTE_GO_ON;
}

/* The row of "-i" or "--interface" that takes a value; NULL: none. */
static const struct option_row *find_taking(const char *word)
{
    for (size_t i = 0; word[0] == '-' && i < ARRAY_LEN(rows); i++) {
        const struct option_row *row = &rows[i];
        const char *name = word[1] == '-' ? row->name : row->letter;
        if (row->arg && row->id != OPT_REFUSED && name &&
            strcmp(name, word + 1 + (word[1] == '-')) == 0)
            return row;
    }
    return NULL;
}

static void offer_options(const struct completion *o)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf letter = STRBUF_INIT, name = STRBUF_INIT;
        if (rows[i].id == OPT_REFUSED)
            continue;
        strbuf_addf(&letter, "-%s", rows[i].letter ? rows[i].letter : "");
        if (rows[i].letter)
            complete_offer(o, letter.data);
        strbuf_addf(&name, "--%s", rows[i].name ? rows[i].name : "");
        if (rows[i].name)
            complete_offer(o, name.data);
        strbuf_release(&letter);
        strbuf_release(&name);
    }
}

static void offer_value(const struct completion *o, const struct option_row *row)
{
    struct strbuf name = STRBUF_INIT;
    complete_at_value(o);
    strbuf_addf(&name, "<%s>", row->arg);
    if (row->id == OPT_DEVICE)
        complete_offer_source(o, COMPLETE_DEVICES);
    else if (row->id == OPT_SOURCE)
        complete_offer_source(o, COMPLETE_ADDRESSES);
    else
        complete_offer_words(o, name.data);
    strbuf_release(&name);
}

/* What could be the last word: the options, or what the one before takes. */
static int complete(struct traceroute *t, int argc, char **argv)
{
    const struct completion *o = t->env->complete;
    const struct option_row *before = argc > 2 ? find_taking(argv[argc - 2]) : NULL;
    if (before)
        offer_value(o, before);
    else if (*o->word == '-')
        offer_options(o);
    else
        complete_offer_source(o, COMPLETE_ADDRESSES);
    return 0;
}

int traceroute_options(struct traceroute *t, int argc, char **argv)
{
    if (t->env->complete)
        return complete(t, argc, argv);
    struct cursor c = {.t = t, .argc = argc, .argv = argv};
    bool only_operands = false;
    if (argc == 1) {
        sink_puts(t->env->err, traceroute_usage);
        return 0;
    }
    for (c.i = 1; c.i < argc; c.i++) {
        const char *word = argv[c.i];
        int status;
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
            continue;
        }
        if (only_operands || word[0] != '-' || !word[1])
            status = take_operand(&c, word);
        else
            status = word[1] == '-' ? take_long(&c, word) : take_short(&c, word);
        if (status != TRACEROUTE_GO_ON)
            return status;
    }
    if (!c.position)
        return refuse(&c, "Specify \"host\" missing argument.\n");
    return check(&c);
}
