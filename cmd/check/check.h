/* vnet check: what shall hold in a world, a line each. */
#ifndef VNET_CMD_CHECK_CHECK_H
#define VNET_CMD_CHECK_CHECK_H

#include "cmd/cmd.h"

/* vnet check [--tap | --junit] FILE... Exit status: 0 all hold, 1 some do not, 2 a file is wrong.
 */
int check_main(struct cmd_env *env, int argc, char **argv);

/* ---- the files (parse.c) ---- */

enum { CHECK_MOST_WORDS = 64, CHECK_MOST_KEYS = 6 };

enum check_how {
    CHECK_PINGS,    /* a ping gets an answer */
    CHECK_SHOWS,    /* a line of what a tool shows has the words */
    CHECK_SUCCEEDS, /* a command's exit status is 0 */
    CHECK_PRINTS,   /* a command prints a text */
    CHECK_CAPTURES, /* frames pass a device */
};

struct check_kind {
    const char *name;
    enum check_how how;
    const char *operand; /* what the first word is: "ADDRESS"; NULL: a command follows */
    const char *keys[CHECK_MOST_KEYS + 1]; /* words that take a value: "via"; NULL-terminated */
    const char *flags;                     /* words that stand alone, between blanks; "" */
    const char *command;                   /* CHECK_SHOWS: %s stands for the first word */
    const char *lead; /* CHECK_SHOWS: before the first word in a line: "inet"; "": it begins the
                         line; NULL: the line need not have it */
};
extern const struct check_kind check_kinds[]; /* ended by name NULL */

struct assertion {
    size_t line;
    const struct check_kind *kind;
    bool negated;
    char *text;   /* as it stands there, single blanks; owned */
    char *netns;  /* owned; "": the initial one */
    char **words; /* behind the kind's name, NULL-terminated; owned, each too */
    int nwords;
    char *hint; /* owned; NULL: none was given */
};

struct assertions {
    struct assertion *v; /* owned */
    size_t n, cap;
};

struct check_error {
    size_t line;
    char word[64]; /* that is wrong; "": the line as a whole */
    struct vnet_err why;
};

/* -EINVAL and *error. *a is to be released either way. */
int assertions_parse(const char *text, size_t len, struct assertions *a, struct check_error *error);
void assertions_release(struct assertions *a);
/* The value of a key among the words, NULL: it is not there. */
const char *assertion_value(const struct assertion *a, const char *key);

/* ---- judging (judge.c) ---- */

struct verdict {
    bool holds;
    struct strbuf found; /* what is the case instead, a line each; owned */
    struct strbuf hint;  /* owned */
};

/* Of the world w, which is only read; env: of `vnet check` itself. */
void judge(struct cmd_env *env, struct vnet *w, const struct assertion *a, struct verdict *v);
void verdict_release(struct verdict *v);

/* ---- telling (report.c) ---- */

struct check_report {
    void (*begin)(struct sink *out, size_t n); /* of all files together */
    void (*tell)(struct sink *out, size_t number, const char *file, const struct assertion *a,
                 const struct verdict *v);
    void (*end)(struct sink *out, size_t n, size_t failed);
};
extern const struct check_report check_report_text, check_report_tap, check_report_junit;

#endif
