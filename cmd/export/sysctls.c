/* Settings that differ from what the kernel, and the commands so far, made of them. */
#include <string.h>

#include "base/mem.h"
#include "cmd/export/parts.h"
#include "cmd/files.h"
#include "vnet_sysctl.h"

static void set(struct exporter *e, const char *path, const char *value)
{
    struct strbuf word = STRBUF_INIT;
    struct vnet_err err = {""};
    cmd_sysctl_exchange(&word, path);
    strbuf_addf(&word, "=%s", value);
    sink_puts(e->out, "sysctl -qw ");
    export_quoted(e->out, word.data);
    sink_puts(e->out, "\n");
    if (vnet_sysctl_set(e->sns, path, value, &err) < 0)
        export_note(e, "%s: it cannot be set", word.data);
    strbuf_release(&word);
}

/* Is it of a device, not of all or of those to come? */
static bool of_device(const char *path)
{
    static const char *const folders[] = {"/conf/", "/neigh/"};
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        const char *s = strstr(path, folders[i]);
        if (!s)
            continue;
        s += strlen(folders[i]);
        return strncmp(s, "all/", 4) != 0 && strncmp(s, "default/", 8) != 0;
    }
    return false;
}

struct pass {
    struct exporter *e;
    bool devices;
};

static int compare(const char *path, bool readable, bool writable, void *arg)
{
    const struct pass *p = arg;
    struct exporter *e = p->e;
    struct strbuf want = STRBUF_INIT, have = STRBUF_INIT;
    if (readable && writable && (p->devices || !of_device(path)) &&
        vnet_sysctl_get(e->ns, path, &want) == 0 && vnet_sysctl_get(e->sns, path, &have) == 0 &&
        strcmp(strbuf_cstr(&want), strbuf_cstr(&have)) != 0)
        set(e, path, strbuf_cstr(&want));
    strbuf_release(&want);
    strbuf_release(&have);
    return 0;
}

void export_sysctls(struct exporter *e, bool devices)
{
    struct pass p = {e, devices};
    vnet_sysctl_list(e->ns, "", compare, &p);
}
