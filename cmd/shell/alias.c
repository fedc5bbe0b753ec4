#include "cmd/shell/alias.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/state.h"

enum { MOST_USES = 500 }; /* in one command, so that those of those of those have an end */

/* ---- substitution ---- */

/* Is the word a part of what its own alias stands for? */
static bool in_its_own(const struct lexer *lx, const char *name, size_t at)
{
    for (const struct alias_use *u = lx->aliases_used; u; u = u->next)
        if (u->end > at && strcmp(u->name, name) == 0)
            return true;
    return false;
}

static void note_use(struct lexer *lx, const char *name, const struct token *tok, size_t len)
{
    long grown = (long)len - (long)(tok->end - tok->start);
    for (struct alias_use *u = lx->aliases_used; u; u = u->next)
        if (u->end > tok->start)
            u->end = (size_t)((long)u->end + grown);
    struct alias_use *use = arena_alloc(lx->arena, sizeof(*use));
    use->name = name;
    use->end = tok->start + len;
    use->next = lx->aliases_used;
    lx->aliases_used = use;
    lx->grown += grown;
}

bool alias_substitute(struct lexer *lx, const struct token *tok, bool *again)
{
    const char *value = tok->plain && lx->aliases ? vars_get(lx->aliases, tok->plain) : NULL;
    *again = false;
    if (!value || lx->rc || in_its_own(lx, tok->plain, tok->start))
        return false;
    size_t len = strlen(value);
    if (++lx->nused > MOST_USES) {
        lexer_fail(lx, ENOTSUP, "a command with more than %d aliases in it", MOST_USES);
        return false;
    }
    struct strbuf text = STRBUF_INIT;
    strbuf_add(&text, lx->text, tok->start);
    strbuf_add(&text, value, len);
    strbuf_add(&text, lx->text + tok->end, lx->len - tok->end);
    note_use(lx, tok->plain, tok, len);
    lx->text = arena_strndup(lx->arena, strbuf_cstr(&text), text.len);
    lx->len = text.len;
    lx->at = tok->start;
    strbuf_release(&text);
    *again = len && (value[len - 1] == ' ' || value[len - 1] == '\t');
    return true;
}

/* ---- builtins ---- */

static bool is_alias_name(const char *name)
{
    return *name && !name[strcspn(name, " \t\n/$`=|&;()<>'\"\\")];
}

static void print_alias(struct call *c, const struct var *v)
{
    struct strbuf value = STRBUF_INIT;
    strbuf_addc(&value, '\'');
    for (const char *s = v->value; *s; s++) {
        if (*s == '\'')
            strbuf_adds(&value, "'\\''");
        else
            strbuf_addc(&value, *s);
    }
    sink_printf(c->env->out, "alias %s=%s'\n", v->name, value.data);
    strbuf_release(&value);
}

static int by_name(const void *a, const void *b)
{
    const struct var *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static int list_aliases(struct call *c)
{
    struct vars *aliases = &c->sh->aliases;
    if (aliases->n)
        qsort(aliases->list, aliases->n, sizeof(*aliases->list), by_name);
    for (size_t i = 0; i < aliases->n; i++)
        if (aliases->list[i].value)
            print_alias(c, &aliases->list[i]);
    return 0;
}

static int take_alias(struct call *c, const char *word)
{
    size_t n = strcspn(word, "=");
    char *name = mem_strndup(word, n);
    int status = 0;
    if (word[n] && !is_alias_name(name))
        status = builtin_fail(c, "`%s': invalid alias name", name);
    else if (word[n] && strchr(word + n, '\n')) /* a command would end within the word */
        status = builtin_fail(c, "%s: an alias of several lines is not supported", name);
    else if (word[n])
        vars_set(&c->sh->aliases, name, word + n + 1);
    else if (vars_get(&c->sh->aliases, name))
        print_alias(c, vars_find(&c->sh->aliases, name));
    else
        status = builtin_fail(c, "%s: not found", name);
    free(name);
    return status;
}

int builtin_alias(struct call *c)
{
    int status = 0, first = c->argc > 1 && strcmp(c->argv[1], "-p") == 0 ? 2 : 1;
    if (first >= c->argc)
        return list_aliases(c);
    for (int i = first; i < c->argc; i++)
        status |= take_alias(c, c->argv[i]);
    return status;
}

int builtin_unalias(struct call *c)
{
    int status = 0;
    if (c->argc < 2)
        return builtin_usage(c, "usage: unalias [-a] name [name ...]");
    if (strcmp(c->argv[1], "-a") == 0) {
        vars_release(&c->sh->aliases);
        return 0;
    }
    for (int i = 1; i < c->argc; i++) {
        if (vars_get(&c->sh->aliases, c->argv[i]))
            vars_set(&c->sh->aliases, c->argv[i], NULL);
        else
            status = builtin_fail(c, "%s: not found", c->argv[i]);
    }
    return status;
}
