#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/vars.h"
#include "cmd/text/text.h"

struct grep {
    struct cmd_env *env;
    struct words patterns;
    regex_t *compiled;
    size_t ncompiled;
    int flags; /* of regcomp() */
    bool fixed, invert, count, only, quiet, word, whole_line, numbers, list, no_messages;
    int names;                         /* -1: if there are several files, else -H or -h */
    unsigned long most, before, after; /* -m, -B, -A */
    /* of the file being read */
    const char *file;
    bool named;
    unsigned long line, selected, after_left, last_shown;
    struct text_lines context; /* lines before, unshown */
    bool any;                  /* a line was selected in any file */
};

/* ---- patterns ---- */

/* A fixed string as a basic regular expression. */
static char *escaped(const char *text)
{
    struct strbuf out = STRBUF_INIT;
    for (; *text; text++) {
        if (strchr("\\[]*.^$", *text))
            strbuf_addc(&out, '\\');
        strbuf_addc(&out, *text);
    }
    return strbuf_detach(&out);
}

static int compile_one(struct grep *g, const char *pattern)
{
    char *fixed = g->fixed ? escaped(pattern) : NULL;
    regex_t *re = &g->compiled[g->ncompiled];
    int rc = regcomp(re, fixed ? fixed : pattern, g->fixed ? g->flags & ~REG_EXTENDED : g->flags);
    free(fixed);
    if (rc) {
        char why[256];
        regerror(rc, re, why, sizeof(why));
        sink_printf(g->env->err, "grep: %s\n", why);
        return 2;
    }
    g->ncompiled++;
    return 0;
}

static int compile(struct grep *g)
{
    int status = 0;
    g->compiled = mem_calloc(g->patterns.n + 1, sizeof(*g->compiled));
    for (size_t i = 0; i < g->patterns.n && !status; i++)
        status = compile_one(g, g->patterns.v[i]);
    return status;
}

/* A pattern holds one on each of its lines. */
static void add_patterns(struct grep *g, const char *text)
{
    for (;;) {
        size_t n = strcspn(text, "\n");
        words_add(&g->patterns, mem_strndup(text, n));
        if (!text[n])
            return;
        text += n + 1;
    }
}

/* ---- matching ---- */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool bounded(const struct grep *g, const char *line, regoff_t start, regoff_t end)
{
    if (g->whole_line)
        return start == 0 && !line[end];
    if (!g->word)
        return true;
    return (start == 0 || !is_word_char(line[start - 1])) && !is_word_char(line[end]);
}

/* The first match of one pattern from `from` on; false: there is none. */
static bool match_one(const struct grep *g, const regex_t *re, const char *line, regoff_t from,
                      regmatch_t *m)
{
    size_t len = strlen(line);
    while (from >= 0 && (size_t)from <= len &&
           regexec(re, line + from, 1, m, from ? REG_NOTBOL : 0) == 0) {
        m->rm_so += from;
        m->rm_eo += from;
        if (bounded(g, line, m->rm_so, m->rm_eo))
            return true;
        from = m->rm_so + 1;
    }
    return false;
}

/* The leftmost match of any pattern, the longest there. */
static bool match(const struct grep *g, const char *line, regoff_t from, regmatch_t *best)
{
    bool found = false;
    for (size_t i = 0; i < g->ncompiled; i++) {
        regmatch_t m;
        if (!match_one(g, &g->compiled[i], line, from, &m))
            continue;
        if (!found || m.rm_so < best->rm_so || (m.rm_so == best->rm_so && m.rm_eo > best->rm_eo))
            *best = m;
        found = true;
    }
    return found;
}

/* ---- printing ---- */

static void put_prefix(struct grep *g, char mark, unsigned long line)
{
    if (g->named)
        sink_printf(g->env->out, "%s%c", g->file, mark);
    if (g->numbers)
        sink_printf(g->env->out, "%lu%c", line, mark);
}

static void put_line(struct grep *g, const char *line, char mark, unsigned long number)
{
    if ((g->before || g->after) && g->last_shown && number > g->last_shown + 1)
        sink_puts(g->env->out, "--\n");
    put_prefix(g, mark, number);
    sink_printf(g->env->out, "%s\n", line);
    g->last_shown = number;
}

