#include "cmd/shell/parser.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/alias.h"
#include "cmd/shell/lexer.h"

struct parser {
    struct lexer *lx;
    struct token tok; /* the current one */
};

static struct node *parse_list(struct parser *p);
static struct node *parse_command(struct parser *p);

/* ---- tokens ---- */

static void advance(struct parser *p)
{
    lexer_next(p->lx, &p->tok);
}

static bool failed(const struct parser *p)
{
    return p->lx->rc != 0;
}

static bool at(const struct parser *p, enum token_kind kind)
{
    return !failed(p) && p->tok.kind == kind;
}

/* A reserved word: recognised only where a command may begin, and unquoted. */
static bool at_word(const struct parser *p, const char *word)
{
    return at(p, TOKEN_WORD) && p->tok.plain && strcmp(p->tok.plain, word) == 0;
}

static void *unexpected(struct parser *p)
{
    struct lexer *lx = p->lx;
    if (p->tok.kind == TOKEN_END)
        lexer_fail(lx, lx->final ? EINVAL : EAGAIN, "syntax error: unexpected end of file");
    else if (p->tok.kind == TOKEN_NEWLINE)
        lexer_fail(lx, EINVAL, "syntax error near unexpected token `newline'");
    else
        lexer_fail(lx, EINVAL, "syntax error near unexpected token `%.*s'",
                   (int)(p->tok.end - p->tok.start), lx->text + p->tok.start);
    return NULL;
}

static void expect(struct parser *p, enum token_kind kind)
{
    if (at(p, kind))
        advance(p);
    else
        unexpected(p);
}

static void expect_word(struct parser *p, const char *word)
{
    if (at_word(p, word))
        advance(p);
    else
        unexpected(p);
}

static void skip_newlines(struct parser *p)
{
    while (at(p, TOKEN_NEWLINE))
        advance(p);
}

static struct node *new_node(struct parser *p, enum node_kind kind)
{
    struct node *n = arena_alloc(p->lx->arena, sizeof(*n));
    n->kind = kind;
    n->line = p->tok.line;
    return n;
}

/* The source from `start` to where the current token begins, without blanks at its end. */
static const char *source_text(struct parser *p, size_t start)
{
    size_t end = p->tok.start < start ? start : p->tok.start;
    while (end > start && isspace((unsigned char)p->lx->text[end - 1]))
        end--;
    return arena_strndup(p->lx->arena, p->lx->text + start, end - start);
}

bool is_name(const char *s)
{
    if (!*s || isdigit((unsigned char)*s))
        return false;
    while (isalnum((unsigned char)*s) || *s == '_')
        s++;
    return *s == '\0';
}

/* ---- words that begin something this shell does not do ---- */

static const struct {
    const char *word, *what;
} refused_words[] = {
    {"[[", "[[ ]] (say [ ])"},
    {"select", "select"},
    {"function", "the word function (say NAME() { ...; })"},
    {"coproc", "coproc"},
    {"time", "time"},
};

static bool refuse_word(struct parser *p)
{
    for (size_t i = 0; i < ARRAY_LEN(refused_words); i++)
        if (at_word(p, refused_words[i].word)) {
            lexer_fail(p->lx, ENOTSUP, "%s", refused_words[i].what);
            return true;
        }
    return false;
}

/* ---- redirections ---- */

static void await_here(struct parser *p, struct redirect *r, bool strip_tabs)
{
    struct here_document *h = arena_alloc(p->lx->arena, sizeof(*h));
    size_t len = 0;
    for (const struct part *part = p->tok.parts; part; part = part->next) {
        if (part->kind != PART_TEXT) {
            lexer_fail(p->lx, ENOTSUP, "a here-document's end that is to be expanded");
            return;
        }
        h->quoted |= part->quoted;
        len += strlen(part->text);
    }
    char *delimiter = arena_alloc(p->lx->arena, len + 1);
    for (const struct part *part = p->tok.parts; part; part = part->next)
        strcat(delimiter, part->text);
    h->delimiter = delimiter;
    h->redirect = r;
    h->strip_tabs = strip_tabs;
    *p->lx->last_pending = h;
    p->lx->last_pending = &h->next;
}

static bool writes(enum redirect_kind kind)
{
    return kind != REDIRECT_IN && kind != REDIRECT_DUP_IN && kind != REDIRECT_HERE &&
           kind != REDIRECT_RDWR;
}

