/* Large blocks of memory that will be written throughout at once. */
#ifndef VNET_BASE_BLOCK_H
#define VNET_BASE_BLOCK_H

#include <stddef.h>

/* Bytes from malloc() that are about to be written: where the system can (Linux 5.14), their pages
 * come in one go instead of by a fault each, which takes a fifth of the time. Changes nothing else.
 */
void block_prefault(void *p, size_t size);

#endif
