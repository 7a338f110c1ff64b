#include "follow.h"

#include <jansson.h>
#include <stdlib.h>

bool is_single(const char *text) { return text[0] != '[' && !strchr(text, '\n'); }

/* ---- lines, one after another ---- */

/* Nothing here computes, so what stands in padded cells may be read as a 0. */
static void without_infinity(char *line) {
    char *value = strstr(line, "float('-inf')");
    if (!value) return;
    const char *rest = value + strlen("float('-inf')");
    *value++ = '0';
    memmove(value, rest, strlen(rest) + 1);
}

static void follow(const char *line, cvs_framework framework, cvs_inference *at) {
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", line);
    without_infinity(copy);
    cvs_layer layer = read_layer_as(copy, framework);
    cvs_error err = {0};
    const cvs_shape input = at->output.shape;
    ck_assert_msg(cvs_infer(&layer, &input, NULL, at, &err) == CVS_OK, "%s: %s", line, err.message);
}

static void follow_nodes(const char *text, cvs_framework framework, cvs_inference *at) {
    json_t *nodes = json_loads(text, 0, NULL);
    ck_assert_msg(json_is_array(nodes), "%s", text);
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        char *node = json_dumps(json_array_get(nodes, i), 0);
        follow(node, framework, at);
        free(node);
    }
    json_decref(nodes);
}

void follow_all(const char *text, cvs_framework framework, cvs_inference *at) {
    if (text[0] == '[') {
        follow_nodes(text, framework, at);
        return;
    }
    for (const char *line = text; line;) {
        char copy[1024];
        const char *end = strchr(line, '\n');
        snprintf(copy, sizeof copy, "%.*s", (int)(end ? end - line : (long)strlen(line)), line);
        follow(copy, framework, at);
        line = end ? end + 1 : NULL;
    }
}

/* ---- as Keras serialises ---- */

/* How the names of classes begin, in either generation, and the arguments that are given by position. */
typedef struct signature {
    cvs_framework framework;
    const char *begins;
    const char *names[5];
} signature;

static const signature signatures[] = {
    {CVS_KERAS, "DepthwiseConv", {"kernel_size"}},
    {CVS_KERAS, "SeparableConv", {"filters", "kernel_size"}},
    {CVS_KERAS, "Conv", {"filters", "kernel_size"}},
    {CVS_KERAS, "MaxPooling", {"pool_size"}},
    {CVS_KERAS, "AveragePooling", {"pool_size"}},
    {CVS_KERAS, "UpSampling", {"size"}},
    {CVS_KERAS, "Dense", {"units"}},
    {CVS_KERAS, "GroupNormalization", {"groups"}},
    {CVS_KERAS, "LeakyReLU", {"negative_slope"}},
    {CVS_KERAS, "ReLU", {"max_value"}},
    {CVS_KERAS, "Dropout", {"rate"}},
    {CVS_KERAS, "SpatialDropout", {"rate"}},
    {CVS_KERAS1, "Convolution1D", {"nb_filter", "filter_length"}},
    {CVS_KERAS1, "AtrousConvolution1D", {"nb_filter", "filter_length"}},
    {CVS_KERAS1, "Convolution2D", {"nb_filter", "nb_row", "nb_col"}},
    {CVS_KERAS1, "AtrousConvolution2D", {"nb_filter", "nb_row", "nb_col"}},
    {CVS_KERAS1, "SeparableConvolution2D", {"nb_filter", "nb_row", "nb_col"}},
    {CVS_KERAS1, "Deconvolution2D", {"nb_filter", "nb_row", "nb_col", "output_shape"}},
    {CVS_KERAS1, "Convolution3D", {"nb_filter", "kernel_dim1", "kernel_dim2", "kernel_dim3"}},
    {CVS_KERAS1, "MaxPooling1D", {"pool_length"}},
    {CVS_KERAS1, "AveragePooling1D", {"pool_length"}},
    {CVS_KERAS1, "MaxPooling", {"pool_size"}},
    {CVS_KERAS1, "AveragePooling", {"pool_size"}},
    {CVS_KERAS1, "UpSampling1D", {"length"}},
    {CVS_KERAS1, "UpSampling", {"size"}},
    {CVS_KERAS1, "Dense", {"output_dim"}},
    {CVS_KERAS1, "LeakyReLU", {"alpha"}},
    {CVS_KERAS1, "Dropout", {"p"}},
    {CVS_KERAS1, "SpatialDropout", {"p"}},
    {CVS_KERAS1, "Merge", {"layers", "mode"}},
    {CVS_FRAMEWORK_AUTO, "ZeroPadding", {"padding"}},
    {CVS_FRAMEWORK_AUTO, "Cropping", {"cropping"}},
    {CVS_FRAMEWORK_AUTO, "Reshape", {"target_shape"}},
    {CVS_FRAMEWORK_AUTO, "Permute", {"dims"}},
    {CVS_FRAMEWORK_AUTO, "RepeatVector", {"n"}},
    {CVS_FRAMEWORK_AUTO, "Activation", {"activation"}},
    {CVS_FRAMEWORK_AUTO, "ELU", {"alpha"}},
};

static const char *name_of(const cvs_node *argument, const char *class_name, cvs_framework framework) {
    if (argument->key) return argument->key;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const signature *row = &signatures[i];
        if (row->framework && row->framework != framework) continue;
        if (strncmp(class_name, row->begins, strlen(row->begins)) == 0) return row->names[argument->position];
    }
    return NULL;
}

static json_t *json_of(const cvs_node *node) {
    json_t *list;
    switch (node->kind) {
    case CVS_NODE_BOOL:
        return json_boolean(node->boolean);
    case CVS_NODE_INT:
        return json_integer(node->integer);
    case CVS_NODE_REAL:
        return json_real(node->real);
    case CVS_NODE_STRING:
        return json_string(node->text);
    case CVS_NODE_LIST:
        list = json_array();
        for (const cvs_node *item = node->child; item; item = item->next) json_array_append_new(list, json_of(item));
        return list;
    default:
        return json_null();
    }
}

char *serialised(const char *line, cvs_framework framework) {
    cvs_arena arena = cvs_arena_make(0);
    const cvs_node *call = NULL;
    cvs_error err = {0};
    ck_assert_msg(cvs_text_parse(&arena, line, strlen(line), &call, &err) == CVS_OK, "%s: %s", line, err.message);
    json_t *config = json_object();
    for (const cvs_node *argument = call->child; argument; argument = argument->next) {
        const char *name = name_of(argument, call->text, framework);
        ck_assert_msg(name != NULL, "%s: argument %d has no name", line, argument->position);
        json_object_set_new(config, name, json_of(argument));
    }
    json_t *layer = json_pack("{s:s, s:o}", "class_name", call->text, "config", config);
    char *text = json_dumps(layer, 0);
    json_decref(layer);
    cvs_arena_free(&arena);
    return text;
}
