/* modprobe, lsmod (kmod 30): what vnet emulates is built into its kernel, no other module is there.
 */
#include <string.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/options.h"
#include "vnet_link.h"

/* Modules that are no link kind; '-' and '_' are the same in names. */
static const char *const built_in[] = {"8021q", "can", "can_raw", "can_dev", "ipv6", "llc", "stp"};

static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b)))
            return false;
    return *a == *b;
}

static bool is_built_in(const char *name)
{
    const char *kind;
    for (size_t i = 0; (kind = vnet_link_kind(i)); i++)
        if (strcmp(kind, "vlan") != 0 && same_name(name, kind))
            return true;
    for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
        if (same_name(name, built_in[i]))
            return true;
    return false;
}

struct modprobe {
    bool remove, all;
    char release[32];
};

/* One name; the exit status. */
static int probe(struct cmd_env *env, const struct modprobe *m, const char *name)
{
    bool there = is_built_in(name);
    if (there && !m->remove)
        return 0;
    if (there)
        sink_printf(env->err, "modprobe: FATAL: Module %s is builtin.\n", name);
    else if (m->remove)
        sink_printf(env->err, "modprobe: FATAL: Module %s not found.\n", name);
    else
        sink_printf(env->err, "modprobe: %s: Module %s not found in directory /lib/modules/%s\n",
                    m->all ? "WARNING" : "FATAL", name, m->release);
    return 1;
}

static const struct long_option longs[] = {
    {"all", 0, 'a'}, {"remove", 0, 'r'}, {"verbose", 0, 'v'}, {"quiet", 0, 'q'}, {NULL, 0, 0},
};

/* Without -a and -r the words behind the first are parameters of the module. */
static int probe_operands(struct cmd_env *env, const struct modprobe *m, const struct options *o)
{
    int n = m->all || m->remove ? o->noperands : 1, status = 0;
    for (int i = 0; i < n && !(status && m->remove); i++)
        status |= probe(env, m, o->operands[i]);
    return status;
}

int modprobe_main(struct cmd_env *env, int argc, char **argv)
{
    struct modprobe m = {false, false, ""};
    struct options o;
    int status = 0;
    options_init(&o, argc, argv, "arvq", longs, env->err);
    for (int c; status == 0 && (c = options_next(&o)) != -1;) {
        if (c == '?')
            status = machine_usage(env, argv[0], 1);
        m.all |= c == 'a';
        m.remove |= c == 'r';
    }
    if (status == 0 && o.noperands == 0) {
        sink_puts(env->err, "modprobe: ERROR: missing parameters. See -h.\n");
        status = 1;
    }
    machine_release(env, m.release, sizeof(m.release));
    if (status == 0)
        status = probe_operands(env, &m, &o);
    options_release(&o);
    return status;
}

int lsmod_main(struct cmd_env *env, int argc, char **argv)
{
    if (argc > 1)
        return machine_usage(env, argv[0], 1);
    sink_puts(env->out, "Module                  Size  Used by\n");
    return 0;
}
