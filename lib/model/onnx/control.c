/* control.c - If and Loop: graphs in a node, looked at with what goes in. */
#include "base/checked.h"
#include "model/onnx/families.h"

/* ---- a body ------------------------------------------------------------------------------------------------ */

static void give_value(cvs__onnx_value *to, const cvs__onnx_value *from) {
    to->type = from->type;
    if (from->count < 0) return;
    /* Borrowed: without capacity nobody writes to it, not even a node whose output is called like an input. */
    to->number = from->number;
    to->count = from->count;
    to->capacity = 0;
}

static void enter(cvs_model *model, int tensor, const cvs_shape *shape, const cvs__onnx_value *value) {
    cvs__onnx_graph *graph = model->source;
    if (shape) cvs__model_set_shape(model, tensor, shape);
    if (value) give_value(&graph->values[tensor], value);
    const int bytes = cvs__onnx_element_bytes(graph->values[tensor].type);
    if (bytes > 0) model->tensors[tensor].element_bytes = bytes;
}

/* Begin anew, with all that the body reads from around it. */
static cvs_status begin(const cvs__onnx_call *call, cvs__onnx_graph *body) {
    cvs_status status = cvs__model_start(body->model, call->model->symbols, call->err);
    for (int i = 0; i < body->capture_count && status == CVS_OK; i++) {
        const cvs_model_tensor *outer = &call->model->tensors[body->captures[i].outer];
        enter(body->model, body->captures[i].inner, outer->ranked ? &outer->shape : NULL,
              &call->node->graph->values[body->captures[i].outer]);
    }
    return status;
}

static const cvs__onnx_value *value_of(const cvs_model *model, int tensor) {
    const cvs__onnx_graph *graph = model->source;
    return &graph->values[tensor];
}

/* Its layers' work, `times` over, added to the node's. */
static void add_work(cvs__onnx_call *call, const cvs_model *body, cvs_dim times) {
    cvs_cost *cost = &call->model->layers[call->layer].cost;
    if (!call->counts_work) cost->macs = cost->bias_adds = 0;
    call->counts_work = true;
    for (int i = 0; i < body->layer_count; i++) {
        const int64_t of[2] = {body->layers[i].cost.macs, body->layers[i].cost.bias_adds};
        int64_t *const to[2] = {&cost->macs, &cost->bias_adds};
        for (int k = 0; k < 2; k++) {
            int64_t more = 0;
            const bool known = *to[k] >= 0 && of[k] >= 0 && (of[k] == 0 || cvs_dim_is_known(times)) &&
                               (of[k] == 0 || cvs__mul(of[k], times, &more)) && cvs__add(*to[k], more, to[k]);
            if (!known) *to[k] = CVS_DIM_UNKNOWN;
        }
    }
}

static cvs_status need_body(const cvs__onnx_call *call, const char *name, cvs__onnx_graph **out) {
    const Onnx__AttributeProto *attribute = cvs__onnx_attribute(call->node, name);
    *out = NULL;
    for (int b = 0; b < call->node->body_count; b++) {
        *out = call->node->bodies[b];
        if (attribute && (*out)->proto == attribute->g) return CVS_OK;
    }
    return cvs__onnx_fail(call, "attribute-missing", "The graph %s is missing.", name);
}

/* ---- If ------------------------------------------------------------------------------------------------------ */

/* What both branches agree on. False: not on how many axes there are. */
static bool agree(cvs_shape *a, const cvs_shape *b) {
    if (a->rank != b->rank) return false;
    for (int i = 0; i < a->rank; i++)
        if (a->dim[i] != b->dim[i]) a->dim[i] = CVS_DIM_UNKNOWN;
    return true;
}

