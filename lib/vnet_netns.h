/* Network namespaces: made, named, numbered, deleted. What `ip netns` shows of /run/netns and asks
 * of the kernel by RTM_GETNSID and RTM_NEWNSID. */
#ifndef VNET_NETNS_H
#define VNET_NETNS_H

#include "vnet.h"

enum { VNET_NETNS_NAME_MAX = 255, VNET_NETNS_MAX = 4096 };

/* A new namespace (copy_net_ns()) made by a process in `from`, whose sysctls it may inherit: lo,
 * down, without addresses. name: what /run/netns is to have, copied; "": nothing, it lives until
 * vnet_netns_collect(). NULL and *error: -EEXIST, -EINVAL (no name of a file, or one with control
 * characters), -ENOSPC with a message beyond VNET_NETNS_MAX. */
struct netns *vnet_netns_add(struct netns *from, const char *name, int *error,
                             struct vnet_err *err);
/* Take a name away: -ENOENT. The namespace lives on, nameless, while `held` says so of its id; else
 * its virtual links go with their peers, NICs go back to the initial one (cleanup_net()). held
 * NULL: nobody holds any. */
int vnet_netns_del(struct vnet *w, const char *name, bool (*held)(uint32_t id, void *arg),
                   void *arg);
/* Nameless namespaces that nobody holds go. */
void vnet_netns_collect(struct vnet *w, bool (*held)(uint32_t id, void *arg), void *arg);

/* Named ones, the newest first as a folder in tmpfs lists them: start with NULL; NULL ends. */
struct netns *vnet_netns_next(struct vnet *w, const struct netns *after);
/* The same for lists of names, which costs less: its name, id and number in another one are all
 * that may be asked for. */
const struct netns *vnet_netns_next_name(const struct vnet *w, const struct netns *after);
struct netns *vnet_netns_by_id(struct vnet *w, uint32_t id);
/* "" for the initial one and those whose name was taken away. */
const char *vnet_netns_name(const struct netns *ns);
/* Unique in the world, never used again; the initial one's is 1. */
uint32_t vnet_netns_id(const struct netns *ns);

/* ---- the numbers that a namespace has for others (nsid) ---- */

/* peernet2id(): what ns calls peer; -1: it has no number for it. */
int vnet_nsid(const struct netns *ns, const struct netns *peer);
/* rtnl_net_newid(): give peer a number, -1: the lowest free one. -EEXIST with a message. */
int vnet_nsid_set(struct netns *ns, struct netns *peer, int nsid, struct vnet_err *err);
/* get_net_ns_by_id(): NULL if ns has no such number. */
struct netns *vnet_nsid_peer(const struct netns *ns, int nsid);
/* In ascending order: start with -1; -1 ends. */
int vnet_nsid_next(const struct netns *ns, int after);

#endif
