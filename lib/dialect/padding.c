/* padding.c - how padding is written: words, numbers, ONNX's pads, our own object. */
#include <string.h>

#include "dialect/reader.h"
#include "dialect/writer.h"

/* Numbers are a mode only where they are not all 0. */
static void settle_mode(cvs_layer *layer) {
    layer->padding.mode = cvs__pads_zero(layer) ? CVS_PAD_VALID : CVS_PAD_EXPLICIT;
}

static bool same_padding(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    size_t size = (size_t)a->spatial_rank * sizeof(int64_t);
    if (a->padding.mode != b->padding.mode) return false;
    return a->padding.mode != CVS_PAD_EXPLICIT || (memcmp(a->padding.before, b->padding.before, size) == 0 &&
                                                   memcmp(a->padding.after, b->padding.after, size) == 0);
}

static cvs_status read_mode(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                            const cvs__choice *choices) {
    int mode = 0;
    cvs_status status = cvs__read_choice(reader, argument, node, choices, &mode);
    if (!status) reader->layer->padding.mode = (cvs_padding_mode)mode;
    return status;
}

/* One number an axis, for both of its ends. */
static cvs_status read_even(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    cvs_padding *padding = &reader->layer->padding;
    cvs_status status = cvs__read_ints(reader, argument, node, reader->layer->spatial_rank, true, padding->before);
    if (status) return status;
    memcpy(padding->after, padding->before, sizeof padding->after);
    settle_mode(reader->layer);
    return CVS_OK;
}

/* ---- PyTorch: 'same', 'valid', 1, (1, 2) ---- */

static bool is_word(const cvs_node *node) { return node->kind == CVS_NODE_STRING || node->kind == CVS_NODE_NAME; }

static cvs_status read_torch(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return is_word(node) ? read_mode(reader, argument, node, argument->choices) : read_even(reader, argument, node);
}

static void write_torch(cvs__writer *writer, const cvs__argument *argument) {
    if (writer->layer->padding.mode == CVS_PAD_SAME)
        cvs__write_word(writer, "same");
    else
        cvs__write_ints(writer, writer->layer->padding.before);
}

const cvs__type cvs__type_torch_padding = {.kinds =
                                               CVS__KIND(STRING) | CVS__KIND(NAME) | CVS__KIND(INT) | CVS__KIND(LIST),
                                           .expected = "an integer, a list of one per spatial axis, 'same' or 'valid'",
                                           .read = read_torch,
                                           .same = same_padding,
                                           .write = write_torch};

static void write_even(cvs__writer *writer, const cvs__argument *argument) {
    cvs__write_ints(writer, writer->layer->padding.before);
}

const cvs__type cvs__type_pads = {CVS__KIND(INT) | CVS__KIND(LIST), "an integer, or a list of one per spatial axis",
                                  read_even, same_padding, write_even};

/* ---- padding layers ---- */

/* The one number without a negative is as much out of range as the largest. */
static int64_t negated(int64_t value) { return value == INT64_MIN ? INT64_MAX : -value; }

cvs_status cvs__read_sides(cvs__reader *reader, const cvs_node *node, const int64_t *before, const int64_t *after) {
    cvs_layer *layer = reader->layer;
    int negative = 0, positive = 0;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        negative += (before[axis] < 0) + (after[axis] < 0);
        positive += (before[axis] > 0) + (after[axis] > 0);
    }
    if (negative && positive) {
        cvs__reader_fail(reader, node, "pads-and-crops",
                         "padding at one end and cutting off at another is not done here");
        cvs_fail_expected(reader->err, "numbers of one sign");
        return reader->err->status = CVS_UNSUPPORTED;
    }
    if (negative) {
        layer->op = CVS_OP_CROP;
        layer->padding.fill = CVS_FILL_ZEROS; /* nothing is filled in */
    }
    layer->padding.mode = CVS_PAD_EXPLICIT;
    for (int axis = 0; axis < layer->spatial_rank; axis++) {
        layer->padding.before[axis] = negative ? negated(before[axis]) : before[axis];
        layer->padding.after[axis] = negative ? negated(after[axis]) : after[axis];
    }
    return CVS_OK;
}

