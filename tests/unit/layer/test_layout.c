/*
 * The conversions are proved by carrying them out: a small interpreter of the NumPy they use runs over an
 * array whose elements carry their own coordinates by axis name.
 */
#include "layers.h"

#include <stdlib.h>

Suite *layout_suite(void);

/* ---- arrays of coded coordinates -------------------------------------------- */

enum { RADIX = 64, MOST_ELEMENTS = 1 << 14 };

/* Row-major; an element's value says where it stood. */
typedef struct array {
    int rank;
    int64_t dim[CVS_MAX_RANK];
    int64_t *value;
} array;

static int64_t count_of(const array *a) {
    int64_t count = 1;
    for (int i = 0; i < a->rank; i++) count *= a->dim[i];
    ck_assert_int_le(count, MOST_ELEMENTS);
    return count;
}

/* What a step along an axis adds to the code: a digit of its own for every axis name. */
static int64_t digit(cvs_axis axis) {
    static const cvs_axis digits[] = {
        CVS_AXIS_FILTERS,     CVS_AXIS_FILTERS_PER_GROUP, CVS_AXIS_IN_CHANNELS,  CVS_AXIS_IN_CHANNELS_PER_GROUP,
        CVS_AXIS_MULTIPLIER,  CVS_AXIS_KERNEL_LENGTH,     CVS_AXIS_KERNEL_DEPTH, CVS_AXIS_KERNEL_HEIGHT,
        CVS_AXIS_KERNEL_WIDTH};
    int64_t weight = 1;
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++, weight *= RADIX)
        if (digits[i] == axis) return weight;
    return 0;
}

/* A depthwise kernel's filter f is kernel f mod m of channel f/m: tf.nn.depthwise_conv2d, output channel k*m + q. */
static int64_t code_of(const cvs_layer *layer, const cvs_weight *weight, int axis, int64_t index) {
    cvs_axis kind = weight->tensor.axes[axis];
    bool apart = layer->op == CVS_OP_DEPTHWISE_CONV || layer->op == CVS_OP_SEPARABLE_CONV;
    bool merged = apart && weight->tensor.shape.rank > 1 && weight->tensor.axes[1] == CVS_AXIS_IN_CHANNELS_PER_GROUP;
    if (!merged || kind != CVS_AXIS_FILTERS) return index * digit(kind);
    return index / layer->multiplier * digit(CVS_AXIS_IN_CHANNELS) +
           index % layer->multiplier * digit(CVS_AXIS_MULTIPLIER);
}

static array coded(const cvs_layer *layer, const cvs_weight *weight) {
    array a = {.rank = weight->tensor.shape.rank};
    memcpy(a.dim, weight->tensor.shape.dim, sizeof a.dim);
    int64_t count = count_of(&a);
    a.value = calloc((size_t)count, sizeof *a.value);
    for (int64_t n = 0; n < count; n++) {
        int64_t rest = n;
        for (int i = a.rank - 1; i >= 0; rest /= a.dim[i--]) a.value[n] += code_of(layer, weight, i, rest % a.dim[i]);
    }
    return a;
}

/* ---- the interpreter ---------------------------------------------------------- */

static bool accept(const char **text, const char *word) {
    size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0) return false;
    *text += length;
    return true;
}

/* Only axes of size 1 come and go: the elements keep their order. */
static void apply_index(const char **text, array *a) {
    array to = {.value = a->value};
    int axis = 0;
    do {
        if (accept(text, "None")) {
            to.dim[to.rank++] = 1;
        } else if (accept(text, "0")) {
            ck_assert_int_eq(a->dim[axis++], 1);
        } else {
            ck_assert(accept(text, ":"));
            to.dim[to.rank++] = a->dim[axis++];
        }
    } while (accept(text, ", "));
    ck_assert(accept(text, "]"));
    while (axis < a->rank) to.dim[to.rank++] = a->dim[axis++];
    *a = to;
}

static int64_t read_integer(const char **text) {
    char *end;
    int64_t value = strtoll(*text, &end, 10);
    ck_assert_ptr_ne(*text, end);
    *text = end;
    return value;
}

