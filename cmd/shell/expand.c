#include "cmd/shell/expand.h"

#include <ctype.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/braces.h"
#include "cmd/shell/glob.h"
#include "cmd/shell/run.h"
#include "cmd/shell/state.h"

/* What a character of an expanded word is. */
enum {
    MARK_QUOTED = 1, /* stands for itself */
    MARK_SPLIT = 2,  /* result of an unquoted expansion: IFS splits here */
    MARK_BREAK = 4,  /* no character, but the border between two fields of "$@" */
    MARK_EMPTY = 8,  /* no character: something quoted was here, the field exists */
};

struct expansion {
    struct shell *sh;
    struct strbuf text, marks; /* of one length */
    bool split;                /* fields are wanted */
    int unquoted;              /* mark of plain text: within ${x-word} it is a result, too */
    bool failed;
};

static void put_char(struct expansion *e, char c, int mark)
{
    strbuf_addc(&e->text, c);
    strbuf_addc(&e->marks, (char)mark);
}

static void fail(struct expansion *e)
{
    e->failed = true;
}

/* A variable that is doubled again and again would take all memory. */
static bool fits(struct expansion *e, size_t more)
{
    enum { LONGEST = 64 << 20 };
    size_t most = e->sh->opts.most_output ? e->sh->opts.most_output : LONGEST;
    if (e->text.len + more <= most)
        return true;
    if (!e->failed)
        shell_unsupported(e->sh, "a word of more than %zu bytes", most);
    fail(e);
    e->sh->unwind = UNWIND_ABORT;
    return false;
}

static void put_text(struct expansion *e, const char *s, int mark)
{
    if (!fits(e, strlen(s)))
        return;
    for (; *s; s++)
        put_char(e, *s, mark);
}

static void release(struct expansion *e)
{
    strbuf_release(&e->text);
    strbuf_release(&e->marks);
}

static bool expand_word(struct shell *sh, const struct part *parts, struct words *out);
static void expand_parts(struct expansion *e, const struct part *parts, bool quoted);

/* ---- parameters ---- */

static const char *option_letters(const struct shell *sh, char buf[8])
{
    snprintf(buf, 8, "%s%s%s%s%s", sh->errexit ? "e" : "", sh->noglob ? "f" : "",
             sh->opts.interactive ? "i" : "", sh->nounset ? "u" : "", sh->xtrace ? "x" : "");
    return buf;
}

static const char *positional(const struct shell *sh, const char *digits)
{
    unsigned long n = strtoul(digits, NULL, 10);
    if (n == 0)
        return sh->opts.name;
    return n <= sh->args.n ? sh->args.v[n - 1] : NULL;
}

/* The value of a parameter but @ and *; NULL: unset. */
static const char *param_value(struct shell *sh, const char *name, char buf[32])
{
    if (isdigit((unsigned char)*name))
        return positional(sh, name);
    switch (*name) {
    case '#':
        snprintf(buf, 32, "%zu", sh->args.n);
        return buf;
    case '?':
        snprintf(buf, 32, "%d", sh->status);
        return buf;
    case '$':
        snprintf(buf, 32, "%ld", (long)sh->pid);
        return buf;
    case '!':
        snprintf(buf, 32, "%ld", (long)sh->background);
        return sh->background ? buf : NULL;
    case '-':
        return option_letters(sh, buf);
    default:
        return vars_get(&sh->vars, name);
    }
}

static bool is_all(const char *name)
{
    return (*name == '@' || *name == '*') && !name[1];
}

static const char *separators(const struct shell *sh)
{
    const char *ifs = vars_get(&sh->vars, "IFS");
    return ifs ? ifs : " \t\n";
}

/* $@ and $*: fields of their own, unless the result is one string. */
static void put_all(struct expansion *e, const char *name, bool quoted)
{
    const char *ifs = separators(e->sh);
    bool fields = e->split && (*name == '@' || !quoted);
    for (size_t i = 0; i < e->sh->args.n; i++) {
        if (i && fields)
            put_char(e, ' ', MARK_BREAK);
        else if (i && (*name == '@' || *ifs))
            put_char(e, *name == '@' ? ' ' : *ifs, MARK_QUOTED);
        if (quoted)
            put_char(e, ' ', MARK_EMPTY);
        put_text(e, e->sh->args.v[i], quoted ? MARK_QUOTED : MARK_SPLIT);
    }
}

