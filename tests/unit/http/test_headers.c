#include "http/headers.h"

#include <check.h>
#include <string.h>

Suite *headers_suite(void);

#define FIELD(name, value)                                                                                             \
    { name, sizeof(name) - 1, value, sizeof(value) - 1 }
#define HOST FIELD("Host", "example.org:8080")

/* Heads of up to three fields; a field without a name ends the list. */
static const struct {
    const char *version;
    http_field fields[3];
    int status;
    const char *code;
} refused[] = {
    {"HTTP/1.1", {FIELD("Accept", "*/*")}, 400, "missing-host"},
    {"HTTP/1.1", {HOST, FIELD("host", "a")}, 400, "duplicate-host"},
    {"HTTP/1.1", {FIELD("Host", "a b")}, 400, "bad-host"},
    {"HTTP/1.1", {FIELD("Host", "user@a")}, 400, "bad-host"},
    {"HTTP/1.1", {HOST, FIELD("Content-Length", "5"), FIELD("CONTENT-LENGTH", "5")}, 400, "duplicate-content-length"},
    {"HTTP/1.1", {HOST, FIELD("Content-Length", "5, 5")}, 400, "bad-content-length"},
    {"HTTP/1.1", {HOST, FIELD("Content-Length", "")}, 400, "bad-content-length"},
    {"HTTP/1.1", {HOST, FIELD("Content-Length", "-1")}, 400, "bad-content-length"},
    {"HTTP/1.1", {HOST, FIELD("Content-Length", "1 ")}, 400, "bad-content-length"},
    {"HTTP/1.1",
     {HOST, FIELD("Content-Length", "5"), FIELD("transfer-encoding", "chunked")},
     400,
     "content-length-with-transfer-encoding"},
    {"HTTP/1.1",
     {HOST, FIELD("Transfer-Encoding", "chunked"), FIELD("Transfer-Encoding", "chunked")},
     400,
     "duplicate-transfer-encoding"},
    {"HTTP/1.1", {HOST, FIELD("Transfer-Encoding", "gzip")}, 501, "unsupported-transfer-encoding"},
    {"HTTP/1.1", {HOST, FIELD("Transfer-Encoding", "chunked ")}, 501, "unsupported-transfer-encoding"},
    {"HTTP/1.1", {HOST, FIELD("Transfer-Encoding", "")}, 501, "unsupported-transfer-encoding"},
    {"HTTP/1.0", {HOST, FIELD("Transfer-Encoding", "chunked")}, 400, "transfer-encoding-in-http-1.0"},
    {"HTTP/1.1", {HOST, FIELD("Expect", "100-continue, x")}, 417, "unsupported-expectation"},
    {"HTTP/1.1",
     {HOST, FIELD("Content-Type", "text/plain"), FIELD("Content-Type", "application/json")},
     400,
     "duplicate-content-type"},
    {"HTTP/1.1", {HOST, FIELD("Inference-Header-Content-Length", "-1")}, 400, "bad-inference-header-content-length"},
    {"HTTP/1.1", {HOST, FIELD("Inference-Header-Content-Length", "")}, 400, "bad-inference-header-content-length"},
    {"HTTP/1.1", {HOST, FIELD("Inference-Header-Content-Length", "+5")}, 400, "bad-inference-header-content-length"},
    {"HTTP/1.1", {HOST, FIELD("Inference-Header-Content-Length", "0x5")}, 400, "bad-inference-header-content-length"},
    {"HTTP/1.1",
     {HOST, FIELD("Inference-Header-Content-Length", "5"), FIELD("inference-header-content-length", "5")},
     400,
     "duplicate-inference-header-content-length"},
    {"HTTP/1.1",
     {HOST, FIELD("Authorization", "Bearer a"), FIELD("authorization", "Basic b")},
     400,
     "duplicate-authorization"},
    {"HTTP/1.1", {HOST, FIELD("X-API-Key", "a"), FIELD("x-api-key", "a")}, 400, "duplicate-x-api-key"},
    {"HTTP/1.1", {HOST, FIELD("X A", "b")}, 400, "bad-header-name"},
    {"HTTP/1.1", {HOST, FIELD("X-A ", "b")}, 400, "bad-header-name"},
    {"HTTP/1.1", {HOST, FIELD("", "b")}, 400, "bad-header-name"},
    {"HTTP/1.1", {HOST, FIELD("X\xc3\xa4", "b")}, 400, "bad-header-name"},
    {"HTTP/1.1", {HOST, FIELD("X\0A", "b")}, 400, "bad-header-name"},
    {"HTTP/1.1", {HOST, FIELD("X", "a\rb")}, 400, "bad-header-value"},
    {"HTTP/1.1", {HOST, FIELD("X", "a\0b")}, 400, "bad-header-value"},
    {"HTTP/1.1", {HOST, FIELD("X", "\x7f")}, 400, "bad-header-value"},
    {"HTTP/1.2", {HOST}, 505, "unsupported-http-version"},
    {"HTTP/0.9", {HOST}, 505, "unsupported-http-version"},
    {"", {HOST}, 505, "unsupported-http-version"},
};

