/* Builtins on variables, arguments and options. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/quote.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/state.h"

/* ---- export, readonly, unset ---- */

static int by_name(const void *a, const void *b)
{
    const struct var *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static void print_vars(struct call *c, const char *prefix, bool exported, bool readonly)
{
    const struct vars *vars = &c->sh->vars;
    const struct var **sorted = mem_calloc(vars->n + 1, sizeof(*sorted));
    size_t n = 0;
    for (size_t i = 0; i < vars->n; i++) {
        const struct var *v = &vars->list[i];
        if ((!exported || v->exported) && (!readonly || v->readonly) && v->value)
            sorted[n++] = v;
    }
    qsort(sorted, n, sizeof(*sorted), by_name);
    for (size_t i = 0; i < n; i++) {
        struct strbuf value = STRBUF_INIT;
        if (sorted[i]->value[0])
            quote_add(&value, sorted[i]->value);
        sink_printf(c->env->out, "%s%s=%s\n", prefix, sorted[i]->name, strbuf_cstr(&value));
        strbuf_release(&value);
    }
    free(sorted);
}

/* NAME or NAME=VALUE; NULL after a message. */
static struct var *take_definition(struct call *c, const char *word)
{
    size_t n = strcspn(word, "=");
    char *name = mem_strndup(word, n);
    struct var *v = NULL;
    if (!is_name(name))
        builtin_fail(c, "`%s': not a valid identifier", word);
    else if (word[n] && vars_set(&c->sh->vars, name, word + n + 1) < 0)
        builtin_fail(c, "%s: readonly variable", name);
    else
        v = vars_find(&c->sh->vars, name);
    free(name);
    return v;
}

static int define(struct call *c, bool exported, bool readonly, const char *prefix)
{
    int status = 0, first = 1;
    if (c->argc > 1 && strcmp(c->argv[1], "-p") == 0)
        first++;
    if (first >= c->argc)
        print_vars(c, prefix, exported, readonly);
    for (int i = first; i < c->argc; i++) {
        if (c->argv[i][0] == '-')
            return shell_unsupported(c->sh, "%s %s is not supported", c->argv[0], c->argv[i]);
        struct var *v = take_definition(c, c->argv[i]);
        if (!v) {
            status = 1;
            continue;
        }
        v->exported |= exported;
        v->readonly |= readonly;
    }
    return status;
}

int builtin_export(struct call *c)
{
    return define(c, true, false, "export ");
}

int builtin_readonly(struct call *c)
{
    return define(c, false, true, "readonly ");
}

int builtin_unset(struct call *c)
{
    int first = 1, status = 0;
    bool functions = c->argc > 1 && strcmp(c->argv[1], "-f") == 0;
    if (functions || (c->argc > 1 && strcmp(c->argv[1], "-v") == 0))
        first = 2;
    for (int i = first; i < c->argc; i++) {
        if (functions)
            function_remove(c->sh, c->argv[i]);
        else if (!is_name(c->argv[i]))
            status = builtin_fail(c, "`%s': not a valid identifier", c->argv[i]);
        else if (vars_set(&c->sh->vars, c->argv[i], NULL) < 0)
            status = builtin_fail(c, "%s: cannot unset: readonly variable", c->argv[i]);
    }
    return status;
}

/* dash and bash have it: the function's own, and that of those which it calls. Without a value it
 * is unset, as in bash. */
int builtin_local(struct call *c)
{
    int status = 0;
    if (!c->sh->calls)
        return builtin_fail(c, "can only be used in a function");
    for (int i = 1; i < c->argc; i++) {
        size_t n = strcspn(c->argv[i], "=");
        if (c->argv[i][0] == '-')
            return shell_unsupported(c->sh, "local %s is not supported", c->argv[i]);
        char *name = mem_strndup(c->argv[i], n);
        if (is_name(name)) {
            locals_save(c->sh, name);
            if (!c->argv[i][n])
                status |= vars_set(&c->sh->vars, name, NULL) < 0;
        }
        free(name);
        status |= take_definition(c, c->argv[i]) == NULL;
    }
    return status;
}

/* ---- set ---- */

static bool *option_by_letter(struct shell *sh, char letter)
{
    switch (letter) {
    case 'e':
        return &sh->errexit;
    case 'f':
        return &sh->noglob;
    case 'u':
        return &sh->nounset;
    case 'x':
        return &sh->xtrace;
    default:
        return NULL;
    }
}

static bool *option_by_name(struct shell *sh, const char *name)
{
    static const struct {
        const char *name;
        char letter;
    } names[] = {{"errexit", 'e'}, {"noglob", 'f'}, {"nounset", 'u'}, {"xtrace", 'x'}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i].name, name) == 0)
            return option_by_letter(sh, names[i].letter);
    return strcmp(name, "pipefail") == 0 ? &sh->pipefail : NULL;
}

