#include "http/headers.h"

#include "api/span.h"

#include <string.h>

typedef struct head_reader {
    http_head *head;
    int content_lengths, transfer_encodings, hosts, content_types, json_lengths, origins, authorizations, api_keys;
    bool http10, bearer;
} head_reader;

static const http_refusal fine = {0, NULL, NULL};

/* ---- characters -------------------------------------------------------- */

static bool is_alphanumeric(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* tchar of RFC 9110, 5.6.2. */
static bool is_token_char(unsigned char c) {
    return is_alphanumeric(c) || c == '-' || (c != '\0' && strchr("!#$%&'*+.^_`|~", c));
}

static bool is_host_char(unsigned char c) {
    return is_alphanumeric(c) || (c != '\0' && strchr("-._~%!$&'()*+;=:[]", c));
}

static bool all(const char *bytes, size_t length, bool (*test)(unsigned char)) {
    for (size_t i = 0; i < length; i++) {
        if (!test((unsigned char)bytes[i])) return false;
    }
    return true;
}

/* field-vchar, SP and HTAB; bytes from 0x80 on are old text encodings, harmless and still sent. */
static bool is_value_char(unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; }

static bool is_target_char(unsigned char c) { return c > 0x20 && c < 0x7f; }

bool http_target_valid(const char *target) { return *target && all(target, strlen(target), is_target_char); }

/* Whether `field` is called `name`, or holds the value `name`; letter case does not matter in either. */
static bool same(const char *bytes, size_t length, const char *name) {
    return span_is((span){bytes, bytes + length}, name);
}

static void trim(const char **bytes, size_t *length) {
    const span trimmed = span_trim((span){*bytes, *bytes + *length});
    *bytes = trimmed.begin;
    *length = (size_t)(trimmed.end - trimmed.begin);
}

/* ---- one function a field that matters --------------------------------- */

/* Digits and nothing else; what is too large becomes UINT64_MAX. */
static bool read_number(const char *value, size_t length, uint64_t *out) {
    *out = 0;
    for (size_t i = 0; i < length; i++) {
        const unsigned digit = (unsigned char)value[i] - (unsigned)'0';
        if (digit > 9) return false;
        *out = *out > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *out * 10 + digit;
    }
    return length > 0;
}

static http_refusal read_content_length(head_reader *reader, const char *value, size_t length) {
    if (reader->content_lengths++) {
        return (http_refusal){400, "duplicate-content-length", "The request has more than one Content-Length header."};
    }
    if (!read_number(value, length, &reader->head->content_length)) {
        return (http_refusal){400, "bad-content-length", "Content-Length is not a decimal number."};
    }
    reader->head->has_length = true;
    return fine;
}

/* Of the Open Inference Protocol's binary tensor data extension, as Triton describes it. */
static http_refusal read_json_length(head_reader *reader, const char *value, size_t length) {
    if (reader->json_lengths++) {
        return (http_refusal){400, "duplicate-inference-header-content-length",
                              "The request has more than one Inference-Header-Content-Length header."};
    }
    if (!read_number(value, length, &reader->head->json_length)) {
        return (http_refusal){400, "bad-inference-header-content-length",
                              "Inference-Header-Content-Length is not a decimal number."};
    }
    reader->head->has_json_length = true;
    return fine;
}

/* The comparison is exact: "chunked" with anything around it is what libmicrohttpd would wait on for ever. */
static http_refusal read_transfer_encoding(head_reader *reader, const char *value, size_t length) {
    if (reader->transfer_encodings++) {
        return (http_refusal){400, "duplicate-transfer-encoding",
                              "The request has more than one Transfer-Encoding header."};
    }
    if (reader->http10) {
        return (http_refusal){400, "transfer-encoding-in-http-1.0", "HTTP/1.0 has no Transfer-Encoding."};
    }
    if (!same(value, length, "chunked")) {
        return (http_refusal){501, "unsupported-transfer-encoding",
                              "The only Transfer-Encoding understood here is chunked."};
    }
    reader->head->chunked = true;
    return fine;
}

static http_refusal read_host(head_reader *reader, const char *value, size_t length) {
    if (reader->hosts++) return (http_refusal){400, "duplicate-host", "The request has more than one Host header."};
    trim(&value, &length);
    if (!all(value, length, is_host_char))
        return (http_refusal){400, "bad-host", "The Host header is not a host name."};
    return fine;
}

static http_refusal read_expect(head_reader *reader, const char *value, size_t length) {
    trim(&value, &length);
    if (!same(value, length, "100-continue")) {
        return (http_refusal){417, "unsupported-expectation", "The only expectation met here is 100-continue."};
    }
    reader->head->expects_continue = !reader->http10;
    return fine;
}

/* Whether that coding is taken is for the route to say: without a body, and where none is wanted, nothing hangs on it.
 */
static http_refusal read_content_encoding(head_reader *reader, const char *value, size_t length) {
    reader->head->coding = http_coding_read(reader->head->coding, value, length);
    return fine;
}

static http_refusal read_accept_encoding(head_reader *reader, const char *value, size_t length) {
    http_accept_read(&reader->head->accept, value, length);
    return fine;
}

/*
 * A JSON body may come as application/json or anything with the suffix +json. No type at all passes, and so does
 * application/x-www-form-urlencoded, because that is what `curl -d` sends unasked: no form is ever meant here,
 * and the body has to be JSON all the same.
 */
static http_refusal read_content_type(head_reader *reader, const char *value, size_t length) {
    if (reader->content_types++) {
        return (http_refusal){400, "duplicate-content-type", "The request has more than one Content-Type header."};
    }
    const char *parameters = memchr(value, ';', length);
    if (parameters) length = (size_t)(parameters - value);
    trim(&value, &length);
    size_t suffix = strlen("+json");
    reader->head->lines = same(value, length, "application/x-ndjson") || same(value, length, "application/jsonl");
    reader->head->json = length == 0 || same(value, length, "application/json") ||
                         same(value, length, "application/x-www-form-urlencoded") ||
                         (length > suffix && same(value + length - suffix, suffix, "+json"));
    reader->head->bytes = same(value, length, "application/octet-stream");
    reader->head->form = same(value, length, "multipart/form-data");
    return fine;
}

/* Names for logs: what is wrong with them is no reason to refuse anything. */
static http_refusal read_request_id(head_reader *reader, const char *value, size_t length) {
    http_trace_read_id(&reader->head->trace, value, length);
    return fine;
}

static http_refusal read_origin(head_reader *reader, const char *value, size_t length) {
    (void)length;
    reader->head->origin = reader->origins++ ? NULL : value;
    return fine;
}

static http_refusal read_preflight(head_reader *reader, const char *value, size_t length) {
    (void)value;
    (void)length;
    reader->head->preflight = true;
    return fine;
}

static http_refusal read_traceparent(head_reader *reader, const char *value, size_t length) {
    http_trace_read_parent(&reader->head->trace, value, length);
    return fine;
}

/* RFC 6750, 2.1. Other schemes are somebody else's, a proxy's perhaps. */
static http_refusal read_authorization(head_reader *reader, const char *value, size_t length) {
    static const char scheme[] = "Bearer";
    const size_t name = strlen(scheme);
    if (reader->authorizations++) {
        return (http_refusal){400, "duplicate-authorization", "The request has more than one Authorization header."};
    }
    trim(&value, &length);
    if (length <= name || !same(value, name, scheme) || (value[name] != ' ' && value[name] != '\t')) return fine;
    value += name;
    length -= name;
    trim(&value, &length);
    reader->head->key = value;
    reader->head->key_length = length;
    reader->bearer = true;
    return fine;
}

static http_refusal read_api_key(head_reader *reader, const char *value, size_t length) {
    if (reader->api_keys++) {
        return (http_refusal){400, "duplicate-x-api-key", "The request has more than one X-API-Key header."};
    }
    if (reader->bearer) return fine;
    trim(&value, &length);
    reader->head->key = value;
    reader->head->key_length = length;
    return fine;
}

static const struct {
    const char *name;
    http_refusal (*read)(head_reader *reader, const char *value, size_t length);
} rules[] = {
    {"Content-Length", read_content_length},
    {"Transfer-Encoding", read_transfer_encoding},
    {"Host", read_host},
    {"Expect", read_expect},
    {"Accept-Encoding", read_accept_encoding},
    {"Content-Encoding", read_content_encoding},
    {"Content-Type", read_content_type},
    {"Inference-Header-Content-Length", read_json_length},
    {"Authorization", read_authorization},
    {"X-API-Key", read_api_key},
    {"X-Request-Id", read_request_id},
    {"traceparent", read_traceparent},
    {"Origin", read_origin},
    {"Access-Control-Request-Method", read_preflight},
};

/* ---- the whole head ---------------------------------------------------- */

static http_refusal read_field(head_reader *reader, const http_field *field) {
    if (field->name_length == 0 || !all(field->name, field->name_length, is_token_char)) {
        return (http_refusal){400, "bad-header-name", "A header name holds a character that names cannot have."};
    }
    if (!all(field->value, field->value_length, is_value_char)) {
        return (http_refusal){400, "bad-header-value", "A header value holds a control character."};
    }
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (same(field->name, field->name_length, rules[i].name)) {
            return rules[i].read(reader, field->value, field->value_length);
        }
    }
    return fine;
}

static http_refusal judge(const head_reader *reader) {
    if (reader->head->has_length && reader->head->chunked) {
        return (http_refusal){400, "content-length-with-transfer-encoding",
                              "Content-Length and Transfer-Encoding together leave the end of the request in doubt."};
    }
    if (!reader->hosts && !reader->http10) {
        return (http_refusal){400, "missing-host", "An HTTP/1.1 request needs a Host header."};
    }
    return fine;
}

http_refusal http_head_read(const char *version, const http_field *fields, size_t count, http_head *head) {
    *head = (http_head){.json = true};
    head_reader reader = {.head = head, .http10 = strcmp(version, "HTTP/1.0") == 0};
    if (!reader.http10 && strcmp(version, "HTTP/1.1") != 0) {
        return (http_refusal){505, "unsupported-http-version", "This server speaks HTTP/1.1 and HTTP/1.0."};
    }
    if (count > HTTP_FIELDS_MAX) {
        return (http_refusal){431, "too-many-headers", "The request has more than 64 header fields."};
    }
    for (size_t i = 0; i < count; i++) {
        http_refusal refusal = read_field(&reader, &fields[i]);
        if (refusal.status) return refusal;
    }
    return judge(&reader);
}
