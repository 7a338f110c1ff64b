#include "api/multipart.h"

#include "api/span.h"

#include <stdio.h>
#include <string.h>

/* Of RFC 2046; and what stands before it, between parts, is CR LF "--". */
enum { MOST_BOUNDARY = 70 };

/* The header fields of one part together. */
enum { MOST_HEAD = 4096 };

typedef struct splitter {
    const char *body, *at, *end;
    char delimiter[4 + MOST_BOUNDARY]; /* CR LF "--" and the boundary */
    size_t delimiter_length;
} splitter;

static cvs_status fail_at(const splitter *s, const char *place, const char *what, cvs_error *err) {
    return cvs_fail(err, CVS_SYNTAX, "malformed-multipart", "", "At byte %td of the multipart body %s.",
                    place - s->body, what);
}

/* ---- the boundary ------------------------------------------------------------------------- */

static bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_boundary_char(char c) { return is_letter_or_digit(c) || (c != '\0' && strchr("'()+_,-./:=? ", c)); }

static bool is_boundary(span text) {
    const ptrdiff_t length = text.end - text.begin;
    if (length < 1 || length > MOST_BOUNDARY || text.end[-1] == ' ') return false;
    for (const char *at = text.begin; at < text.end; at++) {
        if (!is_boundary_char(*at)) return false;
    }
    return true;
}

static cvs_status read_boundary(const char *content_type, splitter *s, cvs_error *err) {
    span parameters = {content_type, content_type + strlen(content_type)}, boundary;
    (void)span_cut(&parameters, ';');
    if (span_parameter(parameters, "boundary", &boundary) != 1 || !is_boundary(boundary)) {
        return cvs_fail(err, CVS_SYNTAX, "bad-boundary", "",
                        "The Content-Type of a multipart body needs one boundary, of 1 to %d letters, digits and "
                        "'()+_,-./:=? (RFC 2046).",
                        MOST_BOUNDARY);
    }
    const size_t length = (size_t)(boundary.end - boundary.begin);
    memcpy(s->delimiter, "\r\n--", 4);
    memcpy(s->delimiter + 4, boundary.begin, length);
    s->delimiter_length = 4 + length;
    return CVS_OK;
}

/* ---- one part ------------------------------------------------------------------------------ */

/* As the names are that a request can have; such a name is a JSON pointer as it is. */
static bool is_name(span text) {
    for (const char *at = text.begin; at < text.end; at++) {
        if (!is_letter_or_digit(*at) && (*at == '\0' || !strchr("_-.[]", *at))) return false;
    }
    return text.begin < text.end;
}

static cvs_status take_name(const splitter *s, span disposition, multipart_part *part, cvs_error *err) {
    span name;
    const bool is_field = span_is(span_cut(&disposition, ';'), "form-data");
    if (!is_field || span_parameter(disposition, "name", &name) != 1) {
        return fail_at(s, s->at, "a part begins without Content-Disposition: form-data; name=\"...\"", err);
    }
    const size_t length = (size_t)(name.end - name.begin);
    if (length > MULTIPART_MOST_NAME) {
        return cvs_fail(err, CVS_TOO_LARGE, "part-name-too-long", "",
                        "At byte %td of the multipart body a part begins whose name has %zu bytes; the most is %d.",
                        s->at - s->body, length, MULTIPART_MOST_NAME);
    }
    if (!is_name(name)) {
        return fail_at(s, s->at, "a part begins whose name is not made of letters, digits and _-.[]", err);
    }
    memcpy(part->name, name.begin, length);
    part->name[length] = '\0';
    return CVS_OK;
}

/* Parts come as they are: RFC 7578 took the encodings of mail away. */
static cvs_status check_encoding(const splitter *s, span encoding, cvs_error *err) {
    if (span_is(encoding, "binary") || span_is(encoding, "8bit") || span_is(encoding, "7bit")) return CVS_OK;
    return fail_at(s, s->at, "a part begins with a Content-Transfer-Encoding other than binary, 8bit or 7bit", err);
}

