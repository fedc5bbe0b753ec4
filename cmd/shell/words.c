/* Words: quoting (XCU 2.2) and what is to be expanded (2.6), taken apart once, when they are read.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/shell/lexer.h"

/* How far a word goes. */
enum extent {
    EXTENT_TOKEN,  /* to a blank or an operator */
    EXTENT_QUOTES, /* to the closing " */
    EXTENT_BRACE,  /* to the } of ${...} */
    EXTENT_ARITH,  /* to the )) of $((...)) */
    EXTENT_HERE,   /* to the end: a here-document */
};

struct builder {
    struct lexer *lx;
    enum extent extent;
    bool quoted; /* inside "" or a here-document, where ' and ~ are nothing special */
    int parens;  /* EXTENT_ARITH: open ones */
    bool plain;  /* no quoting, no expansion so far */
    struct part *first, **last;
    struct strbuf text; /* of the part being read */
    bool text_quoted;
    bool started; /* a text part has begun, perhaps an empty quoted one */
};

static struct part *add_part(struct builder *b, enum part_kind kind, bool quoted)
{
    struct part *p = arena_alloc(b->lx->arena, sizeof(*p));
    p->kind = kind;
    p->quoted = quoted;
    *b->last = p;
    b->last = &p->next;
    return p;
}

static void end_text(struct builder *b)
{
    if (!b->started)
        return;
    struct part *p = add_part(b, PART_TEXT, b->text_quoted);
    p->text = arena_strndup(b->lx->arena, strbuf_cstr(&b->text), b->text.len);
    strbuf_reset(&b->text);
    b->started = false;
}

/* Further text is quoted or not: a new part where that changes. */
static void begin_text(struct builder *b, bool quoted)
{
    if (b->started && b->text_quoted != quoted)
        end_text(b);
    b->started = true;
    b->text_quoted = quoted;
}

static void add_char(struct builder *b, char c, bool quoted)
{
    begin_text(b, quoted);
    strbuf_addc(&b->text, c);
}

static struct part *read_parts(struct lexer *lx, enum extent extent, bool quoted,
                               const char **plain);

static char peek(const struct lexer *lx, size_t ahead)
{
    return lx->at + ahead < lx->len ? lx->text[lx->at + ahead] : '\0';
}

static void missing(struct lexer *lx, const char *what)
{
    lexer_fail(lx, EAGAIN, "unexpected EOF while looking for matching `%s'", what);
}

/* ---- quotes ---- */

static void take_single_quoted(struct builder *b)
{
    struct lexer *lx = b->lx;
    const char *start = lx->text + ++lx->at;
    const char *end = memchr(start, '\'', lx->len - lx->at);
    if (!end) {
        missing(lx, "'");
        return;
    }
    begin_text(b, true);
    strbuf_add(&b->text, start, (size_t)(end - start));
    for (const char *p = start; p < end; p++)
        lx->line += *p == '\n';
    lx->at += (size_t)(end - start) + 1;
}

static void take_double_quoted(struct builder *b)
{
    struct lexer *lx = b->lx;
    lx->at++;
    struct part *inner = read_parts(lx, EXTENT_QUOTES, true, NULL);
    if (lx->rc)
        return;
    lx->at++;
    if (!inner)
        begin_text(b, true); /* "" is a word, too */
    end_text(b);
    *b->last = inner;
    while (*b->last)
        b->last = &(*b->last)->next;
}

/* Within quotes a backslash quotes these only; in a here-document not the ". */
static bool is_escapable(const struct builder *b, char c)
{
    if (!b->quoted)
        return true;
    if (b->extent == EXTENT_BRACE && c == '}')
        return true;
    return c && strchr(b->extent == EXTENT_HERE ? "$`\\" : "$`\"\\", c);
}

static void take_backslash(struct builder *b)
{
    struct lexer *lx = b->lx;
    char c = peek(lx, 1);
    if (c == '\n') {
        lx->at += 2;
        lx->line++;
        if (lx->at >= lx->len && !lx->final && b->extent == EXTENT_TOKEN)
            lexer_fail(lx, EAGAIN, "the line that a \\ continues is missing");
    } else if (!c) {
        if (!lx->final)
            lexer_fail(lx, EAGAIN, "the line that a \\ continues is missing");
        add_char(b, '\\', true);
        lx->at++;
    } else if (is_escapable(b, c)) {
        add_char(b, c, true);
        lx->at += 2;
    } else {
        add_char(b, '\\', b->quoted);
        lx->at++;
    }
}

/* ---- $name and ${...} ---- */

static size_t name_length(const char *s)
{
    size_t n = 0;
    if (isdigit((unsigned char)s[0]))
        return 0;
    while (isalnum((unsigned char)s[n]) || s[n] == '_')
        n++;
    return n;
}

static bool is_special_param(char c)
{
    return c && strchr("@*#?-$!0123456789", c);
}

