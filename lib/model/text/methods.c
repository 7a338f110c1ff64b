/* methods.c - what is called on a module: what adds to it, and what leaves it as it is. */
#include <string.h>

#include "model/keras.h"
#include "model/text/text.h"

static bool is_one_of(const char *word, const char *const *words) {
    while (*words && strcmp(*words, word) != 0) words++;
    return *words;
}

/* add(layer), append(module), extend([...]), add_module('name', module) */
static cvs_status add_to(cvs__text_reader *reader, cvs__module *module, const cvs_node *argument) {
    const char *label = NULL;
    if (!argument) return CVS_OK;
    if (module->kind != CVS__SEQUENCE)
        return cvs__text_fail(reader, argument, "not-a-sequence",
                              "Only to a Sequential model a layer can be added at its end.");
    if (argument->kind == CVS_NODE_STRING && argument->next) {
        label = argument->text;
        argument = argument->next;
    }
    return cvs__text_add_member(reader, module, argument, label);
}

/* build(input_shape): an input, batch axis included, where the first layer says none. */
static cvs_status build(cvs__text_reader *reader, cvs__module *module, const cvs_node *argument) {
    cvs_shape shape;
    if (!cvs__keras_shape(argument, &shape) || module->kind != CVS__SEQUENCE || module->input_count > 0) return CVS_OK;
    cvs_shape *kept = cvs_arena_take(reader->arena, sizeof *kept);
    if (!kept) return cvs__model_no_memory(reader->err);
    *kept = shape;
    module->built = kept;
    return CVS_OK;
}

cvs_status cvs__text_method(cvs__text_reader *reader, cvs__module *module, const char *method, const cvs_node *argument,
                            cvs__value *out, bool *known) {
    static const char *const adding[] = {"add", "append", "extend", "add_module", "register_module", NULL};
    static const char *const itself[] = {"to",     "cuda",           "cpu",   "eval", "train", "float", "half",
                                         "double", "requires_grad_", "apply", NULL};
    static const char *const silent[] = {"compile",
                                         "count_params",
                                         "evaluate",
                                         "fit",
                                         "fit_generator",
                                         "get_config",
                                         "get_weights",
                                         "load_state_dict",
                                         "load_weights",
                                         "parameters",
                                         "predict",
                                         "predict_classes",
                                         "save",
                                         "save_weights",
                                         "set_weights",
                                         "state_dict",
                                         "summary",
                                         "to_json",
                                         "to_yaml",
                                         "train_on_batch",
                                         "named_parameters",
                                         "zero_grad",
                                         NULL};
    *known = true;
    if (is_one_of(method, adding)) return add_to(reader, module, argument);
    if (strcmp(method, "build") == 0) return build(reader, module, argument);
    if (is_one_of(method, itself))
        *out = (cvs__value){.kind = CVS__MODULE, .module = module};
    else
        *known = is_one_of(method, silent);
    return CVS_OK;
}
