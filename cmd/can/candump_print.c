/* candump's lines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "cmd/can/candump.h"
#include "vnet_link.h"

static const char *const colors[] = {"\033[1m\033[34m", "\033[1m\033[31m", "\033[1m\033[32m",
                                     "\033[1m",         "\033[1m\033[35m", "\033[1m\033[36m"};
static const char color_off[] = "\033[0m";

static const int64_t usec_per_sec = 1000000;

/* ---- names ---- */

static int find_name(const struct candump *d, int ifindex)
{
    for (int i = 0; i < CANDUMP_NAMES; i++)
        if (d->names[i].ifindex == ifindex)
            return i;
    return -1;
}

/* Devices that are gone give their places away. */
static void forget_gone(struct candump *d, const struct netns *ns)
{
    char name[VNET_IFNAMSIZ];
    for (int i = 0; i < CANDUMP_NAMES; i++)
        if (d->names[i].ifindex && !vnet_link_name(ns, d->names[i].ifindex, name)[0])
            d->names[i].ifindex = 0;
}

/* idx2dindex(): the place of a device's name; -1: all are taken. */
static int name_of(struct candump *d, const struct netns *ns, int ifindex)
{
    int at = find_name(d, ifindex);
    if (at >= 0)
        return at;
    forget_gone(d, ns);
    at = find_name(d, 0);
    if (at < 0)
        return -1;
    d->names[at].ifindex = ifindex;
    vnet_link_name(ns, ifindex, d->names[at].name);
    if (d->name_width < (int)strlen(d->names[at].name))
        d->name_width = (int)strlen(d->names[at].name);
    return at;
}

/* ---- times ---- */

static void put_time(struct strbuf *out, int64_t us, int width)
{
    strbuf_addf(out, "(%0*" PRId64 ".%06" PRId64 ") ", width, (int64_t)(us / usec_per_sec),
                (int64_t)(us % usec_per_sec));
}

static void put_date(struct strbuf *out, int64_t us)
{
    struct tm tm;
    char text[25];
    time_t seconds = (time_t)(us / usec_per_sec);
    if (!gmtime_r(&seconds, &tm) || strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm) == 0)
        text[0] = '\0';
    strbuf_addf(out, "(%s.%06" PRId64 ") ", text, (int64_t)(us % usec_per_sec));
}

static void put_stamp(struct candump *d, int64_t us)
{
    if (d->o.stamp == 'a')
        put_time(&d->line, us, 10);
    if (d->o.stamp == 'A')
        put_date(&d->line, us);
    if (d->o.stamp != 'd' && d->o.stamp != 'z')
        return;
    if (!d->first_time)
        d->first_time = us;
    put_time(&d->line, us > d->first_time ? us - d->first_time : 0, 3);
    if (d->o.stamp == 'd')
        d->first_time = us;
}

/* ---- lines ---- */

static void put_log(struct candump *d, int at, int64_t us, bool sent_here,
                    const struct vnet_can_frame *f)
{
    put_time(&d->line, us, 10);
    strbuf_addf(&d->line, "%*s ", d->name_width, d->names[at].name);
    frame_put(&d->line, f);
    strbuf_addf(&d->line, "%s\n", !d->o.extra_info ? "" : sent_here ? " T" : " R");
}

static void put_extra(struct candump *d, bool sent_here, const struct vnet_can_frame *f)
{
    if (d->o.extra_info)
        strbuf_addf(&d->line, "  %s %c %c", sent_here ? "TX" : "RX",
                    f->flags & VNET_CANFD_BRS ? 'B' : '-', f->flags & VNET_CANFD_ESI ? 'E' : '-');
}

static void put_line(struct candump *d, int at, int64_t us, bool sent_here,
                     const struct vnet_can_frame *f)
{
    const char *color = colors[(size_t)at % ARRAY_LEN(colors)];
    unsigned level = d->o.color;
    strbuf_addf(&d->line, " %s", level > 2 ? color : "");
    put_stamp(d, us);
    strbuf_addf(&d->line, " %s%*s", level == 1 || level == 2 ? color : "", d->name_width,
                d->names[at].name);
    put_extra(d, sent_here, f);
    strbuf_addf(&d->line, "%s  ", level == 1 ? color_off : "");
    frame_put_long(&d->line, f, &d->o.view);
    strbuf_addf(&d->line, "%s\n", level > 1 ? color_off : "");
}

int candump_print(struct candump *d, const struct netns *ns, const struct vnet_msg *msg,
                  const struct vnet_can_frame *f)
{
    int64_t us = msg->time / NSEC_PER_USEC;
    bool sent_here = msg->flags & VNET_MSG_DONTROUTE;
    int at = name_of(d, ns, msg->iif);
    if (at < 0) {
        sink_printf(d->env->err, "Interface index cache only supports %d interfaces.\n",
                    CANDUMP_NAMES);
        return 1;
    }
    if (f->id & VNET_CAN_EFF_FLAG)
        d->o.view.indent_sff = true;
    strbuf_reset(&d->line);
    if (d->o.log_format && d->o.silent == SILENT_OFF)
        put_log(d, at, us, sent_here, f);
    else if (d->o.silent == SILENT_ANIMATION)
        strbuf_addf(&d->line, "%c\b", "|/-\\"[d->animation++ % 4]);
    else if (d->o.silent == SILENT_OFF)
        put_line(d, at, us, sent_here, f);
    sink_write(d->env->out, d->line.data, d->line.len);
    sink_flush(d->env->out);
    return 0;
}
