/* Value/name tables: one table serves parsing, printing and JSON. */
#ifndef VNET_BASE_NAMETAB_H
#define VNET_BASE_NAMETAB_H

#include <stdbool.h>
#include <stdint.h>

struct nametab {
    const char *name; /* NULL ends a table */
    uint32_t value;
};

/* The name of a value, NULL if the table has none. */
const char *nametab_name(const struct nametab *t, uint32_t value);
/* Exact match; false if the table has no such name. */
bool nametab_value(const struct nametab *t, const char *name, uint32_t *value);

#endif