/* The name at the position: a variable's, or a special parameter's. `braces`: ${10} is one. */
static size_t param_length(const struct lexer *lx, bool braces)
{
    const char *s = lx->text + lx->at;
    size_t n = name_length(s);
    if (!n && braces && isdigit((unsigned char)*s))
        n = strspn(s, "0123456789");
    else if (!n && is_special_param(*s))
        n = 1;
    return n;
}

static const struct {
    const char *text;
    enum param_op op;
} param_ops[] = {
    {"##", PARAM_CUT_LONG_PREFIX},
    {"#", PARAM_CUT_PREFIX},
    {"%%", PARAM_CUT_LONG_SUFFIX},
    {"%", PARAM_CUT_SUFFIX},
    {"-", PARAM_DEFAULT},
    {"=", PARAM_ASSIGN},
    {"?", PARAM_ERROR},
    {"+", PARAM_ALTERNATE},
};

/* The operator of ${name OP word}; false: refused. */
static bool take_param_op(struct lexer *lx, struct part *p)
{
    p->colon = peek(lx, 0) == ':';
    lx->at += p->colon;
    for (size_t i = 0; i < ARRAY_LEN(param_ops); i++) {
        size_t n = strlen(param_ops[i].text);
        bool cuts = param_ops[i].op >= PARAM_CUT_PREFIX;
        if (strncmp(lx->text + lx->at, param_ops[i].text, n) != 0 || (cuts && p->colon))
            continue;
        p->op = param_ops[i].op;
        lx->at += n;
        return true;
    }
    if (!peek(lx, 0))
        missing(lx, "}");
    else
        lexer_fail(lx, ENOTSUP, "${%s%s%c...}", p->text, p->colon ? ":" : "", peek(lx, 0));
    return false;
}

/* ${#name}, but ${#} and ${#-...} are of the parameter #. */
static bool asks_length(const struct lexer *lx)
{
    char next = peek(lx, 1);
    return peek(lx, 0) == '#' && (isalnum((unsigned char)next) || next == '_' ||
                                  ((next == '@' || next == '*') && peek(lx, 2) == '}'));
}

static void take_braced(struct builder *b, struct part *p)
{
    struct lexer *lx = b->lx;
    if (asks_length(lx)) {
        p->op = PARAM_LENGTH;
        lx->at++;
    }
    size_t n = param_length(lx, true);
    if (!n) {
        if (peek(lx, 0))
            lexer_fail(lx, ENOTSUP, "${%c...}", peek(lx, 0));
        else
            missing(lx, "}");
        return;
    }
    p->text = arena_strndup(lx->arena, lx->text + lx->at, n);
    lx->at += n;
    if (peek(lx, 0) != '}') {
        if (p->op == PARAM_LENGTH)
            lexer_fail(lx, ENOTSUP, "${#%s%c...}", p->text, peek(lx, 0));
        if (lx->rc || !take_param_op(lx, p))
            return;
        p->arg = read_parts(lx, EXTENT_BRACE, b->quoted && p->op < PARAM_CUT_PREFIX, NULL);
    }
    if (lx->rc)
        return;
    if (peek(lx, 0) != '}')
        missing(lx, "}");
    lx->at++;
}

/* ---- $(...), $((...)), `...` ---- */

static void take_arith(struct builder *b)
{
    struct lexer *lx = b->lx;
    struct part *p = add_part(b, PART_ARITH, b->quoted);
    lx->at += 3;
    p->arg = read_parts(lx, EXTENT_ARITH, true, NULL);
    if (!lx->rc)
        lx->at += 2;
}

/* $((: arithmetic, unless the parentheses do not close as )), as in $((a); (b)). */
static bool is_arith(const struct lexer *lx)
{
    int open = 0;
    for (size_t i = lx->at + 1; i < lx->len; i++) {
        if (lx->text[i] == '(')
            open++;
        else if (lx->text[i] == ')' && --open == 1)
            return i + 1 < lx->len ? lx->text[i + 1] == ')' : true;
    }
    return true;
}

static void take_command(struct builder *b)
{
    struct part *p = add_part(b, PART_COMMAND, b->quoted);
    b->lx->at += 2;
    p->body = b->lx->substitution(b->lx);
}

/* The text between backquotes: \ quotes $, ` and \ there (2.6.3), in "" also ". */
static bool collect_backquoted(struct builder *b, struct strbuf *text)
{
    struct lexer *lx = b->lx;
    for (lx->at++; lx->at < lx->len; lx->at++) {
        char c = peek(lx, 0), next = peek(lx, 1);
        if (c == '`') {
            lx->at++;
            return true;
        }
        if (c == '\\' && next && strchr(b->quoted ? "$`\\\"" : "$`\\", next))
            c = lx->text[++lx->at];
        lx->line += c == '\n';
        strbuf_addc(text, c);
    }
    missing(lx, "`");
    return false;
}

