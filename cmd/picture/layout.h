/* Where everything of a picture stands, in columns and lines of text; what a terminal's picture is
 * made from, and one in SVG. */
#ifndef VNET_CMD_PICTURE_LAYOUT_H
#define VNET_CMD_PICTURE_LAYOUT_H

#include "cmd/picture/model.h"

struct layout_box { /* its border lies within */
    int x, y, w, h;
    enum picture_style style;
    bool round;
};

struct layout_text {
    int x, y;
    char *text; /* owned */
    enum picture_style style;
};

enum layout_line_kind {
    LAYOUT_WIRE,  /* may cross others */
    LAYOUT_STACK, /* between the protocol stack and a device */
    LAYOUT_IDLE,  /* the same, of a device that is down */
    LAYOUT_RAIL,  /* many of these */
};

enum { LAYOUT_POINTS = 6 };
struct layout_line { /* from point to point, across or down */
    int n;
    struct {
        int x, y;
    } at[LAYOUT_POINTS];
    enum layout_line_kind kind;
    enum picture_style style;
};

struct layout {
    int w, h;
    struct layout_box *boxes; /* owned */
    size_t nboxes, boxes_cap;
    struct layout_text *texts; /* owned */
    size_t ntexts, texts_cap;
    struct layout_line *lines; /* owned */
    size_t nlines, lines_cap;
};

enum { LAYOUT_WIDTH_MIN = 40, LAYOUT_WIDTH_MAX = 10000 };

/* width: columns at most, from LAYOUT_WIDTH_MIN on. */
void layout_make(struct layout *l, const struct picture *p, int width);
void layout_release(struct layout *l);

#endif
