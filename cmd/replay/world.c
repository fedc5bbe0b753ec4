/* The world that a transcript starts from: its settings, and the machine of its first listings. */
#include <errno.h>
#include <stdio.h>

#include "cmd/replay/run.h"

/* The directives that make the world stand before the first command. */
struct setting {
    char profile[32], preset[32];
    unsigned long long seed;
};

static bool take_setting(const char *text, struct setting *s)
{
    return sscanf(text, "profile %31s", s->profile) == 1 ||
           sscanf(text, "preset %31s", s->preset) == 1 || sscanf(text, "seed %llu", &s->seed) == 1;
}

bool replay_is_setting(const char *text)
{
    struct setting s;
    return take_setting(text, &s);
}

static struct vnet *preset_world(const struct setting *s, const char *profile_name,
                                 struct vnet_err *err)
{
    const char *name = profile_name    ? profile_name
                       : s->profile[0] ? s->profile
                                       : vnet_profiles()->name;
    const struct vnet_profile *profile = vnet_profile_find(name);
    if (!profile) {
        vnet_err(err, EINVAL, "there is no profile \"%s\"", name);
        return NULL;
    }
    struct vnet *w = vnet_new(profile, s->seed, 0);
    if (vnet_preset(w, s->preset, err) == 0)
        return w;
    vnet_free(w);
    return NULL;
}

struct vnet *replay_world(const struct transcript *t, const char *profile_name, bool bare,
                          struct vnet_err *not_imported, struct vnet_err *err)
{
    struct setting s = {"", "bare", 1};
    for (size_t i = 0; i < t->n && t->steps[i].kind == STEP_DIRECTIVE; i++)
        take_setting(t->steps[i].command, &s);
    *not_imported = (struct vnet_err){""};
    struct vnet *w = preset_world(&s, profile_name, err);
    if (!w || bare || replay_make_machine(t, w, not_imported) == 0)
        return w;
    vnet_free(w);
    return preset_world(&s, profile_name, err);
}
