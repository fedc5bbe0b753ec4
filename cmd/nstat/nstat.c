#include "cmd/nstat/nstat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/files.h"
#include "cmd/options.h"
#include "vnet_proc.h"

enum { NSTAT_ERROR = 255, NSTAT_BAD_HISTORY = 254 };

static const char not_emulated[] = {'d', '\0'};

static const struct long_option long_options[] = {
    {"help", 0, 'h'},     {"ignore", 0, 'a'},  {"scan", 1, 'd'},     {"nooutput", 0, 'n'},
    {"json", 0, 'j'},     {"reset", 0, 'r'},   {"noupdate", 0, 's'}, {"pretty", 0, 'p'},
    {"interval", 1, 't'}, {"version", 0, 'V'}, {"zeros", 0, 'z'},    {NULL, 0, 0},
};

static const char usage_text[] = "Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]\n"
                                 "   -h, --help          this message\n"
                                 "   -a, --ignore        ignore history\n"
                                 "   -d, --scan=SECS     sample every statistics every SECS\n"
                                 "   -j, --json          format output in JSON\n"
                                 "   -n, --nooutput      do history only\n"
                                 "   -p, --pretty        pretty print\n"
                                 "   -r, --reset         reset history\n"
                                 "   -s, --noupdate      don't update history\n"
                                 "   -t, --interval=SECS report average over the last SECS\n"
                                 "   -V, --version       output version information\n"
                                 "   -z, --zeros         show entries with zero activity\n";

struct nstat {
    struct cmd_env *env;
    struct vnet *w;
    struct netns *ns;
    bool ignore_history, no_output, no_update, reset;
    struct nstat_show show;
    const char *file; /* $NSTAT_HISTORY; NULL: the world has it */
    int fd;           /* of the file, -1: not open */
    char source[128];
    struct nstat_list now, history;
};

/* ---- options ---- */

static int version(struct cmd_env *env)
{
    const char *v = cmd_profile(env)->tools.ip_version;
    sink_printf(env->out, "nstat utility, %.*s\n", (int)strcspn(v, ","), v);
    return 0;
}

static int complain(struct cmd_env *env, const char *what)
{
    sink_printf(env->err, "nstat: %s\n", what);
    return NSTAT_ERROR;
}

/* Only for the daemon of -d, whose averages it asks for. */
static int check_interval(struct cmd_env *env, const char *text)
{
    int seconds;
    if (sscanf(text, "%9d", &seconds) != 1 || seconds <= 0)
        return complain(env, "invalid time constant divisor");
    return -1;
}

static bool *flag_of(struct nstat *n, int c)
{
    const struct {
        int letter;
        bool *flag;
    } flags[] = {
        {'a', &n->ignore_history}, {'j', &n->show.json}, {'n', &n->no_output},
        {'p', &n->show.pretty},    {'r', &n->reset},     {'s', &n->no_update},
        {'z', &n->show.zeros},
    };
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (flags[i].letter == c)
            return flags[i].flag;
    return NULL;
}

/* -1: go on; else the exit status. */
static int take_option(struct nstat *n, const struct options *o, int c)
{
    bool *flag = flag_of(n, c);
    if (flag) {
        *flag = true;
        return -1;
    }
    switch (c) {
    case 'd':
        return complain(n->env, "vnet does not emulate the sampling daemon (-d)");
    case 't':
        return check_interval(n->env, o->arg);
    case 'v':
    case 'V':
        return version(n->env);
    default:
        sink_puts(n->env->err, usage_text);
        return NSTAT_ERROR;
    }
}

/* ---- history ---- */

static int open_failed(struct nstat *n, int error)
{
    sink_printf(n->env->err, "nstat: open history file: %s\n", cmd_strerror(-error));
    return NSTAT_ERROR;
}

static int read_file(struct nstat *n)
{
    struct strbuf text = STRBUF_INIT;
    char block[4096];
    ssize_t got;
    n->fd = files_open(n->env->files, n->file, O_RDWR | O_CREAT | O_NOFOLLOW);
    if (n->fd < 0)
        return open_failed(n, n->fd);
    while ((got = read(n->fd, block, sizeof(block))) > 0)
        strbuf_add(&text, block, (size_t)got);
    strbuf_addc(&text, '\0');
    bool ok = nstat_parse_lines(&n->history, text.data, n->source, sizeof(n->source));
    strbuf_release(&text);
    if (!ok)
        sink_puts(n->env->err, "nstat.c:146: error parsing history file\n");
    return ok ? -1 : NSTAT_BAD_HISTORY;
}

