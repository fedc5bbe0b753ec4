/* Things are found by their hash until they are taken out, however many there are. */
#include "base/htab.h"
#include "base/list.h"
#include "tests/unit/unit.h"

struct thing {
    unsigned number;
    struct htab_link link;
};

enum { MANY = 5000, ALIKE = 7 };

/* Several have the same hash. */
static uint32_t hash(unsigned number)
{
    return number / ALIKE * 0x9e3779b1U;
}

static struct thing *find(const struct htab *t, unsigned number)
{
    for (struct htab_link *l = htab_first(t, hash(number)); l; l = htab_next(l)) {
        struct thing *thing = container_of(l, struct thing, link);
        if (thing->number == number)
            return thing;
    }
    return NULL;
}

static void test_found(void)
{
    static struct thing things[MANY];
    struct htab t = {.n = 0};
    unsigned wrong = 0;
    CHECK(!htab_first(&t, 0));
    for (unsigned i = 0; i < MANY; i++) {
        things[i].number = i;
        wrong += find(&t, i) != NULL;
        htab_add(&t, &things[i].link, hash(i));
        wrong += find(&t, i) != &things[i];
    }
    CHECK_INT(t.n, MANY);
    for (unsigned i = 0; i < MANY; i += 2)
        htab_del(&t, &things[i].link);
    for (unsigned i = 0; i < MANY; i++)
        wrong += find(&t, i) != (i % 2 ? &things[i] : NULL);
    CHECK_INT(wrong, 0);
    CHECK_INT(t.n, MANY / 2);
    htab_release(&t);
    CHECK(!find(&t, 1));
}

int main(void)
{
    RUN(test_found);
    return unit_end();
}