static void take_backquoted(struct builder *b)
{
    struct lexer *lx = b->lx;
    struct part *p = add_part(b, PART_COMMAND, b->quoted);
    struct strbuf text = STRBUF_INIT;
    if (collect_backquoted(b, &text)) {
        struct lexer inner = *lx;
        strbuf_addc(&text, ')'); /* read as $(...) is */
        inner.text = arena_strndup(lx->arena, text.data, text.len);
        inner.len = text.len;
        inner.at = 0;
        inner.final = true;
        inner.pending = NULL;
        inner.last_pending = &inner.pending;
        p->body = inner.substitution(&inner);
        if (!inner.rc && inner.at != inner.len)
            lexer_fail(&inner, EINVAL, "syntax error near unexpected token `)'");
        lx->rc = inner.rc;
    }
    strbuf_release(&text);
}

static void take_param(struct builder *b, size_t n)
{
    struct lexer *lx = b->lx;
    struct part *p = add_part(b, PART_PARAM, b->quoted);
    lx->at++;
    p->text = arena_strndup(lx->arena, lx->text + lx->at, n);
    lx->at += n;
}

static void take_dollar(struct builder *b)
{
    struct lexer *lx = b->lx;
    char next = peek(lx, 1);
    lx->at++;
    size_t n = param_length(lx, false);
    lx->at--;
    if (next == '(' && peek(lx, 2) == '(' && is_arith(lx)) {
        end_text(b);
        take_arith(b);
    } else if (next == '(') {
        end_text(b);
        take_command(b);
    } else if (next == '{') {
        end_text(b);
        struct part *p = add_part(b, PART_PARAM, b->quoted);
        lx->at += 2;
        take_braced(b, p);
    } else if (n) {
        end_text(b);
        take_param(b, n);
    } else if (!b->quoted && (next == '\'' || next == '"')) {
        lexer_fail(lx, ENOTSUP, "$%c...%c (bash's quoting)", next, next);
    } else {
        add_char(b, '$', b->quoted);
        lx->at++;
    }
}

/* ---- words ---- */

/* Parentheses within $((...)) count; the last )) ends it. */
static bool ends_arith(struct builder *b)
{
    char c = peek(b->lx, 0);
    if (c == '(')
        b->parens++;
    if (c != ')')
        return false;
    if (b->parens == 0 && peek(b->lx, 1) == ')')
        return true;
    b->parens--;
    return false;
}

static bool at_end(struct builder *b)
{
    static const char *const ends[] = {
        [EXTENT_TOKEN] = " \t\r\n&|;()<>", [EXTENT_QUOTES] = "\"", [EXTENT_BRACE] = "}"};
    static const char *const closing[] = {
        [EXTENT_QUOTES] = "\"", [EXTENT_BRACE] = "}", [EXTENT_ARITH] = "))"};
    struct lexer *lx = b->lx;
    if (lx->rc)
        return true;
    if (lx->at >= lx->len) {
        if (b->extent != EXTENT_TOKEN && b->extent != EXTENT_HERE)
            missing(lx, closing[b->extent]);
        return true;
    }
    if (b->extent == EXTENT_ARITH)
        return ends_arith(b);
    return b->extent != EXTENT_HERE && strchr(ends[b->extent], peek(lx, 0));
}

static void take_char(struct builder *b)
{
    struct lexer *lx = b->lx;
    char c = peek(lx, 0);
    bool special = true;
    if (c == '\\')
        take_backslash(b);
    else if (c == '$')
        take_dollar(b);
    else if (c == '`')
        end_text(b), take_backquoted(b);
    else if (c == '\'' && !b->quoted)
        take_single_quoted(b);
    else if (c == '"' && b->extent != EXTENT_HERE && b->extent != EXTENT_ARITH)
        take_double_quoted(b);
    else
        special = false;
    b->plain &= !special;
    if (special)
        return;
    add_char(b, c, b->quoted);
    lx->line += c == '\n';
    lx->at++;
}

static struct part *read_parts(struct lexer *lx, enum extent extent, bool quoted,
                               const char **plain)
{
    struct builder b = {.lx = lx, .extent = extent, .quoted = quoted, .plain = true};
    b.last = &b.first;
    if (!lexer_enter(lx))
        return NULL;
    while (!at_end(&b))
        take_char(&b);
    end_text(&b);
    strbuf_release(&b.text);
    lexer_leave(lx);
    if (plain)
        *plain = b.plain && b.first && !b.first->next ? b.first->text : NULL;
    return b.first;
}

struct part *lexer_word(struct lexer *lx, const char **plain)
{
    return read_parts(lx, EXTENT_TOKEN, false, plain);
}

struct part *lexer_here_text(struct lexer *lx, const char *text, size_t len)
{
    struct lexer inner = *lx;
    inner.text = arena_strndup(lx->arena, text, len);
    inner.len = len;
    inner.at = 0;
    inner.final = true;
    struct part *parts = read_parts(&inner, EXTENT_HERE, true, NULL);
    lx->rc = inner.rc;
    return parts;
}
