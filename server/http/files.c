#include "http/files.h"

#include "api/span.h"
#include "embed/files.h"
#include "http/joined.h"

#include <stdlib.h>
#include <string.h>

/* What the documentation may load: a style and pictures from here, and nothing else from nowhere else. */
#define DOCS_POLICY                                                                                                    \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "                \
    "frame-ancestors 'none'"

/* What the page may: its own program as well, pictures that it draws, and to ask this server. */
#define PAGE_POLICY                                                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "           \
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* ---- does the client have it? -------------------------------------------- */

/* The comparison of 8.8.3.2 of RFC 9110 that does not mind whether a tag is weak; ours are. */
static bool is_tag(span text, const char *etag) {
    static const char weak[] = "W/";
    if (text.end - text.begin > 2 && memcmp(text.begin, weak, 2) == 0) text.begin += 2;
    etag += strlen(weak);
    const size_t length = (size_t)(text.end - text.begin);
    return length == strlen(etag) && memcmp(text.begin, etag, length) == 0;
}

static bool has_tag(const char *list, const char *etag) {
    span rest = {list, list + strlen(list)};
    while (rest.begin < rest.end) {
        const span tag = span_cut(&rest, ',');
        if (span_is(tag, "*") || is_tag(tag, etag)) return true;
    }
    return false;
}

static bool client_has(struct MHD_Connection *connection, const char *etag) {
    char *memory = NULL;
    const char *list = http_joined_header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH, &memory);
    const bool has = list && has_tag(list, etag);
    free(memory);
    return has;
}

/* ---- sending it ------------------------------------------------------------ */

static embed_form form_in(const embed_file *file, http_coding coding) {
    if (coding == HTTP_CODING_GZIP) return file->gzip;
    return coding == HTTP_CODING_ZSTD ? file->zstd : file->plain;
}

/* As the client likes it best, of the forms that there are. */
static embed_form choose_form(const embed_file *file, const http_accept *accept, http_coding *coding) {
    *coding = http_accept_best(accept);
    embed_form form = form_in(file, *coding);
    if (form.bytes) return form;
    *coding = HTTP_CODING_IDENTITY;
    return file->plain;
}

static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* Files of the page have their content's hash in their name: they never change. Whoever has another one asks whether it
 * is still the same: it changes with the program. */
static void add_tag(const embed_file *file, api_response *response) {
    const bool lasts = begins(file->name, "/assets/");
    api_response_header(response, MHD_HTTP_HEADER_ETAG, "%s", file->etag);
    api_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "%s",
                        lasts ? "public, max-age=31536000, immutable" : "no-cache");
}

/* With a 304 as well: browsers take its headers in place of those that they have kept with the file. */
static void add_policy(const embed_file *file, api_response *response) {
    if (!begins(file->content_type, "text/html")) return;
    const bool is_page = strcmp(file->name, "/index.html") == 0;
    api_response_header(response, "Content-Security-Policy", "%s", is_page ? PAGE_POLICY : DOCS_POLICY);
    api_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    api_response_header(response, "Referrer-Policy", "no-referrer");
}

enum MHD_Result http_respond_file(struct MHD_Connection *connection, const char *name, const http_reply *reply) {
    const embed_file *file = embed_find(name);
    http_coding coding = HTTP_CODING_IDENTITY;
    embed_form form = {NULL, 0};
    api_response response = {.status = 304};
    add_tag(file, &response);
    add_policy(file, &response);
    if (!client_has(connection, file->etag)) {
        form = choose_form(file, reply->accept, &coding);
        response.status = 200;
        response.content_type = file->content_type;
    }
    struct MHD_Response *wire =
        MHD_create_response_from_buffer(form.size, (void *)(uintptr_t)form.bytes, MHD_RESPMEM_PERSISTENT);
    http_reply_note(reply, form.size);
    return http_respond_wire(connection, wire, coding, &response, reply);
}
