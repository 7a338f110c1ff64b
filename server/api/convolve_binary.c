/* convolve_binary.c - answers of POST /v1/convolve that are numbers and no text; what else is to say is in headers. */
#include "api/convolve_call.h"

#include "api/accept.h"
#include "api/members.h"
#include "api/npy.h"
#include "api/problem.h"

#include <stdio.h>
#include <stdlib.h>

bool convolve_choose_media(convolve_call *call, const char *accept, api_response *response) {
    static const char *const types[] = {"application/json", "application/octet-stream", "application/x-npy",
                                        "application/npy", NULL};
    static const convolve_media media[] = {CONVOLVE_JSON, CONVOLVE_BYTES, CONVOLVE_NPY, CONVOLVE_NPY};
    const int choice = accept_media_type(accept, types);
    if (choice < 0) {
        api_problem(response, 406, "not-acceptable",
                    "The answer can be application/json, application/octet-stream (float32, little-endian) or "
                    "application/x-npy (also called application/npy); \"Accept\" takes none of them.");
        return false;
    }
    call->media = media[choice];
    call->content_type = types[choice];
    return true;
}

cvs_status convolve_check_media(convolve_call *call) {
    cvs_error *err = &call->json.error;
    if (call->media == CONVOLVE_JSON) return CVS_OK;
    if (call->trace.wanted) {
        return cvs_fail(err, CVS_INVALID, "trace-needs-json", "/trace",
                        "The arithmetic of a cell is text: ask for it with Accept: application/json.");
    }
    const json_t *output = members_get(call->json.root, "output");
    if (!output || !members_get(output, "encoding")) return CVS_OK;
    return cvs_fail(err, CVS_INVALID, "encoding-needs-json", "/output/encoding",
                    "How numbers are written in JSON is asked for, and with \"Accept\" an answer in %s.",
                    call->content_type);
}

/* "1,64,112,112" and "batch,filters,height,width". */
static void add_shape(const cvs_tensor_shape *tensor, api_response *response) {
    char sizes[sizeof response->headers->value] = "", axes[sizeof sizes] = "";
    int sizes_used = 0, axes_used = 0;
    for (int i = 0; i < tensor->shape.rank; i++) {
        const char *comma = i > 0 ? "," : "";
        sizes_used += snprintf(sizes + sizes_used, sizeof sizes - (size_t)sizes_used, "%s%lld", comma,
                               (long long)tensor->shape.dim[i]);
        axes_used +=
            snprintf(axes + axes_used, sizeof axes - (size_t)axes_used, "%s%s", comma, cvs_axis_name(tensor->axes[i]));
    }
    api_response_header(response, "Convscope-Shape", "%s", sizes);
    api_response_header(response, "Convscope-Axes", "%s", axes);
}

/* What is asked for: the output, which is taken over, or maps out of it. */
static convolve_numbers take_numbers(convolve_call *call) {
    convolution *c = &call->c;
    if (call->filters) return convolve_stack_maps(call);
    const convolve_numbers all = {.values = c->output, .count = c->output_count, .tensor = c->inference.output};
    c->output = NULL;
    return all;
}

cvs_status convolve_respond_binary(convolve_call *call, api_response *response) {
    char *head = call->media == CONVOLVE_NPY ? malloc(NPY_HEAD_SIZE) : NULL;
    const convolve_numbers numbers = take_numbers(call);
    const size_t bytes = (size_t)numbers.count * sizeof *numbers.values;
    if (!numbers.values || (call->media == CONVOLVE_NPY && !head)) {
        free(head);
        free(numbers.values);
        return problem_no_memory(&call->json.error);
    }
    *response = (api_response){.status = 200, .content_type = call->content_type};
    if (head) {
        response->body = head;
        response->body_length = npy_write_head(&numbers.tensor.shape, head);
        response->tail = (char *)numbers.values;
        response->tail_length = bytes;
    } else {
        response->body = (char *)numbers.values;
        response->body_length = bytes;
    }
    add_shape(&numbers.tensor, response);
    api_response_header(response, "Convscope-Algorithm", "%s", cvs_plan_algorithm(call->c.plan));
    api_response_header(response, "Server-Timing", "compute;dur=%.3f", call->c.compute_us / 1e3);
    return CVS_OK;
}