static size_t count_fields(const http_field fields[3]) {
    size_t count = 0;
    while (count < 3 && fields[count].name) count++;
    return count;
}

START_TEST(doubtful_heads_are_refused) {
    http_head head;
    http_refusal refusal =
        http_head_read(refused[_i].version, refused[_i].fields, count_fields(refused[_i].fields), &head);
    ck_assert_int_eq(refusal.status, refused[_i].status);
    ck_assert_str_eq(refusal.code, refused[_i].code);
    ck_assert_ptr_nonnull(refusal.detail);
}
END_TEST

START_TEST(what_is_usual_passes) {
    const http_field fields[] = {
        FIELD("Host", ""),
        FIELD("content-length", "18446744073709551615"),
        FIELD("Expect", " 100-Continue\t"),
        FIELD("Content-Encoding", "identity"),
        FIELD("User-Agent", "caf\xc3\xa9\t(x)"),
        FIELD("X-Empty", ""),
        FIELD("Content-Type", "application/json"),
    };
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, sizeof fields / sizeof *fields, &head).status, 0);
    ck_assert(head.has_length && head.expects_continue && head.json && !head.chunked);
    ck_assert_uint_eq(head.content_length, UINT64_MAX);
}
END_TEST

START_TEST(an_old_client_needs_no_host) {
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.0", NULL, 0, &head).status, 0);
    ck_assert(head.json && !head.has_length);
}
END_TEST

START_TEST(lengths_are_exact_and_never_wrap) {
    const http_field small[] = {HOST, FIELD("Content-Length", "00042")};
    const http_field huge[] = {HOST, FIELD("Content-Length", "18446744073709551617")};
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.1", small, 2, &head).status, 0);
    ck_assert_uint_eq(head.content_length, 42);
    ck_assert_int_eq(http_head_read("HTTP/1.1", huge, 2, &head).status, 0);
    ck_assert_uint_eq(head.content_length, UINT64_MAX);
}
END_TEST

START_TEST(a_length_of_json_before_binary_data) {
    const http_field some[] = {HOST, FIELD("inference-header-content-length", "0123")};
    const http_field huge[] = {HOST, FIELD("Inference-Header-Content-Length", "99999999999999999999")};
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.1", some, 1, &head).status, 0);
    ck_assert(!head.has_json_length);
    ck_assert_int_eq(http_head_read("HTTP/1.1", some, 2, &head).status, 0);
    ck_assert(head.has_json_length && !head.has_length);
    ck_assert_uint_eq(head.json_length, 123);
    ck_assert_int_eq(http_head_read("HTTP/1.1", huge, 2, &head).status, 0);
    ck_assert_uint_eq(head.json_length, UINT64_MAX);
}
END_TEST

START_TEST(bytes_are_not_json) {
    const http_field fields[] = {HOST, FIELD("Content-Type", "Application/octet-stream; x=y")};
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, 2, &head).status, 0);
    ck_assert(head.bytes && !head.json && !head.lines);
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, 1, &head).status, 0);
    ck_assert(!head.bytes && head.json);
}
END_TEST

START_TEST(forms_are_not_json) {
    const http_field fields[] = {HOST, FIELD("Content-Type", "Multipart/Form-Data; boundary=x")};
    const http_field others[] = {HOST, FIELD("Content-Type", "multipart/mixed; boundary=x")};
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, 2, &head).status, 0);
    ck_assert(head.form && !head.json && !head.lines && !head.bytes);
    ck_assert_int_eq(http_head_read("HTTP/1.1", others, 2, &head).status, 0);
    ck_assert(!head.form && !head.json);
}
END_TEST

