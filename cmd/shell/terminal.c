#include "cmd/shell/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/history.h"
#include "cmd/shell/state.h"
#include "cmd/signals.h"

struct terminal {
    struct reader in;
};

struct terminal *terminal_open(struct shell *sh, const struct history *history)
{
    struct terminal *t = mem_alloc(sizeof(*t));
    (void)history;
    reader_init_fd(&t->in, STDIN_FILENO, false);
    t->in.interrupted = sh->opts.env->interrupted;
    return t;
}

void terminal_close(struct terminal *t)
{
    free(t);
}

int terminal_read(struct terminal *t, const char *prompt, char **line)
{
    struct strbuf text = STRBUF_INIT;
    struct sink out;
    sink_init_fd(&out, STDERR_FILENO);
    sink_puts(&out, prompt);
    sink_release(&out);
    int rc = reader_line(&t->in, &text);
    if (rc < 0) {
        strbuf_release(&text);
        signals_forget();
        return rc;
    }
    if (text.len && text.data[text.len - 1] == '\n')
        text.data[--text.len] = '\0';
    *line = strbuf_detach(&text);
    return rc;
}

void terminal_remember(struct terminal *t, const char *line)
{
    (void)t;
    (void)line;
}
