/* candump's command line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/can/candump.h"
#include "cmd/options.h"

static const char usage[] =
    "candump - dump CAN bus traffic.\n"
    "\n"
    "Usage: candump [options] <CAN interface>+\n"
    "  (use CTRL-C to terminate candump)\n"
    "\n"
    "Options:\n"
    "         -t <type>   (timestamp: (a)bsolute/(d)elta/(z)ero/(A)bsolute w date)\n"
    "         -H          (read hardware timestamps instead of system timestamps)\n"
    "         -c          (increment color mode level)\n"
    "         -i          (binary output - may exceed 80 chars/line)\n"
    "         -a          (enable additional ASCII output)\n"
    "         -S          (swap byte order in printed CAN data[] - marked with '`' )\n"
    "         -s <level>  (silent mode - 0: off (default) 1: animation 2: silent)\n"
    "         -l          (log CAN-frames into file. Sets '-s 2' by default)\n"
    "         -L          (use log file format on stdout)\n"
    "         -n <count>  (terminate after reception of <count> CAN frames)\n"
    "         -r <size>   (set socket receive buffer to <size>)\n"
    "         -D          (Don't exit if a \"detected\" can device goes down.\n"
    "         -d          (monitor dropped CAN frames)\n"
    "         -e          (dump CAN error frames in human-readable format)\n"
    "         -x          (print extra message infos, rx/tx brs esi)\n"
    "         -T <msecs>  (terminate after <msecs> without any reception)\n"
    "\n"
    "Up to 16 CAN interfaces with optional filter sets can be specified\n"
    "on the commandline in the form: <ifname>[,filter]*\n"
    "\n"
    "Filters:\n"
    "  Comma separated filters can be specified for each given CAN interface:\n"
    "    <can_id>:<can_mask>\n"
    "         (matches when <received_can_id> & mask == can_id & mask)\n"
    "    <can_id>~<can_mask>\n"
    "         (matches when <received_can_id> & mask != can_id & mask)\n"
    "    #<error_mask>\n"
    "         (set error frame filter, see include/linux/can/error.h)\n"
    "    [j|J]\n"
    "         (join the given CAN filters - logical AND semantic)\n"
    "\n"
    "CAN IDs, masks and data content are given and expected in hexadecimal values.\n"
    "When the can_id is 8 digits long the CAN_EFF_FLAG is set for 29 bit EFF format.\n"
    "Without any given filter all data frames are received ('0:0' default filter).\n"
    "\n"
    "Use interface name 'any' to receive from all CAN interfaces.\n"
    "\n"
    "Examples:\n"
    "candump -c -c -ta can0,123:7FF,400:700,#000000FF can2,400~7F0 can3 can8\n"
    "\n"
    "candump -l any,0~0,#FFFFFFFF\n"
    "         (log only error frames but no(!) data frames)\n"
    "candump -l any,0:0,#FFFFFFFF\n"
    "         (log error frames and also all data frames)\n"
    "candump vcan2,12345678:DFFFFFFF\n"
    "         (match only for extended CAN ID 12345678)\n"
    "candump vcan2,123:7FF\n"
    "         (matches CAN ID 123 - including EFF and RTR frames)\n"
    "candump vcan2,123:C00007FF\n"
    "         (matches CAN ID 123 - only SFF and non-RTR frames)\n"
    "\n";

enum { EXIT_OK = 1, EXIT_BAD = 2 }; /* exit statuses plus 1 */

static int show_usage(struct cmd_env *env, int status)
{
    sink_puts(env->err, usage);
    return status;
}

static int read_stamp(struct cmd_env *env, const char *arg, struct candump_opts *o)
{
    o->stamp = arg[0];
    if (arg[0] && strchr("aAdz", arg[0]))
        return 0;
    sink_printf(env->err, "candump: unknown timestamp mode '%c' - ignored\n", arg[0]);
    o->stamp = 0;
    return 0;
}

/* strtol(3) with base 0 in milliseconds. */
static int read_timeout(struct cmd_env *env, const char *arg, struct candump_opts *o)
{
    errno = 0;
    long ms = strtol(arg, NULL, 0);
    if (errno)
        return show_usage(env, EXIT_BAD);
    o->timeout = (int)ms * NSEC_PER_MSEC;
    return 0;
}

/* atoi() of a number that must be at least 1. */
static int read_number(struct cmd_env *env, const char *arg, int *n)
{
    *n = (int)strtol(arg, NULL, 10);
    return *n < 1 ? show_usage(env, EXIT_BAD) : 0;
}

static int read_silent(struct cmd_env *env, const char *arg, struct candump_opts *o)
{
    o->silent = (unsigned char)strtol(arg, NULL, 10);
    return o->silent > SILENT_ON ? show_usage(env, EXIT_BAD) : 0;
}

