/* Reading lines from a person: with GNU readline where it can be opened, else as they come. For the
 * shell and for lessons (cmd/replay). */
#ifndef VNET_CMD_SHELL_TERMINAL_H
#define VNET_CMD_SHELL_TERMINAL_H

#include <stdbool.h>

struct terminal;
struct shell;
struct history;

/* Tab and `?` ask the shell. history: NULL: none yet. */
struct terminal *terminal_open(struct shell *sh, const struct history *history);
void terminal_close(struct terminal *t);
/* Another shell to ask. lone_question: a `?` that begins a line is a character like any other. */
void terminal_ask(struct terminal *t, struct shell *sh, bool lone_question);
/* Can lines be edited? Else prompts go to standard error. */
bool terminal_edits(const struct terminal *t);
/* A line without its newline, owned by the caller: 1, 0 at the end (^D), -EINTR: ^C. before: the
 * lines that it goes on, "" for the first. */
int terminal_read(struct terminal *t, const char *prompt, const char *before, char **line);
/* For the arrow keys. */
void terminal_remember(struct terminal *t, const char *line);

#endif
