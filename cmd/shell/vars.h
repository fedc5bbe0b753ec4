/* Variables and lists of words. */
#ifndef VNET_CMD_SHELL_VARS_H
#define VNET_CMD_SHELL_VARS_H

#include <stdbool.h>
#include <stddef.h>

/* A growable, NULL-terminated list of owned strings. */
struct words {
    char **v; /* NULL while nothing was ever added */
    size_t n, cap;
};

void words_add(struct words *w, char *word); /* takes word */
void words_copy(struct words *to, char *const *v, size_t n);
void words_release(struct words *w);

struct var {
    char *name;
    char *value; /* NULL: unset; it hides the environment's */
    bool exported, readonly;
};

struct vars {
    struct var *list;
    size_t n, cap;
    const char *(*environment)(const char *name); /* what is not set here; NULL: nothing */
};

/* NULL: it is not set. Valid until the variable changes. */
const char *vars_get(const struct vars *vars, const char *name);
/* The variable, made (unset) if it is not there. */
struct var *vars_find(struct vars *vars, const char *name);
/* 0, or -EACCES: it is readonly. value NULL: unset it. */
int vars_set(struct vars *vars, const char *name, const char *value);
/* Whatever it is now, protected or not: as it was. Takes what `before` owns. */
void vars_restore(struct vars *vars, struct var *before);
void vars_copy(struct vars *to, const struct vars *from);
void vars_release(struct vars *vars);

#endif
