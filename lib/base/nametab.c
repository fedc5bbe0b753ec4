#include "base/nametab.h"

#include <stddef.h>
#include <string.h>

const char *nametab_name(const struct nametab *t, uint32_t value)
{
    for (; t->name; t++)
        if (t->value == value)
            return t->name;
    return NULL;
}

bool nametab_value(const struct nametab *t, const char *name, uint32_t *value)
{
    for (; t->name; t++) {
        if (t->name[0] == name[0] && strcmp(t->name, name) == 0) {
            *value = t->value;
            return true;
        }
    }
    return false;
}
