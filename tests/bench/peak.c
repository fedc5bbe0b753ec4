/* The peak resident memory (VmHWM) of a command: peak KIB COMMAND...
 *
 * Runs COMMAND, then says on standard output what it used and whether it stayed below KIB. Exit
 * status: the command's, or 1 if it used more. Small itself: the kernel counts into a process what
 * its parent had when it was started. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
    struct rusage used;
    int status;
    pid_t pid;
    long limit = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    if (limit < 1)
        return fprintf(stderr, "usage: peak KIB COMMAND...\n"), 2;
    if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) != 0 ||
        waitpid(pid, &status, 0) < 0 || getrusage(RUSAGE_CHILDREN, &used) < 0)
        return perror("peak"), 2;
    printf("  peak resident memory (VmHWM) %ld KiB: %s\n", used.ru_maxrss,
           used.ru_maxrss < limit ? "holds" : "TOO MUCH");
    if (status)
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    return used.ru_maxrss < limit ? 0 : 1;
}