static void apply_reshape(const char **text, array *a) {
    int64_t count = count_of(a), product = 1;
    int open = -1;
    a->rank = 0;
    do {
        a->dim[a->rank] = read_integer(text);
        if (a->dim[a->rank] == -1)
            open = a->rank;
        else
            product *= a->dim[a->rank];
        a->rank++;
    } while (accept(text, ", "));
    ck_assert(accept(text, ")"));
    if (open >= 0) a->dim[open] = count / product;
    ck_assert_int_eq(count_of(a), count);
}

static void apply_transpose(const char **text, array *a) {
    array to = {.rank = a->rank};
    int from[CVS_MAX_RANK];
    unsigned seen = 0;
    for (int i = 0; i < a->rank; i++) {
        ck_assert(i == 0 || accept(text, ", "));
        from[i] = (int)read_integer(text);
        ck_assert(from[i] >= 0 && from[i] < a->rank);
        seen |= 1u << from[i];
        to.dim[i] = a->dim[from[i]];
    }
    ck_assert_uint_eq(seen, (1u << a->rank) - 1);
    ck_assert(accept(text, "))"));
    int64_t count = count_of(a);
    to.value = calloc((size_t)count, sizeof *to.value);
    for (int64_t n = 0; n < count; n++) {
        int64_t index[CVS_MAX_RANK], rest = n, at = 0;
        for (int i = to.rank - 1; i >= 0; rest /= to.dim[i--]) index[from[i]] = rest % to.dim[i];
        for (int i = 0; i < a->rank; i++) at = at * a->dim[i] + index[i];
        to.value[n] = a->value[at];
    }
    free(a->value);
    *a = to;
}

static void evaluate(const char **text, const char *name, array *a) {
    if (accept(text, "numpy.transpose(")) {
        evaluate(text, name, a);
        ck_assert(accept(text, ", ("));
        apply_transpose(text, a);
    } else {
        ck_assert(accept(text, name));
    }
    if (accept(text, "[")) apply_index(text, a);
    if (accept(text, ".reshape(")) apply_reshape(text, a);
}

/* ---- all pairs ------------------------------------------------------------------ */

static const cvs_framework frameworks[] = {CVS_KERAS, CVS_KERAS1, CVS_PYTORCH, CVS_ONNX, CVS_CONVSCOPE, CVS_TENSORFLOW};
enum { FRAMEWORKS = sizeof frameworks / sizeof *frameworks };

static bool exists_in(const cvs_inference *inference, cvs_framework framework, cvs_weights *weights) {
    cvs_status status = cvs_layer_weights(inference, framework, weights, NULL);
    ck_assert(status == CVS_OK || status == CVS_UNSUPPORTED);
    return status == CVS_OK;
}

static void check_weight(const cvs_inference *inference, cvs_framework from, cvs_framework to, const cvs_weight *source,
                         const cvs_weight *target, int index) {
    cvs_text text = {0};
    ck_assert_int_eq(cvs_layout_conversion(inference, from, to, index, &text, NULL), CVS_OK);
    const char *rest = text.data;
    array got = coded(&inference->layer, source), want = coded(&inference->layer, target);
    evaluate(&rest, source->name, &got);
    ck_assert_str_eq(rest, "");
    ck_assert_int_eq(got.rank, want.rank);
    for (int axis = 0; axis < want.rank; axis++) ck_assert_msg(got.dim[axis] == want.dim[axis], "%s", text.data);
    for (int64_t n = count_of(&want) - 1; n >= 0; n--)
        if (got.value[n] != want.value[n]) ck_abort_msg("%s", text.data);
    free(got.value);
    free(want.value);
    cvs_text_free(&text);
}

/* How many conversions were carried out. */
static int check_pair(const cvs_inference *inference, cvs_framework from, cvs_framework to) {
    cvs_weights source, target;
    if (!exists_in(inference, from, &source) || !exists_in(inference, to, &target)) return 0;
    ck_assert_int_eq(source.count, target.count);
    for (int i = 0; i < source.count; i++) check_weight(inference, from, to, &source.weight[i], &target.weight[i], i);
    return source.count;
}

