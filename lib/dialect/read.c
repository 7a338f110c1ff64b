#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer/layer_internal.h"

#include "dialect/reader.h"

/* ---- one layer ---- */

static const cvs_node *given(const cvs__reader *reader, const cvs__argument *argument) {
    for (int i = 0; i < reader->bindings->count; i++)
        if (reader->bindings->binding[i].argument == argument) return reader->bindings->binding[i].node;
    return NULL;
}

/* The setting that `slot` belongs to, when the user may write "?" for it; 0 when not. */
static unsigned setting(const char *slot) {
    static const struct {
        const char *slot;
        unsigned bit;
    } settings[] = {{"kernel", CVS_ASK_KERNEL},     {"stride", CVS_ASK_STRIDE},
                    {"dilation", CVS_ASK_DILATION}, {"padding", CVS_ASK_PADDING},
                    {"filters", CVS_ASK_FILTERS},   {"output_padding", CVS_ASK_OUTPUT_PADDING}};
    for (size_t i = 0; slot && i < sizeof settings / sizeof *settings; i++)
        if (strlen(settings[i].slot) == strcspn(slot, "/") && strncmp(slot, settings[i].slot, strcspn(slot, "/")) == 0)
            return settings[i].bit;
    return 0;
}

/* The CVS_ASK_... that an argument written as "?" asks for, or 0. */
static unsigned asks_for(const cvs__argument *argument, const cvs_node *node) {
    bool word = node->kind == CVS_NODE_STRING || node->kind == CVS_NODE_NAME;
    return word && strcmp(node->text, "?") == 0 ? setting(argument->slot) : 0;
}

/* What is asked for must not make the rest invalid. */
static void fill_asked(cvs_layer *layer, unsigned asked) {
    for (int axis = 0; (asked & CVS_ASK_KERNEL) && axis < layer->spatial_rank; axis++) layer->kernel[axis] = 1;
    if (asked & CVS_ASK_FILTERS) layer->filters = layer->groups;
}

/* How many of the arguments given are to be read. */
static int readable(const cvs__bindings *bindings) {
    int count = 0;
    for (int i = 0; i < bindings->count; i++) count += bindings->binding[i].argument->type->read != NULL;
    return count;
}

/*
 * In the table's order, so that what depends on another argument can stand after it; *left counts down what is still
 * to be read.
 */
static cvs_status read_arguments(cvs__reader *reader, const cvs__argument *list, int *left) {
    cvs_status status = CVS_OK;
    for (; *left > 0 && list && list->name && !status; list++) {
        const cvs_node *node = list->type->read ? given(reader, list) : NULL;
        if (!node) continue;
        --*left;
        unsigned asked = asks_for(list, node);
        reader->out->asked |= asked;
        if (asked && list->type == &cvs__type_window) reader->out->asked |= CVS_ASK_STRIDE_OF_KERNEL;
        if (list->type == &cvs__type_window_stride && node->kind != CVS_NODE_NULL)
            reader->out->asked &= ~(unsigned)CVS_ASK_STRIDE_OF_KERNEL;
        if (asked) continue;
        if (list->type->kinds & (1U << node->kind))
            status = list->type->read(reader, list, node);
        else
            status = cvs__reader_wrong_kind(reader, list, node, list->type->expected);
    }
    return status;
}

static cvs_status find_rank(cvs__reader *reader, const cvs_node *node, int *rank) {
    *rank = reader->row->spatial_rank ? reader->row->spatial_rank : reader->dialect->rank(reader);
    if (*rank == CVS__RANK_OF_INPUT) {
        *rank = 0;
        return CVS_OK;
    }
    if (*rank >= 1 && *rank <= CVS_MAX_SPATIAL) return CVS_OK;
    const cvs_node *said = cvs__reader_given(reader, "spatial_rank");
    if (!*rank && !said) {
        cvs__reader_fail(reader, node, "missing-spatial-rank", "%s does not say how many spatial axes it has",
                         reader->row->name);
        cvs_fail_expected(reader->err, "lists with a number for each spatial axis");
        return CVS_INVALID;
    }
    if (said)
        cvs__reader_fail(reader, said, "bad-spatial-rank", "spatial_rank must be 1, 2 or 3");
    else
        cvs__reader_fail(reader, node, "bad-spatial-rank", "a layer has 1, 2 or 3 spatial axes, not %d", *rank);
    cvs_fail_expected(reader->err, "1, 2 or 3");
    return CVS_INVALID;
}

