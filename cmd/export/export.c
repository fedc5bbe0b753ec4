/* vnet export: the world as commands. */
#include "cmd/export/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "cmd/export/parts.h"
#include "cmd/import/world_ip.h"
#include "cmd/options.h"
#include "vnet_netns.h"

enum { EXIT_WHOLE = 0, EXIT_PART = 1, EXIT_USAGE = 2 };

static const char usage_text[] =
    "Usage: vnet export --commands [--nics veth]\n"
    "Print the ip and sysctl commands that rebuild the world in a fresh namespace.\n"
    "\n"
    "  --nics veth  make an end of a veth pair for each network card, which no\n"
    "               command makes; else they must be there\n";

/* ---- commands ---- */

void export_quoted(struct sink *out, const char *word)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "._-/:@+=,%";
    if (*word && word[strspn(word, safe)] == '\0') {
        sink_puts(out, word);
        return;
    }
    sink_puts(out, "'");
    for (; *word; word++) {
        if (*word == '\'')
            sink_puts(out, "'\\''");
        else
            sink_write(out, word, 1);
    }
    sink_puts(out, "'");
}

void export_print(struct exporter *e, const char *words)
{
    struct strbuf word = STRBUF_INIT;
    for (const char *s = words; *s;) {
        size_t n = strcspn(s, " ");
        strbuf_reset(&word);
        strbuf_add(&word, s, n);
        if (s != words)
            sink_puts(e->out, " ");
        export_quoted(e->out, word.data);
        s += n + (s[n] == ' ');
    }
    sink_puts(e->out, "\n");
    strbuf_release(&word);
}

void export_note(struct exporter *e, const char *fmt, ...)
{
    va_list ap;
    e->incomplete = true;
    sink_puts(e->err, "vnet: ");
    va_start(ap, fmt);
    sink_vprintf(e->err, fmt, ap);
    va_end(ap);
    sink_puts(e->err, "\n");
}

void export_ip(struct exporter *e, uint8_t family, const char *fmt, ...)
{
    struct strbuf words = STRBUF_INIT, line = STRBUF_INIT;
    struct vnet_err err = {""};
    va_list ap;
    va_start(ap, fmt);
    strbuf_vaddf(&words, fmt, ap);
    va_end(ap);
    strbuf_addf(&line, "ip %s%s",
                family == VNET_AF_INET6  ? "-6 "
                : family == VNET_AF_INET ? "-4 "
                                         : "",
                words.data);
    export_print(e, line.data);
    if (!world_ip(e->scratch, e->sns, family, words.data, NULL, &err))
        export_note(e, "%.200s: %.200s", line.data, err.msg);
    strbuf_release(&words);
    strbuf_release(&line);
}

/* ---- the whole ---- */

/* Links are past their start-up in the scratch world when addresses are compared. */
static void settle(struct exporter *e)
{
    vnet_run_until(e->scratch, vnet_now(e->scratch) + VNET_PRESET_TIME);
}

/* What another namespace has is not rebuilt. */
static void note_namespaces(struct exporter *e)
{
    for (const struct netns *ns = NULL; (ns = vnet_netns_next(e->w, ns));)
        if (ns != e->ns)
            export_note(e, "network namespace %s: left out", vnet_netns_name(ns));
}

static void export_parts(struct exporter *e)
{
    e->scratch = vnet_new(vnet_world_profile(e->w), 1, vnet_now(e->w) - VNET_PRESET_TIME);
    e->sns = vnet_init_ns(e->scratch);
    export_sysctls(e, false);
    export_links(e);
    export_sysctls(e, true);
    export_links_up(e);
    settle(e);
    export_addrs(e);
    export_routes(e);
    export_rules(e);
    export_neighs(e);
    export_sysctls(e, true);
    vnet_free(e->scratch);
}

void export_namespace(struct vnet *w, struct netns *ns, struct sink *out, struct sink *err)
{
    struct exporter e = {.w = w, .ns = ns, .out = out, .err = err};
    export_parts(&e);
}

static int export_world(struct exporter *e)
{
    export_parts(e);
    note_namespaces(e);
    return e->incomplete ? EXIT_PART : EXIT_WHOLE;
}

enum { OPT_COMMANDS = 1, OPT_NICS, OPT_HELP };
static const struct long_option longs[] = {
    {"commands", 0, OPT_COMMANDS}, {"nics", 1, OPT_NICS}, {"help", 0, OPT_HELP}, {NULL, 0, 0}};

/* -1: go on; else the exit status. */
static int parse_options(struct cmd_env *env, struct options *o, struct exporter *e)
{
    bool commands = false;
    for (int c; (c = options_next(o)) != -1;) {
        if (c == OPT_HELP || c == 'h') {
            sink_puts(env->out, usage_text);
            return EXIT_WHOLE;
        }
        if (c == OPT_COMMANDS)
            commands = true;
        else if (c == OPT_NICS && strcmp(o->arg, "veth") == 0)
            e->nics = "veth";
        else
            return EXIT_USAGE;
    }
    return commands && o->noperands == 0 ? -1 : EXIT_USAGE;
}

int export_main(struct cmd_env *env, int argc, char **argv)
{
    struct exporter e = {.out = env->out, .err = env->err};
    struct options o;
    options_init(&o, argc, argv, "h", longs, env->err);
    int status = parse_options(env, &o, &e);
    options_release(&o);
    if (status == EXIT_USAGE)
        sink_puts(env->err, usage_text);
    if (status >= 0)
        return status;
    if (cmd_begin(env, &e.w, &e.ns) < 0)
        return EXIT_USAGE;
    status = export_world(&e);
    cmd_abort(env);
    return status;
}
