#include "cmd/picture/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/picture/glyphs.h"
#include "vnet_addr.h"
#include "vnet_bridge.h"
#include "vnet_netns.h"
#include "vnet_outside.h"

/* ---- small things ---- */

static char *safe(const char *text)
{
    struct strbuf sb = STRBUF_INIT;
    glyph_add_safe(&sb, text);
    return strbuf_detach(&sb);
}

void picture_add_line(struct picture_device *d, enum picture_style style, const char *fmt, ...)
{
    struct strbuf sb = STRBUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    strbuf_vaddf(&sb, fmt, ap);
    va_end(ap);
    ARRAY_GROW(d->lines, d->nlines, d->lines_cap);
    d->lines[d->nlines++] = (struct picture_line){strbuf_detach(&sb), style};
}

int picture_next_in(const struct picture *p, int place, int i)
{
    const struct picture_place *at = &p->places[place];
    for (i = i < at->first ? at->first : i; i < at->end; i++)
        if (!p->devices[i].hidden)
            return i;
    return -1;
}

static int find_device(const struct picture *p, const struct netns *ns, int ifindex)
{
    for (size_t i = 0; ns && i < p->nplaces; i++)
        for (int d = p->places[i].first; p->places[i].ns == ns && d < p->places[i].end; d++)
            if (p->devices[d].ifindex == ifindex)
                return d;
    return -1;
}

/* ---- a device in words ---- */

static void add_state(struct strbuf *sb, struct picture_device *d,
                      const struct vnet_link_info *info)
{
    static const char *const words[] = {
        [VNET_OPER_NOTPRESENT] = ", not present", [VNET_OPER_LOWERLAYERDOWN] = ", lower layer down",
        [VNET_OPER_TESTING] = ", testing",        [VNET_OPER_DORMANT] = ", dormant",
        [VNET_OPER_DOWN] = ", no carrier",        [VNET_OPER_UP] = NULL,
    };
    const char *more = info->operstate < ARRAY_LEN(words) ? words[info->operstate] : NULL;
    if (!(info->flags & VNET_IFF_UP)) {
        d->level = PICTURE_LEVEL_DOWN;
        strbuf_adds(sb, "down");
        return;
    }
    if (!more && !info->carrier)
        more = ", no carrier";
    d->level = more ? PICTURE_LEVEL_WAITING : PICTURE_LEVEL_UP;
    strbuf_addf(sb, "up%s", more ? more : "");
}

/* A port that lets nothing through, whatever its device says. */
static void add_port_state(struct strbuf *sb, struct picture_device *d, const struct netns *ns)
{
    struct vnet_link_opts opts;
    if (d->level != PICTURE_LEVEL_UP || !vnet_brport_get(ns, d->ifindex, &opts) ||
        opts.v[VNET_BRPORT_STATE] >= VNET_BR_STATES ||
        opts.v[VNET_BRPORT_STATE] == VNET_BR_STATE_FORWARDING)
        return;
    d->level = PICTURE_LEVEL_WAITING;
    strbuf_addf(sb, ", %s", vnet_br_state_names[opts.v[VNET_BRPORT_STATE]]);
}

static uint32_t usual_mtu(const struct vnet_link_info *info)
{
    if (info->type == VNET_ARPHRD_CAN)
        return info->mtu == 72 ? 72 : 16;
    return info->flags & VNET_IFF_LOOPBACK ? 65536 : 1500;
}

