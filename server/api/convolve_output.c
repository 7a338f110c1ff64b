/* convolve_output.c - what comes of a convolution, in the words that every document about one shares. */
#include "api/call.h"
#include "api/convolve.h"
#include "api/layer_json.h"
#include "api/problem.h"

#include <math.h>
#include <stdlib.h>

/* ---- the answer ------------------------------------------------------------------------ */

int64_t convolve_count_non_finite(const convolution *c) {
    int64_t found = 0;
    for (int64_t i = 0; i < c->output_count; i++) found += !isfinite(c->output[i]);
    return found;
}

/* Of fewer numbers the text is made sooner than another core wakes up. */
enum { LEAST_TO_FLOW = 1 << 15 };

static tensor_text output_text(const convolution *c) {
    return tensor_text_of(c->output, &c->inference.output.shape, c->encoding);
}

void convolve_write_data(const convolution *c, bool takes_flow, json_writer *writer) {
    const tensor_text text = output_text(c);
    if (takes_flow && c->output_count >= LEAST_TO_FLOW)
        json_leave_gap(writer);
    else
        tensor_write(writer, &text);
}

void convolve_write_execution(const convolution *c, json_writer *writer) {
    cvs_engine_info info;
    cvs_engine_describe(c->context->engine, &info);
    json_member_string(writer, "algorithm", cvs_plan_algorithm(c->plan));
    json_member_string(writer, "isa", cvs_isa_name(info.isa));
    json_member_int(writer, "threads", info.threads);
    json_member_string(writer, "blas", info.blas);
}

void convolve_respond(convolution *c, json_writer *writer, api_response *response) {
    if (writer->gap) {
        const tensor_text text = output_text(c);
        call_respond_flow(c->context, writer, &text, c->output, response);
        c->output = NULL;
    } else {
        call_respond(writer, response);
    }
}

/* ---- the problem ------------------------------------------------------------------------ */

/* The weights that are needed, as a JSON array; the caller's to free(). */
static char *list_needed(const convolution *c) {
    json_writer writer = {0};
    size_t length;
    const layer_json json = {.writer = &writer};
    json_begin_array(&writer);
    for (int i = 0; i < c->needed.count; i++) layer_json_weight(&json, &c->needed.weight[i]);
    json_end_array(&writer);
    return json_writer_take(&writer, &length);
}

void convolve_refuse(const convolution *c, cvs_error *error, api_response *response) {
    call_explain_memory(c->account, error);
    char *list = c->needed_should_show ? list_needed(c) : NULL;
    if (c->needed_should_show && !list) {
        *error = (cvs_error){0};
        (void)problem_no_memory(error);
    }
    problem_respond(response, problem_status(error->status), error, "weights", list);
    free(list);
}
