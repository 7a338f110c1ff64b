/* No input and no lack of memory may crash, leak or hang the reader. */
#include "support.h"

#include <jansson.h>

Suite *robust_suite(void);

static const char *const seeds[] = {
    "model.add(Convolution1D(nb_filter=111, filter_length=5, border_mode='valid', activation=\"relu\"))",
    "self.c1 = nn.Conv2d(3, 40, kernel_size=(5, 5), stride=1, padding='same')",
    "  (conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)",
    "x = tf.keras.layers.Conv2D(2*16, 3, activation=LeakyReLU(0.1), input_shape=x.shape[1:], name='a' + b)(x)",
    ("{\"class_name\": \"Conv2D\", \"config\": {\"filters\": 3, \"kernel_size\": [3, 3], \"activation\": "
     "{\"class_name\": \"ReLU\"}}}"),
    "conv(kernel=[3, 3], filters=4, padding={'mode': 'explicit', 'before': [1, 2], 'after': 0}, groups=2)",
};

enum { SEEDS = sizeof seeds / sizeof *seeds };

static void mutate(dice *d, char *text, size_t *length, size_t capacity) {
    static const char alphabet[] = "()[]{}'\"=,.:;#*-+/\\ \n0123456789abcx_\x80\xE2\xFF";
    size_t at = (size_t)roll(d, (int)*length + 1);
    char c = alphabet[roll(d, (int)sizeof alphabet)]; /* the closing NUL counts as well */
    switch (roll(d, 4)) {
    case 0:
        if (at < *length) text[at] = c;
        break;
    case 1:
        if (*length + 1 >= capacity) break;
        memmove(text + at + 1, text + at, *length - at);
        text[at] = c;
        ++*length;
        break;
    case 2:
        if (at == *length) break;
        memmove(text + at, text + at + 1, *length - at - 1);
        --*length;
        break;
    default:
        *length = at ? at : *length;
    }
}

static bool is_utf8(const char *text) {
    json_t *string = json_string(text); /* NULL for what is not UTF-8 */
    json_decref(string);
    return string != NULL;
}

START_TEST(mutations) {
    dice d = {UINT64_C(0x2545F4914F6CDD1D) + (uint64_t)_i};
    for (int round = 0; round < 4000; round++) {
        char text[256];
        size_t length = strlen(seeds[_i]);
        memcpy(text, seeds[_i], length);
        for (int steps = 1 + roll(&d, 4); steps; steps--) mutate(&d, text, &length, sizeof text);
        const cvs_node node = {.kind = CVS_NODE_STRING, .text = text, .text_length = length, .place = {.offset = -1}};
        cvs_arena arena = cvs_arena_make(1 << 20);
        cvs_reading reading;
        cvs_error err = {0};
        cvs_status status = cvs_dialect_read(&arena, &node, CVS_FRAMEWORK_AUTO, &reading, &err);
        ck_assert_int_eq(err.status, status);
        ck_assert_int_ne(status, CVS_NO_MEMORY);
        if (status) {
            ck_assert_msg(is_utf8(err.message) && is_utf8(err.value) && is_utf8(err.expected), "%s", text);
            ck_assert_msg(err.offset >= 0 && err.offset <= (int64_t)length && err.line > 0 && err.column > 0, "%s",
                          text);
        }
        cvs_arena_free(&arena);
    }
}
END_TEST

/* Give a little more memory each time until it is enough. */
START_TEST(too_little_memory) {
    size_t limit = 1;
    for (;; limit += 64) {
        reading_case made = reading_make(seeds[_i], CVS_FRAMEWORK_AUTO, limit);
        cvs_status status = made.status;
        if (status) ck_assert_int_eq(status, CVS_NO_MEMORY);
        if (status) ck_assert_str_eq(made.err.code, "no-memory");
        reading_free(&made);
        if (!status) break;
        ck_assert_uint_lt(limit, 1 << 20);
    }
    ck_assert_uint_gt(limit, 1000);
}
END_TEST

Suite *robust_suite(void) {
    Suite *suite = suite_create("robust");
    TCase *limits = tcase_create("limits"), *oom = tcase_create("oom");
    tcase_add_loop_test(limits, mutations, 0, SEEDS);
    tcase_add_loop_test(oom, too_little_memory, 0, SEEDS);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, oom);
    return suite;
}
