#include "cmd/shell/readline_api.h"

#include <stddef.h>

#ifdef VNET_STATIC /* no dlopen(): lines are read as they come */

int readline_api_open(struct readline_api *api)
{
    *api = (struct readline_api){.library = NULL};
    return -1;
}

#else

#include "cmd/dynlib.h"

static const char *const library_names[] = {
    "libreadline.so.8",
    "libreadline.so.7",
    "libreadline.so",
    "/opt/homebrew/opt/readline/lib/libreadline.dylib",
    "/usr/local/opt/readline/lib/libreadline.dylib",
    NULL,
};

static int load_all(struct readline_api *api)
{
#define READLINE_FUNCTION(result, name, args)                                  \
    if (dynlib_symbol(api->library, #name, &api->name, sizeof(api->name)) < 0) \
        return -1;
    READLINE_FUNCTIONS(READLINE_FUNCTION)
#undef READLINE_FUNCTION
#define READLINE_VARIABLE(type, name)                                          \
    if (dynlib_symbol(api->library, #name, &api->name, sizeof(api->name)) < 0) \
        return -1;
    READLINE_VARIABLES(READLINE_VARIABLE)
#undef READLINE_VARIABLE
    return 0;
}

int readline_api_open(struct readline_api *api)
{
    *api = (struct readline_api){.library = dynlib_open(library_names)};
    if (!api->library)
        return -1;
    if (load_all(api) == 0)
        return 0;
    dynlib_close(api->library);
    api->library = NULL;
    return -1;
}

#endif
