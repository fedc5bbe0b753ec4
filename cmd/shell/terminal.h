/* Reading lines from a person: with GNU readline where it can be opened, else as they come. Private
 * to cmd/shell. */
#ifndef VNET_CMD_SHELL_TERMINAL_H
#define VNET_CMD_SHELL_TERMINAL_H

struct terminal;
struct shell;
struct history;

struct terminal *terminal_open(struct shell *sh, const struct history *history);
void terminal_close(struct terminal *t);
/* A line without its newline, owned by the caller: 1, 0 at the end (^D), -EINTR: ^C. before: the
 * lines that it goes on, "" for the first. */
int terminal_read(struct terminal *t, const char *prompt, const char *before, char **line);
/* For the arrow keys. */
void terminal_remember(struct terminal *t, const char *line);

#endif