static cvs_status give_branch(cvs__onnx_call *call, const cvs_model *taken, const cvs_model *other) {
    for (int o = 0; o < call->node->output_count; o++) {
        if (o >= taken->outputs.count || (other && o >= other->outputs.count))
            return cvs__onnx_fail(call, "outputs-of-a-graph", "A branch has fewer outputs than the node.");
        const int inner = taken->outputs.items[o];
        const cvs_model_tensor *tensor = &taken->tensors[inner];
        const cvs_model_tensor *second = other ? &other->tensors[other->outputs.items[o]] : NULL;
        cvs_shape shape = tensor->shape;
        if (!tensor->ranked || (second && (!second->ranked || !agree(&shape, &second->shape))))
            return cvs__onnx_rank_unknown(call);
        const cvs_status status = cvs__onnx_give(call, o, &shape, value_of(taken, inner)->type);
        if (status != CVS_OK) return status;
        const cvs__onnx_value *value = value_of(taken, inner);
        cvs__onnx_value *to = o == 0 && !second && value->count >= 0 ? cvs__onnx_room(call, o) : NULL;
        for (int n = 0; to && n < to->count && n < value->count; n++) to->number[n] = value->number[n];
    }
    return CVS_OK;
}

/* Both branches are looked at, for their weights; the larger work counts while nobody knows which one runs. */
cvs_status cvs__onnx_infer_if(cvs__onnx_call *call) {
    cvs__onnx_graph *bodies[2] = {NULL, NULL};
    static const char *const names[2] = {"else_branch", "then_branch"};
    for (int b = 0; b < 2; b++) {
        cvs_status status = need_body(call, names[b], &bodies[b]);
        if (status == CVS_OK) status = begin(call, bodies[b]);
        if (status == CVS_OK) status = cvs__model_run(bodies[b]->model, call->err);
        if (status != CVS_OK) return status;
    }
    const cvs__onnx_value *condition = cvs__onnx_value_of(call, 0);
    if (condition && condition->count == 1 && condition->number[0].kind == CVS__ONNX_INTEGER) {
        const cvs_model *taken = bodies[condition->number[0].integer != 0]->model;
        add_work(call, taken, 1);
        return give_branch(call, taken, NULL);
    }
    add_work(call, bodies[0]->model, CVS_DIM_UNKNOWN);
    add_work(call, bodies[1]->model, CVS_DIM_UNKNOWN);
    return give_branch(call, bodies[1]->model, bodies[0]->model);
}

/* ---- Loop ------------------------------------------------------------------------------------------------------ */

enum { COUNTER = 0, CONDITION = 1, CARRIED = 2 }; /* of the body's inputs, and of the node's */

/* The carried tensors go in as they are in any turn; the condition is true in every one. */
static cvs_status run_body(const cvs__onnx_call *call, cvs__onnx_graph *body, const cvs_shape *carried, int count) {
    static cvs__onnx_number goes_on = {.kind = CVS__ONNX_INTEGER, .integer = 1}; /* read, never written */
    const cvs_shape scalar = {0};
    const cvs_model *model = body->model;
    cvs_status status = begin(call, body);
    if (status != CVS_OK) return status;
    enter(body->model, model->inputs.items[COUNTER], &scalar, &(cvs__onnx_value){.type = CVS__ONNX_INT64, .count = -1});
    enter(body->model, model->inputs.items[CONDITION], &scalar,
          &(cvs__onnx_value){.type = CVS__ONNX_BOOL, .count = 1, .number = &goes_on});
    for (int i = 0; i < count; i++)
        enter(body->model, model->inputs.items[CARRIED + i], carried[i].rank >= 0 ? &carried[i] : NULL,
              &(cvs__onnx_value){.type = cvs__onnx_type(call, CARRIED + i), .count = -1});
    return cvs__model_run(body->model, call->err);
}

static bool same(const cvs_shape *a, const cvs_shape *b) {
    bool equal = a->rank == b->rank;
    for (int i = 0; equal && i < a->rank; i++) equal = a->dim[i] == b->dim[i];
    return equal;
}

/* Sizes that a turn changes are not known; true when nothing had to be changed. */
static bool settle(const cvs_model *body, cvs_shape *carried, int count) {
    bool settled = true;
    for (int i = 0; i < count; i++) {
        const cvs_model_tensor *after = &body->tensors[body->outputs.items[1 + i]];
        const cvs_shape before = carried[i];
        if (before.rank < 0) continue;
        if (!after->ranked || !agree(&carried[i], &after->shape)) carried[i].rank = -1;
        settled &= same(&before, &carried[i]);
    }
    return settled;
}

