/* Programs of the shell's language: POSIX.1-2017's grammar (XCU 2.10). */
#ifndef VNET_CMD_SHELL_PARSER_H
#define VNET_CMD_SHELL_PARSER_H

#include <stddef.h>

#include "base/err.h"
#include "cmd/shell/arena.h"
#include "cmd/shell/ast.h"
#include "cmd/shell/vars.h"

struct program {
    unsigned refs;
    struct arena arena;
    const struct node *root; /* NULL: nothing but blanks and comments */
};

/* Parse the first complete command of text[0, len), which holds no 0: up to the newline that ends
 * it. *used: bytes taken (a blank line is a command that does nothing); *line counts lines, for
 * messages. final: nothing will follow the text. aliases: NULL: none. Returns 0 and *program with
 * one reference; -EINVAL: a syntax error, -EAGAIN: more is needed (*err says for what), -ENOTSUP:
 * something this shell does not do, named in *err. */
int program_parse(const char *text, size_t len, bool final, const struct vars *aliases, int *line,
                  size_t *used, struct program **program, struct vnet_err *err);
struct program *program_ref(struct program *p);
void program_unref(struct program *p); /* NULL: nothing */

/* Is it a variable's name? */
bool is_name(const char *s);

#endif
