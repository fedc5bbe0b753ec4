#include "cmd/teach/explain.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/printer.h"
#include "cmd/teach/trial.h"
#include "cmd/teach/wrap.h"

enum { OPT_BRIEF = 1, OPT_JSON, OPT_ALL, OPT_PCAP };
static const struct long_option longs[] = {{"brief", 0, OPT_BRIEF},
                                           {"json", 0, OPT_JSON},
                                           {"all", 0, OPT_ALL},
                                           {"pcap", 1, OPT_PCAP},
                                           {NULL, 0, 0}};

struct explain {
    struct cmd_env *env;
    bool brief, json, all;
    const char *pcap; /* a file's name; NULL: none */
    struct trial trial;
};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Usage: vnet explain [--brief] [--all] [--json] [--pcap FILE] COMMAND "
                        "[ARGUMENT]...\n");
    return TRIAL_USAGE;
}

/* ---- telling it ---- */

static bool is_told(const struct explain *e, const struct step *s)
{
    return e->all || !step_is_background(s);
}

/* What a real machine shows: counters, and the kernel's log. */
static void tell_shown(const struct trial *t, struct sink *out)
{
    const char *counters =
        t->shown.len ? strbuf_cstr(&t->shown) : "nothing of it: no counter moves";
    sink_printf(out, "\nA real machine shows %s%s\n", counters,
                !t->log.len    ? "."
                : t->shown.len ? ", and in the kernel's log (dmesg):"
                               : ", but in the kernel's log (dmesg):");
    for (const char *line = strbuf_cstr(&t->log); *line; line += strcspn(line, "\n") + 1)
        sink_printf(out, "    %.*s\n", (int)strcspn(line, "\n"), line);
}

/* "  {rp_filter: all=1, veth0=0: effective 1; accept_local: ...}" */
static void put_sysctls(struct strbuf *sb, const char *sysctls)
{
    const char *before = "  {";
    for (const char *line = sysctls; *line; line += strcspn(line, "\n") + 1) {
        strbuf_addf(sb, "%s%.*s", before, (int)strcspn(line, "\n"), line);
        before = "; ";
    }
    strbuf_addc(sb, '}');
}

enum { DETAIL = 36 }; /* the column of a step's detail */

static void put_step(struct strbuf *sb, const struct explain *e, const struct step *s,
                     unsigned number)
{
    struct strbuf place = STRBUF_INIT;
    step_put_place(&place, s);
    strbuf_addf(sb, "%3u. %-12s %-8s %-8s %s  [%s()]", number, strbuf_cstr(&place), s->what,
                vnet_verdict_name(s->verdict), s->detail, s->func);
    strbuf_release(&place);
    step_put_reason(sb, s);
    if (s->sysctls && (e->all || step_is_loss(s)))
        put_sysctls(sb, s->sysctls);
    if (s->times > 1)
        strbuf_addf(sb, " x%u", s->times);
}

static void tell_text(const struct explain *e)
{
    struct strbuf sb = STRBUF_INIT;
    struct sink *out = e->env->out;
    unsigned number = 0;
    trial_outcome(&e->trial, &sb);
    wrap_line(out, strbuf_cstr(&sb), 0);
    for (size_t i = 0; !e->brief && i < e->trial.steps.n; i++) {
        const struct step *s = &e->trial.steps.v[i];
        if (!is_told(e, s))
            continue;
        if (number == 0)
            sink_puts(out, "\n");
        strbuf_reset(&sb);
        put_step(&sb, e, s, ++number);
        wrap_line(out, strbuf_cstr(&sb), DETAIL);
    }
    if (!e->brief && e->trial.status && trial_first_loss(&e->trial))
        tell_shown(&e->trial, out);
    strbuf_release(&sb);
}

static void print_line(struct printer *p, const char *line)
{
    struct strbuf text = STRBUF_INIT;
    strbuf_add(&text, line, strcspn(line, "\n"));
    print_str(p, TO_JSON, NULL, NULL, strbuf_cstr(&text));
    strbuf_release(&text);
}

static void print_lines(struct printer *p, const char *text)
{
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        print_line(p, line);
}

