#include "cmd/shell/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/fault.h"
#include "cmd/shell/host.h"
#include "cmd/shell/run.h"
#include "cmd/shell/state.h"
#include "cmd/machine/machine.h"
#include "cmd/text/text.h"

/* ---- functions ---- */

const struct function *function_find(const struct shell *sh, const char *name)
{
    for (size_t i = 0; i < sh->functions.n; i++)
        if (strcmp(sh->functions.list[i].name, name) == 0)
            return &sh->functions.list[i];
    return NULL;
}

void function_remove(struct shell *sh, const char *name)
{
    struct functions *f = &sh->functions;
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->list[i].name, name) != 0)
            continue;
        free(f->list[i].name);
        program_unref(f->list[i].program);
        f->list[i] = f->list[--f->n];
        return;
    }
}

void functions_release(struct functions *f)
{
    for (size_t i = 0; i < f->n; i++) {
        free(f->list[i].name);
        program_unref(f->list[i].program);
    }
    free(f->list);
    *f = (struct functions){NULL, 0, 0};
}

void function_define(struct shell *sh, const char *name, const struct node *body)
{
    struct functions *f = &sh->functions;
    struct program *program = program_ref(sh->program);
    function_remove(sh, name);
    ARRAY_GROW(f->list, f->n, f->cap);
    f->list[f->n++] = (struct function){mem_strdup(name), program, body};
}

void locals_save(struct shell *sh, const char *name)
{
    struct locals *l = &sh->locals;
    const struct var *v = vars_find(&sh->vars, name);
    for (size_t i = 0; i < l->n; i++)
        if (l->list[i].call == sh->calls && strcmp(l->list[i].before.name, name) == 0)
            return;
    ARRAY_GROW(l->list, l->n, l->cap);
    l->list[l->n++] = (struct local){.before = {.name = mem_strdup(name),
                                                .value = mem_strdup(v->value),
                                                .exported = v->exported,
                                                .readonly = v->readonly},
                                     .call = sh->calls};
}

void locals_restore(struct shell *sh, int calls)
{
    struct locals *l = &sh->locals;
    while (l->n && l->list[l->n - 1].call > calls)
        vars_restore(&sh->vars, &l->list[--l->n].before);
}

static int call_function(struct shell *sh, const struct function *f, int argc, char **argv)
{
    struct program *program = program_ref(f->program),
                   *outer = sh->program; /* it may be redefined */
    const struct node *body = f->body;
    struct words args = sh->args;
    int loops = sh->loops;
    words_copy(&sh->args, argv + 1, (size_t)argc - 1);
    sh->loops = 0;
    sh->calls++;
    sh->program = program;
    int status = exec_node(sh, body);
    sh->program = outer;
    sh->calls--;
    locals_restore(sh, sh->calls);
    sh->loops = loops;
    if (sh->unwind == UNWIND_RETURN) {
        sh->unwind = UNWIND_NONE;
        status = sh->status;
    }
    words_release(&sh->args);
    sh->args = args;
    program_unref(program);
    return status;
}

/* ---- builtins ---- */

static int call_builtin(struct shell *sh, const struct builtin *b, int argc, char **argv)
{
    struct cmd_env env = *sh->opts.env;
    struct channels ch;
    struct call c = {.sh = sh, .env = &env, .argc = argc, .argv = argv};
    channels_open(&ch, &sh->io, &env);
    ch.out.line_buffered = true;
    int status = b->run(&c);
    int rc = channels_flush(&ch, &env);
    if (rc < 0)
        status = builtin_fail(&c, "write error: %s", cmd_strerror(-rc));
    channels_close(&ch, &env);
    return status;
}

/* ---- tools ---- */

/* /sbin/ip is ip. */
static const char *plain_name(const char *name)
{
    static const char *const folders[] = {"/bin/",      "/sbin/",          "/usr/bin/",
                                          "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        size_t n = strlen(folders[i]);
        if (strncmp(name, folders[i], n) == 0 && !strchr(name + n, '/'))
            return name + n;
    }
    return name;
}

