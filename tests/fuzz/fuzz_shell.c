/* Scripts: parsed, and run in memory as a replay runs them, with little room. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/shell/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const volatile sig_atomic_t never;

static void run(struct vnet *w, const char *text)
{
    struct sink screen;
    struct vnet_err err;
    sink_init_mem(&screen);
    struct cmd_env env = {.out = &screen, .err = &screen, .netns = "", .interrupted = &never};
    env.session = vnet_session_memory(w);
    env.files = files_new(NULL, NULL);
    files_limit(env.files, 1 << 20);
    const struct shell_opts opts = {
        .env = &env, .name = "fuzz", .most_output = 8192, .most_commands = 100};
    struct shell *sh = shell_new(&opts);
    shell_run(sh, text, &err);
    shell_free(sh);
    files_free(env.files);
    vnet_session_free(env.session);
    sink_release(&screen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vnet_err err;
    char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    shell_check(text, &err);
    run(vnet_new(vnet_profiles(), 1, 0), text);
    free(text);
    return 0;
}
