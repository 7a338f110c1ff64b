/* module.c - the modules that calls make. */
#include <stdio.h>
#include <string.h>

#include "model/keras.h"
#include "model/text/text.h"

/* ---- making one --------------------------------------------------------------- */

/* `name` NULL: as Keras would call it, which PyTorch does not. */
static cvs__module *new_module(cvs__text_reader *reader, cvs__module_kind kind, const cvs_node *call) {
    cvs__module *module = cvs_arena_alloc(reader->arena, sizeof *module);
    if (!module) return NULL;
    *module = (cvs__module){.kind = kind, .type = call->text, .node = call, .layer = -1};
    if (reader->framework == CVS_PYTORCH) return module;
    module->name = cvs__keras_text(call, "name");
    if (!module->name) module->name = cvs__text_keras_name(reader, call->text);
    return module->name ? module : NULL;
}

/* ---- members -------------------------------------------------------------------- */

static cvs_status append(cvs__text_reader *reader, cvs__module *module, cvs__module *part, const char *label) {
    char number[16];
    cvs__member *member = cvs_arena_alloc(reader->arena, sizeof *member);
    snprintf(number, sizeof number, "%d", module->count);
    if (member && !label) label = cvs_arena_copy(reader->arena, number, strlen(number));
    if (!member || !label) return cvs__model_no_memory(reader->err);
    *member = (cvs__member){.label = label, .module = part};
    if (module->last)
        module->last->next = member;
    else
        module->first = member;
    module->last = member;
    module->count++;
    return cvs__text_work(reader, 1);
}

static cvs_status fail_no_layer(cvs__text_reader *reader, const cvs_node *node) {
    const cvs__binding_of_name *binding = node->kind == CVS_NODE_NAME ? cvs__text_bound(reader, node->text) : NULL;
    if (binding)
        cvs__text_fail(reader, node, "not-a-layer", "%s is what line %d says, and no layer.", node->text,
                       binding->node->place.line);
    else if (node->kind == CVS_NODE_NAME)
        cvs__text_fail(reader, node, "not-a-layer", "The text does not say what %s is.", node->text);
    else
        cvs__text_fail(reader, node, "not-a-layer", "A layer must stand here, not %s.", cvs__node_kind_name(node));
    cvs_fail_expected(reader->err, "a layer's call, e.g. Conv2D(32, 3) or nn.Conv2d(3, 32, 3)");
    return CVS_INVALID;
}

static bool is_input(const cvs_node *node) {
    const char *type = node->kind == CVS_NODE_CALL ? cvs__last_component(node->text) : "";
    return strcmp(type, "Input") == 0 || strcmp(type, "InputLayer") == 0;
}

/* [a, b], and in an OrderedDict ('conv1', a): a list that begins with a string. */
static cvs_status add_list(cvs__text_reader *reader, cvs__module *module, const cvs_node *list) {
    cvs_status status = CVS_OK;
    if (list->count == 2 && list->child->kind == CVS_NODE_STRING)
        return cvs__text_add_member(reader, module, list->child->next, list->child->text);
    for (const cvs_node *child = list->child; child && status == CVS_OK; child = child->next)
        status = cvs__text_add_member(reader, module, child, child->key);
    return status;
}

static cvs_status add_named_list(cvs__text_reader *reader, cvs__module *module, const cvs_node *list) {
    cvs_status status = cvs__text_enter(reader, list);
    if (status != CVS_OK) return status;
    status = add_list(reader, module, list);
    cvs__text_leave(reader);
    return status;
}

cvs_status cvs__text_add_member(cvs__text_reader *reader, cvs__module *module, const cvs_node *node,
                                const char *label) {
    cvs__value value;
    if (node->kind == CVS_NODE_LIST || node->kind == CVS_NODE_DICT) return add_list(reader, module, node);
    if (node->kind == CVS_NODE_CALL && strcmp(cvs__last_component(node->text), "OrderedDict") == 0)
        return node->child ? cvs__text_add_member(reader, module, node->child, NULL) : CVS_OK;
    if (is_input(node)) {
        cvs__module *input = new_module(reader, CVS__INPUT, node);
        return input ? append(reader, module, input, label) : cvs__model_no_memory(reader->err);
    }
    const cvs__binding_of_name *binding = node->kind == CVS_NODE_NAME ? cvs__text_bound(reader, node->text) : NULL;
    if (binding && binding->value.kind == CVS__NOTHING && binding->node->kind == CVS_NODE_LIST)
        return add_named_list(reader, module, binding->node);
    const cvs_status status = cvs__text_evaluate(reader, node, &value);
    if (status != CVS_OK) return status;
    return value.kind == CVS__MODULE ? append(reader, module, value.module, label) : fail_no_layer(reader, node);
}

/* The first number of a label of several: 4 of "4-7". */
static int first_of(const char *label) {
    int number = 0;
    for (; cvs__is_digit(*label) && number < CVS_MODEL_MAX_LAYERS; label++) number = 10 * number + (*label - '0');
    return number;
}

