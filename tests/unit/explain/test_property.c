/* What holds of every explanation, tried on random layers. */
#include "explained.h"

#include <stdlib.h>

Suite *property_suite(void);

enum { LAYERS = 4000 };

static cvs_framework random_framework(uint64_t *state) {
    const cvs_framework all[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE};
    return all[random_in(state, 0, 4)];
}

static cvs_layer random_conv(uint64_t *state) {
    cvs_layer layer = conv(random_framework(state), (int)random_in(state, 1, 3), 1, 1);
    layer.groups = random_in(state, 0, 3) ? 1 : random_in(state, 2, 4);
    layer.filters = layer.groups * random_in(state, 1, 12);
    layer.use_bias = random_in(state, 0, 3) != 0;
    layer.activation.kind = (cvs_activation_kind)random_in(state, 0, CVS_ACT_COUNT - 1);
    layer.padding.mode = (cvs_padding_mode)random_in(state, 0, CVS_PAD_EXPLICIT);
    layer.padding.fill = (cvs_fill)random_in(state, 0, 3);
    if (layer.framework == CVS_KERAS || layer.framework == CVS_KERAS1 || layer.framework == CVS_CONVSCOPE)
        layer.data_format = (cvs_data_format)random_in(state, 0, 1);
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        layer.kernel[axis] = random_in(state, 1, 6);
        layer.stride[axis] = random_in(state, 0, 1) ? 1 : random_in(state, 1, 7);
        layer.dilation[axis] = random_in(state, 0, 2) ? 1 : random_in(state, 1, 4);
        layer.padding.before[axis] = random_in(state, 0, 5);
        layer.padding.after[axis] = random_in(state, 0, 2) ? layer.padding.before[axis] : random_in(state, 0, 5);
    }
    return layer;
}

static cvs_layer random_pool(uint64_t *state) {
    cvs_layer layer = random_conv(state);
    layer.op = random_in(state, 0, 1) ? CVS_OP_MAX_POOL : CVS_OP_AVERAGE_POOL;
    layer.groups = 1;
    layer.padding.fill = CVS_FILL_ZEROS;
    layer.ceil_mode = random_in(state, 0, 1);
    layer.ceil_keeps_last = random_in(state, 0, 1);
    layer.count_include_pad = random_in(state, 0, 1);
    layer.divisor = random_in(state, 0, 3) ? 0 : random_in(state, 1, 9);
    return layer;
}

static cvs_layer random_transposed(uint64_t *state) {
    cvs_layer layer = random_conv(state);
    layer.op = CVS_OP_CONV_TRANSPOSE;
    layer.padding.fill = CVS_FILL_ZEROS;
    layer.has_output_padding = random_in(state, 0, 1);
    for (int axis = 0; axis < layer.spatial_rank; axis++) {
        layer.padding.before[axis] = layer.padding.after[axis] = random_in(state, 0, 2);
        if (layer.has_output_padding) layer.output_padding[axis] = random_in(state, 0, layer.stride[axis] - 1);
    }
    return layer;
}

static cvs_layer random_channelwise(uint64_t *state) {
    cvs_layer layer = random_conv(state);
    bool separable = random_in(state, 0, 1);
    layer.op = separable ? CVS_OP_SEPARABLE_CONV : CVS_OP_DEPTHWISE_CONV;
    layer.filters = separable ? random_in(state, 1, 40) : 0;
    layer.groups = 1;
    layer.multiplier = random_in(state, 1, 3);
    return layer;
}

static cvs_dim random_size(uint64_t *state, cvs_dim symbol) {
    int64_t kind = random_in(state, 0, 11);
    return kind == 0 ? CVS_DIM_UNKNOWN : kind == 1 ? symbol : random_in(state, 1, 40);
}

static cvs_shape random_input(uint64_t *state, const cvs_layer *layer, cvs_dim symbol) {
    cvs_shape input = {.rank = layer->spatial_rank + 2};
    int channels = layer->data_format == CVS_CHANNELS_FIRST ? 1 : layer->spatial_rank + 1;
    for (int i = 0; i < input.rank; i++) input.dim[i] = random_size(state, symbol);
    if (random_in(state, 0, 30)) input.dim[channels] = layer->groups * random_in(state, 1, 70);
    return input;
}

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

