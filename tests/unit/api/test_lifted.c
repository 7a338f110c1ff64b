/*
 * test_lifted.c - a body and its envelope are the same JSON: jansson, on the whole body, is the oracle.
 */
#include "api/lifted.h"

#include "api/base64.h"

#include "ask.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 60000, MOST = 512 };

/* ---- the same JSON? ---------------------------------------------------------------- */

static bool same_numbers(const json_t *whole, const lifted_array *array, int axis, const float **values) {
    if (axis == array->shape.rank) return json_is_number(whole) && (float)json_number_value(whole) == *(*values)++;
    if (!json_is_array(whole) || (int64_t)json_array_size(whole) != array->shape.dim[axis]) return false;
    for (size_t i = 0; i < json_array_size(whole); i++) {
        if (!same_numbers(json_array_get(whole, i), array, axis + 1, values)) return false;
    }
    return true;
}

/* The same bytes in base64, which no two texts stand for. */
static bool same_base64(const char *whole, const lifted_array *array) {
    const size_t size = array->count * sizeof *array->values;
    char text[MOST];
    if (strlen(whole) != base64_encoded_size(size)) return false;
    base64_encode(array->values, size, text);
    return memcmp(whole, text, strlen(whole)) == 0;
}

static bool same_value(const json_t *whole, json_t *json, const lifted_arrays *lifted) {
    const lifted_array *array = lifted_find(lifted, json);
    if (array && json_is_string(whole)) return same_base64(json_string_value(whole), array);
    if (array) {
        const float *values = array->values;
        return same_numbers(whole, array, 0, &values) && values == array->values + array->count;
    }
    if (json_typeof(whole) != json_typeof(json)) return false;
    if (json_is_array(whole)) {
        bool same = json_array_size(whole) == json_array_size(json);
        for (size_t i = 0; same && i < json_array_size(whole); i++)
            same = same_value(json_array_get(whole, i), json_array_get(json, i), lifted);
        return same;
    }
    if (!json_is_object(whole)) return json_equal(whole, json);
    bool same = json_object_size(whole) == json_object_size(json);
    const char *key;
    json_t *member;
    json_object_foreach(json, key, member) {
        const json_t *other = json_object_get(whole, key);
        same = same && other && same_value(other, member, lifted);
    }
    return same;
}

/* How many arrays were lifted from `body`. */
static size_t check_same_in(lifted_places places, const char *body) {
    lifted_arrays lifted = {0};
    cvs_arena arena = cvs_arena_make(0);
    if (lifted_read(&lifted, places, &arena, body, strlen(body))) {
        json_t *whole = json_loadb(body, strlen(body), JSON_REJECT_DUPLICATES, NULL);
        json_t *json = json_loadb(lifted.envelope, lifted.envelope_length, JSON_REJECT_DUPLICATES, NULL);
        ck_assert_msg(!whole == !json, "%s in %s", whole ? "refused" : "taken", body);
        ck_assert_msg(!whole || same_value(whole, json, &lifted), "read as something else: %s", body);
        json_decref(whole);
        json_decref(json);
    }
    cvs_arena_free(&arena);
    return lifted.count;
}

static size_t check_same(const char *body) { return check_same_in(LIFTED_CONVOLVE, body); }

/* ---- cases ---------------------------------------------------------------------------- */

static const char plain[] = "{\"layer\": \"Conv2D(1, 2)\", \"input\": [[[[1], [2.5]], [[3e1],[-4]]]], \n"
                            "\"weights\": [[[[[1]], [[0.5]]], [[[7]], [[1E-3]]]], {\"shape\": [1], \"data\": [0.25]}]}";

