#include "cmd/shell/readline_api.h"

#include <stddef.h>

#ifdef VNET_STATIC /* no dlopen(): lines are read as they come */

int readline_api_open(struct readline_api *api)
{
    *api = (struct readline_api){.library = NULL};
    return -1;
}

void readline_api_close(struct readline_api *api)
{
    (void)api;
}

#else

#include <dlfcn.h>
#include <string.h>

static const char *const library_names[] = {
    "libreadline.so.8",
    "libreadline.so.7",
    "libreadline.so",
    "/opt/homebrew/opt/readline/lib/libreadline.dylib",
    "/usr/local/opt/readline/lib/libreadline.dylib",
    NULL,
};

/* ISO C has no conversion from void * to a function pointer; POSIX has, and they are of one size.
 */
static int load(void *library, const char *name, void *into, size_t size)
{
    void *symbol = dlsym(library, name);
    if (!symbol || size != sizeof(symbol))
        return -1;
    memcpy(into, &symbol, size);
    return 0;
}

static int load_all(struct readline_api *api)
{
#define READLINE_FUNCTION(result, name, args)                         \
    if (load(api->library, #name, &api->name, sizeof(api->name)) < 0) \
        return -1;
    READLINE_FUNCTIONS(READLINE_FUNCTION)
#undef READLINE_FUNCTION
#define READLINE_VARIABLE(type, name)                                 \
    if (load(api->library, #name, &api->name, sizeof(api->name)) < 0) \
        return -1;
    READLINE_VARIABLES(READLINE_VARIABLE)
#undef READLINE_VARIABLE
    return 0;
}

int readline_api_open(struct readline_api *api)
{
    *api = (struct readline_api){.library = NULL};
    for (const char *const *name = library_names; *name && !api->library; name++)
        api->library = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
    if (!api->library)
        return -1;
    if (load_all(api) == 0)
        return 0;
    readline_api_close(api);
    return -1;
}

void readline_api_close(struct readline_api *api)
{
    if (api->library)
        dlclose(api->library);
    api->library = NULL;
}

#endif