/* The header fields of the part at s->at, which end with `head`. */
static cvs_status read_head(const splitter *s, span head, multipart_part *part, cvs_error *err) {
    span disposition = {head.begin, head.begin};
    cvs_status status = CVS_OK;
    if (memmem(head.begin, (size_t)(head.end - head.begin), s->delimiter, s->delimiter_length)) {
        return fail_at(s, s->at, "a part begins that ends within its header fields", err);
    }
    while (head.begin < head.end && status == CVS_OK) {
        const char *line_end = memmem(head.begin, (size_t)(head.end - head.begin), "\r\n", 2);
        span line = {head.begin, line_end ? line_end : head.end};
        head.begin = line_end ? line_end + 2 : head.end;
        if (memchr(line.begin, '\0', (size_t)(line.end - line.begin)) || *line.begin == ' ' || *line.begin == '\t') {
            return fail_at(s, line.begin, "a header line of a part is folded or holds a NUL", err);
        }
        const span name = span_cut(&line, ':');
        if (span_is(name, "Content-Disposition") && disposition.begin < disposition.end) {
            return fail_at(s, s->at, "a part begins with more than one Content-Disposition", err);
        }
        if (span_is(name, "Content-Disposition")) disposition = span_trim(line);
        if (span_is(name, "Content-Transfer-Encoding")) status = check_encoding(s, span_trim(line), err);
    }
    return status == CVS_OK ? take_name(s, disposition, part, err) : status;
}

/* From the line behind a delimiter to the next delimiter, which is where s->at is afterwards. */
static cvs_status read_part(splitter *s, multipart_part *part, cvs_error *err) {
    const size_t left = (size_t)(s->end - s->at), most = MOST_HEAD + 4;
    const char *head_end = memmem(s->at, left < most ? left : most, "\r\n\r\n", 4);
    if (!head_end && left >= most) {
        return cvs_fail(err, CVS_TOO_LARGE, "part-head-too-long", "",
                        "At byte %td of the multipart body a part begins whose header fields have more than %d bytes.",
                        s->at - s->body, MOST_HEAD);
    }
    if (!head_end) return fail_at(s, s->at, "a part begins whose header fields have no end", err);
    cvs_status status = read_head(s, (span){s->at, head_end}, part, err);
    if (status != CVS_OK) return status;
    part->bytes = head_end + 4;
    const char *delimiter = memmem(part->bytes, (size_t)(s->end - part->bytes), s->delimiter, s->delimiter_length);
    if (!delimiter) return fail_at(s, s->at, "a part begins that no boundary ends: the body is cut off", err);
    part->length = (size_t)(delimiter - part->bytes);
    s->at = delimiter;
    return CVS_OK;
}

static cvs_status add_part(splitter *s, multipart *out, cvs_error *err) {
    if (out->count == MULTIPART_MOST_PARTS) {
        return cvs_fail(err, CVS_TOO_LARGE, "too-many-parts", "", "The multipart body has more than %d parts.",
                        MULTIPART_MOST_PARTS);
    }
    multipart_part *part = &out->part[out->count];
    cvs_status status = read_part(s, part, err);
    if (status != CVS_OK) return status;
    if (multipart_find(out, part->name)) {
        char pointer[MULTIPART_MOST_NAME + 2];
        snprintf(pointer, sizeof pointer, "/%s", part->name);
        return cvs_fail(err, CVS_SYNTAX, "duplicate-part", pointer, "There are two parts called \"%s\".", part->name);
    }
    out->count++;
    return CVS_OK;
}

/* ---- the body -------------------------------------------------------------------------------- */

/* Pass the delimiter at s->at and its line; *last when it is the closing one, which ends the body. */
static cvs_status pass_delimiter(splitter *s, size_t length, bool *last, cvs_error *err) {
    const char *begin = s->at;
    s->at += length;
    *last = s->end - s->at >= 2 && memcmp(s->at, "--", 2) == 0;
    if (*last) s->at += 2;
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t')) s->at++;
    const bool line_ends = s->end - s->at >= 2 && memcmp(s->at, "\r\n", 2) == 0;
    if (line_ends) s->at += 2;
    if (*last && s->at < s->end) return fail_at(s, s->at, "something follows the last boundary", err);
    if (!*last && !line_ends) return fail_at(s, begin, "a boundary begins whose line does not end with CR LF", err);
    return CVS_OK;
}

cvs_status multipart_read(const char *content_type, const char *body, size_t length, multipart *out, cvs_error *err) {
    splitter s = {.body = body, .at = body, .end = body + length};
    bool last;
    out->count = 0;
    cvs_status status = read_boundary(content_type, &s, err);
    if (status != CVS_OK) return status;
    /* The first delimiter has no line before it. */
    const size_t first = s.delimiter_length - 2;
    if (length < first || memcmp(body, s.delimiter + 2, first) != 0) {
        return fail_at(&s, body, "there should be the boundary that Content-Type names", err);
    }
    status = pass_delimiter(&s, first, &last, err);
    while (status == CVS_OK && !last) {
        status = add_part(&s, out, err);
        if (status == CVS_OK) status = pass_delimiter(&s, s.delimiter_length, &last, err);
    }
    return status;
}

const multipart_part *multipart_find(const multipart *parts, const char *name) {
    for (size_t i = 0; parts && i < parts->count; i++) {
        if (strcmp(parts->part[i].name, name) == 0) return &parts->part[i];
    }
    return NULL;
}
