/* The argument cursor of the iproute2 tools: walks the words of a command line, and says what is
 * wrong with them in iproute2's words (lib/utils.c of iproute2 6.1.0) on standard error.
 *
 * Functions that take words return a status: 0, or what the command is to end with. iproute2 ends
 * the process from deep inside a parser in some cases (exit status 255 or 1) and returns from the
 * command in others; `ip -batch` goes on after the latter, so the two are told apart. */
#ifndef VNET_CMD_ARGS_H
#define VNET_CMD_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/complete.h"
#include "cmd/sink.h"

enum {
    ARG_OK = 0,
    ARG_FAILED = 1,   /* the command fails: exit status 1 */
    ARG_REFUSED = 2,  /* the kernel refused: exit status 2 */
    ARG_EXIT = 0x100, /* with a status: the process ends here */
    ARG_USAGE = ARG_EXIT | 255,
    ARG_EXIT_FAILED = ARG_EXIT | 1,
    ARG_STOP = -1, /* a keyword's parser: end of the list, no error */
};

struct args {
    char **v; /* v[0] is the current word; borrowed */
    int n;    /* words from the current one to the end */
    struct sink *err;
    struct completion *complete; /* say what could be the last word, and stop; NULL: read all */
};

/* The current word; NULL at the end. */
static inline const char *arg_word(const struct args *a)
{
    return a->n > 0 ? a->v[0] : NULL;
}

static inline void arg_advance(struct args *a)
{
    a->v++;
    a->n--;
}

/* iproute2's matches(): is `word` a non-empty beginning of `full`? */
bool arg_matches(const char *word, const char *full);

/* Step to the next word, which must be there (NEXT_ARG): 0 or ARG_USAGE. */
int arg_next(struct args *a);

/* Complaints; each returns ARG_USAGE. */
int arg_missing(struct args *a, const char *key);                     /* missarg() */
int arg_invalid(struct args *a, const char *why, const char *word);   /* invarg() */
int arg_duplicate(struct args *a, const char *key, const char *word); /* duparg() */
int arg_garbage(struct args *a, const char *key, const char *word);   /* duparg2() */
/* on_off(), and parse_on_off() where iproute2 has moved on to it; ARG_FAILED. */
int arg_on_off(struct args *a, const char *key, const char *word);
int arg_off_on(struct args *a, const char *key, const char *word);
/* Something that the real tool does and vnet does not: ARG_USAGE. */
int arg_unsupported(struct args *a, const char *what, const char *word);

/* Is the current word the one to complete? Then the caller offers what it knows of and returns
 * ARG_EXIT, whatever it was to do. */
static inline bool arg_completing(const struct args *a)
{
    return a->complete && a->n == 1;
}

/* A word of a table: what it is called, whether it may be abbreviated, and what reads its value.
 * The parser is called with the cursor on the keyword and leaves it on the last word that it took.
 * The first row that fits wins, as in iproute2's chains of comparisons. */
struct keyword {
    const char *name;
    bool abbrev;
    int (*parse)(struct args *a, void *into, const struct keyword *kw);
    uint32_t value;  /* for the parser */
    const char *why; /* for the parser: what it says of a bad value */
};

/* The options in front, up to "--" or the first word without a dash: `take` is called at each,
 * `offer` (for completion) says what could be the last word. */
int args_read_options(struct args *a, void *into, int (*take)(void *into, struct args *a),
                      int (*offer)(const struct args *a));
/* The parser of a keyword whose value is any word: into the const char * that is kw->value bytes
 * into `into` (ARG_TEXT(struct, member)). */
int arg_take_text(struct args *a, void *into, const struct keyword *kw);
#define ARG_TEXT(s, member) arg_take_text, offsetof(struct s, member)
/* The parser of a keyword that is not emulated: arg_unsupported() with kw->why ("ip link"). */
int arg_refuse(struct args *a, void *into, const struct keyword *kw);
/* The same of one that wants a value, which must be there. */
int arg_refuse_value(struct args *a, void *into, const struct keyword *kw);
/* Offer what may stand here: the keywords of a table, but those refused, and what else the object
 * and the verb take; or the value of a keyword. Both return ARG_EXIT. cmd/args_complete.c */
int arg_offer_keywords(const struct args *a, const struct keyword *table);
int arg_offer_value(const struct args *a, const char *keyword);
/* What may stand where a keyword of the verb may; ARG_EXIT. */
int arg_offer_row(const struct args *a);

/* Read all words: by the table (ended by name NULL), else by `other`. Returns 0 at the end or on
 * ARG_STOP (the cursor is then behind the last word taken), else the first status that is not 0. */
int args_read(struct args *a, const struct keyword *table, void *into,
              int (*other)(struct args *a, void *into));

/* Numbers as iproute2 reads them: strtoul() in the given base (0: C's), the whole word; blanks and
 * signs in front are taken as strtoul() takes them on a 64-bit machine. false: *out is untouched.
 */
bool arg_u64(const char *s, int base, uint64_t *out);
bool arg_u32(const char *s, int base, uint32_t *out);
bool arg_u16(const char *s, int base, uint16_t *out);
bool arg_u8(const char *s, int base, uint8_t *out);
bool arg_int(const char *s, int base, int *out);

#endif
