#include "api/problem.h"

#include "api/json_writer.h"

#include <string.h>

#define PROBLEM_TYPE "application/problem+json"

#define NO_MEMORY "Memory is short; try again later."

static const char no_memory_body[] =
    "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
    "\"detail\":\"" NO_MEMORY "\",\"error\":\"" NO_MEMORY "\","
    "\"errors\":[{\"pointer\":\"\",\"code\":\"no-memory\",\"message\":\"" NO_MEMORY "\"}]}";

/* RFC 9110, section 15. */
static const char *title(int status) {
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 408:
        return "Request Timeout";
    case 411:
        return "Length Required";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Internal Server Error";
    }
}

cvs_status problem_no_memory(cvs_error *err) { return cvs_fail(err, CVS_NO_MEMORY, "no-memory", "", NO_MEMORY); }

int problem_status(cvs_status status) {
    static const int statuses[] = {
        [CVS_OK] = 500, /* a failure without an error is ours */
        [CVS_INVALID] = 422,   [CVS_SYNTAX] = 422,    [CVS_UNSUPPORTED] = 422,
        [CVS_TOO_LARGE] = 413, [CVS_NO_MEMORY] = 503, [CVS_INTERRUPTED] = 503,
    };
    return statuses[status];
}

static void write_error(json_writer *writer, const cvs_error *error) {
    json_begin_object(writer);
    json_member_string(writer, "pointer", error->pointer);
    json_member_string(writer, "code", error->code);
    json_member_string(writer, "message", error->message);
    if (error->value[0]) json_member_string(writer, "value", error->value);
    if (error->expected[0]) json_member_string(writer, "expected", error->expected);
    if (error->line > 0) {
        json_member_int(writer, "line", error->line);
        json_member_int(writer, "column", error->column);
        json_member_int(writer, "offset", error->offset);
    }
    json_end_object(writer);
}

static void write_problem(json_writer *writer, int status, const cvs_error *error, const char *member,
                          const char *json) {
    json_begin_object(writer);
    json_member_string(writer, "type", "about:blank");
    json_member_string(writer, "title", title(status));
    json_member_int(writer, "status", status);
    json_member_string(writer, "detail", error->message);
    json_member_string(writer, "error", error->message); /* where KServe's and TensorFlow Serving's clients look */
    json_key(writer, "errors");
    json_begin_array(writer);
    write_error(writer, error);
    json_end_array(writer);
    if (member && json) {
        json_key(writer, member);
        json_write_raw(writer, json, strlen(json));
    }
    json_end_object(writer);
}

static void respond_no_memory(api_response *response) {
    response->status = 503;
    response->body = strdup(no_memory_body);
    response->body_length = response->body ? sizeof no_memory_body - 1 : 0;
}

void problem_respond(api_response *response, int status, const cvs_error *error, const char *member, const char *json) {
    *response =
        (api_response){.status = status, .content_type = PROBLEM_TYPE, .cut_short = error->status == CVS_INTERRUPTED};
    json_writer writer = {0};
    write_problem(&writer, status, error, member, json);
    response->body = json_writer_take(&writer, &response->body_length);
    if (!response->body) respond_no_memory(response);
}

void api_problem(api_response *response, int status, const char *code, const char *detail) {
    cvs_error error = {0};
    (void)cvs_fail(&error, CVS_INVALID, code, "", "%s", detail);
    problem_respond(response, status, &error, NULL, NULL);
}
