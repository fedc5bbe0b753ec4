#include "cmd/replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/options.h"
#include "cmd/replay/play.h"
#include "cmd/replay/report.h"

enum { EXIT_MATCH = 0, EXIT_MISMATCH = 1, EXIT_UNUSABLE = 2, LARGEST_FILE = 16 << 20 };

struct replay_opts {
    const char *file, *profile;
    struct report_opts report;
};

static const char usage_text[] =
    "Usage: vnet replay [--profile NAME] [--diff] [--quiet] FILE\n"
    "Run the commands of a transcript in a fresh world and compare what they print.\n"
    "\n"
    "  --profile NAME  the machine to imitate (else \"#vnet profile NAME\" in the file)\n"
    "  --diff          show also what differs by volatile values or spacing only\n"
    "  --quiet         print mismatches and the summary only\n"
    "\n"
    "Exit status: 0 all match, 1 a mismatch, 2 the input cannot be used.\n";

static const struct long_option longs[] = {
    {"profile", 1, 'p'}, {"diff", 0, 'd'}, {"quiet", 0, 'q'}, {"help", 0, 'h'}, {NULL, 0, 0},
};

/* -1: go on; else the exit status. */
static int parse_options(struct cmd_env *env, int argc, char **argv, struct replay_opts *o)
{
    struct options opts;
    int c, rc = -1;
    options_init(&opts, argc, argv, "h", longs, env->err);
    while (rc == -1 && (c = options_next(&opts)) != -1) {
        switch (c) {
        case 'p':
            o->profile = opts.arg;
            break;
        case 'd':
            o->report.diff = true;
            break;
        case 'q':
            o->report.quiet = true;
            break;
        case 'h':
            sink_puts(env->out, usage_text);
            rc = 0;
            break;
        default:
            sink_puts(env->err, usage_text);
            rc = EXIT_UNUSABLE;
        }
    }
    if (rc == -1 && opts.noperands != 1) {
        sink_puts(env->err, usage_text);
        rc = EXIT_UNUSABLE;
    }
    if (rc == -1)
        o->file = opts.operands[0];
    options_release(&opts);
    return rc;
}

static int read_file(const char *name, struct strbuf *text, struct vnet_err *err)
{
    char block[65536];
    size_t n;
    FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (!f)
        return vnet_err(err, errno, "%s: %s", name, cmd_strerror(errno));
    while ((n = fread(block, 1, sizeof(block), f)) > 0 && text->len <= LARGEST_FILE)
        strbuf_add(text, block, n);
    int failed = ferror(f) ? EIO : text->len > LARGEST_FILE ? EFBIG : 0;
    if (f != stdin)
        fclose(f);
    return failed ? vnet_err(err, failed, "%s: %s", name, cmd_strerror(failed)) : 0;
}

/* Print what became of each step; the exit status. */
static int report(struct sink *out, const struct replay *r, const struct playing *p,
                  const struct report_opts *opts)
{
    size_t counts[REPLAY_VERDICTS] = {0};
    for (size_t i = 0; i < p->n; i++) {
        if (r->t.steps[i].kind == STEP_DIRECTIVE)
            continue;
        counts[p->outcomes[i].verdict]++;
        report_outcome(out, opts, &r->t.steps[i], &p->outcomes[i]);
    }
    report_summary(out, counts);
    return counts[REPLAY_BEHAVIOURAL] || counts[REPLAY_UNSUPPORTED] ? EXIT_MISMATCH : EXIT_MATCH;
}

static int play_and_report(struct cmd_env *env, struct replay *r, const struct replay_opts *opts,
                           struct vnet_err *err)
{
    struct playing p;
    sink_init_mem(&r->screen);
    r->env = (struct cmd_env){
        .out = &r->screen, .err = &r->screen, .netns = "", .interrupted = env->interrupted};
    int rc = play(r, &p, opts->profile, err);
    if (rc == 0)
        rc = report(env->out, r, &p, &opts->report);
    else if (p.failed_line)
        sink_printf(env->err, "vnet: %s:%zu: ", opts->file, p.failed_line);
    else
        sink_printf(env->err, "vnet: %s: ", opts->file);
    playing_release(&p);
    sink_release(&r->screen);
    return rc;
}

int replay_main(struct cmd_env *env, int argc, char **argv)
{
    struct replay_opts opts = {0};
    struct replay *r = mem_alloc(sizeof(*r));
    struct strbuf text = STRBUF_INIT;
    struct vnet_err err = {""};
    int rc = parse_options(env, argc, argv, &opts);
    if (rc == -1 && read_file(opts.file, &text, &err) == 0) {
        if (transcript_parse(strbuf_cstr(&text), text.len, &r->t, &err) == 0)
            rc = play_and_report(env, r, &opts, &err);
        else
            sink_printf(env->err, "vnet: %s: ", opts.file);
    } else if (rc == -1) {
        sink_puts(env->err, "vnet: ");
    }
    if (rc == -1) {
        sink_printf(env->err, "%s\n", err.msg);
        rc = EXIT_UNUSABLE;
    }
    strbuf_release(&text);
    transcript_release(&r->t);
    free(r);
    return rc;
}
