/* Operators that are no convolution. Their inferences are written by hand: what is said depends on nothing else. */
#include "explained.h"

Suite *ops_suite(void);

static cvs_tensor_shape tensor(cvs_shape shape, const cvs_axis *axes) {
    cvs_tensor_shape made = {.shape = shape};
    memcpy(made.axes, axes, (size_t)shape.rank * sizeof *axes);
    return made;
}

static const cvs_axis images[] = {CVS_AXIS_BATCH, CVS_AXIS_HEIGHT, CVS_AXIS_WIDTH, CVS_AXIS_CHANNELS};
static const cvs_axis first[] = {CVS_AXIS_BATCH, CVS_AXIS_CHANNELS, CVS_AXIS_HEIGHT, CVS_AXIS_WIDTH};
static const cvs_axis rows[] = {CVS_AXIS_BATCH, CVS_AXIS_FEATURES};

static cvs_inference on_images(cvs_layer layer, cvs_shape input, cvs_shape output) {
    const cvs_axis *axes = layer.data_format == CVS_CHANNELS_FIRST ? first : images;
    return (cvs_inference){.layer = layer, .input = tensor(input, axes), .output = tensor(output, axes)};
}

static cvs_layer pool(cvs_op op, int64_t kernel, int64_t stride) {
    cvs_layer layer = cvs_layer_default(op, 2);
    for (int axis = 0; axis < 2; axis++) layer.kernel[axis] = kernel, layer.stride[axis] = stride;
    return layer;
}

START_TEST(max_pool) {
    cvs_inference inference = on_images(pool(CVS_OP_MAX_POOL, 2, 2), SHAPE(NONE, 25, 25, 16), SHAPE(NONE, 12, 12, 16));
    says(&inference, "volume",
         "25 rows × 25 columns × 16 channels and comes out as 12 rows × 12 columns × 16 channels");
    says(&inference, "pool", "Of the 4 numbers under the window, 2 rows × 2 columns, only the largest goes on.");
    says(&inference, "pool", "no weights, 0 parameters");
    says(&inference, "slide", "it fits floor((25 - 2)/2) + 1 = 12 times");
    says(&inference, "arithmetic", "`y[0, 0, 0] = numpy.max(x[0:2, 0:2, 0])`");
    says(&inference, "overlap", "side by side");
    says(&inference, "stride", "1 cell is left over");
    says_in(CVS_CHINESE, &inference, "pool", "共 4 个数，只有最大的一个通过");
}
END_TEST

START_TEST(average_pool_and_its_padding) {
    cvs_layer layer = pool(CVS_OP_AVERAGE_POOL, 3, 2);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}};
    layer.count_include_pad = true;
    cvs_inference inference = on_images(layer, SHAPE(NONE, 9, 9, 4), SHAPE(NONE, 5, 5, 4));
    says(&inference, "padding", "1 before and 1 after along every axis: what it finds there is zero and counts");
    says(&inference, "overlap", "share 1 cell along every axis");
    inference.layer.count_include_pad = false;
    says(&inference, "padding", "the mean is taken over the real inputs only");
    inference.layer.op = CVS_OP_MAX_POOL;
    says(&inference, "padding", "never counts as the largest");
}
END_TEST

/* torch.nn.MaxPool2d(2, stride=2, padding=1, ceil_mode=True) on 5: ceil((5 + 2 - 2)/2) + 1 = 4 would start at 6 - 1
 * = 5. */
START_TEST(ceil_mode_drops_a_window) {
    cvs_layer layer = pool(CVS_OP_MAX_POOL, 2, 2);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1, 1}, .after = {1, 1}};
    layer.ceil_mode = true;
    cvs_inference inference = on_images(layer, SHAPE(NONE, 5, 5, 4), SHAPE(NONE, 3, 3, 4));
    says(&inference, "slide", "ceil((5 + 1 + 1 - 2)/2) + 1 - 1 = 3 times");
    says(&inference, "padding", "is dropped, hence the 1 less along every axis");
    inference = on_images(pool(CVS_OP_MAX_POOL, 3, 2), SHAPE(NONE, 6, 6, 4), SHAPE(NONE, 3, 3, 4));
    inference.layer.ceil_mode = true;
    says(&inference, "slide", "ceil((6 - 3)/2) + 1 = 3 times");
    says(&inference, "padding", "ceil_mode rounds up");
}
END_TEST