/* Turns: input 0, where the condition is known to stay true. */
static cvs_dim turns(const cvs__onnx_call *call, const cvs_model *body) {
    const cvs__onnx_value *most = cvs__onnx_value_of(call, COUNTER);
    const cvs__onnx_value *at_first = cvs__onnx_value_of(call, CONDITION),
                          *later = value_of(body, body->outputs.items[0]);
    const bool starts = !cvs__onnx_has(call, CONDITION) ||
                        (at_first && at_first->count == 1 && at_first->number[0].kind == CVS__ONNX_INTEGER);
    const bool never = cvs__onnx_has(call, CONDITION) && starts && at_first->number[0].integer == 0;
    const bool goes_on =
        body->outputs.items[0] == body->inputs.items[CONDITION] ||
        (later->count == 1 && later->number[0].kind == CVS__ONNX_INTEGER && later->number[0].integer != 0);
    if (never) return 0;
    return starts && goes_on && most && most->count == 1 ? cvs__onnx_dim_of(&most->number[0]) : CVS_DIM_UNKNOWN;
}

static cvs_status give_carried(cvs__onnx_call *call, const cvs_model *body, const cvs_shape *carried, int count) {
    for (int i = 0; i < count; i++) {
        if (carried[i].rank < 0) return cvs__onnx_rank_unknown(call);
        const int type = value_of(body, body->outputs.items[1 + i])->type;
        const cvs_status status = cvs__onnx_give(call, i, &carried[i], type);
        if (status != CVS_OK) return status;
    }
    return CVS_OK;
}

/* What every turn gives, one behind the other on a new first axis. */
static cvs_status give_scans(cvs__onnx_call *call, const cvs_model *body, int count, cvs_dim times) {
    for (int o = count; o < call->node->output_count; o++) {
        const int inner = body->outputs.items[1 + o];
        const cvs_model_tensor *each = &body->tensors[inner];
        if (!each->ranked) return cvs__onnx_rank_unknown(call);
        cvs_shape shape = {.rank = each->shape.rank + 1, .dim = {times}};
        if (shape.rank > CVS_MAX_RANK) return cvs__onnx_too_many_axes(call, shape.rank);
        for (int i = 0; i < each->shape.rank; i++) shape.dim[i + 1] = each->shape.dim[i];
        const cvs_status status = cvs__onnx_give(call, o, &shape, value_of(body, inner)->type);
        if (status != CVS_OK) return status;
    }
    return CVS_OK;
}

cvs_status cvs__onnx_infer_loop(cvs__onnx_call *call) {
    enum { TRIES = 3 };
    cvs__onnx_graph *graph = NULL;
    cvs_status status = need_body(call, "body", &graph);
    if (status != CVS_OK) return status;
    const cvs_model *body = graph->model;
    const int count = call->node->operand_count > CARRIED ? call->node->operand_count - CARRIED : 0;
    if (body->inputs.count - graph->capture_count != CARRIED + count || body->outputs.count < 1 + count ||
        body->outputs.count < 1 + call->node->output_count)
        return cvs__onnx_fail(call, "inputs-of-a-graph", "The body's inputs or outputs are not those of the node.");
    cvs_shape *carried = cvs_arena_alloc(call->model->arena, ((size_t)count + 1) * sizeof *carried);
    if (!carried) return cvs__model_no_memory(call->err);
    for (int i = 0; i < count; i++) {
        if (!cvs__onnx_has(call, CARRIED + i))
            return cvs__onnx_fail(call, "inputs-of-a-layer", "What goes into a loop may not be left out.");
        carried[i] = *cvs__onnx_shape(call, CARRIED + i);
    }
    bool settled = false;
    for (int i = 0; i < TRIES && !settled && status == CVS_OK; i++) {
        status = run_body(call, graph, carried, count);
        settled = status == CVS_OK && settle(body, carried, count);
    }
    if (status != CVS_OK) return status;
    const cvs_dim times = turns(call, body);
    if (times == 0)
        for (int i = 0; i < count; i++) carried[i] = *cvs__onnx_shape(call, CARRIED + i);
    add_work(call, body, times);
    status = give_carried(call, body, carried, count < call->node->output_count ? count : call->node->output_count);
    return status == CVS_OK ? give_scans(call, body, count, times) : status;
}
