#include "cmd/tcpdump/cmdline.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/nametab.h"

enum { /* options without a letter */
       OPT_VERSION = 256,
       OPT_PRECISION,
       OPT_IMMEDIATE,
       OPT_PRINT,
       OPT_MICRO,
       OPT_NANO,
       OPT_COUNT,
       OPT_LAST,
};

static const char short_options[] =
    "aAbB:c:C:dDeE:fF:G:hHi:Ij:JKlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:z:Z:#";

/* tcpdump 4.99.3's, in its order (seen where an abbreviation is ambiguous), and vnet's own. */
static const struct long_option long_options[] = {
    {"buffer-size", 1, 'B'},
    {"list-interfaces", 0, 'D'},
    {"help", 0, 'h'},
    {"interface", 1, 'i'},
    {"monitor-mode", 0, 'I'},
    {"time-stamp-type", 1, 'j'},
    {"list-time-stamp-types", 0, 'J'},
    {"micro", 0, OPT_MICRO},
    {"nano", 0, OPT_NANO},
    {"dont-verify-checksums", 0, 'K'},
    {"list-data-link-types", 0, 'L'},
    {"no-optimize", 0, 'O'},
    {"no-promiscuous-mode", 0, 'p'},
    {"direction", 1, 'Q'},
    {"snapshot-length", 1, 's'},
    {"absolute-tcp-sequence-numbers", 0, 'S'},
    {"packet-buffered", 0, 'U'},
    {"linktype", 1, 'y'},
    {"relinquish-privileges", 1, 'Z'},
    {"number", 0, '#'},
    {"count", 0, OPT_COUNT},
    {"time-stamp-precision", 1, OPT_PRECISION},
    {"immediate-mode", 0, OPT_IMMEDIATE},
    {"print", 0, OPT_PRINT},
    {"version", 0, OPT_VERSION},
    {"last", 0, OPT_LAST},
    {NULL, 0, 0},
};

/* What the real one has and vnet does not emulate. */
static const char not_emulated[] = "aCEfGHmMTVWz";

static const char usage[] =
    "Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]\n"
    "\t\t[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]\n"
    "\t\t[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]\n"
    "\t\t[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]\n"
    "\t\t[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]\n"
    "\t\t[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]\n"
    "\t\t[ --time-stamp-precision precision ] [ --micro ] [ --nano ]\n"
    "\t\t[ -z postrotate-command ] [ -Z user ] [ expression ]\n";

static int put_version(struct cmd_env *env, struct sink *to)
{
    const struct tool_facts *facts = &cmd_profile(env)->tools;
    sink_printf(to, "tcpdump version %s\nlibpcap version %s", facts->tcpdump, facts->libpcap);
    sink_puts(to, facts->tcpdump_snapshot ? " (with TPACKET_V3)\n" : "\n");
    return 0;
}

static int put_usage(struct cmd_env *env, struct sink *to, int status)
{
    put_version(env, to);
    sink_puts(to, usage);
    return status;
}

static int refuse(const struct cmd_env *env, const char *what, const char *arg, const char *after)
{
    sink_printf(env->err, "tcpdump: %s%s%s\n", what, arg, after);
    return 1;
}

/* strtol()'s number (blanks, sign, base 0 or 10) and nothing after it. */
static bool number(const char *s, int base, long *out)
{
    char *end;
    errno = 0;
    *out = strtol(s, &end, base);
    return end != s && *end == '\0' && errno == 0;
}

/* atoi(), as -c is read: the value wraps to an int. */
static int parse_count(const struct cmd_env *env, struct tcpdump_args *a, const char *arg)
{
    char *end;
    long n = strtol(arg, &end, 10);
    if (end == arg || *end != '\0' || n <= 0)
        return refuse(env, "invalid packet count ", arg, "");
    a->count = n;
    return ARGS_GO_ON;
}

static int parse_snaplen(const struct cmd_env *env, struct tcpdump_args *a, const char *arg)
{
    long n;
    if (!number(arg, 0, &n) || n < 0 || n > TCPDUMP_SNAPLEN)
        return refuse(env, "invalid snaplen ", arg, " (must be >= 0 and <= 262144)");
    a->snaplen = n ? (unsigned)n : TCPDUMP_SNAPLEN;
    return ARGS_GO_ON;
}

