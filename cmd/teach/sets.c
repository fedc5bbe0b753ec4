#include "cmd/teach/sets.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void add_lines(struct change_set *c, const char *text)
{
    for (size_t len; *text && c->n < MOST_CHANGES; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        c->line[c->n++] = mem_strndup(text, len);
    }
}

struct change_set *sets_add(struct sets *s, const struct change_set *before,
                            const struct candidate *more, const struct trial_result *r)
{
    struct change_set c = {.n = before->n, .cost = before->cost};
    for (size_t i = 0; i < before->n; i++)
        c.line[i] = mem_strdup(before->line[i]);
    if (more) {
        add_lines(&c, more->line);
        c.cost += more->cost;
        c.near = before->place && strcmp(before->place, more->netns) == 0;
    }
    if (r) {
        c.outcome = mem_strdup(r->outcome);
        c.place = mem_strdup(r->place);
        c.end = mem_strdup(r->end);
        c.reach = r->reach;
    }
    ARRAY_GROW(s->v, s->n, s->cap);
    s->v[s->n] = c;
    return &s->v[s->n++];
}

void sets_cut(struct sets *s, size_t most)
{
    for (; s->n > most; s->n--) {
        const struct change_set *c = &s->v[s->n - 1];
        for (size_t k = 0; k < c->n; k++)
            free(c->line[k]);
        free(c->outcome);
        free(c->place);
        free(c->end);
    }
}

void sets_release(struct sets *s)
{
    sets_cut(s, 0);
    free(s->v);
    *s = (struct sets){0};
}

void sets_sort(struct sets *s,
               bool (*after)(const struct change_set *a, const struct change_set *b))
{
    for (size_t i = 1; i < s->n; i++) {
        struct change_set c = s->v[i];
        size_t k = i;
        for (; k > 0 && after(&s->v[k - 1], &c); k--)
            s->v[k] = s->v[k - 1];
        s->v[k] = c;
    }
}

bool set_has_line(const struct change_set *c, const char *line)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->line[i], line) == 0)
            return true;
    return false;
}

bool sets_have(const struct sets *s, const struct change_set *c, const char *line)
{
    for (size_t i = 0; i < s->n; i++) {
        bool same = s->v[i].n == c->n + 1 && set_has_line(&s->v[i], line);
        for (size_t k = 0; same && k < c->n; k++)
            same = set_has_line(&s->v[i], c->line[k]);
        if (same)
            return true;
    }
    return false;
}

void set_remove(struct change_set *c, size_t i)
{
    free(c->line[i]);
    memmove(&c->line[i], &c->line[i + 1], (c->n - i - 1) * sizeof(c->line[0]));
    c->n--;
}
