/* Answers that are numbers: what they hold is what the same request gets as JSON. */
#include "ask.h"
#include "json_text.h"

#include "api/npy.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *convolve_binary_suite(void);

#define CONV                                                                                                           \
    "\"layer\": \"Conv2D(3, 2)\", \"input\": {\"shape\": [2, 4, 5, 2], \"random\": 1}, \"weights\": {\"random\": 7}"
#define TORCH                                                                                                          \
    "\"layer\": \"nn.Conv2d(2, 3, 2)\", \"input\": {\"shape\": [2, 2, 4, 5], \"random\": 1}, \"weights\": "            \
    "{\"random\": 7}"

static void ask_for(const char *accept, const char *body, api_response *response) {
    const api_request request = {.body = body, .body_length = strlen(body), .accept = accept, .takes_flow = true};
    api_convolve(ask_context(), &request, response);
}

static const char *header(const api_response *response, const char *name) {
    for (size_t i = 0; i < response->header_count; i++) {
        if (strcmp(response->headers[i].name, name) == 0) return response->headers[i].value;
    }
    ck_abort_msg("there is no header %s", name);
}

/* The numbers of `data`, an array in an answer as JSON. */
static size_t check_numbers(const json_t *data, const char *bytes) {
    const size_t count = json_array_size(data);
    for (size_t i = 0; i < count; i++) {
        float number;
        memcpy(&number, bytes + i * sizeof number, sizeof number);
        ck_assert_float_eq(number, (float)json_number_value(json_array_get(data, i)));
    }
    return count * sizeof(float);
}

static void check_refusal(const char *accept, const char *body, int status, const char *pointer, const char *code) {
    api_response response;
    ask_for(accept, body, &response);
    ck_assert_int_eq(response.status, status);
    ck_assert_str_eq(response.content_type, "application/problem+json");
    json_t *problem = json_loadb(response.body, response.body_length, 0, NULL);
    ck_assert_str_eq(json_string_value(at(problem, "errors.0.code")), code);
    ck_assert_str_eq(json_string_value(at(problem, "errors.0.pointer")), pointer);
    json_decref(problem);
    api_response_free(&response);
}

static const struct {
    const char *body, *shape, *axes;
} outputs[] = {
    {"{" CONV "}", "2,3,4,3", "batch,height,width,filters"},
    {"{" TORCH "}", "2,3,3,4", "batch,filters,height,width"},
    {"{\"layer\": \"ReLU()\", \"input\": {\"shape\": [7], \"data\": [1, -2, 3, -4, 5, -6, 7]}}", "7", "batch"},
};
enum { OUTPUTS = sizeof outputs / sizeof *outputs };

START_TEST(the_output_as_bytes) {
    api_response bytes, text;
    ask_for("application/octet-stream", outputs[_i].body, &bytes);
    ask_for(NULL, outputs[_i].body, &text);
    ck_assert_int_eq(text.status, 200);
    json_t *json = json_loadb(text.body, text.body_length, 0, NULL);
    ck_assert_int_eq(bytes.status, 200);
    ck_assert_str_eq(bytes.content_type, "application/octet-stream");
    ck_assert_str_eq(header(&bytes, "Convscope-Shape"), outputs[_i].shape);
    ck_assert_str_eq(header(&bytes, "Convscope-Axes"), outputs[_i].axes);
    ck_assert_str_eq(header(&bytes, "Convscope-Algorithm"), json_string_value(at(json, "execution.algorithm")));
    ck_assert_ptr_nonnull(strstr(header(&bytes, "Server-Timing"), "compute;dur="));
    ck_assert_uint_eq(bytes.body_length, check_numbers(at(json, "output.data"), bytes.body));
    ck_assert_ptr_null(bytes.tail);
    json_decref(json);
    api_response_free(&bytes);
    api_response_free(&text);
}
END_TEST

START_TEST(the_output_as_a_file) {
    static const char *const names[] = {"application/x-npy", "application/npy"};
    for (size_t i = 0; i < 2; i++) {
        api_response file, bytes;
        ask_for(names[i], outputs[_i].body, &file);
        ask_for("application/octet-stream", outputs[_i].body, &bytes);
        ck_assert_int_eq(file.status, 200);
        ck_assert_str_eq(file.content_type, names[i]);
        ck_assert_str_eq(header(&file, "Convscope-Shape"), outputs[_i].shape);
        ck_assert_uint_eq(file.body_length, 128);
        ck_assert_mem_eq(file.body, "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (", 60);
        ck_assert_uint_eq(file.tail_length, bytes.body_length);
        ck_assert_mem_eq(file.tail, bytes.body, bytes.body_length);
        api_response_free(&file);
        api_response_free(&bytes);
    }
}
END_TEST

