/* Namespaces that sleep: a command in a world of many needs few of them. Each of those is written
 * with how long the text of its members is,
 *
 *     {"name":"n1", "id":2, "asleep":[3421, 1735689644468230430, -50798], "last_ifindex":...}
 *
 * and when the earliest of its timers goes off, if it has any; "sum" at the file's end says that
 * the text is as it was written. Then a load leaves the members where they are, without a look, and
 * a save writes them from there; they are read when somebody gets hold of the namespace
 * (netns_awake()) or that timer is due. A file that anybody has changed is read and checked whole.
 * They stand in front of those that cannot sleep, so that a disk has them while the rest is still
 * being written down (state_save_begin()). */
#ifndef VNET_STATE_ASLEEP_H
#define VNET_STATE_ASLEEP_H

#include "base/pieces.h"
#include "state/state.h"

struct asleep_record { /* an element of "netns"; the texts lie in that of the file */
    const char *name;
    char *members;
    uint32_t name_len, len, id;
    uint32_t head; /* what stands in front of the members */
    int64_t when, order;
    bool has_timer;
};

/* Is the world one in which namespaces sleep? */
bool asleep_world(const struct vnet *w);
/* May this one, which is awake? */
bool asleep_can(const struct netns *ns);
/* Of one that is awake: "asleep" and all members behind it. */
void asleep_save(const struct netns *ns, struct json_out *o);
/* One that is asleep, whole, as it was read, and all that follow it here as they do there: the last
 * of them. */
struct netns *asleep_save_run(struct netns *ns, struct json_out *o);
/* Give a whole file's text, which begins at `from`, its last member, "sum". */
void asleep_seal(struct strbuf *text, size_t from);
void asleep_seal_pieces(struct pieces *text);

const char *asleep_read_record(const char *text, const char *end, void *record);
/* What json_parse_records() is to take as records in a file of that text. */
const struct json_record_kind *asleep_kinds(const char *text, size_t len);
/* The next namespace, asleep. Its name and id are checked. */
int asleep_load(struct state_loader *l, const struct asleep_record *r, const char *name,
                const struct state_path *at);

#endif
