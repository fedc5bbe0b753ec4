/* Running a syntax tree (XCU 2.9). */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/quote.h"
#include "cmd/shell/command.h"
#include "cmd/shell/expand.h"
#include "cmd/shell/run.h"
#include "cmd/shell/state.h"

enum { DEEPEST = 4000 };

bool exec_interrupted(const struct shell *sh)
{
    const volatile sig_atomic_t *flag = sh->opts.env->interrupted;
    return flag && *flag;
}

static int set_status(struct shell *sh, int status)
{
    sh->status = status;
    return status;
}

/* set -e: the first command that fails ends the shell, unless somebody asks for its status. */
static void check_errexit(struct shell *sh)
{
    if (sh->errexit && sh->status && !sh->guarded && !sh->unwind)
        sh->unwind = UNWIND_EXIT;
}

/* ---- simple commands ---- */

static void trace_words(struct shell *sh, const struct words *argv)
{
    struct strbuf line = STRBUF_INIT;
    if (!sh->xtrace)
        return;
    strbuf_addc(&line, '+');
    for (size_t i = 0; i < argv->n; i++) {
        strbuf_addc(&line, ' ');
        quote_add(&line, argv->v[i]);
    }
    strbuf_addc(&line, '\n');
    shell_say(sh, 2, line.data);
    strbuf_release(&line);
}

static void trace_assignment(struct shell *sh, const char *name, const char *value)
{
    struct strbuf line = STRBUF_INIT;
    if (!sh->xtrace)
        return;
    strbuf_addf(&line, "+ %s=", name);
    if (*value)
        quote_add(&line, value);
    strbuf_addc(&line, '\n');
    shell_say(sh, 2, line.data);
    strbuf_release(&line);
}

/* Variables as they were before a command's own assignments. */
struct saved_var {
    const char *name;
    char *value;
    bool exported;
};

static int assign(struct shell *sh, const struct assignment *a)
{
    char *value = expand_to_string(sh, &a->value);
    if (!value)
        return -1;
    trace_assignment(sh, a->name, value);
    int rc = vars_set(&sh->vars, a->name, value);
    if (rc < 0) {
        shell_complain(sh, "%s: readonly variable", a->name);
        sh->unwind = UNWIND_ABORT; /* as bash does, for the rest of the line */
    }
    free(value);
    return rc;
}

static int assign_all(struct shell *sh, const struct assignment *list)
{
    int rc = 0;
    for (; list && rc == 0; list = list->next)
        rc = assign(sh, list);
    return rc;
}

static struct saved_var *save_vars(struct shell *sh, const struct assignment *list, size_t *n)
{
    struct saved_var *saved = NULL;
    size_t cap = 0;
    *n = 0;
    for (; list; list = list->next) {
        struct var *v = vars_find(&sh->vars, list->name);
        ARRAY_GROW(saved, *n, cap);
        saved[(*n)++] = (struct saved_var){list->name, mem_strdup(v->value), v->exported};
        v->exported = true;
    }
    return saved;
}

static void restore_vars(struct shell *sh, struct saved_var *saved, size_t n)
{
    while (n-- > 0) {
        vars_set(&sh->vars, saved[n].name, saved[n].value);
        vars_find(&sh->vars, saved[n].name)->exported = saved[n].exported;
        free(saved[n].value);
    }
    free(saved);
}

/* The streams as `redirects` have them from here on; *before: as they were. -1: they stay. */
static int enter_redirects(struct shell *sh, const struct redirect *redirects, struct io *before)
{
    struct io io;
    io_copy(&io, &sh->io);
    if (io_redirect(sh, &io, redirects) < 0) {
        io_release(&io);
        return -1;
    }
    *before = sh->io;
    sh->io = io;
    return 0;
}

static void leave_redirects(struct shell *sh, struct io *before)
{
    if (sh->keep_io) { /* exec */
        sh->keep_io = false;
        io_release(before);
        return;
    }
    io_release(&sh->io);
    sh->io = *before;
}

/* Redirections and assignments without a command. */
static int exec_nothing(struct shell *sh, const struct node *n)
{
    struct io before;
    if (enter_redirects(sh, n->redirects, &before) < 0)
        return 1;
    leave_redirects(sh, &before);
    return assign_all(sh, n->assignments) < 0 ? 1 : sh->substitution_status;
}

static int exec_with_words(struct shell *sh, const struct node *n, struct words *argv)
{
    struct io before;
    size_t saved_n;
    if (enter_redirects(sh, n->redirects, &before) < 0)
        return 1;
    struct saved_var *saved = save_vars(sh, n->assignments, &saved_n);
    int status = assign_all(sh, n->assignments) < 0 ? 1 : -1;
    trace_words(sh, argv);
    if (status < 0)
        status = command_run(sh, (int)argv->n, argv->v, 0);
    restore_vars(sh, saved, saved_n);
    leave_redirects(sh, &before);
    return status;
}

