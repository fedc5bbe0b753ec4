/* sed: the commands s, p, d, q and = with their addresses (POSIX.1-2017, XCU 4). */
#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/text/text.h"

enum address_kind { ADDRESS_NONE, ADDRESS_LINE, ADDRESS_LAST, ADDRESS_PATTERN };

struct address {
    enum address_kind kind;
    unsigned long line;
    regex_t re;
};

struct command {
    struct address from, to;
    bool negated, inside; /* of a range */
    char name;
    /* s */
    regex_t re;
    char *replacement;
    bool global, print, compiled;
    unsigned long nth;
};

struct sed {
    struct cmd_env *env;
    struct command *commands;
    size_t n, cap;
    bool quiet;
    int flags; /* of regcomp() */
    unsigned long line;
    struct strbuf next; /* read ahead, to know the last line */
    bool have_next, quit;
};

static int complain(struct sed *s, const char *why, const char *at)
{
    sink_printf(s->env->err, "vnet: sed: %s: `%s'\n", why, at);
    return 1;
}

/* ---- the script ---- */

/* The text up to `end` with \end standing for it; *p is set behind it. NULL: it has no end. */
static char *take_delimited(const char **p, char end)
{
    struct strbuf out = STRBUF_INIT;
    const char *c = *p;
    for (; *c && *c != end && *c != '\n'; c++) {
        if (*c == '\\' && c[1] == end)
            c++;
        else if (*c == '\\' && c[1])
            strbuf_addc(&out, *c++);
        strbuf_addc(&out, *c);
    }
    if (*c != end) {
        strbuf_release(&out);
        return NULL;
    }
    *p = c + 1;
    return strbuf_detach(&out);
}

static int compile(struct sed *s, regex_t *re, const char *pattern, int flags)
{
    char why[256];
    int rc = *pattern ? regcomp(re, pattern, flags) : REG_BADPAT;
    if (!rc)
        return 0;
    if (*pattern)
        regerror(rc, re, why, sizeof(why));
    return complain(s, *pattern ? why : "an empty pattern is not supported", pattern);
}

static int take_address(struct sed *s, const char **p, struct address *a)
{
    if (isdigit((unsigned char)**p)) {
        a->kind = ADDRESS_LINE;
        a->line = strtoul(*p, (char **)(uintptr_t)p, 10);
    } else if (**p == '$') {
        a->kind = ADDRESS_LAST;
        ++*p;
    } else if (**p == '/') {
        const char *start = (*p)++;
        char *pattern = take_delimited(p, '/');
        int status = pattern ? compile(s, &a->re, pattern, s->flags | REG_NOSUB)
                             : complain(s, "unterminated address", start);
        free(pattern);
        if (status)
            return status;
        a->kind = ADDRESS_PATTERN;
    }
    return 0;
}

static bool take_flag(struct command *c, const char **p, int *flags)
{
    if (**p == 'g')
        c->global = true;
    else if (**p == 'p')
        c->print = true;
    else if (**p == 'I' || **p == 'i')
        *flags |= REG_ICASE;
    else if (isdigit((unsigned char)**p) && **p != '0')
        c->nth = strtoul(*p, (char **)(uintptr_t)p, 10), --*p;
    else
        return false;
    ++*p;
    return true;
}

static int take_substitution(struct sed *s, const char **p, struct command *c)
{
    const char *start = *p;
    char delimiter = *(*p)++;
    if (!delimiter || delimiter == '\n' || delimiter == '\\')
        return complain(s, "unterminated `s' command", start);
    char *pattern = take_delimited(p, delimiter);
    c->replacement = pattern ? take_delimited(p, delimiter) : NULL;
    int status = 1, flags = s->flags;
    c->nth = 1;
    if (!c->replacement) {
        complain(s, "unterminated `s' command", start);
    } else {
        while (take_flag(c, p, &flags))
            ;
        status = compile(s, &c->re, pattern, flags);
        c->compiled = !status;
    }
    free(pattern);
    return status;
}

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t");
}

