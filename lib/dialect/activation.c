/* activation.c - activations as an argument: 'relu', tf.nn.relu, LeakyReLU(0.1), a serialised one. */
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/match.h"
#include "dialect/reader.h"
#include "dialect/writer.h"

/* ---- the words ---- */

typedef struct word {
    const char *name;
    cvs_activation activation;
    bool keras1, keras; /* written so there */
} word;

static const word words[] = {
    {"linear", {CVS_ACT_LINEAR, 0, 0}, true, true},
    {"identity", {CVS_ACT_LINEAR, 0, 0}, false, false}, /* tf.identity */
    {"relu", {CVS_ACT_RELU, 0, 0}, true, true},
    {"relu6", {CVS_ACT_RELU6, 0, 0}, false, true},
    {"leaky_relu", {CVS_ACT_LEAKY_RELU, 0.2F, 0}, false, false}, /* TensorFlow's and Keras 3's slope */
    {"elu", {CVS_ACT_ELU, 1, 0}, true, true},
    {"selu", {CVS_ACT_SELU, 0, 0}, false, true},
    {"sigmoid", {CVS_ACT_SIGMOID, 0, 0}, true, true},
    {"hard_sigmoid", {CVS_ACT_HARD_SIGMOID, 0.2F, 0.5F}, true, true}, /* Keras 1 and 2; Keras 3 has 1/6 */
    {"tanh", {CVS_ACT_TANH, 0, 0}, true, true},
    {"softplus", {CVS_ACT_SOFTPLUS, 0, 0}, true, true},
    {"softsign", {CVS_ACT_SOFTSIGN, 0, 0}, true, true},
    {"exponential", {CVS_ACT_EXPONENTIAL, 0, 0}, false, true},
    {"swish", {CVS_ACT_SWISH, 0, 0}, false, true},
    {"silu", {CVS_ACT_SWISH, 0, 0}, false, false},
    {"gelu", {CVS_ACT_GELU, 0, 0}, false, true},
    {"gelu_tanh", {CVS_ACT_GELU_TANH, 0, 0}, false, false},
    {"softmax", {CVS_ACT_SOFTMAX, 0, 0}, true, true},
    {"hard_swish", {CVS_ACT_HARD_SWISH, 0, 0}, false, true},
    {"hard_silu", {CVS_ACT_HARD_SWISH, 0, 0}, false, false},
    {"mish", {CVS_ACT_MISH, 0, 0}, false, true},
};

enum { WORDS = sizeof words / sizeof *words };

static bool has_alpha(cvs_activation_kind kind) {
    return kind == CVS_ACT_LEAKY_RELU || kind == CVS_ACT_ELU || kind == CVS_ACT_HARD_SIGMOID;
}

static bool equal(const cvs_activation *a, const cvs_activation *b) {
    if (a->kind != b->kind) return false;
    if (!has_alpha(a->kind)) return true;
    return a->alpha == b->alpha && (a->kind != CVS_ACT_HARD_SIGMOID || a->beta == b->beta);
}

/* ---- reading ---- */

static double number_of(const cvs_node *node) {
    return node->kind == CVS_NODE_INT ? (double)node->integer : node->real;
}

static const char some_words[] = "relu, sigmoid, tanh, softmax, elu, selu, swish, gelu, linear or another of the "
                                 "frameworks' functions";

static const char *nearest_word(const char *name) {
    const char *known[WORDS + 1] = {NULL};
    for (int i = 0; i < WORDS; i++) known[i] = words[i].name;
    return cvs_nearest_name(name, known);
}

/* A name of one component that is near none is a variable. */
static cvs_status fail_word(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                            const char *nearest) {
    if (!nearest && node->kind == CVS_NODE_NAME && !strchr(node->text, '.'))
        return cvs__reader_wrong_kind(reader, argument, node, some_words);
    cvs__reader_fail(reader, node, "unknown-activation", "there is no activation '%.*s'%s%s%s",
                     cvs__utf8_shown(node->text), node->text, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                     nearest ? "'?" : "");
    cvs_fail_expected(reader->err, "%s", nearest ? nearest : some_words);
    return CVS_INVALID;
}

