/*
 * Pasted text, cvs_text_parse() and cvs_dialect_read() for every framework: the input is the text. A mistake has a
 * place in it; a layer, written for any framework and read back, is the same layer.
 */
#include "harness.h"
#include "round_trip.h"

#include <stdlib.h>
#include <string.h>

/* ---- mistakes ---------------------------------------------------------- */

static bool begins_point(unsigned char byte) { return (byte & 0xC0) != 0x80; }

/* Line and column, from 1, that stand at an offset; columns in code points. */
static void check_place(const char *text, size_t size, const cvs_error *err) {
    fuzz_require(err->offset >= 0 && (size_t)err->offset <= size, "offset %lld is in the text", (long long)err->offset);
    int line = 1, column = 1;
    for (int64_t i = 0; i < err->offset; i++) {
        const unsigned char byte = (unsigned char)text[i];
        column = byte == '\n' ? 1 : column + begins_point(byte);
        line += byte == '\n';
    }
    fuzz_require(err->line == line && err->column == column, "offset %lld is line %d, column %d, not %d, %d",
                 (long long)err->offset, line, column, err->line, err->column);
}

static void check_text(const char *text) {
    json_t *string = json_string(text);
    fuzz_require(string, "a message is UTF-8");
    json_decref(string);
}

static void check_mistake(const char *text, size_t size, cvs_status status, const cvs_error *err) {
    fuzz_require(err->status == status && err->code[0] && err->message[0], "an error says what it is");
    fuzz_require(status != CVS_NO_MEMORY, "there is memory for %zu bytes", size);
    check_text(err->message);
    check_text(err->value);
    check_text(err->expected);
    check_place(text, size, err);
}

/* ---- layers ------------------------------------------------------------ */

/* Channels that many groups divide, and sizes that differ. */
static cvs_shape input_of(const cvs_reading *reading) {
    const cvs_layer *layer = &reading->layer;
    if (reading->has_input_shape) return reading->input_shape;
    const int spatial = layer->spatial_rank ? layer->spatial_rank : 2;
    const int channels = layer->data_format == CVS_CHANNELS_FIRST ? 1 : spatial + 1;
    cvs_shape input = {.rank = spatial + 2, .dim = {2}};
    for (int i = 1; i < input.rank; i++) input.dim[i] = 27 + 2 * i;
    input.dim[channels] = layer->in_channels > 0 ? layer->in_channels : 48;
    return input;
}

static cvs_status infer(const cvs_reading *reading, const cvs_shape *input, cvs_inference *out, cvs_error *err) {
    const cvs_shape inputs[ROUND_TRIP_INPUTS] = {*input, *input, *input};
    if (reading->layer.op >= CVS_OP_ADD)
        return cvs_infer_merge(&reading->layer, inputs, ROUND_TRIP_INPUTS, NULL, out, err);
    return cvs_infer(&reading->layer, input, NULL, out, err);
}

/* Our own form has every layer; what another framework refuses it may not be able to express. */
static void check_round_trips(const cvs_inference *inference) {
    for (int framework = CVS_KERAS; framework <= CVS_CONVSCOPE; framework++) {
        cvs_error refusal;
        const round_trip kind = check_round_trip(inference, (cvs_framework)framework, &refusal);
        fuzz_require(kind != ROUND_TRIP_REFUSED || framework != CVS_CONVSCOPE, "our own form refuses: %s",
                     refusal.message);
    }
}

static void check_layer(const cvs_reading *reading) {
    cvs_inference inference;
    cvs_error err = {0};
    const cvs_shape input = input_of(reading);
    const cvs_status status = infer(reading, &input, &inference, &err);
    if (status == CVS_OK) check_round_trips(&inference);
    if (status == CVS_OK) return;
    cvs_reading_locate(reading, &err);
    fuzz_require(err.status == status && err.code[0] && err.message[0], "a refusal says why");
    check_text(err.message);
}

static void read_as(const char *text, size_t size, cvs_framework framework) {
    const cvs_node node = {.kind = CVS_NODE_STRING, .text = text, .text_length = size, .place = {.offset = -1}};
    cvs_arena arena = cvs_arena_make((size_t)1 << 22);
    cvs_reading reading;
    cvs_error err = {0};
    const cvs_status status = cvs_dialect_read(&arena, &node, framework, &reading, &err);
    if (status == CVS_OK)
        check_layer(&reading);
    else
        check_mistake(text, size, status, &err);
    cvs_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    cvs_arena arena = cvs_arena_make((size_t)1 << 22);
    const cvs_node *root = NULL;
    cvs_error err = {0};
    const cvs_status status = cvs_text_parse(&arena, text, size, &root, &err);
    fuzz_require((status == CVS_OK) == (root != NULL), "a tree, or a mistake");
    if (status != CVS_OK) check_mistake(text, size, status, &err);
    cvs_arena_free(&arena);
    for (int framework = CVS_FRAMEWORK_AUTO; framework <= CVS_CONVSCOPE; framework++)
        read_as(text, size, (cvs_framework)framework);
    return 0;
}
