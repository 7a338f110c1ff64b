/*
 * Models as text, cvs_model_read_text(): the input is the text. A mistake that is in the text has its place there; what
 * is read is a model as any other.
 */
#include "model_checks.h"

static void check_place(const char *text, size_t size, const cvs_error *err) {
    if (err->line == 0) return;
    fuzz_require(err->column > 0 && err->offset >= 0 && (size_t)err->offset <= size, "line %d, column %d, offset %lld",
                 err->line, err->column, (long long)err->offset);
    int line = 1;
    for (int64_t i = 0; i < err->offset; i++) line += text[i] == '\n';
    fuzz_require(line == err->line, "offset %lld is in line %d, not %d", (long long)err->offset, line, err->line);
}

/* Places of layers are in the text, too. */
static void check_layers(const cvs_model *model, size_t size) {
    int count;
    const cvs_model_layer *layers = cvs_model_layers(model, &count);
    for (int i = 0; i < count; i++) {
        const cvs_place place = layers[i].place;
        fuzz_require(place.line >= 1 && place.offset >= 0 && (size_t)place.offset < size, "layer %d has a place", i);
    }
}

static void check_notes(const cvs_model *model) {
    int count;
    const char *const *notes = cvs_model_notes(model, &count);
    fuzz_require((count > 0) == (cvs_model_order_known(model) != CVS_MODEL_ORDER_STATED), "what is guessed is noted");
    for (int i = 0; i < count; i++) fuzz_require(notes[i][0], "note %d says something", i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const cvs_framework frameworks[] = {CVS_FRAMEWORK_AUTO, CVS_KERAS, CVS_KERAS1, CVS_PYTORCH};
    for (size_t i = 0; i < sizeof frameworks / sizeof *frameworks; i++) {
        const cvs_model_source source = {.bytes = (const char *)data, .length = size, .framework = frameworks[i]};
        cvs_arena arena = cvs_arena_make((size_t)1 << 28);
        cvs_model *model = NULL;
        cvs_error err = {0};
        const cvs_status status = cvs_model_read_text(&arena, &source, &model, &err);
        fuzz_require((status == CVS_OK) == (model != NULL), "a model, or a reason");
        check_place(source.bytes, size, &err);
        if (model) {
            (void)fuzz_check_model(model, NULL);
            check_layers(model, size);
            check_notes(model);
        } else {
            fuzz_check_refusal(status, &err);
        }
        cvs_arena_free(&arena);
    }
    return 0;
}
