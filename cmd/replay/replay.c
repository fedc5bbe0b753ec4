#include "cmd/replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/options.h"
#include "cmd/replay/listing.h"
#include "cmd/replay/run.h"

enum { EXIT_MATCH = 0, EXIT_MISMATCH = 1, EXIT_UNUSABLE = 2, LARGEST_FILE = 16 << 20 };

struct replay_opts {
    const char *file, *profile;
    bool diff, quiet;
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
            o->diff = true;
            break;
        case 'q':
            o->quiet = true;
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

/* The directives that make the world: profile, preset, seed. They stand before the first command.
 */
struct setting {
    char profile[32], preset[32];
    unsigned long long seed;
};

static void take_settings(struct transcript *t, struct setting *s)
{
    for (size_t i = 0; i < t->n && t->steps[i].kind == STEP_DIRECTIVE; i++) {
        char *text = t->steps[i].command;
        if (sscanf(text, "profile %31s", s->profile) == 1 ||
            sscanf(text, "preset %31s", s->preset) == 1 || sscanf(text, "seed %llu", &s->seed) == 1)
            text[0] = '\0'; /* done */
    }
}

/* The machine as the transcript's first commands show it, before it changes anything. */
static int apply_first_listings(const struct transcript *t, struct vnet *w, struct vnet_err *err)
{
    struct listing l = {0};
    for (size_t i = 0; i < t->n; i++) {
        const struct step *s = &t->steps[i];
        if (s->kind == STEP_DIRECTIVE)
            continue;
        if (!listing_command(s->command))
            break;
        listing_read(&l, s->expected, s->nexpected);
    }
    int rc = listing_apply(&l, w, err);
    listing_release(&l);
    return rc;
}

static struct vnet *make_world(struct replay *r, const struct replay_opts *o, struct vnet_err *err)
{
    struct setting s = {"", "bare", 1};
    take_settings(&r->t, &s);
    const char *name = o->profile ? o->profile : s.profile[0] ? s.profile : vnet_profiles()->name;
    const struct vnet_profile *profile = vnet_profile_find(name);
    if (!profile) {
        vnet_err(err, EINVAL, "there is no profile \"%s\"", name);
        return NULL;
    }
    struct vnet *w = vnet_new(profile, s.seed, 0);
    if (vnet_preset(w, s.preset, err) == 0 && apply_first_listings(&r->t, w, err) == 0)
        return w;
    vnet_free(w);
    return NULL;
}

static void print_diff(struct sink *out, const struct replay_outcome *o)
{
    for (size_t i = 0; i < o->diff.n; i++) {
        const struct unify_step *d = &o->diff.step[i];
        if (d->verdict == UNIFY_SAME) {
            sink_printf(out, "       %s\n", d->expected);
            continue;
        }
        if (d->expected)
            sink_printf(out, "    -  %s\n", d->expected);
        if (d->actual)
            sink_printf(out, "    +  %s\n", d->actual);
    }
}

static void print_outcome(struct sink *out, const struct replay_opts *opts, const struct step *s,
                          const struct replay_outcome *o)
{
    bool bad = o->verdict >= REPLAY_BEHAVIOURAL;
    if (!bad && opts->quiet)
        return;
    sink_printf(out, "%-7s %4zu  %s", bad ? "NOT OK" : "ok", s->line_no, s->command);
    if (o->verdict != REPLAY_SAME)
        sink_printf(out, "  (%s)", replay_verdict_names[o->verdict]);
    sink_puts(out, "\n");
    if (o->verdict == REPLAY_UNSUPPORTED)
        sink_printf(out, "        %s\n", o->why.msg);
    if (o->verdict == REPLAY_BEHAVIOURAL || (opts->diff && o->verdict != REPLAY_SAME))
        print_diff(out, o);
    if (s->exit_status >= 0 && o->exit_status >= 0 && s->exit_status != o->exit_status)
        sink_printf(out, "        exit status %d instead of %d\n", o->exit_status, s->exit_status);
}

static void print_summary(struct sink *out, const size_t counts[REPLAY_VERDICTS])
{
    size_t total = 0;
    for (int v = 0; v < REPLAY_VERDICTS; v++)
        total += counts[v];
    sink_printf(out, "%zu command%s:", total, total == 1 ? "" : "s");
    const char *sep = " ";
    for (int v = 0; v < REPLAY_VERDICTS; v++) {
        if (!counts[v])
            continue;
        sink_printf(out, "%s%zu %s", sep, counts[v], replay_verdict_names[v]);
        sep = ", ";
    }
    sink_puts(out, "\n");
}

static int run_all(struct cmd_env *env, struct replay *r, const struct replay_opts *opts)
{
    size_t counts[REPLAY_VERDICTS] = {0};
    for (size_t i = 0; i < r->t.n; i++) {
        struct step *s = &r->t.steps[i];
        struct replay_outcome o;
        struct vnet_err err = {""};
        if (s->kind == STEP_DIRECTIVE) {
            if (s->command[0] && replay_directive(r, s->command, &err) < 0) {
                sink_printf(env->err, "vnet: %s:%zu: %s\n", opts->file, s->line_no, err.msg);
                return EXIT_UNUSABLE;
            }
            continue;
        }
        replay_step(r, i, &o);
        counts[o.verdict]++;
        print_outcome(env->out, opts, s, &o);
        replay_outcome_release(&o);
    }
    print_summary(env->out, counts);
    return counts[REPLAY_BEHAVIOURAL] || counts[REPLAY_UNSUPPORTED] ? EXIT_MISMATCH : EXIT_MATCH;
}

static int replay_file(struct cmd_env *env, const struct replay_opts *opts, struct vnet_err *err)
{
    struct replay *r = mem_alloc(sizeof(*r));
    struct strbuf text = STRBUF_INIT;
    int rc = read_file(opts->file, &text, err);
    if (rc == 0)
        rc = transcript_parse(strbuf_cstr(&text), text.len, &r->t, err);
    strbuf_release(&text);
    struct vnet *w = rc == 0 ? make_world(r, opts, err) : NULL;
    rc = -1;
    if (w) {
        const struct unify_opts uo = {.ifindex_bound = true};
        sink_init_mem(&r->screen);
        r->u = unify_new(&uo);
        r->env = (struct cmd_env){.out = &r->screen,
                                  .err = &r->screen,
                                  .session = vnet_session_memory(w),
                                  .netns = "",
                                  .interrupted = env->interrupted};
        rc = run_all(env, r, opts);
        vnet_session_free(r->env.session);
        unify_free(r->u);
        sink_release(&r->screen);
    }
    transcript_release(&r->t);
    free(r);
    return rc;
}

int replay_main(struct cmd_env *env, int argc, char **argv)
{
    struct replay_opts opts = {0};
    struct vnet_err err = {""};
    int rc = parse_options(env, argc, argv, &opts);
    if (rc != -1)
        return rc;
    rc = replay_file(env, &opts, &err);
    if (rc >= 0)
        return rc;
    sink_printf(env->err, "vnet: %s\n", err.msg);
    return EXIT_UNUSABLE;
}
