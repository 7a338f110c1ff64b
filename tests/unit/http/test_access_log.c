#include "http/access_log.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <string.h>

Suite *access_log_suite(void);

static const struct timespec when = {.tv_sec = 1795653638, .tv_nsec = 7008999};

static void assert_line(const http_access *access, bool json, const char *expected) {
    http_log_line line;
    http_access_line(access, json, &line);
    ck_assert_uint_lt(line.length, sizeof line.text);
    line.text[line.length] = '\0';
    ck_assert_str_eq(line.text, expected);
}

static struct sockaddr_in loopback(void) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(53412), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

START_TEST(a_request_in_either_form) {
    const struct sockaddr_in client = loopback();
    const http_access access = {
        .when = when,
        .id = "f3-1",
        .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
        .client = (const struct sockaddr *)&client,
        .method = "POST",
        .path = "/v1/shape",
        .status = 200,
        .whole = true,
        .bytes = 812,
        .duration_us = 112,
        .queue_us = 3,
    };
    assert_line(
        &access, false,
        "time=2026-11-26T00:40:38.007008Z id=f3-1 trace=4bf92f3577b34da6a3ce929d0e0e4736 client=127.0.0.1:53412 "
        "method=POST path=/v1/shape status=200 bytes=812 duration_us=112 queue_us=3 end=whole\n");
    assert_line(
        &access, true,
        "{\"time\":\"2026-11-26T00:40:38.007008Z\",\"id\":\"f3-1\",\"trace\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
        "\"client\":\"127.0.0.1:53412\",\"method\":\"POST\",\"path\":\"/v1/shape\",\"status\":200,\"bytes\":812,"
        "\"duration_us\":112,\"queue_us\":3,\"end\":\"whole\"}\n");
}
END_TEST

START_TEST(what_is_not_known) {
    const http_access access = {.when = when, .id = "", .trace_id = "", .method = "", .path = ""};
    assert_line(&access, false,
                "time=2026-11-26T00:40:38.007008Z id=- trace=- client=- method=- path=- status=- bytes=0 duration_us=0 "
                "queue_us=0 end=none\n");
    assert_line(&access, true,
                "{\"time\":\"2026-11-26T00:40:38.007008Z\",\"id\":null,\"trace\":null,\"client\":null,\"method\":null,"
                "\"path\":null,\"status\":null,\"bytes\":0,\"duration_us\":0,\"queue_us\":0,\"end\":\"none\"}\n");
}
END_TEST

START_TEST(a_cut_answer) {
    http_log_line line;
    http_access_line(&(http_access){.when = when, .status = 200}, false, &line);
    line.text[line.length] = '\0';
    ck_assert_ptr_nonnull(strstr(line.text, " status=200 bytes=0 duration_us=0 queue_us=0 end=cut\n"));
}
END_TEST

/* ---- values that try to be more than one ------------------------------------------ */

static const struct {
    const char *value, *plain, *json;
} values[] = {
    {"/a", "x=/a\n", "\"x\":\"/a\"}\n"},
    {"-", "x=\"-\"\n", "\"x\":\"-\"}\n"},
    {"", "x=\"\"\n", "\"x\":\"\"}\n"},
    {"a b", "x=\"a b\"\n", "\"x\":\"a b\"}\n"},
    {"a=b", "x=\"a=b\"\n", "\"x\":\"a=b\"}\n"},
    {"a\"b", "x=\"a\\\"b\"\n", "\"x\":\"a\\\"b\"}\n"},
    {"a'b", "x=\"a'b\"\n", "\"x\":\"a'b\"}\n"},
    {"a\\", "x=\"a\\\\\"\n", "\"x\":\"a\\\\\"}\n"},
    {"a\r\nb", "x=\"a\\u000d\\u000ab\"\n", "\"x\":\"a\\u000d\\u000ab\"}\n"},
    {"\x1b[2J\x7f", "x=\"\\u001b[2J\\u007f\"\n", "\"x\":\"\\u001b[2J\\u007f\"}\n"},
    {"\xff", "x=\"\\u00ff\"\n", "\"x\":\"\\u00ff\"}\n"},
};

START_TEST(a_value_stays_one) {
    for (int json = 0; json < 2; json++) {
        const char *expected = json ? values[_i].json : values[_i].plain;
        http_log_line line;
        http_log_line_begin(&line, json, when);
        http_log_line_text(&line, "x", values[_i].value);
        http_log_line_end(&line);
        line.text[line.length] = '\0';
        ck_assert_str_eq(line.text + line.length - strlen(expected), expected);
        ck_assert_ptr_eq(strchr(line.text, '\n'), line.text + line.length - 1);
    }
}
END_TEST

/* Whatever is in them, the line ends as it should and what follows a text that was cut is there. */
START_TEST(long_texts_are_cut_and_the_rest_is_not) {
    char text[4 * HTTP_LOG_LINE_MAX];
    http_log_line line;
    memset(text, _i < 2 ? '\n' : 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    http_access_line(&(http_access){.when = when,
                                    .id = text,
                                    .trace_id = text,
                                    .method = text,
                                    .path = text,
                                    .status = 200,
                                    .bytes = UINT64_MAX / 2,
                                    .duration_us = INT64_MIN,
                                    .queue_us = INT64_MIN},
                     _i % 2, &line);
    ck_assert_uint_lt(line.length, sizeof line.text);
    line.text[line.length] = '\0';
    ck_assert_ptr_eq(strchr(line.text, '\n'), line.text + line.length - 1);
    ck_assert_ptr_nonnull(strstr(line.text, _i % 2 ? "\"queue_us\":-9223372036854775808,\"end\":\"cut\"}\n"
                                                   : " queue_us=-9223372036854775808 end=cut\n"));
}
END_TEST

/* ---- clients ----------------------------------------------------------------------- */

static const struct {
    const char *address, *text;
} v6[] = {
    {"::1", "[::1]:53412"},
    {"2001:db8::7", "[2001:db8::7]:53412"},
    {"::ffff:192.0.2.1", "192.0.2.1:53412"}, /* an IPv4 client of a socket that takes both */
};

START_TEST(clients_of_ipv6) {
    char text[HTTP_CLIENT_MAX];
    struct sockaddr_in6 client = {.sin6_family = AF_INET6, .sin6_port = htons(53412)};
    ck_assert_int_eq(inet_pton(AF_INET6, v6[_i].address, &client.sin6_addr), 1);
    ck_assert(http_client_text((const struct sockaddr *)&client, text));
    ck_assert_str_eq(text, v6[_i].text);
}
END_TEST

START_TEST(clients_of_no_network) {
    char text[HTTP_CLIENT_MAX];
    ck_assert(!http_client_text(NULL, text));
    ck_assert(!http_client_text(&(struct sockaddr){.sa_family = AF_UNIX}, text));
}
END_TEST

Suite *access_log_suite(void) {
    Suite *suite = suite_create("access_log");
    TCase *core = tcase_create("core");
    tcase_add_test(core, a_request_in_either_form);
    tcase_add_test(core, what_is_not_known);
    tcase_add_test(core, a_cut_answer);
    tcase_add_loop_test(core, a_value_stays_one, 0, sizeof values / sizeof *values);
    tcase_add_loop_test(core, long_texts_are_cut_and_the_rest_is_not, 0, 4);
    tcase_add_loop_test(core, clients_of_ipv6, 0, sizeof v6 / sizeof *v6);
    tcase_add_test(core, clients_of_no_network);
    suite_add_tcase(suite, core);
    return suite;
}
