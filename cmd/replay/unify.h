/* Is what a command printed what it was expected to print, up to what differs between any two runs?
 *
 * Volatile values are typed variables: a MAC address, an interface number, a ping identifier, ...
 * An expected value is bound to the actual one at first sight and must stand for it ever after, and
 * two different expected values never share one actual value. A value only ever matches a value of
 * its own type; everything else must be the same byte for byte. Measured times are not bound: the
 * order of clock times must be kept, and durations agree within a tolerance. */
#ifndef VNET_CMD_REPLAY_UNIFY_H
#define VNET_CMD_REPLAY_UNIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum unify_verdict {
    UNIFY_SAME,     /* byte for byte */
    UNIFY_VOLATILE, /* same up to volatile values */
    UNIFY_COSMETIC, /* besides, spacing or the wording of another version of the tool differs */
    UNIFY_DIFFERENT,
};

struct unify_opts {
    int64_t tolerance_ns; /* for intervals and durations, besides a twentieth; 0: any, in order */
    bool ifindex_bound;   /* interface numbers are variables; otherwise they must be equal */
    bool elisions;        /* "..." in expected text stands for what was left out */
};

struct unify; /* the bindings made so far, opts, and the clock of the running capture */

/* Opts are copied. The caller frees the result with unify_free(). */
struct unify *unify_new(const struct unify_opts *opts);
void unify_free(struct unify *u);

/* The addresses that a command spells out are no variables: bind each one to itself. */
void unify_command(struct unify *u, const char *command);

/* Compare two lines without their newlines. Bindings are kept unless the verdict is DIFFERENT. */
enum unify_verdict unify_line(struct unify *u, const char *expected, const char *actual);

struct unify_text {
    const char *const *line; /* borrowed; no newlines */
    size_t n;
};

/* One step of the way from expected to actual: a pair of lines, or a line of one side only. */
struct unify_step {
    const char *expected; /* NULL: this line was not expected */
    const char *actual;   /* NULL: this line is missing */
    char *as_author;      /* of DIFFERENT: actual with the expected values in place of those that
                             they are bound to; owned, or NULL */
    enum unify_verdict verdict;
};

struct unify_steps {
    struct unify_step *step; /* owned; the strings are the caller's of unify_block() */
    size_t n, cap;
};

void unify_steps_release(struct unify_steps *s);
/* Set as_author by the bindings of now; unify_block() has done so by those of then. */
void unify_steps_tell(const struct unify *u, struct unify_steps *s);

/* Compare all that one command printed; unordered: lines may come in any order (a hash table's).
 * The verdict is the worst of the steps. Bindings are kept unless it is DIFFERENT.
 * steps may be NULL; what it held before is dropped. */
enum unify_verdict unify_block(struct unify *u, const struct unify_text *expected,
                               const struct unify_text *actual, bool unordered,
                               struct unify_steps *steps);

/* Does the command list a hash table, whose order differs between boots (`ip neigh`)? */
bool unify_command_is_unordered(const char *command);

#endif
