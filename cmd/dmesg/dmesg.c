/* dmesg (util-linux 2.38.1) */
#include "cmd/dmesg/dmesg.h"

#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "cmd/options.h"
#include "vnet_klog.h"

enum { FACILITY_KERN, FACILITIES = 12, USEC_PER_SEC = 1000000, OPT_FORMAT = 256 };

static const struct long_option longs[] = {
    {"buffer-size", 1, 's'},
    {"clear", 0, 'C'},
    {"color", 2, 'L'},
    {"console-level", 1, 'n'},
    {"console-off", 0, 'D'},
    {"console-on", 0, 'E'},
    {"ctime", 0, 'T'},
    {"decode", 0, 'x'},
    {"facility", 1, 'f'},
    {"file", 1, 'F'},
    {"follow", 0, 'w'},
    {"follow-new", 0, 'W'},
    {"force-prefix", 0, 'p'},
    {"help", 0, 'h'},
    {"human", 0, 'H'},
    {"json", 0, 'J'},
    {"kernel", 0, 'k'},
    {"level", 1, 'l'},
    {"nopager", 0, 'P'},
    {"notime", 0, 't'},
    {"raw", 0, 'r'},
    {"read-clear", 0, 'c'},
    {"reltime", 0, 'e'},
    {"show-delta", 0, 'd'},
    {"syslog", 0, 'S'},
    {"time-format", 1, OPT_FORMAT},
    {"userspace", 0, 'u'},
    {"version", 0, 'V'},
    {NULL, 0, 0},
};
/* Those that follow, read files or set the console, and JSON. */
static const char not_emulated[] = "DEFHJWnsw";

static const char *const level_names[VNET_KLOG_LEVELS] = {"emerg", "alert",  "crit", "err",
                                                          "warn",  "notice", "info", "debug"};
static const char *const facility_names[FACILITIES] = {"kern", "user",   "mail",     "daemon",
                                                       "auth", "syslog", "lpr",      "news",
                                                       "uucp", "cron",   "authpriv", "ftp"};

enum time_format { TIME_PLAIN, TIME_NONE, TIME_CTIME, TIME_DELTA, TIME_RELTIME, TIME_ISO };
static const struct {
    const char *name;
    enum time_format format;
} format_names[] = {{"delta", TIME_DELTA},
                    {"reltime", TIME_RELTIME},
                    {"ctime", TIME_CTIME},
                    {"notime", TIME_NONE},
                    {"iso", TIME_ISO}};

struct dmesg {
    struct cmd_env *env;
    bool clear, read_clear, raw, decode, color, done;
    enum time_format format;
    unsigned levels, facilities; /* sets; 0: all */
    int64_t boot;                /* us since the epoch */
    int64_t last;                /* us since boot, of the line before; -1: none */
    int64_t last_minute;         /* of the world's clock, in which the last line with a date was */
};

/* ---- options ---- */

static bool complain(const struct dmesg *d, const char *what)
{
    sink_printf(d->env->err, "dmesg: %s\nTry 'dmesg --help' for more information.\n", what);
    return false;
}

static int find_name(const char *const *names, int n, const char *word, size_t len)
{
    for (int i = 0; i < n; i++)
        if (strlen(names[i]) == len && strncmp(names[i], word, len) == 0)
            return i;
    return -1;
}

/* "warn,err" as a set. */
static bool parse_set(const struct dmesg *d, const char *list, const char *const *names, int n,
                      const char *what, unsigned *set)
{
    for (const char *word = list;; word++) {
        size_t len = strcspn(word, ",");
        int i = find_name(names, n, word, len);
        if (i < 0) {
            sink_printf(d->env->err, "dmesg: unknown %s '%.*s'\n", what, (int)len, word);
            return false;
        }
        *set |= 1U << i;
        word += len;
        if (!*word)
            return true;
    }
}

static bool parse_format(struct dmesg *d, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(format_names); i++) {
        if (strcmp(format_names[i].name, name) == 0) {
            d->format = format_names[i].format;
            return true;
        }
    }
    sink_printf(d->env->err, "dmesg: unknown time format: %s\n", name);
    return false;
}

static bool parse_color(struct dmesg *d, const char *when)
{
    if (!when || strcmp(when, "always") == 0)
        d->color = true;
    else if (strcmp(when, "never") == 0 || strcmp(when, "auto") == 0)
        d->color = false;
    else {
        sink_puts(d->env->err, "dmesg: unsupported color mode\n");
        return false;
    }
    return true;
}

