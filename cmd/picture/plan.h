/* A layout in the making: boxes in rows in places on shelves, wires in channels between rows and in
 * lanes at the right. Private to cmd/picture.
 *
 * A place is a box with the protocol stack at its top and its devices in rows below. Small places
 * stand side by side on a shelf. Below each row there is room for wires (a channel): the last row's
 * is below the shelf, the others' within the place. A place whose wires all lead up to the shelf
 * above is turned over, its devices at the top. A wire between two channels goes by a lane at the
 * right of all. A wire for which there is no room is told in words in both devices. */
#ifndef VNET_CMD_PICTURE_PLAN_H
#define VNET_CMD_PICTURE_PLAN_H

#include "cmd/picture/layout.h"

struct plan_device {
    int x, y, w, h; /* y: from the top of its row */
    int row;
    bool stacked;           /* a VLAN that stands on the device it lies on */
    bool low;               /* a wire can leave it at the side of the channel */
    bool in_words;          /* its wire is told, not drawn */
    bool state_beside;      /* the state stands at the right of the name */
    int up;                 /* column where it meets the protocol stack; -1: it does not */
    struct picture_line *t; /* what is in the box, wrapped; owned */
    size_t nt, t_cap;
};

enum { PLAN_TITLE_ROOM = 6 };
struct plan_row {
    int h;      /* of its boxes */
    int tracks; /* of the channel within the place */
    int y;
};

struct plan_place {
    int x, y, w, h;
    int shelf;
    bool turned, plain;    /* plain: all of its boxes stand alone */
    struct plan_row *rows; /* owned */
    size_t nrows, rows_cap;
    struct picture_line *title; /* where it does not fit into the border; owned */
    size_t ntitle, title_cap;
};

struct plan_shelf {
    int y, h, w, tracks;
    bool pins;  /* wires begin, end or pass in the channel below */
    bool loose; /* its places have no wires to others */
    bool outside;
};

struct plan_end {
    int device, x;
    int channel; /* index in channels */
    bool above;  /* the device is above the channel */
    int track;   /* -1: it needs none */
};

struct plan_wire {
    struct plan_end a, b; /* in one channel, or joined by a lane */
    int lane;             /* -1: none */
};

struct plan_channel {
    int order; /* from top to bottom */
    int place; /* that it is in; -1: below a shelf */
    int row;   /* or the shelf */
};

struct plan {
    const struct picture *p;
    int width, room; /* room: columns left of the lanes */
    int lanes, lanes_kept;
    struct plan_device *devices; /* as in p; owned */
    struct plan_place *places;   /* as in p; owned */
    struct plan_shelf *shelves;  /* owned */
    size_t nshelves, shelves_cap;
    struct plan_wire *wires; /* owned */
    size_t nwires, wires_cap;
    struct plan_channel *channels; /* owned */
    size_t nchannels, channels_cap;
};

/* The boxes of each place: sizes, rows, columns from the place's left side (plan_boxes.c). */
void plan_boxes(struct plan *pl);
void plan_forget_boxes(struct plan *pl);
/* Place the places (plan_shelves.c). */
void plan_shelves(struct plan *pl);
/* Wires (plan_wires.c). false: not all have a way; more lanes are asked for, or some wires told in
 * words. */
bool plan_wires(struct plan *pl);
/* Lines of all, then what there is to draw (plan_draw.c). */
void plan_draw(struct plan *pl, struct layout *l);

/* A text in pieces of `columns` at most, at blanks where there are some; added to an array. */
void plan_wrap(struct picture_line **t, size_t *n, size_t *cap, const char *text, int columns,
               enum picture_style style);
/* The place's last row is the one that is next to a shelf's channel. */
bool plan_is_last_row(const struct plan *pl, int device);

#endif
