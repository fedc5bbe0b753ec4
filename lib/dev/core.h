/* What the device layer's own files (and the state file's loader) share; others use dev/netdev.h.
 */
#ifndef VNET_DEV_CORE_H
#define VNET_DEV_CORE_H

#include "dev/netdev.h"

extern const struct link_kind loopback_kind, veth_kind, nic_kind, bridge_kind, vxcan_kind,
    vcan_kind, dummy_kind, vlan_kind;

/* A device of a kind with its defaults, in no list yet. Owned by the caller until it is registered.
 */
struct netdev *netdev_alloc(struct netns *ns, const struct link_kind *kind);
/* Free a device that is not (or no longer) registered. */
void netdev_free(struct netdev *dev);
/* rtnl_create_link(): a device with what the request gives of queues, MTU, addresses, length of
 * queue, group, states. NULL and *error. */
struct netdev *netdev_create(struct netns *ns, const struct link_kind *kind,
                             const struct vnet_link_req *req, int *error, struct vnet_err *err);
/* register_netdevice(): name ("%d" is filled in) and index (0: the next) must be free; then all
 * subjects hear NETDEV_REGISTER. -EINVAL, -EEXIST, -EBUSY, -ENFILE; dev stays the caller's then. */
int netdev_insert(struct netdev *dev, const char *name);
/* Out of its namespace as by netdev_unregister(), but still the caller's. */
void netdev_withdraw(struct netdev *dev);
/* unregister_netdevice_many(): in this order; freed afterwards. */
void netdev_unregister_many(struct netdev *const *devs, unsigned n);

/* On and off its namespace's list; the index that the next device gets (dev_new_index()). */
void netdev_list(struct netdev *dev);
void netdev_unlist(struct netdev *dev);
/* A valid and free name for a device that is listed. */
void netdev_rename(struct netdev *dev, const char *name);
/* dev's name into its namespace's table of them, and out of it: for the three above. */
void netdev_list_name(struct netdev *dev);
void netdev_unlist_name(struct netdev *dev);
int netdev_new_index(struct netns *ns);
/* __dev_change_net_namespace(): pattern: the name ("%d" is filled in) if its own is taken there,
 * NULL: none; ifindex 0: its own, or the next if that is taken. -EINVAL, -EEXIST, -EBUSY. */
int dev_change_net_namespace(struct netdev *dev, struct netns *to, const char *pattern, int ifindex,
                             struct vnet_err *err);

/* dev_get_valid_name(): the name that dev would get into out. -EINVAL, -EEXIST, -ENFILE. */
int netdev_valid_name(const struct netns *ns, const char *name, char out[VNET_IFNAMSIZ]);
/* Not sysctl_dev_name_is_allowed(): a device of that name cannot have settings (-EINVAL). */
bool netdev_name_has_sysctls(const char *name);
/* An alternative name: up to 127 bytes that a name may have (rtnl_linkprop()). */
bool netdev_altname_valid(const char *name);
/* eth_hw_addr_random() */
void netdev_random_mac(struct netdev *dev);
/* is_valid_ether_addr(): unicast and not zero. */
bool netdev_mac_valid(const struct lladdr *addr);
/* What many kinds ask of the address in a request, if there is one: -EINVAL, -EADDRNOTAVAIL. */
int ether_validate_addr(const struct vnet_link_req *req);
/* dev_validate_mtu() */
int netdev_validate_mtu(const struct netdev *dev, uint32_t mtu, struct vnet_err *err);

/* gso_max_size, gso_max_segs and gro_max_size: dev/gso.c. A kernel before 6.5 has bounds where it
 * sets them, later ones where they check a request. */
int netdev_validate_gso(const struct netdev *dev, const struct vnet_link_req *req,
                        struct vnet_err *err);
int netdev_set_gso_size(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err);
int netdev_set_gso_segs(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err);
int netdev_set_gro_size(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err);
void netdev_create_gso(struct netdev *dev, const struct vnet_link_req *req);

/* rtnl_configure_link(): the flags that a request gives a new device (NULL: none), and listeners
 * are told of it. */
int netdev_configure_new(struct netdev *dev, const struct vnet_link_req *req, struct vnet_err *err);

/* ether_setup(): type, header length, MTU, flags, broadcast address. */
void ether_setup(struct netdev *dev);

/* set_operstate() of a request. */
void netdev_set_operstate(struct netdev *dev, uint8_t operstate);
/* NETDEV_CHANGE to all subjects if the device is up. flags: IFF_* that changed. */
void netdev_notify_change(struct netdev *dev, uint32_t flags);
/* netdev_state_change(): the same, and listeners of links are told. */
void netdev_state_change(struct netdev *dev);
/* ---- dev/nest.c: what lies on what, by VLANs and bridges ---- */

/* __netdev_has_upper_dev(): does dev lie on other, at whatever height? */
bool netdev_lies_on(const struct netdev *dev, const struct netdev *other);
/* May upper be laid on dev? Not more than eight, one on the other (MAX_NEST_DEV). */
bool netdev_nest_ok(const struct netdev *dev, const struct netdev *upper);

/* linkwatch_init_dev(): operstate of a device that begins without carrier. */
void linkwatch_init_dev(struct netdev *dev);
/* Its operstate is to be looked at when the request ends. */
void linkwatch_fire_event(struct netdev *dev);
/* Report the carrier changes of the request that ends (linkwatch_event(), after rtnl_unlock()). */
void linkwatch_run(struct vnet *w);

#endif
