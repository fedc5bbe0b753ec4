#include "cmd/shell/lexer.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

enum { DEEPEST = 200 };

int lexer_fail(struct lexer *lx, int error, const char *fmt, ...)
{
    char text[sizeof(lx->err->msg)];
    va_list ap;
    if (lx->rc)
        return lx->rc;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    lx->rc = vnet_err(lx->err, error, "%s", text);
    return lx->rc;
}

bool lexer_enter(struct lexer *lx)
{
    if (lx->rc || ++lx->depth <= DEEPEST)
        return !lx->rc;
    lexer_fail(lx, ENOTSUP, "commands nested more than %d deep", DEEPEST);
    return false;
}

void lexer_leave(struct lexer *lx)
{
    lx->depth--;
}

/* ---- operators ---- */

/* The longest first. */
static const struct operator
{
    const char *text;
    enum token_kind kind;
    enum redirect_kind redirect;
    const char *refused; /* what bash has and this shell does not */
}
operators[] = {
    {"<<<", TOKEN_END, 0, "a here-string (<<<)"},
    {"<<-", TOKEN_REDIRECT, REDIRECT_HERE, NULL},
    {"&>>", TOKEN_REDIRECT, REDIRECT_BOTH_APPEND, NULL},
    {";;&", TOKEN_END, 0, "\";;&\" in case"},
    {"&&", TOKEN_AND_IF, 0, NULL},
    {"||", TOKEN_OR_IF, 0, NULL},
    {";;", TOKEN_DSEMI, 0, NULL},
    {";&", TOKEN_END, 0, "\";&\" in case"},
    {"|&", TOKEN_END, 0, "|& (say 2>&1 |)"},
    {"&>", TOKEN_REDIRECT, REDIRECT_BOTH, NULL},
    {"<<", TOKEN_REDIRECT, REDIRECT_HERE, NULL},
    {">>", TOKEN_REDIRECT, REDIRECT_APPEND, NULL},
    {"<&", TOKEN_REDIRECT, REDIRECT_DUP_IN, NULL},
    {">&", TOKEN_REDIRECT, REDIRECT_DUP_OUT, NULL},
    {"<>", TOKEN_REDIRECT, REDIRECT_RDWR, NULL},
    {">|", TOKEN_REDIRECT, REDIRECT_CLOBBER, NULL},
    {"<(", TOKEN_END, 0, "a process substitution, <(...)"},
    {">(", TOKEN_END, 0, "a process substitution, >(...)"},
    {"((", TOKEN_END, 0, "((...))"},
    {"&", TOKEN_AMP, 0, NULL},
    {"|", TOKEN_PIPE, 0, NULL},
    {";", TOKEN_SEMI, 0, NULL},
    {"(", TOKEN_LPAREN, 0, NULL},
    {")", TOKEN_RPAREN, 0, NULL},
    {"<", TOKEN_REDIRECT, REDIRECT_IN, NULL},
    {">", TOKEN_REDIRECT, REDIRECT_OUT, NULL},
};

static void take_operator(struct lexer *lx, struct token *tok)
{
    const struct operator* op = operators;
    while (strncmp(op->text, lx->text + lx->at, strlen(op->text)) != 0)
        op++; /* the caller has seen the first character of one */
    if (op->refused) {
        lexer_fail(lx, ENOTSUP, "%s", op->refused);
        return;
    }
    tok->kind = op->kind;
    tok->redirect = op->redirect;
    tok->strip_tabs = strcmp(op->text, "<<-") == 0;
    lx->at += strlen(op->text);
}

/* ---- here-documents ---- */

/* The length of the line at p, without its newline. */
static size_t line_length(const struct lexer *lx, size_t p)
{
    const char *end = memchr(lx->text + p, '\n', lx->len - p);
    return end ? (size_t)(end - (lx->text + p)) : lx->len - p;
}

/* The lines up to the delimiter; false: the text ends before. */
static bool collect_here(struct lexer *lx, const struct here_document *h, struct strbuf *body)
{
    while (lx->at < lx->len) {
        size_t n = line_length(lx, lx->at), skip = 0;
        const char *line = lx->text + lx->at;
        while (h->strip_tabs && skip < n && line[skip] == '\t')
            skip++;
        bool last =
            n - skip == strlen(h->delimiter) && memcmp(line + skip, h->delimiter, n - skip) == 0;
        bool newline = lx->at + n < lx->len;
        lx->at += n + newline;
        lx->line += newline;
        if (last)
            return true;
        strbuf_add(body, line + skip, n - skip + newline);
    }
    return lx->final;
}

static void read_here(struct lexer *lx, struct here_document *h)
{
    struct strbuf body = STRBUF_INIT;
    if (!collect_here(lx, h, &body)) {
        lexer_fail(lx, EAGAIN, "the here-document's end, \"%s\", is missing", h->delimiter);
    } else if (h->quoted) {
        struct part *p = arena_alloc(lx->arena, sizeof(*p));
        p->text = arena_strndup(lx->arena, strbuf_cstr(&body), body.len);
        p->quoted = true;
        h->redirect->target.parts = p;
    } else {
        h->redirect->target.parts = lexer_here_text(lx, strbuf_cstr(&body), body.len);
    }
    strbuf_release(&body);
}

/* Behind a newline, or at the end of the text. */
static void read_pending(struct lexer *lx)
{
    struct here_document *h = lx->pending;
    lx->pending = NULL;
    lx->last_pending = &lx->pending;
    for (; h && !lx->rc; h = h->next)
        read_here(lx, h);
}

/* ---- tokens ---- */

static void skip_blanks(struct lexer *lx)
{
    for (;;) {
        const char *s = lx->text + lx->at;
        if (*s == ' ' || *s == '\t' || *s == '\r') {
            lx->at++;
        } else if (s[0] == '\\' && s[1] == '\n') {
            lx->at += 2;
            lx->line++;
            if (lx->at >= lx->len && !lx->final)
                lexer_fail(lx, EAGAIN, "the line that a \\ continues is missing");
        } else if (*s == '#') {
            lx->at += line_length(lx, lx->at);
        } else {
            return;
        }
    }
}

static void take_newline(struct lexer *lx, struct token *tok)
{
    tok->kind = TOKEN_NEWLINE;
    lx->at++;
    lx->line++;
    read_pending(lx);
}

static void take_word(struct lexer *lx, struct token *tok)
{
    tok->kind = TOKEN_WORD;
    tok->parts = lexer_word(lx, &tok->plain);
    char next = lx->text[lx->at];
    if (tok->plain && (next == '<' || next == '>') && strlen(tok->plain) < 4 &&
        tok->plain[strspn(tok->plain, "0123456789")] == '\0') {
        tok->kind = TOKEN_IO_NUMBER;
        tok->number = (int)strtol(tok->plain, NULL, 10);
    }
}

void lexer_next(struct lexer *lx, struct token *tok)
{
    *tok = (struct token){.kind = TOKEN_END};
    if (lx->rc)
        return;
    skip_blanks(lx);
    tok->start = tok->end = lx->at;
    tok->line = lx->line;
    if (lx->rc) {
        return;
    } else if (lx->at >= lx->len) {
        read_pending(lx);
    } else if (lx->text[lx->at] == '\n') {
        take_newline(lx, tok);
    } else if (strchr("&|;()<>", lx->text[lx->at])) {
        take_operator(lx, tok);
        tok->end = lx->at;
    } else {
        take_word(lx, tok);
        tok->end = lx->at;
    }
    if (lx->rc)
        tok->kind = TOKEN_END;
}
