#include "cmd/complete.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/menu.h"
#include "cmd/options.h"
#include "vnet_addr.h"
#include "vnet_history.h"
#include "vnet_link.h"
#include "vnet_neigh.h"
#include "vnet_netns.h"
#include "vnet_route.h"
#include "vnet_sysctl.h"

/* ---- offering ---- */

static void offer(const struct completion *c, enum complete_source source, const char *word,
                  size_t n, const char *text)
{
    if (n < strlen(c->word) || strncmp(word, c->word, strlen(c->word)) != 0)
        return;
    if (c->menu)
        menu_add(c->menu, source, word, n, text);
    else
        sink_printf(c->out, "%.*s\n", (int)n, word);
}

void complete_offer(const struct completion *c, const char *candidate)
{
    offer(c, COMPLETE_NONE, candidate, strlen(candidate), NULL);
}

void complete_describe(const struct completion *c, const char *candidate, const char *text)
{
    offer(c, COMPLETE_NONE, candidate, strlen(candidate), text);
}

void complete_at_value(const struct completion *c)
{
    if (c->menu)
        c->menu->value = true;
}

/* <NAME> */
static void offer_name(const struct completion *c, const char *word, size_t n)
{
    char name[32];
    if (!c->menu || n < 2 || n - 2 >= sizeof(name))
        return;
    for (size_t i = 0; i < n - 2; i++)
        name[i] = (char)toupper((unsigned char)word[i + 1]);
    name[n - 2] = '\0';
    menu_takes(c->menu, name);
}

void complete_offer_words(const struct completion *c, const char *words)
{
    while (*(words += strspn(words, " "))) {
        size_t n = strcspn(words, " ");
        if (*words == '<')
            offer_name(c, words, n);
        else
            offer(c, COMPLETE_NONE, words, n, NULL);
        words += n;
    }
}

void complete_offer_names(const struct completion *c, const struct nametab *names)
{
    for (; names->name; names++)
        complete_offer(c, names->name);
}

void complete_offer_source(const struct completion *c, enum complete_source source)
{
    if (c->menu && menu_source_name(source))
        menu_takes(c->menu, menu_source_name(source));
    for (const char *list = c->lists[source]; list && *list; list += *list == '\n') {
        size_t n = strcspn(list, "\n");
        offer(c, source, list, n, NULL);
        list += n;
    }
}

void complete_offer_options(const struct completion *c, const char *spec,
                            const struct long_option *longs, const char *refused, const char *usage)
{
    if (c->menu)
        c->menu->usage = usage;
    for (; *spec; spec++) {
        char option[] = {'-', *spec, '\0'};
        if (!strchr("+:?", *spec) && !(refused && strchr(refused, *spec)))
            complete_offer(c, option);
    }
    for (; longs && longs->name; longs++) {
        struct strbuf option = STRBUF_INIT;
        bool letter = longs->value > 0 && longs->value < 128;
        strbuf_addf(&option, "--%s", longs->name);
        if (!letter || !refused || !strchr(refused, longs->value))
            complete_offer(c, option.data);
        strbuf_release(&option);
    }
}

/* ---- what follows an option, by tool ---- */

static const struct value_row {
    const char *tool;
    int option; /* letter; 0: the operands */
    enum complete_source source;
    const char *words; /* NULL: none */
} value_rows[] = {
    {"arp", 'A', COMPLETE_NONE, "inet"},
    {"arp", 'H', COMPLETE_NONE, "ether"},
    {"arp", 'i', COMPLETE_DEVICES, NULL},
    {"arping", 0, COMPLETE_ADDRESSES, NULL},
    {"arping", 'I', COMPLETE_DEVICES, NULL},
    {"candump", 0, COMPLETE_DEVICES, "any"},
    {"candump", 't', COMPLETE_NONE, "a A d z"},
    {"netstat", 'A', COMPLETE_NONE, "inet inet6 unix"},
    {"ping", 0, COMPLETE_ADDRESSES, NULL},
    {"ping", 'I', COMPLETE_DEVICES, NULL},
    {"ping", 'M', COMPLETE_NONE, "do dont want"},
    {"ping4", 0, COMPLETE_ADDRESSES, NULL},
    {"ping4", 'I', COMPLETE_DEVICES, NULL},
    {"ping4", 'M', COMPLETE_NONE, "do dont want"},
    {"ping6", 0, COMPLETE_ADDRESSES, NULL},
    {"ping6", 'I', COMPLETE_DEVICES, NULL},
    {"ping6", 'M', COMPLETE_NONE, "do dont want"},
    {"replay", 'p', COMPLETE_PROFILES, NULL},
    {"replay", 'f', COMPLETE_NONE, "text tap junit json"},
    {"show", 'C', COMPLETE_NONE, "always auto never"},
    {"sysctl", 0, COMPLETE_SYSCTLS, NULL},
    {"tcpdump", 0, COMPLETE_NONE,
     "arp icmp icmp6 ip ip6 tcp udp ether host net src dst port and or not"},
    {"tcpdump", 'i', COMPLETE_DEVICES, "any"},
    {"tcpdump", 'Q', COMPLETE_NONE, "in out inout"},
    {"tcpdump", 'j', COMPLETE_NONE, "host"},
    {"sudo", 'u', COMPLETE_NONE, "root"},
    {"route", 'A', COMPLETE_NONE, "inet"},
};

