#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nametab.h"
#include "cmd/options.h"
#include "cmd/time/time.h"
#include "cmd/vnet/vnet.h"

enum { /* coreutils' exit statuses */
       EXIT_TIMED_OUT = 124,
       EXIT_CANCELED = 125,
       EXIT_CANNOT_INVOKE = 126,
       EXIT_NOT_FOUND = 127,
};

/* Linux's numbers, so that `-s 15` and a status of 143 mean the same everywhere. */
static const struct nametab signals[] = {
    {"EXIT", 0},   {"HUP", 1},   {"INT", 2},   {"QUIT", 3},  {"ILL", 4},     {"TRAP", 5},
    {"ABRT", 6},   {"IOT", 6},   {"BUS", 7},   {"FPE", 8},   {"KILL", 9},    {"USR1", 10},
    {"SEGV", 11},  {"USR2", 12}, {"PIPE", 13}, {"ALRM", 14}, {"TERM", 15},   {"STKFLT", 16},
    {"CHLD", 17},  {"CLD", 17},  {"CONT", 18}, {"STOP", 19}, {"TSTP", 20},   {"TTIN", 21},
    {"TTOU", 22},  {"URG", 23},  {"XCPU", 24}, {"XFSZ", 25}, {"VTALRM", 26}, {"PROF", 27},
    {"WINCH", 28}, {"POLL", 29}, {"IO", 29},   {"PWR", 30},  {"SYS", 31},    {NULL, 0},
};

struct timeout {
    int64_t duration, kill_after; /* ns; 0: none */
    uint32_t signal;
    bool preserve_status, verbose;
};

enum { OPT_HELP = 1, OPT_VERSION, OPT_PRESERVE, OPT_FOREGROUND };
static const struct long_option longs[] = {{"foreground", 0, OPT_FOREGROUND},
                                           {"kill-after", 1, 'k'},
                                           {"preserve-status", 0, OPT_PRESERVE},
                                           {"signal", 1, 's'},
                                           {"verbose", 0, 'v'},
                                           {"help", 0, OPT_HELP},
                                           {"version", 0, OPT_VERSION},
                                           {NULL, 0, 0}};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Try 'timeout --help' for more information.\n");
    return EXIT_CANCELED;
}

static int help(struct cmd_env *env)
{
    sink_puts(env->out,
              "Usage: timeout [OPTION] DURATION COMMAND [ARG]...\n"
              "  or:  timeout [OPTION]\n"
              "Start COMMAND, and kill it if still running after DURATION.\n"
              "\n"
              "Mandatory arguments to long options are mandatory for short options too.\n"
              "      --preserve-status\n"
              "                 exit with the same status as COMMAND, even when the\n"
              "                   command times out\n"
              "      --foreground\n"
              "                 when not running timeout directly from a shell prompt,\n"
              "                   allow COMMAND to read from the TTY and get TTY signals;\n"
              "                   in this mode, children of COMMAND will not be timed out\n"
              "  -k, --kill-after=DURATION\n"
              "                 also send a KILL signal if COMMAND is still running\n"
              "                   this long after the initial signal was sent\n"
              "  -s, --signal=SIGNAL\n"
              "                 specify the signal to be sent on timeout;\n"
              "                   SIGNAL may be a name like 'HUP' or a number;\n"
              "                   see 'kill -l' for a list of signals\n"
              "  -v, --verbose  diagnose to stderr any signal sent upon timeout\n"
              "      --help        display this help and exit\n"
              "      --version     output version information and exit\n"
              "\n"
              "COMMAND is one of vnet's tools, and DURATION is of the emulated world's time.\n");
    return 0;
}

static bool parse_duration(struct cmd_env *env, const char *text, int64_t *ns)
{
    if (duration_parse(text, ns))
        return true;
    sink_printf(env->err, "timeout: invalid time interval '%s'\n", text);
    return false;
}

static bool parse_number(const char *text, uint32_t *signal)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || !nametab_name(signals, (uint32_t)n))
        return false;
    *signal = (uint32_t)n;
    return true;
}

static bool parse_signal(struct cmd_env *env, const char *text, uint32_t *signal)
{
    char name[16] = "";
    for (size_t i = 0; text[i] && i < sizeof(name) - 1; i++)
        name[i] = (char)toupper((unsigned char)text[i]);
    if (parse_number(text, signal) || nametab_value(signals, name, signal) ||
        (strncmp(name, "SIG", 3) == 0 && nametab_value(signals, name + 3, signal)))
        return true;
    sink_printf(env->err, "timeout: '%s': invalid signal\n", text);
    return false;
}

/* Signals that end no process by default: the command goes on. */
static bool is_harmless(uint32_t signal)
{
    const char *name = nametab_name(signals, signal);
    return signal == 0 || strcmp(name, "CHLD") == 0 || strcmp(name, "CONT") == 0 ||
           strcmp(name, "URG") == 0 || strcmp(name, "WINCH") == 0;
}

