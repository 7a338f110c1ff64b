#include "support.h"

#include <jansson.h>

Suite *json_suite(void);

static cvs_status convert(const char *text, cvs_arena *arena, const cvs_node **node, json_t **json, cvs_error *err) {
    *json = json_loads(text, JSON_DECODE_ANY, NULL);
    ck_assert_ptr_nonnull(*json);
    return cvs_node_from_jansson(arena, *json, node, err);
}

START_TEST(every_kind_of_value) {
    cvs_arena arena = cvs_arena_make(0);
    const cvs_node *node = NULL;
    json_t *json = NULL;
    ck_assert_int_eq(convert("{\"a\": [1, 2.5, \"x\", true, false, null], \"b\": {}}", &arena, &node, &json, NULL),
                     CVS_OK);
    ck_assert_int_eq(node->kind, CVS_NODE_DICT);
    ck_assert_int_eq(node->count, 2);
    const cvs_node *list = cvs_node_get(node, "a"), *item = list->child;
    ck_assert_int_eq(list->count, 6);
    ck_assert_int_eq(list->place.offset, -1);
    ck_assert_int_eq(item->integer, 1);
    item = item->next;
    ck_assert(item->kind == CVS_NODE_REAL && item->real == 2.5);
    item = item->next;
    ck_assert_str_eq(item->text, "x");
    item = item->next;
    ck_assert(item->kind == CVS_NODE_BOOL && item->boolean);
    item = item->next;
    ck_assert(item->kind == CVS_NODE_BOOL && !item->boolean);
    item = item->next;
    ck_assert_int_eq(item->kind, CVS_NODE_NULL);
    ck_assert_ptr_null(item->next);
    ck_assert_int_eq(cvs_node_get(node, "b")->kind, CVS_NODE_DICT);
    json_decref(json);
    cvs_arena_free(&arena);
}
END_TEST

START_TEST(depth_is_limited) {
    for (int depth = CVS_NODE_MAX_DEPTH; depth <= CVS_NODE_MAX_DEPTH + 1; depth++) {
        char text[128] = "";
        for (int i = 0; i < depth; i++) strcat(text, "[");
        for (int i = 0; i < depth; i++) strcat(text, "]");
        cvs_arena arena = cvs_arena_make(0);
        cvs_error err = {0};
        const cvs_node *node = NULL;
        json_t *json = NULL;
        cvs_status status = convert(text, &arena, &node, &json, &err);
        ck_assert_int_eq(status, depth > CVS_NODE_MAX_DEPTH ? CVS_INVALID : CVS_OK);
        if (status) ck_assert_str_eq(err.code, "too-deep");
        json_decref(json);
        cvs_arena_free(&arena);
    }
}
END_TEST

START_TEST(memory_is_bounded) {
    cvs_arena arena = cvs_arena_make(16 * 1024);
    cvs_error err = {0};
    const cvs_node *node = NULL;
    json_t *json = json_array();
    for (int i = 0; i < 10000; i++) json_array_append_new(json, json_integer(i));
    ck_assert_int_eq(cvs_node_from_jansson(&arena, json, &node, &err), CVS_NO_MEMORY);
    ck_assert_ptr_null(node);
    ck_assert_uint_le(arena.used, 16 * 1024);
    json_decref(json);
    cvs_arena_free(&arena);
}
END_TEST

Suite *json_suite(void) {
    Suite *suite = suite_create("json");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_test(core, every_kind_of_value);
    tcase_add_test(limits, depth_is_limited);
    tcase_add_test(limits, memory_is_bounded);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
