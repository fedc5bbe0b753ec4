#include "cmd/picture/show.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/picture/render.h"
#include "cmd/picture/trace.h"

enum { EXIT_USAGE_WRONG = 2, USUAL_WIDTH = 80 };
enum {
    OPT_ALL = 1,
    OPT_ASCII,
    OPT_COLOR = 'C',
    OPT_WIDTH = 128,
    OPT_SVG,
    OPT_DOT,
    OPT_MERMAID,
    OPT_LINK_LOCAL,
    OPT_TRACE,
    OPT_HELP
};
static const struct long_option longs[] = {
    {"all", 0, OPT_ALL},
    {"ascii", 0, OPT_ASCII},
    {"color", 1, OPT_COLOR},
    {"svg", 1, OPT_SVG},
    {"dot", 0, OPT_DOT},
    {"mermaid", 0, OPT_MERMAID},
    {"link-local", 0, OPT_LINK_LOCAL},
    {"width", 1, OPT_WIDTH},
    {"trace", 0, OPT_TRACE},
    {"help", 0, OPT_HELP},
    {NULL, 0, 0},
};

static const char usage_text[] =
    "Usage: vnet show [OPTION]... [--trace COMMAND [ARGUMENT]...]\n"
    "Draw the world: namespaces, their devices and addresses, what is connected with what.\n"
    "\n"
    "  --all           each device by itself, also those that differ by a number only\n"
    "  --ascii         with the signs of ASCII only\n"
    "  --color=WHEN    auto (the default: at a terminal, unless NO_COLOR is set), always, never\n"
    "  --dot           a graph for Graphviz's dot, on standard output\n"
    "  --link-local    link-local addresses of IPv6, too\n"
    "  --mermaid       a flowchart for Mermaid, on standard output\n"
    "  --svg=FILE      a drawing in SVG, into a file; -: on standard output\n"
    "  --trace         run a command that sends packets on a copy of the world, and mark their "
    "way\n"
    "  --width=N       columns at most, 40 or more (the default: the terminal's, else 80)\n";

struct show {
    struct cmd_env *env;
    bool all, link_local, ascii, colour, dot, mermaid, trace;
    const char *svg; /* NULL: none */
    int width;
};

/* ---- the terminal ---- */

static const char *variable(const struct cmd_env *env, const char *name)
{
    const char *value = env->getenv ? env->getenv(name) : NULL;
    return value && *value ? value : NULL;
}

/* A number of columns; -1: it is none. */
static int read_width(const char *text)
{
    char *end;
    if (!text || *text < '0' || *text > '9')
        return -1;
    errno = 0;
    long n = strtol(text, &end, 10);
    return *end || errno || n > LAYOUT_WIDTH_MAX ? -1 : (int)n;
}

static int terminal_width(const struct sink *out)
{
    int columns = sink_columns(out);
    return columns < LAYOUT_WIDTH_MAX ? columns : LAYOUT_WIDTH_MAX;
}

static void find_width(struct show *s)
{
    if (s->width < 0)
        s->width = read_width(variable(s->env, "COLUMNS"));
    if (s->width < 0)
        s->width = terminal_width(s->env->out);
    if (s->width < 0)
        s->width = USUAL_WIDTH;
    if (s->width < LAYOUT_WIDTH_MIN)
        s->width = LAYOUT_WIDTH_MIN;
}

static bool wants_colour(const struct cmd_env *env)
{
    return env->out->fd >= 0 && isatty(env->out->fd) && !variable(env, "NO_COLOR");
}

/* ---- options ---- */

static bool read_colour(struct show *s, const char *when)
{
    bool always = strcmp(when, "always") == 0, never = strcmp(when, "never") == 0;
    s->colour = always || (!never && s->colour);
    return always || never || strcmp(when, "auto") == 0;
}

