/* types.c - what arguments can hold: numbers, booleans, words. */
#include <string.h>

#include "dialect/reader.h"
#include "dialect/writer.h"

const cvs__type cvs__type_passes = {.kinds = ~0u, .expected = "anything"};

/* ---- integers ---- */

static cvs_status read_int(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    *(int64_t *)cvs__field(reader->layer, argument) = node->integer;
    return CVS_OK;
}

static bool same_int(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return *(const int64_t *)cvs__field_of(a, argument) == *(const int64_t *)cvs__field_of(b, argument);
}

static void write_int(cvs__writer *writer, const cvs__argument *argument) {
    cvs_text_add_int(writer->out, *(const int64_t *)cvs__field_of(writer->layer, argument));
}

const cvs__type cvs__type_int = {CVS__KIND(INT), "an integer", read_int, same_int, write_int};

static cvs_status read_channels(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return node->kind == CVS_NODE_NULL ? CVS_OK : read_int(reader, argument, node);
}

static void write_channels(cvs__writer *writer, const cvs__argument *argument) {
    if (writer->layer->in_channels)
        write_int(writer, argument);
    else
        cvs_text_add(writer->out, writer->json ? "null" : "None");
}

const cvs__type cvs__type_channels = {CVS__KIND(INT) | CVS__KIND(NULL), "an integer, or null when the input says it",
                                      read_channels, same_int, write_channels};

/* ---- integers, one per spatial axis ---- */

static cvs_status read_ints(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return cvs__read_ints(reader, argument, node, reader->layer->spatial_rank, true,
                          cvs__field(reader->layer, argument));
}

static cvs_status read_int_list(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return cvs__read_ints(reader, argument, node, reader->layer->spatial_rank, false,
                          cvs__field(reader->layer, argument));
}

static bool same_ints(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    size_t size = (size_t)a->spatial_rank * sizeof(int64_t);
    return memcmp(cvs__field_of(a, argument), cvs__field_of(b, argument), size) == 0;
}

static void write_ints(cvs__writer *writer, const cvs__argument *argument) {
    cvs__write_ints(writer, cvs__field_of(writer->layer, argument));
}

const cvs__type cvs__type_ints = {CVS__KIND(INT) | CVS__KIND(LIST), "an integer, or a list of one per spatial axis",
                                  read_ints, same_ints, write_ints};
const cvs__type cvs__type_int_list = {CVS__KIND(LIST), "a list of integers, one per spatial axis", read_int_list,
                                      same_ints, write_ints};

static cvs_status read_rank(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    return CVS_OK; /* the dialect's rank() has read it before anything else */
}

static bool same_rank(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return a->spatial_rank == b->spatial_rank;
}

static void write_rank(cvs__writer *writer, const cvs__argument *argument) {
    cvs_text_add_int(writer->out, writer->layer->spatial_rank);
}

const cvs__type cvs__type_rank = {CVS__KIND(INT), "1, 2 or 3", read_rank, same_rank, write_rank};

/* ---- reals, booleans ---- */

static cvs_status read_real(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    double value = node->kind == CVS_NODE_INT ? (double)node->integer : node->real;
    *(float *)cvs__field(reader->layer, argument) = (float)value;
    return CVS_OK;
}

static float real_of(const cvs__argument *argument, const cvs_layer *layer) {
    return *(const float *)cvs__field_of(layer, argument);
}

static bool same_real(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return real_of(argument, a) == real_of(argument, b);
}

static void write_real(cvs__writer *writer, const cvs__argument *argument) {
    char number[32];
    cvs_text_add(writer->out, cvs__real_text(real_of(argument, writer->layer), number));
}

const cvs__type cvs__type_real = {CVS__KIND(INT) | CVS__KIND(REAL), "a number", read_real, same_real, write_real};

/* Python takes 0 and 1 for booleans; JSON has no need to. */
static cvs_status read_bool(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    bool number = node->kind == CVS_NODE_INT;
    if (number && (!cvs__node_is_text(node) || node->integer < 0 || node->integer > 1))
        return cvs__reader_wrong_kind(reader, argument, node, "true or false");
    *(bool *)cvs__field(reader->layer, argument) = number ? node->integer != 0 : node->boolean;
    return CVS_OK;
}

static bool same_bool(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return *(const bool *)cvs__field_of(a, argument) == *(const bool *)cvs__field_of(b, argument);
}

static void write_bool(cvs__writer *writer, const cvs__argument *argument) {
    bool value = *(const bool *)cvs__field_of(writer->layer, argument);
    cvs_text_add(writer->out, writer->json ? value ? "true" : "false" : value ? "True" : "False");
}

const cvs__type cvs__type_bool = {CVS__KIND(BOOL) | CVS__KIND(INT), "true or false", read_bool, same_bool, write_bool};

/* ---- words ---- */

/* Enumerations are read and written through an unsigned int, which is what they are. */
_Static_assert(sizeof(cvs_padding_mode) == sizeof(int) && sizeof(cvs_data_format) == sizeof(int) &&
                   sizeof(cvs_fill) == sizeof(int),
               "an enumeration is an int");

static int enumeration(const cvs__argument *argument, const cvs_layer *layer) {
    int value;
    memcpy(&value, cvs__field_of(layer, argument), sizeof value);
    return value;
}

static cvs_status read_choice(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_NULL) return CVS_OK;
    int value = 0;
    cvs_status status = cvs__read_choice(reader, argument, node, argument->choices, &value);
    if (!status) memcpy(cvs__field(reader->layer, argument), &value, sizeof value);
    return status;
}

static bool same_choice(const cvs__argument *argument, const cvs_layer *a, const cvs_layer *b) {
    return enumeration(argument, a) == enumeration(argument, b);
}

static void write_choice(cvs__writer *writer, const cvs__argument *argument) {
    int value = enumeration(argument, writer->layer);
    const cvs__choice *choice = argument->choices;
    while (choice->word && choice->value != value) choice++;
    cvs__write_word(writer, choice->word ? choice->word : "?");
}

const cvs__type cvs__type_choice = {CVS__KIND(STRING) | CVS__KIND(NAME) | CVS__KIND(NULL), "a word", read_choice,
                                    same_choice, write_choice};

const cvs__choice cvs__data_formats[] = {
    {"channels_last", CVS_CHANNELS_LAST}, {"channels_first", CVS_CHANNELS_FIRST}, {NULL, 0}};

/* ---- the layer's name ---- */

static cvs_status read_name(cvs__reader *reader, const cvs__argument *argument, const cvs_node *node) {
    if (node->kind == CVS_NODE_STRING) reader->out->name = node->text;
    return CVS_OK;
}

const cvs__type cvs__type_name = {.kinds = ~0u, .expected = "a string", .read = read_name};
