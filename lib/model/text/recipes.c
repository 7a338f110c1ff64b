/*
 * recipes.c - what the forward() of torchvision's classes does with their members, told in a few words:
 *
 *   conv1        apply the member of that name; one that the module has not is passed over
 *   +            add the module's own input            +downsample  the same, through that member where it is there
 *   +?           add the input where the rest has left its shape alone
 *   *            multiply by the input
 *   &            each member reads all that was made so far, channel beside channel
 *   !flatten     a function: so are !pool, an average over all positions, and !relu
 *
 * Source: torchvision/models of 0.15 (resnet.py, mobilenetv2.py, mobilenetv3.py, efficientnet.py, densenet.py,
 * ops/misc.py).
 */
#include <string.h>

#include "model/text/text.h"

static const struct recipe {
    const char *type, *steps;
} recipes[] = {
    {"BasicBlock", "conv1 bn1 relu conv2 bn2 +downsample relu"},
    {"Bottleneck", "conv1 bn1 relu conv2 bn2 relu conv3 bn3 +downsample relu"},
    {"InvertedResidual", "conv +?"},  /* of MobileNetV2 */
    {"InvertedResidual", "block +?"}, /* of MobileNetV3 */
    {"MBConv", "block stochastic_depth +?"},
    {"FusedMBConv", "block stochastic_depth +?"},
    {"SqueezeExcitation", "avgpool fc1 activation fc2 scale_activation *"},
    {"_DenseLayer", "norm1 relu1 conv1 norm2 relu2 conv2"},
    {"_DenseBlock", "&"},
    {"AlexNet", "features avgpool !flatten classifier"},
    {"VGG", "features avgpool !flatten classifier"},
    {"ResNet", "conv1 bn1 relu maxpool layer1 layer2 layer3 layer4 avgpool !flatten fc"},
    {"DenseNet", "features !relu !pool !flatten classifier"},
    {"MobileNetV2", "features !pool !flatten classifier"},
    {"MobileNetV3", "features avgpool !flatten classifier"},
    {"EfficientNet", "features avgpool !flatten classifier"},
};

bool cvs__text_is_sequence(const char *type) {
    static const char *const types[] = {"ConvBNActivation",     "ConvBNReLU",           "ConvNormActivation",
                                        "Conv2dNormActivation", "Conv3dNormActivation", "MLP",
                                        "_Transition",          "DeepLabHead",          "FCNHead"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], type) == 0) return true;
    return false;
}

/* ---- the words of a recipe ---------------------------------------------------------- */

typedef struct word {
    const char *text;
    size_t length;
} word;

static bool next_word(const char **recipe, word *out) {
    *recipe += strspn(*recipe, " ");
    *out = (word){*recipe, strcspn(*recipe, " ")};
    *recipe += out->length;
    return out->length > 0;
}

static bool is_called(word w, const char *label) {
    return strlen(label) == w.length && memcmp(w.text, label, w.length) == 0;
}

static bool says(const char *recipe, const char *label) {
    word w;
    while (next_word(&recipe, &w)) {
        if (w.text[0] == '&') return true;
        if (w.text[0] == '+') w = (word){w.text + 1, w.length - 1};
        if (is_called(w, label)) return true;
    }
    return false;
}

static bool says_all(const char *recipe, const cvs__module *module) {
    for (const cvs__member *member = module->first; member; member = member->next)
        if (!says(recipe, member->label)) return false;
    return module->first != NULL;
}

const char *cvs__text_recipe(const cvs__module *module) {
    const char *type = cvs__last_component(module->type);
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++)
        if (strcmp(recipes[i].type, type) == 0 && says_all(recipes[i].steps, module)) return recipes[i].steps;
    return NULL;
}

/* ---- following one -------------------------------------------------------------------- */

static const cvs__member *member_called(const cvs__module *module, word w) {
    const cvs__member *member = module->first;
    while (member && !is_called(w, member->label)) member = member->next;
    return member;
}

/* A function of forward(), as a leaf beside the module's members. */
static cvs_status apply_function(cvs__text_reader *reader, const cvs__module *module, const char *path, word w,
                                 int *tensor) {
    static const struct {
        const char *word, *source;
    } functions[] = {{"flatten", "nn.Flatten()"}, {"pool", "nn.AdaptiveAvgPool2d(1)"}, {"relu", "nn.ReLU()"}};
    const cvs__value input = {.kind = CVS__TENSORS, .tensors = tensor, .count = 1};
    size_t i = 0;
    cvs__module *leaf;
    while (!is_called(w, functions[i].word)) i++;
    const char *name = cvs__text_join(reader, path, ".", functions[i].word);
    if (!name) return cvs__model_no_memory(reader->err);
    const cvs_status status = cvs__text_helper(reader, functions[i].source, module->node, &leaf);
    return status == CVS_OK ? cvs__text_add_step(reader, leaf, name, &input, tensor) : status;
}

