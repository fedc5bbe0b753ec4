/* tcpdump's command line. */
#ifndef VNET_CMD_TCPDUMP_CMDLINE_H
#define VNET_CMD_TCPDUMP_CMDLINE_H

#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/tcpdump/dissect.h"

enum { TCPDUMP_SNAPLEN = 262144 };

enum capture_direction { DIRECTION_INOUT, DIRECTION_IN, DIRECTION_OUT };

struct tcpdump_args {
    const char *device;               /* -i; NULL: the first that is up */
    const char *read_file;            /* -r */
    const char *write_file;           /* -w */
    const char *filter_file;          /* -F */
    const char *link_name;            /* -y */
    struct strbuf expression;         /* the operands, a blank between them */
    long count;                       /* -c; -1: no limit */
    unsigned snaplen;                 /* -s */
    unsigned dump_code;               /* -d, -dd, -ddd */
    unsigned times;                   /* how often -t was given */
    enum capture_direction direction; /* -Q */
    bool direction_given;
    bool list_devices, list_links, list_stamps; /* -D, -L, -J */
    bool line_buffered;                         /* -l */
    bool packet_buffered;                       /* -U */
    bool no_optimizer;                          /* -O */
    bool monitor;                               /* -I */
    bool foreign;                               /* -f */
    bool immediate;                             /* --immediate-mode */
    bool print;                                 /* --print: also with -w */
    bool only_count;                            /* --count */
    bool last;                                  /* --last */
    bool no_promisc;                            /* -p */
    struct dissect_opts dissect;
};

/* What tcpdump_args_parse() returns if there is something to do yet, else it is the exit status. */
enum { ARGS_GO_ON = -1 };

int tcpdump_args_parse(struct cmd_env *env, int argc, char **argv, struct tcpdump_args *args);
void tcpdump_args_release(struct tcpdump_args *args);

#endif
