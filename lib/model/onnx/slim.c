#include "model/onnx/slim.h"

#include <convscope/model.h>

#include <string.h>

#include "dialect/utf8.h"
#include "model/onnx/onnx.pb-c.h"

/* protobuf's wire types; its groups are in no schema of ONNX. */
enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };
/* A length takes as many bytes at most, and always as many in the copy: it is known only when all is written. */
enum { LENGTH_BYTES = 5, SEVEN = 7, LOW_BITS = 0x7f, MORE = 0x80, TAG_BITS = 3 };

typedef struct slimming {
    const uint8_t *bytes;
    cvs_text *out;
    int parts, nodes, depth;
    cvs_error *err;
} slimming;

/* One field: where its value begins, behind the length if it has one. */
typedef struct field {
    unsigned number, wire;
    size_t tag, value, end;
} field;

static cvs_status broken(const slimming *s, size_t at, const char *what) {
    cvs_fail(s->err, CVS_SYNTAX, "not-onnx", "", "This is no ONNX file, or not all of one: at byte %zu %s.", at, what);
    cvs_fail_expected(s->err, "a protobuf ModelProto, as onnx.save() writes it");
    if (s->err && s->err->status == CVS_SYNTAX) s->err->offset = (int64_t)at;
    return CVS_SYNTAX;
}

static bool read_varint(const slimming *s, size_t *at, size_t end, uint64_t *out) {
    enum { LONGEST = 10 };
    *out = 0;
    for (int i = 0; i < LONGEST && *at < end; i++) {
        const uint8_t byte = s->bytes[(*at)++];
        *out |= (uint64_t)(byte & LOW_BITS) << (SEVEN * i);
        if (!(byte & MORE)) return true;
    }
    return false;
}

/* The extent of a value that begins at f->value. */
static cvs_status find_end(const slimming *s, field *f, size_t end) {
    uint64_t number = 0;
    size_t size = 0;
    f->end = f->value;
    switch (f->wire) {
    case VARINT:
        return read_varint(s, &f->end, end, &number) ? CVS_OK : broken(s, f->value, "a number does not end");
    case DELIMITED:
        if (!read_varint(s, &f->value, end, &number)) return broken(s, f->value, "a length does not end");
        if (number > end - f->value) return broken(s, f->value, "a part is longer than what it is in");
        size = (size_t)number;
        break;
    case FIXED64:
    case FIXED32:
        size = f->wire == FIXED64 ? sizeof(uint64_t) : sizeof(uint32_t);
        if (size > end - f->value) return broken(s, f->value, "a number does not end");
        break;
    default:
        return broken(s, f->tag, "a field is of no type that protobuf has");
    }
    f->end = f->value + size;
    return CVS_OK;
}

static cvs_status next_field(const slimming *s, size_t at, size_t end, field *f) {
    uint64_t key = 0;
    f->tag = f->value = at;
    if (!read_varint(s, &f->value, end, &key)) return broken(s, at, "a field does not begin");
    if (key >> TAG_BITS == 0 || key > UINT32_MAX) return broken(s, at, "a field has no number");
    f->number = (unsigned)(key >> TAG_BITS);
    f->wire = (unsigned)(key & ((1U << TAG_BITS) - 1));
    return find_end(s, f, end);
}

/* ---- what is left out ------------------------------------------------------------ */

static bool is_documentation(const ProtobufCFieldDescriptor *known) {
    static const char *const names[] = {
        "doc_string",  "metadata_props", "training_info", "functions", "quantization_annotation",
        "string_data", "denotation",     "strings",       NULL};
    for (const char *const *name = names; *name; name++)
        if (strcmp(known->name, *name) == 0) return true;
    return false;
}

static bool is_long_run(const ProtobufCFieldDescriptor *known, const field *f) {
    return f->wire == DELIMITED && known->type != PROTOBUF_C_TYPE_MESSAGE && known->type != PROTOBUF_C_TYPE_STRING &&
           f->end - f->value > CVS__ONNX_LONGEST_RUN;
}

/* ---- what is kept ---------------------------------------------------------------- */

