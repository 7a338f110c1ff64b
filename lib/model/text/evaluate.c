/* evaluate.c - what an expression comes to: a module, tensors, or nothing that matters here. */
#include <string.h>

#include "model/text/text.h"

/* ---- tensors -------------------------------------------------------------------- */

/* One is counted where it is evaluated; lists of lists become twice as long with each line: x = [x, x]. */
static cvs_status append(cvs__text_reader *reader, cvs__value *to, const cvs__value *more) {
    const cvs_status status = more->count > 1 ? cvs__text_work(reader, more->count - 1) : CVS_OK;
    if (status != CVS_OK) return status;
    int *joined = cvs_arena_take(reader->arena, (size_t)(to->count + more->count + 1) * sizeof *joined);
    if (!joined) return cvs__model_no_memory(reader->err);
    if (to->count > 0) memcpy(joined, to->tensors, (size_t)to->count * sizeof *joined);
    if (more->count > 0) memcpy(joined + to->count, more->tensors, (size_t)more->count * sizeof *joined);
    *to = (cvs__value){.kind = CVS__TENSORS, .tensors = joined, .count = to->count + more->count};
    return CVS_OK;
}

static cvs_status fail_no_tensor(cvs__text_reader *reader, const cvs_node *node) {
    const cvs__binding_of_name *binding = node->kind == CVS_NODE_NAME ? cvs__text_bound(reader, node->text) : NULL;
    if (binding && binding->value.kind == CVS__NOTHING)
        cvs__text_fail(reader, node, "not-a-tensor", "%s is what line %d says, which is not read here.", node->text,
                       binding->node->place.line);
    else if (binding)
        cvs__text_fail(reader, node, "not-a-tensor", "%s is a layer, not a tensor.", node->text);
    else
        cvs__text_fail(reader, node, "not-a-tensor", "A tensor must stand here, and this is none that the text makes.");
    cvs_fail_expected(reader->err, "what Input(...) or a layer's call gives");
    return CVS_INVALID;
}

static cvs_status join_list(cvs__text_reader *reader, const cvs_node *list, cvs__value *out) {
    cvs_status status = CVS_OK;
    *out = (cvs__value){.kind = CVS__TENSORS};
    for (const cvs_node *child = list->child; child && status == CVS_OK; child = child->next) {
        cvs__value one;
        status = cvs__text_tensors(reader, child, &one);
        if (status == CVS_OK) status = append(reader, out, &one);
    }
    return status;
}

static cvs_status join_named_list(cvs__text_reader *reader, const cvs_node *list, cvs__value *out) {
    cvs_status status = cvs__text_enter(reader, list);
    if (status != CVS_OK) return status;
    status = join_list(reader, list, out);
    cvs__text_leave(reader);
    return status;
}

cvs_status cvs__text_tensors(cvs__text_reader *reader, const cvs_node *node, cvs__value *out) {
    if (node->kind == CVS_NODE_LIST) return join_list(reader, node, out);
    const cvs_status status = cvs__text_evaluate(reader, node, out);
    if (status != CVS_OK || out->kind == CVS__TENSORS) return status;
    const cvs__binding_of_name *binding = node->kind == CVS_NODE_NAME ? cvs__text_bound(reader, node->text) : NULL;
    if (binding && binding->node->kind == CVS_NODE_LIST) return join_named_list(reader, binding->node, out);
    return fail_no_tensor(reader, node);
}

/* Without `strict`, values that are no tensors are passed over, as the axis of concatenate([a, b], axis=-1). */
cvs_status cvs__text_arguments(cvs__text_reader *reader, const cvs_node *argument, bool strict, cvs__value *out) {
    cvs_status status = CVS_OK;
    *out = (cvs__value){.kind = CVS__NOTHING};
    for (; argument && status == CVS_OK; argument = argument->next) {
        cvs__value one = {.kind = CVS__NOTHING};
        if (argument->key && strict && strcmp(argument->key, "inputs") != 0) continue; /* training=True */
        if (strict)
            status = cvs__text_tensors(reader, argument, &one);
        else
            status = cvs__text_evaluate(reader, argument, &one);
        if (status == CVS_OK && one.kind == CVS__TENSORS) status = append(reader, out, &one);
    }
    return status;
}

/* ---- calls ------------------------------------------------------------------------ */

