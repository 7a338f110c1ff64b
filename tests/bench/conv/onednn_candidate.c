#include "onednn_candidate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(dnnl_status_t status, const char *what) {
    if (status == dnnl_success) return;
    fprintf(stderr, "bench_conv: oneDNN status %d\n", (int)status);
    give_up(what);
}

static dnnl_engine_t the_engine(void) {
    static dnnl_engine_t engine;
    if (!engine) check(dnnl_engine_create(&engine, dnnl_cpu, 0), "no oneDNN engine");
    return engine;
}

static dnnl_stream_t the_stream(void) {
    static dnnl_stream_t stream;
    if (!stream) check(dnnl_stream_create(&stream, the_engine(), dnnl_stream_default_flags), "no oneDNN stream");
    return stream;
}

float *memory_data(dnnl_memory_t memory) {
    void *data = NULL;
    check(dnnl_memory_get_data_handle(memory, &data), "a oneDNN memory without data");
    return data;
}

/* Filled with `data`, or with zeros. */
static dnnl_memory_t make_memory(const dnnl_memory_desc_t *desc, const float *data) {
    const size_t bytes = dnnl_memory_desc_get_size(desc);
    void *own = aligned(bytes);
    if (data)
        memcpy(own, data, bytes);
    else
        memset(own, 0, bytes);
    dnnl_memory_t memory;
    check(dnnl_memory_create(&memory, desc, the_engine(), own), "no oneDNN memory");
    return memory;
}

static void free_memory(dnnl_memory_t memory) {
    float *data = memory_data(memory);
    dnnl_memory_destroy(memory);
    free(data);
}

static const dnnl_memory_desc_t *desc_of(dnnl_memory_t memory) {
    const dnnl_memory_desc_t *desc;
    check(dnnl_memory_get_memory_desc(memory, &desc), "a oneDNN memory without a description");
    return desc;
}

/* NULL where both have the same layout. */
static dnnl_primitive_t make_reorder(dnnl_memory_t from, dnnl_memory_t to) {
    if (dnnl_memory_desc_equal(desc_of(from), desc_of(to))) return NULL;
    dnnl_primitive_desc_t desc;
    check(dnnl_reorder_primitive_desc_create(&desc, desc_of(from), the_engine(), desc_of(to), the_engine(), NULL),
          "no oneDNN reorder");
    dnnl_primitive_t reorder;
    check(dnnl_primitive_create(&reorder, desc), "no oneDNN reorder");
    dnnl_primitive_desc_destroy(desc);
    return reorder;
}

static void run_reorder(dnnl_primitive_t reorder, dnnl_memory_t from, dnnl_memory_t to) {
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    check(dnnl_primitive_execute(reorder, the_stream(), 2, arguments), "a oneDNN reorder failed");
}

/* A tensor of `rank` spatial axes in the problem's layout: (batch, channels, spatial...) in oneDNN's order. */
static dnnl_memory_desc_t tensor_desc(const problem *p, const cvs_shape *shape, bool plain) {
    static const dnnl_format_tag_t first[] = {dnnl_abc, dnnl_abcd, dnnl_abcde},
                                   last[] = {dnnl_acb, dnnl_acdb, dnnl_acdeb};
    const int rank = p->layer->rank;
    const bool is_first = p->inference.layer.data_format == CVS_CHANNELS_FIRST;
    dnnl_dims_t dims = {1, shape->dim[is_first ? 1 : rank + 1]};
    for (int i = 0; i < rank; i++) dims[2 + i] = shape->dim[(is_first ? 2 : 1) + i];
    dnnl_memory_desc_t desc;
    const dnnl_format_tag_t tag = is_first ? first[rank - 1] : last[rank - 1];
    check(dnnl_memory_desc_init_by_tag(&desc, rank + 2, dims, dnnl_f32, plain ? tag : dnnl_format_tag_any),
          "no oneDNN layout for a tensor");
    return desc;
}

