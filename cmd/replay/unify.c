/* Comparing lines and blocks of output up to volatile values; see unify.h. */
#include "cmd/replay/unify.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/replay/prose.h"
#include "cmd/replay/unify_hex.h"
#include "cmd/replay/unify_token.h"
#include "cmd/replay/unify_var.h"
#include "cmd/replay/unify_wording.h"

void unify_command(struct unify *u, const char *command)
{
    unify_token_literals(u, command);
}

/* "...": something was left out of this line, if the actual one has no dots there. */
static bool elides(const struct unify *u, const char *expected, const char *actual)
{
    return u->opts.elisions && strncmp(expected, "...", 3) == 0 && strncmp(actual, "...", 3) != 0;
}

static enum unify_verdict compare_text(struct unify *u, const char *expected, const char *actual);

/* Behind dots: somewhere in the rest of the actual line. */
static enum unify_verdict compare_elided(struct unify *u, const char *expected, const char *actual)
{
    enum { LONGEST = 1000 };
    struct unify_mark mark = unify_mark(u);
    expected += strspn(expected, ".");
    if (strstr(expected, "...") || strlen(actual) > LONGEST)
        return UNIFY_DIFFERENT; /* one such place a line */
    for (;; actual++) {
        if (compare_text(u, expected, actual) != UNIFY_DIFFERENT)
            return UNIFY_VOLATILE;
        unify_rollback(u, mark);
        if (!*actual)
            return UNIFY_DIFFERENT;
    }
}

static enum unify_verdict compare_text(struct unify *u, const char *expected, const char *actual)
{
    bool same = strcmp(expected, actual) == 0;
    size_t e = 0, a = 0;
    while (expected[e] || actual[a]) {
        if (elides(u, expected + e, actual + a))
            return compare_elided(u, expected + e, actual + a);
        enum token_match m = unify_token(u, expected, &e, actual, &a);
        if (m == TOKEN_DIFFERS || (m == TOKEN_NONE && expected[e] != actual[a]))
            return UNIFY_DIFFERENT;
        if (m == TOKEN_NONE)
            e++, a++;
    }
    return same ? UNIFY_SAME : UNIFY_VOLATILE;
}

/* ---- cosmetic differences ---- */

static enum unify_verdict compare_canonical(struct unify *u, const char *expected,
                                            const char *actual)
{
    char *e = unify_canonical(expected), *a = unify_canonical(actual);
    enum unify_verdict v = compare_text(u, e, a);
    free(e);
    free(a);
    return v == UNIFY_DIFFERENT ? v : UNIFY_COSMETIC;
}

enum unify_verdict unify_line(struct unify *u, const char *expected, const char *actual)
{
    struct unify_mark mark = unify_mark(u);
    if (!unify_is_packet_line(expected))
        u->clock.running = false;
    enum unify_verdict v = compare_text(u, expected, actual);
    if (v != UNIFY_DIFFERENT)
        return v;
    unify_rollback(u, mark);
    v = compare_canonical(u, expected, actual);
    if (v == UNIFY_DIFFERENT)
        unify_rollback(u, mark);
    return v;
}

/* ---- blocks ---- */

static void forget_steps(struct unify_steps *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->step[i].as_author);
    s->n = 0;
}

void unify_steps_release(struct unify_steps *s)
{
    forget_steps(s);
    free(s->step);
    *s = (struct unify_steps){0};
}

static void add_step(struct unify_steps *s, const char *expected, const char *actual,
                     enum unify_verdict verdict)
{
    ARRAY_GROW(s->step, s->n, s->cap);
    s->step[s->n++] = (struct unify_step){expected, actual, NULL, verdict};
}

/* A line that only one side has: an empty one is spacing. */
static enum unify_verdict lone_verdict(const char *line)
{
    return unify_optional_line(line) ? UNIFY_COSMETIC : UNIFY_DIFFERENT;
}

static void add_missing(struct unify_steps *s, const char *expected)
{
    add_step(s, expected, NULL, lone_verdict(expected));
}

static void add_extra(struct unify_steps *s, const char *actual)
{
    add_step(s, NULL, actual, lone_verdict(actual));
}

/* Two positions in the texts of both sides. */
struct cursor {
    const struct unify_text *e, *a;
    size_t ei, ai;
    size_t mismatches; /* so far: after many, no more is looked for */
};

