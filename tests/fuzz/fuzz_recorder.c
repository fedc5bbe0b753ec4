/* A recorder's segment from a stranger, beside a state file: what `tcpdump --last` makes of it, the
 * options picked by the first byte; then vnet writes on. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "cmd/tcpdump/tcpdump.h"
#include "state/segments.h"
#include "state/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/vnet-fuzz-XXXXXX";
static char *state, *segment;

static void write_file(const char *name, const void *bytes, size_t size)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    close(fd);
}

static void clean_up(void)
{
    struct strbuf lock = STRBUF_INIT;
    strbuf_addf(&lock, "%s.lock", state);
    unlink(lock.data);
    unlink(state);
    unlink(segment);
    rmdir(folder);
    strbuf_release(&lock);
    free(state);
    free(segment);
}

/* A world whose recorder has begun its second segment: the first, which is read from its beginning,
 * is the input. */
static void set_up(void)
{
    struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
    struct vnet *w = vnet_new(vnet_profiles(), 1, VNET_VIRTUAL_EPOCH);
    if (!mkdtemp(folder) || vnet_preset(w, "bare", NULL) < 0)
        abort();
    strbuf_addf(&name, "%s/state.json", folder);
    state = strbuf_detach(&name);
    segment = segment_path(state, 1);
    w->recorder.next_seq = 100;
    w->recorder.segment.generation = 2;
    state_save(w, &text);
    write_file(state, text.data, text.len);
    strbuf_release(&text);
    vnet_free(w);
    atexit(clean_up);
}

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

static void show(uint8_t how)
{
    static const char *const stamps[] = {"-t", "-tt", "-ttt", "-tttt", "-ttttt", "-n", "-#", "-q"};
    const char *words[] = {"tcpdump",
                           "--last",
                           "-n",
                           stamps[how & 7],
                           how & 8 ? "-ilo" : "-iany",
                           how & 0x10 ? "-vve" : "-e",
                           how & 0x20 ? "-X" : "-S",
                           how & 0x40 ? "-w-" : "--nano"};
    char *argv[ARRAY_LEN(words) + 1] = {NULL};
    struct sink out, err;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        argv[i] = mem_strdup(words[i]);
    sink_init_mem(&out);
    sink_init_mem(&err);
    struct cmd_env env = {.out = &out, .err = &err, .netns = ""};
    env.session = vnet_session_new(state, VNET_CLOCK_VIRTUAL, NULL);
    if (tcpdump_main(&env, ARRAY_LEN(words), argv) != 0)
        abort(); /* the state is good, and what cannot be read is passed over */
    if (!(how & 0x40)) {
        check_text(&out);
        check_text(&err);
    }
    vnet_session_free(env.session);
    sink_release(&out);
    sink_release(&err);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        free(argv[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    if (!state)
        set_up();
    write_file(segment, data + 1, size - 1);
    show(data[0]);
    return 0;
}
