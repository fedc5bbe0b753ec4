/* getopt(3) and getopt_long(3) without globals, with GNU's permutation on every platform and GNU's
 * words for what is wrong. */
#ifndef VNET_CMD_OPTIONS_H
#define VNET_CMD_OPTIONS_H

#include <stdbool.h>

#include "cmd/complete.h"
#include "cmd/sink.h"

struct long_option {
    const char *name; /* NULL ends a table */
    int takes_arg;    /* 0 no, 1 yes, 2 optional (--name=ARG only) */
    int value;        /* what options_next() returns */
};

struct options {
    int argc;
    char **argv;      /* argv[0] is the program's name as it appears in messages */
    const char *spec; /* "ab:c::": a colon takes an argument, two an optional one; a leading '+'
                         ends the options at the first operand */
    const struct long_option *longs; /* may be NULL */
    struct sink *err;                /* messages; NULL: silent (as a spec that begins with ':') */
    int next;                        /* index in argv of the next word */
    const char *cluster;             /* rest of a word of short options; NULL: none */
    char *arg;                       /* argument of the option last returned, NULL: none */
    int bad;                         /* the letter that was refused, 0: a long one */
    /* Set behind options_init(), where tools can complete: the last word is offered to (as
     * cmd/complete.h has it), and refused with '?'. operands_too: not where the last word is an
     * operand, the tool does that. */
    struct completion *complete;
    bool operands_too;
    const char *not_emulated; /* letters not to offer; NULL: none */
    const char *usage;        /* the text that tells of the options, for menus; NULL: none */
    int noperands;
    char **operands; /* owned */
};

void options_init(struct options *o, int argc, char **argv, const char *spec,
                  const struct long_option *longs, struct sink *err);
void options_release(struct options *o);
/* The next option's letter or value; '?': refused (a message was printed); -1: none is left, all
 * operands are in `operands`. */
int options_next(struct options *o);

#endif
