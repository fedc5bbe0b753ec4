#include "cmd/replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/replay/lesson.h"
#include "cmd/replay/play.h"
#include "cmd/replay/report.h"
#include "cmd/replay/update.h"

enum { EXIT_MATCH = 0, EXIT_MISMATCH = 1, EXIT_UNUSABLE = 2, LARGEST_FILE = 16 << 20 };

struct replay_opts {
    struct play_opts play;
    struct report_opts report;
    const struct report_format *format;
    bool update, step, shell_on_fail;
};

static const char usage_text[] =
    "Usage: vnet replay [OPTION]... FILE...\n"
    "Run the commands of transcripts, each file in a fresh world, and compare what they print.\n"
    "A FILE is a terminal paste, Markdown or reStructuredText; - is standard input.\n"
    "\n"
    "  --profile NAME  the machine to imitate (else \"#vnet profile NAME\" in the file)\n"
    "  --format FORM   text (the default), tap, junit or json\n"
    "  --diff          show also what differs by volatile values or spacing only\n"
    "  --quiet         print mismatches and the summary only\n"
    "  --update        put the lines right that do not match, and leave all else as it is\n"
    "  --frozen        guess nothing: no machine is made from the first listings, no longer\n"
    "                  waits, other pairings or commands off camera are tried\n"
    "  --step          a lesson: show each command, wait for Enter, run it\n"
    "  --shell-on-fail a shell in the world after the first command that does not match\n"
    "\n"
    "Exit status: 0 all match, 1 a mismatch, 2 the input cannot be used.\n";

static const struct long_option longs[] = {
    {"profile", 1, 'p'},       {"diff", 0, 'd'},   {"quiet", 0, 'q'},  {"help", 0, 'h'},
    {"format", 1, 'f'},        {"update", 0, 'u'}, {"frozen", 0, 'z'}, {"step", 0, 's'},
    {"shell-on-fail", 0, 'S'}, {NULL, 0, 0},
};

/* ---- options ---- */

static int bad_usage(struct cmd_env *env)
{
    sink_puts(env->err, usage_text);
    return EXIT_UNUSABLE;
}

/* -1: go on; else the exit status. */
static int take_option(struct cmd_env *env, int c, const char *arg, struct replay_opts *o)
{
    switch (c) {
    case 'p':
        o->play.profile = arg;
        return -1;
    case 'd':
        o->report.diff = true;
        return -1;
    case 'q':
        o->report.quiet = true;
        return -1;
    case 'u':
        o->update = true;
        return -1;
    case 'z':
        o->play.frozen = true;
        return -1;
    case 's':
        o->step = true;
        return -1;
    case 'S':
        o->shell_on_fail = true;
        return -1;
    case 'f':
        o->format = report_format_find(arg);
        if (o->format)
            return -1;
        sink_printf(env->err, "vnet: there is no format \"%s\"\n", arg);
        return bad_usage(env);
    case 'h':
        sink_puts(env->out, usage_text);
        return 0;
    default:
        return bad_usage(env);
    }
}

static int parse_options(struct cmd_env *env, struct options *opts, struct replay_opts *o)
{
    int c, rc = -1;
    while (rc == -1 && (c = options_next(opts)) != -1)
        rc = take_option(env, c, opts->arg, o);
    if (rc == -1 && opts->noperands == 0)
        return bad_usage(env);
    if (rc == -1 && (o->step || o->shell_on_fail) &&
        (o->update || o->format != &report_text_format)) {
        sink_puts(env->err, "vnet: --step and --shell-on-fail go with neither --update nor another "
                            "--format\n");
        return EXIT_UNUSABLE;
    }
    return rc;
}

/* ---- one file ---- */

static int read_file(const char *name, struct strbuf *text, struct vnet_err *err)
{
    int rc = cmd_read_host_file(name, LARGEST_FILE, text);
    return rc < 0 ? vnet_err(err, -rc, "%s", cmd_strerror(-rc)) : 0;
}

static int update(const char *file, const struct replay *r, const struct playing *p,
                  const struct strbuf *text, struct sink *out, struct vnet_err *err)
{
    struct strbuf now = STRBUF_INIT;
    size_t changes = update_text(r, p, strbuf_cstr(text), text->len, &now);
    int rc = 0;
    if (strcmp(file, "-") == 0)
        sink_write(out, strbuf_cstr(&now), now.len);
    else if (changes)
        rc = update_file(file, &now, err);
    strbuf_release(&now);
    return rc;
}