/* -1: go on. */
static int load_history(struct nstat *n)
{
    size_t count;
    if (n->reset && n->file)
        files_remove(n->env->files, n->file);
    else if (n->reset)
        vnet_nstat_keep(n->w, NULL, 0);
    if (n->ignore_history && n->no_update)
        return -1;
    if (n->file)
        return read_file(n);
    const struct vnet_nstat_entry *v = vnet_nstat_history(n->w, &count);
    for (size_t i = 0; i < count; i++)
        nstat_add(&n->history, v[i].name, v[i].value);
    return -1;
}

/* One of a daemon's is of no use without it. */
static void check_source(struct nstat *n)
{
    if (n->history.n && n->source[0] && strcmp(n->source, "kernel") != 0) {
        sink_puts(n->env->err, "nstat: history is stale, ignoring it.\n");
        nstat_release(&n->history);
        n->source[0] = '\0';
    }
    if (!n->source[0])
        strcpy(n->source, "kernel");
}

static void keep_history(struct nstat *n)
{
    struct nstat_show how = n->show;
    struct nstat_list kept = {NULL, 0, 0};
    struct sink text;
    char source[sizeof(n->source)];
    how.json = false;
    sink_init_mem(&text);
    nstat_dump(&text, &how, &n->now, &n->history, true);
    if (n->file) {
        if (ftruncate(n->fd, 0) == 0 && lseek(n->fd, 0, SEEK_SET) == 0 &&
            write(n->fd, text.buf.data, text.buf.len) < 0)
            sink_printf(n->env->err, "nstat: write: %s\n", cmd_strerror(errno));
    } else {
        sink_write(&text, "", 1);
        nstat_parse_lines(&kept, text.buf.data, source, sizeof(source));
        vnet_nstat_keep(n->w, kept.v, kept.n);
    }
    nstat_release(&kept);
    sink_release(&text);
}

/* ---- run ---- */

/* In the order in which they are found, the latest file's first. */
static void load_kernel(struct nstat *n)
{
    struct strbuf text = STRBUF_INIT;
    vnet_proc_net(n->ns, "snmp", &text);
    nstat_parse_tables(&n->now, text.data);
    strbuf_reset(&text);
    char none[sizeof(n->source)];
    vnet_proc_net(n->ns, "snmp6", &text);
    nstat_parse_lines(&n->now, text.data, none, sizeof(none));
    strbuf_reset(&text);
    vnet_proc_net(n->ns, "netstat", &text);
    nstat_parse_tables(&n->now, text.data);
    strbuf_release(&text);
}

static int show(struct nstat *n)
{
    int status = load_history(n);
    if (status >= 0)
        return status;
    check_source(n);
    load_kernel(n);
    n->show.source = n->source;
    if (!n->no_output && (n->ignore_history || n->history.n == 0))
        nstat_dump(n->env->out, &n->show, &n->now, &n->history, false);
    else if (!n->no_output)
        nstat_dump_added(n->env->out, &n->show, &n->now, &n->history);
    if (!n->no_update)
        keep_history(n);
    return 0;
}

static int run(struct nstat *n)
{
    if (cmd_begin(n->env, &n->w, &n->ns) < 0)
        return 1;
    int status = show(n);
    if (n->fd >= 0)
        close(n->fd);
    nstat_release(&n->now);
    nstat_release(&n->history);
    return cmd_commit(n->env) < 0 ? 1 : status;
}

int nstat_main(struct cmd_env *env, int argc, char **argv)
{
    struct nstat n = {.env = env, .fd = -1};
    struct options o;
    int c, status = -1;
    options_init(&o, argc, argv, "h?vVzrnasd:t:jp", long_options, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    o.not_emulated = not_emulated;
    while (status < 0 && (c = options_next(&o)) != -1)
        status = take_option(&n, &o, c);
    n.show.patterns = o.operands;
    n.file = env->getenv ? env->getenv("NSTAT_HISTORY") : NULL;
    if (status < 0)
        status = env->complete ? 1 : run(&n);
    options_release(&o);
    return status;
}
