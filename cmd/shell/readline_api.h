/* The part of GNU readline that the shell uses, opened when a person types: linked, it would make
 * every start of vnet slower. */
#ifndef VNET_CMD_SHELL_READLINE_API_H
#define VNET_CMD_SHELL_READLINE_API_H

#include <stdio.h>

typedef char *readline_entry_fn(const char *text, int state);
typedef char **readline_completion_fn(const char *text, int start, int end);
typedef int readline_getc_fn(FILE *);

typedef int readline_command_fn(int count, int key);

/* clang-format off */
/* Functions and variables as readline.h and history.h of readline 8 declare them; a Keymap is a
 * pointer. */
#define READLINE_FUNCTIONS(f)                                                             \
    f(char *, readline, (const char *prompt))                                             \
    f(void, add_history, (const char *line))                                              \
    f(int, rl_add_defun, (const char *name, readline_command_fn *run, int key))           \
    f(int, rl_bind_key_in_map, (int key, readline_command_fn *run, void *map))            \
    f(char **, rl_completion_matches, (const char *text, readline_entry_fn *generate))    \
    f(void *, rl_get_keymap_by_name, (const char *name))                                  \
    f(int, rl_insert, (int count, int key))                                               \
    f(int, rl_on_new_line, (void))                                                        \
    f(void, rl_redisplay, (void))                                                         \
    f(void, rl_resize_terminal, (void))

#define READLINE_VARIABLES(v)                                   \
    v(const char *, rl_readline_name)                           \
    v(char *, rl_line_buffer)                                   \
    v(int, rl_point)                                            \
    v(readline_completion_fn *, rl_attempted_completion_function) \
    v(int, rl_attempted_completion_over)                        \
    v(const char *, rl_completer_word_break_characters)         \
    v(readline_getc_fn *, rl_getc_function)                     \
    v(int, rl_catch_signals)
/* clang-format on */

struct readline_api {
    void *library; /* NULL: not open */
#define READLINE_FUNCTION(result, name, args) result(*name) args;
    READLINE_FUNCTIONS(READLINE_FUNCTION)
#undef READLINE_FUNCTION
#define READLINE_VARIABLE(type, name) type *name;
    READLINE_VARIABLES(READLINE_VARIABLE)
#undef READLINE_VARIABLE
};

/* 0, or -1: it is not there, or lacks something. It stays loaded: what it has allocated is never
 * freed, and would be lost without it. */
int readline_api_open(struct readline_api *api);

#endif
