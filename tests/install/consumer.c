/* Somebody else's program: asks the installed library the first question, in C. */
#include <convscope/convscope.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void print_shape(const char *what, const cvs_shape *shape) {
    printf("%s (", what);
    for (int axis = 0; axis < shape->rank; axis++) {
        if (axis) printf(", ");
        if (cvs_dim_is_known(shape->dim[axis]))
            printf("%" PRId64, shape->dim[axis]);
        else
            printf("None");
    }
    printf(")\n");
}

int main(void) {
    if (strcmp(cvs_version(), CVS_VERSION) != 0) return 2;
    printf("version %s\n", cvs_version());

    cvs_layer layer = cvs_layer_default(CVS_OP_CONV, 1);
    layer.framework = CVS_KERAS1;
    layer.filters = 111;
    layer.kernel[0] = 5;
    const cvs_shape input = {.rank = 3, .dim = {CVS_DIM_UNKNOWN, 400, 300}};

    cvs_error err = {0};
    cvs_inference inference;
    cvs_weights weights;
    if (cvs_infer(&layer, &input, NULL, &inference, &err) != CVS_OK ||
        cvs_layer_weights(&inference, CVS_FRAMEWORK_AUTO, &weights, &err) != CVS_OK) {
        fprintf(stderr, "%s: %s\n", err.pointer, err.message);
        return 1;
    }
    print_shape("output", &inference.output.shape);
    for (int i = 0; i < weights.count; i++) print_shape(weights.weight[i].name, &weights.weight[i].tensor.shape);
    return 0;
}
