/* The two ways to run commands. As processes: forked children with pipes between them, so that
 * signals, job control and streaming are the system's. In memory: one after the other in this
 * process, where a subshell is a copy of the shell's state. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_RUN_H
#define VNET_CMD_SHELL_RUN_H

#include "base/strbuf.h"
#include "cmd/shell/ast.h"

struct shell;
struct tool;

/* The commands from `first` on, each reading what the one before writes: the exit status. A single
 * one: a subshell. */
int run_pipeline(struct shell *sh, const struct node *first, const char *text);
/* `&` */
int run_background(struct shell *sh, const struct node *n);
/* $(...): what it prints is added to `out`. */
int run_captured(struct shell *sh, const struct node *body, struct strbuf *out);
/* A tool, in this process or in a child of its own. */
int run_tool(struct shell *sh, const struct tool *tool, int argc, char **argv);

/* inline.c */
int inline_pipeline(struct shell *sh, const struct node *first);
int inline_background(struct shell *sh, const struct node *n);
int inline_captured(struct shell *sh, const struct node *body, struct strbuf *out);
int inline_tool(struct shell *sh, const struct tool *tool, int argc, char **argv);

/* process.c */
int process_pipeline(struct shell *sh, const struct node *first, const char *text);
int process_background(struct shell *sh, const struct node *n);
int process_captured(struct shell *sh, const struct node *body, struct strbuf *out);
int process_tool(struct shell *sh, const struct tool *tool, int argc, char **argv);

#endif
