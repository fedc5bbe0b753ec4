/* uname (coreutils 9.1) */
#include <stdio.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/options.h"
#include "cmd/vnet/vnet.h"

/* In the order in which they are printed; -a leaves out those that are unknown. */
static const char letters[] = "snrvmpio";
enum { ALL = (1 << 5) - 1 + (1 << 7), DEFAULT = 1 };

static const struct long_option longs[] = {
    {"kernel-name", 0, 's'},
    {"nodename", 0, 'n'},
    {"kernel-release", 0, 'r'},
    {"kernel-version", 0, 'v'},
    {"machine", 0, 'm'},
    {"processor", 0, 'p'},
    {"all", 0, 'a'},
    {"hardware-platform", 0, 'i'},
    {"operating-system", 0, 'o'},
    {NULL, 0, 0},
};

/* The set of asked fields, -1 after a message. */
static int parse(struct cmd_env *env, struct options *o)
{
    int set = 0;
    for (int c; (c = options_next(o)) != -1;) {
        if (c == '?') {
            sink_puts(env->err, "Try 'uname --help' for more information.\n");
            return -1;
        }
        for (int i = 0; letters[i]; i++)
            set |= c == letters[i] ? 1 << i : 0;
        set |= c == 'a' ? ALL : 0;
    }
    if (o->noperands == 0)
        return set ? set : DEFAULT;
    sink_printf(env->err, "uname: extra operand '%s'\nTry 'uname --help' for more information.\n",
                o->operands[0]);
    return -1;
}

int uname_main(struct cmd_env *env, int argc, char **argv)
{
    char release[32];
    static const char version[] = "#1 vnet " VNET_VERSION;
    const char *const fields[] = {"Linux",  MACHINE_NAME, release,   version,
                                  "x86_64", "unknown",    "unknown", "GNU/Linux"};
    struct options o;
    options_init(&o, argc, argv, "asnrvmpio", longs, env->err);
    int set = parse(env, &o);
    options_release(&o);
    if (set < 0)
        return 1;
    machine_release(env, release, sizeof(release));
    const char *blank = "";
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (!(set & 1 << i))
            continue;
        sink_printf(env->out, "%s%s", blank, fields[i]);
        blank = " ";
    }
    sink_puts(env->out, "\n");
    return 0;
}
