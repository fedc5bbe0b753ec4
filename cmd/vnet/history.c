#include "cmd/vnet/history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/options.h"
#include "vnet_history.h"

static const struct long_option no_longs[] = {{NULL, 0, 0}};

/* ---- the list ---- */

struct entry {
    uint64_t number;
    bool undone;
    char *command; /* owned; NULL: not known */
};

struct entries {
    struct entry *v; /* owned */
    size_t n, cap;
};

static void add_entry(const struct vnet_step *step, void *arg)
{
    struct entries *list = arg;
    ARRAY_GROW(list->v, list->n, list->cap);
    list->v[list->n++] = (struct entry){step->number, step->undone, mem_strdup(step->command)};
}

static void release_entries(struct entries *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i].command);
    free(list->v);
}

static const char *words_of(const struct entry *e)
{
    return e->command ? e->command : "(a command that is not known)";
}

static int complain(struct cmd_env *env, const struct vnet_err *err)
{
    sink_printf(env->err, "vnet: %s\n", err->msg);
    return 1;
}

int history_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    struct entries list = {0};
    struct vnet_err err = {""};
    options_init(&o, argc, argv, "", no_longs, env->err);
    o.complete = env->complete;
    bool ok = options_next(&o) == -1 && o.noperands == 0;
    options_release(&o);
    if (!ok) {
        sink_puts(env->err, "Usage: vnet history\n");
        return 2;
    }
    int rc = vnet_session_history(env->session, add_entry, &list, &err);
    for (size_t i = 0; i < list.n; i++)
        sink_printf(env->out, "%5" PRIu64 "  %s%s\n", list.v[i].number + 1, words_of(&list.v[i]),
                    list.v[i].undone ? "  (undone)" : "");
    release_entries(&list);
    return rc < 0 ? complain(env, &err) : 0;
}

/* ---- there and back ---- */

static bool read_count(const char *word, int64_t *n)
{
    size_t len = strlen(word);
    if (len < 1 || len > 6 || word[strspn(word, "0123456789")])
        return false;
    *n = strtol(word, NULL, 10);
    return *n > 0;
}

/* Say which, the first of them first taken back, or done again. */
static void tell(struct cmd_env *env, const struct entries *list, int64_t n)
{
    size_t at = 0;
    while (at < list->n && !list->v[at].undone)
        at++;
    for (; n > 0 && at > 0; n--)
        sink_printf(env->out, "undone: %s\n", words_of(&list->v[--at]));
    for (; n < 0 && at < list->n; n++)
        sink_printf(env->out, "done again: %s\n", words_of(&list->v[at++]));
}

static int go(struct cmd_env *env, int64_t n)
{
    struct vnet_err err = {""};
    struct entries list = {0};
    int rc = vnet_session_history(env->session, add_entry, &list, &err);
    if (rc == 0)
        rc = vnet_session_undo(env->session, n, &err);
    if (rc == 0)
        tell(env, &list, n);
    release_entries(&list);
    return rc < 0 ? complain(env, &err) : 0;
}

static int move_main(struct cmd_env *env, int argc, char **argv, int sign)
{
    struct options o;
    int64_t n = 1;
    options_init(&o, argc, argv, "", no_longs, env->err);
    o.complete = env->complete;
    bool ok = options_next(&o) == -1 && o.noperands < 2 &&
              (o.noperands == 0 || read_count(o.operands[0], &n));
    options_release(&o);
    if (ok)
        return go(env, sign * n);
    if (!env->complete)
        sink_printf(env->err, "Usage: vnet %s [N]\n", argv[0]);
    return 2;
}

int undo_main(struct cmd_env *env, int argc, char **argv)
{
    return move_main(env, argc, argv, 1);
}

int redo_main(struct cmd_env *env, int argc, char **argv)
{
    return move_main(env, argc, argv, -1);
}