START_TEST(global_and_adaptive_pool) {
    static const cvs_axis flat[] = {CVS_AXIS_BATCH, CVS_AXIS_CHANNELS};
    cvs_inference inference = {.layer = cvs_layer_default(CVS_OP_GLOBAL_AVERAGE_POOL, 2),
                               .input = tensor(SHAPE(NONE, 7, 7, 512), images),
                               .output = tensor(SHAPE(NONE, 512), flat)};
    says(&inference, "volume", "7 rows × 7 columns × 512 channels and comes out as 512 channels");
    says(&inference, "pool", "Of each channel only the mean of its 7 × 7 numbers remains.");
    says(&inference, "pool", "always meets (batch, 512)");
    cvs_layer layer = cvs_layer_default(CVS_OP_ADAPTIVE_MAX_POOL, 2);
    layer.data_format = CVS_CHANNELS_FIRST;
    layer.has_output_size = true;
    layer.output_size[0] = layer.output_size[1] = 4;
    inference = on_images(layer, SHAPE(1, 8, 10, 10), SHAPE(1, 8, 4, 4));
    says(&inference, "adaptive", "cell i reads the inputs from floor(i·10/4) up to, not including, ceil((i + 1)·10/4)");
    says(&inference, "adaptive", "10 is no multiple of 4");
    inference = on_images(layer, SHAPE(1, 8, 12, 12), SHAPE(1, 8, 4, 4));
    says(&inference, "adaptive", "12 is 3 times 4, so every window is 3 wide");
}
END_TEST

START_TEST(padding_cropping_upsampling) {
    cvs_layer layer = cvs_layer_default(CVS_OP_PAD, 2);
    layer.padding = (cvs_padding){.mode = CVS_PAD_EXPLICIT, .before = {1, 2}, .after = {3, 2}};
    cvs_inference inference = on_images(layer, SHAPE(NONE, 5, 5, 3), SHAPE(NONE, 9, 9, 3));
    says(&inference, "padding", "1 before and 3 after along the height, 2 before and 2 after along the width");
    says(&inference, "padding", "Along the height that makes 1 + 5 + 3 = 9.");
    inference.layer.op = CVS_OP_CROP;
    inference = on_images(inference.layer, SHAPE(NONE, 9, 9, 3), SHAPE(NONE, 5, 5, 3));
    says(&inference, "cropping", "Along the height that leaves 9 - 1 - 3 = 5.");
    layer = cvs_layer_default(CVS_OP_UPSAMPLE, 2);
    layer.scale[0] = layer.scale[1] = 2;
    inference = on_images(layer, SHAPE(NONE, 7, 7, 8), SHAPE(NONE, 14, 14, 8));
    says(&inference, "upsampling",
         "Along the height every input is repeated 2 times: 7 × 2 = 14. The same goes for the width.");
    inference.layer.scale[0] = 1.5;
    inference.layer.interpolation = CVS_INTERPOLATION_LINEAR;
    inference.output.shape.dim[1] = 10;
    says(&inference, "upsampling", "weighted mean of the two nearest");
    says(&inference, "upsampling", "floor(7 × 1.5) = 10");
}
END_TEST

START_TEST(rearranging) {
    cvs_layer layer = cvs_layer_default(CVS_OP_FLATTEN, 1);
    layer.start_axis = 1, layer.end_axis = -1;
    cvs_inference inference = {
        .layer = layer, .input = tensor(SHAPE(NONE, 7, 7, 512), images), .output = tensor(SHAPE(NONE, 25088), rows)};
    says(&inference, "volume", "comes out as 25088 features: (batch, 7, 7, 512) → (batch, 25088)");
    says(&inference, "flatten", "7 × 7 × 512 = 25,088.");
    /* ONNX's with axis 2: batch and height become the rows. */
    static const cvs_axis matrix[] = {CVS_AXIS_OTHER, CVS_AXIS_FEATURES};
    inference = (cvs_inference){
        .layer = layer, .input = tensor(SHAPE(2, 7, 7, 512), images), .output = tensor(SHAPE(14, 3584), matrix)};
    inference.layer.framework = CVS_ONNX;
    inference.layer.start_axis = 2;
    says(&inference, "volume", "The whole batch goes in as (2, 7, 7, 512) and comes out as (14, 3584)");
    says(&inference, "flatten", "the axes before axis 2 of the input are merged into its rows");
    static const cvs_axis other[] = {CVS_AXIS_BATCH, CVS_AXIS_OTHER, CVS_AXIS_OTHER};
    layer = cvs_layer_default(CVS_OP_PERMUTE, 1);
    layer.target_rank = 2, layer.target[0] = 2, layer.target[1] = 1;
    inference = (cvs_inference){
        .layer = layer, .input = tensor(SHAPE(NONE, 10, 64), other), .output = tensor(SHAPE(NONE, 64, 10), other)};
    says(&inference, "volume", "goes in as 10 × 64 and comes out as 64 × 10");
    says(&inference, "permute", "output axis 1 is input axis 2 (64), output axis 2 is input axis 1 (10)");
    inference.layer = cvs_layer_default(CVS_OP_RESHAPE, 1);
    says(&inference, "reshape", "The same numbers in the same order");
    layer = cvs_layer_default(CVS_OP_REPEAT, 1);
    layer.target[0] = 3;
    inference = (cvs_inference){
        .layer = layer, .input = tensor(SHAPE(NONE, 32), rows), .output = tensor(SHAPE(NONE, 3, 32), other)};
    says(&inference, "repeat", "The 32 features of a sample are written 3 times");
}
END_TEST

