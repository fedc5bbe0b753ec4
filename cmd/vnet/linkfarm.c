/* The private folder of links to vnet that `vnet activate` puts on PATH. */
#define _XOPEN_SOURCE 700 /* realpath(), S_ISVTX */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/vnet/activate.h"

/* Can nobody but us and root rename what we make in `dir`? */
static bool folder_is_safe(const char *dir)
{
    struct stat st;
    if (!dir || *dir != '/' || strchr(dir, ':') || stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
        return false;
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return false;
    return !(st.st_mode & (S_IWGRP | S_IWOTH)) || (st.st_mode & S_ISVTX);
}

static char *make_folder(struct cmd_env *env)
{
    const char *const places[] = {
        env->getenv ? env->getenv("XDG_RUNTIME_DIR") : NULL,
        env->getenv ? env->getenv("TMPDIR") : NULL,
        "/tmp",
    };
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        struct strbuf path = STRBUF_INIT;
        if (!folder_is_safe(places[i]))
            continue;
        strbuf_addf(&path, "%s/vnet-activate-XXXXXX", places[i]);
        if (mkdtemp(path.data))
            return strbuf_detach(&path);
        strbuf_release(&path);
    }
    sink_puts(env->err,
              "vnet: no folder for links: $XDG_RUNTIME_DIR, $TMPDIR or /tmp must be one that is "
              "writable, and in which nobody else can rename\n");
    return NULL;
}

/* The program by its path: as it was called, else as PATH has it (a shell gives the bare word).
 * Owned; NULL: it is not found. */
static char *find_program(const struct cmd_env *env)
{
    const char *name = env->program, *path = env->getenv ? env->getenv("PATH") : NULL;
    if (!name || strchr(name, '/'))
        return name ? realpath(name, NULL) : NULL;
    while (path && *path) {
        size_t n = strcspn(path, ":");
        struct strbuf file = STRBUF_INIT;
        strbuf_addf(&file, "%.*s/%s", n ? (int)n : 1, n ? path : ".", name);
        char *found = access(file.data, X_OK) == 0 ? realpath(file.data, NULL) : NULL;
        strbuf_release(&file);
        if (found)
            return found;
        path += n + (path[n] == ':');
    }
    return NULL;
}

static bool add_link(const char *program, const char *dir, const char *name)
{
    struct strbuf link = STRBUF_INIT;
    strbuf_addf(&link, "%s/%s", dir, name);
    bool ok = symlink(program, link.data) == 0;
    strbuf_release(&link);
    return ok;
}

static bool fill(const char *program, const char *dir)
{
    for (const struct tool *t = tools; t->name; t++)
        if (t->origin == TOOL_REAL && !add_link(program, dir, t->name))
            return false;
    for (size_t i = 0; guard_names[i]; i++)
        if (!tool_find(guard_names[i]) && !add_link(program, dir, guard_names[i]))
            return false;
    return add_link(program, dir, "vnet");
}

char *linkfarm_make(struct cmd_env *env)
{
    char *program = find_program(env), *dir = program ? make_folder(env) : NULL;
    if (!program)
        sink_printf(env->err, "vnet: cannot tell where the program is: call it by its path\n");
    if (dir && !fill(program, dir)) {
        sink_printf(env->err, "vnet: cannot make links in %s: %s\n", dir, cmd_strerror(errno));
        free(dir);
        dir = NULL;
    }
    free(program);
    return dir;
}
