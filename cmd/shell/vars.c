#include "cmd/shell/vars.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- lists of words ---- */

void words_add(struct words *w, char *word)
{
    if (w->n + 2 > w->cap) {
        w->cap = w->cap ? w->cap * 2 : 8;
        w->v = mem_realloc(w->v, w->cap * sizeof(*w->v));
    }
    w->v[w->n++] = word;
    w->v[w->n] = NULL;
}

void words_copy(struct words *to, char *const *v, size_t n)
{
    *to = (struct words){NULL, 0, 0};
    for (size_t i = 0; i < n; i++)
        words_add(to, mem_strdup(v[i]));
}

void words_release(struct words *w)
{
    for (size_t i = 0; i < w->n; i++)
        free(w->v[i]);
    free(w->v);
    *w = (struct words){NULL, 0, 0};
}

/* ---- variables ---- */

static struct var *lookup(const struct vars *vars, const char *name)
{
    for (size_t i = 0; i < vars->n; i++)
        if (strcmp(vars->list[i].name, name) == 0)
            return &vars->list[i];
    return NULL;
}

const char *vars_get(const struct vars *vars, const char *name)
{
    const struct var *v = lookup(vars, name);
    if (v)
        return v->value;
    return vars->environment ? vars->environment(name) : NULL;
}

struct var *vars_find(struct vars *vars, const char *name)
{
    struct var *v = lookup(vars, name);
    if (v)
        return v;
    const char *value = vars_get(vars, name);
    ARRAY_GROW(vars->list, vars->n, vars->cap);
    vars->list[vars->n] = (struct var){
        .name = mem_strdup(name), .value = mem_strdup(value), .exported = value != NULL};
    return &vars->list[vars->n++];
}

int vars_set(struct vars *vars, const char *name, const char *value)
{
    struct var *v = vars_find(vars, name);
    if (v->readonly)
        return -EACCES;
    char *copy = mem_strdup(value);
    free(v->value);
    v->value = copy;
    return 0;
}

void vars_restore(struct vars *vars, struct var *before)
{
    struct var *v = vars_find(vars, before->name);
    free(before->name);
    free(v->value);
    v->value = before->value;
    v->exported = before->exported;
    v->readonly = before->readonly;
}

void vars_copy(struct vars *to, const struct vars *from)
{
    *to = (struct vars){.environment = from->environment};
    for (size_t i = 0; i < from->n; i++) {
        const struct var *v = &from->list[i];
        ARRAY_GROW(to->list, to->n, to->cap);
        to->list[to->n++] = (struct var){.name = mem_strdup(v->name),
                                         .value = mem_strdup(v->value),
                                         .exported = v->exported,
                                         .readonly = v->readonly};
    }
}

void vars_release(struct vars *vars)
{
    for (size_t i = 0; i < vars->n; i++) {
        free(vars->list[i].name);
        free(vars->list[i].value);
    }
    free(vars->list);
    *vars = (struct vars){0};
}
