/* The files that commands name. A tool of its own has the host's; in vnet's shell and in a replay
 * they are kept apart from the host: in a private store, or below one folder that the user allows.
 */
#ifndef VNET_CMD_FILES_H
#define VNET_CMD_FILES_H

#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/reader.h"

struct files;

/* A private store: a folder of mode 0700 in the system's temporary folder, made at the first use
 * and removed by files_free() in the process that called this. Shared with forked children once
 * files_ready() has made it. allowed: a folder of the host whose files can be reached by their own
 * names (NULL: none); it is the current folder, then. NULL and errno: `allowed` cannot be opened.
 */
struct files *files_new(const char *allowed, const char *tmp);
void files_free(struct files *f);
/* From now on no file of the store is opened for writing when they hold `most` bytes, or are 1000:
 * -ENOSPC. */
void files_limit(struct files *f, size_t most);
/* Make the store's folder now: 0 or -errno. */
int files_ready(struct files *f);

/* f NULL: the host's files. flags as of open(2): a file descriptor (close-on-exec) or -errno. */
int files_open(struct files *f, const char *name, int flags);
int files_remove(struct files *f, const char *name);
/* Every file of the store, and of the current folder where it is the host's, by its absolute name,
 * in no order. */
void files_list(struct files *f, void (*each)(const char *name, void *arg), void *arg);
/* The absolute name of a file, without ".", ".." and empty parts; owned by the caller. */
char *files_absolute(const struct files *f, const char *name);
/* The current folder, and another one: 0, or -ENOENT, -ENOTDIR. */
const char *files_folder(const struct files *f);
int files_change_folder(struct files *f, const char *name);

/* For tools. "-" is standard input. A stream to be closed by cmd_fclose(), or NULL and errno. */
FILE *cmd_fopen(struct cmd_env *env, const char *name);
void cmd_fclose(FILE *f);
/* A file to be read, "-", /dev/stdin and emulated files below /proc included: 0 or -errno.
 * Close it with reader_release(). */
int cmd_open_reader(struct cmd_env *env, const char *name, struct reader *in);
/* A file of the host, whole, or standard input ("-"), appended to `text`: 0, -EFBIG above `most`
 * bytes, or another -errno. */
int cmd_read_host_file(const char *name, size_t most, struct strbuf *text);
/* What of a file's name stands behind "/proc/sys/"; NULL: it is not there. */
const char *cmd_sysctl_path(const char *name);
/* The same, behind "/proc/net/". */
const char *cmd_proc_net_name(const char *name);
/* What was written to such a file, at its end: 0 or -errno. No text, no change. */
int cmd_write_sysctl(struct cmd_env *env, const char *path, const struct strbuf *text);
/* Add a name with its separators exchanged: "net/ipv4/conf/eth0.5/x" is "net.ipv4.conf.eth0/5.x",
 * and back. */
void cmd_sysctl_exchange(struct strbuf *out, const char *name);

#endif
