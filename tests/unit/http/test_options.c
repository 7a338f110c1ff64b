#include "cli/options.h"

#include <check.h>
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
    ck_assert_str_eq(options.listen.host, "127.0.0.1");
    ck_assert_uint_eq(options.listen.port, 8080);
    ck_assert_uint_eq(options.threads, 0);
    ck_assert_uint_eq(options.max_body, 0);
    ck_assert_uint_eq(options.drain, 30);
    ck_assert(!options.quiet && !options.help);
}
END_TEST

START_TEST(every_option) {
    cli_serve_options options;
    const char *const first[6] = {"--listen", "[::1]:0", "--threads=3", "--max-body", "5M", "--drain=0"};
    ck_assert_int_eq(parse(first, &options, NULL), CVS_OK);
    ck_assert_str_eq(options.listen.host, "::1");
    ck_assert_uint_eq(options.threads, 3);
    ck_assert_uint_eq(options.max_body, 5 << 20);
    ck_assert_uint_eq(options.drain, 0);
    ck_assert_int_eq(parse((const char *const[6]){"--quiet", "--help"}, &options, NULL), CVS_OK);
    ck_assert(options.quiet && options.help);
}
END_TEST

static const struct {
    const char *words[6], *message;
} wrong[] = {
    {{"--nonsense"}, "there is no option --nonsense"},
    {{"-x"}, "there is no option -x"},
    {{"--listen"}, "--listen needs a value"},
    {{"--listen", "8080"}, "'8080' is no address"},
    {{"--threads", "0"}, "--threads 0: expected a number from 1"},
    {{"--threads", "1025"}, "expected a number from 1 to 1024"},
    {{"--threads", "2x"}, "--threads 2x"},
    {{"--max-body", "0"}, "--max-body 0"},
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

Suite *options_suite(void) {
    Suite *suite = suite_create("options");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, defaults);
    tcase_add_test(core, every_option);
    tcase_add_loop_test(core, wrong_usage_is_explained, 0, sizeof wrong / sizeof *wrong);
    tcase_add_loop_test(core, levels_of_instructions, 0, sizeof levels / sizeof *levels);
    tcase_add_loop_test(limits, sizes_with_suffixes, 0, sizeof sizes / sizeof *sizes);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
