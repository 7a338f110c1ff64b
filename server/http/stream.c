#include "http/stream.h"

#include "http/pump.h"

#include <stdlib.h>
#include <string.h>

/* Room for what is given to libmicrohttpd at a time. */
enum { PIECE = 64 * 1024 };

/* ---- where bodies are --------------------------------------------------------- */

static int64_t read_flow(void *cls, char *out, size_t size) { return (int64_t)api_flow_read(cls, out, size); }

static void release_flow(void *cls) { api_flow_free(cls); }

typedef struct memory {
    api_response response; /* its body and tail; owned unless they were lent */
    size_t at;
} memory;

static size_t copy_part(const char *bytes, size_t length, size_t at, char *out, size_t size) {
    if (at >= length) return 0;
    const size_t part = size < length - at ? size : length - at;
    memcpy(out, bytes + at, part);
    return part;
}

static int64_t read_memory(void *cls, char *out, size_t size) {
    memory *from = cls;
    const api_response *response = &from->response;
    size_t part = copy_part(response->body, response->body_length, from->at, out, size);
    if (part == 0) part = copy_part(response->tail, response->tail_length, from->at - response->body_length, out, size);
    from->at += part;
    return (int64_t)part;
}

static void release_memory(void *cls) {
    memory *from = cls;
    api_response_free(&from->response);
    free(from);
}

static http_stream stream_flow(api_response *response) {
    const http_stream stream = {
        .read = read_flow,
        .release = release_flow,
        .cls = response->flow,
        .length = HTTP_DEFLATE_UNKNOWN,
        .numbers = true,
    };
    response->flow = NULL;
    return stream;
}

http_stream http_stream_of(api_response *response) {
    if (response->flow) return stream_flow(response);
    memory *from = malloc(sizeof *from);
    if (!from) return (http_stream){0};
    *from = (memory){.response = *response};
    response->body = response->tail = NULL;
    return (http_stream){
        .read = read_memory,
        .release = release_memory,
        .cls = from,
        .length = from->response.body_length + from->response.tail_length,
    };
}

bool http_stream_suits(const api_response *response) {
    return response->flow || response->body_length + response->tail_length > HTTP_DEFLATE_SHORT;
}

void http_stream_close(http_stream *stream) {
    if (stream->cls) stream->release(stream->cls);
    stream->cls = NULL;
}

/* ---- to libmicrohttpd ---------------------------------------------------------- */

/* What is read ahead at most: many times what the threads hand over to each other in the time that it takes. */
enum { AHEAD = 256 * 1024, LEAST_AHEAD = 1024 };

typedef struct opened {
    http_stream stream;
    http_deflater *deflater; /* NULL: as it is */
    http_audience audience;
    api_account account;
} opened;

static int64_t read_opened(void *cls, char *out, size_t size) {
    const opened *from = cls;
    const http_stream *stream = &from->stream;
    return from->deflater ? http_deflater_read(from->deflater, stream->read, stream->cls, out, size)
                          : stream->read(stream->cls, out, size);
}

static void release_opened(void *cls) {
    opened *from = cls;
    http_stream_close(&from->stream);
    api_account_keep(&from->account, 0);
    http_deflater_free(from->deflater);
    free(from);
}

static void suspend(void *cls) { MHD_suspend_connection(((const opened *)cls)->audience.connection); }
static void resume(void *cls) { MHD_resume_connection(((const opened *)cls)->audience.connection); }
static bool gone(const void *cls) { return http_peer_gone(((const opened *)cls)->audience.peer); }

/* What libmicrohttpd sends. */
typedef struct sending {
    http_pump *pump;
    uint64_t *sent; /* as in http_audience */
} sending;

static ssize_t give(void *cls, uint64_t position, char *out, size_t size) {
    const sending *from = cls;
    (void)position;
    const int64_t got = http_pump_read(from->pump, out, size);
    if (got == HTTP_PUMP_PAUSED) return 0;
    if (got < 0) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (from->sent) *from->sent += (uint64_t)got;
    return got ? (ssize_t)got : MHD_CONTENT_READER_END_OF_STREAM;
}

static void release(void *cls) {
    sending *from = cls;
    http_pump_free(from->pump);
    free(from);
}

static http_pump *start_pump(opened *from) {
    const uint64_t length = from->stream.length;
    const size_t size = length < LEAST_AHEAD ? LEAST_AHEAD : length < AHEAD ? (size_t)length : AHEAD;
    const http_pump_source source = {from, read_opened, release_opened, from->stream.interrupt};
    const http_pump_end end = {from, suspend, resume, gone};
    http_pump *pump = http_pump_create(from->audience.pool, &source, &end, size);
    if (!pump) release_opened(from);
    return pump;
}

/* NULL when there is no memory: the stream is closed then. */
static opened *open_stream(http_stream *stream, http_coding *coding, const http_audience *audience) {
    opened *from = malloc(sizeof *from);
    if (!from) {
        http_stream_close(stream);
        return NULL;
    }
    *from = (opened){.stream = *stream, .audience = *audience};
    if (audience->account) api_account_move(audience->account, &from->account);
    stream->cls = NULL;
    if (*coding) from->deflater = http_deflater_create(*coding, from->stream.length, from->stream.numbers);
    if (!from->deflater) *coding = HTTP_CODING_IDENTITY;
    return from;
}

struct MHD_Response *http_stream_wire(http_stream *stream, http_coding *coding, const http_audience *audience) {
    opened *from = open_stream(stream, coding, audience);
    sending *cls = from ? calloc(1, sizeof *cls) : NULL;
    if (cls) {
        *cls = (sending){start_pump(from), audience->sent};
    } else if (from) {
        release_opened(from);
    }
    struct MHD_Response *wire =
        cls && cls->pump ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, give, cls, release) : NULL;
    if (!wire && cls) release(cls);
    return wire;
}

/* ---- at once -------------------------------------------------------------------- */

/* All of it, into less than `size` bytes; 0 when it does not fit. */
static size_t deflate_all(http_deflater *deflater, memory *from, char *out, size_t size) {
    size_t filled = 0;
    int64_t got = 1;
    while (filled < size && got > 0) {
        got = http_deflater_read(deflater, read_memory, from, out + filled, size - filled);
        if (got > 0) filled += (size_t)got;
    }
    return got == 0 ? filled : 0;
}

bool http_stream_shrink(api_response *response, http_coding coding, size_t most) {
    memory lent = {.response = *response};
    http_deflater *deflater = http_deflater_create(coding, response->body_length + response->tail_length, false);
    char *shrunk = malloc(most);
    const size_t length = deflater && shrunk ? deflate_all(deflater, &lent, shrunk, most) : 0;
    http_deflater_free(deflater);
    if (length == 0) {
        free(shrunk);
        return false;
    }
    api_response_free(response);
    response->body = shrunk;
    response->body_length = length;
    response->tail_length = 0;
    return true;
}
