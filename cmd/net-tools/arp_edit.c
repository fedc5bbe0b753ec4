/* arp -s, -d, -f. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/complete.h"
#include "cmd/files.h"
#include "cmd/net-tools/arp.h"
#include "cmd/net-tools/inet.h"

static int fail(const struct arp_run *r, const char *text)
{
    sink_printf(r->env->err, "arp: %s\n", text);
    return ARP_E_FAILED;
}

static int fail_request(const struct arp_run *r, const char *request, int error)
{
    sink_printf(r->env->err, "%s: %s\n", request, cmd_strerror(-error));
    return ARP_E_FAILED;
}

/* The address of a word. 0, or the exit status. */
static int read_host(const struct arp_run *r, const char *word, struct inet_addr *addr)
{
    uint32_t v4;
    if (!word)
        return fail(r, "need host name");
    if (inet_input(word, false, &v4) == INET_UNKNOWN) {
        inet_complain(r->env->err, word, false);
        return ARP_E_FAILED;
    }
    *addr = inet_addr_v4(v4);
    return 0;
}

/* ---- what follows the addresses ---- */

/* Which entries -d is about. */
enum { PUBLIC = 1, PRIVATE = 2 };

struct modifiers {
    unsigned set, clear; /* VNET_ATF_* */
    unsigned which;      /* PUBLIC, PRIVATE */
};

static const struct modifier {
    const char *name;
    struct modifiers m;
} modifiers[] = {
    {"temp", {0, VNET_ATF_PERM, 0}},
    {"pub", {VNET_ATF_PUBL, 0, PUBLIC}},
    {"priv", {0, VNET_ATF_PUBL, PRIVATE}},
    {"trail", {VNET_ATF_USETRAILERS, 0, 0}},
    {"dontpub", {VNET_ATF_DONTPUB, 0, 0}},
    {"auto", {0, 0, 0}}, /* ATF_MAGIC: no kernel looks at it */
};

/* "dev NAME", which also stays for the lines of a file that follow. */
static int read_dev(struct arp_run *r, struct vnet_arpreq *req, const char *word)
{
    (void)req;
    memset(r->dev, 0, sizeof(r->dev));
    memcpy(r->dev, word, strnlen(word, sizeof(r->dev) - 1));
    return 0;
}

static int read_netmask(struct arp_run *r, struct vnet_arpreq *req, const char *word)
{
    struct inet_addr mask;
    if (strcmp(word, "255.255.255.255") == 0)
        return 0;
    int status = read_host(r, word, &mask);
    if (status)
        return status;
    req->netmask = inet_addr_to_v4(&mask);
    req->flags |= VNET_ATF_NETMASK;
    return 0;
}

static int read_modifiers(struct arp_run *r, struct vnet_arpreq *req, char **words, bool deleting,
                          unsigned *which)
{
    for (; *words; words++) {
        size_t i = 0;
        int status = 0;
        bool dev = strcmp(*words, "dev") == 0;
        if (deleting && r->verbose)
            sink_printf(r->env->err, "args=%s\n", *words);
        if (dev || strcmp(*words, "netmask") == 0) {
            if (!*++words)
                return arp_usage(r, r->env->err);
            status = dev ? read_dev(r, req, *words) : read_netmask(r, req, *words);
            if (status)
                return status;
            continue;
        }
        while (i < ARRAY_LEN(modifiers) && strcmp(modifiers[i].name, *words) != 0)
            i++;
        if (i == ARRAY_LEN(modifiers))
            return arp_usage(r, r->env->err);
        const struct modifiers *m = &modifiers[i].m;
        *which |= m->which;
        if (deleting && m->which)
            continue;
        req->flags = (req->flags | m->set) & ~m->clear;
    }
    memcpy(req->dev, r->dev, sizeof(req->dev));
    return 0;
}

void arp_complete(const struct completion *c, char **words)
{
    if (!words[0] || !words[1]) {
        complete_offer_source(c, COMPLETE_ADDRESSES);
        return;
    }
    const char *before = "";
    for (; words[1]; words++)
        before = *words;
    if (strcmp(before, "dev") == 0) {
        complete_offer_source(c, COMPLETE_DEVICES);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(modifiers); i++)
        complete_offer(c, modifiers[i].name);
    complete_offer_words(c, "dev netmask");
}

/* ---- -s ---- */

/* arp_getdevhw() */
static int read_device_address(const struct arp_run *r, const char *name, struct vnet_arpreq *req)
{
    struct vnet_link_info link;
    char text[LLADDR_STRLEN_MAX];
    int index = vnet_ifreq_index(r->ns, name);
    if (!index || vnet_link_get(r->ns, index, &link) < 0) {
        sink_printf(r->env->err, "arp: cant get HW-Address for `%s': %s.\n", name,
                    cmd_strerror(ENODEV));
        return ARP_E_FAILED;
    }
    if (r->hw_given && !(r->hw->known && r->hw->arphrd == link.type))
        return fail(r, "protocol type mismatch.");
    req->arphrd = link.type;
    req->lladdr = link.addr;
    const struct hwtype *hw = hwtype_of(link.type);
    if (r->verbose)
        sink_printf(r->env->err, "arp: device `%s' has HW address %s `%s'.\n", name,
                    hw->address ? hw->name : "unspec",
                    hw->address ? lladdr_str(&link.addr, text) : HWTYPE_UNSPEC_ADDRESS);
    return 0;
}