static const struct {
    const char *type;
    bool json;
} types[] = {
    {"application/json", true},
    {"APPLICATION/json ; charset=utf-8", true},
    {"application/problem+JSON", true},
    {"application/x-www-form-urlencoded", true},
    {"", true},
    {"; charset=utf-8", true},
    {"text/json", false},
    {"application/jsonp", false},
    {"+json", false},
    {"text/plain; x=application/json", false},
};

START_TEST(media_types) {
    const http_field fields[] = {HOST, {"Content-Type", 12, types[_i].type, strlen(types[_i].type)}};
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, 2, &head).status, 0);
    ck_assert_int_eq(head.json, types[_i].json);
}
END_TEST

START_TEST(sixty_four_fields_and_no_more) {
    http_field fields[HTTP_FIELDS_MAX + 1] = {HOST};
    http_head head;
    for (size_t i = 1; i <= HTTP_FIELDS_MAX; i++) fields[i] = (http_field)FIELD("X", "y");
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, HTTP_FIELDS_MAX, &head).status, 0);
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, HTTP_FIELDS_MAX + 1, &head).status, 431);
}
END_TEST

START_TEST(targets) {
    ck_assert(http_target_valid("/v1/shape?a=%20&b=~"));
    ck_assert(http_target_valid("*"));
    ck_assert(!http_target_valid(""));
    ck_assert(!http_target_valid("/a b"));
    ck_assert(!http_target_valid("/a\tb"));
    ck_assert(!http_target_valid("/\x7f"));
    ck_assert(!http_target_valid("/\xc3\xa4"));
}
END_TEST

/* What is shown to be let in, and where. */
static const struct {
    http_field fields[2];
    const char *key; /* NULL: none */
} shown[] = {
    {{FIELD("Authorization", "Bearer abc")}, "abc"},
    {{FIELD("authorization", " bearer\t a b ")}, "a b"},
    {{FIELD("X-API-Key", "\tabc ")}, "abc"},
    {{FIELD("X-API-Key", "")}, ""},
    {{FIELD("X-API-Key", "one"), FIELD("Authorization", "Bearer two")}, "two"},
    {{FIELD("Authorization", "Bearer two"), FIELD("X-API-Key", "one")}, "two"},
    {{FIELD("X-API-Key", "one"), FIELD("Authorization", "Basic two")}, "one"},
    {{FIELD("Authorization", "Basic abc")}, NULL},
    {{FIELD("Authorization", "Bearer")}, NULL},
    {{FIELD("Authorization", "Bearer ")}, NULL},
    {{FIELD("Authorization", "Bearerabc")}, NULL},
    {{FIELD("Authorization", "")}, NULL},
    {{FIELD("X-API-Keys", "abc")}, NULL},
};

START_TEST(keys_that_are_shown) {
    http_field fields[] = {HOST, shown[_i].fields[0], shown[_i].fields[1]};
    http_head head;
    ck_assert_int_eq(http_head_read("HTTP/1.1", fields, fields[2].name ? 3 : 2, &head).status, 0);
    ck_assert_int_eq(head.key != NULL, shown[_i].key != NULL);
    if (!head.key) return;
    ck_assert_uint_eq(head.key_length, strlen(shown[_i].key));
    ck_assert_int_eq(strncmp(head.key, shown[_i].key, head.key_length), 0);
}
END_TEST

Suite *headers_suite(void) {
    Suite *suite = suite_create("headers");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, what_is_usual_passes);
    tcase_add_test(core, an_old_client_needs_no_host);
    tcase_add_test(core, targets);
    tcase_add_test(core, a_length_of_json_before_binary_data);
    tcase_add_test(core, bytes_are_not_json);
    tcase_add_test(core, forms_are_not_json);
    tcase_add_loop_test(core, keys_that_are_shown, 0, sizeof shown / sizeof *shown);
    tcase_add_loop_test(core, media_types, 0, sizeof types / sizeof *types);
    tcase_add_loop_test(core, doubtful_heads_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(limits, lengths_are_exact_and_never_wrap);
    tcase_add_test(limits, sixty_four_fields_and_no_more);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
