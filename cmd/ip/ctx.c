#include "cmd/ip/ctx.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmd/ip/ll_map.h"

int ip_open(struct ip *ip)
{
    if (ip->w)
        return ARG_OK;
    if (cmd_begin(ip->env, &ip->w, &ip->ns) < 0) {
        ip->w = NULL;
        return ARG_FAILED;
    }
    ip->facts = &vnet_world_profile(ip->w)->tools;
    return ARG_OK;
}

const struct tool_facts *ip_tools(struct ip *ip)
{
    return ip->w ? ip->facts : &cmd_profile(ip->env)->tools;
}

/* What a command did stays done where it fails half way, as on a kernel; if nothing was changed the
 * commit writes nothing. */
int ip_close(struct ip *ip)
{
    if (!ip->w)
        return ARG_OK;
    ip->w = NULL;
    return cmd_commit(ip->env) < 0 ? ARG_FAILED : ARG_OK;
}

/* Is the terminal's background dark, as COLORFGBG says ("15;0")? (lib/color.c) */
static bool dark_background(const struct cmd_env *env)
{
    const char *v = env->getenv ? env->getenv("COLORFGBG") : NULL;
    const char *last = v ? strrchr(v, ';') : NULL;
    return last && ((last[1] >= '0' && last[1] <= '6') || last[1] == '8') && last[2] == '\0';
}

void ip_prepare_output(struct ip *ip)
{
    const struct ip_options *o = &ip->opt;
    struct printer *p = &ip->out;
    p->json = o->json;
    p->pretty = o->pretty;
    p->nl = o->oneline ? "\\" : "\n";
    p->color = !o->json && (o->color == PAINT_ALWAYS ||
                            (o->color == PAINT_AUTO && ip->env->out->line_buffered));
    p->dark = dark_background(ip->env);
}

const char *ip_host_str(const struct ip *ip, const struct inet_addr *addr,
                        char buf[INET_ADDRSTRLEN_MAX])
{
    const char *name = ip->opt.resolve ? hosts_name(vnet_hosts(ip->w), addr) : NULL;
    return name ? name : inet_addr_str(addr, buf);
}

const char *ip_link_name(const struct ip *ip, int ifindex, char buf[VNET_IFNAMSIZ])
{
    if (ip->names)
        ll_map_name(ip->names, ifindex, buf);
    else
        vnet_link_name(ip->ns, ifindex, buf);
    if (!ip->names)
        vnet_link_asked(ip->ns, ifindex);
    if (!*buf)
        snprintf(buf, VNET_IFNAMSIZ, "if%u", (unsigned)ifindex);
    return buf;
}

uint32_t ip_link_flags(const struct ip *ip, int ifindex)
{
    struct vnet_link_info l;
    if (ip->names)
        return ll_map_flags(ip->names, ifindex);
    return vnet_link_get(ip->ns, ifindex, &l) < 0 ? UINT32_MAX : l.flags;
}

/* if_nametoindex(): SIOCGIFINDEX, which cuts what stands behind a colon off (dev_ioctl()). */
static int index_of_label(const struct ip *ip, const char *label)
{
    char name[VNET_IFNAMSIZ];
    const char *colon = strchr(label, ':');
    if (!colon || strlen(label) >= sizeof(name))
        return 0;
    snprintf(name, sizeof(name), "%.*s", (int)(colon - label), label);
    return vnet_link_index(ip->ns, name);
}

int ip_link_index(const struct ip *ip, const char *name)
{
    unsigned n;
    int ifindex = vnet_link_index(ip->ns, name);
    if (ifindex)
        vnet_link_asked(ip->ns, ifindex);
    else
        ifindex = index_of_label(ip, name);
    if (ifindex == 0 && sscanf(name, "if%9u", &n) == 1)
        ifindex = (int)n;
    return ifindex;
}

int ip_nodev(struct ip *ip, const char *name)
{
    sink_printf(ip->err, "Cannot find device \"%s\"\n", name);
    return ARG_FAILED;
}

bool ip_altname_ok(const char *name)
{
    if (*name == '\0')
        return false;
    for (; *name; name++)
        if (*name == '/' || isspace((unsigned char)*name))
            return false;
    return true;
}

bool ip_ifname_ok(const char *name)
{
    return strlen(name) < VNET_IFNAMSIZ && ip_altname_ok(name);
}

int ip_answer(struct ip *ip, int rc, const struct vnet_err *err)
{
    if (rc >= 0)
        return ARG_OK;
    size_t len = strlen(err->msg);
    if (len)
        sink_printf(ip->err, "Error: %s%s\n", err->msg, err->msg[len - 1] == '.' ? "" : ".");
    else
        sink_printf(ip->err, "RTNETLINK answers: %s\n", cmd_strerror(-rc));
    return ARG_REFUSED;
}

int ip_refuse(struct ip *ip, const char *why)
{
    sink_printf(ip->err, "Error: %s.\n", why);
    return ARG_REFUSED;
}

const char *ip_family_name(uint8_t family)
{
    switch (family) {
    case VNET_AF_INET:
        return "inet";
    case VNET_AF_INET6:
        return "inet6";
    case VNET_AF_PACKET:
        return "link";
    default:
        return "???";
    }
}

enum print_color ip_family_color(uint8_t family)
{
    return family == VNET_AF_INET ? COLOR_INET : family == VNET_AF_INET6 ? COLOR_INET6 : COLOR_NONE;
}

static int offer_verbs(const struct args *a, const struct ip_verb *verbs)
{
    for (const struct ip_verb *v = verbs; v->name; v++)
        if (v->run)
            complete_offer(a->complete, v->name);
    return ARG_EXIT;
}

static int refuse_verb(struct args *a, const char *object, const char *verb)
{
    struct strbuf what = STRBUF_INIT;
    strbuf_addf(&what, "ip %s", object);
    int status = arg_unsupported(a, what.data, verb);
    strbuf_release(&what);
    return status;
}

int ip_run_verb(struct ip *ip, struct args *a, const struct ip_verb *verbs, const char *object,
                const struct ip_verb *without)
{
    const char *word = arg_word(a);
    const struct ip_verb *v = word ? verbs : without;
    if (arg_completing(a))
        return offer_verbs(a, verbs);
    while (word && v->name && strcmp(word, v->name) != 0 &&
           !(v->abbrev && arg_matches(word, v->name)))
        v++;
    if (!v->name) {
        sink_printf(ip->err, "Command \"%s\" is unknown, try \"ip %s help\".\n", word, object);
        return ARG_USAGE;
    }
    if (!v->run)
        return refuse_verb(a, object, v->name);
    if (word)
        arg_advance(a);
    if (a->complete)
        a->complete->verb = v->name;
    int status = v->needs_world ? ip_open(ip) : ARG_OK;
    return status ? status : v->run(ip, a, v);
}