static int take_command(struct sed *s, const char **p)
{
    ARRAY_GROW(s->commands, s->n, s->cap);
    struct command *c = &s->commands[s->n++];
    *c = (struct command){.name = 0};
    int status = take_address(s, p, &c->from);
    if (!status && c->from.kind && **p == ',') {
        ++*p;
        status = take_address(s, p, &c->to);
        if (!status && !c->to.kind)
            status = complain(s, "unexpected `,'", *p);
    }
    if (status)
        return status;
    *p = skip_blanks(*p);
    for (; **p == '!'; *p = skip_blanks(*p + 1))
        c->negated = true;
    c->name = **p;
    if (!c->name || !strchr("spdq=", c->name))
        return complain(s, "only the commands s, p, d, q and = are supported", *p);
    ++*p;
    status = c->name == 's' ? take_substitution(s, p, c) : 0;
    *p = skip_blanks(*p);
    if (!status && **p && !strchr(";\n", **p))
        return complain(s, "extra characters after command", *p);
    return status;
}

static int take_script(struct sed *s, const char *p)
{
    int status = 0;
    for (;;) {
        p += strspn(p, " \t\n;");
        if (!*p || status)
            return status;
        status = take_command(s, &p);
    }
}

/* ---- lines ---- */

static bool fits(const struct sed *s, const struct address *a, const char *line)
{
    switch (a->kind) {
    case ADDRESS_NONE:
        return true;
    case ADDRESS_LINE:
        return s->line == a->line;
    case ADDRESS_LAST:
        return !s->have_next;
    default:
        return regexec(&a->re, line, 0, NULL, 0) == 0;
    }
}

static bool in_range(struct sed *s, struct command *c, const char *line)
{
    if (c->inside) {
        c->inside = c->to.kind == ADDRESS_LINE ? s->line < c->to.line : !fits(s, &c->to, line);
        return c->to.kind != ADDRESS_LINE || s->line <= c->to.line;
    }
    if (!fits(s, &c->from, line))
        return false;
    c->inside = c->to.kind != ADDRESS_LINE || c->to.line > s->line;
    return true;
}

static bool selected(struct sed *s, struct command *c, const char *line)
{
    bool yes = c->to.kind ? in_range(s, c, line) : fits(s, &c->from, line);
    return yes != c->negated;
}

/* The replacement with & and \1 ... \9 put in. */
static void add_replacement(struct strbuf *out, const char *r, const char *line,
                            const regmatch_t *m)
{
    for (; *r; r++) {
        int group = *r == '&' ? 0 : -1;
        if (*r == '\\' && r[1]) {
            r++;
            group = isdigit((unsigned char)*r) ? *r - '0' : -1;
            if (*r == 'n') {
                strbuf_addc(out, '\n');
                continue;
            }
        }
        if (group < 0)
            strbuf_addc(out, *r);
        else if (m[group].rm_so >= 0)
            strbuf_add(out, line + m[group].rm_so, (size_t)(m[group].rm_eo - m[group].rm_so));
    }
}

static bool substitute(const struct command *c, struct strbuf *line)
{
    struct strbuf out = STRBUF_INIT;
    const char *at = strbuf_cstr(line);
    regmatch_t m[10];
    bool done = false, after_match = false;
    for (unsigned long i = 0; regexec(&c->re, at, 10, m, at > line->data ? REG_NOTBOL : 0) == 0;) {
        bool empty = m[0].rm_so == m[0].rm_eo;
        bool counts = !(empty && m[0].rm_so == 0 && after_match);
        i += counts;
        strbuf_add(&out, at, (size_t)m[0].rm_so);
        if (counts && i >= c->nth && (c->global || i == c->nth)) {
            add_replacement(&out, c->replacement, at, m);
            done = true;
        } else {
            strbuf_add(&out, at + m[0].rm_so, (size_t)(m[0].rm_eo - m[0].rm_so));
        }
        at += m[0].rm_eo;
        after_match = !empty;
        if (!*at || (done && !c->global))
            break;
        if (empty)
            strbuf_addc(&out, *at++);
    }
    strbuf_adds(&out, at);
    strbuf_release(line);
    *line = out;
    return done;
}