/* One more command: false: the run has had as many as it may. */
static bool count_command(struct shell *sh)
{
    if (!sh->opts.most_commands || ++*tasks_commands(sh->tasks) <= sh->opts.most_commands)
        return true;
    if (sh->unwind != UNWIND_EXIT)
        shell_unsupported(sh, "more than %lu commands in one (an endless loop?) are not run",
                          sh->opts.most_commands);
    sh->unwind = UNWIND_EXIT;
    return false;
}

static int exec_simple(struct shell *sh, const struct node *n)
{
    struct words argv = {NULL, 0, 0};
    int status = 1, refused = sh->refusals;
    if (n->line)
        sh->line = n->line;
    if (!count_command(sh))
        return set_status(sh, 2);
    sh->substitution_status = 0;
    if (expand_words(sh, n->words, &argv))
        status = argv.n ? exec_with_words(sh, n, &argv) : exec_nothing(sh, n);
    else if (sh->refusals != refused)
        status = 2;
    words_release(&argv);
    set_status(sh, status);
    if (exec_interrupted(sh))
        traps_on_signal(sh);
    check_errexit(sh);
    return sh->status;
}

/* ---- pipelines and lists ---- */

static int exec_pipeline(struct shell *sh, const struct node *n)
{
    sh->guarded += n->negated;
    int status = n->list->next ? run_pipeline(sh, n->list, n->text) : exec_node(sh, n->list);
    sh->guarded -= n->negated;
    if (sh->unwind == UNWIND_NONE || n->list->next)
        set_status(sh, n->negated ? !status : status);
    if (!n->negated)
        check_errexit(sh);
    return sh->status;
}

static int exec_and_or(struct shell *sh, const struct node *n)
{
    sh->guarded++;
    int status = exec_node(sh, n->left);
    sh->guarded--;
    if (sh->unwind || (n->kind == NODE_AND) != (status == 0))
        return status;
    return exec_node(sh, n->right);
}

static int exec_list(struct shell *sh, const struct node *list)
{
    for (const struct node *n = list->list; n && !sh->unwind; n = n->next) {
        if (n->background)
            set_status(sh, run_background(sh, n));
        else
            exec_node(sh, n);
    }
    return sh->status;
}

static int exec_subshell(struct shell *sh, const struct node *n)
{
    struct node alone = *n; /* without what follows it in a list */
    alone.next = NULL;
    set_status(sh, run_pipeline(sh, &alone, n->text));
    check_errexit(sh);
    return sh->status;
}

/* ---- compound commands ---- */

static bool condition(struct shell *sh, const struct node *n)
{
    sh->guarded++;
    int status = exec_node(sh, n);
    sh->guarded--;
    return status == 0;
}

static int exec_if(struct shell *sh, const struct node *n)
{
    bool yes = condition(sh, n->condition);
    if (sh->unwind)
        return sh->status;
    if (yes)
        return exec_node(sh, n->left);
    return n->right ? exec_node(sh, n->right) : set_status(sh, 0);
}

/* After a loop's body: does the loop go on? */
static bool loop_goes_on(struct shell *sh)
{
    bool leaves = sh->unwind == UNWIND_BREAK || sh->unwind == UNWIND_CONTINUE;
    if (leaves && --sh->unwind_levels == 0) {
        bool on = sh->unwind == UNWIND_CONTINUE;
        sh->unwind = UNWIND_NONE;
        return on;
    }
    return sh->unwind == UNWIND_NONE;
}

static int exec_while(struct shell *sh, const struct node *n)
{
    int status = 0;
    bool on = true;
    sh->loops++;
    while (on) {
        bool yes = condition(sh, n->condition);
        if (sh->unwind) {
            status = sh->status;
            on = loop_goes_on(sh);
        } else if (yes != (n->kind == NODE_WHILE)) {
            break;
        } else {
            status = exec_node(sh, n->left);
            on = loop_goes_on(sh);
        }
    }
    sh->loops--;
    return set_status(sh, status);
}

static int exec_for(struct shell *sh, const struct node *n)
{
    struct words items = {NULL, 0, 0};
    bool ok = true, on = true;
    if (n->all_words)
        words_copy(&items, sh->args.v, sh->args.n);
    else
        ok = expand_words(sh, n->words, &items);
    set_status(sh, ok ? 0 : 1);
    sh->loops++;
    for (size_t i = 0; i < items.n && on && ok; i++) {
        if (vars_set(&sh->vars, n->name, items.v[i]) < 0) {
            shell_complain(sh, "%s: readonly variable", n->name);
            set_status(sh, 1);
            break;
        }
        exec_node(sh, n->left);
        on = loop_goes_on(sh);
    }
    sh->loops--;
    words_release(&items);
    return sh->status;
}

/* 1: one of the patterns fits, 0, or -1: an expansion failed. */
static int item_fits(struct shell *sh, const struct case_item *item, const char *text)
{
    int fits = 0;
    for (const struct word *w = item->patterns; w && fits == 0; w = w->next) {
        char *pattern = expand_to_pattern(sh, w->parts);
        fits = !pattern ? -1 : fnmatch(pattern, text, 0) == 0;
        free(pattern);
    }
    return fits;
}

