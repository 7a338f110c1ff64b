#include "api/api.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void api_response_header(api_response *response, const char *name, const char *format, ...) {
    api_header *header = &response->headers[response->header_count++];
    va_list arguments;
    va_start(arguments, format);
    header->name = name;
    vsnprintf(header->value, sizeof header->value, format, arguments);
    va_end(arguments);
}

size_t api_response_bytes(const api_response *response) {
    return response->body_length + response->tail_length + (response->flow ? api_flow_bytes(response->flow) : 0);
}

void api_response_free(api_response *response) {
    free(response->body);
    free(response->tail);
    api_flow_free(response->flow);
    response->body = response->tail = NULL;
    response->flow = NULL;
}