/* Every size differs from every other, so that a wrong axis cannot pass for the right one. */
static cvs_inference odd_layer(cvs_op op, int spatial_rank, cvs_data_format format, int64_t groups) {
    cvs_layer layer = conv(CVS_CONVSCOPE, spatial_rank, op == CVS_OP_DEPTHWISE_CONV ? 0 : 11 * groups, 1);
    layer.op = op;
    layer.multiplier = 4;
    static const int64_t kernel[] = {2, 3, 5};
    memcpy(layer.kernel, kernel, sizeof layer.kernel);
    layer.data_format = format;
    layer.groups = groups;
    cvs_shape input = {.rank = spatial_rank + 2, .dim = {1, 31, 31, 31, 31}};
    input.dim[format == CVS_CHANNELS_FIRST ? 1 : spatial_rank + 1] = 7 * groups;
    return infer(&layer, input, NULL);
}

/*
 * Over 3 ranks, 2 data formats and 1 to `most_groups` groups. Keras 1 has no groups, of the transposed ones only that
 * in 2D, and no depthwise one; grouped transposed layers are PyTorch's, ONNX's and ours. Keras has depthwise and
 * separable ones in 1D and 2D, tf.nn in 2D; PyTorch and ONNX have separable ones as two layers.
 */
static const struct {
    cvs_op op;
    int most_groups, conversions;
} cases[] = {
    {CVS_OP_CONV, 3, 2 * (6 * 36 + 12 * 25)},
    {CVS_OP_CONV_TRANSPOSE, 3, 2 * (2 * 36 + 4 * 25 + 12 * 9)},
    {CVS_OP_DEPTHWISE_CONV, 1, 2 * 2 * (16 + 25 + 9)},
    {CVS_OP_SEPARABLE_CONV, 1, 2 * 3 * (16 + 36 + 9)},
};

START_TEST(every_conversion_moves_every_element_right) {
    int carried_out = 0;
    for (int c = 0; c < 3 * 2 * cases[_i].most_groups; c++) {
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

static void assert_line(const cvs_inference *inference, cvs_framework from, cvs_framework to, const char *want) {
    cvs_text line = {0};
    ck_assert_int_eq(cvs_layout_conversion(inference, from, to, 0, &line, NULL), CVS_OK);
    ck_assert_str_eq(line.data, want);
    cvs_text_free(&line);
}

START_TEST(lines_for_other_layers) {
    cvs_inference transposed = odd_layer(CVS_OP_CONV_TRANSPOSE, 2, CVS_CHANNELS_LAST, 1);
    assert_line(&transposed, CVS_KERAS, CVS_PYTORCH, "numpy.transpose(kernel, (3, 2, 0, 1))");
    assert_line(&transposed, CVS_KERAS1, CVS_KERAS, "numpy.transpose(kernel, (0, 1, 3, 2))");
    assert_line(&transposed, CVS_KERAS1, CVS_PYTORCH, "numpy.transpose(kernel, (2, 3, 0, 1))");
    cvs_inference depthwise = odd_layer(CVS_OP_DEPTHWISE_CONV, 2, CVS_CHANNELS_LAST, 1);
    assert_line(&depthwise, CVS_KERAS, CVS_PYTORCH, "numpy.transpose(kernel, (2, 3, 0, 1)).reshape(28, 1, 2, 3)");
    assert_line(&depthwise, CVS_ONNX, CVS_KERAS, "numpy.transpose(W.reshape(7, 4, 2, 3), (2, 3, 0, 1))");
    assert_line(&depthwise, CVS_ONNX, CVS_PYTORCH, "W");
    depthwise.layer.in_channels = depthwise.layer.filters = 0;
    assert_line(&depthwise, CVS_KERAS, CVS_PYTORCH, "numpy.transpose(kernel, (2, 3, 0, 1)).reshape(-1, 1, 2, 3)");
    assert_line(&depthwise, CVS_ONNX, CVS_KERAS, "numpy.transpose(W.reshape(-1, 4, 2, 3), (2, 3, 0, 1))");
    cvs_inference separable = odd_layer(CVS_OP_SEPARABLE_CONV, 2, CVS_CHANNELS_FIRST, 1);
    assert_line(&separable, CVS_KERAS1, CVS_KERAS, "numpy.transpose(depthwise_kernel, (2, 3, 1, 0))");
    assert_line(&separable, CVS_KERAS, CVS_PYTORCH,
                "numpy.transpose(depthwise_kernel, (2, 3, 0, 1)).reshape(28, 1, 2, 3)");
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
    tcase_add_test(core, lines_for_other_layers);
    tcase_add_test(core, the_layers_own_layout_is_the_default);
    tcase_add_test(limits, what_does_not_exist_is_refused);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
