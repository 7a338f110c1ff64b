#include "cli/options.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *options_suite(void);

/* Parse "serve" and up to six words. */
static cvs_status parse(const char *const words[6], cli_serve_options *out, cvs_error *err) {
    char copies[8][64] = {"serve"};
    char *argv[9] = {copies[0]};
    int argc = 1;
    for (; argc <= 6 && words[argc - 1]; argc++) {
        strncpy(copies[argc], words[argc - 1], sizeof copies[argc] - 1);
        argv[argc] = copies[argc];
    }
    return cli_serve_options_parse(argc, argv, out, err);
}

START_TEST(defaults) {
    cli_serve_options options;
    ck_assert_int_eq(parse((const char *const[6]){NULL}, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.listen.count, 0);
    ck_assert_uint_eq(options.socket_mode, 0600);
    ck_assert_uint_eq(options.threads, 0);
    ck_assert_uint_eq(options.max_body, 0);
    ck_assert_uint_eq(options.drain, 30);
    ck_assert_uint_eq(options.workers, 0);
    ck_assert_uint_eq(options.queue, 256);
    ck_assert_uint_eq(options.deadline, 60);
    ck_assert_uint_eq(options.drain_delay, 0);
    ck_assert_uint_eq(options.max_connections, 0);
    ck_assert_uint_eq(options.max_connections_per_ip, 0);
    ck_assert_uint_eq(options.head_timeout, 10);
    ck_assert_uint_eq(options.idle_timeout, 30);
    ck_assert_uint_eq(options.min_rate, 16384);
    ck_assert_int_eq(options.log, CLI_LOG_NONE);
    ck_assert(!options.cors.any && options.cors.count == 0);
    ck_assert(!options.no_compression && !options.quiet && !options.check_config && !options.help);
}
END_TEST

START_TEST(every_option) {
    cli_serve_options options;
    const char *const first[6] = {"--listen", "[::1]:0", "--threads=3", "--max-body", "5M", "--drain=0"};
    ck_assert_int_eq(parse(first, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.listen.count, 1);
    ck_assert_str_eq(options.listen.at[0].host, "::1");
    ck_assert_uint_eq(options.threads, 3);
    ck_assert_uint_eq(options.max_body, 5 << 20);
    ck_assert_uint_eq(options.drain, 0);
    const char *const second[6] = {"--workers", "7", "--queue", "0", "--deadline=9", "--drain-delay=8"};
    ck_assert_int_eq(parse(second, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.workers, 7);
    ck_assert_uint_eq(options.queue, 0);
    ck_assert_uint_eq(options.deadline, 9);
    ck_assert_uint_eq(options.drain_delay, 8);
    const char *const third[6] = {"--max-connections=7", "--max-connections-per-ip=6", "--head-timeout=5",
                                  "--idle-timeout=4", "--min-rate=3K"};
    ck_assert_int_eq(parse(third, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.max_connections, 7);
    ck_assert_uint_eq(options.max_connections_per_ip, 6);
    ck_assert_uint_eq(options.head_timeout, 5);
    ck_assert_uint_eq(options.idle_timeout, 4);
    ck_assert_uint_eq(options.min_rate, 3072);
    const char *const listens[6] = {"--listen", "localhost:1", "--listen=unix:/a", "--socket-mode", "0666"};
    ck_assert_int_eq(parse(listens, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.listen.count, 2);
    ck_assert_str_eq(options.listen.at[0].host, "localhost");
    ck_assert_str_eq(options.listen.at[1].host, "/a");
    ck_assert_uint_eq(options.socket_mode, 0666);
    const char *const fourth[6] = {"--max-json=1M", "--max-elements=2K", "--max-macs=1024G", "--max-workspace=3M",
                                   "--max-memory=5G"};
    ck_assert_int_eq(parse(fourth, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.max_json, 1 << 20);
    ck_assert_uint_eq(options.max_memory, (size_t)5 << 30);
    ck_assert_uint_eq(options.max_elements, 2048);
    ck_assert_uint_eq(options.max_macs, (size_t)1 << 40);
    ck_assert_uint_eq(options.max_workspace, 3 << 20);
    ck_assert_int_eq(parse((const char *const[6]){"--min-rate", "0"}, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.min_rate, 0);
    ck_assert_int_eq(parse((const char *const[6]){"--quiet", "--help", "--no-compression"}, &options, NULL), CVS_OK);
    ck_assert(options.no_compression && options.quiet && options.help);
    const char *const fifth[6] = {"--log",           "json",          "--cors-origin", "http://a.b,http://c",
                                  "--cors-origin=*", "--check-config"};
    ck_assert_int_eq(parse(fifth, &options, NULL), CVS_OK);
    ck_assert_int_eq(options.log, CLI_LOG_JSON);
    ck_assert_uint_eq(options.cors.count, 2);
    ck_assert(options.cors.any && options.check_config);
}
END_TEST

static const struct {
    const char *words[6], *message;
} wrong[] = {
    {{"--nonsense"}, "there is no option --nonsense"},
    {{"-x"}, "there is no option -x"},
    {{"--listen"}, "--listen needs a value"},
    {{"--listen", "8080"}, "'8080' is no address"},
    {{"--listen", "unix:a"}, "'unix:a' is no Unix socket"},
    {{"--socket-mode", "1777"}, "--socket-mode 1777: expected permissions"},
    {{"--socket-mode", "rw"}, "--socket-mode rw: expected permissions"},
    {{"--socket-mode", "888"}, "--socket-mode 888: expected permissions"},
    {{"--threads", "0"}, "--threads 0: expected a number from 1"},
    {{"--threads", "1025"}, "expected a number from 1 to 1024"},
    {{"--threads", "2x"}, "--threads 2x"},
    {{"--workers", "0"}, "--workers 0: expected a number from 1"},
    {{"--queue", "-1"}, "--queue -1"},
    {{"--max-connections", "0"}, "--max-connections 0"},
    {{"--min-rate", "fast"}, "--min-rate fast: expected a number of bytes"},
    {{"--max-body", "0"}, "--max-body 0"},
    {{"--max-macs", "1T"}, "--max-macs 1T: expected a number, as in"},
    {{"--deadline", "x"}, "--deadline x: expected a number of seconds"},
    {{"--drain-delay", "86401"}, "--drain-delay 86401"},
    {{"--drain", "-1"}, "--drain -1"},
    {{"--drain", "1.5"}, "--drain 1.5"},
    {{"--quiet=yes"}, "--quiet=yes"},
    {{"8080"}, "unexpected argument '8080'"},
};

START_TEST(wrong_usage_is_explained) {
    cli_serve_options options;
    cvs_error err = {0};
    ck_assert_int_eq(parse(wrong[_i].words, &options, &err), CVS_INVALID);
    ck_assert_msg(strstr(err.message, wrong[_i].message) != NULL, "%s", err.message);
}
END_TEST

START_TEST(no_more_addresses_than_fit) {
    cli_serve_options options;
    cvs_error err = {0};
    char copies[HTTP_LISTENERS_MAX + 2][24] = {"serve"};
    char *argv[HTTP_LISTENERS_MAX + 3] = {copies[0]};
    for (int i = 1; i <= HTTP_LISTENERS_MAX + 1; i++) {
        strcpy(copies[i], "--listen=127.0.0.1:0");
        argv[i] = copies[i];
    }
    ck_assert_int_eq(cli_serve_options_parse(HTTP_LISTENERS_MAX + 1, argv, &options, NULL), CVS_OK);
    ck_assert_uint_eq(options.listen.count, HTTP_LISTENERS_MAX);
    ck_assert_int_eq(cli_serve_options_parse(HTTP_LISTENERS_MAX + 2, argv, &options, &err), CVS_INVALID);
    ck_assert_ptr_nonnull(strstr(err.message, "more than 16"));
}
END_TEST

static const struct {
    const char *text;
    size_t bytes; /* 0: no number of bytes */
} sizes[] = {
    {"1", 1},
    {"65536", 65536},
    {"64K", 65536},
    {"64k", 65536},
    {"64KiB", 65536},
    {"3M", 3 << 20},
    {"2G", 2147483648u},
    {"0", 0},
    {"", 0},
    {"K", 0},
    {"-1", 0},
    {"1T", 0},
    {"1KB", 0},
    {"1.5M", 0},
    {"1 M", 0},
    {"1Kx", 0},
    {"99999999999999G", 0},
    {"9999999999999999999999", 0},
};

START_TEST(sizes_with_suffixes) {
    size_t bytes = 0;
    ck_assert_int_eq(cli_bytes_parse(sizes[_i].text, &bytes), sizes[_i].bytes != 0);
    ck_assert_uint_eq(bytes, sizes[_i].bytes);
}
END_TEST

static const struct {
    const char *value;
    bool known, caps;
    cvs_isa isa;
} levels[] = {
    {"portable", true, true, CVS_ISA_PORTABLE}, {"avx2", true, true, CVS_ISA_AVX2},
    {"avx512", true, true, CVS_ISA_AVX512},     {NULL, true, false, CVS_ISA_PORTABLE},
    {"", true, false, CVS_ISA_PORTABLE},        {"AVX2", false, true, CVS_ISA_PORTABLE},
    {"avx", false, true, CVS_ISA_PORTABLE},     {"avx2 ", false, true, CVS_ISA_PORTABLE},
};

START_TEST(levels_of_instructions) {
    cvs_engine_options how = {.threads = 3};
    cvs_error err = {0};
    cvs_status status = cli_isa_parse(levels[_i].value, &how, &err);
    ck_assert_int_eq(status, levels[_i].known ? CVS_OK : CVS_INVALID);
    ck_assert_int_eq(how.threads, 3);
    ck_assert_int_eq(how.cap_isa, levels[_i].caps);
    if (levels[_i].known)
        ck_assert_int_eq(how.isa, levels[_i].isa);
    else
        ck_assert_msg(strstr(err.message, "expected portable, avx2 or avx512") != NULL, "%s", err.message);
}
END_TEST

START_TEST(they_are_printed_as_they_could_be_given) {
    static const char expected[] = "  --listen 127.0.0.1:80\n  --listen unix:/a\n  --socket-mode 640\n  --threads 3\n";
    cli_serve_options options;
    char *text;
    size_t length;
    const char *const words[6] = {"--listen=127.0.0.1:80", "--listen=unix:/a", "--socket-mode=640",
                                  "--threads=3",           "--max-body=1536",  "--max-macs=3G"};
    ck_assert_int_eq(parse(words, &options, NULL), CVS_OK);
    FILE *out = open_memstream(&text, &length);
    cli_serve_options_print(&options, out);
    fclose(out);
    ck_assert_int_eq(strncmp(text, expected, strlen(expected)), 0);
    ck_assert_ptr_nonnull(strstr(text, "\n  --max-body 1536\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  --max-macs 3G\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  --min-rate 16K\n"));
    ck_assert_ptr_nonnull(strstr(text, "\n  --log none\n"));
    ck_assert_ptr_null(strstr(text, "--quiet"));
    free(text);
}
END_TEST

Suite *options_suite(void) {
    Suite *suite = suite_create("options");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, defaults);
    tcase_add_test(core, every_option);
    tcase_add_test(core, they_are_printed_as_they_could_be_given);
    tcase_add_test(core, no_more_addresses_than_fit);
    tcase_add_loop_test(core, wrong_usage_is_explained, 0, sizeof wrong / sizeof *wrong);
    tcase_add_loop_test(core, levels_of_instructions, 0, sizeof levels / sizeof *levels);
    tcase_add_loop_test(limits, sizes_with_suffixes, 0, sizeof sizes / sizeof *sizes);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