/* ---- ONNX: auto_pad, and pads, the beginnings of all axes before the ends ---- */

static const cvs__choice auto_pads[] = {{"SAME_UPPER", CVS_PAD_SAME},
                                        {"SAME_LOWER", CVS_PAD_SAME_LOWER},
                                        {"VALID", CVS_PAD_VALID},
                                        {"NOTSET", CVS_PAD_VALID},
                                        {NULL, 0}};

static cvs_status read_auto_pad(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return read_mode(reader, argument, node, auto_pads);
}

static bool is_automatic(const cvs_layer *layer) {
    return layer->padding.mode == CVS_PAD_SAME || layer->padding.mode == CVS_PAD_SAME_LOWER;
}

static bool same_auto_pad(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return is_automatic(a) ? a->padding.mode == b->padding.mode : !is_automatic(b);
}

static void write_auto_pad(cvs__writer *writer, const cvs__argument *argument) {
    cvs__write_word(writer, writer->layer->padding.mode == CVS_PAD_SAME ? "SAME_UPPER" : "SAME_LOWER");
}

const cvs__type cvs__type_onnx_auto_pad = {CVS__KIND(STRING), "NOTSET, SAME_UPPER, SAME_LOWER or VALID", read_auto_pad,
                                           same_auto_pad, write_auto_pad};

static cvs_status read_pads(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    int rank = reader->layer->spatial_rank;
    cvs_padding *padding = &reader->layer->padding;
    int64_t pads[2 * CVS_MAX_SPATIAL];
    cvs_status status = cvs__read_ints(reader, argument, node, 2 * rank, false, pads);
    if (status) return status;
    memcpy(padding->before, pads, (size_t)rank * sizeof *pads);
    memcpy(padding->after, pads + rank, (size_t)rank * sizeof *pads);
    if (cvs__pads_zero(reader->layer)) return CVS_OK;
    const cvs_node *automatic = cvs__reader_given(reader, "auto_pad");
    if (automatic && strcmp(automatic->text, "NOTSET") != 0) {
        cvs__reader_fail(reader, node, "pads-with-auto-pad", "pads cannot stand beside auto_pad %s, which sets them",
                         automatic->text);
        cvs_fail_expected(reader->err, "pads or auto_pad, not both");
        return CVS_INVALID;
    }
    padding->mode = CVS_PAD_EXPLICIT;
    return CVS_OK;
}

static bool same_pads(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    bool numbers = a->padding.mode == CVS_PAD_EXPLICIT || b->padding.mode == CVS_PAD_EXPLICIT;
    return !numbers || same_padding(argument, a, b);
}

static void write_pads(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_layer *layer = writer->layer;
    int64_t pads[2 * CVS_MAX_SPATIAL];
    memcpy(pads, layer->padding.before, sizeof layer->padding.before);
    memcpy(pads + layer->spatial_rank, layer->padding.after, (size_t)layer->spatial_rank * sizeof *pads);
    cvs__write_list(writer, pads, 2 * layer->spatial_rank);
}

const cvs__type cvs__type_onnx_pads = {CVS__KIND(LIST),
                                       "a list: the beginning of every axis, then the end of every axis", read_pads,
                                       same_pads, write_pads};

/* ---- ours: "same", 1, [1, 2], {"mode", "before", "after", "fill"} ---- */

static const cvs__choice own_modes[] = {{"valid", CVS_PAD_VALID},
                                        {"same", CVS_PAD_SAME},
                                        {"same_lower", CVS_PAD_SAME_LOWER},
                                        {"causal", CVS_PAD_CAUSAL},
                                        {"full", CVS_PAD_FULL},
                                        {"explicit", CVS_PAD_EXPLICIT},
                                        {NULL, 0}};

