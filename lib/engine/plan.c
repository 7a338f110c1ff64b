#include "plan.h"

#include "base/checked.h"

#include <stdlib.h>
#include <string.h>

static const char *const algorithm_names[] = {
    [CVS_ALGORITHM_AUTO] = "auto",
    [CVS_ALGORITHM_DIRECT] = "direct",
    [CVS_ALGORITHM_IM2COL] = "im2col",
    [CVS_ALGORITHM_WINOGRAD] = "winograd",
};

const char *cvs_algorithm_name(cvs_algorithm algorithm) { return algorithm_names[algorithm]; }

bool cvs_algorithm_from_name(const char *name, cvs_algorithm *algorithm) {
    for (size_t i = 0; i < sizeof algorithm_names / sizeof *algorithm_names; i++) {
        if (strcmp(name, algorithm_names[i]) != 0) continue;
        *algorithm = (cvs_algorithm)i;
        return true;
    }
    return false;
}

/* A block of memory that the plan owns; its bytes follow, aligned. */
enum { ALIGNMENT = 64 };
typedef struct cvs__kept {
    struct cvs__kept *following;
} cvs__kept;

cvs_status cvs__no_memory(cvs_error *err) {
    return cvs_fail(err, CVS_NO_MEMORY, "no-memory", NULL, "no memory for the plan of the layer");
}

cvs_status cvs__keep(cvs_plan *plan, int64_t count, int64_t size, void *out, cvs_error *err) {
    int64_t bytes;
    if (!cvs__mul(count, size, &bytes) || !cvs__add(bytes, 2 * ALIGNMENT - 1, &bytes))
        return cvs_fail(err, CVS_TOO_LARGE, "too-large", "/weights/0", "the packed weights cannot be addressed");
    bytes &= -ALIGNMENT;
    cvs__kept *block = aligned_alloc(ALIGNMENT, (size_t)bytes);
    if (!block) return cvs__no_memory(err);
    block->following = plan->kept;
    plan->kept = block;
    plan->kept_bytes += (size_t)bytes;
    char *memory = memset((char *)block + ALIGNMENT, 0, (size_t)bytes - ALIGNMENT);
    memcpy(out, &memory, sizeof memory);
    return CVS_OK;
}

cvs_status cvs__keep_copy(cvs_plan *plan, int64_t count, const float *from, float otherwise, float **out,
                          cvs_error *err) {
    float *copy = NULL;
    cvs_status status = cvs__keep(plan, count, sizeof *copy, &copy, err);
    if (status != CVS_OK) return status;
    for (int64_t i = 0; i < count; i++) copy[i] = from ? from[i] : otherwise;
    *out = copy;
    return CVS_OK;
}

static cvs_status unsupported(cvs_op op, cvs_error *err) {
    return cvs_fail(err, CVS_UNSUPPORTED, "op-not-executed", "/op", "this version does not compute %s layers",
                    cvs_op_name(op));
}

static cvs_status build(cvs_plan *plan, const cvs_tensor *given, size_t count, cvs_error *err) {
    cvs_weights expected;
    plan->row = cvs__operator_row(plan->inference.layer.op);
    if (!plan->row) return unsupported(plan->inference.layer.op, err);
    cvs_status status = cvs__check_sizes_known(&plan->inference, err);
    if (status == CVS_OK) status = cvs__check_addressable(&plan->inference, err);
    if (status == CVS_OK) status = cvs_layer_weights(&plan->inference, CVS_FRAMEWORK_AUTO, &expected, err);
    if (status == CVS_OK) status = cvs__check_weights(&expected, given, count, err);
    return status == CVS_OK ? plan->row->make(plan, &expected, given, err) : status;
}

cvs_status cvs_plan_create(const cvs_engine *engine, const cvs_inference *inference, const cvs_tensor *weights,
                           size_t weight_count, cvs_algorithm algorithm, cvs_plan **out, cvs_error *err) {
    *out = NULL;
    cvs_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return cvs__no_memory(err);
    plan->engine = engine;
    plan->wanted = algorithm;
    plan->inference = *inference;
    plan->inference.symbols = NULL; /* every size is known: the names, the caller's, are not needed */
    cvs_status status = build(plan, weights, weight_count, err);
    if (status == CVS_OK)
        *out = plan;
    else
        cvs_plan_free(plan);
    return status;
}

void cvs_plan_free(cvs_plan *plan) {
    if (!plan) return;
    for (int64_t i = 0; i < plan->part_count; i++) cvs_plan_free(plan->parts[i]);
    for (cvs__kept *block = plan->kept, *following; block; block = following) {
        following = block->following;
        free(block);
    }
    free(plan);
}

const cvs_inference *cvs_plan_inference(const cvs_plan *plan) { return &plan->inference; }

size_t cvs_plan_bytes(const cvs_plan *plan) {
    size_t bytes = sizeof *plan + plan->kept_bytes;
    for (int64_t i = 0; i < plan->part_count; i++) bytes += cvs_plan_bytes(plan->parts[i]);
    return bytes;
}

size_t cvs_plan_workspace_bytes(const cvs_plan *plan) { return plan->workspace_bytes; }

const char *cvs_plan_algorithm(const cvs_plan *plan) { return plan->algorithm; }

void cvs_plan_execute(const cvs_plan *plan, const float *input, float *output, void *workspace) {
    plan->row->run(plan, input, output, workspace);
    if (!plan->row->activates && !cvs__interrupted()) cvs__activate_output(plan, output);
}

bool cvs_plan_execute_until(const cvs_plan *plan, const float *input, float *output, void *workspace,
                            const cvs_interrupt *interrupt) {
    cvs__interrupt_by(interrupt);
    cvs_plan_execute(plan, input, output, workspace);
    const bool whole = !cvs__interrupted();
    cvs__interrupt_by(NULL);
    return whole;
}