/* A redirection, if one is there. */
static bool take_redirect(struct parser *p, struct redirect ***last)
{
    int fd = -1;
    if (at(p, TOKEN_IO_NUMBER)) {
        fd = p->tok.number;
        advance(p);
    }
    if (!at(p, TOKEN_REDIRECT))
        return false;
    struct redirect *r = arena_alloc(p->lx->arena, sizeof(*r));
    bool strip_tabs = p->tok.strip_tabs;
    r->kind = p->tok.redirect;
    r->fd = fd >= 0 ? fd : writes(r->kind) ? 1 : 0;
    if (r->fd > 9)
        lexer_fail(p->lx, ENOTSUP, "a file descriptor above 9 (%d)", r->fd);
    advance(p);
    if (at(p, TOKEN_END)) /* nothing on a further line can help */
        lexer_fail(p->lx, EINVAL, "syntax error near unexpected token `newline'");
    if (!at(p, TOKEN_WORD) && !at(p, TOKEN_IO_NUMBER)) {
        unexpected(p);
        return false;
    }
    if (r->kind == REDIRECT_HERE)
        await_here(p, r, strip_tabs);
    else
        r->target.parts = p->tok.parts;
    **last = r;
    *last = &r->next;
    advance(p);
    return true;
}

static void take_redirects(struct parser *p, struct node *n)
{
    struct redirect **last = &n->redirects;
    while (take_redirect(p, &last))
        ;
}

/* ---- simple commands ---- */

/* NAME=... at the beginning of the current word: the length of NAME, else 0. */
static size_t assignment_length(const struct parser *p)
{
    const struct part *first = p->tok.parts;
    if (!at(p, TOKEN_WORD) || !first || first->kind != PART_TEXT || first->quoted)
        return 0;
    size_t n = 0;
    while (isalnum((unsigned char)first->text[n]) || first->text[n] == '_')
        n++;
    return !isdigit((unsigned char)first->text[0]) && first->text[n] == '=' ? n : 0;
}

static void take_assignment(struct parser *p, size_t n, struct assignment ***last)
{
    struct assignment *a = arena_alloc(p->lx->arena, sizeof(*a));
    struct part *first = p->tok.parts;
    a->name = arena_strndup(p->lx->arena, first->text, n);
    first->text += n + 1;
    a->value.parts = first;
    **last = a;
    *last = &a->next;
    size_t end = p->tok.end;
    advance(p);
    if (at(p, TOKEN_LPAREN) && p->tok.start == end)
        lexer_fail(p->lx, ENOTSUP, "an array, %s=(...)", a->name);
}

static void take_word(struct parser *p, struct word ***last)
{
    struct word *w = arena_alloc(p->lx->arena, sizeof(*w));
    w->parts = p->tok.parts;
    **last = w;
    *last = &w->next;
    advance(p);
}

/* NAME ( ) compound-command */
static struct node *parse_function(struct parser *p, const char *name)
{
    struct node *n = new_node(p, NODE_FUNCTION);
    expect(p, TOKEN_LPAREN);
    expect(p, TOKEN_RPAREN);
    skip_newlines(p);
    n->name = name;
    if (failed(p))
        return NULL;
    if (at(p, TOKEN_WORD) || at(p, TOKEN_LPAREN))
        n->left = parse_command(p);
    else
        unexpected(p);
    if (n->left && n->left->kind == NODE_SIMPLE)
        lexer_fail(p->lx, EINVAL, "syntax error: the body of %s() is no compound command", name);
    return n;
}

/* The current word, where a command begins, by what it is an alias for. true: the word behind it
 * may be one, too. */
static bool replace_alias(struct parser *p)
{
    bool again = false, next = false;
    while (at(p, TOKEN_WORD) && alias_substitute(p->lx, &p->tok, &next)) {
        again = next;
        advance(p);
    }
    return again;
}

static struct node *parse_simple(struct parser *p, bool alias_next)
{
    struct node *n = new_node(p, NODE_SIMPLE);
    struct assignment **assignments = &n->assignments;
    struct redirect **redirects = &n->redirects;
    struct word **words = &n->words;
    const char *name = NULL;
    for (int taken = 0; !failed(p); taken++) {
        size_t length = n->words ? 0 : assignment_length(p);
        if (take_redirect(p, &redirects))
            continue;
        if (failed(p) || (!at(p, TOKEN_WORD) && !(at(p, TOKEN_LPAREN) && name && taken == 1)))
            break;
        if (at(p, TOKEN_LPAREN))
            return is_name(name) ? parse_function(p, name) : unexpected(p);
        if (alias_next && n->words)
            alias_next = replace_alias(p);
        if (!at(p, TOKEN_WORD))
            continue;
        name = p->tok.plain;
        if (length)
            take_assignment(p, length, &assignments);
        else
            take_word(p, &words);
    }
    return n->words || n->redirects || n->assignments || failed(p) ? n : unexpected(p);
}

/* ---- compound commands ---- */

static struct node *parse_body(struct parser *p, const char *end)
{
    struct node *body = parse_list(p);
    if (!failed(p) && !body)
        return unexpected(p);
    if (end)
        expect_word(p, end);
    return body;
}

