/* The syntax tree of the shell's language (POSIX.1-2017, XCU 2). Everything in it lives in the
 * arena of its program. */
#ifndef VNET_CMD_SHELL_AST_H
#define VNET_CMD_SHELL_AST_H

#include <stdbool.h>

/* ---- words (2.2, 2.6) ---- */

enum part_kind {
    PART_TEXT,    /* as it stands */
    PART_PARAM,   /* $name, ${name...} */
    PART_COMMAND, /* $(...), `...` */
    PART_ARITH,   /* $((...)) */
};

enum param_op {
    PARAM_PLAIN,
    PARAM_LENGTH,          /* ${#x} */
    PARAM_DEFAULT,         /* ${x-w} */
    PARAM_ASSIGN,          /* ${x=w} */
    PARAM_ERROR,           /* ${x?w} */
    PARAM_ALTERNATE,       /* ${x+w} */
    PARAM_CUT_PREFIX,      /* ${x#w} */
    PARAM_CUT_LONG_PREFIX, /* ${x##w} */
    PARAM_CUT_SUFFIX,      /* ${x%w} */
    PARAM_CUT_LONG_SUFFIX, /* ${x%%w} */
};

struct node;

struct part {
    struct part *next;
    enum part_kind kind;
    bool quoted;      /* neither split nor a pattern */
    bool colon;       /* ${x:-w}: also where it is empty */
    enum param_op op; /* PART_PARAM */
    const char *text; /* PART_TEXT: the text; PART_PARAM: the name */
    struct part *arg; /* PART_PARAM: the word behind the operator; PART_ARITH: the expression */
    const struct node *body; /* PART_COMMAND; NULL: empty */
};

struct word {
    struct word *next;
    struct part *parts; /* NULL only in a here-document that is empty */
};

struct assignment {
    struct assignment *next;
    const char *name;
    struct word value;
};

/* ---- redirections (2.7) ---- */

enum redirect_kind {
    REDIRECT_IN,          /* <  */
    REDIRECT_OUT,         /* >  */
    REDIRECT_CLOBBER,     /* >| */
    REDIRECT_APPEND,      /* >> */
    REDIRECT_BOTH,        /* &> */
    REDIRECT_BOTH_APPEND, /* &>> */
    REDIRECT_RDWR,        /* <> */
    REDIRECT_DUP_IN,      /* <& */
    REDIRECT_DUP_OUT,     /* >& */
    REDIRECT_HERE,        /* << and <<-: target is the text */
};

struct redirect {
    struct redirect *next;
    enum redirect_kind kind;
    int fd;
    struct word target;
};

/* ---- commands (2.9) ---- */

enum node_kind {
    NODE_SIMPLE,
    NODE_PIPELINE, /* list: the commands */
    NODE_AND,      /* left, right */
    NODE_OR,       /* left, right */
    NODE_LIST,     /* list: one after the other */
    NODE_SUBSHELL, /* left */
    NODE_GROUP,    /* left */
    NODE_IF,       /* condition, left, right (NULL: no else) */
    NODE_WHILE,    /* condition, left */
    NODE_UNTIL,    /* condition, left */
    NODE_FOR,      /* name, words, left */
    NODE_CASE,     /* words (one), items */
    NODE_FUNCTION, /* name, left */
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    const struct node *body; /* NULL: empty */
};

struct node {
    struct node *next; /* in a list or a pipeline */
    enum node_kind kind;
    int line;
    bool negated;     /* NODE_PIPELINE: ! */
    bool background;  /* an element of a list: & */
    bool all_words;   /* NODE_FOR: without `in`: "$@" */
    const char *name; /* NODE_FOR, NODE_FUNCTION */
    const char *text; /* an element of a list, a command of a pipeline: its source */
    struct assignment *assignments;
    struct word *words;
    struct redirect *redirects;
    struct node *list, *condition, *left, *right;
    struct case_item *items;
};

#endif
