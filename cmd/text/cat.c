/* cat and tee. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/text/text.h"

struct cat {
    struct cmd_env *env;
    bool number;
    unsigned line;
    bool at_start; /* of a line */
};

static bool copy_line(const char *line, size_t len, void *arg)
{
    struct cat *c = arg;
    if (c->number && c->at_start)
        sink_printf(c->env->out, "%6u\t", ++c->line);
    sink_write(c->env->out, line, len);
    c->at_start = line[len - 1] == '\n';
    return !c->env->out->error;
}

/* A file that is appended to itself has no end: refused, unless all of it is read. */
static bool reads_its_output(const struct cmd_env *env, const struct reader *in)
{
    off_t size;
    int fd = text_output_fd(env, in, &size);
    return fd >= 0 && lseek(fd, 0, SEEK_CUR) < size;
}

static int copy_file(struct cat *c, const char *file)
{
    struct reader in;
    int rc = cmd_open_reader(c->env, file, &in);
    if (rc < 0)
        return text_fail(c->env, "cat", file, rc);
    if (reads_its_output(c->env, &in)) {
        sink_printf(c->env->err, "cat: %s: input file is output file\n", file);
        reader_release(&in);
        return 1;
    }
    return text_read_lines(c->env, "cat", file, &in, copy_line, c);
}

int cat_main(struct cmd_env *env, int argc, char **argv)
{
    struct cat c = {.env = env, .at_start = true};
    struct options o;
    int option;
    options_init(&o, argc, argv, "nu", NULL, env->err);
    while ((option = options_next(&o)) != -1) {
        if (option == '?') {
            options_release(&o);
            return text_usage(env, "cat", 1);
        }
        c.number |= option == 'n';
    }
    if (env->out->fd >= 0)
        env->out->line_buffered = true; /* cat hands on what it reads at once */
    int status = o.noperands ? 0 : copy_file(&c, "-");
    for (int i = 0; i < o.noperands; i++)
        status |= copy_file(&c, o.operands[i]);
    options_release(&o);
    return status;
}

/* ---- tee ---- */

struct target {
    const char *name;
    const char *sysctl; /* the path below /proc/sys, NULL: a file */
    struct sink sink;
};

struct tee {
    struct cmd_env *env;
    struct target *targets;
    int n;
};

static bool tee_line(const char *line, size_t len, void *arg)
{
    struct tee *t = arg;
    sink_write(t->env->out, line, len);
    for (int i = 0; i < t->n; i++)
        sink_write(&t->targets[i].sink, line, len);
    return true;
}

static int open_target(struct tee *t, const char *name, int flags)
{
    struct target *to = &t->targets[t->n];
    struct reader in;
    int rc;
    *to = (struct target){.name = name};
    if (t->env->files && cmd_sysctl_path(name)) {
        rc = cmd_open_reader(t->env, name, &in);
        if (rc == 0)
            reader_release(&in);
        if (rc < 0 && rc != -EACCES)
            return text_fail(t->env, "tee", name, rc);
        to->sysctl = cmd_sysctl_path(name);
        sink_init_mem(&to->sink);
        to->sink.limit = 65536;
    } else {
        rc = files_open(t->env->files, name, flags);
        if (rc < 0)
            return text_fail(t->env, "tee", name, rc);
        sink_init_fd(&to->sink, rc);
        to->sink.limit = t->env->out->limit;
    }
    t->n++;
    return 0;
}

static int close_target(struct tee *t, struct target *to)
{
    int fd = to->sink.fd, rc = 0;
    if (to->sysctl)
        rc = cmd_write_sysctl(t->env, to->sysctl, &to->sink.buf);
    int written = sink_release(&to->sink);
    if (fd >= 0)
        close(fd);
    rc = rc ? rc : written;
    return rc < 0 ? text_fail(t->env, "tee", to->name, rc) : 0;
}

int tee_main(struct cmd_env *env, int argc, char **argv)
{
    struct tee t = {.env = env};
    struct options o;
    int option, status = 0, flags = O_WRONLY | O_CREAT | O_TRUNC;
    options_init(&o, argc, argv, "ai", NULL, env->err);
    while ((option = options_next(&o)) != -1) {
        if (option == '?') {
            options_release(&o);
            return text_usage(env, "tee", 1);
        }
        if (option == 'a')
            flags = O_WRONLY | O_CREAT | O_APPEND;
    }
    t.targets = mem_calloc((size_t)o.noperands + 1, sizeof(*t.targets));
    for (int i = 0; i < o.noperands; i++)
        status |= open_target(&t, o.operands[i], flags);
    if (env->out->fd >= 0)
        env->out->line_buffered = true;
    status |= text_each_line(env, "tee", "-", tee_line, &t);
    for (int i = 0; i < t.n; i++)
        status |= close_target(&t, &t.targets[i]);
    free(t.targets);
    options_release(&o);
    return status;
}
