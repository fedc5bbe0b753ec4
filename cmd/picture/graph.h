/* A picture as a graph: what dot and Mermaid are told, each in its own words. Private to
 * cmd/picture. */
#ifndef VNET_CMD_PICTURE_GRAPH_H
#define VNET_CMD_PICTURE_GRAPH_H

#include "cmd/picture/model.h"
#include "cmd/sink.h"

enum graph_edge {
    GRAPH_STACK, /* between a place's protocol stack (a) and a device (b) */
    GRAPH_PORT,  /* a bridge (a) and its port (b) */
    GRAPH_LOWER, /* a VLAN (a) and what it lies on (b) */
    GRAPH_WIRE,  /* two devices */
};

struct graph_words {
    void (*open_place)(struct sink *out, const struct picture *p, int place);
    void (*close_place)(struct sink *out);
    void (*device)(struct sink *out, const struct picture *p, int device);
    void (*edge)(struct sink *out, const struct picture *p, enum graph_edge kind, int a, int b);
};

void graph_tell(const struct graph_words *words, const struct picture *p, struct sink *out);
/* All that is in a device's box, lines joined by `newline`, each text as `put` writes it. */
void graph_label(struct sink *out, const struct picture_device *d, const char *newline,
                 void (*put)(struct sink *out, const char *text));

#endif
