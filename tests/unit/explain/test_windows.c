/* Numbers in the sentences against numbers found the slow way. */
#include "explained.h"
#include "random_layers.h"

#include <stdlib.h>

Suite *windows_suite(void);

/* "steps 2, 4 and 1 cell of padding": what a window reads, by trying every tap. */
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
    if (padded) sprintf(out, " and %d cell%s of padding", (int)padded, padded == 1 ? "" : "s");
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

Suite *windows_suite(void) {
    Suite *suite = suite_create("windows");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, unknown_lengths_as_expressions);
    tcase_add_test(core, windows_against_every_tap);
    tcase_add_test(core, arithmetic_reads_whole_windows);
    suite_add_tcase(suite, core);
    return suite;
}
