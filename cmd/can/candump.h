/* candump's parts. */
#ifndef VNET_CMD_CAN_CANDUMP_H
#define VNET_CMD_CAN_CANDUMP_H

#include "cmd/can/frame_text.h"
#include "cmd/cmd.h"
#include "cmd/listen.h"

enum { CANDUMP_SOCKETS = 16, CANDUMP_NAMES = 30, CANDUMP_FILTERS = VNET_CAN_FILTER_MAX };

enum candump_silent { SILENT_OFF, SILENT_ANIMATION, SILENT_ON };

struct candump_opts {
    char stamp; /* 'a', 'A', 'd', 'z'; 0: none */
    unsigned color;
    struct frame_view view;
    int silent; /* enum candump_silent */
    bool log_format, keeps_running, extra_info;
    int count, rcvbuf; /* 0: not given */
    int64_t timeout;   /* ns; below 0: none */
    char **devices;    /* NAME[,FILTER]*; borrowed from argv */
    int ndevices;
};

struct candump_source { /* one of opts.devices */
    const char *text;
    int ifindex; /* 0: any */
    vnet_sock_id sock;
};

struct candump {
    struct cmd_env *env;
    struct candump_opts o;
    struct candump_source sources[CANDUMP_SOCKETS];
    int nsources;
    struct { /* idx2dindex(): names seen, by index; the place chooses the color */
        int ifindex;
        char name[VNET_IFNAMSIZ];
    } names[CANDUMP_NAMES];
    int name_width;
    int64_t first_time; /* us, what -t d and -t z count from; 0: no frame yet */
    unsigned animation;
    struct listener wait;
    struct strbuf line;
};

/* 0 to go on; else the exit status plus 1, all said. Operands are put into o->devices, which
 * the caller frees. */
int candump_parse(struct cmd_env *env, int argc, char **argv, struct candump_opts *o);
/* The filters of "NAME,FILTER,..." onto a socket: 0 or 1, and a message is printed. */
int candump_set_filters(struct cmd_env *env, struct vnet *w, vnet_sock_id sock, const char *text);
/* What the last traffic caused, out of the recorder: the exit status. */
int candump_last(struct candump *d);
/* A frame in the form asked for. 0, or 1: too many devices. */
int candump_print(struct candump *d, const struct netns *ns, const struct vnet_msg *msg,
                  const struct vnet_can_frame *f);

#endif