/* `(0-3): 4 x Block(...)`: as many, each with weights of its own. */
static cvs_status add_printed(cvs__text_reader *reader, cvs__module *module, const cvs_node *node) {
    if (node->integer == 0) return cvs__text_add_member(reader, module, node, node->key);
    if (node->integer < 0 || node->integer > CVS_MODEL_MAX_LAYERS)
        return cvs__text_fail(reader, node, "too-many-layers", "So many layers are not read: at most %d.",
                              CVS_MODEL_MAX_LAYERS);
    cvs_status status = CVS_OK;
    for (int i = 0; i < (int)node->integer && status == CVS_OK; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", first_of(node->key) + i);
        const char *label = cvs_arena_copy(reader->arena, number, strlen(number));
        if (!label) return cvs__model_no_memory(reader->err);
        status = cvs__text_add_member(reader, module, node, label);
    }
    return status;
}

/* ---- containers ---------------------------------------------------------------- */

static bool has_labels(const cvs__text_reader *reader, const cvs_node *call) {
    for (const cvs_node *child = call->child; child; child = child->next)
        if (cvs__code_is_label(&reader->code, child)) return true;
    return false;
}

static bool is_list(const char *type) { return strcmp(type, "ModuleList") == 0 || strcmp(type, "ModuleDict") == 0; }

/* What is wrapped around a module to run it elsewhere. */
static bool is_wrapper(const char *type) {
    return strcmp(type, "DataParallel") == 0 || strcmp(type, "DistributedDataParallel") == 0;
}

static cvs_status add_members(cvs__text_reader *reader, cvs__module *module, const cvs_node *call) {
    cvs_status status = CVS_OK;
    for (const cvs_node *child = call->child; child && status == CVS_OK; child = child->next) {
        const bool printed = cvs__code_is_label(&reader->code, child);
        if (printed && child->kind == CVS_NODE_CALL)
            status = add_printed(reader, module, child);
        else if (!child->key || strcmp(child->key, "layers") == 0)
            status = cvs__text_add_member(reader, module, child, NULL);
    }
    return status;
}

/* A printed module may say more than its members: `(norm): None`, extra_repr()'s words. */
static cvs_status add_labelled(cvs__text_reader *reader, cvs__module *module, const cvs_node *call) {
    cvs_status status = CVS_OK;
    for (const cvs_node *child = call->child; child && status == CVS_OK; child = child->next)
        if (cvs__code_is_label(&reader->code, child) && child->kind == CVS_NODE_CALL)
            status = add_printed(reader, module, child);
    return status;
}

cvs_status cvs__text_module(cvs__text_reader *reader, const cvs_node *call, cvs__module **out) {
    const char *type = cvs__last_component(call->text);
    const bool printed = has_labels(reader, call), sequence = cvs__text_is_sequence(type);
    cvs__module_kind kind = CVS__LEAF;
    if (strcmp(type, "Sequential") == 0 || (printed && sequence))
        kind = CVS__SEQUENCE;
    else if (printed || is_list(type) || is_wrapper(type))
        kind = CVS__CUSTOM;
    *out = new_module(reader, kind, call);
    if (!*out) return cvs__model_no_memory(reader->err);
    if (kind == CVS__LEAF) return CVS_OK;
    return printed ? add_labelled(reader, *out, call) : add_members(reader, *out, call);
}

/* ---- leaves ---------------------------------------------------------------------- */

/* Keras 1 and its successors share most names: a layer that the one cannot read may be the other's. */
static cvs_framework other_framework(cvs_framework framework) {
    return framework == CVS_KERAS ? CVS_KERAS1 : framework == CVS_KERAS1 ? CVS_KERAS : CVS_FRAMEWORK_AUTO;
}

static cvs_status describe_as(cvs__text_reader *reader, cvs__module *leaf, const cvs_node *node,
                              cvs_framework framework) {
    cvs__model_draft draft = {.type = leaf->type, .node = node};
    const cvs_status status = cvs__model_describe(reader->model, node, framework, &draft, reader->err);
    leaf->op = draft.op;
    leaf->detail = draft.detail;
    leaf->reading = draft.op == &cvs__layer_op ? draft.detail : NULL;
    return status;
}

cvs_status cvs__text_describe(cvs__text_reader *reader, cvs__module *leaf) {
    if (leaf->op) return CVS_OK;
    cvs_status status = describe_as(reader, leaf, leaf->node, reader->framework);
    const cvs_framework other = other_framework(reader->framework);
    if (status != CVS_OK || leaf->op != &cvs__unread_op || other == CVS_FRAMEWORK_AUTO) return status;
    const void *why = leaf->detail;
    status = describe_as(reader, leaf, leaf->node, other);
    if (status != CVS_OK) return status;
    if (leaf->reading && other == CVS_KERAS1) reader->framework = reader->model->framework = CVS_KERAS1;
    if (!leaf->reading) leaf->detail = why;
    return CVS_OK;
}

cvs_status cvs__text_helper(cvs__text_reader *reader, const char *source, const cvs_node *node, cvs__module **out) {
    const cvs_node *call;
    cvs_status status = cvs_text_parse(reader->arena, source, strlen(source), &call, reader->err);
    if (status != CVS_OK) return status;
    *out = new_module(reader, CVS__LEAF, call);
    if (!*out) return cvs__model_no_memory(reader->err);
    status = describe_as(reader, *out, call, CVS_PYTORCH);
    (*out)->node = node;
    return status;
}