static int refuse(struct cmd_env *env, int option)
{
    sink_printf(env->err, "candump: option -%c is not emulated by vnet\n", option);
    return EXIT_BAD;
}

static bool read_flag(int option, struct candump_opts *o)
{
    const struct {
        char letter;
        bool *flag;
    } flags[] = {
        {'i', &o->view.binary}, {'a', &o->view.ascii},    {'S', &o->view.swap},
        {'L', &o->log_format},  {'D', &o->keeps_running}, {'x', &o->extra_info},
    };
    if (option == 'c')
        o->color++;
    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (flags[i].letter == option)
            return *flags[i].flag = true;
    return option == 'c';
}

static int read_option(struct cmd_env *env, int option, const char *arg, struct candump_opts *o)
{
    if (read_flag(option, o))
        return 0;
    switch (option) {
    case 't':
        return read_stamp(env, arg, o);
    case 's':
        return read_silent(env, arg, o);
    case 'n':
        return read_number(env, arg, &o->count);
    case 'r':
        return read_number(env, arg, &o->rcvbuf);
    case 'T':
        return read_timeout(env, arg, o);
    case 'H':
    case 'l':
    case 'd':
    case 'e':
        return refuse(env, option);
    default:
        return show_usage(env, EXIT_BAD);
    }
}

static int check(struct cmd_env *env, const struct candump_opts *o)
{
    if (o->ndevices == 0)
        return show_usage(env, EXIT_OK);
    if (o->log_format && (o->view.binary || o->view.ascii || o->view.swap)) {
        sink_puts(env->err,
                  "Log file format selected: Please disable ASCII/BINARY/SWAP options!\n");
        return EXIT_OK;
    }
    if (o->ndevices > CANDUMP_SOCKETS) {
        sink_printf(env->err, "More than %d CAN devices given on commandline!\n", CANDUMP_SOCKETS);
        return EXIT_BAD;
    }
    return 0;
}

int candump_parse(struct cmd_env *env, int argc, char **argv, struct candump_opts *o)
{
    struct options opts;
    int c, status = 0;
    *o = (struct candump_opts){.timeout = -1};
    options_init(&opts, argc, argv, "t:HciaSs:lDdxLn:r:heT:?", NULL, env->err);
    opts.complete = env->complete;
    opts.usage = usage;
    opts.not_emulated = "Hlde";
    while (status == 0 && (c = options_next(&opts)) != -1)
        status = read_option(env, c, opts.arg, o);
    if (status == 0) {
        o->devices = opts.operands;
        o->ndevices = opts.noperands;
        opts.operands = NULL;
        status = check(env, o);
    }
    options_release(&opts);
    return status;
}

/* ---- filters ---- */

struct filter_list {
    struct vnet_can_filter filters[CANDUMP_FILTERS];
    size_t n;
    bool join;
    unsigned error_mask;
};

/* ID:MASK or ID~MASK; an identifier of eight digits is an extended one. */
static bool read_pair(const char *text, char mark, struct filter_list *l)
{
    unsigned id, mask;
    const char *format = mark == ':' ? "%x:%x" : "%x~%x";
    if (sscanf(text, format, &id, &mask) != 2) // NOLINT(cert-err34-c): as the real one reads it
        return false;
    if (mark == '~')
        id |= VNET_CAN_ERR_FLAG; /* CAN_INV_FILTER */
    if (strlen(text) > 8 && text[8] == mark)
        id |= VNET_CAN_EFF_FLAG;
    if (l->n < CANDUMP_FILTERS)
        l->filters[l->n] = (struct vnet_can_filter){id, mask & ~VNET_CAN_ERR_FLAG};
    l->n++;
    return true;
}

static bool read_filter(const char *text, struct filter_list *l)
{
    if (read_pair(text, ':', l) || read_pair(text, '~', l))
        return true;
    if (*text == 'j' || *text == 'J')
        return l->join = true;
    return sscanf(text, "#%x", &l->error_mask) == 1; // NOLINT(cert-err34-c)
}

int candump_set_filters(struct cmd_env *env, struct vnet *w, vnet_sock_id sock, const char *text)
{
    struct filter_list *l = mem_alloc(sizeof(*l));
    const char *at = text;
    int status = 0;
    while (status == 0 && (at = strchr(at, ',')) != NULL) {
        if (read_filter(++at, l))
            continue;
        sink_printf(env->err, "Error in filter option parsing: '%s'\n", at);
        status = 1;
    }
    if (l->error_mask)
        vnet_sock_setopt(w, sock, VNET_CAN_RAW_ERR_FILTER, l->error_mask);
    if (l->join)
        vnet_sock_setopt(w, sock, VNET_CAN_RAW_JOIN_FILTERS, 1);
    if (l->n &&
        l->n <= CANDUMP_FILTERS) /* the real one does not look whether the kernel took them */
        vnet_can_set_filters(w, sock, l->filters, l->n);
    free(l);
    return status;
}
