/* Tokens of the shell's language (POSIX.1-2017, XCU 2.3). Private to cmd/shell; the parser is the
 * only user. */
#ifndef VNET_CMD_SHELL_LEXER_H
#define VNET_CMD_SHELL_LEXER_H

#include <stddef.h>

#include "base/err.h"
#include "cmd/shell/arena.h"
#include "cmd/shell/ast.h"
#include "cmd/shell/vars.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_IO_NUMBER,
    TOKEN_AND_IF,
    TOKEN_OR_IF,
    TOKEN_DSEMI,
    TOKEN_SEMI,
    TOKEN_AMP,
    TOKEN_PIPE,
    TOKEN_LPAREN,
    TOKEN_RPAREN,
    TOKEN_REDIRECT,
};

struct token {
    enum token_kind kind;
    enum redirect_kind redirect; /* TOKEN_REDIRECT */
    bool strip_tabs;             /* <<- */
    struct part *parts;          /* TOKEN_WORD */
    const char *plain;           /* TOKEN_WORD without any quoting or expansion: its text */
    int number;                  /* TOKEN_IO_NUMBER */
    size_t start, end;           /* in the text */
    int line;
};

struct here_document {
    struct here_document *next;
    struct redirect *redirect;
    const char *delimiter;
    bool strip_tabs, quoted;
};

/* An alias that stands in the text: up to where what it stands for ends. */
struct alias_use {
    struct alias_use *next;
    const char *name;
    size_t end;
};

struct lexer {
    const char *text;
    size_t at, len;
    int line;
    struct arena *arena;
    struct here_document *pending, **last_pending; /* bodies begin behind the next newline */
    bool final; /* nothing follows: a here-document ends at the end */
    int depth;  /* of nested words and commands */
    int rc;     /* first error: nothing goes on after it */
    struct vnet_err *err;
    const struct vars *aliases; /* borrowed; NULL: none */
    struct alias_use *aliases_used;
    int nused;
    long grown; /* by aliases: bytes of the text beyond what was given */
    /* Parse a list up to the `)` that ends $(...); leaves `at` behind it. */
    const struct node *(*substitution)(struct lexer *lx);
};

/* Errors: -EINVAL (syntax), -EAGAIN (the text ends too early), -ENOTSUP. Each returns the code and
 * keeps the first. */
int lexer_fail(struct lexer *lx, int error, const char *fmt, ...) VNET_PRINTF(3, 4);
/* One level deeper; false: too deep, the error is set. */
bool lexer_enter(struct lexer *lx);
void lexer_leave(struct lexer *lx);

/* The next token; its kind is TOKEN_END at the end and after an error. */
void lexer_next(struct lexer *lx, struct token *tok);

/* words.c: a word at the current position, up to its end. */
struct part *lexer_word(struct lexer *lx, const char **plain);
/* The text of a here-document, in which $, ` and \ count. */
struct part *lexer_here_text(struct lexer *lx, const char *text, size_t len);

#endif
