/* The shell's builtins, by subject. Private to cmd/shell. */
#ifndef VNET_CMD_SHELL_BUILTINS_H
#define VNET_CMD_SHELL_BUILTINS_H

#include "cmd/shell/command.h"

/* builtin_flow.c */
int builtin_break(struct call *c);
int builtin_colon(struct call *c);
int builtin_command(struct call *c);
int builtin_continue(struct call *c);
int builtin_dot(struct call *c);
int builtin_eval(struct call *c);
int builtin_exec(struct call *c);
int builtin_exit(struct call *c);
int builtin_false(struct call *c);
int builtin_return(struct call *c);
int builtin_shift(struct call *c);
int builtin_sudo(struct call *c);
int builtin_su(struct call *c);
int builtin_shell(struct call *c);
int builtin_vnet(struct call *c);

/* alias.c, traps.c, builtin_getopts.c */
int builtin_alias(struct call *c);
int builtin_getopts(struct call *c);
int builtin_trap(struct call *c);
int builtin_unalias(struct call *c);

/* builtin_vars.c */
int builtin_local(struct call *c);
int builtin_export(struct call *c);
int builtin_read(struct call *c);
int builtin_readonly(struct call *c);
int builtin_set(struct call *c);
int builtin_unset(struct call *c);

/* builtin_text.c */
int builtin_echo(struct call *c);
int builtin_printf(struct call *c);

/* builtin_test.c */
int builtin_test(struct call *c);

/* builtin_files.c */
int builtin_cd(struct call *c);
int builtin_ls(struct call *c);
int builtin_pwd(struct call *c);
int builtin_rm(struct call *c);

/* builtin_jobs.c */
int builtin_bg(struct call *c);
int builtin_fg(struct call *c);
int builtin_jobs(struct call *c);
int builtin_kill(struct call *c);
int builtin_wait(struct call *c);

/* builtin_help.c */
int builtin_help(struct call *c);
int builtin_history(struct call *c);
int builtin_type(struct call *c);

#endif