static cvs_status read_word(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    const char *name = cvs__last_component(node->text);
    for (int i = 0; i < WORDS; i++) {
        if (!cvs__same_word(words[i].name, name)) continue;
        reader->layer->activation = words[i].activation;
        return CVS_OK;
    }
    return fail_word(reader, argument, node, nearest_word(name));
}

/* LeakyReLU(0.1) or its serialised form: a layer inside the layer, whose activation is taken over. */
static cvs_status read_layer(cvs__reader *reader, const cvs_node *node) {
    cvs_reading read;
    cvs__reader inner = {.arena = reader->arena, .out = &read, .err = reader->err};
    cvs_status status = cvs__read_layer(&inner, reader->bindings->base, node, CVS_FRAMEWORK_AUTO);
    if (status) return status;
    if (read.layer.op != CVS_OP_ACTIVATION) {
        cvs__reader_fail(reader, node, "not-an-activation", "%s is no activation", inner.row->name);
        cvs_fail_expected(reader->err, "an activation, e.g. 'relu' or LeakyReLU(0.1)");
        return CVS_INVALID;
    }
    reader->layer->activation = read.layer.activation;
    return CVS_OK;
}

/* Keras 3 writes a function as {"class_name": "function", "config": "relu"}. */
static const cvs_node *function_name(const cvs_node *node) {
    const cvs_node *class_name = cvs_node_get(node, "class_name"), *config = cvs_node_get(node, "config");
    bool function = class_name && class_name->kind == CVS_NODE_STRING && strcmp(class_name->text, "function") == 0;
    return function && config && config->kind == CVS_NODE_STRING ? config : NULL;
}

static cvs_status read_activation(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_NULL) return CVS_OK;
    if (node->kind == CVS_NODE_STRING || node->kind == CVS_NODE_NAME) return read_word(reader, argument, node);
    const cvs_node *function = function_name(node);
    if (function) return read_word(reader, argument, function);
    cvs__match room[2];
    bool layer = cvs__match_best(node, node, CVS_FRAMEWORK_AUTO, room);
    return node->kind == CVS_NODE_CALL && !layer ? cvs__reader_wrong_kind(reader, argument, node, some_words)
                                                 : read_layer(reader, node);
}

static cvs_status read_own_number(cvs__reader *reader, const cvs_node *member) {
    const cvs__argument argument = {.name = member->key};
    bool alpha = strcmp(member->key, "alpha") == 0;
    if (!alpha && strcmp(member->key, "beta") != 0) {
        cvs__reader_fail(reader, member, "unknown-argument", "activation has no member '%.*s'",
                         cvs__utf8_shown(member->key), member->key);
        cvs__error_at_key(reader->err, reader->bindings->base, member);
        cvs_fail_expected(reader->err, "name, alpha, beta");
        return CVS_INVALID;
    }
    if (member->kind != CVS_NODE_INT && member->kind != CVS_NODE_REAL)
        return cvs__reader_wrong_kind(reader, &argument, member, "a number");
    *(alpha ? &reader->layer->activation.alpha : &reader->layer->activation.beta) = (float)number_of(member);
    return CVS_OK;
}

/* "relu", or {"name": "leaky_relu", "alpha": 0.1}. */
static cvs_status read_own(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    const cvs_node *name = node->kind == CVS_NODE_DICT ? cvs_node_get(node, "name") : NULL;
    if (!name) return read_activation(reader, argument, node);
    if (name->kind != CVS_NODE_STRING) return cvs__reader_wrong_kind(reader, argument, name, "a name");
    cvs_status status = read_word(reader, argument, name);
    for (const cvs_node *member = node->child; member && !status; member = member->next)
        if (member != name) status = read_own_number(reader, member);
    return status;
}

/* ---- arguments of activations' own classes ---- */

