/*
 * field.c - receptive fields through branches: along the path that sees least, and the one that sees most. A path
 * through a layer without positions (flatten, dense) is left out where another one has them.
 */
#include "model/graph.h"

#include "layer/layer_internal.h"

static void identity(cvs_receptive_field *field) {
    *field = (cvs_receptive_field){.rank = CVS_MAX_SPATIAL};
    for (int axis = 0; axis < CVS_MAX_SPATIAL; axis++)
        field->size[axis] = field->jump[axis] = field->jump_divisor[axis] = 1;
}

void cvs__model_see_nothing(cvs_model *model) {
    for (int t = 0; t < model->tensor_count; t++) model->fields[t] = (cvs_model_field){0};
    for (int i = 0; i < model->inputs.count; i++) {
        cvs_model_field *field = &model->fields[model->inputs.items[i]];
        identity(&field->least);
        identity(&field->most);
    }
}

bool cvs__field_is_of_input(const cvs_receptive_field *field) {
    for (int axis = 0; axis < field->rank; axis++)
        if (field->size[axis] != 1 || field->jump[axis] != 1 || field->jump_divisor[axis] != 1 ||
            field->start[axis] != 0)
            return false;
    return field->rank > 0;
}

static void forget(cvs_receptive_field *field) { field->rank = 0; }

/* `field`, of a layer's input, becomes that of its output; without positions where it has none or overflows. */
static void extend(cvs_receptive_field *field, const cvs_receptive_field *own) {
    if (field->rank == 0 || own->rank == 0) {
        forget(field);
        return;
    }
    if (own->rank < field->rank) field->rank = own->rank;
    if (!cvs__field_extend(field, own)) forget(field);
}

static void copy_axis(cvs_receptive_field *to, const cvs_receptive_field *from, int axis) {
    to->size[axis] = from->size[axis];
    to->jump[axis] = from->jump[axis];
    to->jump_divisor[axis] = from->jump_divisor[axis];
    to->start[axis] = from->start[axis];
}

/* Are the cells of `a` closer together? */
static bool is_finer(const cvs_receptive_field *a, const cvs_receptive_field *b, int axis) {
    return (double)a->jump[axis] / (double)a->jump_divisor[axis] <
           (double)b->jump[axis] / (double)b->jump_divisor[axis];
}

/* The cells of both lie as in the map that has more of them: one that was pooled to a cell is spread over all cells of
 * the other. */
static void join_axis(cvs_receptive_field *field, const cvs_receptive_field *other, int axis, bool take) {
    const bool coarser = is_finer(other, field, axis), finer = is_finer(field, other, axis);
    const cvs_receptive_field *cells = coarser ? other : field;
    const int64_t jump = cells->jump[axis], divisor = cells->jump_divisor[axis];
    const double start = cells->start[axis];
    if (take) copy_axis(field, other, axis);
    if (!coarser && !finer) return;
    field->jump[axis] = jump;
    field->jump_divisor[axis] = divisor;
    field->start[axis] = start;
}

/* Per axis the smaller (or larger) of both; one that is not known stays so. */
static void join(cvs_receptive_field *field, const cvs_receptive_field *other, bool larger) {
    if (other->rank == 0) return;
    if (field->rank == 0) {
        *field = *other;
        return;
    }
    if (other->rank < field->rank) field->rank = other->rank;
    for (int axis = 0; axis < field->rank; axis++) {
        const int64_t a = field->size[axis], b = other->size[axis];
        if (a == CVS_DIM_UNKNOWN) continue;
        if (b == CVS_DIM_UNKNOWN)
            copy_axis(field, other, axis);
        else
            join_axis(field, other, axis, larger ? b > a : b < a);
    }
}

void cvs__model_see(cvs_model *model, int number) {
    cvs_model_layer *layer = &model->layers[number];
    cvs_receptive_field own;
    identity(&own);
    if (model->parts[number].op->see) model->parts[number].op->see(model, number, &own);
    layer->field = (cvs_model_field){0};
    for (int i = 0; i < layer->input_count; i++) {
        cvs_model_field seen = model->fields[layer->inputs[i]];
        extend(&seen.least, &own);
        extend(&seen.most, &own);
        join(&layer->field.least, &seen.least, false);
        join(&layer->field.most, &seen.most, true);
    }
    for (int i = 0; i < layer->output_count; i++) model->fields[layer->outputs[i]] = layer->field;
}
