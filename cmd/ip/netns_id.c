/* `ip netns list-id`, `ip netns set`: the numbers that namespaces have for each other. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/ip/help.h"
#include "cmd/ip/netns.h"
#include "cmd/netns.h"

/* What a message about a namespace carries: its number where one asked for (-1: none), and in the
 * own one, if that is another. */
struct numbers {
    int nsid, current;
    bool has_current;
};

static void print_nsid(struct ip *ip, const struct numbers *n)
{
    struct printer *p = &ip->out;
    int own = n->has_current && n->current >= 0 ? n->current : n->nsid;
    const struct netns *peer = own >= 0 ? vnet_nsid_peer(ip->ns, own) : NULL;
    json_open_object(p, NULL);
    if (n->nsid < 0)
        print_text(p, "nsid unassigned ");
    else
        print_int(p, TO_ANY, "nsid", "nsid %d ", n->nsid);
    if (n->has_current && n->current < 0)
        print_text(p, "current-nsid unassigned ");
    else if (n->has_current)
        print_int(p, TO_ANY, "current-nsid", "current-nsid %d ", n->current);
    if (peer && *vnet_netns_name(peer))
        print_str(p, TO_ANY, "name", "(iproute2 netns name: %s)", vnet_netns_name(peer));
    print_text(p, "\n");
    json_close_object(p);
}

static void print_peer(struct ip *ip, const struct netns *of, const struct netns *peer)
{
    const struct numbers n = {
        .nsid = vnet_nsid(of, peer),
        .current = vnet_nsid(ip->ns, peer),
        .has_current = of != ip->ns,
    };
    print_nsid(ip, &n);
}

struct asked {
    int target, nsid; /* -1: not given */
};

static int take_number(struct args *a, int *into, const char *key)
{
    char why[64];
    if (*into >= 0)
        return arg_duplicate(a, key, a->v[0]);
    int status = arg_next(a);
    if (status)
        return status;
    snprintf(why, sizeof(why), "\"%s\" value is invalid", key);
    if (!arg_int(a->v[0], 0, into))
        return arg_invalid(a, why, a->v[0]);
    snprintf(why, sizeof(why), "\"%s\" value should be >= 0", key);
    /* iproute2 names the word behind it */
    return *into < 0 ? arg_invalid(a, why, a->n > 1 ? a->v[1] : "(null)") : ARG_OK;
}

static int read_asked(struct ip *ip, struct args *a, struct asked *q)
{
    for (; a->n > 0; arg_advance(a)) {
        int status = arg_completing(a) ? ARG_EXIT : ARG_OK;
        if (status)
            complete_offer_words(a->complete, "target-nsid nsid");
        else if (strcmp(a->v[0], "target-nsid") == 0)
            status = take_number(a, &q->target, "target-nsid");
        else if (strcmp(a->v[0], "nsid") == 0)
            status = take_number(a, &q->nsid, "nsid");
        else
            status = ip_usage(ip, HELP_NETNS);
        if (status)
            return status;
    }
    return ARG_OK;
}

int ip_netns_list_id(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct asked q = {-1, -1};
    (void)verb;
    int status = read_asked(ip, a, &q);
    if (status)
        return status;
    const struct netns *peer = q.nsid >= 0 ? vnet_nsid_peer(ip->ns, q.nsid) : NULL;
    const struct netns *of = q.target >= 0 ? vnet_nsid_peer(ip->ns, q.target) : ip->ns;
    if (q.nsid >= 0 && !peer)
        return ip_refuse(ip, "Peer netns reference is invalid");
    if (!of && peer)
        return ip_refuse(ip, "Target netns reference is invalid");
    if (!of) {
        json_begin(&ip->out);
        json_end(&ip->out);
        ip_refuse(ip, "Invalid target network namespace id");
        sink_puts(ip->err, "Dump terminated\n");
        return ARG_EXIT_FAILED;
    }
    json_begin(&ip->out);
    if (peer)
        print_peer(ip, of, peer);
    for (int id = peer ? -1 : vnet_nsid_next(of, -1); id >= 0; id = vnet_nsid_next(of, id))
        print_peer(ip, of, vnet_nsid_peer(of, id));
    json_end(&ip->out);
    return ARG_OK;
}

int ip_netns_set(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    struct vnet_err err = {""};
    int nsid = -1;
    (void)verb;
    if (a->complete)
        return a->n == 1 ? arg_offer_row(a) : ARG_EXIT;
    if (a->n < 1)
        return ip_netns_missing(ip, "No netns name specified");
    if (a->n < 2)
        return ip_netns_missing(ip, "No nsid specified");
    bool automatic = strcmp(a->v[1], "auto") == 0;
    if (!automatic && !arg_int(a->v[1], 0, &nsid))
        return arg_invalid(a, "Invalid \"netnsid\" value", a->v[1]);
    if (!automatic && nsid < 0)
        return arg_invalid(a, "\"netnsid\" value should be >= 0", a->v[1]);
    struct netns *peer = netns_named(ip->w, a->v[0]);
    if (peer)
        return ip_answer(ip, vnet_nsid_set(ip->ns, peer, nsid, &err), &err);
    ip_netns_not_opened(ip, a->v[0]);
    return ARG_FAILED;
}
