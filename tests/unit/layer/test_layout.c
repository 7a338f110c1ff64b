/*
 * The conversions are proved by carrying them out: a small interpreter of the NumPy they use runs over an
 * array whose elements carry their own coordinates by axis name.
 */
#include "layers.h"

Suite *layout_suite(void);

/* ---- arrays of coded coordinates -------------------------------------------- */

/* A strided view; an element's value is its offset, which is its code. */
typedef struct view {
    int rank;
    int64_t dim[CVS_MAX_RANK], stride[CVS_MAX_RANK];
} view;

enum { RADIX = 64 };

/* What a step along an axis adds to the code: a digit of its own for every axis name. */
static int64_t digit(cvs_axis axis) {
    static const cvs_axis digits[] = {
        CVS_AXIS_FILTERS,       CVS_AXIS_IN_CHANNELS,  CVS_AXIS_IN_CHANNELS_PER_GROUP, CVS_AXIS_FILTERS_PER_GROUP,
        CVS_AXIS_KERNEL_LENGTH, CVS_AXIS_KERNEL_DEPTH, CVS_AXIS_KERNEL_HEIGHT,         CVS_AXIS_KERNEL_WIDTH};
    int64_t weight = 1;
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++, weight *= RADIX)
        if (digits[i] == axis) return weight;
    return 0;
}

static view coded(const cvs_tensor_shape *tensor) {
    view array = {.rank = tensor->shape.rank};
    for (int i = 0; i < array.rank; i++) {
        array.dim[i] = tensor->shape.dim[i];
        array.stride[i] = digit(tensor->axes[i]);
    }
    return array;
}

/* ---- the interpreter ---------------------------------------------------------- */

static bool accept(const char **text, const char *word) {
    size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0) return false;
    *text += length;
    return true;
}

static view apply_index(const char **text, view from) {
    view to = {0};
    int axis = 0;
    do {
        if (accept(text, "None")) {
            to.dim[to.rank] = 1;
            to.rank++;
        } else if (accept(text, "0")) {
            axis++;
        } else {
            ck_assert(accept(text, ":"));
            to.dim[to.rank] = from.dim[axis];
            to.stride[to.rank++] = from.stride[axis++];
        }
    } while (accept(text, ", "));
    ck_assert(accept(text, "]"));
    for (; axis < from.rank; axis++) {
        to.dim[to.rank] = from.dim[axis];
        to.stride[to.rank++] = from.stride[axis];
    }
    return to;
}

static view apply_transpose(const char **text, view from) {
    view to = {.rank = from.rank};
    unsigned seen = 0;
    for (int i = 0; i < from.rank; i++) {
        ck_assert(i == 0 || accept(text, ", "));
        int axis = *(*text)++ - '0';
        ck_assert(axis >= 0 && axis < from.rank);
        seen |= 1u << axis;
        to.dim[i] = from.dim[axis];
        to.stride[i] = from.stride[axis];
    }
    ck_assert_uint_eq(seen, (1u << from.rank) - 1);
    ck_assert(accept(text, "))"));
    return to;
}

static view evaluate(const char **text, const char *name, view array) {
    if (accept(text, "numpy.transpose(")) {
        array = evaluate(text, name, array);
        ck_assert(accept(text, ", ("));
        array = apply_transpose(text, array);
    } else {
        ck_assert(accept(text, name));
    }
    return accept(text, "[") ? apply_index(text, array) : array;
}

/* ---- all pairs ------------------------------------------------------------------ */

static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE, CVS_TENSORFLOW};
enum { FRAMEWORKS = sizeof frameworks / sizeof *frameworks };

static bool exists_in(const cvs_inference *inference, cvs_framework framework, cvs_weights *weights) {
    cvs_status status = cvs_layer_weights(inference, framework, weights, NULL);
    ck_assert(status == CVS_OK || status == CVS_UNSUPPORTED);
    return status == CVS_OK;
}

