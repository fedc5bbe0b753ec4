#include "cmd/shell/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/complete.h"
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
    complete_word(t->sh, *t->api.rl_line_buffer, (size_t)start, text, &t->candidates);
    return t->api.rl_completion_matches(text, next_candidate);
}

static void say(const char *text)
{
    struct sink out;
    sink_init_fd(&out, STDOUT_FILENO);
    sink_puts(&out, text);
    sink_release(&out);
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
    for (size_t i = 0; i < history->lines.n; i++)
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
    readline_api_close(&t->api);
    free(t);
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

int terminal_read(struct terminal *t, const char *prompt, char **line)
{
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