static const struct {
    cvs_activation_kind kind;
    const char *sentence;
} activations[] = {
    {CVS_ACT_RELU, "Negative numbers become 0, the others pass."},
    {CVS_ACT_RELU6, "those above 6 become 6"},
    {CVS_ACT_LEAKY_RELU, "Negative numbers are multiplied by 0.25, the others pass."},
    {CVS_ACT_SIGMOID, "between 0 and 1, and 0 becomes 0.5"},
    {CVS_ACT_TANH, "between -1 and 1, and 0 stays 0"},
    {CVS_ACT_SOFTMAX, "add up to 1"},
};

START_TEST(each_activation) {
    cvs_layer layer = cvs_layer_default(CVS_OP_ACTIVATION, 2);
    layer.activation = (cvs_activation){.kind = activations[_i].kind, .alpha = 0.25F};
    cvs_inference inference = on_images(layer, SHAPE(NONE, 7, 7, 8), SHAPE(NONE, 7, 7, 8));
    says(&inference, "activation", activations[_i].sentence);
}
END_TEST

START_TEST(number_by_number) {
    cvs_layer layer = cvs_layer_default(CVS_OP_ACTIVATION, 2);
    layer.activation.kind = CVS_ACT_RELU;
    cvs_inference inference = on_images(layer, SHAPE(NONE, 7, 7, 8), SHAPE(NONE, 7, 7, 8));
    says(&inference, "activation", "relu is applied to each number by itself");
    inference.layer = cvs_layer_default(CVS_OP_DROPOUT, 2);
    inference.layer.rate = 0.25;
    says(&inference, "dropout",
         "a random share of 0.25 of the numbers is set to 0 and the others are scaled up by "
         "1/(1 - 0.25)");
    inference.layer.whole_maps = true;
    says(&inference, "dropout", "each channel's map is set to 0 as a whole with a probability of 0.25");
}
END_TEST

START_TEST(merges) {
    cvs_inference inference = on_images(cvs_layer_default(CVS_OP_ADD, 2), SHAPE(NONE, 7, 7, 8), SHAPE(NONE, 7, 7, 8));
    says(&inference, "merge", "The inputs are added, cell by cell.");
    says(&inference, "merge", "as if axes of size 1 stood behind its batch axis");
    inference.layer.framework = CVS_ONNX;
    says(&inference, "merge", "as if axes of size 1 stood before its own");
    inference.layer.op = CVS_OP_MULTIPLY;
    says(&inference, "merge", "The inputs are multiplied, cell by cell.");
    inference.layer.op = CVS_OP_AVERAGE;
    says(&inference, "merge", "The inputs are averaged, cell by cell.");
    inference.layer.op = CVS_OP_MAXIMUM;
    says(&inference, "merge", "Of the inputs the largest is taken, cell by cell.");
    inference.layer.op = CVS_OP_CONCATENATE;
    inference.layer.axis = -1;
    inference.output.shape.dim[3] = 24;
    says(&inference, "merge", "side by side along axis 3 (channels): there the sizes add up, to 24");
    says(&inference, "volume", "The first input's sample is 7 rows × 7 columns × 8 channels, the result is");
}
END_TEST

Suite *ops_suite(void) {
    Suite *suite = suite_create("ops");
    TCase *core = tcase_create("core");
    tcase_add_test(core, max_pool);
    tcase_add_test(core, average_pool_and_its_padding);
    tcase_add_test(core, ceil_mode_drops_a_window);
    tcase_add_test(core, global_and_adaptive_pool);
    tcase_add_test(core, padding_cropping_upsampling);
    tcase_add_test(core, rearranging);
    tcase_add_test(core, number_by_number);
    tcase_add_loop_test(core, each_activation, 0, sizeof activations / sizeof *activations);
    tcase_add_test(core, merges);
    suite_add_tcase(suite, core);
    return suite;
}