static bool at_end(const struct cursor *c)
{
    return c->ei >= c->e->n && c->ai >= c->a->n;
}

/* Would the lines at these positions match, were they next? */
static bool would_match(struct unify *u, const struct cursor *c, size_t ei, size_t ai)
{
    if (ei >= c->e->n || ai >= c->a->n)
        return false;
    struct unify_mark mark = unify_mark(u);
    enum unify_verdict v = unify_line(u, c->e->line[ei], c->a->line[ai]);
    unify_rollback(u, mark);
    return v != UNIFY_DIFFERENT;
}

/* After a mismatch: how many lines of one side to leave out so that the sides match again.
 * Returns false if they pair up as they stand (or nothing fits). */
static bool find_resync(struct unify *u, const struct cursor *c, size_t *skip_e, size_t *skip_a)
{
    size_t rest_e = c->e->n - c->ei, rest_a = c->a->n - c->ai;
    size_t window = rest_e > rest_a ? rest_e : rest_a;
    for (size_t k = 1; k <= window && k <= 64; k++) {
        if (would_match(u, c, c->ei + k, c->ai + k))
            return false;
        *skip_e = would_match(u, c, c->ei + k, c->ai) ? k : 0;
        *skip_a = !*skip_e && would_match(u, c, c->ei, c->ai + k) ? k : 0;
        if (*skip_e || *skip_a)
            return true;
    }
    return false;
}

static void step_mismatch(struct unify *u, struct cursor *c, struct unify_steps *s)
{
    enum { MOST_MISMATCHES = 200 };
    size_t skip_e = 0, skip_a = 0;
    bool look = c->mismatches++ < MOST_MISMATCHES;
    if (c->ei >= c->e->n)
        skip_a = 1;
    else if (c->ai >= c->a->n)
        skip_e = 1;
    else if (!look || !find_resync(u, c, &skip_e, &skip_a))
        add_step(s, c->e->line[c->ei++], c->a->line[c->ai++], UNIFY_DIFFERENT);
    for (; skip_e > 0; skip_e--)
        add_missing(s, c->e->line[c->ei++]);
    for (; skip_a > 0; skip_a--)
        add_extra(s, c->a->line[c->ai++]);
}

/* A hex dump is compared as the packet it shows. True if there was one on both sides. */
static bool step_hexdump(struct unify *u, struct cursor *c, struct unify_steps *s)
{
    size_t n = unify_hexdump_lines(c->e, c->ei);
    if (n == 0 || n != unify_hexdump_lines(c->a, c->ai))
        return false;
    struct unify_mark mark = unify_mark(u);
    bool ok = unify_hexdump(u, &c->e->line[c->ei], &c->a->line[c->ai], n);
    if (!ok)
        unify_rollback(u, mark);
    for (size_t i = 0; i < n; i++, c->ei++, c->ai++) {
        const char *e = c->e->line[c->ei], *a = c->a->line[c->ai];
        bool same = strcmp(e, a) == 0;
        add_step(s, e, a, same ? UNIFY_SAME : ok ? UNIFY_VOLATILE : UNIFY_DIFFERENT);
    }
    return true;
}

/* A line "..." stands for any lines: those up to the next one that is shown. */
static bool step_elision(struct unify *u, struct cursor *c, struct unify_steps *s)
{
    if (!u->opts.elisions || c->ei >= c->e->n || !prose_elision(c->e->line[c->ei]))
        return false;
    add_step(s, c->e->line[c->ei++], NULL, UNIFY_VOLATILE);
    while (c->ei < c->e->n && unify_optional_line(c->e->line[c->ei]) &&
           !would_match(u, c, c->ei, c->ai))
        c->ei++;
    size_t ai = c->ai;
    while (c->ei < c->e->n && ai < c->a->n && !would_match(u, c, c->ei, ai))
        ai++;
    if (c->ei >= c->e->n)
        c->ai = c->a->n;
    else if (ai < c->a->n)
        c->ai = ai;
    return true;
}

/* An empty line, or another that not every version prints, where the other side has something
 * else: it stands alone. */
static bool step_optional(struct cursor *c, struct unify_steps *s)
{
    if (c->ei < c->e->n && unify_optional_line(c->e->line[c->ei]))
        add_missing(s, c->e->line[c->ei++]);
    else if (c->ai < c->a->n && unify_optional_line(c->a->line[c->ai]))
        add_extra(s, c->a->line[c->ai++]);
    else
        return false;
    return true;
}

