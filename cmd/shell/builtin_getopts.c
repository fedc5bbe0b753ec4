/* getopts (XCU 2.14): the options among a shell's arguments, one a call. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/state.h"

struct scan {
    struct call *c;
    const char *options;
    bool silent; /* ":..." : what is wrong is told in the variables only */
    char *const *words;
    size_t nwords;
    size_t index; /* of the word, from 1 */
};

static void set_index(struct scan *s)
{
    struct strbuf text = STRBUF_INIT;
    strbuf_addf(&text, "%zu", s->index);
    vars_set(&s->c->sh->vars, "OPTIND", text.data);
    strbuf_release(&text);
    s->c->sh->getopts_index = s->index;
}

static int set_name(struct scan *s, const char *value)
{
    const char *name = s->c->argv[2];
    if (!is_name(name))
        return builtin_fail(s->c, "`%s': not a valid identifier", name);
    if (vars_set(&s->c->sh->vars, name, value) < 0)
        return builtin_fail(s->c, "%s: readonly variable", name);
    return 0;
}

static int finish(struct scan *s)
{
    set_index(s);
    set_name(s, "?");
    return 1;
}

/* Something is wrong with option `letter`. */
static int report(struct scan *s, char letter, const char *what, const char *value)
{
    const char text[] = {letter, '\0'};
    vars_set(&s->c->sh->vars, "OPTARG", s->silent ? text : NULL);
    if (!s->silent)
        sink_printf(s->c->env->err, "%s: %s -- %c\n", s->c->sh->opts.name, what, letter);
    return set_name(s, s->silent ? value : "?");
}

/* The argument of an option: the rest of its word or the next one. */
static int take_argument(struct scan *s, char letter, const char *rest)
{
    s->c->sh->getopts_at = 0;
    s->index++;
    if (*rest) {
        vars_set(&s->c->sh->vars, "OPTARG", rest);
    } else if (s->index <= s->nwords) {
        vars_set(&s->c->sh->vars, "OPTARG", s->words[s->index - 1]);
        s->index++;
    } else {
        set_index(s);
        return report(s, letter, "option requires an argument", ":");
    }
    set_index(s);
    return set_name(s, (const char[]){letter, '\0'});
}

static int take_letter(struct scan *s, const char *word)
{
    struct shell *sh = s->c->sh;
    char letter = word[sh->getopts_at++];
    const char *known = letter == ':' ? NULL : strchr(s->options, letter);
    if (known && known[1] == ':')
        return take_argument(s, letter, word + sh->getopts_at);
    if (!word[sh->getopts_at]) {
        sh->getopts_at = 0;
        s->index++;
    }
    set_index(s);
    if (!known)
        return report(s, letter, "illegal option", "?");
    vars_set(&sh->vars, "OPTARG", NULL);
    return set_name(s, (const char[]){letter, '\0'});
}

int builtin_getopts(struct call *c)
{
    struct shell *sh = c->sh;
    if (c->argc < 3)
        return builtin_usage(c, "usage: getopts optstring name [arg ...]");
    const char *optind = vars_get(&sh->vars, "OPTIND");
    bool given = c->argc > 3;
    struct scan s = {.c = c,
                     .options = c->argv[1],
                     .words = given ? c->argv + 3 : sh->args.v,
                     .nwords = given ? (size_t)c->argc - 3 : sh->args.n,
                     .index = optind ? strtoul(optind, NULL, 10) : 1};
    s.silent = s.options[0] == ':';
    s.options += s.silent;
    if (!s.index)
        s.index = 1;
    if (s.index != sh->getopts_index) /* somebody has set OPTIND: from there on */
        sh->getopts_at = 0;
    const char *word = s.index <= s.nwords ? s.words[s.index - 1] : NULL;
    if (sh->getopts_at && word && sh->getopts_at < strlen(word))
        return take_letter(&s, word);
    sh->getopts_at = 1;
    if (word && strcmp(word, "--") == 0)
        s.index++;
    if (!word || word[0] != '-' || !word[1] || strcmp(word, "--") == 0)
        return finish(&s);
    return take_letter(&s, word);
}
