#include "cmd/replay/lesson.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/reader.h"
#include "cmd/replay/recognise.h"
#include "cmd/replay/report.h"
#include "cmd/shell/help.h"
#include "cmd/shell/shell.h"
#include "cmd/shell/terminal.h"
#include "cmd/teach/explain.h"
#include "cmd/vnet/history.h"
#include "vnet_history.h"

static const char how_it_goes[] =
    "Enter runs the command that is shown; any other line is a command of your own.\n"
    "? tells what the last one did, undo goes back (undo 3: three commands), c runs\n"
    "the rest without stopping, q ends, help tells this again. In a line of your own\n"
    "Tab completes words, and ? tells what can come next.\n\n";

/* ---- reading ---- */

static void open_terminal(struct lesson *l, const struct replay *r)
{
    if (l->terminal || l->env->in)
        return;
    l->terminal = terminal_open(r->shell, NULL);
    if (!terminal_edits(l->terminal)) {
        terminal_close(l->terminal);
        l->terminal = NULL;
    }
}

static bool read_edited(struct lesson *l, const char *prompt, struct strbuf *line)
{
    char *text;
    if (terminal_read(l->terminal, prompt, "", &text) != 1)
        return false;
    strbuf_adds(line, text);
    free(text);
    return true;
}

static bool read_plain(struct lesson *l, const char *prompt, struct strbuf *line)
{
    struct reader in, *from = l->env->in;
    sink_puts(l->env->out, prompt);
    sink_flush(l->env->out);
    if (!from) {
        reader_init_fd(&in, 0, false);
        from = &in;
    }
    int c;
    while ((c = reader_byte(from)) >= 0 && c != '\n')
        strbuf_addc(line, (char)c);
    if (from == &in)
        reader_release(&in);
    return c >= 0 || line->len;
}

/* A line without its newline; false: the input ends. */
static bool read_line(struct lesson *l, const struct replay *r, const char *prompt,
                      struct strbuf *line)
{
    strbuf_reset(line);
    open_terminal(l, r);
    if (!l->terminal)
        return read_plain(l, prompt, line);
    sink_flush(l->env->out);
    terminal_ask(l->terminal, r->shell, true);
    return read_edited(l, prompt, line);
}

/* ---- what was there before ---- */

static void forget(struct lesson *l)
{
    vnet_free(l->before);
    free(l->last);
    l->before = NULL;
    l->last = NULL;
}

static struct vnet *copy_world(const struct replay *r)
{
    struct vnet *w, *copy = NULL;
    struct vnet_err err;
    if (vnet_begin(r->env.session, false, &w, &err) < 0)
        return NULL;
    copy = vnet_clone(w);
    vnet_abort(r->env.session);
    return copy;
}

static void remember(struct lesson *l, const struct replay *r, const char *command)
{
    forget(l);
    l->before = copy_world(r);
    l->last = mem_strdup(command);
}

/* ---- ? ---- */

enum { MOST_WORDS = 64 };

/* explain's words: "explain ping ...", behind "ip netns exec NS", too. false: nothing for it. */
static bool explain(struct lesson *l)
{
    char *copy = mem_strdup(l->last), *argv[MOST_WORDS + 2], *rest = NULL, name[] = "explain";
    struct cmd_env inner = *l->env;
    int argc = 1, from = 0;
    argv[0] = name;
    for (char *w = strtok_r(copy, " ", &rest); w && argc <= MOST_WORDS;
         w = strtok_r(NULL, " ", &rest))
        argv[argc++] = w;
    argv[argc] = NULL;
    inner.netns = "";
    if (argc > 5 && strcmp(argv[1], "ip") == 0 && strcmp(argv[2], "netns") == 0 &&
        strcmp(argv[3], "exec") == 0) {
        inner.netns = argv[4];
        from = 4;
    }
    bool plain = recognise_traffic(l->last) && !strpbrk(l->last, "|&;<>$'\"`") && argc > from + 1;
    if (plain) {
        argv[from] = name;
        inner.session = vnet_session_memory(vnet_clone(l->before));
        inner.own_process = false;
        explain_main(&inner, argc - from, argv + from);
        vnet_session_free(inner.session);
    }
    free(copy);
    return plain;
}