/* The kernel: plain as in ONNX, or in the layout of oneDNN's choice. */
static dnnl_memory_desc_t kernel_desc(const problem *p, bool plain) {
    static const dnnl_format_tag_t by_rank[] = {dnnl_abc, dnnl_abcd, dnnl_abcde, dnnl_abcdef},
                                   transposed[] = {dnnl_bac, dnnl_bacd, dnnl_bacde};
    const layer_case *layer = p->layer;
    const bool grouped = p->inference.layer.groups > 1;
    const int64_t groups = p->inference.layer.groups;
    dnnl_dims_t dims = {groups};
    int n = grouped;
    dims[n++] = layer->filters / groups;
    dims[n++] = layer->channels / groups;
    for (int i = 0; i < layer->rank; i++) dims[n++] = layer->kernel[i];
    dnnl_memory_desc_t desc;
    const dnnl_format_tag_t tag = layer->transposed ? transposed[n - 3] : by_rank[n - 3];
    check(dnnl_memory_desc_init_by_tag(&desc, n, dims, dnnl_f32, plain ? tag : dnnl_format_tag_any),
          "no oneDNN layout for a kernel");
    return desc;
}

static dnnl_memory_desc_t bias_desc(const problem *p) {
    const dnnl_dims_t dims = {p->layer->filters};
    dnnl_memory_desc_t desc;
    check(dnnl_memory_desc_init_by_tag(&desc, 1, dims, dnnl_f32, dnnl_a), "no oneDNN layout for a bias");
    return desc;
}

static dnnl_primitive_attr_t fused_relu(void) {
    dnnl_post_ops_t operations;
    dnnl_primitive_attr_t attributes;
    check(dnnl_post_ops_create(&operations), "no oneDNN post-operations");
    check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "no oneDNN ReLU");
    check(dnnl_primitive_attr_create(&attributes), "no oneDNN attributes");
    check(dnnl_primitive_attr_set_post_ops(attributes, operations), "no oneDNN attributes");
    dnnl_post_ops_destroy(operations);
    return attributes;
}

/* How the window moves, in oneDNN's terms: its dilation counts from 0. */
typedef struct moves {
    dnnl_dims_t stride, dilation, before, after;
} moves;

static moves moves_of(const cvs_layer *layer) {
    moves m = {0};
    for (int i = 0; i < layer->spatial_rank; i++) {
        m.stride[i] = layer->stride[i];
        m.dilation[i] = layer->dilation[i] - 1;
        m.before[i] = layer->padding.before[i];
        m.after[i] = layer->padding.after[i];
    }
    return m;
}

/* A transposed convolution has the same form of description. */
static dnnl_status_t describe_layer(const problem *p, const request *r, dnnl_convolution_desc_t *out) {
    const dnnl_memory_desc_t input = tensor_desc(p, &p->inference.input.shape, r->plain_input),
                             output = tensor_desc(p, &p->inference.output.shape, r->plain_output),
                             kernel = kernel_desc(p, false), bias = bias_desc(p);
    const moves m = moves_of(&p->inference.layer);
    if (p->layer->transposed)
        return dnnl_dilated_deconvolution_forward_desc_init(
            out, dnnl_forward_inference, r->winograd ? dnnl_deconvolution_winograd : dnnl_deconvolution_direct, &input,
            &kernel, &bias, &output, m.stride, m.dilation, m.before, m.after);
    return dnnl_dilated_convolution_forward_desc_init(
        out, dnnl_forward_inference, r->winograd ? dnnl_convolution_winograd : dnnl_convolution_direct, &input, &kernel,
        &bias, &output, m.stride, m.dilation, m.before, m.after);
}