static struct node *parse_subshell(struct parser *p)
{
    struct node *n = new_node(p, NODE_SUBSHELL);
    advance(p);
    n->left = parse_body(p, NULL);
    expect(p, TOKEN_RPAREN);
    return n;
}

static struct node *parse_group(struct parser *p)
{
    struct node *n = new_node(p, NODE_GROUP);
    advance(p);
    n->left = parse_body(p, "}");
    return n;
}

/* if and elif; the fi is taken by the outermost. */
static struct node *parse_if(struct parser *p)
{
    struct node *n = new_node(p, NODE_IF);
    if (!lexer_enter(p->lx))
        return NULL;
    advance(p);
    n->condition = parse_body(p, "then");
    n->left = parse_body(p, NULL);
    if (at_word(p, "elif")) {
        n->right = parse_if(p);
    } else if (at_word(p, "else")) {
        advance(p);
        n->right = parse_body(p, "fi");
    } else {
        expect_word(p, "fi");
    }
    lexer_leave(p->lx);
    return n;
}

static struct node *parse_loop(struct parser *p)
{
    struct node *n = new_node(p, at_word(p, "while") ? NODE_WHILE : NODE_UNTIL);
    advance(p);
    n->condition = parse_body(p, "do");
    n->left = parse_body(p, "done");
    return n;
}

/* for NAME [in WORD...] ; do ... done */
static struct node *parse_for(struct parser *p)
{
    struct node *n = new_node(p, NODE_FOR);
    struct word **last = &n->words;
    advance(p);
    if (!at(p, TOKEN_WORD) || !p->tok.plain || !is_name(p->tok.plain))
        return unexpected(p);
    n->name = p->tok.plain;
    advance(p);
    n->all_words = true;
    if (!at(p, TOKEN_SEMI))
        skip_newlines(p);
    if (at_word(p, "in")) {
        n->all_words = false;
        advance(p);
        while (at(p, TOKEN_WORD))
            take_word(p, &last);
        if (!at(p, TOKEN_SEMI) && !at(p, TOKEN_NEWLINE))
            return unexpected(p);
    }
    if (at(p, TOKEN_SEMI))
        advance(p);
    skip_newlines(p);
    expect_word(p, "do");
    n->left = parse_body(p, "done");
    return n;
}

static struct case_item *parse_case_item(struct parser *p)
{
    struct case_item *item = arena_alloc(p->lx->arena, sizeof(*item));
    struct word **last = &item->patterns;
    if (at(p, TOKEN_LPAREN))
        advance(p);
    for (;;) {
        if (!at(p, TOKEN_WORD))
            return unexpected(p);
        take_word(p, &last);
        if (!at(p, TOKEN_PIPE))
            break;
        advance(p);
    }
    expect(p, TOKEN_RPAREN);
    item->body = parse_list(p);
    if (at(p, TOKEN_DSEMI))
        advance(p);
    else if (!at_word(p, "esac"))
        unexpected(p);
    skip_newlines(p);
    return item;
}

static struct node *parse_case(struct parser *p)
{
    struct node *n = new_node(p, NODE_CASE);
    struct word **word = &n->words;
    struct case_item **last = &n->items;
    advance(p);
    if (!at(p, TOKEN_WORD))
        return unexpected(p);
    take_word(p, &word);
    skip_newlines(p);
    expect_word(p, "in");
    skip_newlines(p);
    while (!failed(p) && !at_word(p, "esac")) {
        *last = parse_case_item(p);
        if (failed(p))
            return NULL;
        last = &(*last)->next;
    }
    expect_word(p, "esac");
    return n;
}

static const struct {
    const char *word;
    struct node *(*parse)(struct parser *p);
} compounds[] = {
    {"{", parse_group},    {"if", parse_if},   {"while", parse_loop},
    {"until", parse_loop}, {"for", parse_for}, {"case", parse_case},
};

/* Words that end a list, where a command might begin. */
static bool at_closing_word(const struct parser *p)
{
    static const char *const words[] = {"}",  "then", "else", "elif", "fi",
                                        "do", "done", "esac", "in"};
    for (size_t i = 0; i + 1 < ARRAY_LEN(words); i++)
        if (at_word(p, words[i]))
            return true;
    return false;
}

static struct node *parse_command(struct parser *p)
{
    struct node *(*parse)(struct parser * p) = at(p, TOKEN_LPAREN) ? parse_subshell : NULL;
    struct node *n = NULL;
    bool alias_next = !parse && replace_alias(p);
    for (size_t i = 0; i < ARRAY_LEN(compounds) && !parse; i++)
        if (at_word(p, compounds[i].word))
            parse = compounds[i].parse;
    if (refuse_word(p) || !lexer_enter(p->lx))
        return NULL;
    if (!parse && at_closing_word(p))
        unexpected(p);
    else
        n = parse ? parse(p) : parse_simple(p, alias_next);
    if (parse && n && !failed(p))
        take_redirects(p, n);
    lexer_leave(p->lx);
    return failed(p) ? NULL : n;
}

