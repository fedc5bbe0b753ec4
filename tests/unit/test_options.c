/* getopt without globals: GNU's permutation, clusters, long options, and its words. */
#include "tests/unit/unit.h"

#include "base/mem.h"
#include "cmd/options.h"

static const struct long_option longs[] = {
    {"count", 1, 'c'}, {"color", 2, 'C'}, {"help", 0, 'h'}, {"host", 0, 'H'}, {NULL, 0, 0},
};

/* Parse words and write down what came: "c=4 v | operand". */
static const char *parse(const char *spec, const char *line, char *out, size_t size)
{
    char copy[256], *argv[32] = {(char *)"prog"};
    int argc = 1, c;
    struct sink err;
    struct options o;
    struct strbuf text = STRBUF_INIT;
    snprintf(copy, sizeof(copy), "%s", line);
    for (char *s = strtok(copy, " "); s; s = strtok(NULL, " "))
        argv[argc++] = s;
    sink_init_mem(&err);
    options_init(&o, argc, argv, spec, longs, &err);
    while ((c = options_next(&o)) != -1) {
        strbuf_addf(&text, o.arg ? "%c=%s " : "%c ", c, o.arg ? o.arg : "");
        if (c == '?')
            break;
    }
    strbuf_adds(&text, "|");
    for (int i = 0; c == -1 && i < o.noperands; i++)
        strbuf_addf(&text, " %s", o.operands[i]);
    if (err.buf.len)
        strbuf_addf(&text, " !%s", strbuf_cstr(&err.buf));
    snprintf(out, size, "%s", strbuf_cstr(&text));
    strbuf_release(&text);
    options_release(&o);
    sink_release(&err);
    return out;
}

static void test_short(void)
{
    char out[256];
    CHECK_STR(parse("vc:", "-vc4 a -c 5 b", out, sizeof(out)), "v c=4 c=5 | a b");
    CHECK_STR(parse("vc:", "a -- -v", out, sizeof(out)), "| a -v");
    CHECK_STR(parse("+vc:", "-v a -c 5", out, sizeof(out)), "v | a -c 5");
    CHECK_STR(parse("vo::", "-oX -o Y -", out, sizeof(out)), "o=X o | Y -");
}

static void test_short_errors(void)
{
    char out[256];
    CHECK_STR(parse("vc:", "-vx", out, sizeof(out)), "v ? | !prog: invalid option -- 'x'\n");
    CHECK_STR(parse("vc:", "-c", out, sizeof(out)),
              "? | !prog: option requires an argument -- 'c'\n");
    CHECK_STR(parse("vc:", "-:", out, sizeof(out)), "? | !prog: invalid option -- ':'\n");
}

static void test_long(void)
{
    char out[256];
    CHECK_STR(parse("", "--count 3 x --count=4", out, sizeof(out)), "c=3 c=4 | x");
    CHECK_STR(parse("", "--cou=1 --color --color=red --help", out, sizeof(out)),
              "c=1 C C=red h |");
}

static void test_long_errors(void)
{
    char out[256];
    CHECK_STR(parse("", "--ho=1", out, sizeof(out)),
              "? | !prog: option '--host' doesn't allow an argument\n");
    CHECK_STR(parse("", "--h", out, sizeof(out)),
              "? | !prog: option '--h' is ambiguous; possibilities: '--help' '--host'\n");
    CHECK_STR(parse("", "--nope", out, sizeof(out)), "? | !prog: unrecognized option '--nope'\n");
    CHECK_STR(parse("", "--count", out, sizeof(out)),
              "? | !prog: option '--count' requires an argument\n");
}

int main(void)
{
    RUN(test_short);
    RUN(test_short_errors);
    RUN(test_long);
    RUN(test_long_errors);
    return unit_end();
}