static cvs_status too_large(const slimming *s, const char *what, int most) {
    return cvs_fail(s->err, CVS_TOO_LARGE, "model-too-large", "", "The file has more than %d %s.", most, what);
}

static cvs_status check_text(const slimming *s, const field *f) {
    uint32_t point = 0;
    for (size_t at = f->value; at < f->end;) {
        const int size = cvs__utf8_decode((const char *)s->bytes + at, f->end - at, &point);
        if (size == 0 || point == 0) return broken(s, at, "a name is not UTF-8");
        at += (size_t)size;
    }
    return CVS_OK;
}

static void copy(const slimming *s, size_t from, size_t to) {
    cvs_text_append(s->out, (const char *)s->bytes + from, to - from);
}

/* Write the length of what stands behind `at` there, in bytes that were kept free for it. */
static void patch_length(const slimming *s, size_t at) {
    if (s->out->failed) return;
    size_t length = s->out->length - at - LENGTH_BYTES;
    for (int i = 0; i < LENGTH_BYTES; i++, length >>= SEVEN)
        s->out->data[at + (size_t)i] = (char)((length & LOW_BITS) | (i + 1 < LENGTH_BYTES ? MORE : 0));
}

static cvs_status slim_message(slimming *s, const ProtobufCMessageDescriptor *type, size_t at, size_t end);

static cvs_status slim_inner(slimming *s, const ProtobufCMessageDescriptor *type, const field *f) {
    static const char room[LENGTH_BYTES] = {0};
    if (type == &onnx__node_proto__descriptor && ++s->nodes > CVS_MODEL_MAX_LAYERS)
        return too_large(s, "nodes", CVS_MODEL_MAX_LAYERS);
    uint64_t key = 0;
    size_t length_at = f->tag;
    if (!read_varint(s, &length_at, f->end, &key)) return broken(s, f->tag, "a field does not begin");
    copy(s, f->tag, length_at);
    const size_t at = s->out->length;
    cvs_text_append(s->out, room, sizeof room);
    const cvs_status status = slim_message(s, type, f->value, f->end);
    patch_length(s, at);
    return status;
}

static cvs_status slim_field(slimming *s, const ProtobufCFieldDescriptor *known, const field *f) {
    if (++s->parts > CVS__ONNX_MAX_PARTS) return too_large(s, "parts", CVS__ONNX_MAX_PARTS);
    if (known->type == PROTOBUF_C_TYPE_MESSAGE && f->wire == DELIMITED) return slim_inner(s, known->descriptor, f);
    if (known->type == PROTOBUF_C_TYPE_STRING && f->wire == DELIMITED) {
        const cvs_status status = check_text(s, f);
        if (status != CVS_OK) return status;
    }
    copy(s, f->tag, f->end);
    return CVS_OK;
}

/* Recursion is bounded by CVS__ONNX_MAX_NESTING. */
static cvs_status slim_message(slimming *s, const ProtobufCMessageDescriptor *type, size_t at, size_t end) {
    cvs_status status = CVS_OK;
    if (++s->depth > CVS__ONNX_MAX_NESTING) return too_large(s, "messages in each other", CVS__ONNX_MAX_NESTING);
    while (at < end && status == CVS_OK) {
        field f;
        status = next_field(s, at, end, &f);
        if (status != CVS_OK) break;
        const ProtobufCFieldDescriptor *known = protobuf_c_message_descriptor_get_field(type, f.number);
        if (known && !is_documentation(known) && !is_long_run(known, &f)) status = slim_field(s, known, &f);
        at = f.end;
    }
    s->depth--;
    return status;
}

cvs_status cvs__onnx_slim(const uint8_t *bytes, size_t length, cvs_text *out, cvs_error *err) {
    slimming s = {.bytes = bytes, .out = out, .err = err};
    if (length > INT32_MAX) return cvs_fail(err, CVS_TOO_LARGE, "model-too-large", "", "A protobuf has at most 2 GiB.");
    return slim_message(&s, &onnx__model_proto__descriptor, 0, length);
}
