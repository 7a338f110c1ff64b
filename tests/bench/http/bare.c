/*
 * bench_http_bare - the least that libmicrohttpd and jansson do for a request of /v1/shape: the body is received and
 * parsed, a tree of the answer's members is built, dumped and sent. What the members hold is known before: it is read
 * from a file that has the whole answer, and costs nothing. With "fields" in the request only those members are built.
 *
 *   bench_http_bare PORT THREADS ANSWER.json
 *
 * It listens on 127.0.0.1 until its standard input ends.
 */
#include <arpa/inet.h>
#include <jansson.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Its requests are a few hundred bytes. */
enum { MOST_BYTES = 16 * 1024 };

typedef struct body {
    size_t length;
    char bytes[MOST_BYTES];
} body;

static json_t *build(const json_t *whole, const json_t *request) {
    const json_t *fields = json_object_get(request, "fields");
    size_t i;
    const json_t *field;
    if (!fields) return json_deep_copy(whole);
    json_t *some = json_object();
    json_array_foreach(fields, i, field) {
        const char *name = json_string_value(field);
        json_object_set_new_nocheck(some, name, json_deep_copy(json_object_get(whole, name)));
    }
    return some;
}

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, char *text) {
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    enum MHD_Result queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result answer(const json_t *whole, struct MHD_Connection *connection, const body *received) {
    json_error_t error;
    json_t *request = json_loadb(received->bytes, received->length, 0, &error);
    if (!request) return respond(connection, MHD_HTTP_BAD_REQUEST, strdup("{\"error\":\"not JSON\"}"));
    json_t *built = build(whole, request);
    json_decref(request);
    char *text = json_dumps(built, JSON_COMPACT);
    json_decref(built);
    return text ? respond(connection, MHD_HTTP_OK, text) : MHD_NO;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **state) {
    body *received = *state;
    (void)url, (void)version;
    if (!received) {
        if (strcmp(method, MHD_HTTP_METHOD_POST) != 0) return MHD_NO;
        *state = received = malloc(sizeof *received);
        if (received) received->length = 0;
        return received ? MHD_YES : MHD_NO;
    }
    if (*size == 0) return answer(cls, connection, received);
    if (*size > MOST_BYTES - received->length) return MHD_NO;
    memcpy(received->bytes + received->length, data, *size);
    received->length += *size;
    *size = 0;
    return MHD_YES;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why) {
    (void)cls, (void)connection, (void)why;
    free(*state);
    *state = NULL;
}

static struct MHD_Daemon *start(const struct sockaddr_in *address, unsigned threads, json_t *whole) {
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, whole,
                            MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)address, MHD_OPTION_NOTIFY_COMPLETED,
                            on_completed, NULL, threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads,
                            MHD_OPTION_END);
}

int main(int argc, char **argv) {
    json_error_t error;
    char byte;
    if (argc != 4) {
        fputs("usage: bench_http_bare PORT THREADS ANSWER.json\n", stderr);
        return 2;
    }
    json_t *whole = json_load_file(argv[3], 0, &error);
    if (!whole) {
        fprintf(stderr, "bench_http_bare: %s: %s\n", argv[3], error.text);
        return 2;
    }
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((in_port_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = start(&address, (unsigned)atoi(argv[2]), whole);
    if (!daemon) return EXIT_FAILURE;
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
    MHD_stop_daemon(daemon);
    json_decref(whole);
    return EXIT_SUCCESS;
}