static void complain_unset(struct expansion *e, const struct part *p)
{
    shell_complain(e->sh, "%s: unbound variable", p->text);
    fail(e);
    if (!e->sh->opts.interactive)
        e->sh->unwind = UNWIND_EXIT;
}

/* ${x?word} */
static void complain_param(struct expansion *e, const struct part *p)
{
    struct word word = {.parts = p->arg};
    char *text = p->arg ? expand_to_string(e->sh, &word) : NULL;
    shell_complain(e->sh, "%s: %s", p->text,
                   text       ? text
                   : p->colon ? "parameter null or not set"
                              : "parameter not set");
    free(text);
    fail(e);
    if (!e->sh->opts.interactive)
        e->sh->unwind = UNWIND_EXIT;
}

/* The word of ${x-word}. */
static void put_word(struct expansion *e, const struct part *parts, bool quoted)
{
    int unquoted = e->unquoted;
    e->unquoted = MARK_SPLIT;
    expand_parts(e, parts, quoted);
    e->unquoted = unquoted;
}

static void assign_param(struct expansion *e, const struct part *p, bool quoted)
{
    struct word word = {.parts = p->arg};
    char *text = expand_to_string(e->sh, &word);
    if (!text || !is_name(p->text) || vars_set(&e->sh->vars, p->text, text) < 0) {
        if (text)
            shell_complain(e->sh, "%s: cannot assign in this way", p->text);
        fail(e);
    } else {
        put_text(e, text, quoted ? MARK_QUOTED : MARK_SPLIT);
    }
    free(text);
}

/* ${x#pattern} and the like: what is left of the value, in [*start, *end). */
static void cut(enum param_op op, const char *value, const char *pattern, size_t *start,
                size_t *end)
{
    size_t len = strlen(value);
    bool prefix = op == PARAM_CUT_PREFIX || op == PARAM_CUT_LONG_PREFIX;
    bool longest = op == PARAM_CUT_LONG_PREFIX || op == PARAM_CUT_LONG_SUFFIX;
    *start = 0;
    *end = len;
    for (size_t i = 0; i <= len; i++) {
        size_t n = longest ? len - i : i; /* characters to try */
        char *piece = mem_strndup(prefix ? value : value + len - n, n);
        bool fits = fnmatch(pattern, piece, 0) == 0;
        free(piece);
        if (!fits)
            continue;
        if (prefix)
            *start = n;
        else
            *end = len - n;
        return;
    }
}

static void put_cut(struct expansion *e, const struct part *p, const char *value, bool quoted)
{
    enum { LONGEST = 65536 };
    char *pattern = expand_to_pattern(e->sh, p->arg);
    size_t start, end;
    if (!pattern || strlen(value) > LONGEST) {
        fail(e);
        free(pattern);
        return;
    }
    char *copy = mem_strdup(value);
    cut(p->op, copy, pattern, &start, &end);
    copy[end] = '\0';
    put_text(e, copy + start, quoted ? MARK_QUOTED : MARK_SPLIT);
    free(copy);
    free(pattern);
}

static void put_length(struct expansion *e, const struct part *p, const char *value, bool quoted)
{
    char text[32];
    size_t n = is_all(p->text) ? e->sh->args.n : strlen(value);
    snprintf(text, sizeof(text), "%zu", n);
    put_text(e, text, quoted ? MARK_QUOTED : MARK_SPLIT);
}

/* The parameter counts as not there. */
static bool is_missing(const struct expansion *e, const struct part *p, const char *value)
{
    if (is_all(p->text))
        return e->sh->args.n == 0 || (p->colon && e->sh->args.n == 1 && !e->sh->args.v[0][0]);
    return !value || (p->colon && !*value);
}

static void put_value(struct expansion *e, const struct part *p, const char *value, bool quoted)
{
    if (is_all(p->text))
        put_all(e, p->text, quoted);
    else if (value)
        put_text(e, value, quoted ? MARK_QUOTED : MARK_SPLIT);
    else if (e->sh->nounset)
        complain_unset(e, p);
}

