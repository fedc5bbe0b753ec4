#include "cmd/shell/interactive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/help.h"
#include "cmd/shell/history.h"
#include "cmd/shell/process.h"
#include "cmd/shell/state.h"
#include "cmd/shell/terminal.h"
#include "vnet_netns.h"
#include "cmd/signals.h"

/* ~/.local/state/vnet/history, beside the default state file; NULL: there is no home. Owned. */
static char *history_path(const struct shell *sh)
{
    struct strbuf path = STRBUF_INIT;
    const char *state = vars_get(&sh->vars, "XDG_STATE_HOME"), *home = vars_get(&sh->vars, "HOME");
    if (state && *state == '/')
        strbuf_addf(&path, "%s/vnet/history", state);
    else if (home && *home == '/')
        strbuf_addf(&path, "%s/.local/state/vnet/history", home);
    return path.len ? strbuf_detach(&path) : NULL;
}

/* [namespace] as a prompt shows the folder. */
static void make_prompt(const struct shell *sh, bool more, struct strbuf *prompt)
{
    struct cmd_env *env = sh->opts.env;
    struct vnet *w;
    struct netns *ns;
    strbuf_reset(prompt);
    if (more) {
        strbuf_adds(prompt, "> ");
    } else if (!*env->netns) {
        strbuf_adds(prompt, "[vnet] # ");
    } else if (cmd_begin(env, &w, &ns) == 0) {
        const char *name = vnet_netns_name(ns);
        strbuf_addf(prompt, "[%s] # ", *name ? name : ns == vnet_init_ns(w) ? "vnet" : "nameless");
        cmd_abort(env);
    } else {
        strbuf_adds(prompt, "[gone] # ");
    }
}

/* A line more of a command; the text is complete when it can be parsed. 1: run it, 0: the end. */
static int read_command(struct shell *sh, struct terminal *t, struct strbuf *text)
{
    struct strbuf prompt = STRBUF_INIT;
    struct vnet_err err = {""};
    int rc = 1;
    strbuf_reset(text);
    do {
        make_prompt(sh, text->len > 0, &prompt);
        char *line = NULL;
        rc = terminal_read(t, prompt.data, strbuf_cstr(text), &line);
        if (rc == -EINTR) {
            strbuf_reset(text);
            rc = 1;
            sh->status = 130;
            continue;
        }
        if (rc == 1)
            strbuf_addf(text, "%s\n", line);
        free(line);
    } while (rc == 1 && (!text->len || shell_check(text->data, &err) == -EAGAIN));
    strbuf_release(&prompt);
    return rc == 1 || text->len ? 1 : 0;
}

/* A line that ends in a `?` by itself, as where there is no readline: what it asks for. */
static bool answer_question(struct shell *sh, const struct strbuf *text)
{
    struct sink out;
    if (!help_is_asked(text->data))
        return false;
    sink_init_fd(&out, STDOUT_FILENO);
    help_line(sh, text->data, (size_t)(strrchr(text->data, '?') - text->data), &out);
    sink_release(&out);
    return true;
}

static void remember(struct history *h, struct terminal *t, const struct strbuf *text)
{
    char *line = mem_strndup(text->data, text->len - 1);
    size_t n = h->lines.n;
    history_add(h, line);
    if (h->lines.n > n)
        terminal_remember(t, line);
    free(line);
}

static void run_command(struct shell *sh, const struct strbuf *text)
{
    bool warned = sh->stop_warned;
    signals_forget();
    sh->refused = 0;
    exec_text(sh, text->data, text->len, 1);
    if (sh->unwind == UNWIND_ABORT && *signals_flag())
        shell_say(sh, 2, "\n"); /* behind the ^C */
    if (sh->unwind == UNWIND_ABORT)
        sh->unwind = UNWIND_NONE;
    signals_forget();
    if (warned)
        sh->stop_warned = false;
}

/* ^D: 0, unless jobs are stopped and that has not been said yet. */
static bool may_leave(struct shell *sh)
{
    static const char leave[] = "exit\n";
    if (nested_leave(sh)) {
        shell_say(sh, 2, leave);
        return false;
    }
    int status = sh->status;
    exec_text(sh, leave, strlen(leave), 1);
    if (sh->unwind == UNWIND_EXIT)
        sh->status = status;
    return sh->unwind == UNWIND_EXIT;
}

static void take_terminal(struct shell *sh)
{
    (void)sh;
    signals_at_prompt();
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpgrp());
}

static void hang_up_jobs(struct shell *sh)
{
    for (size_t i = 0; i < sh->jobs.n; i++) {
        job_signal(sh, sh->jobs.list[i], SIGHUP);
        job_signal(sh, sh->jobs.list[i], SIGCONT);
    }
}

int interactive_run(struct shell *sh)
{
    struct strbuf text = STRBUF_INIT;
    struct history history;
    char *path = history_path(sh);
    take_terminal(sh);
    history_init(&history, path);
    struct terminal *t = terminal_open(sh, &history);
    // cppcheck-suppress autoVariables ; taken back below
    sh->history = &history;
    while (sh->unwind != UNWIND_EXIT) {
        jobs_tell(sh);
        bool typed = read_command(sh, t, &text);
        if (*signals_flag() == SIGHUP) {
            sh->status = 128 + SIGHUP;
            break;
        }
        if (typed && answer_question(sh, &text)) {
            sh->status = 0;
        } else if (typed) {
            remember(&history, t, &text);
            run_command(sh, &text);
        } else if (may_leave(sh)) {
            break;
        }
    }
    hang_up_jobs(sh);
    terminal_close(t);
    sh->history = NULL;
    history_release(&history);
    strbuf_release(&text);
    free(path);
    return sh->status;
}