static void add_kind(struct picture_device *d, const struct netns *ns,
                     const struct vnet_link_info *info)
{
    char name[VNET_IFNAMSIZ];
    struct strbuf sb = STRBUF_INIT;
    if (info->kind && strcmp(info->kind, "vlan") == 0) {
        char *lower = safe(
            vnet_link_name(info->iflink_netnsid < 0 ? ns : vnet_nsid_peer(ns, info->iflink_netnsid),
                           info->iflink, name));
        strbuf_addf(&sb, "%s %u on %s", info->vlan.proto == 0x88a8 ? "802.1ad vlan" : "vlan",
                    info->vlan.id, lower);
        free(lower);
    } else if (info->kind) {
        strbuf_adds(&sb, info->kind);
    } else if (vnet_link_is_nic(ns, info->ifindex)) {
        strbuf_adds(&sb, "network card");
    }
    if (info->mtu != usual_mtu(info))
        strbuf_addf(&sb, "%smtu %u", sb.len ? ", " : "", info->mtu);
    if (sb.len)
        picture_add_line(d, PICTURE_KIND, "%s", sb.data);
    strbuf_release(&sb);
}

struct address_search {
    struct picture_device *d;
    bool link_local;
};

static int add_address(const struct vnet_addr_info *a, void *arg)
{
    const struct address_search *s = arg;
    char local[INET_ADDRSTRLEN_MAX], peer[INET_ADDRSTRLEN_MAX];
    if (a->family == VNET_AF_INET6 && !s->link_local && inet_addr_is_linklocal(&a->local))
        return 0;
    const char *state = a->flags & VNET_IFA_F_DADFAILED   ? " duplicate"
                        : a->flags & VNET_IFA_F_TENTATIVE ? " tentative"
                                                          : "";
    inet_addr_str(&a->local, local);
    if (inet_addr_eq(&a->local, &a->address))
        picture_add_line(s->d, PICTURE_ADDR, "%s/%u%s", local, a->prefixlen, state);
    else
        picture_add_line(s->d, PICTURE_ADDR, "%s peer %s/%u%s", local,
                         inet_addr_str(&a->address, peer), a->prefixlen, state);
    return 0;
}

/* ---- places ---- */

static int add_place(struct picture *p, enum picture_place_kind kind, struct netns *ns,
                     const char *title, const char *name)
{
    ARRAY_GROW(p->places, p->nplaces, p->places_cap);
    p->places[p->nplaces] = (struct picture_place){.kind = kind,
                                                   .ns = ns,
                                                   .title = safe(title),
                                                   .name = safe(name),
                                                   .first = (int)p->ndevices,
                                                   .end = (int)p->ndevices,
                                                   .count = 1};
    return (int)p->nplaces++;
}

static struct picture_device *add_device(struct picture *p, int place, const char *name)
{
    ARRAY_GROW(p->devices, p->ndevices, p->devices_cap);
    struct picture_device *d = &p->devices[p->ndevices++];
    *d = (struct picture_device){.place = place,
                                 .name = safe(name),
                                 .kind = "",
                                 .master = -1,
                                 .lower = -1,
                                 .peer = -1,
                                 .count = 1};
    p->places[place].end = (int)p->ndevices;
    return d;
}

static void take_device(struct picture *p, int place, const struct vnet_link_info *info,
                        bool link_local)
{
    const struct netns *ns = p->places[place].ns;
    struct picture_device *d = add_device(p, place, info->name);
    struct strbuf state = STRBUF_INIT;
    struct address_search search = {d, link_local};
    d->ifindex = info->ifindex;
    d->kind = info->kind ? info->kind : "";
    d->is_bridge = info->is_bridge;
    add_state(&state, d, info);
    add_port_state(&state, d, ns);
    d->state = strbuf_detach(&state);
    add_kind(d, ns, info);
    vnet_addr_dump(ns, VNET_AF_UNSPEC, info->ifindex, add_address, &search);
}

static void take_namespace(struct picture *p, struct netns *ns, const char *title, const char *name,
                           bool link_local)
{
    struct vnet_link_info info;
    int place = add_place(p, PICTURE_NAMESPACE, ns, title, name);
    for (int i = 0; (i = vnet_link_next(ns, i));)
        if (vnet_link_get(ns, i, &info) == 0)
            take_device(p, place, &info, link_local);
}

static bool has_place(const struct picture *p, const struct netns *ns)
{
    for (size_t i = 0; i < p->nplaces; i++)
        if (p->places[i].ns == ns)
            return true;
    return false;
}

