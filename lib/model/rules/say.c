/* say.c - values in the texts of findings. */
#include "layer/infer.h"
#include "model/rules/rule.h"

#include <stdio.h>

void cvs__tell_number(cvs__model_found *found, const char *name, double value) {
    if (found->number_count < CVS__NUMBERS_MAX) found->numbers[found->number_count++] = (cvs_model_number){name, value};
}

void cvs__say_text(const cvs__scene *scene, cvs__model_found *found, int name, int text) {
    cvs__say_word(found, name, cvs__catalogue_plain(&cvs__model_rules_catalogue, text, scene->options->language));
}

void cvs__say_layer(const cvs__scene *scene, cvs__model_found *found, int name, int layer) {
    cvs__say_word(found, name, scene->layers[layer].name);
}

/* Takes the text, which is empty afterwards. */
static void say_text(cvs__scene *scene, cvs__model_found *found, int name, cvs_text *text) {
    const char *kept = cvs__model_keep(scene->arena, text);
    if (!kept) scene->failed = true;
    cvs__say_word(found, name, kept ? kept : "");
}

void cvs__say_sizes(cvs__scene *scene, cvs__model_found *found, int name, const int64_t *sizes, int rank) {
    cvs_text text = {0};
    for (int axis = 0; axis < rank; axis++) {
        if (axis > 0) cvs_text_add(&text, " x ");
        cvs_dim_format(scene->model->symbols, sizes[axis], &text);
    }
    say_text(scene, found, name, &text);
}

void cvs__say_shape(cvs__scene *scene, cvs__model_found *found, int name, const cvs_shape *shape) {
    char written[160];
    cvs_text text = {0};
    cvs__shape_text(scene->model->symbols, shape, written, sizeof written);
    cvs_text_add(&text, written);
    say_text(scene, found, name, &text);
}

void cvs__say_share(cvs__scene *scene, cvs__model_found *found, int name, double share) {
    cvs_text text = {0};
    cvs_text_addf(&text, "%.3g %%", share * 100);
    say_text(scene, found, name, &text);
}

static int text_of_axis(cvs_axis axis) {
    switch (axis) {
    case CVS_AXIS_LENGTH:
        return MODEL_RULES_AXIS_LENGTH;
    case CVS_AXIS_DEPTH:
        return MODEL_RULES_AXIS_DEPTH;
    case CVS_AXIS_HEIGHT:
        return MODEL_RULES_AXIS_HEIGHT;
    case CVS_AXIS_WIDTH:
        return MODEL_RULES_AXIS_WIDTH;
    case CVS_AXIS_CHANNELS:
        return MODEL_RULES_AXIS_CHANNELS;
    case CVS_AXIS_FEATURES:
        return MODEL_RULES_AXIS_FEATURES;
    default:
        return -1;
    }
}

void cvs__say_axis(const cvs__scene *scene, cvs__model_found *found, int rank, int axis) {
    cvs__say_text(scene, found, MODEL_RULES_VALUE_AXIS, text_of_axis(cvs__spatial_axis(rank, axis)));
}

void cvs__say_tensor_axis(cvs__scene *scene, cvs__model_found *found, cvs_axis meaning, int position) {
    const int named = text_of_axis(meaning);
    cvs_text text = {0};
    if (named >= 0) {
        cvs__say_text(scene, found, MODEL_RULES_VALUE_AXIS, named);
        return;
    }
    cvs__value values[MODEL_RULES_VALUE_COUNT] = {0};
    values[MODEL_RULES_VALUE_N] = cvs__integer(position);
    cvs__render(&cvs__model_rules_catalogue, MODEL_RULES_AXIS_NUMBER, scene->options->language, values, &text);
    say_text(scene, found, MODEL_RULES_VALUE_AXIS, &text);
}
