#include <limits.h>

#include "base/json.h"

#define TRUE_2(c)  [c] = true, [(c) + 1] = true
#define TRUE_8(c)  TRUE_2(c), TRUE_2((c) + 2), TRUE_2((c) + 4), TRUE_2((c) + 6)
#define TRUE_32(c) TRUE_8(c), TRUE_8((c) + 8), TRUE_8((c) + 16), TRUE_8((c) + 24)
const bool json_plain_chars[UCHAR_MAX + 1] = {
    TRUE_2(' '),      TRUE_32('#'), TRUE_8('#' + 32), TRUE_8('#' + 40),
    TRUE_8('#' + 48), ['['] = true, TRUE_32(']'),     TRUE_2('}'),
};
