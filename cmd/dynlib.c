#include "cmd/dynlib.h"

#ifndef VNET_STATIC

#include <dlfcn.h>
#include <string.h>

void *dynlib_open(const char *const *names)
{
    void *library = NULL;
    for (; *names && !library; names++)
        library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    return library;
}

void dynlib_close(void *library)
{
    if (library)
        dlclose(library);
}

/* ISO C has no conversion from void * to a function pointer; POSIX has, and they are of one size.
 */
int dynlib_symbol(void *library, const char *name, void *into, size_t size)
{
    void *symbol = dlsym(library, name);
    if (!symbol || size != sizeof(symbol))
        return -1;
    memcpy(into, &symbol, size);
    return 0;
}

#endif