static bool take_option(struct dmesg *d, int c, const char *arg)
{
    static const struct {
        char letter;
        enum time_format format;
    } formats[] = {{'T', TIME_CTIME}, {'d', TIME_DELTA}, {'e', TIME_RELTIME}};
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        if (c == formats[i].letter)
            d->format = formats[i].format;
    d->clear |= c == 'C';
    d->read_clear |= c == 'c';
    d->raw |= c == 'r';
    d->decode |= c == 'x';
    if (c == 't' && d->format == TIME_PLAIN)
        d->format = TIME_NONE;
    if (c == 'k')
        d->facilities |= 1U << FACILITY_KERN;
    if (c == 'u')
        d->facilities |= ((1U << FACILITIES) - 1) & ~(1U << FACILITY_KERN);
    switch (c) {
    case 'L':
        return parse_color(d, arg);
    case 'f':
        return parse_set(d, arg, facility_names, FACILITIES, "facility", &d->facilities);
    case 'l':
        return parse_set(d, arg, level_names, VNET_KLOG_LEVELS, "level", &d->levels);
    case OPT_FORMAT:
        return parse_format(d, arg);
    default:
        return true;
    }
}

static void print_names(struct sink *out, const char *const *names, const char *const *help, int n)
{
    for (int i = 0; i < n; i++)
        sink_printf(out, "%8s - %s\n", names[i], help[i]);
}

static void help(struct sink *out)
{
    static const char *const levels[] = {"system is unusable",  "action must be taken immediately",
                                         "critical conditions", "error conditions",
                                         "warning conditions",  "normal but significant condition",
                                         "informational",       "debug-level messages"};
    sink_puts(out,
              "\nUsage:\n dmesg [options]\n\nDisplay or control the kernel ring buffer.\n\n"
              "Options:\n"
              " -C, --clear                 clear the kernel ring buffer\n"
              " -c, --read-clear            read and clear all messages\n"
              " -f, --facility <list>       restrict output to defined facilities\n"
              " -k, --kernel                display kernel messages\n"
              " -L, --color[=<when>]        colorize messages (auto, always or never)\n"
              " -l, --level <list>          restrict output to defined levels\n"
              " -P, --nopager               do not pipe output into a pager\n"
              " -p, --force-prefix          force timestamp output on each line of "
              "multi-line messages\n"
              " -r, --raw                   print the raw message buffer\n"
              " -S, --syslog                force to use syslog(2) rather than /dev/kmsg\n"
              " -u, --userspace             display userspace messages\n"
              " -x, --decode                decode facility and level to readable string\n"
              " -d, --show-delta            show time delta between printed messages\n"
              " -e, --reltime               show local time and time delta in readable format\n"
              " -T, --ctime                 show human-readable timestamp (may be "
              "inaccurate!)\n"
              " -t, --notime                don't show any timestamp with messages\n"
              "     --time-format <format>  show timestamp using the given format:\n"
              "                               [delta|reltime|ctime|notime|iso]\n"
              "\n"
              " -h, --help                  display this help\n"
              " -V, --version               display version\n"
              "\nSupported log levels (priorities):\n");
    print_names(out, level_names, levels, VNET_KLOG_LEVELS);
    sink_puts(out, "\nFor more details see dmesg(1).\n");
}

static bool exclusive(const struct dmesg *d)
{
    const char *words =
        d->clear + d->read_clear + d->raw > 1
            ? "--clear --console-off --console-on --read-clear --console-level --raw"
        : d->raw && d->decode ? "--raw --decode"
                              : NULL;
    if (words)
        sink_printf(d->env->err, "dmesg: mutually exclusive arguments: %s\n", words);
    return !words;
}

static bool parse(struct dmesg *d, struct options *o)
{
    for (int c; (c = options_next(o)) != -1;) {
        if (c == '?')
            return d->env->complete
                       ? false
                       : (sink_puts(d->env->err, "Try 'dmesg --help' for more information.\n"),
                          false);
        d->done = c == 'h' || c == 'V';
        if (c == 'h')
            help(d->env->out);
        if (c == 'V')
            sink_puts(d->env->out, "dmesg from util-linux 2.38.1\n");
        if (d->done)
            return true;
        if (c < OPT_FORMAT && strchr(not_emulated, c)) {
            sink_printf(d->env->err, "dmesg: option -%c is not emulated by vnet\n", c);
            return false;
        }
        if (!take_option(d, c, o->arg) || !exclusive(d))
            return false;
    }
    return o->noperands == 0 || complain(d, "bad usage");
}

/* ---- printing ---- */

static void put_date(struct strbuf *sb, int64_t us, const char *format)
{
    char text[64];
    struct tm tm;
    time_t seconds = (time_t)(us / USEC_PER_SEC);
    if (gmtime_r(&seconds, &tm) && strftime(text, sizeof(text), format, &tm))
        strbuf_adds(sb, text);
}