static void expand_param(struct expansion *e, const struct part *p, bool quoted)
{
    char buf[32];
    const char *value = is_all(p->text) ? NULL : param_value(e->sh, p->text, buf);
    bool gone = is_missing(e, p, value);
    switch (p->op) {
    case PARAM_PLAIN:
        put_value(e, p, value, quoted);
        break;
    case PARAM_LENGTH:
        if (!value && !is_all(p->text) && e->sh->nounset)
            complain_unset(e, p);
        else
            put_length(e, p, value ? value : "", quoted);
        break;
    case PARAM_ALTERNATE:
        if (!gone)
            put_word(e, p->arg, quoted);
        break;
    case PARAM_DEFAULT:
        if (gone)
            put_word(e, p->arg, quoted);
        else
            put_value(e, p, value, quoted);
        break;
    case PARAM_ASSIGN:
        if (gone)
            assign_param(e, p, quoted);
        else
            put_value(e, p, value, quoted);
        break;
    case PARAM_ERROR:
        if (gone)
            complain_param(e, p);
        else
            put_value(e, p, value, quoted);
        break;
    default:
        if (value)
            put_cut(e, p, value, quoted);
        else if (e->sh->nounset)
            complain_unset(e, p);
    }
}

/* ---- $(...) and $((...)) ---- */

