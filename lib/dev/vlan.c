/* VLAN devices (net/8021q/vlan_dev.c, vlan_netlink.c, vlan.c): a device on another one, for frames
 * of one tag. */
#include "dev/vlan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "dev/addr_lists.h"
#include "dev/ether.h"
#include "sim/trace.h"
#include "sim/world.h"
#include "vnet_capture.h"
#include "wire/ether.h"

enum { VLAN_MAX_MTU = 65535 };

static bool same_addr(const struct netdev *a, const struct netdev *b)
{
    return memcmp(a->addr.bytes, b->addr.bytes, ETH_ALEN) == 0;
}

/* ---- made and unmade ---- */

/* vlan_gvrp_init_applicant(), vlan_mvrp_init_applicant(): a device with VLANs listens to what
 * switches register them by, both under the same address. */
static const struct lladdr registration = {.len = ETH_ALEN,
                                           .bytes = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x21}};
enum { APPLICANTS = 2 };

static void listen_for_registration(struct netdev *real_dev, bool on)
{
    for (int i = 0; i < APPLICANTS; i++) {
        if (on)
            dev_mc_add(real_dev, &registration);
        else
            dev_mc_del(real_dev, &registration);
    }
}

static void vlan_setup(struct netdev *dev)
{
    ether_setup(dev);
    dev->min_mtu = 0;
    dev->max_mtu = VLAN_MAX_MTU;
    memset(&dev->brd.bytes, 0, ETH_ALEN);
    dev->priv = mem_alloc(sizeof(struct vlan_dev));
    vlan_of(dev)->flags = VNET_VLAN_REORDER_HDR;
    vlan_of(dev)->proto = ETH_P_8021Q;
}

static void unlink_real(struct netdev *dev)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    if (!real_dev)
        return;
    struct netdev **at = &real_dev->vlans;
    while (*at != dev)
        at = &vlan_of(*at)->next;
    *at = vlan_of(dev)->next;
    vlan_of(dev)->real_dev = NULL;
    if (!real_dev->vlans)
        listen_for_registration(real_dev, false);
}

static void vlan_uninit(struct netdev *dev)
{
    unlink_real(dev);
    free(vlan_of(dev)->egress);
    free(vlan_of(dev));
}

void vlan_link(struct netdev *dev, struct netdev *real_dev)
{
    struct vlan_dev *v = vlan_of(dev);
    v->real_dev = real_dev;
    v->next = real_dev->vlans;
    real_dev->vlans = dev;
    dev->tso_max_size = real_dev->tso_max_size; /* netif_inherit_tso_max() */
    dev->tso_max_segs = real_dev->tso_max_segs;
}

static struct netdev *find(const struct netdev *real_dev, uint16_t proto, uint16_t vid)
{
    for (struct netdev *dev = real_dev->vlans; dev; dev = vlan_of(dev)->next)
        if (vlan_of(dev)->vid == vid && vlan_of(dev)->proto == proto)
            return dev;
    return NULL;
}

static int vlan_validate(const struct netns *ns, const struct vnet_link_req *req,
                         struct vnet_err *err)
{
    (void)ns;
    const struct vnet_vlan_req *v = req->vlan;
    if (req->set & VNET_LINK_ADDR) {
        if (req->addr.len != ETH_ALEN)
            return vnet_err(err, EINVAL, "8021q: Invalid link address");
        if (!netdev_mac_valid(&req->addr))
            return vnet_err(err, EADDRNOTAVAIL, "8021q: Invalid link address");
    }
    if (!v)
        return vnet_err(err, EINVAL, "8021q: VLAN properties not specified");
    if (v->has_proto && v->proto != ETH_P_8021Q && v->proto != ETH_P_8021AD)
        return vnet_err(err, EPROTONOSUPPORT, "8021q: Invalid VLAN protocol");
    if (v->has_id && v->id >= VLAN_VID_MASK)
        return vnet_err(err, ERANGE, "8021q: Invalid VLAN id");
    return 0;
}

static void set_egress(struct vlan_dev *v, uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < v->negress; i++) {
        if (v->egress[i].from == from) {
            v->egress[i].to = to & 7;
            return;
        }
    }
    ARRAY_GROW(v->egress, v->negress, v->egress_cap);
    v->egress[v->negress++] = (struct vlan_map){from, to & 7};
}