/* How many conversions were carried out. */
static int check_pair(const cvs_inference *inference, cvs_framework from, cvs_framework to) {
    cvs_weights source, target;
    if (!exists_in(inference, from, &source) || !exists_in(inference, to, &target)) return 0;
    ck_assert_int_eq(source.count, target.count);
    for (int i = 0; i < source.count; i++) {
        cvs_text text = {0};
        ck_assert_int_eq(cvs_layout_conversion(inference, from, to, i, &text, NULL), CVS_OK);
        const char *rest = text.data;
        view got = evaluate(&rest, source.weight[i].name, coded(&source.weight[i].tensor));
        view want = coded(&target.weight[i].tensor);
        ck_assert_str_eq(rest, "");
        ck_assert_int_eq(got.rank, want.rank);
        for (int axis = 0; axis < want.rank; axis++) {
            ck_assert_msg(got.dim[axis] == want.dim[axis], "%s", text.data);
            ck_assert_msg(got.stride[axis] == want.stride[axis], "%s", text.data);
        }
        cvs_text_free(&text);
    }
    return source.count;
}

/* Every size differs from every other, so that a wrong axis cannot pass for the right one. */
static cvs_inference odd_layer(cvs_op op, int spatial_rank, cvs_data_format format, int64_t groups) {
    cvs_layer layer = conv(CVS_CONVSCOPE, spatial_rank, 11 * groups, 1);
    layer.op = op;
    static const int64_t kernel[] = {2, 3, 5};
    memcpy(layer.kernel, kernel, sizeof layer.kernel);
    layer.data_format = format;
    layer.groups = groups;
    cvs_shape input = {.rank = spatial_rank + 2, .dim = {1, 31, 31, 31, 31}};
    input.dim[format == CVS_CHANNELS_FIRST ? 1 : spatial_rank + 1] = 7 * groups;
    return infer(&layer, input, NULL);
}

/*
 * Over 3 ranks and 2 data formats: with 1 group and with 2 and 3, kernel and bias. Keras 1 has no groups, and of the
 * transposed ones only the one in 2D; grouped transposed layers are PyTorch's, ONNX's and ours.
 */
static const struct {
    cvs_op op;
    int conversions;
} cases[] = {
    {CVS_OP_CONV, 2 * (6 * 36 + 12 * 25)},
    {CVS_OP_CONV_TRANSPOSE, 2 * (2 * 36 + 4 * 25 + 12 * 9)},
};

START_TEST(every_conversion_moves_every_element_right) {
    int carried_out = 0;
    for (int c = 0; c < 3 * 2 * 3; c++) {
        cvs_data_format format = c / 3 % 2 ? CVS_CHANNELS_FIRST : CVS_CHANNELS_LAST;
        cvs_inference inference = odd_layer(cases[_i].op, 1 + c % 3, format, 1 + c / 6);
        for (int from = 0; from < FRAMEWORKS; from++)
            for (int to = 0; to < FRAMEWORKS; to++)
                carried_out += check_pair(&inference, frameworks[from], frameworks[to]);
    }
    ck_assert_int_eq(carried_out, cases[_i].conversions);
}
END_TEST

