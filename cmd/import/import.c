/* vnet import: a world from what a machine's listings say. */
#include "cmd/import/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/import/listing.h"
#include "cmd/options.h"
#include "cmd/vnet/new_world.h"

enum { EXIT_ALL = 0, EXIT_PART = 1, EXIT_UNUSABLE = 2, LARGEST_FILE = 16 << 20 };

struct import {
    struct new_world world;
    char **files; /* borrowed */
    int nfiles;
    struct {
        const char *name;
        size_t lines_before; /* lines of the files before it: notes count on */
    } * read;                /* owned */
};

static const char usage_text[] =
    "Usage: vnet import [--profile NAME] [--seed N] [--force] FILE...\n"
    "Make a world from outputs of ip address, link, route, rule, neigh (text or -j),\n"
    "route -n, sysctl -a. FILE - is standard input.\n"
    "\n"
    "  --profile NAME  the kernel and tools to imitate\n"
    "  --seed N        of the world's random source\n"
    "  --force         replace a state file that is there\n"
    "\n"
    "Exit status: 0 all was taken, 1 something could not be (each named on standard\n"
    "error), 2 nothing was made.\n";

enum { OPT_PROFILE = 1, OPT_SEED, OPT_FORCE, OPT_HELP };
static const struct long_option longs[] = {{"profile", 1, OPT_PROFILE},
                                           {"seed", 1, OPT_SEED},
                                           {"force", 0, OPT_FORCE},
                                           {"help", 0, OPT_HELP},
                                           {NULL, 0, 0}};

/* ---- the command line ---- */

static bool take_option(struct cmd_env *env, struct import *im, int option, const char *arg)
{
    switch (option) {
    case OPT_PROFILE:
        return new_world_profile(env, &im->world, arg);
    case OPT_SEED:
        return new_world_seed(env, &im->world, arg);
    case OPT_FORCE:
        im->world.force = true;
        return true;
    default:
        sink_puts(env->err, usage_text);
        return false;
    }
}

/* -1: go on; else the exit status. */
static int parse_options(struct cmd_env *env, struct options *o, struct import *im)
{
    for (int c; (c = options_next(o)) != -1;) {
        if (c == OPT_HELP || c == 'h') {
            sink_puts(env->out, usage_text);
            return EXIT_ALL;
        }
        if (!take_option(env, im, c, o->arg))
            return EXIT_UNUSABLE;
    }
    im->files = o->operands;
    im->nfiles = o->noperands;
    if (im->nfiles)
        return -1;
    sink_puts(env->err, usage_text);
    return EXIT_UNUSABLE;
}

/* ---- files ---- */

static int read_file(const char *name, struct strbuf *text, struct vnet_err *err)
{
    int rc = cmd_read_host_file(name, LARGEST_FILE, text);
    if (rc < 0)
        return vnet_err(err, -rc, "%s: %s", name, cmd_strerror(-rc));
    if (text->len && memchr(text->data, '\0', text->len))
        return vnet_err(err, EINVAL, "%s: not a text: it has a NUL byte", name);
    return 0;
}

static size_t count_lines(const struct strbuf *text)
{
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++)
        n += text->data[i] == '\n';
    return n + 1;
}

static int read_files(struct import *im, struct listing *l, struct vnet_err *err)
{
    size_t lines = 0;
    int rc = 0;
    im->read = mem_calloc((size_t)im->nfiles, sizeof(*im->read));
    for (int i = 0; rc == 0 && i < im->nfiles; i++) {
        struct strbuf text = STRBUF_INIT;
        im->read[i].name = im->files[i];
        im->read[i].lines_before = lines;
        rc = read_file(im->files[i], &text, err);
        if (rc == 0)
            listing_read_text(l, strbuf_cstr(&text), text.len, lines + 1);
        lines += count_lines(&text);
        strbuf_release(&text);
    }
    if (rc == 0 && listing_empty(l))
        return vnet_err(err, EINVAL, "there is no listing in it that vnet can read");
    return rc;
}

/* ---- the world ---- */

/* As vnet_session_world(), but the links come up while the start-up time runs on. */
static int make_world(struct cmd_env *env, const struct import *im, struct vnet **w,
                      struct vnet_err *err)
{
    const struct vnet_profile *profile = im->world.profile ? im->world.profile : vnet_profiles();
    struct vnet *sample; /* tells what the clock shows */
    int rc = vnet_session_world(env->session, profile, "bare", im->world.seed, &sample, err);
    if (rc < 0)
        return rc;
    bool real = vnet_session_clock(env->session) == VNET_CLOCK_REAL;
    int64_t now = vnet_now(sample);
    uint64_t seed = im->world.seed ? im->world.seed : real ? (uint64_t)now : 1;
    vnet_free(sample);
    *w = vnet_new(profile, seed, now - VNET_PRESET_TIME);
    return 0;
}

static int create(struct cmd_env *env, const struct import *im, struct listing *l,
                  struct vnet_err *err)
{
    struct vnet *w;
    int rc = make_world(env, im, &w, err);
    if (rc < 0)
        return rc;
    rc = listing_apply(l, w, err);
    if (rc == 0)
        rc = vnet_session_create(env->session, w, im->world.force, err);
    vnet_free(w);
    return rc;
}

/* ---- notes ---- */

static int by_line(const void *a, const void *b)
{
    const struct listing_note *x = a, *y = b;
    return x->line != y->line ? (x->line < y->line ? -1 : 1) : strcmp(x->text, y->text);
}

static void print_note(struct sink *err, const struct import *im, const struct listing_note *note)
{
    int i = im->nfiles - 1;
    while (i > 0 && im->read[i].lines_before >= note->line)
        i--;
    const char *name = strcmp(im->read[i].name, "-") == 0 ? "standard input" : im->read[i].name;
    if (note->line)
        sink_printf(err, "vnet: %s:%zu: %s\n", name, note->line - im->read[i].lines_before,
                    note->text);
    else
        sink_printf(err, "vnet: %s\n", note->text);
}

static void print_notes(struct sink *err, const struct import *im, struct listing *l)
{
    if (l->nnotes)
        qsort(l->notes, l->nnotes, sizeof(*l->notes), by_line);
    for (size_t i = 0; i < l->nnotes; i++)
        print_note(err, im, &l->notes[i]);
    if (l->more_notes)
        sink_printf(err, "vnet: and %zu things more\n", l->more_notes);
}

static int run(struct cmd_env *env, struct import *im)
{
    struct listing l = {0};
    struct vnet_err err = {""};
    int rc = read_files(im, &l, &err);
    if (rc == 0)
        rc = create(env, im, &l, &err);
    print_notes(env->err, im, &l);
    if (rc < 0)
        sink_printf(env->err, "vnet: %s\n", err.msg);
    int status = rc < 0 ? EXIT_UNUSABLE : l.nnotes ? EXIT_PART : EXIT_ALL;
    listing_release(&l);
    free(im->read);
    return status;
}

int import_main(struct cmd_env *env, int argc, char **argv)
{
    struct import im = {.world = {.profile = env->profile}};
    struct options o;
    options_init(&o, argc, argv, "h", longs, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    int status = parse_options(env, &o, &im);
    if (status < 0 && !cmd_may_use_host(env, "import"))
        status = EXIT_UNUSABLE;
    if (status < 0)
        status = run(env, &im);
    options_release(&o);
    return status;
}