static int vlan_changelink(struct vlan_dev *v, const struct vnet_vlan_req *req,
                           struct vnet_err *err)
{
    const uint32_t not_emulated = VNET_VLAN_GVRP | VNET_VLAN_MVRP | VNET_VLAN_BRIDGE_BINDING;
    if (!req)
        return 0;
    if (req->flags & req->mask & not_emulated ||
        (req->mask & VNET_VLAN_REORDER_HDR && !(req->flags & VNET_VLAN_REORDER_HDR)))
        return vnet_err(err, EOPNOTSUPP, "vnet does not emulate this flag of VLANs");
    v->flags = (v->flags & ~req->mask) | (req->flags & req->mask);
    for (uint32_t i = 0; i < req->ningress; i++)
        v->ingress[req->ingress[i].from & 7] = req->ingress[i].to;
    for (uint32_t i = 0; i < req->negress; i++)
        set_egress(v, req->egress[i].from, req->egress[i].to);
    return 0;
}

static int changelink(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err)
{
    vnet_touch(dev_world(dev));
    return vlan_changelink(vlan_of(dev), req->vlan, err);
}

/* netif_stacked_transfer_operstate() */
static void transfer_operstate(struct netdev *dev)
{
    const struct netdev *real_dev = vlan_dev_real_dev(dev);
    dev->dormant = real_dev->operstate == VNET_OPER_DORMANT;
    dev->testing = real_dev->operstate == VNET_OPER_TESTING;
    if (netif_carrier_ok(real_dev))
        netif_carrier_on(dev);
    else
        netif_carrier_off(dev);
}

/* vlan_dev_init(): what it takes over from its device. */
static void inherit(struct netdev *dev, const struct netdev *real_dev)
{
    static const uint8_t none[ETH_ALEN];
    const uint32_t own = VNET_IFF_UP | VNET_IFF_PROMISC | VNET_IFF_ALLMULTI;
    dev->flags = real_dev->flags & ~own;
    dev->no_carrier = real_dev->no_carrier;
    dev->dormant = real_dev->dormant;
    if (dev->addr_assign_type != NET_ADDR_SET) {
        dev->addr = real_dev->addr;
        dev->addr_assign_type = NET_ADDR_STOLEN;
    }
    if (memcmp(dev->brd.bytes, none, ETH_ALEN) == 0)
        dev->brd = real_dev->brd;
}

bool vlan_may_lie_on(const struct netdev *dev, const struct netdev *real_dev)
{
    return real_dev != dev && !netif_is_loopback(real_dev) && real_dev->addr.len == ETH_ALEN &&
           !find(real_dev, vlan_of(dev)->proto, vlan_of(dev)->vid) &&
           !netdev_lies_on(real_dev, dev) && netdev_nest_ok(real_dev, dev);
}

static int check_real_dev(const struct netdev *real_dev, uint16_t proto, uint16_t vid,
                          struct vnet_err *err)
{
    if (netif_is_loopback(real_dev) || real_dev->addr.len != ETH_ALEN)
        return vnet_err(err, EOPNOTSUPP, "8021q: VLANs not supported on device");
    if (find(real_dev, proto, vid))
        return vnet_err(err, EEXIST, "8021q: VLAN device already exists");
    return 0;
}

static int vlan_newlink(struct netdev *dev, const char *name, const struct vnet_link_req *req,
                        struct vnet_err *err)
{
    struct vlan_dev *v = vlan_of(dev);
    const struct vnet_vlan_req *asked = req->vlan;
    if (!asked->has_id)
        return vnet_err(err, EINVAL, "8021q: VLAN id not specified");
    if (!req->link)
        return vnet_err(err, EINVAL, "8021q: link not specified");
    struct netdev *real_dev = netdev_by_index(req->from, req->link);
    if (!real_dev)
        return vnet_err(err, ENODEV, "8021q: link does not exist");
    v->vid = asked->id;
    if (asked->has_proto)
        v->proto = asked->proto;
    int rc = check_real_dev(real_dev, v->proto, v->vid, err);
    if (rc == 0 && !netdev_nest_ok(real_dev, dev))
        rc = -EMLINK;
    if (rc)
        return rc;
    if (!(req->set & VNET_LINK_MTU))
        dev->mtu = real_dev->mtu;
    else if (dev->mtu > real_dev->mtu)
        return -EINVAL;
    rc = vlan_changelink(v, asked, err);
    if (rc)
        return rc;
    inherit(dev, real_dev);
    if (!real_dev->vlans)
        listen_for_registration(real_dev, true);
    vlan_link(dev, real_dev);
    rc = netdev_insert(dev, name);
    if (rc)
        return rc;
    netdev_notify(dev, NETDEV_CHANGEUPPER);
    transfer_operstate(dev);
    linkwatch_fire_event(dev);
    return 0;
}

/* ---- up, down, addresses ---- */

/* Up by 1, down by -1. */
static void count_at_real(const struct netdev *dev, int by)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    if (dev->allmulti)
        netdev_set_allmulti(real_dev, by);
    if (dev->promiscuity)
        netdev_set_promiscuity(real_dev, by);
}

