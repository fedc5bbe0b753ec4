/* Numbers and addresses written without a format and read without a parser: as printf() has them,
 * and back. */
#include "base/put.h"

#include <arpa/inet.h>
#include <inttypes.h>

#include "base/scan.h"
#include "sim/rng.h"
#include "tests/unit/unit.h"

static bool comes_back(const char *text, int64_t max, int64_t v)
{
    struct scan s = {text, text + strlen(text)};
    int64_t back = -1;
    return scan_int(&s, max, &back) && back == v && s.p == s.end;
}

static void check_number(int64_t v)
{
    char want[32], got[PUT_INT_ROOM + 1];
    snprintf(want, sizeof(want), "%" PRId64, v);
    *put_int(got, v) = '\0';
    CHECK_STR(got, want);
    if (v != INT64_MIN)
        CHECK(comes_back(got, INT64_MAX, v));
    if (v > 0)
        CHECK(comes_back(got, v, v) && !comes_back(got, v - 1, v));
}

static void test_numbers(void)
{
    struct rng r;
    char got[PUT_INT_ROOM + 1];
    rng_seed(&r, 1);
    check_number(0);
    check_number(INT64_MAX);
    check_number(INT64_MIN);
    for (int64_t p = 1; p <= INT64_MAX / 10; p *= 10) {
        for (int64_t v = p - 2; v < p + 3; v++) {
            check_number(v);
            check_number(-v);
        }
        for (int i = 0; i < 100; i++)
            check_number((int64_t)rng_below(&r, (uint64_t)p));
    }
    *put_uint(got, UINT64_MAX) = '\0';
    CHECK_STR(got, "18446744073709551615");
}

/* Whatever a character is, and wherever: a number ends before it. */
static void test_ends(void)
{
    for (unsigned n = 0; n < 20; n++) {
        for (unsigned c = 1; c < 256; c++) {
            char text[] = "12345678901234567890";
            struct scan s = {text, text + 20};
            int64_t v;
            text[n] = (char)c;
            bool digit = c >= '0' && c <= '9', ok = scan_uint(&s, INT64_MAX, &v);
            if (digit || n == 0)
                CHECK(!ok);
            else
                CHECK(ok && s.p == text + n);
        }
    }
}

static void test_other_spellings(void)
{
    static const char *const rows[] = {"",
                                       "-",
                                       "+1",
                                       " 1",
                                       "-0",
                                       "00",
                                       "01",
                                       "01234567890123",
                                       "0000000000",
                                       "9223372036854775808",
                                       "99999999999999999999",
                                       "100000000000000000000000"};
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct scan s = {rows[i], rows[i] + strlen(rows[i])};
        int64_t v;
        CHECK(!scan_int(&s, INT64_MAX, &v) || s.p != s.end);
    }
}

static void test_v4(void)
{
    static const char *const bad[] = {"",         "1.2.3",  "1.2.3.",    "1.2.3.256", "1.2.3.1000",
                                      "01.2.3.4", "1..3.4", "1.2.3.4.5", "1.2.3.00",  "a.2.3.4"};
    for (unsigned i = 0; i < 256; i++) {
        uint32_t addr = i << 24 | (255 - i) << 16 | (i ^ 85) << 8 | i, back;
        char want[20], got[20];
        snprintf(want, sizeof(want), "%u.%u.%u.%u", i, 255 - i, i ^ 85, i);
        *put_v4(got, addr) = '\0';
        CHECK_STR(got, want);
        struct scan s = {got, got + strlen(got)};
        CHECK(scan_v4(&s, &back) && back == addr && s.p == s.end);
    }
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct scan s = {bad[i], bad[i] + strlen(bad[i])};
        uint32_t addr;
        CHECK(!scan_v4(&s, &addr) || s.p != s.end);
    }
}

static void test_lladdr(void)
{
    for (unsigned i = 0; i < 256; i++) {
        uint8_t bytes[3] = {(uint8_t)i, (uint8_t)(i * 7), (uint8_t)~i};
        char want[16], got[16];
        snprintf(want, sizeof(want), "%02x:%02x:%02x", bytes[0], bytes[1], bytes[2]);
        *put_lladdr(got, bytes, 3) = '\0';
        CHECK_STR(got, want);
        struct scan s = {got, got + strlen(got)};
        struct lladdr back;
        CHECK(scan_lladdr(&s, &back) && back.len == 3 && memcmp(back.bytes, bytes, 3) == 0);
        char text[] = "0_:00";
        text[1] = (char)i;
        s = (struct scan){text, text + 5};
        bool hex = i && strchr("0123456789abcdef", (int)i);
        CHECK(scan_lladdr(&s, &back) == hex);
    }
}

/* inet_addr_str() of IPv6, where words of 0 are many. */
static void test_v6(void)
{
    struct rng r;
    rng_seed(&r, 6);
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[16] = {0};
        char want[INET6_ADDRSTRLEN], got[INET_ADDRSTRLEN_MAX];
        for (unsigned word = 0; word < 8; word++) {
            unsigned v = rng_below(&r, 2) ? 0 : rng_below(&r, 2) ? 0xffff : 1U << rng_below(&r, 16);
            put_be16(bytes + 2 * word, (uint16_t)v);
        }
        const struct inet_addr a = inet_addr_v6(bytes);
        CHECK_STR(inet_addr_str(&a, got), inet_ntop(AF_INET6, bytes, want, sizeof(want)));
    }
}

int main(void)
{
    RUN(test_numbers);
    RUN(test_ends);
    RUN(test_other_spellings);
    RUN(test_v4);
    RUN(test_lladdr);
    RUN(test_v6);
    return unit_end();
}
