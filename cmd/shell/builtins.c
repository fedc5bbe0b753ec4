#include "cmd/shell/builtins.h"

#include <string.h>

#include "cmd/shell/state.h"

const struct builtin builtins[] = {
    {".", false, builtin_dot, "FILE", "run the commands of a file"},
    {":", false, builtin_colon, "", "do nothing"},
    {"[", true, builtin_test, "EXPRESSION ]", "the same as test"},
    {"alias", false, builtin_alias, "[NAME[=VALUE]...]", "let a word stand for others"},
    {"bash", true, builtin_shell, "[-c COMMANDS | -s [ARGUMENT...] | FILE [ARGUMENT...]]",
     "a shell in the shell"},
    {"bg", false, builtin_bg, "[JOB...]", "let stopped jobs go on in the background"},
    {"break", false, builtin_break, "[N]", "leave a loop"},
    {"cd", false, builtin_cd, "[FOLDER]", "go to a folder"},
    {"command", false, builtin_command, "[-v] COMMAND [ARGUMENT...]", "run or name a command"},
    {"continue", false, builtin_continue, "[N]", "go on with a loop's next turn"},
    {"echo", true, builtin_echo, "[-neE] [WORD...]", "print words"},
    {"eval", false, builtin_eval, "[WORD...]", "run words as a command line"},
    {"exec", false, builtin_exec, "[COMMAND [ARGUMENT...]]",
     "run a command and exit; redirect for good"},
    {"exit", false, builtin_exit, "[N]", "leave the shell"},
    {"export", false, builtin_export, "[-p] [NAME[=VALUE]...]",
     "mark variables as the environment's"},
    {"false", true, builtin_false, "", "fail"},
    {"fg", false, builtin_fg, "[JOB]", "go on with a job in the foreground"},
    {"getopts", false, builtin_getopts, "OPTIONS NAME [WORD...]",
     "the next option among arguments"},
    {"help", false, builtin_help, "[COMMAND [WORD...]]",
     "list the commands, or what can come behind words"},
    {"history", false, builtin_history, "[N]", "list what was typed"},
    {"jobs", false, builtin_jobs, "[-lp] [JOB...]", "list jobs"},
    {"kill", true, builtin_kill, "[-s SIGNAL | -SIGNAL] JOB|PID...", "send a signal"},
    {"local", false, builtin_local, "NAME[=VALUE]...", "variables of a function"},
    {"ls", true, builtin_ls, "[-1] [FILE|FOLDER...]", "list files, sysctls, /sys/class/net"},
    {"printf", true, builtin_printf, "FORMAT [WORD...]", "print words in a format"},
    {"pwd", true, builtin_pwd, "", "print the current folder"},
    {"read", false, builtin_read, "[-r] [-p PROMPT] [NAME...]", "read a line into variables"},
    {"readonly", false, builtin_readonly, "[NAME[=VALUE]...]", "protect variables"},
    {"return", false, builtin_return, "[N]", "leave a function"},
    {"rm", true, builtin_rm, "[-f] FILE...", "remove files of the shell"},
    {"set", false, builtin_set, "[-efux] [-o OPTION] [--] [WORD...]", "set options and arguments"},
    {"sh", true, builtin_shell, "[-c COMMANDS | -s [ARGUMENT...] | FILE [ARGUMENT...]]",
     "a shell in the shell"},
    {"shift", false, builtin_shift, "[N]", "drop the first arguments"},
    {"source", false, builtin_dot, "FILE", "run the commands of a file"},
    {"su", true, builtin_su, "[-]", "taken as done: you may do everything here"},
    {"sudo", true, builtin_sudo, "COMMAND [ARGUMENT...]",
     "run the command: you may do everything here"},
    {"test", true, builtin_test, "EXPRESSION", "true or false"},
    {"trap", false, builtin_trap, "[ACTION CONDITION...]", "what to do at the end or at a signal"},
    {"true", true, builtin_colon, "", "succeed"},
    {"type", false, builtin_type, "NAME...", "what a name means"},
    {"unalias", false, builtin_unalias, "[-a] NAME...", "forget aliases"},
    {"unset", false, builtin_unset, "[-fv] NAME...", "forget variables or functions"},
    {"vnet", true, builtin_vnet, "TOOL [ARGUMENT...]",
     "a tool that is vnet's own: init, replay, ..."},
    {"wait", false, builtin_wait, "[JOB|PID...]", "wait for jobs to end"},
    {.name = NULL},
};

const struct builtin *builtin_find(const char *name)
{
    for (const struct builtin *b = builtins; b->name; b++)
        if (strcmp(b->name, name) == 0)
            return b;
    return NULL;
}

static void complain(struct call *c, const char *fmt, va_list ap)
{
    struct strbuf text = STRBUF_INIT;
    strbuf_vaddf(&text, fmt, ap);
    strbuf_addc(&text, '\n');
    struct shell *sh = c->sh;
    sink_puts(c->env->err, sh->opts.name);
    if (!sh->opts.interactive && sh->opts.processes)
        sink_printf(c->env->err, ": line %d", sh->line);
    sink_printf(c->env->err, ": %s: %s", c->argv[0], text.data);
    strbuf_release(&text);
}

int builtin_fail(struct call *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    complain(c, fmt, ap);
    va_end(ap);
    return 1;
}

int builtin_usage(struct call *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    complain(c, fmt, ap);
    va_end(ap);
    return 2;
}
