/*
 * What a client likes: the input is a header. As an Accept-Language it chooses the language of GET /v1/rules (RFC 9110,
 * 12.5.4), as an Accept a media type (12.5.1).
 */
#include "harness.h"

#include "api/accept.h"

#include <stdlib.h>
#include <string.h>

/* The length of the answer says the language, and costs less than reading it. */
static size_t rules_in(const char *accept_language) {
    api_response response = {0};
    api_rules(fuzz_context(), &(api_request){.body = "", .accept_language = accept_language}, &response);
    const size_t length = response.body_length;
    fuzz_require(response.status == 200 && length > 0, "rules are told: %d", response.status);
    api_response_free(&response);
    return length;
}

/* A language that nobody asks for, and one that is weighed at nothing, change nothing. */
static void check_more(const char *header, cvs_language language) {
    static const char *const more[] = {"x-nothing;q=1.0", "fr", "de;q=0.5", "zh;q=0", "en;q=0", " "};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        cvs_text text = {0};
        cvs_text_addf(&text, "%s,%s", header, more[i]);
        const cvs_language other = api_language(&(api_request){.accept_language = text.data});
        fuzz_require(other == language, "\"%s\" is a choice of language by \"%s\"", more[i], text.data);
        cvs_text_free(&text);
    }
}

/* Elements come from the header, one behind the other. */
static void check_elements(const char *header) {
    const char *end = header + strlen(header), *behind = header;
    span list = {header, end};
    for (accept_element element; accept_next(&list, &element); behind = element.name.end) {
        const span name = element.name;
        fuzz_require(name.begin >= behind && name.begin < name.end && name.end <= end, "a name in the header");
        fuzz_require(element.weight >= 0 && element.weight <= 1000, "%d thousandths", element.weight);
    }
}

/* Of the types it likes one, or none; with all of them as a last resort, one. */
static void check_types(const char *header) {
    static const char *const types[] = {"application/json", "application/octet-stream", "application/x-npy", NULL};
    const int best = accept_media_type(header, types);
    fuzz_require(best >= -1 && best < 3, "type %d of 3", best);
    cvs_text text = {0};
    cvs_text_addf(&text, "%s, text/nothing", header);
    fuzz_require(accept_media_type(text.data, types) == best, "a type that is not here changes nothing: %s", text.data);
    cvs_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static size_t english, chinese;
    if (!english) english = rules_in(NULL), chinese = rules_in("zh");
    char *header = fuzz_text(data, size);
    const cvs_language language = api_language(&(api_request){.accept_language = header});
    fuzz_require(language == CVS_ENGLISH || language == CVS_CHINESE, "a language that is spoken: %d", (int)language);
    fuzz_require(rules_in(header) == (language == CVS_ENGLISH ? english : chinese), "rules in the chosen language");
    check_elements(header);
    if (!strpbrk(header, "\"\\")) { /* within quotes there is no next element */
        check_more(header, language);
        check_types(header);
    }
    free(header);
    return 0;
}
