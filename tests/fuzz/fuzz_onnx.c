/*
 * ONNX files, cvs_model_read_onnx() and cvs_model_infer(): the input is the file. What holds of any model
 * (model_checks.h) holds, and the same shapes come out a second time, when there is memory and a table of names to use
 * again.
 */
#include "model_checks.h"

#include <stdlib.h>
#include <string.h>

/* The shapes of all tensors, to be compared. Freed by the caller. */
static cvs_model_tensor *copy_tensors(const cvs_model *model, int *count) {
    const cvs_model_tensor *tensors = cvs_model_tensors(model, count);
    cvs_model_tensor *copy = malloc(((size_t)*count + 1) * sizeof *copy);
    if (copy && *count > 0) memcpy(copy, tensors, (size_t)*count * sizeof *copy);
    return copy;
}

static void check_same(const cvs_model_tensor *before, const cvs_model *model) {
    int count;
    const cvs_model_tensor *after = cvs_model_tensors(model, &count);
    for (int i = 0; i < count; i++) {
        fuzz_require(before[i].ranked == after[i].ranked, "tensor %d has a shape again, or not again", i);
        if (!after[i].ranked) continue;
        fuzz_require(before[i].shape.rank == after[i].shape.rank, "tensor %d has as many axes again", i);
        for (int axis = 0; axis < after[i].shape.rank; axis++)
            fuzz_require(before[i].shape.dim[axis] == after[i].shape.dim[axis], "tensor %d has its size %d again", i,
                         axis);
    }
}

static void check_twice(cvs_model *model, cvs_symbols *symbols) {
    int count;
    if (!fuzz_check_model(model, symbols)) return;
    cvs_model_tensor *before = copy_tensors(model, &count);
    if (before && fuzz_check_model(model, symbols)) check_same(before, model);
    free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    cvs_arena arena = cvs_arena_make((size_t)1 << 25);
    cvs_model *model = NULL;
    cvs_error err = {0};
    const cvs_status status = cvs_model_read_onnx(&arena, data, size, &model, &err);
    fuzz_require((status == CVS_OK) == (model != NULL), "a model, or a reason");
    if (model)
        check_twice(model, cvs_symbols_create(&arena));
    else
        fuzz_check_refusal(status, &err);
    cvs_arena_free(&arena);
    return 0;
}