/* -B: KiB for the capture buffer, as many as an int counts in bytes. Captures read the recorder,
 * which keeps what it has whatever the size. */
static int parse_buffer_size(const struct cmd_env *env, const char *arg)
{
    long n = strtol(arg, NULL, 10);
    if (n <= 0 || n > INT_MAX / 1024)
        return refuse(env, "invalid packet buffer size ", arg, "");
    return ARGS_GO_ON;
}

static int parse_direction(const struct cmd_env *env, struct tcpdump_args *a, const char *arg)
{
    static const struct nametab names[] = {
        {"inout", DIRECTION_INOUT}, {"in", DIRECTION_IN}, {"out", DIRECTION_OUT}, {NULL, 0}};
    for (const struct nametab *t = names; t->name; t++)
        if (strcasecmp(arg, t->name) == 0) {
            a->direction = (enum capture_direction)t->value;
            a->direction_given = true;
            return ARGS_GO_ON;
        }
    return refuse(env, "unknown capture direction `", arg, "'");
}

static int parse_precision(const struct cmd_env *env, struct tcpdump_args *a, const char *arg)
{
    if (strcmp(arg, "micro") != 0 && strcmp(arg, "nano") != 0)
        return refuse(env, "unsupported time stamp precision", "", "");
    a->dissect.nanoseconds = arg[0] == 'n';
    return ARGS_GO_ON;
}

static int parse_stamp_type(const struct cmd_env *env, const char *arg)
{
    if (strcmp(arg, "host") == 0) /* the world's clock: all that vnet has */
        return ARGS_GO_ON;
    return refuse(env, "invalid time stamp type ", arg, "");
}

/* ---- tables: which field an option sets ---- */

struct counter_option {
    char letter;
    size_t offset; /* of an unsigned that counts */
};
struct flag_option {
    int value;
    size_t offset; /* of a bool */
};
struct text_option {
    char letter;
    size_t offset; /* of a const char * */
};

static const struct counter_option counter_options[] = {
    {'d', offsetof(struct tcpdump_args, dump_code)},
    {'t', offsetof(struct tcpdump_args, times)},
    {'v', offsetof(struct tcpdump_args, dissect.verbose)},
    {'q', offsetof(struct tcpdump_args, dissect.quiet)},
    {'x', offsetof(struct tcpdump_args, dissect.hex)},
    {'X', offsetof(struct tcpdump_args, dissect.hex_ascii)},
    {'A', offsetof(struct tcpdump_args, dissect.ascii)},
};

static const struct flag_option flag_options[] = {
    {'D', offsetof(struct tcpdump_args, list_devices)},
    {'L', offsetof(struct tcpdump_args, list_links)},
    {'J', offsetof(struct tcpdump_args, list_stamps)},
    {'l', offsetof(struct tcpdump_args, line_buffered)},
    {'U', offsetof(struct tcpdump_args, packet_buffered)},
    {'O', offsetof(struct tcpdump_args, no_optimizer)},
    {'I', offsetof(struct tcpdump_args, monitor)},
    {'f', offsetof(struct tcpdump_args, foreign)},
    {'e', offsetof(struct tcpdump_args, dissect.link_header)},
    {'n', offsetof(struct tcpdump_args, dissect.no_names)},
    {'N', offsetof(struct tcpdump_args, dissect.no_domain)},
    {'K', offsetof(struct tcpdump_args, dissect.no_checksums)},
    {'S', offsetof(struct tcpdump_args, dissect.absolute_seq)},
    {'#', offsetof(struct tcpdump_args, dissect.number)},
    {OPT_IMMEDIATE, offsetof(struct tcpdump_args, immediate)},
    {OPT_PRINT, offsetof(struct tcpdump_args, print)},
    {OPT_COUNT, offsetof(struct tcpdump_args, only_count)},
    {OPT_LAST, offsetof(struct tcpdump_args, last)},
    {OPT_NANO, offsetof(struct tcpdump_args, dissect.nanoseconds)},
};

