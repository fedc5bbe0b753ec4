#include <errno.h>

#include "cmd/options.h"
#include "cmd/time/time.h"
#include "cmd/vnet/vnet.h"

enum { OPT_HELP = 1, OPT_VERSION };
static const struct long_option longs[] = {
    {"help", 0, OPT_HELP}, {"version", 0, OPT_VERSION}, {NULL, 0, 0}};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Try 'sleep --help' for more information.\n");
    return 1;
}

static int help(struct cmd_env *env)
{
    sink_puts(env->out,
              "Usage: sleep NUMBER[SUFFIX]...\n"
              "  or:  sleep OPTION\n"
              "Pause for NUMBER seconds.  SUFFIX may be 's' for seconds (the default),\n"
              "'m' for minutes, 'h' for hours or 'd' for days.  NUMBER need not be an\n"
              "integer.  Given two or more arguments, pause for the amount of time\n"
              "specified by the sum of their values.\n"
              "\n"
              "      --help        display this help and exit\n"
              "      --version     output version information and exit\n"
              "\n"
              "With vnet's virtual clock, the pause is one of the emulated world's time.\n");
    return 0;
}

/* The sum of the operands; all bad ones are named. */
static bool read_operands(struct cmd_env *env, const struct options *o, int64_t *ns)
{
    bool ok = true;
    if (o->noperands == 0) {
        sink_puts(env->err, "sleep: missing operand\n");
        return false;
    }
    *ns = 0;
    for (int i = 0; i < o->noperands; i++) {
        int64_t n = 0;
        if (!duration_parse(o->operands[i], &n)) {
            sink_printf(env->err, "sleep: invalid time interval '%s'\n", o->operands[i]);
            ok = false;
        }
        *ns = duration_add(*ns, n);
    }
    return ok;
}

static int report(struct cmd_env *env, const struct vnet_err *err)
{
    sink_printf(env->err, "vnet: %s\n", err->msg);
    return 1;
}

/* Status of a sleep that ended at `now`, by itself or not. */
static int status(const struct cmd_env *env, bool timed_out)
{
    if (*env->interrupted)
        return 128 + (int)*env->interrupted;
    return timed_out ? 128 + env->deadline_signal : 0;
}

static int pause_world(struct cmd_env *env, int64_t ns)
{
    struct vnet_err err = {""};
    int64_t now;
    bool timed_out = false;
    if (vnet_session_now(env->session, &now, &err) < 0)
        return report(env, &err);
    int64_t until = duration_add(now, ns);
    if (env->deadline && env->deadline < until) {
        until = env->deadline;
        timed_out = true;
    }
    int rc = vnet_session_sleep(env->session, until, &err);
    if (rc < 0 && rc != -EINTR)
        return report(env, &err);
    return status(env, timed_out);
}

static int run(struct cmd_env *env, int64_t ns)
{
    bool virtual = vnet_session_clock(env->session) == VNET_CLOCK_VIRTUAL;
    if (virtual && ns == INT64_MAX && !env->deadline) {
        sink_puts(env->err, "sleep: would never end with the virtual clock\n");
        return 1;
    }
    if (virtual && env->own_process)
        settle_captures(env);
    return pause_world(env, ns);
}

int sleep_main(struct cmd_env *env, int argc, char **argv)
{
    struct options o;
    int64_t ns;
    options_init(&o, argc, argv, "", longs, env->err);
    o.complete = env->complete;
    int c = options_next(&o), rc;
    if (c == OPT_HELP)
        rc = help(env);
    else if (c == OPT_VERSION)
        rc = (sink_puts(env->out, "sleep (vnet) " VNET_VERSION "\n"), 0);
    else if (c != -1 || !read_operands(env, &o, &ns))
        rc = usage(env);
    else
        rc = run(env, ns);
    options_release(&o);
    return rc;
}