void complete_offer_value(const struct completion *c, const char *tool, int option)
{
    if (option)
        complete_at_value(c);
    for (size_t i = 0; i < ARRAY_LEN(value_rows); i++) {
        const struct value_row *row = &value_rows[i];
        if (row->option != option || strcmp(row->tool, tool) != 0)
            continue;
        complete_offer_source(c, row->source);
        if (row->words)
            complete_offer_words(c, row->words);
    }
}

/* ---- what the world has ---- */

static void add_line(struct strbuf *list, const char *text)
{
    strbuf_addf(list, "%s\n", text);
}

static void list_devices(const struct netns *ns, struct strbuf *list)
{
    char name[VNET_IFNAMSIZ];
    for (int i = vnet_link_next(ns, 0); i; i = vnet_link_next(ns, i))
        add_line(list, vnet_link_name(ns, i, name));
}

static int add_address(const struct vnet_addr_info *info, void *arg)
{
    struct strbuf *lists = arg;
    char text[INET_ADDRSTRLEN_MAX];
    inet_addr_str(&info->local, text);
    add_line(&lists[COMPLETE_ADDRESSES], text);
    strbuf_addf(&lists[COMPLETE_PREFIXES], "%s/%u\n", text, info->prefixlen);
    return 0;
}

static int add_neighbour(const struct vnet_neigh_info *info, void *arg)
{
    struct strbuf *lists = arg;
    char text[INET_ADDRSTRLEN_MAX];
    if (!inet_addr_is_multicast(&info->dst))
        add_line(&lists[COMPLETE_ADDRESSES], inet_addr_str(&info->dst, text));
    return 0;
}

static int add_route(const struct vnet_route_info *info, void *arg)
{
    struct strbuf *lists = arg;
    char text[INET_ADDRSTRLEN_MAX];
    if (info->table == VNET_RT_TABLE_LOCAL)
        return 0;
    if (info->dst_len)
        strbuf_addf(&lists[COMPLETE_ROUTES], "%s/%u\n", inet_addr_str(&info->dst, text),
                    info->dst_len);
    return 0;
}

static int add_sysctl(const char *path, bool readable, bool writable, void *arg)
{
    struct strbuf *list = arg;
    (void)readable;
    (void)writable;
    cmd_sysctl_exchange(list, path);
    strbuf_addc(list, '\n');
    return 0;
}

/* Fill the lists, and copy the world for the tool to read in: whatever it does there is forgotten.
 * NULL: it cannot be read. */
static struct vnet *copy_world(struct cmd_env *env, struct strbuf lists[COMPLETE_SOURCES])
{
    struct vnet *w;
    struct vnet_err err = {""};
    if (vnet_begin(env->session, false, &w, &err) < 0)
        return NULL;
    for (const struct netns *n = NULL; (n = vnet_netns_next_name(w, n));)
        add_line(&lists[COMPLETE_NETNS], vnet_netns_name(n));
    const struct netns *ns = vnet_ns_find(w, env->netns);
    if (ns) {
        list_devices(ns, &lists[COMPLETE_DEVICES]);
        vnet_addr_dump(ns, VNET_AF_UNSPEC, 0, add_address, lists);
        vnet_neigh_dump(ns, VNET_AF_UNSPEC, false, add_neighbour, lists);
        strbuf_adds(&lists[COMPLETE_ROUTES], "default\n");
        vnet_route_dump(ns, VNET_AF_UNSPEC, add_route, lists);
        vnet_sysctl_list(ns, "", add_sysctl, &lists[COMPLETE_SYSCTLS]);
    }
    struct vnet *copy = vnet_clone(w);
    vnet_abort(env->session);
    return copy;
}