static void compare_ordered(struct unify *u, struct cursor *c, struct unify_steps *s)
{
    while (!at_end(c)) {
        if (step_elision(u, c, s) || step_hexdump(u, c, s))
            continue;
        enum unify_verdict v = UNIFY_DIFFERENT;
        if (c->ei < c->e->n && c->ai < c->a->n)
            v = unify_line(u, c->e->line[c->ei], c->a->line[c->ai]);
        if (v != UNIFY_DIFFERENT)
            add_step(s, c->e->line[c->ei++], c->a->line[c->ai++], v);
        else if (!step_optional(c, s))
            step_mismatch(u, c, s);
    }
}

static void compare_unordered(struct unify *u, struct cursor *c, struct unify_steps *s)
{
    bool *taken = mem_calloc(c->a->n + 1, sizeof(*taken)), elided = false;
    for (size_t e = 0; e < c->e->n; e++) {
        if (u->opts.elisions && prose_elision(c->e->line[e])) {
            add_step(s, c->e->line[e], NULL, UNIFY_VOLATILE);
            elided = true;
            continue;
        }
        enum unify_verdict v = UNIFY_DIFFERENT;
        size_t a = 0;
        for (; a < c->a->n; a++)
            if (!taken[a] && (v = unify_line(u, c->e->line[e], c->a->line[a])) != UNIFY_DIFFERENT)
                break;
        if (v == UNIFY_DIFFERENT) {
            add_missing(s, c->e->line[e]);
            continue;
        }
        taken[a] = true;
        add_step(s, c->e->line[e], c->a->line[a], v);
    }
    for (size_t a = 0; a < c->a->n; a++)
        if (!taken[a] && !elided)
            add_extra(s, c->a->line[a]);
    free(taken);
}

void unify_steps_tell(const struct unify *u, struct unify_steps *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct unify_step *d = &s->step[i];
        if (d->verdict != UNIFY_DIFFERENT || !d->actual)
            continue;
        char *told = unify_author_line(u, d->as_author ? d->as_author : d->actual);
        free(d->as_author);
        d->as_author = told;
    }
}

static enum unify_verdict worst(const struct unify_steps *s)
{
    enum unify_verdict v = UNIFY_SAME;
    for (size_t i = 0; i < s->n; i++)
        if (s->step[i].verdict > v)
            v = s->step[i].verdict;
    return v;
}

enum unify_verdict unify_block(struct unify *u, const struct unify_text *expected,
                               const struct unify_text *actual, bool unordered,
                               struct unify_steps *steps)
{
    struct unify_steps own = {0}, *s = steps ? steps : &own;
    struct cursor c = {.e = expected, .a = actual};
    u->clock.running = false;
    u->block_start = u->n;
    struct unify_mark mark = unify_mark(u);
    forget_steps(s);
    if (unordered)
        compare_unordered(u, &c, s);
    else
        compare_ordered(u, &c, s);
    enum unify_verdict v = worst(s);
    if (v == UNIFY_DIFFERENT) {
        if (steps)
            unify_steps_tell(u, steps);
        unify_rollback(u, mark);
    }
    unify_steps_release(&own);
    return v;
}

/* ---- commands ---- */

/* The next word of *s, its length in *len; *s is moved behind it. */
static const char *next_word(const char **s, size_t *len)
{
    const char *word = *s + strspn(*s, " \t");
    *len = strcspn(word, " \t");
    *s = word + *len;
    return word;
}

static bool abbreviates(const char *word, size_t len, const char *full)
{
    return len > 0 && len <= strlen(full) && strncmp(word, full, len) == 0;
}

bool unify_command_is_unordered(const char *command)
{
    size_t len;
    const char *word = next_word(&command, &len);
    if (len != 2 || strncmp(word, "ip", 2) != 0)
        return false;
    word = next_word(&command, &len);
    while (len > 0 && *word == '-') {
        bool valued = abbreviates(word, len, "-netns") || abbreviates(word, len, "-family");
        if (valued)
            next_word(&command, &len);
        word = next_word(&command, &len);
    }
    if (!abbreviates(word, len, "neighbour") && !abbreviates(word, len, "neighbor"))
        return false;
    word = next_word(&command, &len);
    return len == 0 || abbreviates(word, len, "show") || abbreviates(word, len, "list") ||
           abbreviates(word, len, "lst");
}
