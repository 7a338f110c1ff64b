/*
 * Whole models, cvs_model_read_keras() and cvs_model_infer(): the input is the model's JSON. The graph is one whose
 * every layer comes behind those that it reads, and what is summed up is the sum.
 */
#include "harness.h"
#include "model_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *json = fuzz_parse(data, size);
    if (!json) return 0;
    cvs_arena arena = cvs_arena_make((size_t)1 << 24);
    cvs_model *model = NULL;
    cvs_error err = {0};
    const cvs_status status = cvs_model_read_keras(&arena, json, CVS_FRAMEWORK_AUTO, &model, &err);
    fuzz_require((status == CVS_OK) == (model != NULL), "a model, or a reason");
    if (model)
        (void)fuzz_check_model(model, NULL);
    else
        fuzz_check_refusal(status, &err);
    cvs_arena_free(&arena);
    json_decref(json);
    return 0;
}