static cvs_status apply(cvs__text_reader *reader, const cvs_node *call, cvs__module *module, const cvs_node *argument,
                        cvs__value *out) {
    cvs__value inputs;
    const cvs_status status = cvs__text_arguments(reader, argument, true, &inputs);
    if (status != CVS_OK) return status;
    if (inputs.count == 0) return cvs__text_fail(reader, call, "not-a-tensor", "A layer is called with no tensor.");
    return cvs__text_apply(reader, module, "", &inputs, out);
}

static cvs_status fail_unread(cvs__text_reader *reader, const cvs_node *node, const char *what) {
    cvs__text_fail(reader, node, "not-read", "%s: what becomes of the tensor here is not read.", what);
    cvs_fail_expected(reader->err, "a layer's call, as in x = Conv2D(32, 3)(x) or x = layers.add([x, y])");
    return CVS_INVALID;
}

/* f(...)(x), f(...).to(device), f(...)[0] */
static cvs_status evaluate_use(cvs__text_reader *reader, const cvs_node *use, cvs__value *out) {
    cvs__value callee;
    cvs_status status = cvs__text_evaluate(reader, use->child, &callee);
    if (status != CVS_OK || callee.kind == CVS__NOTHING) return status;
    if (callee.kind == CVS__TENSORS) return fail_unread(reader, use, use->text);
    if (strcmp(use->text, "()") == 0) return apply(reader, use, callee.module, use->child->next, out);
    bool known = false;
    if (*use->text == '.')
        status = cvs__text_method(reader, callee.module, use->text + 1, use->child->next, out, &known);
    if (status != CVS_OK || known) return status;
    return cvs__text_fail(reader, use, "not-read", "What %s does to the module is not read here.", use->text);
}

/* What stands before the last dot, where it is bound; NULL where not. */
static const cvs__binding_of_name *owner(cvs__text_reader *reader, const char *dotted, cvs_status *status) {
    const char *dot = strrchr(dotted, '.');
    if (!dot) return NULL;
    const char *name = cvs_arena_copy(reader->arena, dotted, (size_t)(dot - dotted));
    if (!name) *status = cvs__model_no_memory(reader->err);
    return name ? cvs__text_bound(reader, name) : NULL;
}

static cvs_status evaluate_method(cvs__text_reader *reader, const cvs_node *call, const cvs__binding_of_name *binding,
                                  cvs__value *out) {
    bool known = false;
    if (binding->value.kind == CVS__TENSORS) return fail_unread(reader, call, call->text);
    if (binding->value.kind == CVS__NOTHING) return CVS_OK;
    const cvs_status status =
        cvs__text_method(reader, binding->value.module, strrchr(call->text, '.') + 1, call->child, out, &known);
    if (status != CVS_OK || known) return status;
    return cvs__text_fail(reader, call, "not-read", "What %s() does to the model is not read here.", call->text);
}

/* concatenate([a, b]), torch.add(a, b): a layer that is applied at once. */
static cvs_status evaluate_function(cvs__text_reader *reader, const cvs_node *call, cvs__value *out) {
    cvs__value inputs;
    cvs__module *leaf;
    cvs_status status = cvs__text_arguments(reader, call->child, false, &inputs);
    for (const cvs_node *list = call->child; list && status == CVS_OK && inputs.kind == CVS__NOTHING; list = list->next)
        if (list->kind == CVS_NODE_LIST && list->child && list->child->kind == CVS_NODE_CALL)
            status = cvs__text_tensors(reader, list, &inputs);
    if (status != CVS_OK || inputs.count == 0) return status;
    status = cvs__text_module(reader, call, &leaf);
    if (status == CVS_OK) status = cvs__text_describe(reader, leaf);
    if (status != CVS_OK) return status;
    return leaf->reading ? cvs__text_apply(reader, leaf, "", &inputs, out) : fail_unread(reader, call, call->text);
}

static bool is_class(const char *name) {
    const char first = *cvs__last_component(name);
    return first >= 'A' && first <= 'Z';
}

static cvs_status evaluate_new(cvs__text_reader *reader, const cvs_node *call, cvs__value *out) {
    bool known = false;
    cvs_status status = CVS_OK;
    if (reader->framework != CVS_PYTORCH) status = cvs__text_keras(reader, call, out, &known);
    if (status != CVS_OK || known) return status;
    if (!is_class(call->text)) return evaluate_function(reader, call, out);
    out->kind = CVS__MODULE;
    return cvs__text_module(reader, call, &out->module);
}

