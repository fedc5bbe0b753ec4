/* What a picture shows: places, the devices in them, the wires between these. Taken from a world
 * once; every renderer draws the same. */
#ifndef VNET_CMD_PICTURE_MODEL_H
#define VNET_CMD_PICTURE_MODEL_H

#include "base/strbuf.h"
#include "vnet_link.h"

enum picture_style { /* of a text or a line */
                     PICTURE_PLAIN,
                     PICTURE_FRAME, /* what holds others together */
                     PICTURE_NAME,
                     PICTURE_UP,
                     PICTURE_DOWN,
                     PICTURE_WAITING, /* up, but without a carrier, or not forwarding */
                     PICTURE_KIND,
                     PICTURE_ADDR,
                     PICTURE_WAY,  /* where the packet of a trace went */
                     PICTURE_LOST, /* where it stopped */
};

enum picture_place_kind { PICTURE_NAMESPACE, PICTURE_OUTSIDE };

/* A namespace, or what is behind a network card. */
struct picture_place {
    enum picture_place_kind kind;
    struct netns *ns; /* NULL: outside */
    char *title;      /* "namespace red"; owned */
    char *name;       /* "red", as other places speak of it; owned */
    int first, end;   /* its devices */
    unsigned count;   /* look-alikes that it stands for, 1: itself */
    bool hidden;      /* another one stands for it */
    bool on_way;
};

struct picture_line {
    char *text; /* owned */
    enum picture_style style;
};

enum picture_level { PICTURE_LEVEL_UP, PICTURE_LEVEL_WAITING, PICTURE_LEVEL_DOWN };

struct picture_device {
    int place;
    int ifindex;      /* 0: outside */
    char *name;       /* owned */
    const char *kind; /* "veth"; "" for what its name tells */
    char *state;      /* "up", "down", "up, no carrier"; owned */
    enum picture_level level;
    int master; /* the bridge it is a port of; -1: none */
    int lower;  /* the device it lies on; -1: none */
    int peer;   /* the device at the other end of its wire; -1: none */
    bool is_bridge;
    unsigned count;             /* look-alikes that it stands for, 1: itself */
    bool hidden;                /* another one stands for it */
    struct picture_line *lines; /* below the name: kind, addresses; owned */
    size_t nlines, lines_cap;
    bool on_way, lost; /* a packet went by; was lost here */
    unsigned steps;    /* of its way that were taken here */
};

struct picture {
    struct picture_place *places; /* the initial namespace first; owned */
    size_t nplaces, places_cap;
    struct picture_device *devices; /* by place, then in the order of their indexes; owned */
    size_t ndevices, devices_cap;
    char *caption; /* below all; NULL: none; owned */
};

/* link_local: such addresses of IPv6, too. The world is only read, but for namespaces' numbers. */
void picture_take(struct picture *p, struct vnet *w, bool link_local);
void picture_release(struct picture *p);
/* Runs of namespaces and of devices that differ by a number only become one (cmd/picture/series.c).
 */
void picture_merge_series(struct picture *p);

/* The first device of a place from i on that is not hidden; -1: there is none. */
int picture_next_in(const struct picture *p, int place, int i);
void picture_add_line(struct picture_device *d, enum picture_style style, const char *fmt, ...)
    VNET_PRINTF(3, 4);

#endif