const struct tool *command_tool(const char *name)
{
    const struct tool *t = tool_find(plain_name(name));
    if (t && t->origin != TOOL_OWN)
        return t;
    t = text_tool_find(plain_name(name));
    return t ? t : machine_tool_find(plain_name(name));
}

bool command_known(const struct shell *sh, const char *name)
{
    return builtin_find(plain_name(name)) || command_tool(name) ||
           (sh && sh->opts.allow_host_commands && sh->opts.processes);
}

bool command_is_program(const struct shell *sh, const char *name)
{
    const struct builtin *b = builtin_find(plain_name(name));
    return b ? b->is_program : command_known(sh, name);
}

/* What a person's bash has and this shell does not. */
static bool is_missing_builtin(const char *name)
{
    static const char *const names[] = {
        "bind",   "builtin",   "caller", "compgen", "complete", "declare", "dirs",   "disown",
        "enable", "fc",        "hash",   "let",     "logout",   "mapfile", "newgrp", "popd",
        "pushd",  "readarray", "shopt",  "suspend", "times",    "typeset", "ulimit", "umask"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static int not_found(struct shell *sh, const char *name)
{
    if (is_missing_builtin(name))
        return shell_unsupported(sh, "%s is not supported", name);
    const char *hint = command_hint(plain_name(name));
    bool path = strchr(name, '/') != NULL;
    struct vnet_err why;
    vnet_err(&why, ENOENT, "%s: no such command in vnet", name);
    shell_refused(sh, -ENOENT, why.msg);
    shell_complain(sh, path ? "%s: No such file or directory" : "%s: command not found", name);
    if ((sh->opts.interactive || sh->opts.env->point_at_faults) && hint) {
        struct strbuf text = STRBUF_INIT;
        const char *near = fault_nearest_command(name);
        if (near)
            strbuf_addf(&text, "vnet: did you mean %s?\n", near);
        else
            strbuf_addf(&text, "vnet: %s\n", hint);
        shell_say(sh, 2, text.data);
        strbuf_release(&text);
    }
    return 127;
}

/* Under its plain name, which it shows in messages. */
static int call_tool(struct shell *sh, const struct tool *tool, int argc, char **argv)
{
    char **words = mem_calloc((size_t)argc + 1, sizeof(*words));
    memcpy(words, argv, (size_t)argc * sizeof(*words));
    words[0] = argv[0] + (plain_name(argv[0]) - argv[0]);
    int status;
    if (!nested_by_command(sh, argc, words, &status))
        status = run_tool(sh, tool, argc, words);
    free(words);
    return status;
}

int command_run(struct shell *sh, int argc, char **argv, int flags)
{
    const struct function *f = flags & COMMAND_NO_FUNCTIONS ? NULL : function_find(sh, argv[0]);
    if (f)
        return call_function(sh, f, argc, argv);
    const struct builtin *b = builtin_find(plain_name(argv[0]));
    if (b)
        return call_builtin(sh, b, argc, argv);
    const struct tool *tool = command_tool(argv[0]);
    if (tool)
        return call_tool(sh, tool, argc, argv);
    if (sh->opts.allow_host_commands && sh->opts.processes)
        return host_run(sh, argc, argv);
    return not_found(sh, argv[0]);
}

/* ---- hints ---- */

static const struct {
    const char *name, *hint;
} hints[] = {
    {"awk", "not in this shell; cut and sed are"},
    {"vi", "there is no editor here: cat > FILE <<EOF writes a file"},
    {"vim", "there is no editor here: cat > FILE <<EOF writes a file"},
    {"nano", "there is no editor here: cat > FILE <<EOF writes a file"},
};

const char *command_hint(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(hints); i++)
        if (strcmp(hints[i].name, name) == 0)
            return hints[i].hint;
    return "commands of the host are not run here; help lists those of vnet";
}
