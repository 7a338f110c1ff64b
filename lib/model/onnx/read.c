/* read.c - bytes to a model: protobuf-c on the slim copy, everything in the arena. */
#include <string.h>

#include "model/onnx/onnx.h"
#include "model/onnx/slim.h"

/* ---- protobuf-c in an arena ------------------------------------------------------ */

typedef struct taking {
    cvs_arena *arena;
    bool failed;
} taking;

static void *take(void *data, size_t size) {
    taking *from = data;
    void *bytes = cvs_arena_take(from->arena, size);
    from->failed |= !bytes;
    return bytes;
}

static void leave(void *data, void *bytes) {
    (void)data;
    (void)bytes;
}

static cvs_status unpack(cvs_arena *arena, const cvs_text *slim, Onnx__ModelProto **out, cvs_error *err) {
    taking from = {.arena = arena};
    ProtobufCAllocator allocator = {.alloc = take, .free = leave, .allocator_data = &from};
    if (slim->failed) return cvs__model_no_memory(err);
    *out = onnx__model_proto__unpack(&allocator, slim->length, (const uint8_t *)slim->data);
    if (*out) return CVS_OK;
    if (from.failed) return cvs__model_no_memory(err);
    return cvs_fail(err, CVS_SYNTAX, "not-onnx", "",
                    "This is no ONNX file: a field is of another type than ONNX's schema gives it.");
}

/* ---- the whole -------------------------------------------------------------------- */

static int64_t opset_of(const Onnx__ModelProto *proto) {
    for (size_t i = 0; i < proto->n_opset_import; i++) {
        const char *domain = proto->opset_import[i]->domain;
        if (!domain || !*domain || strcmp(domain, "ai.onnx") == 0) return proto->opset_import[i]->version;
    }
    return proto->n_opset_import == 0 ? 1 : CVS__ONNX_OLDEST_OPSET; /* as onnx.proto says; of other domains alone */
}

static cvs_status check(const Onnx__ModelProto *proto, cvs_error *err) {
    if (!proto->graph || (proto->graph->n_node == 0 && proto->graph->n_output == 0)) {
        cvs_fail(err, CVS_SYNTAX, "not-onnx", "", "This is no ONNX model: there is no graph in it.");
        cvs_fail_expected(err, "a protobuf ModelProto, as onnx.save() writes it");
        return CVS_SYNTAX;
    }
    const int64_t opset = opset_of(proto);
    if (opset >= CVS__ONNX_OLDEST_OPSET) return CVS_OK;
    cvs_fail(err, CVS_UNSUPPORTED, "opset-too-old", "", "The model is of opset %lld; those from %d on are read.",
             (long long)opset, CVS__ONNX_OLDEST_OPSET);
    cvs_fail_expected(err, "onnx.version_converter.convert_version(model, 13)");
    return CVS_UNSUPPORTED;
}

static cvs_status read(cvs_arena *arena, const cvs_text *slim, cvs_model **out, cvs_error *err) {
    Onnx__ModelProto *proto = NULL;
    cvs_status status = unpack(arena, slim, &proto, err);
    if (status == CVS_OK) status = check(proto, err);
    if (status != CVS_OK) return status;
    cvs__onnx_file *file = cvs_arena_alloc(arena, sizeof *file);
    cvs__onnx_graph *graph = cvs_arena_alloc(arena, sizeof *graph);
    if (!file || !graph) return cvs__model_no_memory(err);
    *file = (cvs__onnx_file){.arena = arena, .opset = opset_of(proto)};
    file->size_names.arena = file->written_names.arena = arena;
    graph->file = file;
    graph->proto = proto->graph;
    status = cvs__onnx_read_graph(graph, err);
    if (status == CVS_OK) *out = graph->model;
    return status;
}

cvs_status cvs_model_read_onnx(cvs_arena *arena, const void *bytes, size_t length, cvs_model **out, cvs_error *err) {
    cvs_text slim = {.allowance = arena->allowance};
    cvs_status status = cvs__onnx_slim(bytes, length, &slim, err);
    if (status == CVS_OK) status = read(arena, &slim, out, err);
    cvs_text_free(&slim);
    return status;
}