/* Legal, but nothing here computes it. */
static cvs_status fail_number(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                              const char *expected) {
    cvs__reader_fail(reader, node, "value-unavailable", "%s with a %s of %g is not done here", reader->row->name,
                     argument->name, number_of(node));
    cvs_fail_expected(reader->err, "%s", expected);
    return reader->err->status = CVS_UNSUPPORTED;
}

static cvs_status read_relu_limit(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_NULL) return CVS_OK;
    if (number_of(node) != 6) return fail_number(reader, argument, node, "6, or none");
    reader->layer->activation.kind = CVS_ACT_RELU6;
    return CVS_OK;
}

static cvs_status read_zero(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return node->kind == CVS_NODE_NULL || number_of(node) == 0 ? CVS_OK : fail_number(reader, argument, node, "0");
}

static cvs_status read_one(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return node->kind == CVS_NODE_NULL || number_of(node) == 1 ? CVS_OK : fail_number(reader, argument, node, "1");
}

static cvs_status read_six(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return number_of(node) == 6 ? CVS_OK : fail_number(reader, argument, node, "6");
}

static cvs_status read_false(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_NULL || !node->boolean) return CVS_OK;
    cvs__reader_fail(reader, node, "value-unavailable", "%s with %s is not done here", reader->row->name,
                     argument->name);
    cvs_fail_expected(reader->err, "false");
    return reader->err->status = CVS_UNSUPPORTED;
}

#define NUMBER_KINDS CVS__KIND(INT) | CVS__KIND(REAL) | CVS__KIND(NULL)

const cvs__type cvs__type_relu_limit = {
    .kinds = NUMBER_KINDS, .expected = "a number, or null", .read = read_relu_limit};
const cvs__type cvs__type_zero = {.kinds = NUMBER_KINDS, .expected = "a number", .read = read_zero};

const cvs__type cvs__type_one = {.kinds = NUMBER_KINDS, .expected = "1", .read = read_one};
const cvs__type cvs__type_six = {.kinds = CVS__KIND(INT) | CVS__KIND(REAL), .expected = "6", .read = read_six};
const cvs__type cvs__type_false = {.kinds = CVS__KIND(BOOL) | CVS__KIND(NULL), .expected = "false", .read = read_false};

/* ---- writing ---- */

const char *cvs__activation_word(cvs_framework framework, const cvs_activation *activation) {
    for (int i = 0; i < WORDS; i++) {
        bool written = framework == CVS_KERAS1 ? words[i].keras1 : framework == CVS_KERAS ? words[i].keras : true;
        if (written && equal(&words[i].activation, activation)) return words[i].name;
    }
    return NULL;
}

static bool same_activation(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return equal(&a->activation, &b->activation);
}

static void write_activation(cvs__writer *writer, const cvs__argument *argument) {
    const char *name = cvs__activation_word(writer->layer->framework, &writer->layer->activation);
    cvs__write_word(writer, name ? name : "?");
}

static void write_own(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_activation *activation = &writer->layer->activation;
    const char *name = cvs__activation_word(CVS_CONVSCOPE, activation);
    char number[32];
    if (name) {
        cvs__write_word(writer, name);
        return;
    }
    cvs_text_addf(writer->out, "{\"name\": \"%s\", \"alpha\": %s", cvs_activation_name(activation->kind),
                  cvs__real_text(activation->alpha, number));
    if (activation->kind == CVS_ACT_HARD_SIGMOID)
        cvs_text_addf(writer->out, ", \"beta\": %s", cvs__real_text(activation->beta, number));
    cvs_text_add(writer->out, "}");
}

#define ACTIVATION_KINDS CVS__KIND(STRING) | CVS__KIND(NAME) | CVS__KIND(NULL) | CVS__KIND(DICT) | CVS__KIND(CALL)

const cvs__type cvs__type_activation = {ACTIVATION_KINDS, "an activation, e.g. 'relu'", read_activation,
                                        same_activation, write_activation};
const cvs__type cvs__type_own_activation = {
    ACTIVATION_KINDS, "an activation, e.g. \"relu\" or {\"name\": \"leaky_relu\", \"alpha\": 0.1}", read_own,
    same_activation, write_own};