/* ---- the command line ---- */

static bool takes_completion(const struct tool *tool)
{
    static const char *const names[] = {
        "activate",    "arp",     "arping",  "brctl",   "bridge",   "candump",   "check",
        "dmesg",       "ethtool", "explain", "history", "ifconfig", "import",    "init",
        "ip",          "lesson",  "netstat", "nsenter", "nstat",    "ping",      "ping4",
        "ping6",       "redo",    "replay",  "route",   "sh",       "show",      "sleep",
        "snapshot",    "sudo",    "sysctl",  "tcpdump", "timeout",  "tracepath", "traceroute",
        "traceroute6", "undo",    "unshare", "why",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], tool->name) == 0)
            return true;
    return false;
}

static void list_tools(struct strbuf *list, bool all)
{
    for (const struct tool *t = tools; t->name; t++)
        if (*t->summary && (all || t->origin == TOOL_REAL))
            add_line(list, t->name);
}

/* "vnet -f FILE ip ...": words to skip. */
static int own_words(int argc, char **argv)
{
    int i = 0;
    if (argc == 0 || strcmp(argv[0], "vnet") != 0)
        return 0;
    for (i = 1; i < argc - 1 && argv[i][0] == '-';)
        i += strchr(argv[i], '=') ? 1 : 2;
    return i;
}

/* "ip netns exec NS ip ...": words to skip; what follows is completed as in that namespace. */
static int skip_netns_exec(struct cmd_env *env, int argc, char **argv)
{
    if (argc < 6 || strcmp(argv[0], "ip") != 0 || strcmp(argv[1], "netns") != 0 ||
        strcmp(argv[2], "exec") != 0 || *argv[3] == '/')
        return 0;
    env->netns = argv[3];
    return 4;
}

static void complete_line(struct cmd_env *env, struct completion *c, bool own, int argc,
                          char **argv)
{
    if (argc == 1) {
        complete_offer_source(c, COMPLETE_TOOLS);
        if (own)
            complete_offer_words(c, "-f --file --clock --profile --help --version");
        return;
    }
    const struct tool *tool = tool_find(argv[0]);
    if (!tool || !takes_completion(tool))
        return;
    char **words = mem_calloc((size_t)argc + 1, sizeof(*words)); /* its own: tools permute them */
    memcpy(words, argv, (size_t)argc * sizeof(*words));
    env->complete = c;
    tool_run(tool, env, argc, words);
    free(words);
}

static void add_snapshot(const char *name, void *arg)
{
    add_line(arg, name);
}

/* A question about a command line: a copy of the world to ask the tools in, and what it has. */
struct question {
    struct cmd_env env;
    struct strbuf lists[COMPLETE_SOURCES];
    struct sink nowhere;
    int skip; /* words in front of the tool's name */
};

static void question_release(struct question *q)
{
    vnet_session_free(q->env.session);
    for (size_t i = 0; i < COMPLETE_SOURCES; i++)
        strbuf_release(&q->lists[i]);
    sink_release(&q->nowhere);
}

/* false: there is nothing to ask. */
static bool question_init(struct question *q, struct cmd_env *env, int argc, char **argv)
{
    struct vnet_err err;
    *q = (struct question){.env = *env, .skip = own_words(argc, argv)};
    if (argc - q->skip < 1)
        return false;
    bool own = q->skip > 0;
    q->skip += skip_netns_exec(&q->env, argc - q->skip, argv + q->skip);
    struct vnet *world = copy_world(&q->env, q->lists);
    if (world)
        vnet_snapshot_list(env->session, add_snapshot, &q->lists[COMPLETE_SNAPSHOTS], &err);
    list_tools(&q->lists[COMPLETE_TOOLS], own);
    for (const struct vnet_profile *p = vnet_profiles(); p->name; p++)
        add_line(&q->lists[COMPLETE_PROFILES], p->name);
    sink_init_mem(&q->nowhere);
    q->env.out = q->env.err = &q->nowhere;
    q->env.session = world ? vnet_session_memory(world) : NULL;
    if (!world)
        question_release(q);
    return world != NULL;
}