static void put_plain(struct strbuf *sb, int64_t us)
{
    strbuf_addf(sb, "[%5lld.%06lld", (long long)(us / USEC_PER_SEC),
                (long long)(us % USEC_PER_SEC));
}

/* The date where the minute is another one, else the time since the line before. */
static void put_reltime(struct dmesg *d, struct strbuf *sb, int64_t us)
{
    int64_t minute = (d->boot + us) / USEC_PER_SEC / 60;
    if (d->last < 0 || minute != d->last_minute)
        put_date(sb, d->boot + us, "[%b%e %H:%M] ");
    else
        strbuf_addf(sb, "[%+11.6f] ", (double)(us - d->last) / USEC_PER_SEC);
    d->last_minute = minute;
}

static void put_time(struct dmesg *d, struct strbuf *sb, int64_t us)
{
    double since = d->last < 0 ? 0.0 : (double)(us - d->last) / USEC_PER_SEC;
    switch (d->raw ? TIME_PLAIN : d->format) {
    case TIME_PLAIN:
        put_plain(sb, us);
        strbuf_adds(sb, "] ");
        break;
    case TIME_DELTA:
        put_plain(sb, us);
        strbuf_addf(sb, " <%12.6f>] ", since);
        break;
    case TIME_CTIME:
        put_date(sb, d->boot + us, "[%a %b %e %H:%M:%S %Y] ");
        break;
    case TIME_RELTIME:
        put_reltime(d, sb, us);
        break;
    case TIME_ISO:
        put_date(sb, d->boot + us, "%Y-%m-%dT%H:%M:%S");
        strbuf_addf(sb, ",%06lld+00:00 ", (long long)((d->boot + us) % USEC_PER_SEC));
        break;
    case TIME_NONE:
        break;
    }
    d->last = us;
}

static void put_coloured(struct sink *out, const char *color, const char *text, size_t len)
{
    if (len)
        sink_printf(out, "%s%.*s%s", color, (int)len, text, *color ? "\033[0m" : "");
}

/* The subsystem is what stands before the first ": ". */
static void put_message(const struct dmesg *d, const struct vnet_klog_line *line)
{
    static const char *const colors[VNET_KLOG_LEVELS] = {[VNET_KLOG_ALERT] = "\033[7m\033[31m",
                                                         [VNET_KLOG_CRIT] = "\033[1m\033[31m",
                                                         [VNET_KLOG_ERR] = "\033[31m",
                                                         [VNET_KLOG_WARNING] = "\033[1m"};
    const char *subsystem = d->color ? strstr(line->text, ": ") : NULL;
    const char *rest = subsystem ? subsystem + 2 : line->text;
    const char *color = d->color && colors[line->level] ? colors[line->level] : "";
    put_coloured(d->env->out, "\033[33m", line->text, (size_t)(rest - line->text));
    put_coloured(d->env->out, color, rest, strlen(rest));
    sink_puts(d->env->out, "\n");
}

static void print_line(struct dmesg *d, const struct vnet_klog_line *line)
{
    struct strbuf sb = STRBUF_INIT;
    if ((d->levels && !(d->levels & 1U << line->level)) ||
        (d->facilities && !(d->facilities & 1U << FACILITY_KERN)))
        return;
    if (d->raw)
        sink_printf(d->env->out, "<%d>", line->level);
    if (d->decode)
        sink_printf(d->env->out, "%-6s:%-6s: ", facility_names[FACILITY_KERN],
                    level_names[line->level]);
    put_time(d, &sb, line->time / NSEC_PER_USEC);
    put_coloured(d->env->out, d->color ? "\033[32m" : "", strbuf_cstr(&sb), sb.len);
    put_message(d, line);
    strbuf_release(&sb);
}

static int run(struct dmesg *d)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(d->env, &w, &ns) < 0)
        return 1;
    d->boot = vnet_boot_time(w) / NSEC_PER_USEC;
    for (uint64_t i = vnet_klog_first(w); !d->clear && i < vnet_klog_next(w); i++) {
        const struct vnet_klog_line line = vnet_klog_get(w, i);
        print_line(d, &line);
    }
    if (d->clear || d->read_clear)
        vnet_klog_clear(w);
    return cmd_commit(d->env) < 0;
}

int dmesg_main(struct cmd_env *env, int argc, char **argv)
{
    struct dmesg d = {
        .env = env, .last = -1, .color = env->out->fd >= 0 && env->out->line_buffered};
    struct options o;
    options_init(&o, argc, argv, "CcDdEeF:f:HhJkL::l:n:PprSs:TtuVWwx", longs, env->err);
    o.complete = env->complete;
    o.not_emulated = not_emulated;
    bool ok = parse(&d, &o);
    options_release(&o);
    return !ok ? 1 : d.done || env->complete ? 0 : run(&d);
}
