/* Builtins that tell of the shell. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/help.h"
#include "cmd/shell/history.h"
#include "cmd/shell/state.h"

/* help ip route: what can come behind these words; of a builtin of bash, its usage. */
int builtin_help(struct call *c)
{
    const char *name = c->argc > 1 ? c->argv[1] : "";
    const struct builtin *b = builtin_find(name);
    const struct tool *t = command_tool(name);
    struct words words;
    if (c->argc == 1) {
        help_all(c->env->out);
        return 0;
    }
    if (!b && !t)
        return builtin_fail(c, "no help topics match `%s'", name);
    if (b && (c->argc == 2 || strcmp(name, "vnet") != 0)) {
        sink_printf(c->env->out, "%s %s\n    %s\n", b->name, b->usage, b->summary);
        return 0;
    }
    if (c->argc == 2)
        sink_printf(c->env->out, "%s: %s; see also man vnet\n", t->name, t->summary);
    if (!b && !tool_find(name))
        return 0;
    words_copy(&words, c->argv + 1, (size_t)c->argc - 1);
    words_add(&words, mem_strdup(""));
    help_words(c->sh, (int)words.n, words.v, c->env->out);
    words_release(&words);
    return 0;
}

int builtin_history(struct call *c)
{
    if (!c->sh->history)
        return 0;
    if (c->argc > 1 && strcmp(c->argv[1], "-c") == 0) {
        history_clear(c->sh->history);
        return 0;
    }
    size_t n = c->argc > 1 ? strtoul(c->argv[1], NULL, 10) : (size_t)-1;
    history_print(c->sh->history, n, c->env->out);
    return 0;
}

int builtin_type(struct call *c)
{
    int status = 0;
    for (int i = 1; i < c->argc; i++) {
        const char *name = c->argv[i];
        const struct tool *tool = command_tool(name);
        const char *alias = vars_get(&c->sh->aliases, name);
        if (alias)
            sink_printf(c->env->out, "%s is aliased to `%s'\n", name, alias);
        else if (function_find(c->sh, name))
            sink_printf(c->env->out, "%s is a function\n", name);
        else if (builtin_find(name))
            sink_printf(c->env->out, "%s is a shell builtin\n", name);
        else if (tool)
            sink_printf(c->env->out, "%s is a tool of vnet: %s\n", name, tool->summary);
        else
            status = builtin_fail(c, "%s: not found", name);
    }
    return status;
}