static void ask(struct question *q, int argc, char **argv, struct sink *out, struct menu *menu)
{
    struct completion c = {.word = argv[argc - 1], .out = out, .menu = menu};
    for (size_t i = 0; i < COMPLETE_SOURCES; i++)
        c.lists[i] = strbuf_cstr(&q->lists[i]);
    complete_line(&q->env, &c, q->skip > 0, argc - q->skip, argv + q->skip);
    strbuf_reset(&q->nowhere.buf);
}

void complete_words(struct cmd_env *env, int argc, char **argv, struct sink *out)
{
    struct question q;
    if (!question_init(&q, env, argc, argv))
        return;
    ask(&q, argc, argv, out, NULL);
    question_release(&q);
}

/* ---- menus ---- */

/* What completion offers behind a word of the menu, if that is a value. words: argv and room. */
static void ask_behind(struct question *q, int argc, char **words, struct menu_entry *e)
{
    struct menu behind = MENU_INIT;
    char nothing[] = "";
    words[argc - 1] = e->word;
    words[argc] = nothing;
    ask(q, argc + 1, words, NULL, &behind);
    if (behind.value)
        e->takes = menu_summary(&behind);
    menu_release(&behind);
}

/* Where whatever may stand, options may. */
static void ask_options(struct question *q, int argc, char **words, struct menu *menu)
{
    char dash[] = "-";
    words[argc - 1] = dash;
    ask(q, argc, words, NULL, menu);
}

/* What a sysctl is now. */
static void tell_value(const struct netns *ns, struct menu_entry *e)
{
    struct strbuf path = STRBUF_INIT, value = STRBUF_INIT;
    cmd_sysctl_exchange(&path, e->word);
    if (vnet_sysctl_get(ns, strbuf_cstr(&path), &value) == 0) {
        strbuf_addc(&value, '\n');
        value.data[strcspn(value.data, "\n")] = '\0';
        e->text = mem_strdup(value.data);
    }
    strbuf_release(&path);
    strbuf_release(&value);
}

static void tell_values(struct question *q, struct menu *menu)
{
    struct vnet *w;
    struct vnet_err err;
    if (vnet_begin(q->env.session, false, &w, &err) < 0)
        return;
    const struct netns *ns = vnet_ns_find(w, q->env.netns);
    for (size_t i = 0; ns && i < menu->n; i++)
        if (menu->list[i].source == COMPLETE_SYSCTLS && !menu->list[i].text)
            tell_value(ns, &menu->list[i]);
    vnet_abort(q->env.session);
}

static void tell_tools(struct menu *menu)
{
    for (size_t i = 0; i < menu->n; i++) {
        struct menu_entry *e = &menu->list[i];
        const struct tool *tool = e->source == COMPLETE_TOOLS ? tool_find(e->word) : NULL;
        if (tool)
            e->text = mem_strdup(tool->summary);
    }
}

void complete_choices(struct cmd_env *env, int argc, char **argv, struct menu *menu)
{
    struct question q;
    if (!question_init(&q, env, argc, argv))
        return;
    ask(&q, argc, argv, NULL, menu);
    question_release(&q);
}

void complete_menu(struct cmd_env *env, int argc, char **argv, struct menu *menu)
{
    struct question q;
    if (!question_init(&q, env, argc, argv))
        return;
    char **words = mem_calloc((size_t)argc + 2, sizeof(*words));
    memcpy(words, argv, (size_t)argc * sizeof(*words));
    ask(&q, argc, words, NULL, menu);
    if (!menu->value && !*argv[argc - 1])
        ask_options(&q, argc, words, menu);
    menu_fold(menu, argv[argc - 1]);
    for (size_t i = 0; !menu->value && i < menu->n; i++)
        if (menu->list[i].source == COMPLETE_NONE)
            ask_behind(&q, argc, words, &menu->list[i]);
    if (*argv[argc - 1] && menu->n)
        strbuf_reset(&menu->takes); /* something else has been begun */
    if (menu->value && !menu->n && !menu->takes.len)
        menu_value_of(menu, argc > 1 ? argv[argc - 2] : "");
    tell_values(&q, menu);
    tell_tools(menu);
    free(words);
    question_release(&q);
}

int complete_main(struct cmd_env *env, int argc, char **argv)
{
    complete_words(env, argc - 1, argv + 1, env->out);
    return 0;
}