START_TEST(tensors_are_lifted) {
    static const struct {
        const char *body;
        size_t count;
    } cases[] = {
        {plain, 3},
        {"{\"input\": [ 1 ,\t-0.5\r\n] }", 1},
        {"{\"input\":{\"data\":[1,2],\"shape\":[2]}}", 1},
        {"{\"weights\":{\"kernel\":[[1,2]],\"bias\":{\"shape\":[1],\"data\":[3]}}}", 2},
        {"{\"weights\":[[1],[2],[3],[4],[5],[6],[7]]}", LIFTED_MOST},
        {"{\"input\":[[[[[[[[1]]]]]]]]}", 1},
        {"{\"input\":{\"shape\":[1],\"base64\":\"AACAPw==\"}}", 1},
        {"{\"weights\":{\"kernel\":{\"base64\":\"AACAPwAAAEAAAEBA\"},\"bias\":{\"base64\" : "
         "\"AACAPw==\",\"shape\":[1]}}}",
         2},
        {"{\"weights\":[{\"base64\":\"AACAPw==\",\"dtype\":\"float32\"},[1]]}", 2},
        /* where no tensor stands */
        {"{\"base64\":\"AACAPw==\"}", 0},
        {"{\"layer\":{\"base64\":\"AACAPw==\"}}", 0},
        {"{\"input\":{\"data\":\"AACAPw==\"}}", 0},
        {"{\"input\":[{\"base64\":\"AACAPw==\"}]}", 0},
        {"{\"input\":{\"x\":{\"base64\":\"AACAPw==\"}}}", 0},
        {"{\"input\":{\"base64\":[\"AACAPw==\"]}}", 0},
        {"{\"input\":{\"base64\" \"AACAPw==\"}}", 0},
        {"{\"weights\":{\"base64\":\"AACAPw==\"}}", 0},
        {"[{\"input\":{\"base64\":\"AACAPw==\"}}]", 0},
        {"{\"layer\":[1]}", 0},
        {"{\"input\":{\"shape\":[1]}}", 0},
        {"[[1],{\"input\":[1]}]", 0},
        {"{\"layer\":{\"input\":[1]}}", 0},
        {"{\"weights\":[1]}", 0},
        {"{\"input\":[1],[2]:3}", 1},
        {"{\"input\" [1]}", 0},
        {"{\"input\":1 [1]}", 0},
        /* what is left to jansson */
        {"{\"input\":{\"base64\":\"\"}}", 0},
        {"{\"input\":{\"base64\":\"AACAPw=\"}}", 0},
        {"{\"input\":{\"base64\":\"AACA\"}}", 0},
        {"{\"input\":{\"base64\":\"AACAPx==\"}}", 0},
        {"{\"input\":{\"base64\":\"AACA\\/w==\"}}", 0},
        {"{\"input\":{\"base64\":\"AAC\\\"Pw==\"}}", 0},
        {"{\"input\":{\"base64\":\"AACAPw==", 0},
        {"{\"input\":[]}", 0},
        {"{\"input\":[[1],[]]}", 0},
        {"{\"input\":[[1],[2,3]]}", 0},
        {"{\"input\":[[1],2]}", 0},
        {"{\"input\":[1,[2]]}", 0},
        {"{\"input\":[1,]}", 0},
        {"{\"input\":[01]}", 0},
        {"{\"input\":[1 2]}", 0},
        {"{\"input\":[[1][2]]}", 0},
        {"{\"input\":[[1]5[2]]}", 0},
        {"{\"input\":[1", 0},
        {"{\"input\":[NaN]}", 0},
        {"{\"input\":[\"1\"]}", 0},
        {"{\"input\":[1e39]}", 0},
        {"{\"input\":[9223372036854775808]}", 0},
        {"{\"input\":[[[[[[[[[1]]]]]]]]]}", 0},
        /* what could pass for a placeholder */
        {"{\"input\":[1],\"layer\":\"\x7f\x41\"}", 0},
        {"{\"input\":[1],\"layer\":\"\\u007fA\"}", 0},
        {"{\"input\":[1],\"layer\":\"\\\"\\\\\"}", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = check_same(cases[i].body);
        ck_assert_msg(count == cases[i].count, "%zu instead of %zu from %s", count, cases[i].count, cases[i].body);
    }
}
END_TEST

START_TEST(tensors_of_an_inference_request_are_lifted) {
    static const struct {
        const char *body;
        size_t count;
    } cases[] = {
        {"{\"inputs\":[{\"name\":\"input\",\"data\":[1,2],\"shape\":[2]},{\"data\":[[3],[4]]}]}", 2},
        {"{\"inputs\":[{\"data\":[1]},{\"data\":[1]},{\"data\":[1]},{\"data\":[1]},{\"data\":[1]},{\"data\":[1]},"
         "{\"data\":[1]}]}",
         LIFTED_MOST},
        /* elsewhere than there */
        {"{\"inputs\":[{\"shape\":[1,2]}]}", 0},
        {"{\"inputs\":[{\"parameters\":{\"data\":[1]}}]}", 0},
        {"{\"inputs\":{\"data\":[1]}}", 0},
        {"{\"inputs\":{\"a\":{\"data\":[1]}}}", 0},
        {"{\"inputs\":[[[1]]]}", 0},
        {"{\"inputs\":[[{\"data\":[1]}]]}", 0},
        {"{\"outputs\":[{\"data\":[1]}]}", 0},
        {"{\"input\":[1],\"weights\":[[1]]}", 0},
        {"{\"x\":{\"inputs\":[{\"data\":[1]}]}}", 0},
        {"[{\"inputs\":[{\"data\":[1]}]}]", 0},
        /* no numbers */
        {"{\"inputs\":[{\"data\":[true]}]}", 0},
        {"{\"inputs\":[{\"data\":[[1],[2,3]]}]}", 0},
        {"{\"inputs\":[{\"data\":[]}]}", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = check_same_in(LIFTED_INFER, cases[i].body);
        ck_assert_msg(count == cases[i].count, "%zu instead of %zu from %s", count, cases[i].count, cases[i].body);
    }
}
END_TEST

static size_t pick(size_t count) { return (size_t)rand() % count; }

/* Put a piece in the place of up to two bytes. */
static void mutate(char *body) {
    static const char *const pieces[] = {"[",         "]",         "{",           "}",          ",",
                                         ":",         "\"",        "1",           "0",          "-",
                                         ".",         "e",         " ",           "\n",         "[1]",
                                         "[[2],[3]]", "null",      "\xff",        "\\",         "x",
                                         "1e39",      "\"data\":", "\"base64\":", "\"input\":", "9999999999999999999"};
    const char *piece = pieces[pick(sizeof pieces / sizeof *pieces)];
    size_t length = strlen(body), at = pick(length + 1), gone = pick(3), added = strlen(piece);
    if (at + gone > length || length + added >= MOST) return;
    memmove(body + at + added, body + at + gone, length - at - gone + 1);
    memcpy(body + at, piece, added);
}

START_TEST(mutated_bodies_stay_the_same_json) {
    static const char *const seeds[] = {
        plain, "{\"input\":{\"shape\":[2],\"data\":[1,2]},\"weights\":{\"kernel\":[[3,4],[5,6]],\"bias\":[7.5]}}",
        "{\"input\":{\"shape\":[1],\"base64\":\"AACAPw==\"},\"weights\":[{\"base64\":\"AAAAQAAAQEA=\"},[1]]}",
        "{\"id\":\"1\",\"inputs\":[{\"name\":\"a\",\"data\":[1,2],\"shape\":[2]},{\"data\":[[3],[4]]}]}"};
    size_t lifted = 0;
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        char body[MOST];
        snprintf(body, sizeof body, "%s", seeds[round % 4]);
        for (size_t changes = 1 + pick(3); changes > 0; changes--) mutate(body);
        lifted += check_same_in(round % 4 == 3 ? LIFTED_INFER : LIFTED_CONVOLVE, body);
    }
    ck_assert_uint_gt(lifted, ROUNDS / 2);
}
END_TEST

/* An escape in a key keeps everything in the envelope, and means the same. */
START_TEST(answers_are_the_same) {
    char *other = NULL, *text[2];
    ck_assert_int_gt(asprintf(&other, "{\"l\\u0061yer\"%s", plain + strlen("{\"layer\"")), 0);
    const char *const bodies[] = {plain, other};
    for (int i = 0; i < 2; i++) {
        json_t *answer = ask(api_convolve, 200, bodies[i]);
        text[i] = json_dumps(at(answer, "output"), JSON_SORT_KEYS);
        json_decref(answer);
    }
    ck_assert_str_eq(text[0], text[1]);
    free(text[0]);
    free(text[1]);
    free(other);
}
END_TEST

START_TEST(errors_name_the_place_in_the_whole_body) {
    check_refused(api_convolve, 422, "/weights/1/data/0", "wrong-type",
                  "{'layer': 'Conv1D(1, 1)', 'input': [[[1]]], 'weights': [[[[2]]], {'shape': [1], 'data': ['x']}]}");
    check_refused(api_convolve, 422, "/weights/0", "weights-shape-mismatch",
                  "{'layer': 'Conv1D(1, 1)', 'input': [[[1]]], 'weights': [[[[2, 3]]], [1]]}");
    check_refused(api_convolve, 422, "/weights/0/base64", "data-length-mismatch",
                  "{'layer': 'Conv1D(1, 1)', 'input': [[[1]]], "
                  "'weights': [{'shape': [2, 1, 1], 'base64': 'AACAPw=='}, {'shape': [1], 'base64': 'AACAPw=='}]}");
    check_refused(
        api_convolve, 422, "/input/base64", "not-base64",
        "{'layer': 'Conv1D(1, 1)', 'input': {'shape': [1, 1, 1], 'base64': 'AACA-w=='}, 'weights': [[[[2]]], [1]]}");
    check_refused(api_convolve, 422, "/input", "tensor-ambiguous",
                  "{'layer': 'Conv1D(1, 1)', 'input': {'shape': [1, 1, 1], 'data': [1], 'base64': 'AACAPw=='},"
                  "'weights': [[[[2]]], [1]]}");
    check_refused(api_convolve, 422, "/input", "too-many-axes",
                  "{'layer': 'Conv1D(1, 1)', 'input': [[[[[[[[[1]]]]]]]]], 'weights': [[[[2]]], [1]]}");
    json_t *problem = ask(api_convolve, 400, "{'input': [[[1.25]]],\n'weights': [[1, 2],  x]}");
    ck_assert_ptr_nonnull(strstr(json_string_value(at(problem, "detail")), "line 2, column 22"));
    json_decref(problem);
}
END_TEST

Suite *lifted_suite(void);
Suite *lifted_suite(void) {
    Suite *suite = suite_create("api/lifted");
    TCase *core = tcase_create("core");
    tcase_set_timeout(core, 60);
    tcase_add_test(core, tensors_are_lifted);
    tcase_add_test(core, tensors_of_an_inference_request_are_lifted);
    tcase_add_test(core, mutated_bodies_stay_the_same_json);
    tcase_add_test(core, answers_are_the_same);
    tcase_add_test(core, errors_name_the_place_in_the_whole_body);
    suite_add_tcase(suite, core);
    return suite;
}
