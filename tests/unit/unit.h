/* A unit test is a program: main() calls RUN(test_x) for each test function and returns unit_end().
 *
 *     static void test_sum(void)
 *     {
 *         CHECK(sum(1, 2) > 0);
 *         CHECK_INT(sum(1, 2), 3);
 *         CHECK_STR(name(3), "three");
 *     }
 *
 * Prints "ok NAME" or "not ok NAME" a test, where a failed check was, and "N passed, N failed"
 * last. */
#ifndef VNET_TESTS_UNIT_H
#define VNET_TESTS_UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit_count {
    int passed, failed; /* tests */
    int checks_failed;  /* in the running test */
};

/* One per test program: every unit test is a single translation unit. */
static struct unit_count unit_count;

static inline bool unit_check(bool ok, const char *file, int line, const char *what)
{
    if (!ok) {
        unit_count.checks_failed++;
        printf("# %s:%d: %s\n", file, line, what);
    }
    return ok;
}

static inline void unit_check_int(long long got, long long want, const char *file, int line,
                                  const char *what)
{
    if (!unit_check(got == want, file, line, what))
        printf("#   got %lld, want %lld\n", got, want);
}

static inline void unit_check_str(const char *got, const char *want, const char *file, int line,
                                  const char *what)
{
    bool ok = got && want ? strcmp(got, want) == 0 : got == want;
    if (!unit_check(ok, file, line, what))
        printf("#   got  \"%s\"\n#   want \"%s\"\n", got ? got : "(null)", want ? want : "(null)");
}

static inline void unit_print_bytes(const char *label, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    printf("#   %s", label);
    for (size_t i = 0; i < len; i++)
        printf(" %02x", p[i]);
    printf("\n");
}

static inline void unit_check_mem(const void *got, const void *want, size_t len, const char *file,
                                  int line, const char *what)
{
    if (!unit_check(memcmp(got, want, len) == 0, file, line, what)) {
        unit_print_bytes("got ", got, len);
        unit_print_bytes("want", want, len);
    }
}

#define CHECK(cond) ((void)unit_check((cond) ? true : false, __FILE__, __LINE__, #cond))
#define CHECK_INT(got, want) \
    unit_check_int((long long)(got), (long long)(want), __FILE__, __LINE__, #got " == " #want)
#define CHECK_STR(got, want) unit_check_str((got), (want), __FILE__, __LINE__, #got " is " #want)
#define CHECK_MEM(got, want, len) \
    unit_check_mem((got), (want), (len), __FILE__, __LINE__, #got " holds " #want)

static inline void unit_run(void (*test)(void), const char *name)
{
    unit_count.checks_failed = 0;
    test();
    if (unit_count.checks_failed)
        unit_count.failed++;
    else
        unit_count.passed++;
    printf("%s %s\n", unit_count.checks_failed ? "not ok" : "ok", name);
    fflush(stdout);
}

#define RUN(test) unit_run(test, #test)

/* The summary line; the value to return from main. */
static inline int unit_end(void)
{
    printf("%d passed, %d failed\n", unit_count.passed, unit_count.failed);
    return unit_count.failed ? 1 : 0;
}

#endif