static void print_step(struct printer *p, const struct step *s)
{
    json_open_object(p, NULL);
    print_str(p, TO_JSON, "netns", NULL, s->netns);
    if (s->dev)
        print_str(p, TO_JSON, "dev", NULL, s->dev);
    print_str(p, TO_JSON, "stage", NULL, s->what);
    print_str(p, TO_JSON, "verdict", NULL, vnet_verdict_name(s->verdict));
    print_str(p, TO_JSON, "function", NULL, s->func);
    if (s->reason)
        print_str(p, TO_JSON, "drop_reason", NULL, s->reason);
    if (s->later)
        print_str(p, TO_JSON, "later_drop_reason", NULL, s->later);
    print_str(p, TO_JSON, "detail", NULL, s->detail);
    if (s->sysctls) {
        json_open_array(p, "sysctls");
        print_lines(p, s->sysctls);
        json_close_array(p);
    }
    print_uint(p, TO_JSON, "times", NULL, s->times);
    json_close_object(p);
}

static void tell_json(const struct explain *e)
{
    struct printer p = {.out = e->env->out, .json = true, .pretty = true, .nl = "\n"};
    struct strbuf sb = STRBUF_INIT;
    trial_outcome(&e->trial, &sb);
    json_begin(&p);
    json_open_object(&p, NULL);
    print_str(&p, TO_JSON, "outcome", NULL, strbuf_cstr(&sb));
    print_uint(&p, TO_JSON, "status", NULL, (unsigned)e->trial.status);
    print_str(&p, TO_JSON, "shown", NULL, strbuf_cstr(&e->trial.shown));
    json_open_array(&p, "log");
    print_lines(&p, strbuf_cstr(&e->trial.log));
    json_close_array(&p);
    json_open_array(&p, "steps");
    for (size_t i = 0; i < e->trial.steps.n; i++)
        if (is_told(e, &e->trial.steps.v[i]))
            print_step(&p, &e->trial.steps.v[i]);
    json_close_array(&p);
    json_close_object(&p);
    json_end(&p);
    strbuf_release(&sb);
}

/* ---- the frames ---- */

static int pcap_failed(const struct explain *e, int error)
{
    sink_printf(e->env->err, "vnet: %s: %s\n", e->pcap, cmd_strerror(error));
    return TRIAL_USAGE;
}

/* Opened before the command runs: a descriptor, or -errno after a message. */
static int open_pcap(const struct explain *e)
{
    int fd = files_open(e->env->files, e->pcap, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0)
        pcap_failed(e, -fd);
    return fd;
}

/* 0, or -errno after a message. */
static int write_pcap(const struct explain *e, int fd)
{
    struct sink file;
    sink_init_fd(&file, fd);
    file.line_buffered = false;
    sink_write(&file, strbuf_cstr(&e->trial.frames), e->trial.frames.len);
    int rc = sink_release(&file);
    if (close(fd) < 0 && rc == 0)
        rc = -errno;
    if (rc < 0)
        pcap_failed(e, -rc);
    else if (e->trial.overwritten)
        sink_printf(e->env->err, "vnet: %s: the first %" PRIu64 " frames are missing\n", e->pcap,
                    e->trial.overwritten);
    return rc;
}

/* ---- the command ---- */

static int tell(struct explain *e, int argc, char **argv)
{
    struct vnet *w = cmd_copy_world(e->env);
    if (!w)
        return 1;
    int fd = e->pcap ? open_pcap(e) : -1;
    if (e->pcap && fd < 0) {
        vnet_free(w);
        return TRIAL_USAGE;
    }
    trial_run(&e->trial, e->env, w, NULL, 0, argc, argv,
              TRIAL_SHOWN | (e->pcap ? TRIAL_FRAMES : 0) | (e->all ? TRIAL_HOOKS : 0));
    if (e->json)
        tell_json(e);
    else
        tell_text(e);
    int status = e->trial.status;
    if (e->pcap && write_pcap(e, fd) < 0)
        status = TRIAL_USAGE;
    trial_release(&e->trial);
    return status;
}

static int explain(struct explain *e, int argc, char **argv)
{
    int status;
    return trial_command(e->env, argc, argv, &status) ? tell(e, argc, argv) : status;
}

int explain_main(struct cmd_env *env, int argc, char **argv)
{
    struct explain e = {.env = env};
    struct options o;
    bool ok = true;
    options_init(&o, argc, argv, "+", longs, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    for (int c; ok && (c = options_next(&o)) != -1;) {
        e.brief |= c == OPT_BRIEF;
        e.json |= c == OPT_JSON;
        e.all |= c == OPT_ALL;
        if (c == OPT_PCAP)
            e.pcap = o.arg;
        ok = c != '?';
    }
    int status = ok && o.noperands > 0 ? explain(&e, o.noperands, o.operands) : usage(env);
    options_release(&o);
    return status;
}
