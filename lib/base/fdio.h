/* All of it, or an error. */
#ifndef VNET_BASE_FDIO_H
#define VNET_BASE_FDIO_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

/* read() and write() until len bytes are through, signals or not. 0 or -errno; -EIO: the file ends
 * before. */
int read_all(int fd, char *text, size_t len);
int write_all(int fd, const char *text, size_t len);
/* n pieces one after the other, but for their first `from` bytes; v is used up. */
int writev_all(int fd, struct iovec *v, size_t n, size_t from);
/* Let the disk begin with the first len bytes of the file, which have been written; nobody waits.
 * Where a system has no such call, fsync() does it all. */
void start_writing(int fd, off_t len);

#endif
