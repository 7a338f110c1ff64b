#include "number/text_float.h"
#include "number/list_body.h"
#include "number/lists.h"

size_t cvs_text_to_float(const char *text, size_t length, float *out) {
    const char *end = read_number(text, text + length, out);
    return end ? (size_t)(end - text) : 0;
}

size_t cvs__list_portable(const char *text, size_t length, float *out, size_t room, size_t *used, cvs_list_stop *stop) {
    list l = {text, text + length, out, room, CVS_LIST_FULL};
    while (l.room > 0 && l.stop == CVS_LIST_FULL) read_next(&l);
    *used = (size_t)(l.p - text);
    *stop = l.stop;
    return room - l.room;
}

size_t cvs_text_to_floats(const char *text, size_t length, float *out, size_t room, size_t *used, cvs_list_stop *stop) {
    const cvs__list_fn best = cvs__list_avx2();
    return (best ? best : cvs__list_portable)(text, length, out, room, used, stop);
}