/* ---- pipelines and lists ---- */

static struct node *parse_pipeline(struct parser *p)
{
    struct node *n = new_node(p, NODE_PIPELINE);
    struct node **last = &n->list;
    while (at_word(p, "!")) {
        n->negated = !n->negated;
        advance(p);
    }
    for (;;) {
        size_t start = p->tok.start;
        *last = parse_command(p);
        if (failed(p))
            return NULL;
        (*last)->text = source_text(p, start);
        last = &(*last)->next;
        if (!at(p, TOKEN_PIPE))
            break;
        advance(p);
        skip_newlines(p);
    }
    return n->negated || n->list->next ? n : n->list;
}

static struct node *parse_and_or(struct parser *p)
{
    struct node *left = parse_pipeline(p);
    while (at(p, TOKEN_AND_IF) || at(p, TOKEN_OR_IF)) {
        struct node *n = new_node(p, at(p, TOKEN_AND_IF) ? NODE_AND : NODE_OR);
        advance(p);
        skip_newlines(p);
        n->left = left;
        n->right = parse_pipeline(p);
        left = n;
    }
    return failed(p) ? NULL : left;
}

static bool at_list_end(const struct parser *p)
{
    return failed(p) || at(p, TOKEN_END) || at(p, TOKEN_RPAREN) || at(p, TOKEN_DSEMI) ||
           at_closing_word(p);
}

/* One element of a list with the ; or & behind it. NULL after an error. */
static struct node *parse_element(struct parser *p)
{
    size_t start = p->tok.start;
    struct node *n = parse_and_or(p);
    if (!n)
        return NULL;
    if (!n->text)
        n->text = source_text(p, start);
    n->background = at(p, TOKEN_AMP);
    if (at(p, TOKEN_AMP) || at(p, TOKEN_SEMI))
        advance(p);
    else if (!at(p, TOKEN_NEWLINE) && !at_list_end(p))
        return unexpected(p);
    return n;
}

/* Commands up to a word or token that ends them; NULL: there are none. */
static struct node *parse_list(struct parser *p)
{
    struct node *list = new_node(p, NODE_LIST), **last = &list->list;
    skip_newlines(p);
    while (!at_list_end(p)) {
        *last = parse_element(p);
        if (!*last)
            return NULL;
        last = &(*last)->next;
        skip_newlines(p);
    }
    return list->list ? list : NULL;
}

static const struct node *parse_substitution(struct lexer *lx)
{
    struct parser p = {.lx = lx};
    advance(&p);
    const struct node *n = parse_list(&p);
    if (!failed(&p) && !at(&p, TOKEN_RPAREN)) {
        if (p.tok.kind == TOKEN_END)
            lexer_fail(lx, EAGAIN, "unexpected EOF while looking for matching `)'");
        else
            unexpected(&p);
    }
    return n;
}

/* The commands of a line, with all that belongs to them on further ones. */
static struct node *parse_line(struct parser *p)
{
    struct node *list = new_node(p, NODE_LIST), **last = &list->list;
    while (!failed(p) && !at(p, TOKEN_NEWLINE) && !at(p, TOKEN_END)) {
        *last = parse_element(p);
        if (!*last)
            return NULL;
        last = &(*last)->next;
        if (!failed(p) && (at(p, TOKEN_RPAREN) || at(p, TOKEN_DSEMI) || at_closing_word(p)))
            return unexpected(p);
    }
    return list->list ? list : NULL;
}

/* ---- programs ---- */

struct program *program_ref(struct program *p)
{
    p->refs++;
    return p;
}

void program_unref(struct program *p)
{
    if (!p || --p->refs)
        return;
    arena_release(&p->arena);
    free(p);
}

int program_parse(const char *text, size_t len, bool final, const struct vars *aliases, int *line,
                  size_t *used, struct program **program, struct vnet_err *err)
{
    struct program *prog = mem_alloc(sizeof(*prog));
    struct lexer lx = {.text = text,
                       .len = len,
                       .line = *line,
                       .arena = &prog->arena,
                       .final = final,
                       .err = err,
                       .aliases = aliases,
                       .substitution = parse_substitution};
    struct parser p = {.lx = &lx};
    prog->refs = 1;
    lx.last_pending = &lx.pending;
    advance(&p);
    prog->root = parse_line(&p);
    if (lx.rc == -EAGAIN && final)
        lx.rc = -EINVAL;
    *line = lx.line;
    *used = (size_t)((long)lx.at - lx.grown);
    if (lx.rc)
        program_unref(prog);
    else
        *program = prog;
    return lx.rc;
}
