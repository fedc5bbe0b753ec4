/* base/json: what is read, what is refused, what is written. */
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "tests/unit/unit.h"

/* The texts of a test, which the trees point into. */
static char *texts[64];
static size_t ntexts;

static json_t *parse_copy(const char *text, size_t len, struct vnet_err *err)
{
    CHECK(ntexts < ARRAY_LEN(texts));
    return json_parse(texts[ntexts++] = mem_strndup(text, len), len, err);
}

static json_t *parse(const char *text, struct vnet_err *err)
{
    return parse_copy(text, strlen(text), err);
}

static void free_texts(void)
{
    while (ntexts)
        free(texts[--ntexts]);
}

static void test_values(void)
{
    struct vnet_err err = {""};
    json_t *j = parse(" {\"a\":1 , \"b\":[-2,true,false,null,\"x\"],\"c\":{},\"d\":[]} \n", &err);
    CHECK_STR(err.msg, "");
    CHECK_INT(json_object_size(j), 4);
    CHECK_INT(json_integer_value(json_object_get(j, "a")), 1);
    const json_t *b = json_object_get(j, "b");
    CHECK_INT(json_array_size(b), 5);
    CHECK_STR(json_string_value(json_array_get(b, 4)), "x");
    CHECK_INT(json_integer_value(json_array_get(b, 0)), -2);
    CHECK(json_is_true(json_array_get(b, 1)));
    CHECK(json_is_false(json_array_get(b, 2)));
    CHECK(json_is_type(json_array_get(b, 3), JSON_NULL));
    CHECK(json_array_get(b, 5) == NULL);
    CHECK(json_is_object(json_object_get(j, "c")));
    CHECK_INT(json_array_size(json_object_get(j, "d")), 0);
    CHECK(json_object_get(j, "e") == NULL);
    CHECK_INT(json_integer_value(json_object_get(j, "a")), 1); /* behind the last get */
    json_free(j);
}

static void test_lookups_in_any_order(void)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out o = {.sb = &sb};
    json_put_array(&o, NULL, true);
    for (int i = 0; i < 2500; i++) /* more than a block of nodes */
        json_put_int(&o, NULL, i * 3);
    json_put_end(&o);
    size_t len = sb.len;
    json_t *j = json_parse(texts[ntexts++] = strbuf_detach(&sb), len, NULL);
    long wrong = 0;
    for (size_t i = 0; i < 2500; i++) {
        size_t at = i * 7919 % 2500;
        wrong += json_integer_value(json_array_get(j, at)) != (long)at * 3;
    }
    CHECK_INT(json_array_size(j), 2500);
    CHECK_INT(wrong, 0);
    json_free(j);
}