static int read_hardware(const struct arp_run *r, const char *word, struct vnet_arpreq *req)
{
    if (!word)
        return fail(r, "need hardware address");
    if (r->from_device)
        return read_device_address(r, word, req);
    if (!r->hw->known) {
        sink_printf(r->env->err, "arp: vnet does not emulate devices of type %s\n", r->hw->name);
        return ARP_E_FAILED;
    }
    if (!ether_input(word, &req->lladdr))
        return fail(r, "invalid hardware address");
    req->arphrd = (uint16_t)r->hw->arphrd;
    return 0;
}

int arp_set(struct arp_run *r, char **words)
{
    struct vnet_arpreq req = {.flags = 0};
    unsigned which = 0;
    int status = read_host(r, words[0], &req.addr);
    if (status == 0)
        status = read_hardware(r, words[1], &req);
    if (status)
        return status;
    req.flags = VNET_ATF_PERM | VNET_ATF_COM;
    status = read_modifiers(r, &req, words + 2, false, &which);
    if (status)
        return status;
    if (r->verbose)
        sink_puts(r->env->err, "arp: SIOCSARP()\n");
    int error = vnet_arp_set(r->ns, &req);
    return error ? fail_request(r, "SIOCSARP", error) : 0;
}

/* ---- -d ---- */

static bool no_entry(int error)
{
    return error == -ENXIO || error == -ENOENT;
}

static int delete_entry(const struct arp_run *r, struct vnet_arpreq *req, const char *host,
                        unsigned kind)
{
    const char *request = kind == PUBLIC ? "SIOCDARP(pub)" : "SIOCDARP(dontpub)";
    if (r->verbose)
        sink_printf(r->env->err, "arp: %s\n", request);
    int error = vnet_arp_del(r->ns, req);
    if (error == 0)
        return 0;
    if (!no_entry(error))
        return fail_request(r, request, error);
    sink_printf(r->env->out, "No ARP entry for %s\n", host);
    return ARP_E_FAILED;
}

int arp_del(struct arp_run *r, char **words)
{
    struct vnet_arpreq req = {.flags = VNET_ATF_PERM};
    unsigned which = 0;
    int status = read_host(r, words[0], &req.addr);
    if (status)
        return status;
    if (r->hw_given && r->hw->known)
        req.arphrd = (uint16_t)r->hw->arphrd;
    status = read_modifiers(r, &req, words + 1, true, &which);
    if (status)
        return status;
    if (which == PRIVATE)
        return delete_entry(r, &req, words[0], PRIVATE);
    if (which != PUBLIC) { /* either: the kernel finds a public one only if asked for it */
        if (r->verbose)
            sink_puts(r->env->err, "arp: SIOCDARP(dontpub)\n");
        int error = vnet_arp_del(r->ns, &req);
        if (!no_entry(error))
            return error ? fail_request(r, "SIOCDARP(dontpub)", error) : 0;
    }
    req.flags |= VNET_ATF_PUBL;
    return delete_entry(r, &req, words[0], PUBLIC);
}

/* ---- -f ---- */

enum { FILE_WORDS = 32 };

static int split(char *line, char *words[FILE_WORDS])
{
    int n = 0;
    char *save = NULL;
    for (char *w = strtok_r(line, " \t", &save); w && n < FILE_WORDS - 1;
         w = strtok_r(NULL, " \t", &save))
        words[n++] = w;
    words[n] = NULL;
    return n;
}

static void set_line(struct arp_run *r, const char *name, unsigned number, char *line)
{
    char *words[FILE_WORDS];
    if (*line == '#' || *line == '\0')
        return;
    if (split(line, words) < 2) {
        sink_printf(r->env->err, "arp: format error on line %u of etherfile %s !\n", number, name);
        return;
    }
    if (strchr(words[0], ':')) { /* as /etc/ethers has it */
        char *host = words[1];
        words[1] = words[0];
        words[0] = host;
    }
    if (arp_set(r, words) != 0)
        sink_printf(r->env->err, "arp: cannot set entry on line %u of etherfile %s !\n", number,
                    name);
}

int arp_file(struct arp_run *r, const char *name)
{
    struct reader in;
    struct strbuf line = STRBUF_INIT;
    if (cmd_open_reader(r->env, name, &in) < 0) {
        sink_printf(r->env->err, "arp: cannot open etherfile %s !\n", name);
        return ARP_E_FAILED;
    }
    for (unsigned number = 1; reader_line(&in, &line) == 1; number++) {
        if (r->verbose)
            sink_printf(r->env->err, ">> %s", strbuf_cstr(&line));
        char *copy = mem_strdup(strbuf_cstr(&line));
        copy[strcspn(copy, "\n")] = '\0';
        set_line(r, name, number, copy);
        free(copy);
    }
    reader_release(&in);
    strbuf_release(&line);
    return 0;
}