static cvs_status evaluate_call(cvs__text_reader *reader, const cvs_node *call, cvs__value *out) {
    if (strchr("(.[", *call->text)) return evaluate_use(reader, call, out);
    const cvs__binding_of_name *binding = cvs__text_bound(reader, call->text);
    if (binding && binding->value.kind == CVS__MODULE)
        return apply(reader, call, binding->value.module, call->child, out);
    cvs_status status = CVS_OK;
    binding = owner(reader, call->text, &status);
    if (status == CVS_OK && binding) return evaluate_method(reader, call, binding, out);
    return status == CVS_OK ? evaluate_new(reader, call, out) : status;
}

/* ---- names ---------------------------------------------------------------------------- */

static bool is_name_byte(char c) { return cvs__is_letter(c) || cvs__is_digit(c) || c == '_'; }

/* x + y, model.layers[-1]: is it made of tensors or modules? */
static cvs_status check_source(cvs__text_reader *reader, const cvs_node *node) {
    const char *at = node->text;
    while (*at) {
        const size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
        const char *name = cvs_arena_copy(reader->arena, at, length);
        if (!name) return cvs__model_no_memory(reader->err);
        const cvs__binding_of_name *binding = length > 0 ? cvs__text_bound(reader, name) : NULL;
        if (binding && binding->value.kind != CVS__NOTHING) return fail_unread(reader, node, "Code");
        at += length > 0 ? length : 1;
    }
    return CVS_OK;
}

static bool is_dotted(const char *text) {
    while (is_name_byte(*text) || *text == '.') text++;
    return *text == '\0';
}

/* model.input, model.output, and in the plural. */
static cvs_status evaluate_attribute(cvs__text_reader *reader, const cvs_node *node,
                                     const cvs__binding_of_name *binding, cvs__value *out) {
    const char *attribute = strrchr(node->text, '.') + 1;
    const bool input = strcmp(attribute, "input") == 0 || strcmp(attribute, "inputs") == 0;
    const bool output = strcmp(attribute, "output") == 0 || strcmp(attribute, "outputs") == 0;
    cvs__module *module = binding->value.module;
    if (binding->value.kind != CVS__MODULE || (!input && !output)) return CVS_OK;
    const cvs_status status = cvs__text_open(reader, module);
    if (status != CVS_OK) return status;
    *out = (cvs__value){.kind = CVS__TENSORS,
                        .tensors = input ? module->inputs : module->outputs,
                        .count = input ? module->input_count : module->output_count};
    return CVS_OK;
}

static cvs_status evaluate_name(cvs__text_reader *reader, const cvs_node *node, cvs__value *out) {
    const cvs__binding_of_name *binding = cvs__text_bound(reader, node->text);
    if (binding) *out = binding->value;
    if (binding) return CVS_OK;
    if (!is_dotted(node->text)) return check_source(reader, node);
    cvs_status status = CVS_OK;
    binding = owner(reader, node->text, &status);
    return status == CVS_OK && binding ? evaluate_attribute(reader, node, binding, out) : status;
}

/* A list of names of tensors is what they are now; others are looked at where they are used. */
static cvs_status evaluate_list(cvs__text_reader *reader, const cvs_node *list, cvs__value *out) {
    for (const cvs_node *child = list->child; child; child = child->next) {
        const cvs__binding_of_name *binding =
            child->kind == CVS_NODE_NAME ? cvs__text_bound(reader, child->text) : NULL;
        if (!binding || binding->value.kind != CVS__TENSORS) return CVS_OK;
    }
    return list->child ? join_list(reader, list, out) : CVS_OK;
}

cvs_status cvs__text_evaluate(cvs__text_reader *reader, const cvs_node *node, cvs__value *out) {
    *out = (cvs__value){.kind = CVS__NOTHING};
    cvs_status status = cvs__text_enter(reader, node);
    if (status != CVS_OK) return status;
    if (node->kind == CVS_NODE_CALL) status = evaluate_call(reader, node, out);
    if (node->kind == CVS_NODE_NAME) status = evaluate_name(reader, node, out);
    if (node->kind == CVS_NODE_LIST) status = evaluate_list(reader, node, out);
    cvs__text_leave(reader);
    return status;
}