static void tell_change(struct lesson *l, const struct replay *r)
{
    struct vnet *now = copy_world(r);
    if (now && !snapshot_diff(l->env, l->before, now))
        sink_puts(l->env->out, "It changed nothing that the tools show.\n");
    vnet_free(now);
}

static void tell_last(struct lesson *l, const struct replay *r)
{
    if (!l->before) {
        sink_puts(l->env->out, "Nothing has run yet.\n");
        return;
    }
    sink_puts(l->env->out, "--- ");
    report_text(l->env->out, l->last);
    sink_puts(l->env->out, "\n");
    if (!explain(l))
        tell_change(l, r);
}

/* ---- pictures ---- */

/* The world as `vnet show` draws it, where it has changed since it was last drawn. */
static void show_picture(struct lesson *l, const struct replay *r)
{
    const struct tool *show = tool_find("show");
    struct vnet *w = show ? copy_world(r) : NULL;
    char name[] = "show", *argv[] = {name, NULL};
    struct cmd_env inner = *l->env;
    struct sink out;
    if (!w)
        return;
    sink_init_mem(&out);
    inner.session = vnet_session_memory(w);
    inner.out = &out;
    inner.netns = "";
    inner.own_process = false;
    if (tool_run(show, &inner, 1, argv) == 0 &&
        (!l->picture || strcmp(l->picture, strbuf_cstr(&out.buf)) != 0)) {
        free(l->picture);
        l->picture = mem_strdup(strbuf_cstr(&out.buf));
        sink_printf(l->env->out, "\n%s\n", l->picture);
    }
    vnet_session_free(inner.session);
    sink_release(&out);
}

/* ---- the log ---- */

static void log_command(struct lesson *l, const char *text, bool own)
{
    ARRAY_GROW(l->log, l->nlog, l->log_cap);
    l->log[l->nlog++] = (struct lesson_entry){mem_strdup(text), own};
    l->at = l->nlog;
}

static void cut_log(struct lesson *l, size_t n)
{
    while (l->nlog > n)
        free(l->log[--l->nlog].text);
}

static void go_back(struct lesson *l, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sink_puts(l->env->out, "undone: ");
        report_text(l->env->out, l->log[l->nlog - 1 - i].text);
        sink_puts(l->env->out, "\n");
    }
    cut_log(l, l->nlog - n);
}

static void run_own(struct lesson *l, struct replay *r, const char *line)
{
    struct vnet_err err = {""};
    remember(l, r, line);
    r->env.deadline = replay_now(r) + 60 * NSEC_PER_SEC;
    r->env.point_at_faults = true;
    uint64_t from = replay_own_begins(r);
    if (replay_run_line(r, line, &err) == -ENOTSUP && !r->screen.buf.len)
        sink_printf(&r->screen, "vnet: %s\n", err.msg);
    replay_own_ends(r, from);
    r->env.point_at_faults = false;
    r->env.deadline = 0;
    if (!l->unseen)
        report_text(l->env->out, strbuf_cstr(&r->screen.buf));
    strbuf_reset(&r->screen.buf);
}

/* What ran before the reader went back; true: the lesson's next command is one of it. */
static bool catch_up(struct lesson *l, struct replay *r)
{
    l->unseen = true;
    while (l->at < l->nlog && l->log[l->at].own)
        run_own(l, r, l->log[l->at++].text);
    l->unseen = l->at < l->nlog;
    if (l->unseen)
        l->at++;
    return l->unseen;
}

/* ---- a command ---- */

/* Fences of code blocks and words to vnet are not for the reader. */
static bool is_markup(const char *text)
{
    return strncmp(text, "```", 3) == 0 || strncmp(text, "#vnet ", 6) == 0 ||
           strncmp(text, "<!-- vnet ", 10) == 0;
}

/* The source's line behind step i and what it prints. */
static size_t end_of(const struct replay *r, size_t i)
{
    const struct step *s = &r->t.steps[i];
    return s->nexpected ? s->expected[s->nexpected - 1].line + 1 : s->end;
}

/* A line of a paragraph, not of a list, a table, a heading or a drawing. */
static bool is_prose(const char *text)
{
    return *text && !strchr(" \t#|>*-+`<", *text) && (unsigned char)*text < 0x80 &&
           text[strspn(text, "0123456789")] != '.';
}

