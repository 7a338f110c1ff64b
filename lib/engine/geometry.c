#include "geometry.h"

#include "base/checked.h"

static cvs_status too_large(cvs_error *err, const char *what) {
    return cvs_fail(err, CVS_TOO_LARGE, "too-large", NULL, "%s has more bytes than can be addressed", what);
}

/* Multiply the factors; false when their product, in bytes of float32, cannot be addressed. */
static bool product_of(const int64_t *factors, int count, int64_t *out) {
    int64_t product = 1, bytes;
    for (int i = 0; i < count; i++)
        if (!cvs__mul(product, factors[i], &product)) return false;
    *out = product;
    return cvs__mul(product, (int64_t)sizeof(float), &bytes) && bytes <= PTRDIFF_MAX;
}

static cvs_status all_known(const cvs_shape *shape, const char *name, cvs_error *err) {
    for (int i = 0; i < shape->rank; i++) {
        if (cvs_dim_is_known(shape->dim[i])) continue;
        cvs_fail(err, CVS_INVALID, "size-unknown", NULL, "axis %d of %s is not known: to compute, every size must be",
                 i, name);
        char pointer[32] = "/input_shape/0";
        pointer[sizeof "/input_shape/" - 1] = (char)('0' + i);
        cvs_error_prefix(err, pointer);
        return CVS_INVALID;
    }
    return CVS_OK;
}

cvs_status cvs__check_sizes_known(const cvs_inference *inference, cvs_error *err) {
    cvs_status status = all_known(&inference->input.shape, "the input", err);
    return status == CVS_OK ? all_known(&inference->output.shape, "the output", err) : status;
}

cvs_status cvs__check_addressable(const cvs_inference *inference, cvs_error *err) {
    const cvs_shape *input = &inference->input.shape, *output = &inference->output.shape;
    int64_t ignored;
    if (!product_of(input->dim, input->rank, &ignored)) return too_large(err, "the input");
    return product_of(output->dim, output->rank, &ignored) ? CVS_OK : too_large(err, "the output");
}

void cvs__geometry_axes(const cvs_inference *inference, cvs__spatial axes[CVS_MAX_SPATIAL]) {
    const cvs_layer *layer = &inference->layer;
    const int first = CVS_MAX_SPATIAL - layer->spatial_rank;
    const int offset = layer->data_format == CVS_CHANNELS_FIRST ? 2 : 1;
    for (int i = 0; i < CVS_MAX_SPATIAL; i++)
        axes[i] = (cvs__spatial){.in = 1, .out = 1, .kernel = 1, .stride = 1, .dilation = 1};
    for (int i = 0; i < layer->spatial_rank; i++) {
        axes[first + i] = (cvs__spatial){
            .in = inference->input.shape.dim[offset + i],
            .out = inference->output.shape.dim[offset + i],
            .kernel = layer->kernel[i],
            .stride = layer->stride[i],
            .dilation = layer->dilation[i],
            .before = layer->padding.before[i],
        };
    }
}

static bool reads_outside(const cvs__spatial *axis) {
    const int64_t last_read = (axis->out - 1) * axis->stride + (axis->kernel - 1) * axis->dilation - axis->before;
    return axis->before > 0 || last_read >= axis->in;
}

cvs_status cvs__geometry_count(cvs__geometry *g, cvs_error *err) {
    const cvs__spatial *a = g->axis;
    int64_t ignored;
    g->unpadded = !reads_outside(&a[0]) && !reads_outside(&a[1]) && !reads_outside(&a[2]);
    /* Of a batch of no samples nothing else has been proven to fit. */
    if (!product_of((int64_t[]){a[0].in, a[1].in, a[2].in}, 3, &g->in_cells) ||
        !product_of((int64_t[]){a[0].out, a[1].out, a[2].out}, 3, &g->out_cells) ||
        !product_of((int64_t[]){g->channels, g->in_cells}, 2, &ignored))
        return too_large(err, "a sample of the input or of the output");
    g->group_channels = g->channels / g->groups;
    g->group_filters = g->filters / g->groups;
    if (!product_of((int64_t[]){a[0].kernel, a[1].kernel, a[2].kernel}, 3, &g->taps) ||
        !product_of((int64_t[]){g->group_channels, g->taps}, 2, &g->depth) ||
        !product_of((int64_t[]){g->filters, g->depth}, 2, &ignored))
        return too_large(err, "the kernel");
    if (!product_of((int64_t[]){g->filters, g->out_cells}, 2, &ignored))
        return too_large(err, "what a part of the layer computes");
    return CVS_OK;
}

cvs_status cvs__geometry_make(const cvs_inference *inference, cvs__geometry *out, cvs_error *err) {
    const cvs_layer *layer = &inference->layer;
    *out = (cvs__geometry){
        .channels_first = layer->data_format == CVS_CHANNELS_FIRST,
        .fill = layer->padding.fill,
        .batch = inference->input.shape.dim[0],
        .groups = layer->op == CVS_OP_DEPTHWISE_CONV ? layer->in_channels : layer->groups,
        .channels = layer->in_channels,
        .filters = layer->filters,
    };
    cvs__geometry_axes(inference, out->axis);
    return cvs__geometry_count(out, err);
}

/* ceil(a / b) for b > 0 and any a. */
static int64_t ceil_div(int64_t a, int64_t b) { return a > 0 ? (a - 1) / b + 1 : -(-a / b); }

static int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

void cvs__inside(const cvs__spatial *axis, int64_t tap, int64_t *first, int64_t *last) {
    const int64_t shift = axis->before - tap * axis->dilation; /* output o reads o*stride - shift */
    *first = clamp(ceil_div(shift, axis->stride), 0, axis->out);
    *last = clamp(ceil_div(axis->in + shift, axis->stride), *first, axis->out);
}
