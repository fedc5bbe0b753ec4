/* What tools read: standard input, files, emulated files; and what they write to emulated files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/files.h"
#include "vnet_proc.h"
#include "vnet_sysctl.h"

void cmd_sysctl_exchange(struct strbuf *out, const char *name)
{
    for (; *name; name++)
        strbuf_addc(out, *name == '/' ? '.' : *name == '.' ? '/' : *name);
}

const char *cmd_sysctl_path(const char *name)
{
    static const char proc_sys[] = "/proc/sys/";
    size_t n = sizeof(proc_sys) - 1;
    return strncmp(name, proc_sys, n) == 0 ? name + n : NULL;
}

static bool is_standard_input(const char *name)
{
    return strcmp(name, "-") == 0 || strcmp(name, "/dev/stdin") == 0;
}

/* A stream on what is left of a source; text is spooled, since not every stdio reads from memory
 * of no length. */
static FILE *stream_of(struct reader *in)
{
    char block[4096];
    ssize_t n;
    if (in->fd >= 0 && in->at >= in->len) {
        int fd = fcntl(in->fd, F_DUPFD_CLOEXEC, 3);
        return fd < 0 ? NULL : fdopen(fd, "rb");
    }
    FILE *f = tmpfile();
    while (f && (n = reader_read(in, block, sizeof(block))) > 0)
        fwrite(block, 1, (size_t)n, f);
    if (f)
        rewind(f);
    return f;
}

static struct reader *innermost(struct reader *in)
{
    while (in->shared)
        in = in->shared;
    return in;
}

FILE *cmd_fopen(struct cmd_env *env, const char *name)
{
    if (is_standard_input(name) && (strcmp(name, "-") == 0 || env->files))
        return env->in ? stream_of(innermost(env->in)) : stdin;
    int fd = files_open(env->files, name, O_RDONLY);
    if (fd >= 0)
        return fdopen(fd, "rb");
    errno = -fd;
    return NULL;
}

void cmd_fclose(FILE *f)
{
    if (f != stdin)
        fclose(f);
}

const char *cmd_proc_net_name(const char *name)
{
    static const char *const folders[] = {"/proc/net/", "/proc/self/net/", NULL};
    for (size_t i = 0; folders[i]; i++)
        if (strncmp(name, folders[i], strlen(folders[i])) == 0)
            return name + strlen(folders[i]);
    return NULL;
}

static int sysctl_text(struct netns *ns, const char *path, struct strbuf *text)
{
    int rc = vnet_sysctl_get(ns, path, text);
    if (rc == 0)
        strbuf_addc(text, '\n');
    return rc;
}

/* A file of the world, below /proc. */
static int open_emulated(struct cmd_env *env, const char *name, struct reader *in)
{
    struct vnet *w;
    struct netns *ns;
    struct strbuf text = STRBUF_INIT;
    if (cmd_begin(env, &w, &ns) < 0)
        return -EIO;
    const char *net = cmd_proc_net_name(name);
    int rc = net ? vnet_proc_net(ns, net, &text) : sysctl_text(ns, cmd_sysctl_path(name), &text);
    cmd_abort(env);
    if (rc < 0) {
        strbuf_release(&text);
        return rc;
    }
    size_t len = text.len;
    reader_init_text(in, strbuf_detach(&text), len);
    return 0;
}

int cmd_open_reader(struct cmd_env *env, const char *name, struct reader *in)
{
    if (is_standard_input(name)) {
        if (env->in)
            reader_init_shared(in, env->in);
        else
            reader_init_fd(in, STDIN_FILENO, false);
        in->interrupted = env->interrupted;
        return 0;
    }
    if (env->files && (cmd_sysctl_path(name) || cmd_proc_net_name(name)))
        return open_emulated(env, name, in);
    int fd = files_open(env->files, name, O_RDONLY);
    if (fd < 0)
        return fd;
    reader_init_fd(in, fd, true);
    in->interrupted = env->interrupted;
    return 0;
}

int cmd_write_sysctl(struct cmd_env *env, const char *path, const struct strbuf *text)
{
    struct vnet *w;
    struct netns *ns;
    struct vnet_err err = {""};
    if (!text->len)
        return 0;
    if (cmd_begin(env, &w, &ns) < 0)
        return -EIO;
    int rc = vnet_sysctl_set(ns, path, text->data, &err);
    if (rc == 0)
        return cmd_commit(env);
    cmd_abort(env);
    return rc;
}

int cmd_read_host_file(const char *name, size_t most, struct strbuf *text)
{
    char block[65536];
    size_t n;
    FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (!f)
        return -errno;
    while (text->len <= most && (n = fread(block, 1, sizeof(block), f)) > 0)
        strbuf_add(text, block, n);
    int failed = ferror(f) ? (errno ? errno : EIO) : text->len > most ? EFBIG : 0;
    if (f != stdin)
        fclose(f);
    return -failed;
}
