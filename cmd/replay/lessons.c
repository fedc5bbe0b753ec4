#include "cmd/replay/lessons.h"

#include <string.h>

#include "cmd/options.h"
#include "cmd/replay/replay.h"

enum { EXIT_UNUSABLE = 2 };

enum { OPT_PRINT = 1 };
static const struct long_option longs[] = {{"print", 0, OPT_PRINT}, {NULL, 0, 0}};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Usage: vnet lesson [--print] [NAME]\n");
    return EXIT_UNUSABLE;
}

static int list(struct cmd_env *env)
{
    for (const struct lesson_text *l = lesson_texts; l->name; l++)
        sink_printf(env->out, "%-10s %s\n", l->name, l->title);
    sink_puts(env->out, "\nvnet lesson NAME takes one.\n");
    return 0;
}

static int take(struct cmd_env *env, const char *name, bool print)
{
    for (const struct lesson_text *l = lesson_texts; l->name; l++) {
        if (strcmp(l->name, name) != 0)
            continue;
        if (!print)
            return replay_lesson(env, l->name, l->text);
        sink_puts(env->out, l->text);
        return 0;
    }
    sink_printf(env->err, "vnet: there is no lesson %s; vnet lesson lists them\n", name);
    return EXIT_UNUSABLE;
}

static int complete(struct cmd_env *env)
{
    for (const struct lesson_text *l = lesson_texts; l->name; l++)
        complete_offer(env->complete, l->name);
    return 0;
}

int lesson_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    bool print = false, ok = true;
    options_init(&o, argc, argv, "", longs, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    for (int c; ok && (c = options_next(&o)) != -1;) {
        print |= c == OPT_PRINT;
        ok = c != '?';
    }
    int status = !ok || o.noperands > 1 ? usage(env)
                 : env->complete        ? complete(env)
                 : o.noperands == 1     ? take(env, o.operands[0], print)
                 : print                ? usage(env)
                                        : list(env);
    options_release(&o);
    return status;
}
