/*
 * Reading numbers, cvs_text_to_float() and cvs_text_to_floats() at every level: the input is the text. The oracle is
 * the grammar and strtof(), bit for bit.
 */
#include "harness.h"
#include "number/lists.h"
#include "numeral.h"

#include <convscope/number.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct list {
    float *values;
    size_t count, used;
    cvs_list_stop stop;
} list;

static bool same_bits(const float *a, const float *b, size_t count) {
    return count == 0 || memcmp(a, b, count * sizeof *a) == 0;
}

/* `room` numbers, and not a byte more. */
static float *make_room(size_t room) {
    float *values = malloc(room * sizeof *values);
    fuzz_require(values, "there is memory");
    return values;
}

static size_t skip_blanks(const char *text, size_t at, size_t length) {
    while (at < length && strchr(" \t\r\n", text[at]) && text[at]) at++;
    return at;
}

/* number.h, sentence by sentence */
static list expected(const char *text, size_t length, size_t room) {
    list l = {.values = make_room(room)};
    for (;;) {
        l.used = skip_blanks(text, l.used, length);
        const size_t size = numeral_length(text + l.used, length - l.used);
        l.stop = CVS_LIST_NO_NUMBER;
        if (size == 0) return l;
        const float value = numeral_value(text + l.used, size);
        l.stop = CVS_LIST_TOO_LARGE;
        if (isinf(value)) return l;
        l.values[l.count++] = value;
        l.used = skip_blanks(text, l.used + size, length);
        l.stop = CVS_LIST_CLOSED;
        if (l.used == length || text[l.used] != ',') return l;
        l.used++;
        l.stop = CVS_LIST_FULL;
        if (l.count == room) return l;
    }
}

static void check_list(cvs__list_fn read, const char *text, size_t length, size_t room) {
    list want = expected(text, length, room), got = {.values = make_room(room)};
    got.count = read(text, length, got.values, room, &got.used, &got.stop);
    fuzz_require(got.count == want.count, "%zu numbers are read, not %zu", want.count, got.count);
    fuzz_require(got.stop == want.stop, "it stops for %d, not %d", (int)want.stop, (int)got.stop);
    fuzz_require(got.used == want.used, "%zu bytes are read, not %zu", want.used, got.used);
    fuzz_require(same_bits(got.values, want.values, want.count), "every bit is strtof()'s");
    free(want.values);
    free(got.values);
}

static void check_one(const char *text, size_t length) {
    float got = 0;
    const size_t size = numeral_length(text, length), used = cvs_text_to_float(text, length, &got);
    fuzz_require(used == size, "the number has %zu bytes, not %zu", size, used);
    if (size == 0) return;
    const float want = numeral_value(text, size);
    fuzz_require(same_bits(&got, &want, 1), "the number is %a, not %a", (double)want, (double)got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    size_t commas = 0;
    for (size_t i = 0; i < size; i++) commas += text[i] == ',';
    const cvs__list_fn levels[] = {cvs_text_to_floats, cvs__list_portable, cvs__list_avx2()};
    check_one(text, size);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (!levels[i]) continue;
        check_list(levels[i], text, size, commas + 1);
        if (commas > 1) check_list(levels[i], text, size, 1 + commas / 2);
    }
    return 0;
}
