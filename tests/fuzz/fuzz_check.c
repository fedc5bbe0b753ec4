/* Files of `vnet check` of any shape: read, and what is read is whole. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/check/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct assertion *a)
{
    int n = 0;
    if (!a->kind || !a->text || !a->netns || a->nwords < 1)
        abort();
    while (a->words[n])
        n++;
    if (n != a->nwords)
        abort();
    for (const char *const *key = a->kind->keys; *key; key++)
        (void)assertion_value(a, *key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct assertions list;
    struct check_error error;
    char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    if (assertions_parse(text, size, &list, &error) == 0) {
        for (size_t i = 0; i < list.n; i++)
            look_at(&list.v[i]);
    } else if (!error.line || !*error.why.msg) {
        abort();
    }
    assertions_release(&list);
    free(text);
    return 0;
}
