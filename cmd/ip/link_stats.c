/* The counters of `ip -s link` (print_stats64(), print_num() of iproute2 6.1.0). */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/link_print.h"

enum { COLUMNS = 8, OTHERHOST = 7 };

struct stats_view {
    const struct vnet_link_info *l;
    bool errors;  /* each direction's second row, too */
    bool carrier; /* how often it changed is among these */
};

/* A row of counters with its headings. */
struct stats_row {
    const char *title;          /* "    RX:" */
    const char *heads[COLUMNS]; /* "" where the column is empty */
    uint64_t values[COLUMNS];
    unsigned n;         /* columns that have values */
    bool errors;        /* the second row of a direction: no bytes column of its own */
    unsigned grows;     /* the first column that it widens: size_columns() is called so */
    uint64_t otherhost; /* a column that is only there where it is not 0 */
};

static unsigned digits(uint64_t v)
{
    unsigned n = 1;
    for (; v >= 10; v /= 10)
        n++;
    return n;
}

/* 12.3M as `ip -h` prints it; the plain number otherwise. */
static const char *number_text(const struct ip *ip, uint64_t v, char buf[32])
{
    const char *prefix = "kMGTPE";
    const uint64_t base = ip->opt.iec ? 1024 : 1000;
    uint64_t unit = base;
    int precision = 2;
    if (!ip->opt.human || v < base) {
        snprintf(buf, 32, "%llu", (unsigned long long)v);
        return buf;
    }
    while (v / base >= unit && prefix[1]) {
        unit *= base;
        prefix++;
    }
    for (unsigned ten = 10; precision > 0 && v / unit >= ten; ten *= 10)
        precision--;
    snprintf(buf, 32, "%.*f%c%s", precision, (double)v / (double)unit, *prefix,
             ip->opt.iec ? "i" : "");
    return buf;
}

static void put_number(struct ip *ip, unsigned width, uint64_t v)
{
    char buf[32];
    sink_printf(ip->out.out, "%*s ", (int)width, number_text(ip, v, buf));
}

static void grow(unsigned widths[COLUMNS], const struct stats_row *row)
{
    for (unsigned i = 0; i < row->n; i++) {
        unsigned at = i + row->grows;
        if (at < COLUMNS && digits(row->values[i]) > widths[at])
            widths[at] = digits(row->values[i]);
    }
    if (digits(row->otherhost) > widths[OTHERHOST])
        widths[OTHERHOST] = digits(row->otherhost);
}

static void put_row(struct ip *ip, const struct stats_row *row, const unsigned w[COLUMNS])
{
    struct sink *out = ip->out.out;
    sink_puts(out, row->title);
    if (row->errors)
        sink_printf(out, "%*s ", (int)w[0] - 10, "");
    unsigned heads = row->errors ? 5 : 7;
    for (unsigned i = 0; i < heads; i++) {
        unsigned at = i + row->errors;
        unsigned width = at == 0 ? w[0] - 4 : w[at];
        sink_printf(out, i + 1 < heads ? "%*s " : "%*s", (int)width, row->heads[i]);
    }
    if (row->otherhost)
        sink_printf(out, " %*s", (int)w[OTHERHOST], "otherhost");
    sink_printf(out, "%s%*s", ip->out.nl, row->errors ? (int)w[0] + 5 : 4, "");
    for (unsigned i = 0; i < row->n; i++)
        put_number(ip, w[i + row->errors], row->values[i]);
    if (row->otherhost)
        put_number(ip, w[OTHERHOST], row->otherhost);
}

static void aligned_stats(struct ip *ip, const struct stats_view *v)
{
    const struct vnet_link_stats *s = &v->l->stats;
    unsigned widths[COLUMNS] = {10, 7, 6, 7, 7, 7, 10, 9};
    const struct stats_row rows[] = {
        {"    RX: ",
         {"bytes", "packets", "errors", "dropped", "missed", "mcast", ""},
         {s->rx_bytes, s->rx_packets, s->rx_errors, s->rx_dropped, s->rx_missed_errors,
          s->multicast},
         6,
         false,
         0,
         0},
        {"    RX errors:",
         {"length", "crc", "frame", "fifo", "overrun"},
         {s->rx_length_errors, s->rx_crc_errors, s->rx_frame_errors, s->rx_fifo_errors,
          s->rx_over_errors},
         5,
         true,
         1,
         s->rx_otherhost_dropped},
        {"    TX: ",
         {"bytes", "packets", "errors", "dropped", "carrier", "collsns", ""},
         {s->tx_bytes, s->tx_packets, s->tx_errors, s->tx_dropped, s->tx_carrier_errors,
          s->collisions},
         6,
         false,
         0,
         0},
        {"    TX errors:",
         {"aborted", "fifo", "window", "heartbt", v->carrier ? "transns" : ""},
         {s->tx_aborted_errors, s->tx_fifo_errors, s->tx_window_errors, s->tx_heartbeat_errors,
          v->l->carrier_changes},
         v->carrier ? 5 : 4,
         true,
         2,
         0},
    };
    bool first = true;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (!rows[i].errors || v->errors)
            grow(widths, &rows[i]);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].errors && !v->errors)
            continue;
        if (!first)
            sink_puts(ip->out.out, ip->out.nl);
        put_row(ip, &rows[i], widths);
        first = false;
    }
}

