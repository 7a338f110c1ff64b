#include "http/trace.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static bool is_digit_or_letter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_id_char(char c) { return is_digit_or_letter(c) || (c != '\0' && strchr("-_.~:/+=@", c)); }

void http_trace_read_id(http_trace *trace, const char *value, size_t length) {
    bool good = trace->ids++ == 0 && length > 0 && length < HTTP_ID_MAX;
    for (size_t i = 0; i < length && good; i++) good = is_id_char(value[i]);
    if (good) memcpy(trace->id, value, length);
    trace->id[good ? length : 0] = '\0';
}

/* ---- traceparent --------------------------------------------------------------- */

/* Lower-case hexadecimal digits and nothing else; *any says whether one of them is not 0. */
static bool is_hex(const char *text, size_t length, bool *any) {
    *any = false;
    for (size_t i = 0; i < length; i++) {
        if (!(text[i] >= '0' && text[i] <= '9') && !(text[i] >= 'a' && text[i] <= 'f')) return false;
        *any |= text[i] != '0';
    }
    return true;
}

/* "00-<32 digits>-<16 digits>-<2 digits>"; later versions may go on after another hyphen. */
static bool is_parent(const char *value, size_t length) {
    enum { VERSION = 0, TRACE = 3, SPAN = 36, FLAGS = 53, END = 55 };
    bool version, trace, span, flags;
    if (length < END || value[TRACE - 1] != '-' || value[SPAN - 1] != '-' || value[FLAGS - 1] != '-') return false;
    if (!is_hex(value, 2, &version) || !is_hex(value + TRACE, 32, &trace) || !is_hex(value + SPAN, 16, &span) ||
        !is_hex(value + FLAGS, 2, &flags))
        return false;
    if (!trace || !span || memcmp(value + VERSION, "ff", 2) == 0) return false;
    return length == END || (version && value[END] == '-');
}

void http_trace_read_parent(http_trace *trace, const char *value, size_t length) {
    const size_t digits = HTTP_TRACE_ID_MAX - 1;
    const bool good = trace->parents++ == 0 && is_parent(value, length);
    if (good) memcpy(trace->trace_id, value + strlen("00-"), digits);
    trace->trace_id[good ? digits : 0] = '\0';
}

/* ---- ids of our own -------------------------------------------------------------- */

void http_ids_begin(http_ids *ids) {
    uint64_t random[2];
    struct timespec now;
    if (getentropy(random, sizeof random) != 0) {
        clock_gettime(CLOCK_REALTIME, &now);
        random[0] = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec;
        random[1] = (uint64_t)getpid();
    }
    ids->process = random[0];
    ids->first = random[1];
    atomic_init(&ids->made, 0);
}

/* One to one, and neighbours come out far from each other (splitmix64). */
static uint64_t scatter(uint64_t number) {
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

static void write_hex(uint64_t number, char *out) {
    for (int i = 15; i >= 0; i--, number >>= 4) out[i] = "0123456789abcdef"[number & 15];
}

void http_ids_next(http_ids *ids, char id[HTTP_ID_MAX]) {
    const uint64_t number = atomic_fetch_add_explicit(&ids->made, 1, memory_order_relaxed);
    write_hex(ids->process, id);
    write_hex(scatter(ids->first + number), id + 16);
    id[32] = '\0';
}
