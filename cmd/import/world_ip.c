#include "cmd/import/world_ip.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/ip/ctx.h"

enum { MAX_WORDS = 1200 }; /* 256 nexthops */

static const struct {
    const char *name;
    int (*run)(struct ip *ip, struct args *a);
} objects[] = {
    {"link", ip_link_object}, {"addr", ip_addr_object},   {"route", ip_route_object},
    {"rule", ip_rule_object}, {"neigh", ip_neigh_object},
};

static int cut(char *text, char **words)
{
    int n = 0;
    for (char *s = text; *s && n < MAX_WORDS;) {
        words[n++] = s;
        s += strcspn(s, " ");
        if (*s)
            *s++ = '\0';
    }
    words[n] = NULL;
    return n;
}

static int run(struct ip *ip, struct args *a)
{
    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        if (strcmp(a->v[0], objects[i].name) == 0) {
            arg_advance(a);
            return objects[i].run(ip, a);
        }
    }
    return ARG_USAGE;
}

static void first_line(const struct sink *s, struct vnet_err *err)
{
    const char *text = strbuf_cstr(&s->buf);
    vnet_err(err, 1, "%.*s", (int)strcspn(text, "\n"), text);
}

bool world_ip(struct vnet *w, struct netns *ns, uint8_t family, const char *command,
              struct strbuf *out, struct vnet_err *err)
{
    struct sink to, complaints;
    char *text = mem_strdup(command), **words = mem_calloc(MAX_WORDS + 1, sizeof(*words));
    sink_init_mem(&to);
    sink_init_mem(&complaints);
    struct cmd_env env = {.out = &to, .err = &complaints, .netns = ""};
    struct ip ip = {.env = &env,
                    .opt = {.family = family, .max_flush_loops = 10},
                    .out = {.out = &to, .nl = "\n"},
                    .err = &complaints,
                    .w = w,
                    .ns = ns,
                    .facts = &vnet_world_profile(w)->tools};
    struct args a = {.v = words, .n = cut(text, words), .err = &complaints};
    int status = a.n ? run(&ip, &a) : ARG_USAGE;
    if (status)
        first_line(&complaints, err);
    else if (out)
        strbuf_add(out, strbuf_cstr(&to.buf), to.buf.len);
    sink_release(&to);
    sink_release(&complaints);
    free(words);
    free(text);
    return status == ARG_OK;
}

static void list(struct vnet *w, struct netns *ns, uint8_t family, const char *command,
                 struct listing *l)
{
    struct strbuf out = STRBUF_INIT;
    struct vnet_err err;
    strbuf_addf(&out, "ip %s %s\n", family == VNET_AF_INET6 ? "-6" : "-4", command);
    if (world_ip(w, ns, family, command, &out, &err))
        listing_read_text(l, strbuf_cstr(&out), out.len, 1);
    strbuf_release(&out);
}

void world_routes(struct vnet *w, struct netns *ns, uint8_t family, struct listing *l)
{
    list(w, ns, family, "route show table all", l);
}

void world_rules(struct vnet *w, struct netns *ns, uint8_t family, struct listing *l)
{
    list(w, ns, family, "rule show", l);
}

void world_neighs(struct vnet *w, struct netns *ns, struct listing *l)
{
    static const uint8_t families[] = {VNET_AF_INET, VNET_AF_INET6};
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        list(w, ns, families[i], "neigh show", l);
        list(w, ns, families[i], "neigh show proxy", l);
    }
}

/* The length of a word and of the blank before it; "expires N" counts as none. */
static const char *step_over_expires(const char *s)
{
    static const char key[] = " expires ";
    if (strncmp(s, key, sizeof(key) - 1) != 0)
        return s;
    s += sizeof(key) - 1;
    return s + strspn(s, "0123456789");
}

bool listed_words_equal(const struct listed_words *a, const struct listed_words *b)
{
    const char *s = a->text, *t = b->text;
    if (a->family != b->family)
        return false;
    for (;;) {
        s = step_over_expires(s);
        t = step_over_expires(t);
        if (*s != *t || !*s)
            return *s == *t;
        s++;
        t++;
    }
}

bool listed_list_has(const struct listed_list *list_, const struct listed_words *words)
{
    for (size_t i = 0; i < list_->n; i++)
        if (listed_words_equal(&list_->v[i], words))
            return true;
    return false;
}
