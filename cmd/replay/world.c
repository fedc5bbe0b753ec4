/* The world that a transcript starts from: its settings, and the machine of its first listings. */
#include <errno.h>
#include <stdio.h>

#include "cmd/import/listing.h"
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

/* The machine as the transcript's first commands show it, before it changes anything. */
static int apply_first_listings(const struct transcript *t, struct vnet *w, struct vnet_err *err)
{
    struct listing l = {0};
    for (size_t i = 0; i < t->n; i++) {
        const struct step *s = &t->steps[i];
        if (s->kind == STEP_DIRECTIVE)
            continue;
        if (!listing_command(s->command))
            break;
        listing_read(&l, s->expected, s->nexpected);
    }
    int rc = listing_apply(&l, w, err);
    listing_release(&l);
    return rc;
}

struct vnet *replay_world(const struct transcript *t, const char *profile_name,
                          struct vnet_err *err)
{
    struct setting s = {"", "bare", 1};
    for (size_t i = 0; i < t->n && t->steps[i].kind == STEP_DIRECTIVE; i++)
        take_setting(t->steps[i].command, &s);
    const char *name = profile_name   ? profile_name
                       : s.profile[0] ? s.profile
                                      : vnet_profiles()->name;
    const struct vnet_profile *profile = vnet_profile_find(name);
    if (!profile) {
        vnet_err(err, EINVAL, "there is no profile \"%s\"", name);
        return NULL;
    }
    struct vnet *w = vnet_new(profile, s.seed, 0);
    if (vnet_preset(w, s.preset, err) == 0 && apply_first_listings(t, w, err) == 0)
        return w;
    vnet_free(w);
    return NULL;
}
