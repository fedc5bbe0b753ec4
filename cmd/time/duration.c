#include <stdlib.h>

#include "cmd/time/time.h"

static int suffix_seconds(const char *s)
{
    if (*s && s[1])
        return 0;
    switch (*s) {
    case '\0':
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 60 * 60;
    case 'd':
        return 24 * 60 * 60;
    default:
        return 0;
    }
}

bool duration_parse(const char *text, int64_t *ns)
{
    char *end;
    double n = strtod(text, &end);
    int unit = suffix_seconds(end);
    if (end == text || !unit || !(n >= 0))
        return false;
    n = n * unit * 1e9;
    if (n >= 9.2e18) {
        *ns = INT64_MAX;
        return true;
    }
    *ns = (int64_t)n;
    if ((double)*ns < n)
        ++*ns;
    return true;
}

int64_t duration_add(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}