struct job {
    struct cmd_env *env;
    struct replay_opts *opts;
    const char *file;
    struct strbuf text; /* empty: it is read from the file */
};

static void prepare(struct replay *r, const struct job *j)
{
    sink_init_mem(&r->screen);
    r->screen.limit = REPLAY_MOST_OUTPUT;
    r->env = (struct cmd_env){
        .out = &r->screen, .err = &r->screen, .netns = "", .may_wait_forever = true};
    r->user_interrupt = j->env->interrupted;
}

/* Play and report a transcript that was read; -1 and *err (with the line, where there is one). */
static int play_one(const struct job *j, struct replay *r, struct totals *totals,
                    struct vnet_err *err)
{
    struct playing p = {0};
    prepare(r, j);
    int rc = play(r, &p, &j->opts->play, err);
    if (rc < 0 && p.failed_line) {
        struct vnet_err why = *err;
        vnet_err(err, EINVAL, "%zu: %.480s", p.failed_line, why.msg);
    }
    if (rc == 0 && j->opts->update)
        rc = update(j->file, r, &p, &j->text, j->env->out, err);
    if (rc == 0) {
        const struct report report = {j->file, r, &p};
        struct sink *out = j->opts->update && strcmp(j->file, "-") == 0 ? j->env->err : j->env->out;
        j->opts->format->transcript(out, &j->opts->report, &report, totals);
        report_count(totals, &report);
    }
    playing_release(&p);
    sink_release(&r->screen);
    return rc;
}

static void do_file(struct job *j, struct totals *totals)
{
    struct replay *r = mem_alloc(sizeof(*r));
    struct vnet_err err = {""};
    int rc = j->text.len ? 0 : read_file(j->file, &j->text, &err);
    if (rc == 0)
        rc = transcript_parse(strbuf_cstr(&j->text), j->text.len, &r->t, &err);
    if (rc == 0)
        rc = play_one(j, r, totals, &err);
    if (rc < 0) {
        sink_printf(j->env->err, "vnet: %s: ", j->file);
        report_text(j->env->err, err.msg);
        sink_puts(j->env->err, "\n");
        j->opts->format->unusable(j->env->out, j->file, err.msg, totals);
        totals->unusable++;
    }
    strbuf_release(&j->text);
    transcript_release(&r->t);
    free(r);
}

static int exit_status(const struct totals *t)
{
    if (t->unusable)
        return EXIT_UNUSABLE;
    return t->counts[REPLAY_BEHAVIOURAL] || t->counts[REPLAY_UNSUPPORTED] ? EXIT_MISMATCH
                                                                          : EXIT_MATCH;
}

static bool interrupted(const struct cmd_env *env)
{
    return env->interrupted && *env->interrupted;
}

int replay_main(struct cmd_env *env, int argc, char **argv)
{
    struct replay_opts opts = {.format = &report_text_format};
    struct options words;
    struct totals totals = {0};
    struct lesson lesson = {.env = env};
    options_init(&words, argc, argv, "h", longs, env->err);
    words.complete = env->complete;
    words.usage = usage_text;
    int rc = parse_options(env, &words, &opts);
    if (rc == -1 && !cmd_may_use_host(env, "replay"))
        rc = EXIT_UNUSABLE;
    if (rc == -1) {
        lesson.step = opts.step;
        opts.report.quiet |= opts.step;
        lesson.shell_on_fail = opts.shell_on_fail;
        lesson_attach(&lesson, &opts.play);
        opts.format->begin(env->out);
        for (int i = 0; i < words.noperands && !interrupted(env); i++) {
            struct job job = {.env = env, .opts = &opts, .file = words.operands[i]};
            do_file(&job, &totals);
            lesson_next(&lesson);
        }
        opts.format->end(env->out, &totals);
        rc = interrupted(env) ? 128 + *env->interrupted : exit_status(&totals);
    }
    lesson_release(&lesson);
    options_release(&words);
    return rc;
}

int replay_lesson(struct cmd_env *env, const char *name, const char *text)
{
    struct replay_opts opts = {.format = &report_text_format};
    struct lesson lesson = {.env = env, .step = true};
    struct totals totals = {0};
    struct job job = {.env = env, .opts = &opts, .file = name};
    opts.report.quiet = true;
    strbuf_adds(&job.text, text);
    lesson_attach(&lesson, &opts.play);
    do_file(&job, &totals);
    lesson_release(&lesson);
    return interrupted(env) ? 128 + *env->interrupted : exit_status(&totals);
}