static void check_text(const char *topic, const char *text, cvs_language language) {
    size_t length = strlen(text);
    ck_assert_msg(length > 10, "%s: \"%s\"", topic, text);
    ck_assert_msg(!strchr(text, '{') && !strchr(text, '}'), "%s: %s", topic, text);
    const char *minus = strstr(text, "-1"); /* NumPy's last axis is the only one */
    ck_assert_msg(!minus || strstr(text, "numpy.moveaxis("), "%s: %s", topic, text);
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
    ck_assert_int_le(english.count, 14);
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

/* "steps 2, 4 and 1 of padding": what a window reads, by trying every tap. */
static void window_by_hand(const cvs_layer *layer, int64_t start, int64_t size, char *out) {
    int64_t inside[16], count = 0, padded = 0;
    for (int64_t tap = 0; tap < layer->kernel[0]; tap++) {
        int64_t position = start + tap * layer->dilation[0];
        if (position >= 0 && position < size)
            inside[count++] = position;
        else
            padded++;
    }
    if (!count) {
        strcpy(out, "nothing but padding");
        return;
    }
    out += sprintf(out, count == 1 ? "step " : "steps ");
    if (layer->dilation[0] == 1 && count > 1)
        out += sprintf(out, "%d to %d", (int)inside[0], (int)inside[count - 1]);
    else if (count > 4)
        out +=
            sprintf(out, "%d, %d, %d, ..., %d", (int)inside[0], (int)inside[1], (int)inside[2], (int)inside[count - 1]);
    else
        for (int64_t i = 0; i < count; i++) out += sprintf(out, "%s%d", i ? ", " : "", (int)inside[i]);
    if (padded) sprintf(out, " and %d of padding", (int)padded);
}

START_TEST(windows_against_every_tap) {
    uint64_t state = 21;
    for (int explained = 0; explained < 1000;) {
        cvs_layer layer = random_conv(&state);
        cvs_shape input = random_input(&state, &layer, CVS_DIM_UNKNOWN);
        cvs_inference inference;
        if (layer.spatial_rank != 1 || cvs_infer(&layer, &input, NULL, &inference, NULL) != CVS_OK) continue;
        int position = layer.data_format == CVS_CHANNELS_FIRST ? 2 : 1;
        int64_t size = input.dim[position], last = inference.output.shape.dim[position] - 1;
        if (size == CVS_DIM_UNKNOWN) continue;
        int64_t before = inference.layer.padding.before[0];
        char first_window[128], last_window[128], expected[320];
        window_by_hand(&layer, -before, size, first_window);
        window_by_hand(&layer, last * layer.stride[0] - before, size, last_window);
        if (last)
            snprintf(expected, sizeof expected, "Output cell 0 reads %s; the last one, cell %d, reads %s.",
                     first_window, (int)last, last_window);
        else
            snprintf(expected, sizeof expected, "The only output cell reads %s.", first_window);
        says(&inference, "slide", expected);
        explained++;
    }
}
END_TEST

/* What the text of an unknown size comes to: min(a, b), floor(a/b), ceil(a/b), sums, parentheses and `length`. */
static int64_t sum_of(const char **p, int64_t length);

static int64_t term_of(const char **p, int64_t length) {
    bool floors = strncmp(*p, "floor(", 6) == 0, ceils = strncmp(*p, "ceil(", 5) == 0;
    if (floors || ceils) {
        *p += floors ? 6 : 5;
        int64_t above = sum_of(p, length), below = strtoll(*p + 1, (char **)(uintptr_t)p, 10);
        ++*p;
        int64_t down = above / below - (above % below < 0);
        return floors ? down : down + (above != down * below);
    }
    if (strncmp(*p, "min(", 4) == 0) {
        *p += 4;
        int64_t left = sum_of(p, length);
        *p += 2;
        int64_t right = sum_of(p, length);
        ++*p;
        return left < right ? left : right;
    }
    if (**p == '(') {
        ++*p;
        int64_t inner = sum_of(p, length);
        ++*p;
        return inner;
    }
    if (strncmp(*p, "length", 6) == 0) {
        *p += 6;
        return length;
    }
    ck_assert_msg(**p >= '0' && **p <= '9', "at: %s", *p);
    return strtoll(*p, (char **)(uintptr_t)p, 10);
}

static int64_t sum_of(const char **p, int64_t length) {
    int64_t sum = term_of(p, length);
    while (strncmp(*p, " + ", 3) == 0 || strncmp(*p, " - ", 3) == 0) {
        bool minus = (*p)[1] == '-';
        *p += 3;
        int64_t term = term_of(p, length);
        sum += minus ? -term : term;
    }
    return sum;
}

static void check_unknown_length(const cvs_layer *layer, uint64_t *state) {
    int position = layer->data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    cvs_shape input = SHAPE(NONE, 3 * layer->groups, 3 * layer->groups);
    cvs_inference open, known;
    input.dim[position] = NONE;
    if (cvs_infer(layer, &input, NULL, &open, NULL) != CVS_OK) return;
    cvs_arena arena = cvs_arena_make(0);
    cvs_explanation explanation = explain(&arena, &open, CVS_ENGLISH);
    const char *volume = about(&explanation, "volume"), *p = strstr(volume, "→ (batch, ");
    ck_assert_ptr_nonnull(p);
    p += strlen("→ (batch, ");
    if (position == 2) p = strchr(p, ' ') + 1; /* the channels stand before it */
    input.dim[position] = random_in(state, 1, 60);
    if (cvs_infer(layer, &input, NULL, &known, NULL) == CVS_OK) {
        int64_t value = sum_of(&p, input.dim[position]);
        ck_assert_msg(value == known.output.shape.dim[position], "%lld instead of %lld for %lld: %s", (long long)value,
                      (long long)known.output.shape.dim[position], (long long)input.dim[position], volume);
    }
    cvs_arena_free(&arena);
}

START_TEST(unknown_lengths_as_expressions) {
    uint64_t state = 23;
    for (int i = 0; i < 20000; i++) {
        cvs_layer layer = i % 2 ? random_pool(&state) : random_conv(&state);
        if (layer.spatial_rank == 1) check_unknown_length(&layer, &state);
    }
}
END_TEST

/* x[a:b:d]: the named cell's window must be just the kernel's taps, none of them in the padding. */
START_TEST(arithmetic_reads_whole_windows) {
    uint64_t state = 22;
    for (int explained = 0; explained < 500;) {
        cvs_layer layer = random_conv(&state);
        cvs_shape input = random_input(&state, &layer, CVS_DIM_UNKNOWN);
        cvs_inference inference;
        if (layer.spatial_rank != 1 || layer.data_format != CVS_CHANNELS_LAST || layer.groups > 1) continue;
        if (cvs_infer(&layer, &input, NULL, &inference, NULL) != CVS_OK || input.dim[1] == CVS_DIM_UNKNOWN) continue;
        cvs_arena arena = cvs_arena_make(0);
        cvs_explanation explanation = explain(&arena, &inference, CVS_ENGLISH);
        const char *text = about(&explanation, "arithmetic"), *output = text ? strstr(text, "`y[") : NULL;
        int64_t fitting = -1;
        for (int64_t cell = inference.output.shape.dim[1] - 1; cell >= 0; cell--) {
            int64_t start = cell * layer.stride[0] - inference.layer.padding.before[0];
            if (start >= 0 && start + (layer.kernel[0] - 1) * layer.dilation[0] < input.dim[1]) fitting = cell;
        }
        ck_assert_int_eq(output != NULL, fitting >= 0 && inference.layer.in_channels > 0);
        if (output) {
            char *end;
            ck_assert_int_eq(strtoll(output + 3, &end, 10), fitting);
            int64_t from = strtoll(strstr(output, "x[") + 2, &end, 10), to = strtoll(end + 1, &end, 10);
            int64_t step = *end == ':' ? strtoll(end + 1, &end, 10) : 1;
            ck_assert_int_eq(from, fitting * layer.stride[0] - inference.layer.padding.before[0]);
            ck_assert_int_eq((to - from + step - 1) / step, layer.kernel[0]);
            if (layer.kernel[0] > 1) ck_assert_int_eq(step, layer.dilation[0]);
            ck_assert_int_le(to, input.dim[1]);
            explained++;
        }
        cvs_arena_free(&arena);
    }
}
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
    tcase_add_test(core, random_transposed_convolutions);
    tcase_add_test(core, unknown_lengths_as_expressions);
    tcase_add_test(core, windows_against_every_tap);
    tcase_add_test(core, arithmetic_reads_whole_windows);
    tcase_add_test(limits, enormous_sizes);
    tcase_add_test(memory, every_small_limit);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, memory);
    return suite;
}