/* A word of options; the words taken, 0 after a message. */
static int take_set_options(struct call *c, int i)
{
    bool on = c->argv[i][0] == '-';
    int taken = 1;
    for (const char *p = c->argv[i] + 1; *p; p++) {
        bool *option = option_by_letter(c->sh, *p);
        if (*p == 'o' && i + taken < c->argc)
            option = option_by_name(c->sh, c->argv[i + taken++]);
        if (!option) {
            shell_unsupported(c->sh, "set %s%s%s is not supported", c->argv[i],
                              taken > 1 ? " " : "", taken > 1 ? c->argv[i + 1] : "");
            return 0;
        }
        *option = on;
    }
    return taken;
}

int builtin_set(struct call *c)
{
    int i = 1;
    bool args = false;
    if (c->argc == 1) {
        print_vars(c, "", false, false);
        return 0;
    }
    while (i < c->argc && (c->argv[i][0] == '-' || c->argv[i][0] == '+') && c->argv[i][1]) {
        if (strcmp(c->argv[i], "--") == 0) {
            args = true;
            i++;
            break;
        }
        int taken = take_set_options(c, i);
        if (!taken)
            return 2;
        i += taken;
    }
    if (args || i < c->argc)
        shell_set_arguments(c->sh, c->argv + i, c->argc - i);
    return 0;
}

/* ---- read ---- */

/* A line, byte by byte, since what follows is for others; escaped[i] says that \ stood before.
 * false: the end came first. */
static bool read_line(struct call *c, bool raw, struct strbuf *line, struct strbuf *escaped)
{
    for (;;) {
        int byte = reader_byte(c->env->in);
        bool quoted = false;
        if (byte == '\\' && !raw) {
            byte = reader_byte(c->env->in);
            if (byte == '\n')
                continue;
            quoted = true;
        }
        if (byte < 0 || (byte == '\n' && !quoted))
            return byte >= 0;
        if (byte == 0)
            continue;
        strbuf_addc(line, (char)byte);
        strbuf_addc(escaped, quoted);
    }
}

struct splitter {
    const struct strbuf *line, *escaped;
    const char *ifs;
    size_t at;
};

static bool at_separator(const struct splitter *s, bool blank)
{
    char c = s->line->data[s->at];
    return !s->escaped->data[s->at] && strchr(s->ifs, c) &&
           (isspace((unsigned char)c) != 0) == blank;
}

static void skip_blanks(struct splitter *s)
{
    while (s->at < s->line->len && at_separator(s, true))
        s->at++;
}

/* The next field, or for the last variable all that is left. */
static char *next_field(struct splitter *s, bool last)
{
    skip_blanks(s);
    size_t start = s->at, end;
    if (last) {
        end = s->line->len;
        for (s->at = end; s->at > start && (s->at--, at_separator(s, true));)
            end = s->at;
        s->at = s->line->len;
    } else {
        while (s->at < s->line->len && !at_separator(s, true) && !at_separator(s, false))
            s->at++;
        end = s->at;
        skip_blanks(s);
        if (s->at < s->line->len && end < s->line->len && at_separator(s, false))
            s->at++;
    }
    return mem_strndup(strbuf_cstr(s->line) + start, end - start);
}

/* -1: go on with *first, else the exit status. */
static int read_options(struct call *c, int *first, bool *raw)
{
    for (*first = 1; *first < c->argc && c->argv[*first][0] == '-'; ++*first) {
        const char *word = c->argv[*first];
        if (strcmp(word, "-r") == 0) {
            *raw = true;
        } else if (strcmp(word, "-p") == 0 && *first + 1 < c->argc) {
            if (c->sh->opts.interactive)
                sink_puts(c->env->err, c->argv[*first + 1]);
            ++*first;
        } else {
            return shell_unsupported(c->sh, "read %s is not supported", word);
        }
    }
    return -1;
}

int builtin_read(struct call *c)
{
    struct strbuf line = STRBUF_INIT, escaped = STRBUF_INIT;
    const char *ifs = vars_get(&c->sh->vars, "IFS");
    bool raw = false;
    int first, status = read_options(c, &first, &raw);
    if (status >= 0)
        return status;
    status = read_line(c, raw, &line, &escaped) ? 0 : 1;
    struct splitter s = {.line = &line, .escaped = &escaped, .ifs = ifs ? ifs : " \t\n"};
    if (first >= c->argc)
        vars_set(&c->sh->vars, "REPLY", strbuf_cstr(&line));
    for (int i = first; i < c->argc; i++) {
        char *value = next_field(&s, i + 1 == c->argc);
        if (!is_name(c->argv[i]))
            status = builtin_fail(c, "`%s': not a valid identifier", c->argv[i]);
        else if (vars_set(&c->sh->vars, c->argv[i], value) < 0)
            status = builtin_fail(c, "%s: readonly variable", c->argv[i]);
        free(value);
    }
    strbuf_release(&line);
    strbuf_release(&escaped);
    return status;
}
