#include "api/accept.h"
#include "api/api.h"

#include <string.h>

cvs_language api_language(const api_request *request) {
    cvs_language best = CVS_ENGLISH;
    int most = 0;
    const char *header = request->accept_language ? request->accept_language : "";
    span list = {header, header + strlen(header)};
    accept_element element;
    while (accept_next(&list, &element)) {
        char tag[32] = "";
        const size_t length = (size_t)(element.name.end - element.name.begin);
        if (length < sizeof tag) memcpy(tag, element.name.begin, length);
        cvs_language language;
        if (element.weight > most && cvs_language_from_tag(tag, &language)) {
            best = language;
            most = element.weight;
        }
    }
    return best;
}
