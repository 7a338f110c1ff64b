#include "support.h"

#include <jansson.h>

static cvs_status read_json(reading_case *made, const char *source, cvs_framework framework) {
    json_error_t where;
    json_t *json = json_loads(source, 0, &where);
    ck_assert_msg(json != NULL, "%s: %s", source, where.text);
    const cvs_node *node = NULL;
    cvs_status status = cvs_node_from_jansson(&made->arena, json, &node, &made->err);
    if (!status) status = cvs_dialect_read(&made->arena, node, framework, &made->reading, &made->err);
    /* The texts of the nodes are jansson's; nothing of the reading that the tests look at is. */
    json_decref(json);
    return status;
}

static cvs_status read_text(reading_case *made, const char *source, cvs_framework framework) {
    const cvs_node node = {
        .kind = CVS_NODE_STRING, .text = source, .text_length = strlen(source), .place = {.offset = -1}};
    return cvs_dialect_read(&made->arena, &node, framework, &made->reading, &made->err);
}

reading_case reading_make(const char *source, cvs_framework framework, size_t memory_limit) {
    reading_case made = {.arena = cvs_arena_make(memory_limit)};
    made.status = source[0] == '{' ? read_json(&made, source, framework) : read_text(&made, source, framework);
    return made;
}

void reading_free(reading_case *made) { cvs_arena_free(&made->arena); }

cvs_layer read_layer_as(const char *source, cvs_framework framework) {
    reading_case made = reading_make(source, framework, 0);
    ck_assert_msg(made.status == CVS_OK, "%s: %s (%s)", source, made.err.message, made.err.pointer);
    cvs_layer layer = made.reading.layer;
    reading_free(&made);
    return layer;
}

cvs_layer read_layer(const char *source) { return read_layer_as(source, CVS_FRAMEWORK_AUTO); }

cvs_error read_error_as(const char *source, cvs_framework framework) {
    reading_case made = reading_make(source, framework, 0);
    ck_assert_msg(made.status != CVS_OK, "%s was read", source);
    ck_assert_int_eq(made.status, made.err.status);
    cvs_error err = made.err;
    reading_free(&made);
    return err;
}

cvs_error read_error(const char *source) { return read_error_as(source, CVS_FRAMEWORK_AUTO); }

void check_ints(const int64_t *got, int a, int b, int c) {
    ck_assert_int_eq(got[0], a);
    ck_assert_int_eq(got[1], b);
    ck_assert_int_eq(got[2], c);
}

int roll(dice *d, int sides) {
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return (int)((d->state * UINT64_C(2685821657736338717) >> 33) % (uint64_t)sides);
}
