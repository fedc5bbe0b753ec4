/* id, whoami (coreutils 9.1): root, as ever. */
#include <string.h>

#include "cmd/machine/machine.h"
#include "cmd/options.h"

static int extra_operand(struct cmd_env *env, const char *name, const char *word)
{
    sink_printf(env->err, "%s: extra operand '%s'\nTry '%s --help' for more information.\n", name,
                word, name);
    return 1;
}

int whoami_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    options_init(&o, argc, argv, "", NULL, env->err);
    int option = options_next(&o), status = 0;
    if (option != -1)
        status = machine_usage(env, argv[0], 1);
    else if (o.noperands)
        status = extra_operand(env, argv[0], o.operands[0]);
    else
        sink_puts(env->out, "root\n");
    options_release(&o);
    return status;
}

static const struct long_option longs[] = {
    {"user", 0, 'u'}, {"group", 0, 'g'}, {"groups", 0, 'G'}, {"name", 0, 'n'}, {NULL, 0, 0},
};

static int print_id(struct cmd_env *env, const char *name, char what, bool by_name)
{
    if (what) {
        sink_puts(env->out, by_name ? "root\n" : "0\n");
        return 0;
    }
    if (!by_name) {
        sink_puts(env->out, "uid=0(root) gid=0(root) groups=0(root)\n");
        return 0;
    }
    sink_printf(env->err, "%s: cannot print only names or real IDs in default format\n", name);
    return 1;
}

int id_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    char what = 0;
    bool by_name = false;
    int status = 0;
    options_init(&o, argc, argv, "ugGn", longs, env->err);
    for (int c; status == 0 && (c = options_next(&o)) != -1;) {
        if (c == '?')
            status = machine_usage(env, argv[0], 1);
        else if (c == 'n')
            by_name = true;
        else
            what = (char)c;
    }
    for (int i = 0; status == 0 && i < o.noperands; i++) {
        if (strcmp(o.operands[i], "root") == 0)
            continue;
        sink_printf(env->err, "%s: '%s': no such user\n", argv[0], o.operands[i]);
        status = 1;
    }
    if (status == 0)
        status = print_id(env, argv[0], what, by_name);
    options_release(&o);
    return status;
}
