#include "base/err.h"

#include <stdio.h>

int vnet_err(struct vnet_err *err, int error, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
        va_end(ap);
    }
    return -error;
}
