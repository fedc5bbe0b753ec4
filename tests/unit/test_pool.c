/* Things of a pool: zeroed, apart from each other, and used again. */
#include "base/pool.h"
#include "tests/unit/unit.h"

struct thing {
    struct thing *self;
    unsigned number;
};

static void test_apart(void)
{
    enum { MANY = 50000 };
    static struct thing *things[MANY];
    struct pool p = {.size = sizeof(struct thing)};
    unsigned wrong = 0;
    for (unsigned i = 0; i < MANY; i++) {
        things[i] = pool_take(&p);
        wrong += things[i]->self || things[i]->number;
        *things[i] = (struct thing){things[i], i};
    }
    for (unsigned i = 0; i < MANY; i++)
        wrong += things[i]->self != things[i] || things[i]->number != i;
    CHECK_INT(wrong, 0);
    pool_release(&p);
}

static void test_used_again(void)
{
    struct pool p = {.size = sizeof(struct thing)};
    struct thing *a = pool_take(&p), *b = pool_take(&p);
    a->number = b->number = 7;
    pool_give(&p, a);
    pool_give(&p, b);
    struct thing *c = pool_take(&p), *d = pool_take(&p), *e = pool_take(&p);
    CHECK(c == b && d == a && e != a && e != b);
    CHECK(!c->self && !c->number && !d->self && !d->number);
    pool_release(&p);
}

static void test_large_things(void)
{
    struct pool p = {.size = 300 << 10};
    char *a = pool_take(&p), *b = pool_take(&p);
    memset(a, 1, p.size);
    memset(b, 2, p.size);
    CHECK(a[0] == 1 && a[p.size - 1] == 1);
    pool_release(&p);
    CHECK(pool_take(&p) != NULL);
    pool_release(&p);
}

int main(void)
{
    RUN(test_apart);
    RUN(test_used_again);
    RUN(test_large_things);
    return unit_end();
}
