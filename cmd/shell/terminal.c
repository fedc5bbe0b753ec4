#include "cmd/shell/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/complete.h"
#include "cmd/shell/help.h"
#include "cmd/shell/history.h"
#include "cmd/shell/readline_api.h"
#include "cmd/shell/state.h"
#include "cmd/signals.h"

struct terminal {
    struct shell *sh;
    struct readline_api api; /* library NULL: lines are read as they come */
    struct reader in;
    struct words candidates; /* for the word being completed */
    size_t next;
    bool lone_question; /* a `?` that begins a line is typed */
    const char *before; /* lines of the command that were read; borrowed */
};

/* Whom readline's callbacks work for: it hands nothing on to them. */
static struct terminal *reading;

/* ---- completion ---- */

static char *next_candidate(const char *text, int state)
{
    size_t n = strlen(text);
    if (state == 0)
        reading->next = 0;
    while (reading->next < reading->candidates.n) {
        const char *word = reading->candidates.v[reading->next++];
        if (strncmp(word, text, n) == 0)
            return mem_strdup(word);
    }
    return NULL;
}

static char **complete(const char *text, int start, int end)
{
    struct terminal *t = reading;
    (void)end;
    *t->api.rl_attempted_completion_over = 1; /* never the host's files */
    words_release(&t->candidates);
    struct strbuf line = STRBUF_INIT;
    strbuf_adds(&line, t->before);
    strbuf_add(&line, *t->api.rl_line_buffer, (size_t)start);
    complete_word(t->sh, strbuf_cstr(&line), line.len, text, &t->candidates);
    strbuf_release(&line);
    return t->api.rl_completion_matches(text, next_candidate);
}

static void say(const char *text)
{
    struct sink out;
    sink_init_fd(&out, STDOUT_FILENO);
    sink_puts(&out, text);
    sink_release(&out);
}

/* ---- ? ---- */

/* The key `?`: what can come next at the cursor, at once; or the character, where it is meant. */
static int key_help(int count, int key)
{
    struct terminal *t = reading;
    struct strbuf line = STRBUF_INIT;
    struct sink out;
    strbuf_adds(&line, t->before);
    strbuf_add(&line, *t->api.rl_line_buffer, (size_t)*t->api.rl_point);
    bool typed = help_is_literal(strbuf_cstr(&line), line.len) || (t->lone_question && !line.len);
    if (typed) {
        strbuf_release(&line);
        return t->api.rl_insert(count, key);
    }
    sink_init_fd(&out, STDOUT_FILENO);
    sink_puts(&out, "?\n");
    help_line(t->sh, strbuf_cstr(&line), line.len, &out);
    sink_release(&out);
    strbuf_release(&line);
    t->api.rl_on_new_line();
    t->api.rl_redisplay();
    return 0;
}

/* The next key. ^C ends the line, as its end does; who asked for it sees the signal. */
static int next_key(FILE *in)
{
    unsigned char c;
    for (;;) {
        ssize_t n = read(fileno(in), &c, 1);
        if (n > 0)
            return c;
        if (n == 0 || errno != EINTR)
            return EOF;
        if (*signals_flag()) {
            say("^C");
            return EOF;
        }
        reading->api.rl_resize_terminal(); /* the one other signal that comes while typing */
    }
}

/* ---- life ---- */

static void set_up(struct terminal *t, const struct history *history)
{
    *t->api.rl_readline_name = "vnet";
    *t->api.rl_attempted_completion_function = complete;
    *t->api.rl_completer_word_break_characters = " \t\n\"'><;|&(){}=";
    *t->api.rl_getc_function = next_key;
    *t->api.rl_catch_signals = 0;
    t->api.rl_add_defun("vnet-help", key_help, '?'); /* ~/.inputrc may say otherwise */
    t->api.rl_bind_key_in_map('?', key_help, t->api.rl_get_keymap_by_name("vi-insert"));
    for (size_t i = 0; history && i < history->lines.n; i++)
        t->api.add_history(history->lines.v[i]);
}

struct terminal *terminal_open(struct shell *sh, const struct history *history)
{
    struct terminal *t = mem_alloc(sizeof(*t));
    t->sh = sh;
    reader_init_fd(&t->in, STDIN_FILENO, false);
    t->in.interrupted = sh->opts.env->interrupted;
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && readline_api_open(&t->api) == 0)
        set_up(t, history);
    return t;
}

void terminal_close(struct terminal *t)
{
    words_release(&t->candidates);
    reader_release(&t->in);
    free(t);
}

void terminal_ask(struct terminal *t, struct shell *sh, bool lone_question)
{
    t->sh = sh;
    t->lone_question = lone_question;
}

bool terminal_edits(const struct terminal *t)
{
    return t->api.library != NULL;
}

/* ---- lines ---- */

static int read_plain(struct terminal *t, const char *prompt, char **line)
{
    struct strbuf text = STRBUF_INIT;
    struct sink out;
    sink_init_fd(&out, STDERR_FILENO);
    sink_puts(&out, prompt);
    int rc = reader_line(&t->in, &text);
    if (rc == -EINTR)
        sink_puts(&out, "\n");
    sink_release(&out);
    if (rc <= 0) {
        strbuf_release(&text);
        return rc;
    }
    if (text.data[text.len - 1] == '\n')
        text.data[--text.len] = '\0';
    *line = strbuf_detach(&text);
    return 1;
}

static int read_edited(struct terminal *t, const char *prompt, char **line)
{
    reading = t;
    char *text = t->api.readline(prompt);
    reading = NULL;
    if (*signals_flag()) {
        free(text);
        return -EINTR;
    }
    *line = text;
    return text != NULL;
}

int terminal_read(struct terminal *t, const char *prompt, const char *before, char **line)
{
    t->before = before;
    int rc = t->api.library ? read_edited(t, prompt, line) : read_plain(t, prompt, line);
    if (rc == -EINTR && *signals_flag() == SIGHUP) /* the terminal is gone */
        return 0;
    if (rc == -EINTR)
        signals_forget();
    return rc;
}

void terminal_remember(struct terminal *t, const char *line)
{
    if (t->api.library)
        t->api.add_history(line);
}
