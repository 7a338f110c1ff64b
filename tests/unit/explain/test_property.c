/* What holds of every explanation, tried on random layers. */
#include "explained.h"
#include "random_layers.h"

Suite *property_suite(void);

enum { LAYERS = 4000 };

static bool is_utf8(const char *text) {
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        int length = *p < 0x80 ? 1 : *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : 0;
        if (!length || (*p < 0x20)) return false;
        for (int i = 1; i < length; i++)
            if ((p[i] & 0xc0) != 0x80) return false;
        p += length;
    }
    return true;
}

static int backticks(const char *text) {
    int count = 0;
    for (; *text; text++) count += *text == '`';
    return count;
}

/* A size that is not known is -1 inside; NumPy's last axis and its reversed slice are the only ones to be shown. */
static bool shows_unknown(const char *text) {
    if (strstr(text, "numpy.moveaxis(") || strstr(text, "between -1 and 1") || strstr(text, "-1 到 1")) return false;
    for (const char *minus = strstr(text, "-1"); minus; minus = strstr(minus + 1, "-1"))
        if (minus == text || minus[-1] != ':') return true;
    return false;
}

static void check_text(const char *topic, const char *text, cvs_language language) {
    size_t length = strlen(text);
    ck_assert_msg(length > 10, "%s: \"%s\"", topic, text);
    ck_assert_msg(!strchr(text, '{') && !strchr(text, '}'), "%s: %s", topic, text);
    ck_assert_msg(!shows_unknown(text), "%s: %s", topic, text);
    ck_assert_msg(!strstr(text, "  ") && text[0] != ' ', "%s: %s", topic, text);
    ck_assert_msg(is_utf8(text), "%s: %s", topic, text);
    ck_assert_msg(backticks(text) % 2 == 0, "%s: %s", topic, text);
    const char *end = language == CVS_ENGLISH ? "." : "。";
    ck_assert_msg(strcmp(text + length - strlen(end), end) == 0, "%s: %s", topic, text);
}

/* What stands in backticks is code, and the same in every language. */
static void check_same_code(const char *english, const char *chinese) {
    for (;;) {
        english = strchr(english, '`');
        chinese = strchr(chinese, '`');
        ck_assert_int_eq(!english, !chinese);
        if (!english) return;
        size_t length = strcspn(english + 1, "`") + 2;
        ck_assert_msg(strncmp(english, chinese, length) == 0, "%s\n%s", english, chinese);
        english += length;
        chinese += length;
    }
}

static void check_both(const cvs_inference *inference) {
    cvs_arena arena = cvs_arena_make(0);
    cvs_explanation english = explain(&arena, inference, CVS_ENGLISH);
    cvs_explanation chinese = explain(&arena, inference, CVS_CHINESE);
    ck_assert_int_gt(english.count, 0);
    ck_assert_int_le(english.count, 18);
    ck_assert_int_eq(english.count, chinese.count);
    for (int i = 0; i < english.count; i++) {
        ck_assert_str_eq(english.paragraph[i].topic, chinese.paragraph[i].topic);
        for (int before = 0; before < i; before++)
            ck_assert_str_ne(english.paragraph[i].topic, english.paragraph[before].topic);
        check_text(english.paragraph[i].topic, english.paragraph[i].text, CVS_ENGLISH);
        check_text(chinese.paragraph[i].topic, chinese.paragraph[i].text, CVS_CHINESE);
        check_same_code(english.paragraph[i].text, chinese.paragraph[i].text);
    }
    cvs_arena_free(&arena);
}

static void check_random(cvs_layer (*random_layer)(uint64_t *), int layers, uint64_t state) {
    int explained = 0;
    for (int tries = 0; explained < layers; tries++) {
        ck_assert_int_lt(tries, 100 * layers);
        cvs_arena arena = cvs_arena_make(0);
        cvs_symbols *symbols = cvs_symbols_create(&arena);
        cvs_dim symbol = 0;
        ck_assert_int_eq(cvs_symbols_name(symbols, "N", &symbol, NULL), CVS_OK);
        cvs_layer layer = random_layer(&state);
        cvs_shape input = random_input(&state, &layer, symbol);
        cvs_inference inference;
        if (cvs_infer(&layer, &input, symbols, &inference, NULL) == CVS_OK) {
            check_both(&inference);
            explained++;
        }
        cvs_arena_free(&arena);
    }
}

START_TEST(random_convolutions) { check_random(random_conv, LAYERS, 20); }
END_TEST

START_TEST(random_pools) { check_random(random_pool, LAYERS / 4, 30); }
END_TEST

START_TEST(random_transposed_convolutions) { check_random(random_transposed, LAYERS / 4, 40); }
END_TEST

START_TEST(random_channelwise_convolutions) { check_random(random_channelwise, LAYERS / 4, 50); }
END_TEST

START_TEST(random_whole_pools) { check_random(random_whole, LAYERS / 8, 60); }
END_TEST

/* Sizes at the edge of int64: nothing overflows, nothing is said that cannot be counted. */
START_TEST(enormous_sizes) {
    const int64_t most = CVS_MAX_PARAMETER;
    for (int mode = CVS_PAD_VALID; mode <= CVS_PAD_EXPLICIT; mode++) {
        cvs_layer layer = conv(CVS_CONVSCOPE, 1, 1, most);
        layer.dilation[0] = most;
        layer.padding = (cvs_padding){.mode = (cvs_padding_mode)mode, .before = {most}, .after = {most}};
        const int64_t lengths[] = {1, 7, INT64_C(1) << 40, INT64_C(1) << 62, INT64_MAX / 2, NONE};
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            for (int64_t channels = 1; channels <= 3 && lengths[i] <= INT64_MAX / 3; channels++) {
                cvs_shape input = SHAPE(NONE, lengths[i], channels == 3 ? most : channels);
                cvs_inference inference;
                if (cvs_infer(&layer, &input, NULL, &inference, NULL) == CVS_OK) check_both(&inference);
            }
        }
    }
}
END_TEST

START_TEST(every_small_limit) {
    cvs_layer layer = conv(CVS_KERAS1, 1, 111, 5);
    cvs_inference inference = infer(&layer, SHAPE(NONE, 400, 300), NULL);
    cvs_arena roomy = cvs_arena_make(0);
    explain(&roomy, &inference, CVS_ENGLISH);
    ck_assert_uint_gt(roomy.used, 0);
    for (size_t limit = 1; limit < roomy.used; limit++) {
        cvs_arena arena = cvs_arena_make(limit);
        cvs_explanation explanation;
        cvs_error err = {0};
        ck_assert_int_eq(cvs_explain(&arena, &inference, CVS_ENGLISH, &explanation, &err), CVS_NO_MEMORY);
        ck_assert_int_eq(err.status, CVS_NO_MEMORY);
        ck_assert_str_eq(err.code, "no-memory");
        cvs_arena_free(&arena);
    }
    cvs_arena just = cvs_arena_make(roomy.used);
    explain(&just, &inference, CVS_ENGLISH);
    cvs_arena_free(&just);
    cvs_arena_free(&roomy);
}
END_TEST

Suite *property_suite(void) {
    Suite *suite = suite_create("property");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits"), *memory = tcase_create("memory");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, random_convolutions);
    tcase_add_test(core, random_channelwise_convolutions);
    tcase_add_test(core, random_pools);
    tcase_add_test(core, random_whole_pools);
    tcase_add_test(core, random_transposed_convolutions);
    tcase_add_test(limits, enormous_sizes);
    tcase_add_test(memory, every_small_limit);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, memory);
    return suite;
}