static void test_strings(void)
{
    static const struct {
        const char *json, *text;
    } rows[] = {
        {"\"\"", ""},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac"},
        {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
        {"\"\xe7\xbd\x91\xe5\x8d\xa1\"", "\xe7\xbd\x91\xe5\x8d\xa1"},
        {"\"a\\udcffb\"", "a\xff"
                          "b"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        json_t *j = parse(rows[i].json, NULL);
        CHECK_STR(json_string_value(j), rows[i].text);
        CHECK_INT(json_string_length(j), strlen(rows[i].text));
        json_free(j);
    }
}

static void test_numbers(void)
{
    static const struct {
        const char *json;
        json_int_t value;
    } rows[] = {
        {"0", 0},
        {"-0", 0},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        json_t *j = parse(rows[i].json, NULL);
        CHECK(json_is_integer(j));
        CHECK_INT(json_integer_value(j), rows[i].value);
        json_free(j);
    }
    json_t *real = parse("[1.5,-2e9,1E-2]", NULL);
    CHECK(json_is_type(json_array_get(real, 0), JSON_REAL));
    CHECK(json_is_type(json_array_get(real, 1), JSON_REAL));
    CHECK(json_is_type(json_array_get(real, 2), JSON_REAL));
    json_free(real);
}

static void test_u64(void)
{
    uint64_t v = 7;
    json_t *j = parse("[5,\"18446744073709551615\",-1,\"18446744073709551616\",\"01\",\"\"]", NULL);
    CHECK(json_u64_value(json_array_get(j, 0), &v) && v == 5);
    CHECK(json_u64_value(json_array_get(j, 1), &v) && v == UINT64_MAX);
    for (size_t i = 2; i < 7; i++)
        CHECK(!json_u64_value(json_array_get(j, i), &v));
    json_free(j);
}

static void test_refused(void)
{
    static const struct {
        const char *json, *why;
    } rows[] = {
        {"", "line 1 column 1: the text ends too early"},
        {"{", "line 1 column 2: expected a key"},
        {"[1,\n2", "line 2 column 2: the text ends too early"},
        {"[1,]", "line 1 column 4: unexpected character"},
        {"{\"a\":1,}", "line 1 column 8: expected a key"},
        {"[1 2]", "line 1 column 4: unexpected character"},
        {"{a:1}", "line 1 column 2: expected a key"},
        {"{\"a\" 1}", "line 1 column 6: expected ':'"},
        {"\"abc", "line 1 column 5: the text ends in a string"},
        {"\"a\tb\"", "line 1 column 3: control character in a string"},
        {"\"\\x\"", "line 1 column 3: bad escape"},
        {"\"\\u0000\"", "line 1 column 4: bad \\u escape"},
        {"\"\\ud800x\"", "line 1 column 8: bad \\u escape"},
        {"\"\\udc00\"", "line 1 column 4: bad \\u escape"},
        {"\"\\u12\"", "line 1 column 4: bad \\u escape"},
        {"\"\xff\"", "line 1 column 2: bad UTF-8"},
        {"\"\xc0\x80\"", "line 1 column 2: bad UTF-8"},
        {"\"\xed\xa0\x80\"", "line 1 column 2: bad UTF-8"},
        {"01", "line 1 column 1: bad number"},
        {"-", "line 1 column 2: bad number"},
        {"1.", "line 1 column 3: bad number"},
        {"1e", "line 1 column 3: bad number"},
        {"9223372036854775808", "line 1 column 19: number too large"},
        {"tru", "line 1 column 1: unexpected character"},
        {"1 1", "line 1 column 3: text behind the end"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct vnet_err err = {""};
        CHECK(parse(rows[i].json, &err) == NULL);
        CHECK_STR(err.msg, rows[i].why);
    }
}

static void test_depth(void)
{
    char text[200];
    struct vnet_err err = {""};
    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    CHECK(parse_copy(text + 100 - 33, 66, &err) == NULL);
    CHECK_STR(err.msg, "line 1 column 33: nested too deeply");
    json_t *j = parse_copy(text + 100 - 32, 64, &err);
    CHECK(j != NULL);
    json_free(j);
}

static void test_written(void)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out o = {.sb = &sb};
    json_put_object(&o, NULL, true);
    json_put_int(&o, "n", INT64_MIN);
    json_put_u64(&o, "u", UINT64_MAX);
    json_put_array(&o, "list", true);
    json_put_object(&o, NULL, false);
    json_put_bool(&o, "yes", true);
    json_put_str(&o, "s", "q\"\\\n\xff\xc3\xa9");
    json_put_end(&o);
    json_put_int(&o, NULL, 2);
    json_put_end(&o);
    json_put_array(&o, "none", true);
    json_put_end(&o);
    json_put_end(&o);
    CHECK_STR(sb.data, "{\n"
                       "\"n\":-9223372036854775808,\n"
                       "\"u\":\"18446744073709551615\",\n"
                       "\"list\":[\n"
                       " {\"yes\":true,\"s\":\"q\\\"\\\\\\u000a\\udcff\xc3\xa9\"},\n"
                       " 2\n"
                       "],\n"
                       "\"none\":[]\n"
                       "}");
    size_t len = sb.len;
    json_t *j = json_parse(texts[ntexts++] = strbuf_detach(&sb), len, NULL);
    CHECK_STR(
        json_string_value(json_object_get(json_array_get(json_object_get(j, "list"), 0), "s")),
        "q\"\\\n\xff\xc3\xa9");
    json_free(j);
}

int main(void)
{
    RUN(test_values);
    free_texts();
    RUN(test_lookups_in_any_order);
    free_texts();
    RUN(test_strings);
    free_texts();
    RUN(test_numbers);
    free_texts();
    RUN(test_u64);
    free_texts();
    RUN(test_refused);
    free_texts();
    RUN(test_depth);
    free_texts();
    RUN(test_written);
    free_texts();
    return unit_end();
}