static void put_matches(struct grep *g, const char *line)
{
    regmatch_t m;
    for (regoff_t from = 0; match(g, line, from, &m);) {
        if (m.rm_eo > m.rm_so) {
            put_prefix(g, ':', g->line);
            sink_write(g->env->out, line + m.rm_so, (size_t)(m.rm_eo - m.rm_so));
            sink_puts(g->env->out, "\n");
        }
        from = m.rm_eo > m.rm_so ? m.rm_eo : m.rm_eo + 1;
        if (!line[m.rm_eo])
            break;
    }
}

static void put_context(struct grep *g)
{
    size_t n = g->context.n;
    for (size_t i = 0; i < n; i++)
        put_line(g, g->context.v[i].text, '-', g->line - n + i);
    text_lines_release(&g->context);
}

static void keep_context(struct grep *g, const char *line)
{
    if (!g->before)
        return;
    if (g->context.n == g->before) {
        free(g->context.v[0].text);
        memmove(g->context.v, g->context.v + 1, (g->context.n - 1) * sizeof(*g->context.v));
        g->context.n--;
    }
    ARRAY_GROW(g->context.v, g->context.n, g->context.cap);
    g->context.v[g->context.n++] = (struct text_line){mem_strdup(line), strlen(line)};
}

static bool select_line(struct grep *g, const char *line)
{
    g->selected++;
    g->any = true;
    if (g->quiet || g->list)
        return false;
    if (g->only && !g->invert && !g->count) {
        put_matches(g, line);
    } else if (!g->count && !g->only) {
        put_context(g);
        put_line(g, line, ':', g->line);
        g->after_left = g->after;
    }
    return g->selected < g->most;
}

static bool take_line(const char *text, size_t len, void *arg)
{
    struct grep *g = arg;
    regmatch_t m;
    char *line = mem_strndup(text, len - (text[len - 1] == '\n'));
    bool on = true;
    g->line++;
    if (match(g, line, 0, &m) != g->invert) {
        on = select_line(g, line);
    } else if (g->after_left) {
        g->after_left--;
        put_line(g, line, '-', g->line);
    } else {
        keep_context(g, line);
    }
    free(line);
    return on && !g->env->out->error;
}

/* More than one may be shown: then what it reads must not be what it writes. */
static bool shows_lines(const struct grep *g)
{
    return !g->quiet && !g->list && !g->count && g->most > 1;
}

static int refuse_output(const struct grep *g)
{
    if (!g->no_messages)
        sink_printf(g->env->err, "grep: %s: input file is also the output\n", g->file);
    return 2;
}

static int search(struct grep *g, const char *file, bool named)
{
    struct reader in;
    struct strbuf line = STRBUF_INIT;
    off_t size;
    g->file = strcmp(file, "-") == 0 ? "(standard input)" : file;
    g->named = named;
    g->line = g->selected = g->after_left = g->last_shown = 0;
    int rc = cmd_open_reader(g->env, file, &in);
    if (rc < 0)
        return g->no_messages ? 2 : text_fail(g->env, "grep", file, rc) * 2;
    if (shows_lines(g) && text_output_fd(g->env, &in, &size) >= 0) {
        reader_release(&in);
        return refuse_output(g);
    }
    while ((rc = reader_line(&in, &line)) == 1 && take_line(line.data, line.len, g))
        ;
    reader_release(&in);
    strbuf_release(&line);
    text_lines_release(&g->context);
    if (g->count && !g->quiet && !g->list) {
        g->numbers = false;
        put_prefix(g, ':', 0);
        sink_printf(g->env->out, "%lu\n", g->selected);
    }
    if (g->list && g->selected)
        sink_printf(g->env->out, "%s\n", g->file);
    if (rc == -EINTR)
        return text_fail(g->env, "grep", file, rc);
    return rc < 0 ? 2 : 0;
}

/* ---- options ---- */