static void expand_command(struct expansion *e, const struct part *p, bool quoted)
{
    struct strbuf out = STRBUF_INIT;
    if (p->body)
        e->sh->substitution_status = run_captured(e->sh, p->body, &out);
    while (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    put_text(e, strbuf_cstr(&out), quoted ? MARK_QUOTED : MARK_SPLIT);
    strbuf_release(&out);
}

static void expand_arith(struct expansion *e, const struct part *p, bool quoted)
{
    struct word word = {.parts = p->arg};
    char *text = expand_to_string(e->sh, &word), number[32];
    int64_t value;
    if (text && arith_evaluate(e->sh, text, &value)) {
        snprintf(number, sizeof(number), "%" PRId64, value);
        put_text(e, number, quoted ? MARK_QUOTED : MARK_SPLIT);
    } else {
        fail(e);
    }
    free(text);
}

/* ---- words ---- */

static const char *home_folder(struct expansion *e)
{
    const char *home = vars_get(&e->sh->vars, "HOME");
    return home ? home : "/root";
}

/* ~ at the beginning of a word, alone or before a slash. */
static const char *expand_tilde(struct expansion *e, const struct part *p)
{
    const char *s = p->text;
    if (*s != '~' || (s[1] && s[1] != '/') || (!s[1] && p->next))
        return s;
    put_text(e, home_folder(e), MARK_QUOTED);
    return s + 1;
}

static void expand_parts(struct expansion *e, const struct part *parts, bool quoted)
{
    for (const struct part *p = parts; p && !e->failed; p = p->next) {
        bool q = quoted || p->quoted;
        if (q && !(p->kind == PART_PARAM && p->text[0] == '@' && p->op == PARAM_PLAIN))
            put_char(e, ' ', MARK_EMPTY);
        switch (p->kind) {
        case PART_TEXT:
            put_text(e, p == parts && !q ? expand_tilde(e, p) : p->text,
                     q ? MARK_QUOTED : e->unquoted);
            break;
        case PART_PARAM:
            expand_param(e, p, q);
            break;
        case PART_COMMAND:
            expand_command(e, p, q);
            break;
        case PART_ARITH:
            expand_arith(e, p, q);
            break;
        }
        if (e->sh->unwind == UNWIND_EXIT)
            fail(e);
    }
}

/* ---- fields ---- */

struct field {
    struct strbuf text, pattern; /* the pattern has what is quoted escaped */
    bool exists, magic;
};

static void end_field(struct shell *sh, struct field *f, struct words *out)
{
    if (f->exists && (!f->magic || sh->noglob || !glob_expand(sh, strbuf_cstr(&f->pattern), out)))
        words_add(out, mem_strdup(strbuf_cstr(&f->text)));
    strbuf_reset(&f->text);
    strbuf_reset(&f->pattern);
    f->exists = f->magic = false;
}

static void add_to_field(struct field *f, char c, int mark)
{
    bool special = strchr("*?[]\\", c) != NULL;
    f->exists = true;
    strbuf_addc(&f->text, c);
    if (special && (mark & MARK_QUOTED))
        strbuf_addc(&f->pattern, '\\');
    strbuf_addc(&f->pattern, c);
    f->magic |= !(mark & MARK_QUOTED) && (c == '*' || c == '?' || c == '[');
}

static bool is_separator(const char *ifs, char c, int mark)
{
    return (mark & MARK_SPLIT) && strchr(ifs, c);
}

/* 2.6.5: blanks of IFS around a field are nothing, any other of its characters ends one. */
static void split_fields(struct expansion *e, struct words *out)
{
    const char *ifs = separators(e->sh);
    struct field f = {STRBUF_INIT, STRBUF_INIT, false, false};
    bool ended = false; /* by blanks: a separator may still follow */
    for (size_t i = 0; i < e->text.len; i++) {
        char c = e->text.data[i];
        int mark = (unsigned char)e->marks.data[i];
        if (mark & MARK_EMPTY) {
            f.exists = true;
        } else if (mark & MARK_BREAK) {
            end_field(e->sh, &f, out);
        } else if (!is_separator(ifs, c, mark)) {
            add_to_field(&f, c, mark);
        } else if (isspace((unsigned char)c)) {
            ended = f.exists;
            end_field(e->sh, &f, out);
            continue;
        } else {
            f.exists |= !ended;
            end_field(e->sh, &f, out);
        }
        ended = false;
    }
    end_field(e->sh, &f, out);
    strbuf_release(&f.text);
    strbuf_release(&f.pattern);
}

static bool expand_fields(struct shell *sh, const struct part *parts, struct words *out)
{
    struct expansion e = {.sh = sh, .split = true};
    expand_parts(&e, parts, false);
    if (!e.failed)
        split_fields(&e, out);
    release(&e);
    return !e.failed;
}

/* ---- braces ---- */

static bool has_braces(const struct part *p)
{
    return p->kind == PART_TEXT && !p->quoted && strchr(p->text, '{') && braces_any(p->text);
}

/* Braces with an expansion or quotes in one of their words, {$a,b}: bash expands them. */
static bool has_split_braces(const struct part *p)
{
    int depth = 0;
    bool comma = false;
    for (; p; p = p->next)
        for (const char *c = p->kind == PART_TEXT && !p->quoted ? p->text : ""; *c; c++) {
            comma |= *c == ',' && depth > 0;
            depth += *c == '{';
            if (*c == '}' && depth > 0 && --depth == 0 && comma)
                return true;
        }
    return false;
}

/* The word with the text of one of its parts exchanged. */
static bool expand_variant(struct shell *sh, const struct part *parts, const struct part *which,
                           const char *text, struct words *out)
{
    size_t n = 0, i = 0;
    for (const struct part *p = parts; p; p = p->next)
        n++;
    struct part *copy = mem_calloc(n, sizeof(*copy));
    for (const struct part *p = parts; p; p = p->next, i++) {
        copy[i] = *p;
        if (p == which)
            copy[i].text = text;
        copy[i].next = i + 1 < n ? &copy[i + 1] : NULL;
    }
    bool ok = expand_word(sh, copy, out);
    free(copy);
    return ok;
}

static bool expand_word(struct shell *sh, const struct part *parts, struct words *out)
{
    enum { MOST = 10000 };
    const struct part *which = parts;
    struct words variants = {NULL, 0, 0};
    while (which && !has_braces(which))
        which = which->next;
    if (!which && parts && parts->next && has_split_braces(parts)) {
        shell_unsupported(sh, "braces with $ or quotes in them, {$a,b}, are not supported");
        return false;
    }
    if (!which)
        return expand_fields(sh, parts, out);
    bool ok = braces_expand(which->text, MOST, &variants);
    if (!ok)
        shell_unsupported(sh, "braces that expand to more than %d words", MOST);
    for (size_t i = 0; i < variants.n && ok; i++)
        ok = expand_variant(sh, parts, which, variants.v[i], out);
    words_release(&variants);
    return ok;
}

bool expand_words(struct shell *sh, const struct word *list, struct words *out)
{
    bool ok = true;
    for (; list && ok; list = list->next)
        ok = expand_word(sh, list->parts, out);
    return ok;
}

/* The text of an expansion without marks; patterns get what is quoted escaped. */
static char *joined(struct expansion *e, bool pattern)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < e->text.len; i++) {
        int mark = (unsigned char)e->marks.data[i];
        if (mark & MARK_EMPTY)
            continue;
        if (pattern && (mark & MARK_QUOTED) && strchr("*?[]\\", e->text.data[i]))
            strbuf_addc(&out, '\\');
        strbuf_addc(&out, e->text.data[i]);
    }
    char *text = e->failed ? NULL : strbuf_detach(&out);
    strbuf_release(&out);
    release(e);
    return text;
}

char *expand_to_string(struct shell *sh, const struct word *word)
{
    struct expansion e = {.sh = sh};
    expand_parts(&e, word->parts, false);
    return joined(&e, false);
}

char *expand_to_pattern(struct shell *sh, const struct part *parts)
{
    struct expansion e = {.sh = sh};
    expand_parts(&e, parts, false);
    return joined(&e, true);
}
