#include <convscope/base.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const status_names[] = {
    [CVS_OK] = "ok",
    [CVS_INVALID] = "invalid",
    [CVS_SYNTAX] = "syntax",
    [CVS_UNSUPPORTED] = "unsupported",
    [CVS_TOO_LARGE] = "too-large",
    [CVS_NO_MEMORY] = "no-memory",
    [CVS_INTERRUPTED] = "interrupted",
};

const char *cvs_status_name(cvs_status status) { return status_names[status]; }

/* After text of `needed` bytes was written into `size`: cut between two code points, so that UTF-8 stays UTF-8. */
static void cut(char *out, size_t size, int needed) {
    if (needed < 0 || (size_t)needed < size) return;
    size_t end = size - 1, start = end; /* of the last code point, which may be incomplete */
    while (start > 0 && ((unsigned char)out[start - 1] & 0xC0) == 0x80) start--;
    if (start == 0) return;
    unsigned char lead = (unsigned char)out[start - 1];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (end - (start - 1) < length) out[start - 1] = '\0';
}

cvs_status cvs_fail(cvs_error *err, cvs_status status, const char *code, const char *pointer, const char *format, ...) {
    if (!err || err->status != CVS_OK) return status;
    *err = (cvs_error){.status = status, .offset = -1};
    snprintf(err->code, sizeof err->code, "%s", code);
    cut(err->pointer, sizeof err->pointer, snprintf(err->pointer, sizeof err->pointer, "%s", pointer ? pointer : ""));
    va_list args;
    va_start(args, format);
    cut(err->message, sizeof err->message, vsnprintf(err->message, sizeof err->message, format, args));
    va_end(args);
    return status;
}

void cvs_fail_value(cvs_error *err, const char *format, ...) {
    if (!err || err->status == CVS_OK) return;
    va_list args;
    va_start(args, format);
    cut(err->value, sizeof err->value, vsnprintf(err->value, sizeof err->value, format, args));
    va_end(args);
}

void cvs_fail_expected(cvs_error *err, const char *format, ...) {
    if (!err || err->status == CVS_OK) return;
    va_list args;
    va_start(args, format);
    cut(err->expected, sizeof err->expected, vsnprintf(err->expected, sizeof err->expected, format, args));
    va_end(args);
}

void cvs_error_prefix(cvs_error *err, const char *prefix) {
    if (!err || err->status == CVS_OK) return;
    char joined[sizeof err->pointer];
    int written = snprintf(joined, sizeof joined, "%s%s", prefix, err->pointer);
    if (written < 0) return;
    cut(joined, sizeof joined, written);
    memcpy(err->pointer, joined, sizeof joined);
}
