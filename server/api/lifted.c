#include "api/lifted.h"

#include "api/base64.h"

#include <convscope/number.h>

#include <math.h>
#include <string.h>

/*
 * What stands for array number 0 is the string of this byte and "A". Bodies with this byte in a string, or with an
 * escape that could spell it, are not lifted from: nobody can send a placeholder.
 */
enum { MARK = 0x7f, PLACEHOLDER_LENGTH = 4 };

static bool is_space(char byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

/* ---- one array ------------------------------------------------------------------ */

typedef struct reader {
    const char *p, *end; /* the end is behind the outermost bracket */
    float *out;
    size_t room; /* numbers that may still be written */
    cvs_shape shape;
} reader;

static char next_byte(reader *r) {
    while (r->p < r->end && is_space(*r->p)) r->p++;
    return r->p < r->end ? *r->p : '\0';
}

/* The first row says how long its neighbours have to be. */
static bool settle_size(reader *r, int axis, size_t size) {
    if (r->shape.dim[axis] == 0) r->shape.dim[axis] = (int64_t)size;
    return r->shape.dim[axis] == (int64_t)size;
}

/* From 2^63 on, an integer is one that jansson refuses. */
static bool all_small(const float *values, size_t count) {
    int large = 0;
    for (size_t i = 0; i < count; i++) large |= fabsf(values[i]) >= 0x1p63F;
    return !large;
}

static bool read_numbers(reader *r, int axis) {
    size_t used;
    cvs_list_stop stop;
    size_t count = cvs_text_to_floats(r->p, (size_t)(r->end - r->p), r->out, r->room, &used, &stop);
    r->p += used;
    if (stop != CVS_LIST_CLOSED || next_byte(r) != ']' || !all_small(r->out, count)) return false;
    r->p++;
    r->out += count;
    r->room -= count;
    if (r->shape.rank == 0) r->shape.rank = axis + 1;
    return r->shape.rank == axis + 1 && settle_size(r, axis, count);
}

/* An array at r->p, which is behind its bracket. */
static bool read_rows(reader *r, int axis) {
    if (axis == CVS_MAX_RANK) return false;
    if (next_byte(r) != '[') return read_numbers(r, axis);
    for (size_t size = 1;; size++) {
        if (next_byte(r) != '[') return false;
        r->p++;
        if (!read_rows(r, axis + 1)) return false;
        char byte = next_byte(r);
        r->p++;
        if (byte == ']') return settle_size(r, axis, size);
        if (byte != ',') return false;
    }
}

/* Behind the bracket that closes the one at `p`, and how many commas are in it; NULL when other than numbers are. */
static const char *measure(const char *p, const char *end, size_t *commas) {
    static const bool in_numbers[256] = {
        ['0'] = true, ['1'] = true, ['2'] = true,  ['3'] = true,  ['4'] = true, ['5'] = true, ['6'] = true,
        ['7'] = true, ['8'] = true, ['9'] = true,  ['+'] = true,  ['-'] = true, ['.'] = true, ['e'] = true,
        ['E'] = true, [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true};
    size_t depth = 0;
    for (*commas = 0; p < end; p++) {
        if (in_numbers[(unsigned char)*p]) continue;
        if (*p == ',') {
            ++*commas;
        } else if (*p == '[') {
            depth++;
        } else if (*p != ']') {
            return NULL;
        } else if (--depth == 0) {
            return p + 1;
        }
    }
    return NULL;
}

/* The array whose bracket is at `p`. */
static bool lift(lifted_arrays *lifted, cvs_arena *arena, const char *p, const char *end) {
    size_t commas;
    const char *behind = lifted->count < LIFTED_MOST ? measure(p, end, &commas) : NULL;
    if (!behind) return false;
    float *values = cvs_arena_take(arena, (commas + 1) * sizeof *values);
    if (!values) return false;
    reader r = {.p = p + 1, .end = behind, .out = values, .room = commas + 1};
    if (!read_rows(&r, 0) || r.p != behind) return false;
    lifted->array[lifted->count++] =
        (lifted_array){.begin = p, .end = behind, .values = values, .shape = r.shape, .count = commas + 1 - r.room};
    return true;
}

/* ---- a text in base64 -------------------------------------------------------------- */

/* The float32 in the string whose quote is at `p`. */
static bool lift_base64(lifted_arrays *lifted, cvs_arena *arena, const char *p, const char *end) {
    const char *text = p + 1, *quote = memchr(text, '"', (size_t)(end - text));
    size_t size = 0, bad;
    if (lifted->count == LIFTED_MOST || !quote || !base64_decoded_size(text, (size_t)(quote - text), &size))
        return false;
    const size_t count = size / sizeof(float);
    if (count == 0 || size % sizeof(float) != 0) return false;
    float *values = cvs_arena_take(arena, size);
    if (!values || !base64_decode(text, (size_t)(quote - text), values, &bad)) return false;
    const cvs_shape flat = {.rank = 1, .dim = {(int64_t)count}};
    lifted->array[lifted->count++] =
        (lifted_array){.begin = p, .end = quote + 1, .values = values, .shape = flat, .count = count};
    return true;
}

/* ---- where tensors stand --------------------------------------------------------- */

enum { DEEPEST = 3 }; /* the "data" of a weight, or of an entry of "inputs" */

typedef struct walk {
    lifted_places places;
    const char *p, *end;
    const char *text; /* the last string's first byte */
    size_t text_length;
    size_t depth;
    bool in_object[DEEPEST + 1];
    bool is_input, is_weights, is_inputs; /* the member of the root that the walk is in */
    bool is_data, is_base64;              /* the innermost member's name */
    char before;                          /* the last byte that was not white space */
} walk;

/* A string that starts at w->p; false when it has no end, or may look like a placeholder. */
static bool pass_string(walk *w) {
    const char *first = ++w->p;
    for (; w->p < w->end && *w->p != '"'; w->p++) {
        if (*w->p == MARK) return false;
        if (*w->p == '\\' && (++w->p == w->end || *w->p == 'u')) return false;
    }
    w->text = first;
    w->text_length = (size_t)(w->p - first);
    return w->p < w->end;
}

static bool text_is(const walk *w, const char *name) {
    return w->text_length == strlen(name) && memcmp(w->text, name, w->text_length) == 0;
}

static void enter_member(walk *w) {
    w->is_data = text_is(w, "data");
    w->is_base64 = text_is(w, "base64");
    if (w->depth != 1) return;
    w->is_input = text_is(w, "input");
    w->is_weights = text_is(w, "weights");
    w->is_inputs = text_is(w, "inputs");
}

static bool at_tensor(const walk *w) {
    if (w->depth < 1 || w->depth > DEEPEST || !w->in_object[1]) return false;
    bool is_member = w->in_object[w->depth];
    if (is_member ? w->before != ':' : w->before != '[' && w->before != ',') return false;
    bool is_data = is_member && w->is_data;
    if (w->places == LIFTED_INFER) return w->is_inputs && w->depth == 3 && !w->in_object[2] && is_data;
    if (w->is_input) return w->depth == 1 || (w->depth == 2 && is_data);
    return w->is_weights && (w->depth == 2 || (w->depth == 3 && is_data));
}

static bool at_base64(const walk *w) {
    if (w->places != LIFTED_CONVOLVE || w->before != ':' || !w->is_base64 || w->depth > DEEPEST) return false;
    return w->in_object[1] && w->in_object[w->depth] &&
           ((w->is_input && w->depth == 2) || (w->is_weights && w->depth == 3));
}

static void open_container(walk *w) {
    w->depth++;
    if (w->depth <= DEEPEST) w->in_object[w->depth] = *w->p == '{';
}

/* Pass one byte, string or lifted tensor; false ends the walk, and nothing may be lifted. */
static bool step(walk *w, lifted_arrays *lifted, cvs_arena *arena) {
    char byte = *w->p;
    if ((byte == '[' && at_tensor(w) && lift(lifted, arena, w->p, w->end)) ||
        (byte == '"' && at_base64(w) && lift_base64(lifted, arena, w->p, w->end))) {
        w->p = lifted->array[lifted->count - 1].end - 1;
        byte = *w->p;
    } else if (byte == '"') {
        if (!pass_string(w)) return false;
    } else if (byte == '[' || byte == '{') {
        open_container(w);
    } else if (byte == ']' || byte == '}') {
        if (w->depth-- == 0) return false;
    } else if (byte == ':') {
        enter_member(w);
    }
    if (!is_space(byte)) w->before = byte;
    w->p++;
    return true;
}

/* ---- the envelope ------------------------------------------------------------------ */

static bool write_envelope(lifted_arrays *lifted, cvs_arena *arena, const char *body, size_t length) {
    size_t size = length + lifted->count * PLACEHOLDER_LENGTH;
    for (size_t i = 0; i < lifted->count; i++) size -= (size_t)(lifted->array[i].end - lifted->array[i].begin);
    char *envelope = cvs_arena_take(arena, size), *out = envelope;
    if (!envelope) return false;
    const char *from = body;
    for (size_t i = 0; i < lifted->count; i++) {
        size_t kept = (size_t)(lifted->array[i].begin - from);
        memcpy(out, from, kept);
        memcpy(out + kept, (const char[]){'"', MARK, (char)('A' + i), '"'}, PLACEHOLDER_LENGTH);
        out += kept + PLACEHOLDER_LENGTH;
        from = lifted->array[i].end;
    }
    memcpy(out, from, (size_t)(body + length - from));
    lifted->envelope = envelope;
    lifted->envelope_length = size;
    return true;
}

bool lifted_read(lifted_arrays *lifted, lifted_places places, cvs_arena *arena, const char *body, size_t length) {
    walk w = {.places = places, .p = body, .end = body + length};
    bool walked = true;
    while (walked && w.p < w.end) walked = step(&w, lifted, arena);
    if (!walked || lifted->count == 0 || !write_envelope(lifted, arena, body, length)) {
        lifted->count = 0;
        return false;
    }
    return true;
}

const lifted_array *lifted_find(const lifted_arrays *lifted, const json_t *json) {
    if (!lifted || lifted->count == 0 || !json_is_string(json) || json_string_length(json) != 2) return NULL;
    const char *text = json_string_value(json);
    return text[0] == MARK ? &lifted->array[text[1] - 'A'] : NULL;
}
