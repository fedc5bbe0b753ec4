/* Builtins that tell of the shell. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/history.h"
#include "cmd/shell/state.h"
#include "cmd/text/text.h"

static void list_tools(struct sink *out, const struct tool *list)
{
    for (const struct tool *t = list; t->name; t++)
        if (t->origin != TOOL_OWN)
            sink_printf(out, "  %-10s %s\n", t->name, t->summary);
}

static int help_all(struct call *c)
{
    struct sink *out = c->env->out;
    sink_puts(out, "An emulated Linux machine; you are root of it. Its tools:\n");
    list_tools(out, tools);
    sink_puts(out, "\nFilters:\n");
    list_tools(out, text_tools);
    sink_puts(out, "\nAbout the machine:\n");
    list_tools(out, machine_tools);
    sink_puts(out, "\nThe shell's own commands:\n");
    for (const struct builtin *b = builtins; b->name; b++)
        sink_printf(out, "  %-10s %s\n", b->name, b->summary);
    sink_puts(out, "\nFiles that commands write are the shell's own, and go when it ends.\n");
    return 0;
}

int builtin_help(struct call *c)
{
    if (c->argc == 1)
        return help_all(c);
    const struct builtin *b = builtin_find(c->argv[1]);
    const struct tool *t = command_tool(c->argv[1]);
    if (b)
        sink_printf(c->env->out, "%s %s\n    %s\n", b->name, b->usage, b->summary);
    else if (t)
        sink_printf(c->env->out, "%s: %s; see also man vnet\n", t->name, t->summary);
    else
        return builtin_fail(c, "no help topics match `%s'", c->argv[1]);
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
