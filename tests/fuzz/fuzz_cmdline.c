/* Command lines of `ip`, or of a tool that a line begins with: each line of the input is one command
 * in a world in memory. A byte from 0x80 on stands for a word of the table, any other for itself;
 * blanks separate words. After the last command the world is saved and loaded: what comes back must
 * be the same. */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/ethtool/ethtool.h"
#include "cmd/ip/ip.h"
#include "cmd/tracepath/tracepath.h"
#include "cmd/traceroute/traceroute.h"
#include "state/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_WORDS = 64, MAX_LINES = 16 };

static const char *const vocabulary[] = {"link",        "address",
                                         "route",       "neigh",
                                         "rule",        "add",
                                         "set",         "show",
                                         "del",         "replace",
                                         "change",      "append",
                                         "get",         "flush",
                                         "dev",         "lo",
                                         "eth0",        "veth0",
                                         "veth1",       "type",
                                         "veth",        "bridge",
                                         "peer",        "name",
                                         "up",          "down",
                                         "mtu",         "1400",
                                         "master",      "nomaster",
                                         "group",       "5",
                                         "alias",       "index",
                                         "txqlen",      "arp",
                                         "off",         "on",
                                         "promisc",     "addrgenmode",
                                         "none",        "state",
                                         "dormant",     "mode",
                                         "vf",          "mac",
                                         "protodown",   "carrier",
                                         "10.0.0.1/24", "10.0.0.2",
                                         "10.0.0.0/8",  "2001:db8::1/64",
                                         "fe80::1",     "default",
                                         "local",       "broadcast",
                                         "+",           "label",
                                         "scope",       "host",
                                         "metric",      "valid_lft",
                                         "100",         "preferred_lft",
                                         "nodad",       "via",
                                         "inet6",       "nexthop",
                                         "weight",      "3",
                                         "onlink",      "src",
                                         "table",       "all",
                                         "proto",       "static",
                                         "blackhole",   "unreachable",
                                         "tos",         "0x10",
                                         "from",        "iif",
                                         "oif",         "mark",
                                         "fibmatch",    "root",
                                         "match",       "exact",
                                         "lladdr",      "02:00:00:00:00:05",
                                         "nud",         "permanent",
                                         "stale",       "proxy",
                                         "router",      "use",
                                         "to",          "pref",
                                         "fwmark",      "1/3",
                                         "goto",        "32766",
                                         "sport",       "1-5",
                                         "uidrange",    "-j",
                                         "-p",          "-d",
                                         "-s",          "-o",
                                         "-br",         "-4",
                                         "-6",          "-0",
                                         "-N",          "-c",
                                         "-h",          "-iec",
                                         "-n",          "expires",
                                         "lock",        "nhid",
                                         "id",          "resilient",
                                         "buckets",     "1/2",
                                         "bucket",      "fdb",
                                         "mngtmpaddr",  "incomplete",
                                         "probe",       "delay",
                                         "reachable",   "noarp",
                                         "failed"};

/* The line's words, NUL-terminated, appended to text; their offsets into at. */
static int cut_line(const uint8_t *line, size_t size, struct strbuf *text, size_t at[MAX_WORDS])
{
    int n = 0;
    bool inside = false;
    for (size_t i = 0; i < size && n < MAX_WORDS - 1; i++) {
        bool blank = line[i] == ' ' || line[i] == '\0';
        if (!blank && !inside)
            at[n++] = text->len;
        if (blank && inside)
            strbuf_addc(text, '\0');
        else if (line[i] >= 0x80)
            strbuf_adds(text, vocabulary[(line[i] - 0x80) % ARRAY_LEN(vocabulary)]);
        else if (!blank)
            strbuf_addc(text, (char)line[i]);
        inside = !blank && line[i] < 0x80;
        if (!blank && !inside)
            strbuf_addc(text, '\0');
    }
    strbuf_addc(text, '\0');
    return n;
}

static const struct other {
    const char *name;
    int (*run)(struct cmd_env *env, int argc, char **argv);
} others[] = {
    {"ethtool", ethtool_main},
    {"tracepath", tracepath_main},
    {"traceroute", traceroute_main},
    {"traceroute6", traceroute6_main},
};

static const struct other *other_tool(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (strcmp(others[i].name, name) == 0)
            return &others[i];
    return NULL;
}

/* What waits is ended after a minute of the world's time. */
static bool bound(struct cmd_env *env)
{
    struct vnet_err err;
    struct vnet *w;
    if (vnet_begin(env->session, false, &w, &err) < 0)
        return false;
    env->deadline = vnet_now(w) + 60 * NSEC_PER_SEC;
    env->deadline_signal = SIGINT;
    env->may_wait_forever = true;
    vnet_abort(env->session);
    return true;
}

static void run_line(struct vnet_session *session, const uint8_t *line, size_t size)
{
    struct strbuf text = STRBUF_INIT;
    struct sink out, err;
    size_t at[MAX_WORDS];
    char ip[] = "ip", *argv[MAX_WORDS + 1] = {ip};
    int n = cut_line(line, size, &text, at);
    for (int i = 0; i < n; i++)
        argv[i + 1] = text.data + at[i];
    sink_init_mem(&out);
    sink_init_mem(&err);
    struct cmd_env env = {.out = &out, .err = &err, .session = session, .netns = ""};
    const struct other *other = n > 0 ? other_tool(argv[1]) : NULL;
    if (!other)
        ip_main(&env, n + 1, argv);
    else if (bound(&env))
        other->run(&env, n, argv + 1);
    sink_release(&out);
    sink_release(&err);
    strbuf_release(&text);
}

static void check_saved(struct vnet_session *session)
{
    struct strbuf before = STRBUF_INIT, after = STRBUF_INIT;
    struct vnet_err err;
    struct vnet *w;
    if (vnet_begin(session, false, &w, &err) < 0)
        abort();
    struct vnet *copy = vnet_clone(w); /* aborts if it cannot be loaded */
    state_save(w, &before);
    state_save(copy, &after);
    if (strcmp(strbuf_cstr(&before), strbuf_cstr(&after)) != 0)
        abort();
    vnet_free(copy);
    vnet_abort(session);
    strbuf_release(&before);
    strbuf_release(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vnet_err err;
    struct vnet *w = vnet_new(vnet_profiles(), 1, 1700000000 * NSEC_PER_SEC);
    if (vnet_preset(w, "host", &err) < 0) {
        vnet_free(w);
        return 0;
    }
    struct vnet_session *session = vnet_session_memory(w);
    for (int line = 0; line < MAX_LINES && size; line++) {
        const uint8_t *end = memchr(data, '\n', size);
        size_t len = end ? (size_t)(end - data) : size;
        run_line(session, data, len);
        size_t step = end ? len + 1 : len;
        data += step;
        size -= step;
    }
    check_saved(session);
    vnet_session_free(session);
    return 0;
}