START_TEST(lines_people_can_paste) {
    static const struct {
        int spatial_rank;
        cvs_data_format format;
        cvs_framework from, to;
        const char *line;
    } table[] = {
        {1, CVS_CHANNELS_LAST, CVS_KERAS1, CVS_PYTORCH, "numpy.transpose(kernel[:, 0], (2, 1, 0))"},
        {1, CVS_CHANNELS_LAST, CVS_KERAS1, CVS_KERAS, "kernel[:, 0]"},
        {1, CVS_CHANNELS_LAST, CVS_KERAS, CVS_KERAS1, "kernel[:, None]"},
        {1, CVS_CHANNELS_LAST, CVS_PYTORCH, CVS_KERAS1, "numpy.transpose(weight, (2, 1, 0))[:, None]"},
        {2, CVS_CHANNELS_LAST, CVS_KERAS, CVS_PYTORCH, "numpy.transpose(kernel, (3, 2, 0, 1))"},
        {2, CVS_CHANNELS_LAST, CVS_ONNX, CVS_TENSORFLOW, "numpy.transpose(W, (2, 3, 1, 0))"},
        {2, CVS_CHANNELS_LAST, CVS_PYTORCH, CVS_ONNX, "weight"},
        {2, CVS_CHANNELS_LAST, CVS_KERAS1, CVS_KERAS, "kernel"},
        {2, CVS_CHANNELS_FIRST, CVS_KERAS1, CVS_KERAS, "numpy.transpose(kernel, (2, 3, 1, 0))"},
        {2, CVS_CHANNELS_FIRST, CVS_KERAS1, CVS_PYTORCH, "kernel"},
        {3, CVS_CHANNELS_LAST, CVS_KERAS, CVS_ONNX, "numpy.transpose(kernel, (4, 3, 0, 1, 2))"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        cvs_inference inference = odd_layer(CVS_OP_CONV, table[i].spatial_rank, table[i].format, 1);
        cvs_text line = {0};
        ck_assert_int_eq(cvs_layout_conversion(&inference, table[i].from, table[i].to, 0, &line, NULL), CVS_OK);
        ck_assert_str_eq(line.data, table[i].line);
        cvs_text_clear(&line);
        ck_assert_int_eq(cvs_layout_conversion(&inference, table[i].from, table[i].to, 1, &line, NULL), CVS_OK);
        ck_assert_str_eq(line.data, table[i].from == CVS_ONNX ? "B" : "bias");
        cvs_text_free(&line);
    }
}
END_TEST

START_TEST(the_layers_own_layout_is_the_default) {
    cvs_layer layer = conv(CVS_PYTORCH, 2, 4, 3);
    cvs_inference inference = infer(&layer, SHAPE(1, 2, 9, 9), NULL);
    cvs_text line = {0};
    ck_assert_int_eq(cvs_layout_conversion(&inference, CVS_FRAMEWORK_AUTO, CVS_KERAS, 0, &line, NULL), CVS_OK);
    ck_assert_str_eq(line.data, "numpy.transpose(weight, (2, 3, 1, 0))");
    cvs_text_free(&line);
}
END_TEST

START_TEST(what_does_not_exist_is_refused) {
    cvs_inference inference = odd_layer(CVS_OP_CONV, 2, CVS_CHANNELS_LAST, 2);
    cvs_text line = {0};
    cvs_error err = {0};
    ck_assert_int_eq(cvs_layout_conversion(&inference, CVS_KERAS, CVS_KERAS1, 0, &line, &err), CVS_UNSUPPORTED);
    ck_assert_str_eq(err.code, "keras1-without-groups");
    ck_assert_int_eq(cvs_layout_conversion(&inference, CVS_KERAS, CVS_PYTORCH, 2, &line, NULL), CVS_INVALID);
    ck_assert_int_eq(cvs_layout_conversion(&inference, CVS_KERAS, CVS_PYTORCH, -1, &line, NULL), CVS_INVALID);
    ck_assert_int_eq(cvs_layout_conversion(&inference, (cvs_framework)77, CVS_PYTORCH, 0, &line, NULL), CVS_INVALID);
    ck_assert_uint_eq(line.length, 0);
    cvs_text_free(&line);
}
END_TEST

Suite *layout_suite(void) {
    Suite *suite = suite_create("layout");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, every_conversion_moves_every_element_right, 0, sizeof cases / sizeof *cases);
    tcase_add_test(core, lines_people_can_paste);
    tcase_add_test(core, the_layers_own_layout_is_the_default);
    tcase_add_test(limits, what_does_not_exist_is_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