/* What our own form describes may be meant as any framework's layer. */
static cvs_framework semantics(const cvs__reader *reader, cvs_framework said) {
    return said == CVS_FRAMEWORK_AUTO ? reader->dialect->framework : said;
}

static cvs_status start_layer(cvs__reader *reader, const cvs_node *node, cvs_framework framework) {
    int rank = 0;
    cvs_status status = find_rank(reader, node, &rank);
    if (status) return status;
    reader->bindings->spatial_rank = rank;
    reader->layer = &reader->out->layer;
    cvs__layer_start(reader->layer, reader->row->op, rank);
    reader->layer->framework = semantics(reader, framework);
    reader->layer->activation = reader->row->activation;
    reader->layer->padding.fill = reader->row->fill;
    if (reader->row->bilinear) {
        reader->layer->interpolation = CVS_INTERPOLATION_LINEAR;
        reader->layer->align_corners = true;
    }
    reader->layer->whole_maps = reader->row->whole_maps;
    if (reader->row->each_channel) reader->layer->groups = CVS_DIM_UNKNOWN;
    if (reader->dialect->defaults) reader->dialect->defaults(reader->layer);
    return CVS_OK;
}

static const char *type_of(const cvs__reader *reader, const cvs_node *node) {
    return node->kind == CVS_NODE_CALL ? node->text : cvs_node_get(node, reader->dialect->class_key)->text;
}

/* All but the layer, which is there already. */
static void start_reading(const cvs__reader *reader, const cvs_node *node) {
    cvs_reading *out = reader->out;
    out->type = type_of(reader, node);
    out->name = node->parent ? NULL : node->key;
    out->has_input_shape = false;
    out->input_shape.rank = 0;
    out->asked = 0;
    out->bindings = reader->bindings;
}

/* The reading outlives the JSON that its texts come from; those of pasted text are in the arena. */
static cvs_status keep_texts(cvs__reader *reader, const cvs_node *node) {
    cvs_reading *out = reader->out;
    if (cvs__node_is_text(node)) return CVS_OK;
    out->type = cvs_arena_copy(reader->arena, out->type, strlen(out->type));
    const char *name = out->name;
    if (name) out->name = cvs_arena_copy(reader->arena, name, strlen(name));
    if (out->type && (out->name || !name)) return CVS_OK;
    return cvs_fail(reader->err, CVS_NO_MEMORY, "no-memory", NULL, "not enough memory to read the layer");
}

cvs_status cvs__read_layer(cvs__reader *reader, const cvs_node *base, const cvs_node *node, cvs_framework framework) {
    cvs_status status = cvs__recognise(reader, base, node, framework);
    if (!status) status = start_layer(reader, node, framework);
    if (status) return status;
    start_reading(reader, node);
    const cvs__argument *const lists[] = {reader->row->arguments, reader->dialect->common, reader->row->beside,
                                          reader->dialect->beside};
    int left = readable(reader->bindings);
    for (size_t i = 0; i < sizeof lists / sizeof *lists && left > 0 && !status; i++)
        status = read_arguments(reader, lists[i], &left);
    if (!status) status = keep_texts(reader, node);
    fill_asked(reader->layer, reader->out->asked);
    reader->out->framework = reader->layer->framework;
    return status;
}

/* ---- from our own names back to the user's ---- */

/* Length of `slot` when it leads `path` ("stride" leads "stride/0"), or the other way round; 0 when neither. */
static size_t shared_path(const char *slot, const char *path) {
    size_t slot_length = strlen(slot), path_length = strlen(path);
    size_t length = slot_length < path_length ? slot_length : path_length;
    const char *longer = slot_length < path_length ? path : slot;
    bool ends = longer[length] == '/' || longer[length] == '\0';
    return ends && memcmp(slot, path, length) == 0 ? length : 0;
}

static const cvs__binding *find_binding(const cvs__bindings *bindings, const char *path) {
    const cvs__binding *best = NULL;
    size_t longest = 0;
    for (int i = 0; i < bindings->count; i++) {
        const char *slot = bindings->binding[i].argument->slot;
        size_t length = slot ? shared_path(slot, path) : 0;
        if (length <= longest) continue;
        longest = length;
        best = &bindings->binding[i];
    }
    return best;
}

