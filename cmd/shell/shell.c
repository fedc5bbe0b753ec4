#include "cmd/shell/shell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/state.h"

/* ---- messages ---- */

void shell_say(struct shell *sh, int fd, const char *text)
{
    struct stream *s = sh->io.at[fd];
    if (s && s->fd >= 0) {
        struct sink sink;
        sink_init_fd(&sink, s->fd);
        sink_puts(&sink, text);
        sink_release(&sink);
    } else if (s && s->sink) {
        sink_puts(s->sink, text);
    } else if (s) {
        strbuf_adds(&s->collected, text);
    }
}

void shell_complain(struct shell *sh, const char *fmt, ...)
{
    struct strbuf text = STRBUF_INIT;
    va_list ap;
    strbuf_adds(&text, sh->opts.name);
    if (!sh->opts.interactive && sh->opts.processes)
        strbuf_addf(&text, ": line %d", sh->line);
    strbuf_adds(&text, ": ");
    va_start(ap, fmt);
    strbuf_vaddf(&text, fmt, ap);
    va_end(ap);
    strbuf_addc(&text, '\n');
    shell_say(sh, 2, text.data);
    strbuf_release(&text);
}

void shell_refused(struct shell *sh, int error, const char *why)
{
    if (sh->refused)
        return;
    sh->refused = error;
    vnet_err(&sh->refusal, -error, "%s", why);
}

int shell_unsupported(struct shell *sh, const char *fmt, ...)
{
    struct strbuf text = STRBUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    strbuf_vaddf(&text, fmt, ap);
    va_end(ap);
    shell_refused(sh, -ENOTSUP, text.data);
    sh->refusals++;
    shell_say(sh, 2, "vnet: ");
    strbuf_addc(&text, '\n');
    shell_say(sh, 2, text.data);
    strbuf_release(&text);
    return 2;
}

/* ---- life ---- */

static void set_streams(struct shell *sh)
{
    const struct cmd_env *env = sh->opts.env;
    if (sh->opts.processes) {
        for (int fd = 0; fd < 3; fd++)
            io_set(&sh->io, fd, stream_fd(fd));
        return;
    }
    io_set(&sh->io, 0, sh->opts.own_input ? stream_fd(0) : stream_text(NULL, 0));
    io_set(&sh->io, 1, stream_sink(env->out));
    io_set(&sh->io, 2, stream_sink(env->err));
}

struct shell *shell_new(const struct shell_opts *opts)
{
    struct shell *sh = mem_alloc(sizeof(*sh));
    sh->opts = *opts;
    sh->pid = opts->processes ? getpid() : 1;
    sh->vars.environment = opts->env->getenv;
    set_streams(sh);
    if (!opts->processes)
        sh->tasks = tasks_new(sh);
    if (opts->most_output && !opts->processes)
        opts->env->out->limit = opts->env->err->limit = opts->most_output;
    vars_set(&sh->vars, "IFS", " \t\n");
    if (opts->env->files)
        vars_set(&sh->vars, "PWD", files_folder(opts->env->files));
    return sh;
}

void shell_free(struct shell *sh)
{
    if (!sh)
        return;
    if (sh->tasks && !sh->subshell)
        tasks_free(sh->tasks);
    nested_release(sh);
    locals_restore(sh, -1);
    free(sh->locals.list);
    io_release(&sh->io);
    vars_release(&sh->vars);
    functions_release(&sh->functions);
    vars_release(&sh->aliases);
    traps_release(&sh->traps);
    words_release(&sh->args);
    jobs_release(&sh->jobs);
    free(sh);
}

struct shell *shell_copy(const struct shell *sh)
{
    struct shell *copy = mem_alloc(sizeof(*copy));
    *copy = *sh;
    copy->subshell = true;
    copy->nested = (struct nested){NULL, 0, 0, NULL};
    copy->refused = 0;
    copy->jobs = (struct jobs){0};
    io_copy(&copy->io, &sh->io);
    vars_copy(&copy->vars, &sh->vars);
    words_copy(&copy->args, sh->args.v, sh->args.n);
    vars_copy(&copy->aliases, &sh->aliases);
    copy->traps = (struct traps){{NULL}};
    copy->locals = (struct locals){NULL, 0, 0};
    copy->functions = (struct functions){NULL, 0, 0};
    for (size_t i = 0; i < sh->functions.n; i++) {
        const struct function *f = &sh->functions.list[i];
        ARRAY_GROW(copy->functions.list, copy->functions.n, copy->functions.cap);
        copy->functions.list[copy->functions.n++] =
            (struct function){mem_strdup(f->name), program_ref(f->program), f->body};
    }
    return copy;
}

void shell_set_arguments(struct shell *sh, char *const *argv, int n)
{
    words_release(&sh->args);
    words_copy(&sh->args, argv, (size_t)n);
}

/* ---- running ---- */

int shell_check(const char *text, struct vnet_err *err)
{
    size_t len = strlen(text), used;
    int line = 1, rc = 0;
    while (len && rc == 0) {
        struct program *p = NULL;
        rc = program_parse(text, len, false, NULL, &line, &used, &p, err);
        program_unref(p);
        if (rc == 0) {
            text += used;
            len -= used;
        }
    }
    return rc;
}

int shell_run(struct shell *sh, const char *text, struct vnet_err *err)
{
    sh->refused = 0;
    if (!sh->opts.processes) {
        *tasks_commands(sh->tasks) = 0;
        sh->unwind = UNWIND_NONE; /* there is always another line */
    }
    int status = exec_text(sh, text, strlen(text), 1);
    if (sh->unwind == UNWIND_EXIT)
        status = traps_on_exit(sh, status);
    if (sh->refused)
        return vnet_err(err, -sh->refused, "%s", sh->refusal.msg);
    return status;
}

bool shell_busy(const struct shell *sh)
{
    return sh->tasks && tasks_busy(sh->tasks);
}

int shell_status(const struct shell *sh)
{
    return sh->status;
}

bool shell_exited(const struct shell *sh)
{
    return sh->unwind == UNWIND_EXIT;
}