/* Where the paragraph that begins at line `k` ends, and whether a line of it is too wide. */
static size_t paragraph_end(const struct replay *r, size_t k, size_t to, size_t width, bool *wide)
{
    *wide = false;
    while (k < to && is_prose(r->t.source.line[k].text) && !is_markup(r->t.source.line[k].text))
        *wide |= strlen(r->t.source.line[k++].text) > width;
    return k;
}

static void fill_word(struct lesson *l, const char *word, size_t n, size_t width, size_t *column)
{
    char *copy = mem_strndup(word, n);
    if (*column && *column + 1 + n > width) {
        sink_puts(l->env->out, "\n");
        *column = 0;
    }
    sink_puts(l->env->out, *column ? " " : "");
    report_text(l->env->out, copy);
    *column += n + (*column > 0);
    free(copy);
}

/* Lines that are too wide for the terminal are broken at their blanks, not within words. */
static void fill(struct lesson *l, const struct replay *r, size_t from, size_t to, size_t width)
{
    size_t column = 0;
    for (size_t k = from; k < to; k++)
        for (const char *s = r->t.source.line[k].text; *(s += strspn(s, " \t"));) {
            size_t n = strcspn(s, " \t");
            fill_word(l, s, n, width, &column);
            s += n;
        }
    sink_puts(l->env->out, "\n");
}

/* What the author wrote in lines `from` to `to`; of blank lines one. */
static void show_lines(struct lesson *l, const struct replay *r, size_t from, size_t to)
{
    bool blank = false, any = false, wide;
    int columns = sink_columns(l->env->out);
    size_t width = columns > 0 ? (size_t)columns : SIZE_MAX;
    for (size_t k = from, end; k < to; k = end) {
        const char *text = r->t.source.line[k].text;
        end = paragraph_end(r, k, to, width, &wide);
        end = wide ? end : k + 1;
        if (is_markup(text))
            continue;
        if (text[strspn(text, " \t")]) {
            sink_puts(l->env->out, blank || !any ? "\n" : "");
            if (wide)
                fill(l, r, k, end, width);
            else
                report_text(l->env->out, text);
            sink_puts(l->env->out, wide ? "" : "\n");
            any = true;
        }
        blank = !text[strspn(text, " \t")];
    }
    sink_puts(l->env->out, any ? "\n" : "");
}

/* ... above the command. */
static void show_prose(struct lesson *l, const struct replay *r, size_t i)
{
    size_t from = 0;
    for (size_t k = 0; k < i; k++)
        if (end_of(r, k) > from)
            from = end_of(r, k);
    show_lines(l, r, from, r->t.steps[i].line_no - 1);
}

/* Do only words to vnet follow step i? */
static bool is_last(const struct replay *r, size_t i)
{
    while (++i < r->t.n)
        if (r->t.steps[i].kind != STEP_DIRECTIVE)
            return false;
    return true;
}

static void show_command(struct lesson *l, const char *command)
{
    sink_puts(l->env->out, "$ ");
    report_text(l->env->out, command);
    sink_puts(l->env->out, "\n");
}

enum answer { ANSWER_RUN, ANSWER_QUIT, ANSWER_BACK, ANSWER_STAY };

static bool read_back(const char *line, size_t *n)
{
    char more;
    *n = 1;
    if (strcmp(line, "undo") == 0)
        return true;
    return sscanf(line, "undo %zu%c", n, &more) == 1 && *n > 0;
}

static enum answer take(struct lesson *l, struct replay *r, const char *line)
{
    size_t n;
    if (!*line || strcmp(line, "c") == 0) {
        l->to_the_end = *line;
        return ANSWER_RUN;
    }
    if (strcmp(line, "q") == 0)
        return ANSWER_QUIT;
    if (strcmp(line, "help") == 0) {
        sink_puts(l->env->out, how_it_goes);
    } else if (strcmp(line, "?") == 0) {
        tell_last(l, r);
    } else if (read_back(line, &n)) {
        if (n <= l->nlog) {
            go_back(l, n);
            return ANSWER_BACK;
        }
        sink_printf(l->env->out, "Only %zu command%s run.\n", l->nlog,
                    l->nlog == 1 ? " has" : "s have");
    } else if (help_is_asked(line)) {
        help_line(r->shell, line, (size_t)(strrchr(line, '?') - line), l->env->out);
    } else {
        if (l->terminal)
            terminal_remember(l->terminal, line);
        log_command(l, line, true);
        run_own(l, r, line);
        show_picture(l, r);
    }
    return ANSWER_STAY;
}

