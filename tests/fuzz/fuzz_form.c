/*
 * POST /v1/convolve as a form, multipart/form-data with .npy files: the first line of the input is the Content-Type,
 * the rest the body.
 */
#include "harness.h"

#include "api/multipart.h"

#include <stdlib.h>
#include <string.h>

/* Parts lie in the body, one behind the other, and have names of their own. */
static void check_parts(const char *type, const char *body, size_t size) {
    multipart parts;
    cvs_error err = {0};
    if (multipart_read(type, body, size, &parts, &err) != CVS_OK) {
        fuzz_require(err.code[0] && err.message[0], "a refusal says why");
        return;
    }
    const char *behind = body;
    fuzz_require(parts.count <= MULTIPART_MOST_PARTS, "%zu parts", parts.count);
    for (size_t i = 0; i < parts.count; i++) {
        const multipart_part *part = &parts.part[i];
        fuzz_require(part->bytes >= behind && part->bytes + part->length <= body + size, "part %zu lies in the body",
                     i);
        fuzz_require(multipart_find(&parts, part->name) == part, "part %zu has a name of its own", i);
        behind = part->bytes + part->length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *line = (const char *)data, *end = size ? memchr(line, '\n', size) : NULL;
    const size_t length = end ? (size_t)(end - line) : size, rest = end ? length + 1 : size;
    char *type = fuzz_text(line, length);
    check_parts(type, line + rest, size - rest);
    const api_request request = {.body = line + rest, .body_length = size - rest, .form_type = type};
    fuzz_answer answer = fuzz_ask(api_convolve, &request);
    if (answer.status == 200) fuzz_check_shape(json_object_get(json_object_get(answer.json, "output"), "shape"));
    fuzz_answer_free(&answer);
    free(type);
    return 0;
}
