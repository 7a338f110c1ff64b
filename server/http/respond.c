#include "http/respond.h"

#include "http/stream.h"

#include <stdlib.h>
#include <string.h>

/* With its head a shorter body fits into one packet, compressed or not. */
enum { LEAST_TO_COMPRESS = 1200 };

/* More than gzip and zstd add to a short answer that cannot be compressed. */
enum { COMPRESSION_ADDS = 1024 };

static enum MHD_Result send_spare(struct MHD_Connection *connection, const http_reply *reply) {
    const enum MHD_Result queued = reply->spare ? http_spare_send(reply->spare, connection) : MHD_NO;
    if (queued && reply->sample) {
        reply->sample->status = MHD_HTTP_SERVICE_UNAVAILABLE;
        http_reply_note(reply, reply->spare->length);
    }
    return queued;
}

enum MHD_Result http_respond_wire(struct MHD_Connection *connection, struct MHD_Response *wire, http_coding coding,
                                  const api_response *response, const http_reply *reply) {
    enum MHD_Result queued = MHD_NO;
    if (wire && http_reply_head(wire, response, coding, reply))
        queued = MHD_queue_response(connection, (unsigned)response->status, wire);
    if (wire) MHD_destroy_response(wire);
    if (!queued) return send_spare(connection, reply);
    if (reply->sample) reply->sample->status = response->status;
    return queued;
}

/* ---- codings -------------------------------------------------------------- */

static bool takes_identity(const http_reply *reply) {
    return !reply->accept || http_accept_takes(reply->accept, HTTP_CODING_IDENTITY);
}

/* Of float32 a tenth can be saved, at the speed of a slow network. */
static bool is_text(const api_response *response) {
    return response->content_type && (strstr(response->content_type, "json") || strstr(response->content_type, "text"));
}

/* The coding for an answer of `length` bytes. */
static http_coding choose_coding(const api_response *response, const http_reply *reply, uint64_t length) {
    if (!reply->accept || response->status == 204) return HTTP_CODING_IDENTITY;
    const bool gains = length >= LEAST_TO_COMPRESS && is_text(response);
    return gains || !takes_identity(reply) ? http_accept_best(reply->accept) : HTTP_CODING_IDENTITY;
}

enum MHD_Result http_respond_stream(struct MHD_Connection *connection, http_stream *stream,
                                    const api_response *response, const http_reply *reply) {
    http_coding coding = choose_coding(response, reply, stream->length);
    const http_audience audience = {connection, reply->peer, reply->pool, reply->account,
                                    reply->sample ? &reply->sample->sent : NULL};
    struct MHD_Response *wire = http_stream_wire(stream, &coding, &audience);
    return http_respond_wire(connection, wire, coding, response, reply);
}

/* ---- bodies that are there -------------------------------------------------- */

typedef struct pieces {
    char *body, *tail;
} pieces;

static void free_pieces(void *cls) {
    pieces *both = cls;
    free(both->body);
    free(both->tail);
    free(both);
}

/* NULL when memory is short: nothing is taken over then. */
static struct MHD_Response *in_two_pieces(const api_response *response) {
    const struct MHD_IoVec parts[] = {{response->body, response->body_length}, {response->tail, response->tail_length}};
    pieces *both = malloc(sizeof *both);
    if (!both) return NULL;
    *both = (pieces){response->body, response->tail};
    struct MHD_Response *wire = MHD_create_response_from_iovec(parts, 2, free_pieces, both);
    if (!wire) free(both);
    return wire;
}

/* A refusal without its text is one that there was no memory for. */
static struct MHD_Response *in_one_piece(const api_response *response) {
    if (!response->body && response->status >= 400) return NULL;
    if (!response->body) return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_buffer_with_free_callback(response->body_length, response->body, free);
}

static enum MHD_Result respond_as_it_is(struct MHD_Connection *connection, api_response *response, http_coding coding,
                                        const http_reply *reply) {
    struct MHD_Response *wire = response->tail ? in_two_pieces(response) : in_one_piece(response);
    if (!wire) api_response_free(response);
    response->body = response->tail = NULL;
    http_reply_note(reply, response->body_length + response->tail_length);
    return http_respond_wire(connection, wire, coding, response, reply);
}

static enum MHD_Result respond_reading(struct MHD_Connection *connection, api_response *response,
                                       const http_reply *reply) {
    http_stream stream = http_stream_of(response);
    if (stream.cls) return http_respond_stream(connection, &stream, response, reply);
    return respond_as_it_is(connection, response, HTTP_CODING_IDENTITY, reply);
}

/* What is short is compressed at once, so that its length can be said; what is long while it is sent, since the thread
 * has other connections to serve. */
enum MHD_Result http_respond(struct MHD_Connection *connection, api_response *response, const http_reply *reply) {
    const size_t length = response->body_length + response->tail_length;
    http_coding coding = choose_coding(response, reply, length);
    if (reply->sample) reply->sample->macs = (uint64_t)response->macs;
    if (response->flow || (coding && length > HTTP_DEFLATE_SHORT)) return respond_reading(connection, response, reply);
    const size_t most = takes_identity(reply) ? length : length + COMPRESSION_ADDS;
    if (coding && !http_stream_shrink(response, coding, most)) coding = HTTP_CODING_IDENTITY;
    return respond_as_it_is(connection, response, coding, reply);
}
