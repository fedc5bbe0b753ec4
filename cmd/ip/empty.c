/* Objects of which a machine has none until somebody makes one, which is not emulated: `ip tunnel',
 * `tuntap', `mroute', `tcp_metrics', `vrf', `xfrm'. They are listed, as what there is: nothing. */
#include <string.h>

#include "cmd/ip/ctx.h"
#include "cmd/ip/help.h"

/* Words that choose among what is listed are not read: the first one is refused. */
static int refuse_word(struct args *a)
{
    return arg_unsupported(a, "word", arg_word(a));
}

static int list_nothing(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)verb;
    if (arg_word(a))
        return refuse_word(a);
    json_begin(&ip->out);
    json_end(&ip->out);
    return ARG_OK;
}

/* Without JSON, whatever was asked for. */
static int say_nothing(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)ip;
    (void)verb;
    return arg_word(a) ? refuse_word(a) : ARG_OK;
}

static int help(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    return ip_usage(ip, (enum ip_help)verb->value);
}

static const struct ip_verb nothing = {"show", false, true, list_nothing, 0};

int ip_tunnel_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb verbs[] = {
        {"add", true, false, NULL, 0},         {"change", true, false, NULL, 0},
        {"replace", true, false, NULL, 0},     {"delete", true, false, NULL, 0},
        {"show", true, true, list_nothing, 0}, {"lst", true, true, list_nothing, 0},
        {"list", true, true, list_nothing, 0}, {"prl", true, false, NULL, 0},
        {"6rd", true, false, NULL, 0},         {"help", true, false, help, HELP_TUNNEL},
        {NULL, false, false, NULL, 0},
    };
    return ip_run_verb(ip, a, verbs, "tunnel", &nothing);
}

int ip_tuntap_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb verbs[] = {
        {"add", true, false, NULL, 0},         {"delete", true, false, NULL, 0},
        {"show", true, true, list_nothing, 0}, {"lst", true, true, list_nothing, 0},
        {"list", true, true, list_nothing, 0}, {"help", true, false, help, HELP_TUNTAP},
        {NULL, false, false, NULL, 0},
    };
    return ip_run_verb(ip, a, verbs, "tuntap", &nothing);
}

int ip_mroute_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb verbs[] = {
        {"show", true, true, list_nothing, 0}, {"lst", true, true, list_nothing, 0},
        {"list", true, true, list_nothing, 0}, {"help", true, false, help, HELP_MROUTE},
        {NULL, false, false, NULL, 0},
    };
    return ip_run_verb(ip, a, verbs, "mroute", &nothing);
}

int ip_tcpmetrics_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb verbs[] = {
        {"delete", true, false, NULL, 0},      {"flush", true, true, say_nothing, 0},
        {"show", true, true, list_nothing, 0}, {"lst", true, true, list_nothing, 0},
        {"list", true, true, list_nothing, 0}, {"help", true, false, help, HELP_TCPMETRICS},
        {NULL, false, false, NULL, 0},
    };
    return ip_run_verb(ip, a, verbs, "tcp_metrics", &nothing);
}

/* ---- vrf ---- */

static int list_vrfs(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    int status = list_nothing(ip, a, verb);
    if (!status && !ip->opt.json)
        sink_puts(ip->out.out, "Name              Table\n"
                               "-----------------------\n"
                               "No VRF has been configured\n");
    return status;
}

int ip_vrf_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb without = {"show", false, true, list_vrfs, 0};
    static const struct ip_verb verbs[] = {
        {"identify", true, true, say_nothing, 0}, {"pids", true, false, NULL, 0},
        {"exec", true, false, NULL, 0},           {"show", true, true, list_vrfs, 0},
        {"lst", true, true, list_vrfs, 0},        {"list", true, true, list_vrfs, 0},
        {"help", true, false, help, HELP_VRF},    {NULL, false, false, NULL, 0},
    };
    return ip_run_verb(ip, a, verbs, "vrf", &without);
}

/* ---- xfrm: states and policies, whose lists are never JSON ---- */

static int count_states(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    sink_puts(ip->out.out, "\t SAD count 0\n");
    return ARG_OK;
}

static int count_policies(struct ip *ip, struct args *a, const struct ip_verb *verb)
{
    (void)a;
    (void)verb;
    sink_puts(ip->out.out, "\t SPD IN  0 OUT 0 FWD 0\n");
    return ARG_OK;
}

static int run_xfrm(struct ip *ip, struct args *a, const char *object, const struct ip_verb *count)
{
    static const struct ip_verb without = {"list", false, true, say_nothing, 0};
    const struct ip_verb verbs[] = {
        {"add", true, false, NULL, 0},
        {"update", true, false, NULL, 0},
        {"delete", true, false, NULL, 0},
        {"deleteall", true, false, NULL, 0},
        {"show", true, true, say_nothing, 0},
        {"lst", true, true, say_nothing, 0},
        {"list", true, true, say_nothing, 0},
        {"flush", true, true, say_nothing, 0},
        *count,
        {NULL, false, false, NULL, 0},
    };
    return ip_run_verb(ip, a, verbs, object, &without);
}

int ip_xfrm_object(struct ip *ip, struct args *a)
{
    static const struct ip_verb states = {"count", true, true, count_states, 0},
                                policies = {"count", true, true, count_policies, 0};
    const char *word = arg_word(a);
    if (arg_completing(a)) {
        complete_offer_words(a->complete, "state policy");
        return ARG_EXIT;
    }
    if (word && arg_matches(word, "state")) {
        arg_advance(a);
        return run_xfrm(ip, a, "xfrm state", &states);
    }
    if (word && arg_matches(word, "policy")) {
        arg_advance(a);
        return run_xfrm(ip, a, "xfrm policy", &policies);
    }
    if (word && arg_matches(word, "monitor"))
        return arg_unsupported(a, "ip xfrm", "monitor");
    return ip_usage(ip, HELP_XFRM);
}