static void put(struct sed *s, const struct strbuf *line, bool newline)
{
    sink_write(s->env->out, strbuf_cstr(line), line->len);
    if (newline)
        sink_puts(s->env->out, "\n");
}

/* One line through all commands. */
static void edit(struct sed *s, struct strbuf *line, bool newline)
{
    bool deleted = false;
    strbuf_add(line, "", 0);
    for (size_t i = 0; i < s->n && !deleted && !s->quit; i++) {
        struct command *c = &s->commands[i];
        if (!selected(s, c, strbuf_cstr(line)))
            continue;
        if (c->name == 's' && substitute(c, line) && c->print)
            put(s, line, true);
        if (c->name == 'p')
            put(s, line, true);
        if (c->name == '=')
            sink_printf(s->env->out, "%lu\n", s->line);
        deleted = c->name == 'd';
        s->quit = c->name == 'q';
    }
    if (!deleted && !s->quiet)
        put(s, line, newline);
}

/* The line read before, now that it is known whether another follows. */
static void edit_pending(struct sed *s, bool more)
{
    if (!s->have_next)
        return;
    struct strbuf line = s->next;
    bool newline = line.len && line.data[line.len - 1] == '\n';
    if (newline)
        line.data[--line.len] = '\0';
    s->next = (struct strbuf)STRBUF_INIT;
    s->have_next = more;
    s->line++;
    edit(s, &line, newline);
    strbuf_release(&line);
}

static bool take_line(const char *line, size_t len, void *arg)
{
    struct sed *s = arg;
    edit_pending(s, true);
    if (s->quit)
        return false;
    strbuf_reset(&s->next);
    strbuf_add(&s->next, line, len);
    s->have_next = true;
    return !s->env->out->error;
}

static void release(struct sed *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct command *c = &s->commands[i];
        if (c->from.kind == ADDRESS_PATTERN)
            regfree(&c->from.re);
        if (c->to.kind == ADDRESS_PATTERN)
            regfree(&c->to.re);
        if (c->compiled)
            regfree(&c->re);
        free(c->replacement);
    }
    free(s->commands);
    strbuf_release(&s->next);
}

static int parse_options(struct sed *s, struct options *o, struct strbuf *script)
{
    static const char usage[] = "Usage: sed [-nEr] [-e SCRIPT]... [SCRIPT] [FILE]...\n";
    for (int option; (option = options_next(o)) != -1;) {
        if (option == '?')
            return text_usage(s->env, "sed", 1);
        s->quiet |= option == 'n';
        if (option == 'E' || option == 'r')
            s->flags |= REG_EXTENDED;
        if (option == 'e')
            strbuf_addf(script, "%s\n", o->arg);
    }
    if (!script->len && o->noperands) {
        strbuf_adds(script, o->operands[0]);
        o->noperands--;
        memmove(o->operands, o->operands + 1, (size_t)o->noperands * sizeof(*o->operands));
    } else if (!script->len) {
        sink_puts(s->env->err, usage);
        return 1;
    }
    return take_script(s, script->data);
}

int sed_main(struct cmd_env *env, int argc, char **argv)
{
    struct sed s = {.env = env};
    struct strbuf script = STRBUF_INIT;
    struct options o;
    options_init(&o, argc, argv, "nEre:", NULL, env->err);
    int status = parse_options(&s, &o, &script);
    if (!status) {
        status = text_all_lines(env, "sed", &o, take_line, &s);
        if (!s.quit)
            edit_pending(&s, false);
        status = status == 1 ? 2 : status;
    }
    release(&s);
    strbuf_release(&script);
    options_release(&o);
    return status;
}
