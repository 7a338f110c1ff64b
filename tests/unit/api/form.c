#include "form.h"

#include <stdio.h>
#include <string.h>

static void begin_part(cvs_text *body, const char *name) {
    if (body->length > 0) cvs_text_add(body, "\r\n");
    cvs_text_addf(body, "--form-boundary\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n", name);
}

void form_text(cvs_text *body, const char *name, const char *text) {
    begin_part(body, name);
    cvs_text_add(body, text);
}

void form_file(cvs_text *body, const char *name, const char *header, const void *numbers, size_t size) {
    const size_t length = strlen(header);
    begin_part(body, name);
    cvs_text_append(body, "\x93NUMPY\x01\x00", 8);
    cvs_text_append(body, (const char[]){(char)(length & 0xff), (char)(length >> 8)}, 2);
    cvs_text_add(body, header);
    cvs_text_append(body, numbers, size);
}

void form_floats(cvs_text *body, const char *name, const char *shape, const float *numbers, size_t count) {
    char header[160];
    snprintf(header, sizeof header, "{'descr': '<f4', 'fortran_order': False, 'shape': %s}\n", shape);
    form_file(body, name, header, numbers, count * sizeof *numbers);
}

void form_end(cvs_text *body) { cvs_text_add(body, "\r\n--form-boundary--\r\n"); }
