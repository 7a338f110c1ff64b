/*
 * Printing numbers, cvs_float_to_text() and cvs_floats_to_text() at every level: the input is an array of float32. Each
 * reads back by strtof(), and by our own reader, bit for bit, and is spelled as JSON has it.
 */
#include "harness.h"
#include "number/printers.h"
#include "numeral.h"

#include <convscope/number.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_reads_back(float value, const char *text, size_t length) {
    if (!isfinite(value)) {
        fuzz_require(length == 4 && memcmp(text, "null", 4) == 0, "what is not finite is null");
        return;
    }
    fuzz_require(numeral_length(text, length) == length, "JSON's spelling: %.*s", (int)length, text);
    const float back = numeral_value(text, length);
    float ours = NAN;
    fuzz_require(memcmp(&back, &value, sizeof value) == 0, "%a reads back from %.*s", (double)value, (int)length, text);
    fuzz_require(cvs_text_to_float(text, length, &ours) == length && memcmp(&ours, &value, sizeof value) == 0,
                 "our own reader takes %.*s for %a", (int)length, text, (double)value);
}

/* One by one, with commas between: what every level has to print. */
static size_t print_singly(const float *values, size_t count, char *out) {
    char *p = out;
    for (size_t i = 0; i < count; i++) {
        char text[CVS_FLOAT_TEXT_MAX];
        const size_t length = cvs_float_to_text(values[i], text);
        fuzz_require(length >= 1 && length <= sizeof text, "%zu bytes are no number's", length);
        check_reads_back(values[i], text, length);
        if (i > 0) *p++ = ',';
        memcpy(p, text, length);
        p += length;
    }
    return (size_t)(p - out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const cvs__print_fn levels[] = {cvs_floats_to_text, cvs__print_portable, cvs__print_avx2(), cvs__print_avx512()};
    const size_t count = size / sizeof(float), room = count * (CVS_FLOAT_TEXT_MAX + 1);
    if (count == 0) return 0;
    float *values = malloc(count * sizeof *values);
    char *want = malloc(room), *got = malloc(room);
    fuzz_require(values && want && got, "there is memory");
    memcpy(values, data, count * sizeof *values);
    const size_t length = print_singly(values, count, want);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (!levels[i]) continue;
        const size_t printed = levels[i](values, count, got);
        fuzz_require(printed == length && memcmp(got, want, length) == 0, "level %zu prints %.*s, not %.*s", i,
                     (int)printed, got, (int)length, want);
    }
    free(values);
    free(want);
    free(got);
    return 0;
}
