#include "http/coding.h"

#include "api/accept.h"

static const char *const names[HTTP_CODINGS] = {"identity", "gzip", "zstd"};

const char *http_coding_name(http_coding coding) { return names[coding]; }

static http_coding coding_of(span name) {
    for (int i = 0; i < HTTP_CODINGS; i++)
        if (span_is(name, names[i])) return (http_coding)i;
    return span_is(name, "x-gzip") ? HTTP_CODING_GZIP : HTTP_CODING_UNKNOWN;
}

/* ---- of a request's body -------------------------------------------------- */

http_coding http_coding_read(http_coding before, const char *value, size_t length) {
    span rest = {value, value + length};
    while (rest.begin < rest.end) {
        const span name = span_cut(&rest, ',');
        const http_coding coding = name.begin < name.end ? coding_of(name) : HTTP_CODING_IDENTITY;
        if (coding == HTTP_CODING_IDENTITY) continue;
        before = before == HTTP_CODING_IDENTITY ? coding : HTTP_CODING_SEVERAL;
    }
    return before;
}

/* ---- of an answer --------------------------------------------------------- */

void http_accept_read(http_accept *accept, const char *value, size_t length) {
    span list = {value, value + length};
    accept_element element;
    accept->given = true;
    while (accept_next(&list, &element)) {
        const http_coding coding = coding_of(element.name);
        if (span_is(element.name, "*")) {
            accept->any = true;
            accept->any_weight = (short)element.weight;
        } else if (coding < HTTP_CODING_UNKNOWN) {
            accept->named[coding] = true;
            accept->weight[coding] = (short)element.weight;
        }
    }
}

/* Identity that is not spoken of is taken, but liked least. */
static int weight_of(const http_accept *accept, http_coding coding) {
    if (accept->named[coding]) return accept->weight[coding];
    if (accept->any) return accept->any_weight;
    return coding == HTTP_CODING_IDENTITY ? 1 : 0;
}

bool http_accept_takes(const http_accept *accept, http_coding coding) {
    return !accept->given || weight_of(accept, coding) > 0;
}

http_coding http_accept_best(const http_accept *accept) {
    const bool zstd_named = accept->named[HTTP_CODING_ZSTD];
    const http_coding order[] = {zstd_named ? HTTP_CODING_ZSTD : HTTP_CODING_GZIP, HTTP_CODING_GZIP, HTTP_CODING_ZSTD,
                                 HTTP_CODING_IDENTITY};
    http_coding best = HTTP_CODING_IDENTITY;
    int most = 0;
    if (!accept->given) return best;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const int weight = weight_of(accept, order[i]);
        if (weight > most) {
            most = weight;
            best = order[i];
        }
    }
    return best;
}
