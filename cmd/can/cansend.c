/* cansend of can-utils 2020.11: one frame. */
#include <errno.h>
#include <stdio.h>

#include "cmd/can/can.h"
#include "cmd/can/frame_text.h"
#include "vnet_link.h"

static const char usage[] =
    "cansend - send CAN-frames via CAN_RAW sockets.\n"
    "\n"
    "Usage: cansend <device> <can_frame>.\n"
    "\n"
    "<can_frame>:\n"
    " <can_id>#{data}          for 'classic' CAN 2.0 data frames\n"
    " <can_id>#R{len}          for 'classic' CAN 2.0 data frames\n"
    " <can_id>##<flags>{data}  for CAN FD frames\n"
    "\n"
    "<can_id>:\n"
    " 3 (SFF) or 8 (EFF) hex chars\n"
    "{data}:\n"
    " 0..8 (0..64 CAN FD) ASCII hex-values (optionally separated by '.')\n"
    "{len}:\n"
    " an optional 0..8 value as RTR frames can contain a valid dlc field\n"
    "<flags>:\n"
    " a single ASCII Hex value (0 .. F) which defines canfd_frame.flags\n"
    "\n"
    "Examples:\n"
    "  5A1#11.2233.44556677.88 / 123#DEADBEEF / 5AA# / 123##1 / 213##311223344 /\n"
    "  1F334455#1122334455667788 / 123#R / 00000123#R3\n"
    "\n";

/* The softirq that takes the frame runs before write(2) returns. */
static const int64_t delivery_time = 50 * NSEC_PER_USEC;

static int fail(struct cmd_env *env, const char *what, int rc)
{
    sink_printf(env->err, "%s: %s\n", what, cmd_strerror(-rc));
    return 1;
}

/* can_fd_dlc2len(can_fd_len2dlc(len)): the next length that CAN FD has. */
static uint8_t fd_length(uint8_t len)
{
    static const uint8_t lengths[] = {12, 16, 20, 24, 32, 48, 64};
    size_t i = 0;
    if (len <= VNET_CAN_MAX_DLEN)
        return len;
    while (lengths[i] < len)
        i++;
    return lengths[i];
}

static int transmit(struct cmd_env *env, struct vnet *w, vnet_sock_id sock, int ifindex,
                    const struct vnet_can_frame *f)
{
    uint8_t bytes[VNET_CANFD_MTU];
    vnet_can_set_filters(w, sock, NULL, 0);
    int rc = vnet_can_bind(w, sock, ifindex);
    if (rc < 0)
        return fail(env, "bind", rc);
    rc = vnet_sendto(w, sock, bytes, vnet_can_emit(bytes, f), NULL);
    if (rc < 0)
        return fail(env, "write", rc);
    vnet_run_until(w, vnet_now(w) + delivery_time);
    return 0;
}

static int send_by(struct cmd_env *env, struct vnet *w, struct netns *ns, const char *device,
                   struct vnet_can_frame *f)
{
    char name[VNET_IFNAMSIZ];
    struct vnet_link_info link;
    vnet_sock_id sock;
    snprintf(name, sizeof(name), "%s", device);
    int ifindex = vnet_link_index(ns, name);
    if (!ifindex || vnet_link_get(ns, ifindex, &link) < 0)
        return fail(env, "if_nametoindex", -ENODEV);
    if (f->fd && link.mtu != VNET_CANFD_MTU) {
        sink_puts(env->out, "CAN interface is not CAN FD capable - sorry.\n");
        return 1;
    }
    int rc = vnet_socket(ns, VNET_AF_CAN, VNET_SOCK_RAW, VNET_CAN_RAW, &sock);
    if (rc < 0)
        return fail(env, "socket", rc);
    if (f->fd) {
        vnet_sock_setopt(w, sock, VNET_CAN_RAW_FD_FRAMES, 1);
        f->len = fd_length(f->len);
    }
    int status = transmit(env, w, sock, ifindex, f);
    vnet_sock_close(w, sock);
    return status;
}

int cansend_main(struct cmd_env *env, int argc, char **argv)
{
    struct vnet_can_frame f;
    struct vnet *w;
    struct netns *ns;
    if (argc != 3) {
        sink_puts(env->err, usage);
        return 1;
    }
    if (!frame_parse(argv[2], &f)) {
        sink_printf(env->err, "\nWrong CAN-frame format!\n\n%s", usage);
        return 1;
    }
    if (cmd_begin(env, &w, &ns) < 0)
        return 1;
    int status = send_by(env, w, ns, argv[1], &f);
    return cmd_commit(env) < 0 ? 1 : status;
}
