/* sysctl(8) of procps-ng 4.0.2 over the emulated /proc/sys. */
#ifndef VNET_CMD_SYSCTL_SYSCTL_H
#define VNET_CMD_SYSCTL_SYSCTL_H

#include <regex.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "cmd/cmd.h"

struct sysctl_run {
    struct cmd_env *env;
    const char *name; /* argv[0] */
    struct netns *ns;
    bool ignore_errors, names_only, no_name, no_newline, quiet, write, all, deprecated, dry_run;
    const char *load;    /* -p: the file, NULL: not given */
    const char *pattern; /* NULL: none */
    bool pattern_ok;     /* it compiled; one that does not matches nothing */
    regex_t re;
};

int sysctl_main(struct cmd_env *env, int argc, char **argv);

/* sysctl/key.c: what a user wrote to a path, and back */

/* Exchange separators: dots for slashes and slashes for dots, unless key is in the form of `to`
 * already. Complains of repeated separators. */
void sysctl_swap(const struct sysctl_run *r, struct strbuf *key, char from, char to);
/* What stat(2) of /proc/sys/KEY says: 0 a file, 1 a folder, -ENOENT, -ENOTDIR; -EXDEV: a path that
 * leaves /proc/sys. *path: below /proc/sys, without ".", ".." and repeated slashes. */
int sysctl_stat(const struct sysctl_run *r, const char *key, struct strbuf *path);
/* "sysctl: ..." and a newline on standard error. */
void sysctl_warn(const struct sysctl_run *r, const char *fmt, ...) VNET_PRINTF(2, 3);
bool sysctl_matches(const struct sysctl_run *r, const char *text);

/* sysctl/read.c, sysctl/write.c: one operand. The exit status to add; -1: as the real one's. */
int sysctl_read(const struct sysctl_run *r, const char *key);
int sysctl_read_all(const struct sysctl_run *r);
int sysctl_write(const struct sysctl_run *r, const char *assignment);
/* Is there anything to set in a line? Complains of one that makes no sense, found at `where`. */
bool sysctl_is_setting(const struct sysctl_run *r, const char *line, const char *where);

/* sysctl/load.c: the settings of files ("-": standard input): the exit status. first: one more, may
 * be NULL. */
int sysctl_load(const struct sysctl_run *r, const char *first, char *const *files, int n);

#endif
