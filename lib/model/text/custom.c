/*
 * custom.c - printed modules that are no Sequential: what their forward() does with their members is not printed.
 *
 * A class of torchvision is taken at its name (recipes.c). Of others the members are applied in the order in which they
 * are printed, as long as each makes the channels that the next one reads; the model then carries a note that says so.
 * Between convolutions and a dense layer forward() flattens, and pools where the dense layer reads one number a
 * channel: these are functions, which are not printed.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/text/text.h"

/* ---- what a module reads ---------------------------------------------------------- */

/* Does the leaf leave the channels as they are? */
static bool keeps_channels(const cvs__module *leaf) {
    if (!leaf->reading) return leaf->op == &cvs__same_op;
    const cvs_op op = leaf->reading->layer.op;
    return op != CVS_OP_FLATTEN && op != CVS_OP_RESHAPE && op != CVS_OP_PERMUTE;
}

/* *done: no leaf after this one can be asked. */
static cvs_status look_into(cvs__text_reader *reader, const cvs__module *module, cvs__module **entry, bool *done) {
    cvs_status status = cvs__text_work(reader, 1);
    if (reader->depth >= CVS_NODE_MAX_DEPTH * 2) *done = true;
    if (module->kind == CVS__GRAPH) *done = true;
    reader->depth++;
    for (const cvs__member *member = module->first; member && status == CVS_OK && !*done; member = member->next) {
        cvs__module *part = member->module;
        if (part->kind != CVS__LEAF) {
            status = look_into(reader, part, entry, done);
            continue;
        }
        status = cvs__text_describe(reader, part);
        if (status != CVS_OK) break;
        if (part->reading && part->reading->layer.in_channels > 0) *entry = part;
        *done = *entry || !keeps_channels(part);
    }
    reader->depth--;
    return status;
}

cvs_status cvs__text_entry(cvs__text_reader *reader, const cvs__module *module, cvs__module **entry) {
    bool done = false;
    *entry = NULL;
    if (module->kind != CVS__LEAF) return look_into(reader, module, entry, &done);
    cvs__module *leaf = (cvs__module *)(uintptr_t)module; /* made by this reader, hence writable */
    const cvs_status status = cvs__text_describe(reader, leaf);
    if (status == CVS_OK && leaf->reading && leaf->reading->layer.in_channels > 0) *entry = leaf;
    return status;
}

/* ---- notes -------------------------------------------------------------------------- */

cvs_status cvs__text_note(cvs__text_reader *reader, cvs_model_order order, const char *about, const char *format, ...) {
    cvs_text text = {0};
    char message[512];
    va_list arguments;
    if (reader->model->order < order) reader->model->order = order;
    if (cvs__names_find(&reader->noted, about) >= 0) return CVS_OK;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cvs_text_add(&text, message);
    const char *kept = cvs__model_keep(reader->arena, &text);
    if (!kept || !cvs__names_add(&reader->noted, about, 0)) return cvs__model_no_memory(reader->err);
    return cvs__model_add_note(reader->model, kept) ? CVS_OK : cvs__model_no_memory(reader->err);
}

/* ---- between two members ---------------------------------------------------------------- */

static cvs_status insert(cvs__text_reader *reader, const char *source, const char *name, const cvs__module *custom,
                         int *tensor) {
    cvs__module *leaf;
    const cvs__value input = {.kind = CVS__TENSORS, .tensors = tensor, .count = 1};
    const cvs_status status = cvs__text_helper(reader, source, custom->node, &leaf);
    return status == CVS_OK ? cvs__text_add_step(reader, leaf, name, &input, tensor) : status;
}

static cvs_status fail_order(cvs__text_reader *reader, const cvs__module *custom, const cvs__member *member,
                             const cvs__module *entry, const cvs__trace_tensor *given) {
    cvs__text_fail(reader, member->module->node, "order-unknown",
                   "The text does not say what the forward() of %s does: %s, printed here, begins with %" PRId64
                   " channels, but %s, printed before it, makes %" PRId64 ".",
                   custom->type, member->label, entry->reading->layer.in_channels, given->name, given->channels);
    cvs_fail_expected(reader->err,
                      "the model as nn.Sequential(...), as Keras code, or exported to ONNX, which says what "
                      "each layer reads");
    return CVS_INVALID;
}

/* As many channels as positions and channels of a tensor with this many channels may come to. */
static bool may_be_flattened(int64_t features, int64_t channels) { return channels > 0 && features % channels == 0; }

/* Put what forward() must do before the member, for it to be able to read the tensor. */
static cvs_status fit(cvs__text_reader *reader, const cvs__module *custom, const cvs__member *member, int *tensor) {
    cvs__module *entry;
    cvs_status status = cvs__text_entry(reader, member->module, &entry);
    const cvs__trace_tensor given = reader->tensors[*tensor];
    if (status != CVS_OK || !entry || given.channels == 0) return status;
    const cvs_layer *layer = &entry->reading->layer;
    const bool flattens = layer->op == CVS_OP_DENSE && given.spatial, same = layer->in_channels == given.channels;
    if (!flattens) return same ? CVS_OK : fail_order(reader, custom, member, entry, &given);
    if (!may_be_flattened(layer->in_channels, given.channels)) return fail_order(reader, custom, member, entry, &given);
    if (same && !given.single) {
        status = insert(reader, "nn.AdaptiveAvgPool2d(1)", "adaptive_avg_pool2d", custom, tensor);
        if (status == CVS_OK)
            status = cvs__text_note(reader, CVS_MODEL_ORDER_PRINTED, "(pool)",
                                    "An average over all positions is put before %s, which reads one number a channel.",
                                    member->label);
    }
    return status == CVS_OK ? insert(reader, "nn.Flatten()", "flatten", custom, tensor) : status;
}

/* ---- a module ------------------------------------------------------------------------------ */

static cvs_status apply_as_printed(cvs__text_reader *reader, const cvs__module *module, const char *path, int *tensor) {
    cvs_status status = CVS_OK;
    if (module->count > 1)
        status = cvs__text_note(reader, CVS_MODEL_ORDER_PRINTED, module->type,
                                "What the forward() of %s does is not printed: its modules are taken to be applied in "
                                "the order in which they stand, which fits their channels.",
                                module->type);
    for (const cvs__member *member = module->first; member && status == CVS_OK; member = member->next) {
        status = fit(reader, module, member, tensor);
        if (status == CVS_OK) status = cvs__text_apply_member(reader, member, path, tensor);
    }
    return status;
}

cvs_status cvs__text_apply_custom(cvs__text_reader *reader, cvs__module *module, const char *path, int *tensor) {
    const char *recipe = cvs__text_recipe(module);
    if (!recipe) return apply_as_printed(reader, module, path, tensor);
    const cvs_status status = cvs__text_note(
        reader, CVS_MODEL_ORDER_BY_NAME, module->type,
        "%s is taken for torchvision's class of that name, with the forward() that it has there.", module->type);
    return status == CVS_OK ? cvs__text_follow(reader, module, path, recipe, tensor) : status;
}
