/* node.c - a node put on its inputs: its operator's rule, what the file declares, weights, cost. */
#include <stdio.h>
#include <string.h>

#include "base/checked.h"
#include "model/onnx/onnx.h"

static cvs_status unknown(const cvs__onnx_call *call) {
    const cvs_status status = cvs_fail(call->err, CVS_UNSUPPORTED, "unknown-layer", "",
                                       "Nobody here knows the operator %s.", call->model->layers[call->layer].type);
    cvs_fail_value(call->err, "%s", call->model->layers[call->layer].type);
    return status;
}

/* Every input that the operator needs is there and has a number of axes. */
static cvs_status check_inputs(const cvs__onnx_call *call) {
    for (int i = 0; i < call->rule->least_inputs; i++)
        if (!cvs__onnx_has(call, i))
            return cvs__onnx_fail(call, "inputs-of-a-layer", "A %s needs %d inputs, and number %d is not there.",
                                  call->rule->op, call->rule->least_inputs, i + 1);
    for (int i = 0; i < call->node->operand_count; i++) {
        const cvs__onnx_constant *constant = call->node->operands[i].constant;
        if (constant && !constant->ranked)
            return cvs_fail(call->err, CVS_UNSUPPORTED, "too-many-axes", "", "The tensor %.100s has more than %d axes.",
                            constant->name, CVS_MAX_RANK);
    }
    return CVS_OK;
}

/* ---- cost ---------------------------------------------------------------------------------- */

/* Of one sample: without the first axis. */
static int64_t sample_bytes(const cvs_model *model, const int *tensors, int count) {
    int64_t sum = 0;
    for (int t = 0; t < count; t++) {
        const cvs_model_tensor *tensor = &model->tensors[tensors[t]];
        int64_t bytes = tensor->element_bytes;
        for (int i = 1; i < tensor->shape.rank; i++)
            if (!cvs_dim_is_known(tensor->shape.dim[i]) || !cvs__mul(bytes, tensor->shape.dim[i], &bytes))
                return CVS_DIM_UNKNOWN;
        if (!tensor->ranked || !cvs__add(sum, bytes, &sum)) return CVS_DIM_UNKNOWN;
    }
    return sum;
}

/* Rules whose operators multiply by a kernel have set macs and bias_adds; all others have none. Of an operator that
 * nobody knows, or that cannot be, nobody knows them. */
static void finish_cost(cvs__onnx_call *call, bool known) {
    cvs_model_layer *layer = &call->model->layers[call->layer];
    cvs_cost *cost = &layer->cost;
    int64_t twice = 0;
    if (!call->counts_work) cost->macs = cost->bias_adds = known ? 0 : CVS_DIM_UNKNOWN;
    cost->flops = CVS_DIM_UNKNOWN;
    if (cost->macs >= 0 && cost->bias_adds >= 0 &&
        (!cvs__mul(cost->macs, 2, &twice) || !cvs__add(twice, cost->bias_adds, &cost->flops)))
        cost->flops = CVS_DIM_UNKNOWN;
    cost->input_bytes = sample_bytes(call->model, layer->inputs, layer->input_count);
    cost->output_bytes = sample_bytes(call->model, layer->outputs, layer->output_count);
}

/* ---- the operator ----------------------------------------------------------------------------- */

/* Outputs that the operator has not have no shape. */
static cvs_status check_outputs(const cvs__onnx_call *call) {
    for (int o = 0; o < call->node->output_count; o++) {
        const int tensor = call->node->outputs[o];
        if (tensor >= 0 && !call->model->tensors[tensor].ranked)
            return cvs__onnx_fail(call, "outputs-of-a-layer", "A %s has no output number %d.", call->rule->op, o + 1);
    }
    return CVS_OK;
}

static cvs_status apply(cvs__onnx_call *call) {
    cvs__onnx_file *file = call->node->graph->file;
    if (file->work >= CVS__ONNX_MAX_WORK)
        return cvs_fail(call->err, CVS_TOO_LARGE, "too-much-work", "",
                        "Loops in loops take more than %d nodes to be looked at: this one was not.",
                        CVS__ONNX_MAX_WORK);
    file->work++;
    const cvs_status status = call->rule ? check_inputs(call) : unknown(call);
    return status == CVS_OK ? call->rule->infer(call) : status;
}

static cvs_status infer(cvs_model *model, int layer, cvs_error *err) {
    /* cvs__model_part keeps what readers gave it as constant; this is the reader's own. */
    cvs__onnx_node *node = (cvs__onnx_node *)(uintptr_t)model->parts[layer].detail;
    cvs__onnx_call call = {.model = model, .layer = layer, .node = node, .rule = node->rule, .err = err};
    cvs_status status = apply(&call);
    if (status == CVS_NO_MEMORY) return status;
    cvs_error memory = {0};
    if (cvs__onnx_use_declared(&call, &memory) != CVS_OK) return CVS_NO_MEMORY;
    if (status == CVS_OK) status = check_outputs(&call);
    if (status == CVS_OK) status = cvs__onnx_view(&call);
    if (cvs__onnx_list_weights(&call) != CVS_OK) return CVS_NO_MEMORY;
    finish_cost(&call, status == CVS_OK);
    return status;
}

/* Does a Transpose come before any window? Then it only lays the input out: whichever axes windows slide along later,
 * their cells are the input's. */
static bool lays_input_out(const cvs_model *model, int layer) {
    return strcmp(model->layers[layer].type, "Transpose") == 0 &&
           cvs__field_is_of_input(&model->fields[model->layers[layer].inputs[0]].most);
}

static void see(const cvs_model *model, int layer, cvs_receptive_field *out) {
    const cvs__onnx_node *node = model->parts[layer].detail;
    const cvs__onnx_sight sight = node->rule ? node->rule->sight : CVS__ONNX_SEES_NOTHING;
    if (sight == CVS__ONNX_SEES_ITSELF || (node->rule && lays_input_out(model, layer))) return;
    *out = (cvs_receptive_field){0};
    if (sight == CVS__ONNX_SEES_LAYER && node->sees_layer)
        cvs_layer_receptive_field(model->parts[layer].inference, out);
}

const cvs__model_op cvs__onnx_op = {.infer = infer, .see = see};