/* false: enough, or back. */
static bool ask(struct lesson *l, struct replay *r, const char *command)
{
    struct strbuf line = STRBUF_INIT;
    enum answer answer = ANSWER_RUN;
    if (!l->told && !l->to_the_end)
        sink_puts(l->env->out, how_it_goes);
    l->told = true;
    show_command(l, command);
    while (!l->to_the_end) {
        answer = read_line(l, r, "[Enter] ", &line) ? take(l, r, strbuf_cstr(&line)) : ANSWER_QUIT;
        if (answer != ANSWER_STAY)
            break;
        show_command(l, command);
    }
    strbuf_release(&line);
    l->again = answer == ANSWER_BACK;
    return answer == ANSWER_RUN;
}

static bool before_step(struct replay *r, size_t i, void *arg)
{
    struct lesson *l = arg;
    const char *command = r->t.steps[i].command;
    bool back = l->again;
    if (!catch_up(l, r)) {
        l->again = false;
        if (!back)
            show_prose(l, r, i);
        if (!ask(l, r, command))
            return false;
        log_command(l, command, false);
    }
    remember(l, r, command);
    return true;
}

/* What does not match, and then whatever the reader wants to know of the world as it is now. */
static void open_shell(struct lesson *l, struct replay *r)
{
    struct strbuf line = STRBUF_INIT;
    sink_puts(l->env->out, "--- a shell in the world as it is now; exit or ^D: go on\n");
    while (!shell_exited(r->shell) && read_line(l, r, "vnet# ", &line) &&
           strcmp(strbuf_cstr(&line), "exit") != 0)
        run_own(l, r, strbuf_cstr(&line));
    strbuf_release(&line);
}

/* Behind the last command: what the author wrote there, and time to try things. false: back. */
static bool end(struct lesson *l, struct replay *r)
{
    struct strbuf line = STRBUF_INIT;
    enum answer answer = ANSWER_STAY;
    show_lines(l, r, end_of(r, r->t.n - 1), r->t.source.n);
    if (!l->to_the_end)
        sink_puts(l->env->out, "The lesson is over; the world is still yours to try things in.\n");
    while (answer == ANSWER_STAY && !l->to_the_end)
        answer = read_line(l, r, "[Enter leaves] ", &line) ? take(l, r, strbuf_cstr(&line))
                                                           : ANSWER_QUIT;
    strbuf_release(&line);
    l->again = answer == ANSWER_BACK;
    return !l->again;
}

static void tell_mismatch(struct lesson *l, struct replay *r, size_t i, struct replay_outcome *o)
{
    sink_printf(l->env->out, "--- line %zu is not what the transcript shows (%s):\n",
                r->t.steps[i].line_no, replay_verdict_names[o->verdict]);
    report_details(l->env->out, "    ", &r->t.steps[i], o, false);
    if (l->shell_on_fail)
        open_shell(l, r);
    l->shell_on_fail = false;
}

static bool after_step(struct replay *r, size_t i, struct replay_outcome *o, void *arg)
{
    struct lesson *l = arg;
    if (l->unseen)
        return true;
    if (l->step) {
        report_text(l->env->out, strbuf_cstr(&o->output));
        show_picture(l, r);
    }
    if (report_is_mismatch(o))
        tell_mismatch(l, r, i, o);
    return !l->step || !is_last(r, i) || end(l, r);
}

/* The reader has gone back: from the start, in a world of its own. */
static bool again(void *arg)
{
    struct lesson *l = arg;
    l->at = 0;
    forget(l);
    return l->again;
}

void lesson_attach(struct lesson *l, struct play_opts *opts)
{
    if (l->step) {
        opts->before_step = before_step;
        opts->again = again;
    }
    if (l->step || l->shell_on_fail)
        opts->after_step = after_step;
    opts->arg = l;
}

void lesson_next(struct lesson *l)
{
    cut_log(l, 0);
    forget(l);
    free(l->picture);
    l->picture = NULL;
    l->at = 0;
    l->again = l->to_the_end = false;
}

void lesson_release(struct lesson *l)
{
    lesson_next(l);
    free(l->log);
    if (l->terminal)
        terminal_close(l->terminal);
}