bool cvs_reading_says(const cvs_reading *reading, const char *setting) {
    return reading->bindings && find_binding(reading->bindings, setting);
}

/* Follow what is left of a path into the user's value as far as it goes: "before/0" into an object, a list. */
static const cvs_node *descend(const cvs_node *node, const char *path, int spatial_rank) {
    int shift = 0;
    while (*path == '/') {
        char segment[32];
        size_t length = strcspn(++path, "/");
        snprintf(segment, sizeof segment, "%.*s", (int)length, path);
        path += length;
        /* A list of twice as many numbers as axes has those after the axis behind those before it. */
        if (strcmp(segment, "after") == 0 && node->kind == CVS_NODE_LIST && node->count == 2 * spatial_rank)
            shift = spatial_rank;
        const cvs_node *next = NULL;
        if (node->kind == CVS_NODE_DICT)
            next = cvs_node_get(node, segment);
        else if (node->kind == CVS_NODE_LIST && segment[0] >= '0' && segment[0] <= '9')
            next = cvs__node_at(node, atoi(segment) + shift);
        if (next) node = next;
    }
    return node;
}

void cvs_reading_locate(const cvs_reading *reading, cvs_error *err) {
    const cvs__bindings *bindings = reading->bindings;
    if (!err || !err->status || !bindings || err->pointer[0] != '/') return;
    const char *path = err->pointer + 1;
    const cvs__binding *binding = find_binding(bindings, path);
    if (!binding) return;
    const char *slot = binding->argument->slot;
    size_t length = shared_path(slot, path);
    cvs__error_at(err, bindings->base, descend(binding->node, path + length, bindings->spatial_rank));
}

/* ---- the whole ---- */

/* Reading the validated layer's node, a CALL or a DICT. */
static cvs_status read_valid(cvs_arena *arena, const cvs_node *node, cvs_framework framework, cvs_reading *out,
                             cvs_error *err) {
    cvs__reader reader = {.arena = arena, .out = out, .err = err};
    cvs_status status = cvs__read_layer(&reader, node, node, framework);
    if (status) return status;
    status = cvs_layer_validate(&out->layer, err);
    if (!status) return CVS_OK;
    cvs_reading_locate(out, err);
    if (cvs__node_is_text(node) && err->offset < 0) {
        cvs__error_at(err, node, node);
        err->pointer[0] = '\0';
    }
    return status;
}

static cvs_status fail_no_layer(const cvs_node *node, cvs_error *err) {
    bool several = cvs__node_is_text(node) && node->kind == CVS_NODE_LIST && node->count > 1;
    if (several)
        cvs_fail(err, CVS_INVALID, "not-a-layer", NULL, "the text lists %d values; one layer is read at a time",
                 node->count);
    else
        cvs_fail(err, CVS_INVALID, "not-a-layer", NULL, "a layer is code or an object, not %s",
                 cvs__node_kind_name(node));
    cvs__error_at(err, node, node);
    cvs__error_value(err, node);
    cvs_fail_expected(err, several ? "the layers one by one, as \"layers\": [...]"
                                   : "a layer's call, e.g. Conv2D(32, 3), or an object");
    return CVS_INVALID;
}

static cvs_status read_node(cvs_arena *arena, const cvs_node *node, cvs_framework framework, cvs_reading *out,
                            cvs_error *err) {
    if (framework == CVS_TENSORFLOW)
        return cvs_fail(err, CVS_UNSUPPORTED, "framework-without-layers", NULL,
                        "TensorFlow is a weight layout only; its layers are those of Keras");
    if (node->kind == CVS_NODE_STRING && !cvs__node_is_text(node)) {
        cvs_status status = cvs_text_parse(arena, node->text, node->text_length, &node, err);
        if (status) return status;
    }
    if (node->kind != CVS_NODE_CALL && node->kind != CVS_NODE_DICT) return fail_no_layer(node, err);
    return read_valid(arena, node, framework, out, err);
}

cvs_status cvs_dialect_read(cvs_arena *arena, const cvs_node *node, cvs_framework framework, cvs_reading *out,
                            cvs_error *err) {
    cvs_error spare;
    cvs_error *why = cvs__error_usable(err, &spare);
    const cvs_status status = read_node(arena, node, framework, out, why);
    return status && why->status == CVS_NO_MEMORY ? CVS_NO_MEMORY : status;
}
