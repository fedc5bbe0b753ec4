/* Filters for the shell: what tutorials pipe into. They behave as GNU's and grep's do in the
 * options that they have; any other is refused. */
#ifndef VNET_CMD_TEXT_TEXT_H
#define VNET_CMD_TEXT_TEXT_H

#include "cmd/cmd.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/reader.h"

extern const struct tool text_tools[]; /* ended by name NULL */
const struct tool *text_tool_find(const char *name);

int cat_main(struct cmd_env *env, int argc, char **argv);
int cut_main(struct cmd_env *env, int argc, char **argv);
int grep_main(struct cmd_env *env, int argc, char **argv);
int head_main(struct cmd_env *env, int argc, char **argv);
int sed_main(struct cmd_env *env, int argc, char **argv);
int seq_main(struct cmd_env *env, int argc, char **argv);
int sort_main(struct cmd_env *env, int argc, char **argv);
int tail_main(struct cmd_env *env, int argc, char **argv);
int tee_main(struct cmd_env *env, int argc, char **argv);
int tr_main(struct cmd_env *env, int argc, char **argv);
int uniq_main(struct cmd_env *env, int argc, char **argv);
int wc_main(struct cmd_env *env, int argc, char **argv);

/* ---- for the filters ---- */

/* "NAME: FILE: reason" on standard error; returns 1. An interruption is not told: 128 + signal. */
int text_fail(struct cmd_env *env, const char *name, const char *file, int error);
/* After options_next() returned '?': says so once more, as vnet; returns `status`. */
int text_usage(struct cmd_env *env, const char *name, int status);

/* What one input gives: called for each line, with its newline (the last may have none). Returns
 * true to go on. */
typedef bool text_line_fn(const char *line, size_t len, void *arg);
/* Each line of a file ("-": standard input): 0, or the exit status after a message. */
int text_each_line(struct cmd_env *env, const char *name, const char *file, text_line_fn *each,
                   void *arg);
/* Likewise of an open one, which is released. */
int text_read_lines(struct cmd_env *env, const char *name, const char *file, struct reader *in,
                    text_line_fn *each, void *arg);
/* Where the input is the very file that standard output goes to: its descriptor and size; else -1.
 */
int text_output_fd(const struct cmd_env *env, const struct reader *in, off_t *size);
/* Each line of all operands, of standard input if there are none. The last status that is not 0. */
int text_all_lines(struct cmd_env *env, const char *name, const struct options *o,
                   text_line_fn *each, void *arg);
/* A number without a sign, at most `most`. */
bool text_number(const char *word, unsigned long most, unsigned long *n);

struct text_lines {
    struct text_line {
        char *text; /* without the newline */
        size_t len;
    } * v;
    size_t n, cap;
    bool cut; /* the last had no newline */
};
/* A text_line_fn with a struct text_lines. */
bool text_collect(const char *line, size_t len, void *arg);
void text_lines_release(struct text_lines *lines);

#endif
