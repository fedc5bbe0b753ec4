#include "cmd/shell/glob.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/state.h"
#include "vnet_sysctl.h"

struct glob {
    const char *pattern;
    const char *folder; /* what a relative pattern is relative to; NULL: the pattern is absolute */
    struct words found;
};

static void try_name(const char *name, void *arg)
{
    struct glob *g = arg;
    if (g->folder) {
        size_t n = strlen(g->folder);
        if (strncmp(name, g->folder, n) != 0 || name[n] != '/')
            return;
        name += n + 1;
    }
    if (fnmatch(g->pattern, name, FNM_PATHNAME | FNM_PERIOD) == 0)
        words_add(&g->found, mem_strdup(name));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every folder of a sysctl's path can be named, too: their patterns have fewer parts. */
static int try_sysctl(const char *path, bool readable, bool writable, void *arg)
{
    struct strbuf name = STRBUF_INIT;
    (void)readable;
    (void)writable;
    strbuf_addf(&name, "/proc/sys/%s", path);
    try_name(name.data, arg);
    strbuf_release(&name);
    return 0;
}

static void try_sysctls(struct shell *sh, struct glob *g)
{
    struct vnet *w;
    struct netns *ns;
    if (cmd_begin(sh->opts.env, &w, &ns) < 0)
        return;
    vnet_sysctl_list(ns, "", try_sysctl, g);
    cmd_abort(sh->opts.env);
}

bool glob_expand(struct shell *sh, const char *pattern, struct words *out)
{
    struct files *files = sh->opts.env->files;
    struct glob g = {.pattern = pattern};
    if (pattern[0] != '/' && files)
        g.folder = files_folder(files);
    if (files)
        files_list(files, try_name, &g);
    if (cmd_sysctl_path(pattern))
        try_sysctls(sh, &g);
    if (g.found.n)
        qsort(g.found.v, g.found.n, sizeof(*g.found.v), by_name);
    for (size_t i = 0; i < g.found.n; i++)
        words_add(out, mem_strdup(g.found.v[i]));
    bool any = g.found.n > 0;
    words_release(&g.found);
    return any;
}