/* ---- older tools: fixed, left-aligned columns ---- */

static void put_fixed(struct ip *ip, const char *head, const char *indent, const uint64_t *values,
                      const unsigned char *widths, unsigned n)
{
    char buf[32];
    sink_printf(ip->out.out, "%s%s%s", head, ip->out.nl, indent);
    for (unsigned i = 0; i < n; i++)
        sink_printf(ip->out.out, "%-*s ", widths[i], number_text(ip, values[i], buf));
}

static void fixed_stats(struct ip *ip, const struct stats_view *v)
{
    static const unsigned char wide[] = {10, 8, 7, 7, 7, 7}, errs[] = {8, 7, 7, 7, 7};
    const struct vnet_link_stats *s = &v->l->stats;
    const char *indent = "               ", *nl = ip->out.nl;
    const uint64_t rx[] = {s->rx_bytes,   s->rx_packets,     s->rx_errors,
                           s->rx_dropped, s->rx_over_errors, s->multicast};
    const uint64_t rxe[] = {s->rx_length_errors, s->rx_crc_errors, s->rx_frame_errors,
                            s->rx_fifo_errors, s->rx_missed_errors};
    const uint64_t tx[] = {s->tx_bytes,   s->tx_packets,        s->tx_errors,
                           s->tx_dropped, s->tx_carrier_errors, s->collisions};
    const uint64_t txe[] = {s->tx_aborted_errors, s->tx_fifo_errors, s->tx_window_errors,
                            s->tx_heartbeat_errors};
    bool all = v->errors;
    put_fixed(ip, "    RX: bytes  packets  errors  dropped overrun mcast   ", "    ", rx, wide, 6);
    if (all) {
        sink_puts(ip->out.out, nl);
        put_fixed(ip, "    RX errors: length   crc     frame   fifo    missed", indent, rxe, errs,
                  5);
    }
    sink_puts(ip->out.out, nl);
    put_fixed(ip, "    TX: bytes  packets  errors  dropped carrier collsns ", "    ", tx, wide, 6);
    if (all) {
        sink_puts(ip->out.out, nl);
        put_fixed(ip, "    TX errors: aborted  fifo   window heartbeat", indent, txe, errs, 4);
    }
}

/* ---- JSON ---- */

struct json_counter {
    const char *key;
    uint64_t value;
    bool more;   /* only with -s -s */
    bool seldom; /* only where it is not 0 */
};

static void json_counters(struct ip *ip, bool errors, const char *direction,
                          const struct json_counter *c, size_t n)
{
    json_open_object(&ip->out, direction);
    for (size_t i = 0; i < n; i++)
        if ((!c[i].more || errors) && (!c[i].seldom || c[i].value))
            json_u64(&ip->out, c[i].key, c[i].value);
    json_close_object(&ip->out);
}

static void json_stats(struct ip *ip, const struct stats_view *v)
{
    const struct vnet_link_stats *s = &v->l->stats;
    const struct json_counter rx[] = {
        {"bytes", s->rx_bytes, false, false},
        {"packets", s->rx_packets, false, false},
        {"errors", s->rx_errors, false, false},
        {"dropped", s->rx_dropped, false, false},
        {"over_errors", s->rx_over_errors, false, false},
        {"multicast", s->multicast, false, false},
        {"length_errors", s->rx_length_errors, true, false},
        {"crc_errors", s->rx_crc_errors, true, false},
        {"frame_errors", s->rx_frame_errors, true, false},
        {"fifo_errors", s->rx_fifo_errors, true, false},
        {"missed_errors", s->rx_missed_errors, true, false},
        {"otherhost", s->rx_otherhost_dropped, true, true},
    };
    const struct json_counter tx[] = {
        {"bytes", s->tx_bytes, false, false},
        {"packets", s->tx_packets, false, false},
        {"errors", s->tx_errors, false, false},
        {"dropped", s->tx_dropped, false, false},
        {"carrier_errors", s->tx_carrier_errors, false, false},
        {"collisions", s->collisions, false, false},
        {"aborted_errors", s->tx_aborted_errors, true, false},
        {"fifo_errors", s->tx_fifo_errors, true, false},
        {"window_errors", s->tx_window_errors, true, false},
        {"heartbeat_errors", s->tx_heartbeat_errors, true, false},
        {"carrier_changes", v->l->carrier_changes, true, false},
    };
    json_open_object(&ip->out, "stats64");
    json_counters(ip, v->errors, "rx", rx, ARRAY_LEN(rx));
    json_counters(ip, v->errors, "tx", tx, ARRAY_LEN(tx) - !v->carrier);
    json_close_object(&ip->out);
}

static void print_stats(struct ip *ip, const struct stats_view *v)
{
    if (ip->out.in_json)
        json_stats(ip, v);
    else if (ip->facts->ip_stats_aligned)
        aligned_stats(ip, v);
    else
        fixed_stats(ip, v);
}

void ip_print_stats(struct ip *ip, const struct vnet_link_info *l)
{
    print_stats(ip, &(struct stats_view){l, ip->opt.stats > 1, true});
}

void ip_print_stats64(struct ip *ip, const struct vnet_link_info *l, bool errors)
{
    print_stats(ip, &(struct stats_view){l, errors, false});
}