/* NULL where there is none. */
static dnnl_primitive_desc_t describe(const problem *p, const request *r) {
    dnnl_convolution_desc_t desc;
    if (describe_layer(p, r, &desc) != dnnl_success) return NULL;
    dnnl_primitive_desc_t primitive;
    dnnl_primitive_attr_t attributes = fused_relu();
    const dnnl_status_t status = dnnl_primitive_desc_create(&primitive, &desc, attributes, the_engine(), NULL);
    dnnl_primitive_attr_destroy(attributes);
    return status == dnnl_success ? primitive : NULL;
}

static void make_tensors(const problem *p, dnnl_primitive_desc_t desc, candidate *c) {
    const dnnl_memory_desc_t input = tensor_desc(p, &p->inference.input.shape, true),
                             output = tensor_desc(p, &p->inference.output.shape, true), bias = bias_desc(p);
    c->input = make_memory(dnnl_primitive_desc_query_md(desc, dnnl_query_src_md, 0), NULL);
    c->output = make_memory(dnnl_primitive_desc_query_md(desc, dnnl_query_dst_md, 0), NULL);
    c->weights = make_memory(dnnl_primitive_desc_query_md(desc, dnnl_query_weights_md, 0), NULL);
    c->bias = make_memory(&bias, p->bias);
    c->plain_input = make_memory(&input, p->input);
    c->plain_output = make_memory(&output, NULL);
    c->reorder_input = make_reorder(c->plain_input, c->input);
    c->reorder_output = make_reorder(c->output, c->plain_output);
    if (!c->reorder_input) memcpy(memory_data(c->input), p->input, dnnl_memory_desc_get_size(&input));
}

static void fill_weights(const problem *p, candidate *c) {
    const dnnl_memory_desc_t plain = kernel_desc(p, true);
    dnnl_memory_t given = make_memory(&plain, p->kernel);
    dnnl_primitive_t reorder = make_reorder(given, c->weights);
    if (reorder) {
        run_reorder(reorder, given, c->weights);
        dnnl_primitive_destroy(reorder);
    } else {
        memcpy(memory_data(c->weights), p->kernel, dnnl_memory_desc_get_size(&plain));
    }
    free_memory(given);
}

bool candidate_make(const problem *p, const request *r, candidate *out) {
    dnnl_primitive_desc_t desc = describe(p, r);
    if (!desc) return false;
    *out = (candidate){0};
    const char *implementation = "";
    dnnl_primitive_desc_query(desc, dnnl_query_impl_info_str, 0, (void *)&implementation);
    if (dnnl_primitive_create(&out->layer, desc) == dnnl_success) {
        make_tensors(p, desc, out);
        fill_weights(p, out);
        snprintf(out->name, sizeof out->name, "%s", implementation);
    }
    dnnl_primitive_desc_destroy(desc);
    return out->layer;
}

void candidate_free(candidate *c) {
    dnnl_primitive_destroy(c->layer);
    if (c->reorder_input) dnnl_primitive_destroy(c->reorder_input);
    if (c->reorder_output) dnnl_primitive_destroy(c->reorder_output);
    dnnl_memory_t memories[] = {c->input, c->weights, c->bias, c->output, c->plain_input, c->plain_output};
    for (size_t i = 0; i < sizeof memories / sizeof *memories; i++) free_memory(memories[i]);
}

static void start(const candidate *c) {
    const dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_SRC, c->input}, {DNNL_ARG_WEIGHTS, c->weights}, {DNNL_ARG_BIAS, c->bias}, {DNNL_ARG_DST, c->output}};
    check(dnnl_primitive_execute(c->layer, the_stream(), 4, arguments), "a oneDNN layer failed");
}

void candidate_run(const candidate *c) {
    start(c);
    check(dnnl_stream_wait(the_stream()), "a oneDNN stream failed");
}

void candidate_run_plain(const candidate *c) {
    if (c->reorder_input) run_reorder(c->reorder_input, c->plain_input, c->input);
    start(c);
    if (c->reorder_output) run_reorder(c->reorder_output, c->output, c->plain_output);
    check(dnnl_stream_wait(the_stream()), "a oneDNN stream failed");
}
