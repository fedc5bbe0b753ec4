/* Capture files from strangers, read as `tcpdump -r -` reads them: the first byte picks the
 * options, the second the expression. Nothing but text comes out. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cmd/reader.h"
#include "cmd/tcpdump/tcpdump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_ARGS = 8 };

static const char *const stamps[] = {"-t", "-tt", "-ttt", "-tttt", "-ttttt", "-n", "-#", "-q"};
static const char *const dumps[] = {"-n", "-x", "-XX", "-A"};
static const char *const expressions[] = {
    NULL,
    NULL,
    "icmp",
    "arp or ip6",
    "ip[6:2] & 0x1fff != 0",
    "less 64",
    "tcp[13] = 2",
    "ether multicast",
    "host 10.0.0.1",
    "udp port 53",
    "icmp6[0] = 135",
    "vlan 5",
    "ip proto 17 and not broadcast",
};

static void check_text(const struct sink *s)
{
    char *text = mem_strndup(s->buf.data ? s->buf.data : "", s->buf.len);
    if (strlen(text) != s->buf.len)
        abort();
    for (char *p = text; *p; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    if (text_has_control(text))
        abort();
    free(text);
}

static void read_it(struct reader *in, uint8_t how, uint8_t which)
{
    const char *words[MAX_ARGS] = {"tcpdump",          "-n", "-r", "-", stamps[how & 7],
                                   dumps[how >> 3 & 3]};
    char *argv[MAX_ARGS + 1] = {NULL};
    int argc = 6;
    struct sink out, err;
    words[argc++] = how & 0x20 ? how & 0x80 ? "-vve" : "-e" : how & 0x80 ? "--nano" : "-S";
    words[argc] = expressions[which % ARRAY_LEN(expressions)];
    argc += words[argc] != NULL;
    if (how & 0x40)
        words[4] = "-w-";
    for (int i = 0; i < argc; i++)
        argv[i] = mem_strdup(words[i]);
    sink_init_mem(&out);
    sink_init_mem(&err);
    struct cmd_env env = {.in = in, .out = &out, .err = &err, .netns = ""};
    env.session = vnet_session_memory(vnet_new(vnet_profiles(), 1, 0));
    tcpdump_main(&env, argc, argv);
    if (!(how & 0x40))
        check_text(&out);
    check_text(&err);
    vnet_session_free(env.session);
    sink_release(&out);
    sink_release(&err);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct reader in;
    char *text = mem_alloc(size);
    memcpy(text, data + 2, size - 2);
    reader_init_text(&in, text, size - 2);
    read_it(&in, data[0], data[1]);
    reader_release(&in);
    return 0;
}