/* -1: go on; else the exit status. */
static int parse_options(struct show *s, struct options *o)
{
    struct sink *err = s->env->err;
    for (int c; (c = options_next(o)) != -1;) {
        s->all |= c == OPT_ALL;
        s->ascii |= c == OPT_ASCII;
        s->link_local |= c == OPT_LINK_LOCAL;
        s->dot |= c == OPT_DOT;
        s->trace |= c == OPT_TRACE;
        s->mermaid |= c == OPT_MERMAID;
        if (c == OPT_SVG)
            s->svg = o->arg;
        if (c == OPT_WIDTH && (s->width = read_width(o->arg)) < LAYOUT_WIDTH_MIN) {
            sink_printf(err, "vnet: show: the width must be a number from %d to %d\n",
                        LAYOUT_WIDTH_MIN, LAYOUT_WIDTH_MAX);
            return EXIT_USAGE_WRONG;
        }
        if (c == OPT_COLOR && !read_colour(s, o->arg)) {
            sink_puts(err, "vnet: show: --color is auto, always or never\n");
            return EXIT_USAGE_WRONG;
        }
        if (c == OPT_HELP) {
            sink_puts(s->env->out, usage_text);
            return 0;
        }
        if (c == '?')
            return EXIT_USAGE_WRONG;
    }
    if (s->trace ? o->noperands > 0 : o->noperands == 0)
        return -1;
    sink_puts(err, usage_text);
    return EXIT_USAGE_WRONG;
}

/* ---- drawing ---- */

static int write_svg(struct show *s, const struct layout *l)
{
    struct sink file;
    if (strcmp(s->svg, "-") == 0) {
        render_svg(l, s->env->out);
        return 0;
    }
    int fd = files_open(s->env->files, s->svg, O_WRONLY | O_CREAT | O_TRUNC), rc = fd;
    if (fd >= 0) {
        sink_init_fd(&file, fd);
        render_svg(l, &file);
        rc = sink_release(&file);
        if (close(fd) < 0 && rc == 0)
            rc = -errno;
    }
    if (rc < 0)
        sink_printf(s->env->err, "vnet: %s: %s\n", s->svg, cmd_strerror(-rc));
    return rc < 0 ? 1 : 0;
}

static int draw(struct show *s, const struct picture *p)
{
    struct layout l;
    int status = 0;
    if (s->dot)
        render_dot(p, s->env->out);
    if (s->mermaid)
        render_mermaid(p, s->env->out);
    if (s->dot || s->mermaid)
        return 0;
    layout_make(&l, p, s->width);
    if (s->svg)
        status = write_svg(s, &l);
    else
        render_text(&l, s->ascii, s->colour, s->env->out);
    layout_release(&l);
    return status;
}

static int show(struct show *s, int argc, char **argv)
{
    struct picture p;
    struct trial t = {.status = 0};
    int status;
    if (s->dot + s->mermaid + (s->svg != NULL) > 1) {
        sink_puts(s->env->err, "vnet: show: one of --dot, --mermaid, --svg\n");
        return EXIT_USAGE_WRONG;
    }
    if (s->trace && !trial_command(s->env, argc, argv, &status))
        return status;
    if (s->env->complete)
        return 0;
    struct vnet *w = cmd_copy_world(s->env);
    if (!w)
        return 1;
    find_width(s);
    picture_take(&p, w, s->link_local);
    if (s->trace) {
        trial_run(&t, s->env, w, NULL, 0, argc, argv, 0);
        picture_mark_way(&p, &t);
    } else {
        vnet_free(w);
    }
    if (!s->all)
        picture_merge_series(&p);
    status = draw(s, &p);
    picture_release(&p);
    if (s->trace)
        trial_release(&t);
    return status ? status : t.status;
}

int show_main(struct cmd_env *env, int argc, char **argv)
{
    struct show s = {.env = env, .width = -1, .colour = wants_colour(env)};
    struct options o;
    options_init(&o, argc, argv, "+", longs, env->err);
    o.complete = env->complete;
    o.usage = usage_text;
    o.operands_too = true;
    int status = parse_options(&s, &o);
    if (status == -1)
        status = show(&s, o.noperands, o.operands);
    options_release(&o);
    return status;
}