static int exec_case(struct shell *sh, const struct node *n)
{
    char *text = expand_to_string(sh, n->words);
    int fits = text ? 0 : -1;
    const struct case_item *item = n->items;
    while (item && fits == 0) {
        fits = item_fits(sh, item, text);
        if (fits == 0)
            item = item->next;
    }
    free(text);
    set_status(sh, fits < 0);
    return fits > 0 && item->body ? exec_node(sh, item->body) : sh->status;
}

static int exec_function(struct shell *sh, const struct node *n)
{
    function_define(sh, n->name, n->left);
    return set_status(sh, 0);
}

static int exec_group(struct shell *sh, const struct node *n)
{
    return exec_node(sh, n->left);
}

static int (*const kinds[])(struct shell *sh, const struct node *n) = {
    [NODE_SIMPLE] = exec_simple,     [NODE_PIPELINE] = exec_pipeline,
    [NODE_AND] = exec_and_or,        [NODE_OR] = exec_and_or,
    [NODE_LIST] = exec_list,         [NODE_SUBSHELL] = exec_subshell,
    [NODE_GROUP] = exec_group,       [NODE_IF] = exec_if,
    [NODE_WHILE] = exec_while,       [NODE_UNTIL] = exec_while,
    [NODE_FOR] = exec_for,           [NODE_CASE] = exec_case,
    [NODE_FUNCTION] = exec_function,
};

/* A compound command with redirections of its own. */
static int exec_redirected(struct shell *sh, const struct node *n,
                           int (*run)(struct shell *sh, const struct node *n))
{
    struct io before;
    if (enter_redirects(sh, n->redirects, &before) < 0)
        return set_status(sh, 1);
    int status = run(sh, n);
    leave_redirects(sh, &before);
    return status;
}

int exec_body(struct shell *sh, const struct node *n)
{
    if (n->redirects)
        return exec_redirected(sh, n, exec_group);
    return exec_group(sh, n);
}

/* A signal that ends commands has come: they are left, up to the prompt or the end of the script.
 */
static int leave_interrupted(struct shell *sh)
{
    sh->unwind = sh->opts.interactive && !sh->subshell ? UNWIND_ABORT : UNWIND_EXIT;
    return set_status(sh, 128 + (int)*sh->opts.env->interrupted);
}

int exec_node(struct shell *sh, const struct node *n)
{
    int status;
    if (exec_interrupted(sh))
        traps_on_signal(sh);
    if (exec_interrupted(sh))
        return leave_interrupted(sh);
    if (sh->unwind)
        return sh->status;
    if (++sh->depth > DEEPEST) {
        sh->depth--;
        status = shell_unsupported(sh, "commands nested more than %d deep are not run", DEEPEST);
        sh->unwind = UNWIND_EXIT;
        return set_status(sh, status);
    }
    bool own = n->redirects && n->kind != NODE_SIMPLE && n->kind != NODE_SUBSHELL;
    status = own ? exec_redirected(sh, n, kinds[n->kind]) : kinds[n->kind](sh, n);
    sh->depth--;
    return status;
}

/* ---- text ---- */

static int report_syntax(struct shell *sh, int rc, const struct vnet_err *err)
{
    if (rc == -ENOTSUP)
        return shell_unsupported(sh, "%s is not supported", err->msg);
    shell_complain(sh, "%s", err->msg);
    return 2;
}

int exec_text(struct shell *sh, const char *text, size_t len, int line)
{
    struct program *outer = sh->program;
    set_status(sh, sh->status);
    while (len && !sh->unwind) {
        struct vnet_err err = {""};
        struct program *p;
        size_t used;
        int rc = program_parse(text, len, true, &sh->aliases, &line, &used, &p, &err);
        if (rc < 0) {
            sh->line = line;
            set_status(sh, report_syntax(sh, rc, &err));
            break; /* where the next command begins is not known */
        }
        sh->program = p;
        if (p->root)
            exec_node(sh, p->root);
        if (sh->unwind == UNWIND_ABORT && !sh->opts.interactive && !exec_interrupted(sh))
            sh->unwind = UNWIND_NONE;
        program_unref(p);
        text += used;
        len -= used;
    }
    sh->program = outer;
    return sh->status;
}

int exec_input(struct shell *sh, struct reader *in)
{
    struct strbuf text = STRBUF_INIT;
    struct vnet_err err = {""};
    int c, number = 1, first = 1;
    while (!sh->unwind && (c = reader_byte(in)) >= 0) {
        if (c)
            strbuf_addc(&text, (char)c);
        if (c != '\n')
            continue;
        number++;
        if (shell_check(text.data, &err) == -EAGAIN)
            continue;
        exec_text(sh, text.data, text.len, first);
        strbuf_reset(&text);
        first = number;
    }
    if (text.len && !sh->unwind)
        exec_text(sh, text.data, text.len, first);
    strbuf_release(&text);
    return sh->status;
}