static bool *flag(struct grep *g, int option)
{
    switch (option) {
    case 'F':
        return &g->fixed;
    case 'v':
        return &g->invert;
    case 'c':
        return &g->count;
    case 'o':
        return &g->only;
    case 'q':
        return &g->quiet;
    case 'w':
        return &g->word;
    case 'x':
        return &g->whole_line;
    case 'n':
        return &g->numbers;
    case 'l':
        return &g->list;
    case 's':
        return &g->no_messages;
    default:
        return NULL;
    }
}

static bool take_number(struct grep *g, int option, const char *word)
{
    unsigned long n;
    if (!text_number(word, 1000000, &n)) {
        sink_printf(g->env->err, "grep: %s: invalid context length argument\n", word);
        return false;
    }
    if (option == 'm')
        g->most = n;
    if (option == 'B' || option == 'C')
        g->before = n;
    if (option == 'A' || option == 'C')
        g->after = n;
    return true;
}

static bool take_option(struct grep *g, int option, const char *arg)
{
    bool *f = flag(g, option);
    if (f)
        *f = true;
    else if (option == 'E')
        g->flags |= REG_EXTENDED;
    else if (option == 'i' || option == 'y')
        g->flags |= REG_ICASE;
    else if (option == 'e')
        add_patterns(g, arg);
    else if (option == 'H' || option == 'h')
        g->names = option == 'H';
    else if (strchr("ABCm", option))
        return take_number(g, option, arg);
    return true; /* -G is the default; text is all there is; --color is for people */
}

static int run(struct grep *g, const struct options *o, int first)
{
    int status = compile(g);
    bool named = g->names < 0 ? o->noperands - first > 1 : g->names;
    if (status)
        return status;
    if (g->most == 0)
        return 1;
    if (first >= o->noperands)
        status = search(g, "-", g->names > 0);
    for (int i = first; i < o->noperands && !(g->quiet && g->any); i++) {
        int rc = search(g, o->operands[i], named);
        status = rc ? rc : status;
    }
    if (g->quiet && g->any)
        return 0;
    return status ? status : !g->any;
}

static const struct long_option longs[] = {
    {"extended-regexp", 0, 'E'},
    {"fixed-strings", 0, 'F'},
    {"ignore-case", 0, 'i'},
    {"invert-match", 0, 'v'},
    {"count", 0, 'c'},
    {"only-matching", 0, 'o'},
    {"quiet", 0, 'q'},
    {"silent", 0, 'q'},
    {"word-regexp", 0, 'w'},
    {"line-regexp", 0, 'x'},
    {"line-number", 0, 'n'},
    {"regexp", 1, 'e'},
    {"max-count", 1, 'm'},
    {"after-context", 1, 'A'},
    {"before-context", 1, 'B'},
    {"context", 1, 'C'},
    {"color", 2, 'k'},
    {"colour", 2, 'k'},
    {"text", 0, 'a'},
    {NULL, 0, 0},
};

int grep_main(struct cmd_env *env, int argc, char **argv)
{
    struct grep g = {.env = env, .names = -1, .most = (unsigned long)-1};
    struct options o;
    int option, status = -1, first = 0;
    g.fixed = argv[0][0] == 'f';
    g.flags = argv[0][0] == 'e' ? REG_EXTENDED : 0;
    options_init(&o, argc, argv, "EFGivcoqwxnlshHye:m:A:B:C:a", longs, env->err);
    while (status < 0 && (option = options_next(&o)) != -1)
        if (option == '?')
            status = text_usage(env, "grep", 2);
        else if (!take_option(&g, option, o.arg))
            status = 2;
    if (status < 0 && !g.patterns.n && o.noperands)
        add_patterns(&g, o.operands[first++]);
    if (status < 0 && !g.patterns.n) {
        sink_puts(env->err, "Usage: grep [OPTION]... PATTERNS [FILE]...\n");
        status = 2;
    }
    if (status < 0)
        status = run(&g, &o, first);
    for (size_t i = 0; i < g.ncompiled; i++)
        regfree(&g.compiled[i]);
    free(g.compiled);
    words_release(&g.patterns);
    options_release(&o);
    return status;
}
