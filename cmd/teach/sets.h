/* Sets of changes of a world, and lists of them. */
#ifndef VNET_CMD_TEACH_SETS_H
#define VNET_CMD_TEACH_SETS_H

#include "cmd/teach/candidates.h"
#include "cmd/teach/trial.h"

enum { MOST_CHANGES = 4 };

struct change_set {
    char *line[MOST_CHANGES]; /* owned */
    size_t n;
    unsigned cost; /* of all lines (struct candidate) */
    bool near; /* the last line is of the namespace in which the command failed before it, or more
                  happens since */
    /* What the command came to, as in struct trial_result; owned; NULL: not known. */
    char *outcome, *place, *end;
    size_t reach;
};

struct sets {
    struct change_set *v; /* owned */
    size_t n, cap;
};

/* Append the changes of `before` and (NULL: none) those of a candidate, for which there has to be
 * room (MOST_CHANGES), which came to r (NULL: not known). */
struct change_set *sets_add(struct sets *s, const struct change_set *before,
                            const struct candidate *more, const struct trial_result *r);
void sets_cut(struct sets *s, size_t most); /* the first ones stay */
void sets_release(struct sets *s);
/* Sort so that nothing stands before what it comes after, and else stays in its order. */
void sets_sort(struct sets *s,
               bool (*after)(const struct change_set *a, const struct change_set *b));
/* Is there one of the changes of c and one more, in any order? */
bool sets_have(const struct sets *s, const struct change_set *c, const char *line);
bool set_has_line(const struct change_set *c, const char *line);
void set_remove(struct change_set *c, size_t i);

#endif
