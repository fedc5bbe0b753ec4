/* All of it, or an error. */
#ifndef VNET_BASE_FDIO_H
#define VNET_BASE_FDIO_H

#include <stddef.h>
#include <sys/uio.h>

/* read() and write() until len bytes are through, signals or not. 0 or -errno; -EIO: the file ends
 * before. */
int read_all(int fd, char *text, size_t len);
int write_all(int fd, const char *text, size_t len);
/* n pieces one after the other; v is used up. */
int writev_all(int fd, struct iovec *v, size_t n);

#endif