static const struct text_option text_options[] = {
    {'i', offsetof(struct tcpdump_args, device)},
    {'r', offsetof(struct tcpdump_args, read_file)},
    {'w', offsetof(struct tcpdump_args, write_file)},
    {'F', offsetof(struct tcpdump_args, filter_file)},
    {'y', offsetof(struct tcpdump_args, link_name)},
};

static bool set_field(struct tcpdump_args *a, int c, const char *arg)
{
    char *base = (char *)a;
    for (size_t i = 0; i < ARRAY_LEN(counter_options); i++)
        if (counter_options[i].letter == c) {
            ++*(unsigned *)(void *)(base + counter_options[i].offset);
            return true;
        }
    for (size_t i = 0; i < ARRAY_LEN(flag_options); i++)
        if (flag_options[i].value == c) {
            *(bool *)(void *)(base + flag_options[i].offset) = true;
            return true;
        }
    for (size_t i = 0; i < ARRAY_LEN(text_options); i++)
        if (text_options[i].letter == c) {
            *(const char **)(void *)(base + text_options[i].offset) = arg;
            return true;
        }
    return false;
}

static int refuse_option(const struct cmd_env *env, int letter)
{
    sink_printf(env->err, "tcpdump: option -%c is not emulated\n", letter);
    return 1;
}

static int take(struct cmd_env *env, struct tcpdump_args *a, int c, const char *arg)
{
    if (set_field(a, c, arg))
        return ARGS_GO_ON;
    switch (c) {
    case 'h':
        return put_usage(env, env->out, 0);
    case OPT_VERSION:
        return put_version(env, env->out);
    case 'c':
        return parse_count(env, a, arg);
    case 's':
        return parse_snaplen(env, a, arg);
    case 'B':
        return parse_buffer_size(env, arg);
    case 'Q':
        return parse_direction(env, a, arg);
    case 'j':
        return parse_stamp_type(env, arg);
    case OPT_PRECISION:
        return parse_precision(env, a, arg);
    case OPT_MICRO:
        a->dissect.nanoseconds = false;
        return ARGS_GO_ON;
    case 'p':
        a->no_promisc = true;
        return ARGS_GO_ON;
    case 'Z': /* root is who captures; there is nobody else */
        return strcmp(arg, "root") == 0 ? ARGS_GO_ON : refuse_option(env, c);
    case 'b': /* how AS numbers of BGP, file handles of NFS are shown: neither is dissected */
    case 'u':
        return ARGS_GO_ON;
    }
    if (c < 256 && strchr(not_emulated, c))
        return refuse_option(env, c);
    return put_usage(env, env->err, 1);
}

static int finish(const struct cmd_env *env, struct tcpdump_args *a)
{
    if (!a->list_devices && a->times > STAMP_SINCE_FIRST)
        return refuse(env, "only -t, -tt, -ttt, -tttt and -ttttt are supported", "", "");
    if (a->foreign && a->read_file)
        return refuse(env, "-f can not be used with -V or -r", "", "");
    if (a->foreign)
        return refuse_option(env, 'f');
    a->dissect.stamp = (enum dissect_stamp)a->times;
    return ARGS_GO_ON;
}

int tcpdump_args_parse(struct cmd_env *env, int argc, char **argv, struct tcpdump_args *a)
{
    struct options o;
    int status = ARGS_GO_ON, c;
    *a = (struct tcpdump_args){.count = -1, .snaplen = TCPDUMP_SNAPLEN};
    options_init(&o, argc, argv, short_options, long_options, env->err);
    o.complete = env->complete;
    o.usage = usage;
    o.not_emulated = not_emulated;
    while (status == ARGS_GO_ON && (c = options_next(&o)) != -1)
        status = take(env, a, c, o.arg);
    for (int i = 0; i < o.noperands; i++)
        strbuf_addf(&a->expression, "%s%s", i ? " " : "", o.operands[i]);
    options_release(&o);
    return status == ARGS_GO_ON ? finish(env, a) : status;
}

void tcpdump_args_release(struct tcpdump_args *a)
{
    strbuf_release(&a->expression);
}