static cvs_status merge(cvs__text_reader *reader, const cvs__module *module, const char *path, const char *source,
                        int pair[2]) {
    cvs__module *leaf;
    const char *what = strstr(source, "add") ? "add" : strstr(source, "mul") ? "mul" : "cat";
    const char *name = cvs__text_join(reader, path, ".", what);
    const cvs__value inputs = {.kind = CVS__TENSORS, .tensors = pair, .count = 2};
    if (!name) return cvs__model_no_memory(reader->err);
    const cvs_status status = cvs__text_helper(reader, source, module->node, &leaf);
    return status == CVS_OK ? cvs__text_add_step(reader, leaf, name, &inputs, &pair[0]) : status;
}

/* The input is added where forward() adds it: where the block neither strides nor changes the channels. */
static bool keeps_shape(const cvs__text_reader *reader, int steps, int input, int output) {
    const int64_t channels = reader->tensors[output].channels;
    for (int step = steps; step < reader->step_count; step++) {
        const cvs__module *leaf = reader->steps[step].leaf;
        const cvs_op op = leaf->reading ? leaf->reading->layer.op : CVS_OP_ACTIVATION;
        for (int axis = 0; op == CVS_OP_CONV && axis < leaf->reading->layer.spatial_rank; axis++)
            if (leaf->reading->layer.stride[axis] > 1) return false;
    }
    return channels > 0 && channels == reader->tensors[input].channels;
}

static cvs_status add_input(cvs__text_reader *reader, const cvs__module *module, const char *path, word through,
                            int pair[2]) {
    const cvs__member *member = through.length > 0 ? member_called(module, through) : NULL;
    int shortcut[2] = {pair[0], pair[1]};
    const cvs_status status = member ? cvs__text_apply_member(reader, member, path, &shortcut[1]) : CVS_OK;
    pair[0] = shortcut[0];
    if (status != CVS_OK) return status;
    const cvs_status added = merge(reader, module, path, "torch.add(a, b)", shortcut);
    pair[0] = shortcut[0];
    return added;
}

static cvs_status join_each(cvs__text_reader *reader, const cvs__module *module, const char *path, int pair[2]) {
    cvs_status status = CVS_OK;
    for (const cvs__member *member = module->first; member && status == CVS_OK; member = member->next) {
        int both[2] = {pair[0], pair[0]};
        status = cvs__text_apply_member(reader, member, path, &both[1]);
        if (status == CVS_OK) status = merge(reader, module, path, "torch.cat([a, b], dim=1)", both);
        pair[0] = both[0];
    }
    return status;
}

/* pair: what was made so far, and the module's input. `steps` were there before. */
static cvs_status follow_word(cvs__text_reader *reader, const cvs__module *module, const char *path, word w,
                              int pair[2]) {
    const cvs__member *member = member_called(module, w);
    if (w.text[0] == '!') return apply_function(reader, module, path, (word){w.text + 1, w.length - 1}, &pair[0]);
    if (w.text[0] == '*') return merge(reader, module, path, "torch.mul(a, b)", pair);
    if (w.text[0] == '&') return join_each(reader, module, path, pair);
    if (w.text[0] == '+') return add_input(reader, module, path, (word){w.text + 1, w.length - 1}, pair);
    return member ? cvs__text_apply_member(reader, member, path, &pair[0]) : CVS_OK;
}

cvs_status cvs__text_follow(cvs__text_reader *reader, const cvs__module *module, const char *path, const char *recipe,
                            int *tensor) {
    const int steps = reader->step_count;
    int pair[2] = {*tensor, *tensor};
    cvs_status status = CVS_OK;
    word w;
    while (status == CVS_OK && next_word(&recipe, &w)) {
        const bool where_it_fits = is_called(w, "+?");
        if (where_it_fits && !keeps_shape(reader, steps, pair[1], pair[0])) continue;
        status = follow_word(reader, module, path, where_it_fits ? (word){"+", 1} : w, pair);
    }
    *tensor = pair[0];
    return status;
}