static bool is_stop(uint32_t signal)
{
    return signal >= 19 && signal <= 22;
}

static void say(struct cmd_env *env, const struct timeout *t, uint32_t signal, const char *command)
{
    if (t->verbose)
        sink_printf(env->err, "timeout: sending signal %s to command '%s'\n",
                    nametab_name(signals, signal), command);
}

/* What ends the command, and when: the signal asked for, or the KILL behind one that does not. */
static void set_deadline(struct cmd_env *inner, const struct timeout *t, int64_t now)
{
    int64_t at = duration_add(now, t->duration);
    uint32_t signal = t->signal;
    if (is_harmless(signal)) {
        at = t->kill_after ? duration_add(at, t->kill_after) : INT64_MAX;
        signal = 9;
    }
    if (!t->duration || at == INT64_MAX)
        return;
    if (inner->deadline && inner->deadline <= at)
        return; /* a timeout around this one comes first */
    inner->deadline = at;
    inner->deadline_signal = (int)signal;
}

static int exit_status(struct cmd_env *env, const struct timeout *t, int64_t start, int status,
                       const char *command)
{
    struct vnet_err err = {""};
    int64_t now;
    if (!t->duration || vnet_session_now(env->session, &now, &err) < 0 ||
        now < duration_add(start, t->duration))
        return status;
    bool killed = is_harmless(t->signal) && status == 128 + 9;
    say(env, t, t->signal, command);
    if (killed)
        say(env, t, 9, command);
    if (killed || t->signal == 9)
        return 128 + 9; /* timeout kills itself too, to say so */
    return t->preserve_status ? status : EXIT_TIMED_OUT;
}

static int run_command(struct cmd_env *env, const struct timeout *t, const struct tool *tool,
                       int argc, char **argv)
{
    struct cmd_env inner = *env;
    struct vnet_err err = {""};
    int64_t start;
    if (vnet_session_now(env->session, &start, &err) < 0) {
        sink_printf(env->err, "vnet: %s\n", err.msg);
        return EXIT_CANCELED;
    }
    set_deadline(&inner, t, start);
    int status = tool_run(tool, &inner, argc, argv);
    return exit_status(env, t, start, status, argv[0]);
}

/* DURATION COMMAND [ARG]... */
static int run(struct cmd_env *env, struct timeout *t, int argc, char **argv)
{
    if (argc < 2 || !parse_duration(env, argv[0], &t->duration))
        return usage(env);
    if (is_stop(t->signal)) {
        sink_printf(env->err, "timeout: stopping a command (-s %s) is not emulated\n",
                    nametab_name(signals, t->signal));
        return EXIT_CANCELED;
    }
    if (env->complete && argc == 2) {
        complete_offer_source(env->complete, COMPLETE_TOOLS);
        return EXIT_CANCELED;
    }
    const char *slash = strrchr(argv[1], '/');
    const struct tool *tool = tool_find(slash ? slash + 1 : argv[1]);
    if (tool && tool->origin == TOOL_REAL)
        return run_command(env, t, tool, argc - 1, argv + 1);
    sink_printf(env->err, "timeout: failed to run command '%s': not a tool of vnet\n", argv[1]);
    return slash ? EXIT_CANNOT_INVOKE : EXIT_NOT_FOUND;
}

/* -1: go on, else the exit status. */
static int take_option(struct cmd_env *env, struct timeout *t, int option, const char *arg)
{
    switch (option) {
    case 'k':
        return parse_duration(env, arg, &t->kill_after) ? -1 : usage(env);
    case 's':
        return parse_signal(env, arg, &t->signal) ? -1 : usage(env);
    case 'v':
        t->verbose = true;
        return -1;
    case OPT_PRESERVE:
        t->preserve_status = true;
        return -1;
    case OPT_FOREGROUND: /* there are no child processes: either way the same */
        return -1;
    case OPT_HELP:
        return help(env);
    case OPT_VERSION:
        sink_puts(env->out, "timeout (vnet) " VNET_VERSION "\n");
        return 0;
    default:
        return usage(env);
    }
}

int timeout_main(struct cmd_env *env, int argc, char **argv)
{
    struct timeout t = {.signal = 15};
    struct options o;
    int rc = -1;
    options_init(&o, argc, argv, "+k:s:v", longs, env->err);
    o.complete = env->complete;
    o.operands_too = true;
    for (int c; rc < 0 && (c = options_next(&o)) != -1;)
        rc = take_option(env, &t, c, o.arg);
    if (rc < 0)
        rc = run(env, &t, o.noperands, o.operands);
    options_release(&o);
    return rc;
}