void vlan_load_wants(struct netdev *dev)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    count_at_real(dev, 1);
    /* older files do not have it among the device's addresses */
    if (!same_addr(dev, real_dev) && !hw_addr_find(&real_dev->uc, &dev->addr))
        dev_uc_add(real_dev, &dev->addr);
}

/* vlan_dev_inherit_address() */
static bool inherit_address(struct netdev *dev, const struct netdev *real_dev)
{
    if (dev->addr_assign_type != NET_ADDR_STOLEN)
        return false;
    dev->addr = real_dev->addr;
    netdev_notify(dev, NETDEV_CHANGEADDR);
    return true;
}

static int vlan_open(struct netdev *dev)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    if (!netif_running(real_dev) && !(vlan_of(dev)->flags & VNET_VLAN_LOOSE_BINDING))
        return -ENETDOWN;
    if (!same_addr(dev, real_dev) && !inherit_address(dev, real_dev))
        dev_uc_add(real_dev, &dev->addr);
    count_at_real(dev, 1);
    vlan_of(dev)->real_dev_addr = real_dev->addr;
    if (netif_carrier_ok(real_dev))
        netif_carrier_on(dev);
    return 0;
}

static int vlan_stop(struct netdev *dev)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    if (!real_dev) /* a state file that does not load */
        return 0;
    dev_addrs_unsync(real_dev, dev);
    count_at_real(dev, -1);
    if (!same_addr(dev, real_dev))
        dev_uc_del(real_dev, &dev->addr);
    netif_carrier_off(dev);
    return 0;
}

/* vlan_dev_set_mac_address() */
static void vlan_set_address(struct netdev *dev, const struct lladdr *addr)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    if (netif_running(dev) && !lladdr_eq(addr, &real_dev->addr))
        dev_uc_add(real_dev, addr);
    if (netif_running(dev) && !same_addr(dev, real_dev))
        dev_uc_del(real_dev, &dev->addr);
    dev->addr = *addr;
}

static int vlan_change_mtu(struct netdev *dev, uint32_t mtu)
{
    return mtu > vlan_dev_real_dev(dev)->mtu ? -ERANGE : 0;
}

/* vlan_dev_change_rx_flags() */
static void change_rx_flags(struct netdev *dev, uint32_t flag, int by)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    if (!netif_running(dev) || !real_dev)
        return;
    if (flag == VNET_IFF_PROMISC)
        netdev_set_promiscuity(real_dev, by);
    else
        netdev_set_allmulti(real_dev, by);
}

/* vlan_dev_set_rx_mode() */
static void vlan_set_rx_mode(struct netdev *dev)
{
    struct netdev *real_dev = vlan_dev_real_dev(dev);
    if (real_dev)
        dev_addrs_sync(real_dev, dev);
}

/* ---- what its device tells it (vlan_device_event()) ---- */

/* vlan_sync_address() */
static void sync_address(struct netdev *real_dev, struct netdev *dev)
{
    struct vlan_dev *v = vlan_of(dev);
    if (!netif_running(dev) || lladdr_eq(&v->real_dev_addr, &real_dev->addr))
        return;
    bool was = !lladdr_eq(&dev->addr, &v->real_dev_addr), is = !same_addr(dev, real_dev);
    bool inherited = inherit_address(dev, real_dev);
    if (!inherited && was && !is)
        dev_uc_del(real_dev, &dev->addr);
    if (!inherited && is && !was)
        dev_uc_add(real_dev, &dev->addr);
    v->real_dev_addr = real_dev->addr;
}

static void changed_mtu(struct netdev *real_dev, struct netdev *dev)
{
    if (dev->mtu <= real_dev->mtu)
        return;
    dev->mtu = real_dev->mtu;
    netdev_notify(dev, NETDEV_CHANGEMTU);
}

static void device_up(struct netdev *dev)
{
    if (netif_running(dev))
        return;
    if (!(vlan_of(dev)->flags & VNET_VLAN_LOOSE_BINDING))
        netdev_open(dev, NULL);
    transfer_operstate(dev);
}

static void device_down(struct netdev *dev)
{
    if (!netif_running(dev))
        return;
    if (vlan_of(dev)->flags & VNET_VLAN_LOOSE_BINDING)
        return;
    netdev_close(dev);
    transfer_operstate(dev);
}

void vlan_device_event(struct netdev *real_dev, enum netdev_event event)
{
    struct netdev *next;
    for (struct netdev *dev = real_dev->vlans; dev; dev = next) {
        next = vlan_of(dev)->next;
        if (event == NETDEV_CHANGE)
            transfer_operstate(dev);
        else if (event == NETDEV_CHANGEADDR)
            sync_address(real_dev, dev);
        else if (event == NETDEV_CHANGEMTU)
            changed_mtu(real_dev, dev);
        else if (event == NETDEV_UP)
            device_up(dev);
        else if (event == NETDEV_DOWN)
            device_down(dev);
        else if (event == NETDEV_UNREGISTER && real_dev->unregistering)
            netdev_unregister(dev);
    }
}