/* As numpy.stack() of the maps would have it, in the order asked for; one may be asked for twice. */
START_TEST(maps_are_stacked) {
    static const struct {
        const char *body, *filters, *shape, *axes;
    } cases[] = {
        {CONV, "[2, 0, 2]", "3,2,3,4", "filters,batch,height,width"},
        {TORCH, "[2, 0]", "2,2,3,4", "filters,batch,height,width"},
        {TORCH, "[]", "0,2,3,4", "filters,batch,height,width"},
        {"\"layer\": \"MaxPool2D(2)\", \"input\": {\"shape\": [1, 4, 4, 3], \"random\": 3}", "[1]", "1,1,2,2",
         "channels,batch,height,width"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[512];
        snprintf(body, sizeof body, "{%s, \"filters\": %s}", cases[i].body, cases[i].filters);
        api_response bytes, text;
        ask_for("application/octet-stream", body, &bytes);
        ask_for("application/json", body, &text);
        ck_assert_int_eq(bytes.status, 200);
        ck_assert_str_eq(header(&bytes, "Convscope-Shape"), cases[i].shape);
        ck_assert_str_eq(header(&bytes, "Convscope-Axes"), cases[i].axes);
        json_t *json = json_loadb(text.body, text.body_length, 0, NULL);
        const json_t *maps = at(json, "feature_maps");
        size_t used = 0;
        for (size_t m = 0; m < json_array_size(maps); m++)
            used += check_numbers(json_object_get(json_array_get(maps, m), "data"), bytes.body + used);
        ck_assert_uint_eq(bytes.body_length, used);
        json_decref(json);
        api_response_free(&bytes);
        api_response_free(&text);
    }
}
END_TEST

START_TEST(what_no_number_can_tell) {
    check_refusal("text/html", "{" CONV "}", 406, "", "not-acceptable");
    check_refusal("application/json;q=0", "no JSON at all", 406, "", "not-acceptable");
    check_refusal("application/x-npy", "{" CONV ", \"trace\": {\"cell\": [0, 0]}}", 422, "/trace", "trace-needs-json");
    check_refusal("application/octet-stream", "{" CONV ", \"output\": {\"encoding\": \"base64\"}}", 422,
                  "/output/encoding", "encoding-needs-json");
    check_refusal("application/octet-stream", "{" CONV ", \"output\": {\"encodin\": \"base64\"}}", 422,
                  "/output/encodin", "unknown-member");
    check_refusal("application/octet-stream", "{", 400, "", "not-json");
}
END_TEST

START_TEST(json_where_it_is_liked_as_much) {
    static const char *const accepts[] = {NULL, "*/*", "application/*, image/png",
                                          "application/octet-stream, application/json"};
    for (size_t i = 0; i < sizeof accepts / sizeof *accepts; i++) {
        api_response response;
        ask_for(accepts[i], "{" CONV ", \"output\": {}, \"trace\": {\"cell\": [0, 0]}}", &response);
        ck_assert_int_eq(response.status, 200);
        ck_assert_str_eq(response.content_type, "application/json");
        ck_assert_uint_eq(response.header_count, 0);
        api_response_free(&response);
    }
    api_response response;
    ask_for("application/octet-stream", "{" CONV ", \"output\": {}}", &response);
    ck_assert_str_eq(response.content_type, "application/octet-stream");
    api_response_free(&response);
}
END_TEST

/* What numpy.lib.format.write_array_header_1_0() of NumPy 1.24 writes: so many bytes, spaces up to them. */
START_TEST(heads_are_numpys) {
    static const struct {
        cvs_shape shape;
        const char *text;
        size_t length;
    } heads[] = {
        {{4, {1, 64, 112, 112}}, "(1, 64, 112, 112)", 128},
        {{1, {5}}, "(5,)", 128},
        {{0, {0}}, "()", 128},
        {{2, {3, 0}}, "(3, 0)", 128},
        {{8, {1, 2, 3, 4, 5, 6, 7, 8}}, "(1, 2, 3, 4, 5, 6, 7, 8)", 128},
        {{4, {100, 1000000, 100000, 1000}}, "(100, 1000000, 100000, 1000)", 128},
        {{5, {1, 1000000000, 1000000000, 1000000000, 1000000000}},
         "(1, 1000000000, 1000000000, 1000000000, 1000000000)",
         192},
        {{8, {INT64_MAX, 1, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}},
         "(9223372036854775807, 1, 9223372036854775807, 9223372036854775807, 9223372036854775807, "
         "9223372036854775807, 9223372036854775807, 9223372036854775807)",
         256},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char out[NPY_HEAD_SIZE], text[NPY_HEAD_SIZE];
        const size_t length = npy_write_head(&heads[i].shape, out);
        ck_assert_msg(length == heads[i].length, "%s: %zu", heads[i].text, length);
        ck_assert_mem_eq(out, "\x93NUMPY\x01\x00", 8);
        ck_assert_uint_eq((unsigned char)out[8] + 256 * (unsigned char)out[9], length - 10);
        const int used =
            snprintf(text, sizeof text, "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }", heads[i].text);
        ck_assert_mem_eq(out + 10, text, (size_t)used);
        for (size_t at = 10 + (size_t)used; at < length - 1; at++) ck_assert_int_eq(out[at], ' ');
        ck_assert_int_eq(out[length - 1], '\n');
    }
}
END_TEST

Suite *convolve_binary_suite(void) {
    Suite *suite = suite_create("convolve_binary");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, the_output_as_bytes, 0, OUTPUTS);
    tcase_add_loop_test(core, the_output_as_a_file, 0, OUTPUTS);
    tcase_add_test(core, maps_are_stacked);
    tcase_add_test(core, what_no_number_can_tell);
    tcase_add_test(core, json_where_it_is_liked_as_much);
    tcase_add_test(core, heads_are_numpys);
    suite_add_tcase(suite, core);
    return suite;
}