/* Those that have lost their name, or never had one, as far as a wire leads there. */
static void take_nameless(struct picture *p, bool link_local)
{
    struct vnet_link_info info;
    for (size_t i = 0; i < p->ndevices; i++) {
        struct netns *ns = p->places[p->devices[i].place].ns;
        if (vnet_link_get(ns, p->devices[i].ifindex, &info) < 0 || info.iflink_netnsid < 0)
            continue;
        struct netns *there = vnet_nsid_peer(ns, info.iflink_netnsid);
        if (there && !has_place(p, there))
            take_namespace(p, there, "namespace without a name", "one without a name", link_local);
    }
}

static void take_outside(struct picture *p, int card)
{
    struct picture_device *d = &p->devices[card];
    struct inet_prefix gateway;
    char text[INET_ADDRSTRLEN_MAX];
    const struct netns *ns = p->places[d->place].ns;
    if (!ns || !vnet_link_is_nic(ns, d->ifindex) || d->level == PICTURE_LEVEL_WAITING)
        return;
    bool known = vnet_outside_gateway(ns, d->ifindex, &gateway);
    int place = add_place(p, PICTURE_OUTSIDE, NULL, "physical network", "outside");
    struct picture_device *door = add_device(p, place, "physical network");
    if (known)
        picture_add_line(door, PICTURE_ADDR, "gateway %s/%u", inet_addr_str(&gateway.addr, text),
                         gateway.len);
    if (known)
        picture_add_line(door, PICTURE_KIND, "the Internet behind it");
    door->state = mem_strdup("");
    door->peer = card;
    p->devices[card].peer = (int)p->ndevices - 1;
}

/* ---- who hangs together ---- */

static void connect(struct picture *p, int i)
{
    struct vnet_link_info info;
    struct picture_device *d = &p->devices[i];
    const struct netns *ns = p->places[d->place].ns;
    if (!ns || vnet_link_get(ns, d->ifindex, &info) < 0)
        return;
    if (info.master)
        d->master = find_device(p, ns, info.master);
    if (!info.iflink)
        return;
    const struct netns *there =
        info.iflink_netnsid < 0 ? ns : vnet_nsid_peer(ns, info.iflink_netnsid);
    int other = find_device(p, there, info.iflink);
    if (info.kind && strcmp(info.kind, "vlan") == 0)
        d->lower = other;
    else if (other != i)
        d->peer = other;
}

void picture_take(struct picture *p, struct vnet *w, bool link_local)
{
    struct netns **named = NULL;
    size_t n = 0, cap = 0;
    *p = (struct picture){0};
    take_namespace(p, vnet_init_ns(w), "initial namespace", "the initial namespace", link_local);
    for (struct netns *ns = NULL; (ns = vnet_netns_next(w, ns));) {
        ARRAY_GROW(named, n, cap);
        named[n++] = ns;
    }
    while (n > 0) { /* the oldest first */
        n--;
        struct strbuf title = STRBUF_INIT;
        strbuf_addf(&title, "namespace %s", vnet_netns_name(named[n]));
        take_namespace(p, named[n], title.data, vnet_netns_name(named[n]), link_local);
        strbuf_release(&title);
    }
    free(named);
    take_nameless(p, link_local);
    for (size_t i = 0; i < p->ndevices; i++)
        connect(p, (int)i);
    size_t all_devices = p->ndevices;
    for (size_t i = 0; i < all_devices; i++)
        take_outside(p, (int)i);
}

void picture_release(struct picture *p)
{
    for (size_t i = 0; i < p->nplaces; i++) {
        free(p->places[i].title);
        free(p->places[i].name);
    }
    for (size_t i = 0; i < p->ndevices; i++) {
        struct picture_device *d = &p->devices[i];
        for (size_t j = 0; j < d->nlines; j++)
            free(d->lines[j].text);
        free(d->lines);
        free(d->name);
        free(d->state);
    }
    free(p->caption);
    free(p->places);
    free(p->devices);
    *p = (struct picture){0};
}