static const cvs__choice own_fills[] = {{"zeros", CVS_FILL_ZEROS},
                                        {"reflect", CVS_FILL_REFLECT},
                                        {"replicate", CVS_FILL_REPLICATE},
                                        {"circular", CVS_FILL_CIRCULAR},
                                        {NULL, 0}};

/* A mode's own pads may be told too, as answers do; they say nothing that the mode does not, and may be null. */
static cvs_status read_own_numbers(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node,
                                   int64_t *out) {
    if (reader->layer->padding.mode != CVS_PAD_EXPLICIT && node->kind == CVS_NODE_LIST) return CVS_OK;
    return cvs__read_ints(reader, argument, node, reader->layer->spatial_rank, true, out);
}

static cvs_status read_own_word(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (!is_word(node)) return cvs__reader_wrong_kind(reader, argument, node, "a word");
    if (strcmp(argument->name, "mode") == 0) return read_mode(reader, argument, node, own_modes);
    int fill = 0;
    cvs_status status = cvs__read_choice(reader, argument, node, own_fills, &fill);
    if (!status) reader->layer->padding.fill = (cvs_fill)fill;
    return status;
}

static cvs_status read_own_member(cvs__reader *reader, const cvs_node *node) {
    const cvs__argument member = {.name = node->key};
    cvs_padding *padding = &reader->layer->padding;
    if (strcmp(node->key, "mode") == 0) return CVS_OK; /* read first */
    if (strcmp(node->key, "fill") == 0) return read_own_word(reader, &member, node);
    if (strcmp(node->key, "before") == 0) return read_own_numbers(reader, &member, node, padding->before);
    if (strcmp(node->key, "after") == 0) return read_own_numbers(reader, &member, node, padding->after);
    cvs__reader_fail(reader, node, "unknown-argument", "padding has no member '%.*s'", cvs__utf8_shown(node->key),
                     node->key);
    cvs__error_at_key(reader->err, reader->bindings->base, node);
    cvs_fail_expected(reader->err, "mode, before, after, fill");
    return CVS_INVALID;
}

static cvs_status read_own_object(cvs__reader *reader, const cvs_node *node) {
    static const cvs__argument mode_member = {.name = "mode"};
    const cvs_node *mode = cvs_node_get(node, "mode");
    reader->layer->padding.mode = CVS_PAD_EXPLICIT;
    cvs_status status = mode ? read_own_word(reader, &mode_member, mode) : CVS_OK;
    for (const cvs_node *member = node->child; member && !status; member = member->next)
        status = read_own_member(reader, member);
    return status;
}

static cvs_status read_own(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_DICT) return read_own_object(reader, node);
    return is_word(node) ? read_mode(reader, argument, node, own_modes) : read_even(reader, argument, node);
}

static void write_own(cvs__writer *writer, const cvs__argument *argument) {
    const cvs_padding *padding = &writer->layer->padding;
    cvs_text_addf(writer->out, "{\"mode\": \"%s\", \"before\": ", cvs_padding_mode_name(padding->mode));
    cvs__write_ints(writer, padding->before);
    cvs_text_add(writer->out, ", \"after\": ");
    cvs__write_ints(writer, padding->after);
    if (padding->fill) cvs_text_addf(writer->out, ", \"fill\": \"%s\"", cvs_fill_name(padding->fill));
    cvs_text_add(writer->out, "}");
}

const cvs__type cvs__type_own_padding = {
    .kinds = CVS__KIND(STRING) | CVS__KIND(NAME) | CVS__KIND(INT) | CVS__KIND(LIST) | CVS__KIND(DICT),
    .expected = "a mode, an integer, a list of integers, or an object with mode, before, after and fill",
    .read = read_own,
    .same = same_padding,
    .write = write_own};
