/* Preloaded into User-mode Linux 6.1 by tests/record: it reads and writes at most 2696 bytes of a
 * process's extended registers, but a host kernel takes nothing but the whole set, which is larger
 * on a processor with AMX; User-mode Linux then panics in its first process ("put_fp_registers").
 * Here what it writes is laid over the whole set that the process has. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { XSTATE_SET = 0x202, XSTATE_MOST = 1 << 15 }; /* NT_X86_XSTATE; bytes */

static long set_registers(pid_t pid, void *which, struct iovec *part)
{
    static _Alignas(64) uint8_t whole[XSTATE_MOST];
    struct iovec all = {whole, sizeof(whole)};
    long rc = syscall(SYS_ptrace, PTRACE_GETREGSET, pid, which, &all);
    if (rc != 0)
        return rc;
    if (part->iov_len < all.iov_len)
        memcpy(whole, part->iov_base, part->iov_len);
    return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, which,
                   part->iov_len < all.iov_len ? &all : part);
}

long ptrace(enum __ptrace_request request, ...)
{
    va_list ap;
    va_start(ap, request);
    pid_t pid = va_arg(ap, pid_t);
    void *addr = va_arg(ap, void *), *data = va_arg(ap, void *);
    va_end(ap);
    if (request == PTRACE_SETREGSET && (uintptr_t)addr == XSTATE_SET)
        return set_registers(pid, addr, data);
    long peeked, rc;
    if (request != PTRACE_PEEKTEXT && request != PTRACE_PEEKDATA && request != PTRACE_PEEKUSER)
        return syscall(SYS_ptrace, request, pid, addr, data);
    rc = syscall(SYS_ptrace, request, pid, addr, &peeked); /* the bare call stores the word */
    return rc < 0 ? rc : peeked;
}
