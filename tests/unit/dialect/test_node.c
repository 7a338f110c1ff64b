#include "dialect/node.h"
#include "support.h"

Suite *node_suite(void);

static cvs_arena arena;
static void setup(void) { arena = cvs_arena_make(0); }
static void teardown(void) { cvs_arena_free(&arena); }

static const cvs_node *parse(const char *text) {
    const cvs_node *node = NULL;
    cvs_error err = {0};
    ck_assert_msg(cvs_text_parse(&arena, text, strlen(text), &node, &err) == CVS_OK, "%s: %s", text, err.message);
    return node;
}

START_TEST(children_are_found_by_key_and_position) {
    const cvs_node *node = parse("f(1, 2, a=3, b=4)");
    ck_assert_int_eq(cvs_node_get(node, "b")->integer, 4);
    ck_assert_ptr_null(cvs_node_get(node, "c"));
    ck_assert_int_eq(cvs__node_at(node, 1)->integer, 2);
    ck_assert_ptr_null(cvs__node_at(node, 4));
    ck_assert_ptr_eq(cvs_node_get(node, "a")->parent, node);
}
END_TEST

START_TEST(pointers_are_rfc_6901) {
    const cvs_node *node = parse("{'a/b': {'m~n': [0, [1, 2]]}}");
    const cvs_node *deep = cvs_node_get(cvs_node_get(node, "a/b"), "m~n")->child->next->child->next;
    cvs_text text = {0};
    cvs_node_pointer(deep, &text);
    ck_assert_str_eq(text.data, "/a~1b/m~0n/1/1");
    cvs_text_clear(&text);
    cvs__node_pointer_below(deep, node->child, &text);
    ck_assert_str_eq(text.data, "/m~0n/1/1");
    cvs_text_clear(&text);
    cvs_node_pointer(node, &text);
    ck_assert_uint_eq(text.length, 0);
    cvs_text_free(&text);
}
END_TEST

START_TEST(nodes_are_shown_as_written) {
    static const char *const rows[][2] = {
        {"[1, 2.0, 'a', None, True, x.y, {'k': -1}, f(2, z=3)]", "[1, 2.0, 'a', None, True, x.y, {k: -1}, f(2, z=3)]"},
        {"0.1", "0.1"},
        {"1e30", "1e+30"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvs_text text = {0};
        cvs__node_show(parse(rows[i][0]), &text);
        ck_assert_str_eq(text.data, rows[i][1]);
        cvs_text_free(&text);
    }
}
END_TEST

START_TEST(long_nodes_are_cut_between_code_points) {
    char source[600] = "'";
    for (int i = 0; i < 100; i++) strcat(source, "卷");
    strcat(source, "'");
    cvs_text text = {0};
    cvs__node_show(parse(source), &text);
    ck_assert_uint_lt(text.length, 100);
    ck_assert_uint_eq((text.length - strlen("'...'")) % 3, 0);
    cvs_text_free(&text);
}
END_TEST

Suite *node_suite(void) {
    Suite *suite = suite_create("node");
    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, setup, teardown);
    tcase_add_test(core, children_are_found_by_key_and_position);
    tcase_add_test(core, pointers_are_rfc_6901);
    tcase_add_test(core, nodes_are_shown_as_written);
    tcase_add_test(core, long_nodes_are_cut_between_code_points);
    suite_add_tcase(suite, core);
    return suite;
}