/* ---- frames ---- */

static uint16_t egress_priority(const struct vlan_dev *v, uint32_t priority)
{
    for (uint32_t i = 0; i < v->negress; i++)
        if (v->egress[i].from == priority)
            return (uint16_t)(v->egress[i].to << VLAN_PRIO_SHIFT);
    return 0;
}

/* vlan_dev_hard_start_xmit() */
static int vlan_xmit(struct netdev *dev, struct skb *skb)
{
    struct vlan_dev *v = vlan_of(dev);
    uint32_t len = skb->len;
    skb->vlan_proto = v->proto;
    skb->vlan_tci = v->vid | egress_priority(v, skb->priority);
    int rc = dev_queue_xmit(v->real_dev, skb);
    if (rc == 0) {
        dev->stats.tx_packets++;
        dev->stats.tx_bytes += len;
    } else {
        dev->stats.tx_dropped++;
    }
    return rc;
}

struct netdev *vlan_do_receive(struct netdev *real_dev, struct skb *skb)
{
    struct netdev *dev = find(real_dev, skb->vlan_proto, skb->vlan_tci & VLAN_VID_MASK);
    if (!dev || !netif_running(dev))
        return dev;
    const uint8_t *to = skb->buf + skb->mac;
    if (skb->pkt_type == VNET_PACKET_OTHERHOST && memcmp(to, dev->addr.bytes, ETH_ALEN) == 0)
        skb->pkt_type = VNET_PACKET_HOST;
    skb->priority = vlan_of(dev)->ingress[skb->vlan_tci >> VLAN_PRIO_SHIFT];
    skb->vlan_proto = 0;
    dev->stats.rx_packets++;
    dev->stats.rx_bytes += skb->len;
    dev->stats.multicast += skb->pkt_type == VNET_PACKET_MULTICAST;
    return dev;
}

bool skb_vlan_untag(struct skb *skb)
{
    uint8_t *tag = skb_data(skb);
    if (skb->vlan_proto)
        return true; /* for another time */
    if (skb->len < VLAN_HLEN)
        return false;
    skb->vlan_proto = skb->protocol;
    skb->vlan_tci = get_be16(tag);
    skb->protocol = eth_proto(get_be16(tag + 2), tag + VLAN_HLEN, skb->len - VLAN_HLEN);
    uint8_t *mac = skb->buf + skb->mac;
    memmove(mac + VLAN_HLEN, mac, 2 * ETH_ALEN);
    skb->mac += VLAN_HLEN;
    skb_pull(skb, VLAN_HLEN);
    skb->net = skb->head;
    return true;
}

void vlan_insert_tag(struct skb *skb)
{
    uint8_t *h = skb_push(skb, VLAN_HLEN);
    memmove(h, h + VLAN_HLEN, 2 * ETH_ALEN);
    put_be16(h + 2 * ETH_ALEN, skb->vlan_proto);
    put_be16(h + 2 * ETH_ALEN + 2, skb->vlan_tci);
    skb->mac = skb->head;
    skb->protocol = skb->vlan_proto;
    skb->vlan_proto = 0;
}

bool netdev_tags_beside(const struct netdev *dev)
{
    return dev->kind == &veth_kind || dev->kind == &bridge_kind;
}

static void vlan_fill_info(const struct netdev *dev, struct vnet_link_info *info)
{
    const struct vlan_dev *v = vlan_of(dev);
    info->vlan =
        (struct vnet_vlan_info){.told = true, .proto = v->proto, .id = v->vid, .flags = v->flags};
    for (unsigned i = 0; i < 8; i++)
        if (v->ingress[i])
            info->vlan.ingress[info->vlan.ningress++] = (struct vnet_vlan_map){i, v->ingress[i]};
    for (uint32_t i = 0; i < v->negress && i < VNET_VLAN_MAPS; i++)
        if (v->egress[i].to)
            info->vlan.egress[info->vlan.negress++] =
                (struct vnet_vlan_map){v->egress[i].from, v->egress[i].to};
}

const struct link_kind vlan_kind = {
    .name = "vlan",
    .state_name = "vlan",
    .user_can_add = true,
    .setup = vlan_setup,
    .newlink = vlan_newlink,
    .changelink = changelink,
    .open = vlan_open,
    .stop = vlan_stop,
    .xmit = vlan_xmit,
    .lower = vlan_dev_real_dev,
    .change_mtu = vlan_change_mtu,
    .filters_unicast = true,
    .change_rx_flags = change_rx_flags,
    .set_rx_mode = vlan_set_rx_mode,
    .set_address = vlan_set_address,
    .validate = vlan_validate,
    .fill_info = vlan_fill_info,
    .uninit = vlan_uninit,
};
