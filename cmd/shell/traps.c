#include "cmd/shell/traps.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/state.h"
#include "cmd/signals.h"

static const struct {
    const char *name;
    int number;
} conditions[TRAPS] = {
    [TRAP_EXIT] = {"EXIT", 0},
    [TRAP_HUP] = {"HUP", SIGHUP},
    [TRAP_INT] = {"INT", SIGINT},
    [TRAP_TERM] = {"TERM", SIGTERM},
};

void traps_release(struct traps *t)
{
    for (int i = 0; i < TRAPS; i++) {
        free(t->action[i]);
        t->action[i] = NULL;
    }
}

static const char *action_of(const struct shell *sh, int signal)
{
    for (int i = 0; i < TRAPS && signal; i++)
        if (conditions[i].number == signal)
            return sh->traps.action[i];
    return NULL;
}

bool traps_has(const struct shell *sh, int signal)
{
    return action_of(sh, signal) != NULL;
}

/* $? is afterwards what it was. */
static void run_action(struct shell *sh, const char *action)
{
    char *text = mem_strdup(action); /* it may set another one */
    int status = sh->status;
    exec_text(sh, text, strlen(text), sh->line);
    if (!sh->unwind)
        sh->status = status;
    free(text);
}

void traps_on_signal(struct shell *sh)
{
    int signal = exec_interrupted(sh) ? (int)*sh->opts.env->interrupted : 0;
    const char *action = action_of(sh, signal);
    if (!action)
        return;
    if (sh->opts.processes)
        signals_forget();
    else if (tasks_swap_signal(sh->tasks, 0) == 0)
        return; /* in memory, what comes from outside ends all */
    run_action(sh, action);
}

int traps_on_exit(struct shell *sh, int status)
{
    char *action = sh->traps.action[TRAP_EXIT];
    enum unwind unwind = sh->unwind;
    if (!action)
        return status;
    sh->traps.action[TRAP_EXIT] = NULL;
    sh->unwind = UNWIND_NONE;
    sh->status = status;
    run_action(sh, action);
    status = sh->status;
    if (!sh->unwind)
        sh->unwind = unwind;
    free(action);
    return status;
}

/* ---- the builtin ---- */

/* The index of a condition: its name, with SIG before it or not, or its number; -1. */
static int find_condition(const char *word)
{
    char *end;
    long n = strtol(word, &end, 10);
    bool number = end != word && !*end;
    if (strncmp(word, "SIG", 3) == 0)
        word += 3;
    for (int i = 0; i < TRAPS; i++)
        if (number ? conditions[i].number == n : strcmp(conditions[i].name, word) == 0)
            return i;
    return -1;
}

static void print_traps(struct call *c)
{
    for (int i = 0; i < TRAPS; i++) {
        struct strbuf text = STRBUF_INIT;
        if (!c->sh->traps.action[i])
            continue;
        strbuf_addc(&text, '\'');
        for (const char *s = c->sh->traps.action[i]; *s; s++)
            strbuf_adds(&text, *s == '\'' ? "'\\''" : (char[]){*s, '\0'});
        sink_printf(c->env->out, "trap -- %s' %s%s\n", text.data, i == TRAP_EXIT ? "" : "SIG",
                    conditions[i].name);
        strbuf_release(&text);
    }
}

/* action NULL: none from now on. */
static int set_trap(struct call *c, const char *word, const char *action)
{
    int i = find_condition(word);
    if (i < 0)
        return shell_unsupported(c->sh, "trap: %s is not supported: EXIT, HUP, INT and TERM are",
                                 word);
    free(c->sh->traps.action[i]);
    c->sh->traps.action[i] = mem_strdup(action);
    return 0;
}

int builtin_trap(struct call *c)
{
    int first = c->argc > 1 && strcmp(c->argv[1], "--") == 0 ? 2 : 1, status = 0;
    if (first >= c->argc || strcmp(c->argv[first], "-p") == 0) {
        print_traps(c);
        return 0;
    }
    const char *action = c->argv[first];
    char *end;
    strtoul(action, &end, 10);
    bool reset = (end != action && !*end) || first + 1 == c->argc;
    if (!reset)
        first++;
    if (reset || strcmp(action, "-") == 0)
        action = NULL;
    else if (!*action)
        return shell_unsupported(c->sh, "trap '': to ignore a signal is not supported");
    for (int i = first; i < c->argc && status == 0; i++)
        status = set_trap(c, c->argv[i], action);
    if (c->sh->ready_at_trap && c->env->listening)
        c->env->listening(c->env);
    return status;
}
