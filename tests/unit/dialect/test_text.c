#include "dialect/node.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

Suite *text_suite(void);

typedef struct parsed {
    cvs_arena arena;
    const cvs_node *node;
    cvs_status status;
    cvs_error err;
} parsed;

static parsed parse(const char *text, size_t length) {
    parsed p = {.arena = cvs_arena_make(0)};
    p.status = cvs_text_parse(&p.arena, text, length, &p.node, &p.err);
    return p;
}

/* What people paste around a layer: its name (or NULL), and the layer as it is read. */
static const struct {
    const char *text, *name, *shown;
} pastes[] = {
    {"Conv2D(3)", NULL, "Conv2D(3)"},
    {"  Conv2D( 3 , )  ", NULL, "Conv2D(3)"},
    {"x = Conv2D(3)", "x", "Conv2D(3)"},
    {"a = b = Conv2D(3)", "b", "Conv2D(3)"},
    {"self.c1 = nn.Conv2d(3)", "c1", "nn.Conv2d(3)"},
    {"self.c1: nn.Module = nn.Conv2d(3)", "c1", "nn.Conv2d(3)"},
    {"model.add(Conv2D(3))", NULL, "Conv2D(3)"},
    {"model.add(layer=Conv2D(3))", NULL, "Conv2D(3)"},
    {"self.add_module('c1', nn.Conv2d(3))", "c1", "nn.Conv2d(3)"},
    {"self.layers.append(nn.Conv2d(3))", NULL, "nn.Conv2d(3)"},
    {"blocks.insert(0, nn.Conv2d(3))", NULL, "nn.Conv2d(3)"},
    {"blocks += [nn.Conv2d(3)]", "blocks", "nn.Conv2d(3)"},
    {"blocks.extend([nn.Conv2d(3)])", NULL, "nn.Conv2d(3)"},
    {"setattr(self, 'c1', nn.Conv2d(3))", "c1", "nn.Conv2d(3)"},
    {"setattr(self, 'c%d' % i, nn.Conv2d(3))", NULL, "nn.Conv2d(3)"},
    {"c1 = spectral_norm(nn.Conv2d(3), n_power_iterations=2)", "c1", "nn.Conv2d(3)"},
    {"blocks.append(nn.utils.weight_norm(nn.Conv2d(3)))", NULL, "nn.Conv2d(3)"},
    {"stem = nn.Sequential(nn.Conv2d(3))", "stem", "nn.Conv2d(3)"},
    {"[nn.Conv2d(3)]", NULL, "nn.Conv2d(3)"},
    {"c1 = nn.Conv2d(3).to(device)", "c1", "nn.Conv2d(3)"},
    {"y = nn.Conv2d(3).cuda()(x)[0].relu()", "y", "nn.Conv2d(3)"},
    {"y = (Conv2D(3))(x)", "y", "Conv2D(3)"},
    {"model.add(Conv2D(3), 4)", NULL, "model.add(Conv2D(3), 4)"},
    {"nn.Sequential(nn.Conv2d(3), nn.ReLU())", NULL, "nn.Sequential(nn.Conv2d(3), nn.ReLU())"},
    {"x = Conv2D(3)(x)", "x", "Conv2D(3)"},
    {"return Conv2D(3)(inputs)", NULL, "Conv2D(3)"},
    {"(0): Conv2d(3)", "0", "Conv2d(3)"},
    {"  (conv1): Conv2d(3)", "conv1", "Conv2d(3)"},
    {"Conv2D(3),", NULL, "Conv2D(3)"},
    {"Conv2D(3);", NULL, "Conv2D(3)"},
    {"Conv2D(3) # a comment, with (brackets", NULL, "Conv2D(3)"},
    {"# first\nConv2D(3)", NULL, "Conv2D(3)"},
    {">>> Conv2D(3,\n...     4)", NULL, "Conv2D(3, 4)"},
    {"Conv2D(\n    3,\n    4,\n)\n", NULL, "Conv2D(3, 4)"},
    {"Conv2D(3, \\\n 4)", NULL, "Conv2D(3, 4)"},
    {"Conv2D(3,\r\n 4)\r\n", NULL, "Conv2D(3, 4)"},
    {"\xEF\xBB\xBF"
     "Conv2D(3,\xC2\xA0"
     "4)",
     NULL, "Conv2D(3, 4)"}, /* a byte order mark, a no-break space */
    {"tf.keras.layers.Conv2D(3)", NULL, "tf.keras.layers.Conv2D(3)"},
    {"\xE5\x8D\xB7 = Conv2D(3)", "\xE5\x8D\xB7", "Conv2D(3)"}, /* a Chinese variable */
    {"{'class_name': 'Conv2D'}", NULL, "{class_name: 'Conv2D'}"},
    {"Sequential(\n  (0): Conv2d(3)\n  (1): ReLU()\n)", NULL, "Sequential(0=Conv2d(3), 1=ReLU())"},
};

START_TEST(whatever_is_pasted) {
    const char *text = pastes[_i].text;
    parsed p = parse(text, strlen(text));
    ck_assert_msg(p.status == CVS_OK, "%s: %s", text, p.err.message);
    ck_assert_msg(!p.node->key == !pastes[_i].name && (!p.node->key || strcmp(p.node->key, pastes[_i].name) == 0),
                  "%s: named %s", text, p.node->key);
    ck_assert_ptr_null(p.node->parent);
    cvs_text shown = {0};
    cvs__node_show(p.node, &shown);
    ck_assert_str_eq(shown.data, pastes[_i].shown);
    cvs_text_free(&shown);
    cvs_arena_free(&p.arena);
}
END_TEST

/* Values of Python's literals, by Python 3. */
static const char *const values[][2] = {
    {"1_000", "1000"},
    {"-5", "-5"},
    {"- -5", "5"},
    {"+5", "5"},
    {"2*3 + 4", "10"},
    {"2 + 3*4", "14"},
    {"(2 + 3)*4", "20"},
    {"2**5", "32"},
    {"-2**2", "-4"},
    {"7//2", "3"},
    {"-7//2", "-4"},
    {"7/2", "3.5"},
    {"8/2", "4.0"},
    {"10 - 2 - 3", "5"},
    {"1.5e3", "1500.0"},
    {"-1.5", "-1.5"},
    {"0.5*4", "2.0"},
    {"0**3", "0"},
    {"0**0", "1"},
    {"(-1)**4611686018427387904", "1"},
    {"(-1)**4611686018427387905", "-1"},
    {"2**-1", "2**-1"},
    {"10**30", "10**30"},
    {"7 % 4", "7 % 4"},
    {".5", "0.5"},
    {"1.", "1.0"},
    {"2**2**3", "2**2**3"},
    {"1//0", "1//0"},
    {"9223372036854775807 + 1", "9223372036854775807 + 1"},
    {"2*n", "2*n"},
    {"-n", "-n"},
    {"x.shape[1:]", "x.shape[1:]"},
    {"'a' + str(i)", "'a' + str(i)"},
    {"(3,)*2", "[3, 3]"},
    {"[1, n]*2", "[1, n, 1, n]"},
    {"(3,)*n", "(3,)*n"},
    {"(3,)*0", "(3,)*0"},
    {"(3,)*65", "(3,)*65"},
    {"[[1]]*2", "[[1]]*2"},
    {"(3,)*2 + (4,)", "(3,)*2 + (4,)"},
    {"int(1.5*32)", "48"},
    {"int(-2.7)", "-2"},
    {"int(7)", "7"},
    {"int(n)", "int(n)"},
    {"int(1e300)", "int(1e+300)"},
    {"1 if i > 0 else 2", "1 if i > 0 else 2"},
    {"not bn", "not bn"},
    {"norm is None", "norm is None"},
    {"(a == f(b, [c]))", "a == f(b, [c])"},
    {"i for i in (1, 2)", "i for i in (1, 2)"},
    {"'it\\'s'", "'it's'"},
    {"\"a\\tb\\x41\\u00e9\\101\\q\"", "'a\tbA\xC3\xA9"
                                      "A\\q'"},
    {"r'a\\n'", "'a\\n'"},
    {"u'a'", "'a'"},
    {"()", "[]"},
    {"(1,)", "[1]"},
    {"(1)", "1"},
    {"[1, (2, 3)]", "[1, [2, 3]]"},
    {"true", "True"},
    {"null", "None"},
};

START_TEST(literals_have_python_s_values) {
    char text[128];
    snprintf(text, sizeof text, "f(%s)", values[_i][0]);
    parsed p = parse(text, strlen(text));
    ck_assert_msg(p.status == CVS_OK, "%s: %s", text, p.err.message);
    cvs_text shown = {0};
    cvs__node_show(p.node->child, &shown);
    ck_assert_str_eq(shown.data, values[_i][1]);
    cvs_text_free(&shown);
    cvs_arena_free(&p.arena);
}
END_TEST

static const struct {
    const char *text, *code;
    int offset, line, column;
    const char *expected; /* part of what would have been possible */
} mistakes[] = {
    {"", "empty-text", 0, 1, 1, "Conv2D(32, 3)"},
    {"  # nothing", "empty-text", 11, 1, 12, "Conv2D(32, 3)"},
    {"Conv2D(32, 3", "unclosed-bracket", 12, 1, 13, "',' or ')'"},
    {"Conv2D(32, (3, 3)", "unclosed-bracket", 17, 1, 18, "',' or ')'"},
    {"Conv2D(32,\n  [3, 3)", "mismatched-bracket", 18, 2, 8, "',' or ']'"},
    {"Conv2D(32, 3))", "unexpected-token", 13, 1, 14, "the end of the text"},
    {"Conv2D(32 3)", "unexpected-token", 10, 1, 11, "',' or ')'"},
    {"Conv2D(32,, 3)", "unexpected-token", 10, 1, 11, "a value"},
    {"Conv2D(32, padding=)", "mismatched-bracket", 19, 1, 20, "a value"},
    {"Conv2D(32, 'same)", "unclosed-string", 11, 1, 12, "'"},
    {"Conv2D(32, 'a\nb')", "unclosed-string", 11, 1, 12, "'"},
    {"Conv2D(32, '\\xZZ')", "bad-escape", 12, 1, 13, ""},
    {"Conv2D(a=1, 2)", "positional-after-keyword", 12, 1, 13, ""},
    {"Conv2D(1=2)", "unexpected-token", 8, 1, 9, "only a name"},
    {"Conv2D(*args)", "unexpected-token", 7, 1, 8, "written out"},
    {"Conv2D(**args)", "unexpected-token", 7, 1, 8, "written out"},
    {"Conv2D(lambda x: x)", "unexpected-token", 7, 1, 8, "functions cannot be read"},
    {"Conv2D(3) Conv2D(4)", "unexpected-token", 10, 1, 11, "one layer is read at a time"},
    {"Conv2D(3)\nConv2D(4)", "unexpected-token", 10, 2, 1, "one layer is read at a time"},
    {"Conv2D(9223372036854775808)", "number-too-large", 7, 1, 8, "9223372036854775807"},
    {"Conv2D(0.11111111111111111111111111111111111111111111111111111111111111111)", "number-too-large", 7, 1, 8,
     "at most 64 digits"},
    {"Conv2D(\x01)", "unexpected-character", 7, 1, 8, ""},
    {"Conv2D(3x)", "bad-number", 7, 1, 8, "a decimal number"},
    {"Conv2D(1e)", "bad-number", 7, 1, 8, "a decimal number"},
    {"Conv2D(3_)", "bad-number", 7, 1, 8, "a decimal number"},
    {"Conv2D(a.)", "mismatched-bracket", 9, 1, 10, "a name after '.'"},
    {"Conv2D(a[1)", "mismatched-bracket", 10, 1, 11, "']'"},
    {"Conv2D(a if (b]", "mismatched-bracket", 14, 1, 15, "the bracket's end"},
    {"Conv2D(a if (b", "unclosed-bracket", 14, 1, 15, "the bracket's end"},
    {"Conv2D(i > 0)", "unexpected-character", 9, 1, 10, ""},
    {"{1: 2}", "bad-key", 1, 1, 2, ""},
    {"{'a' 1}", "unexpected-token", 5, 1, 6, "':'"},
    {"{'a': 1", "unclosed-bracket", 7, 1, 8, "',' or '}'"},
    {"x =", "unexpected-end", 3, 1, 4, "a value"},
    {"3 = Conv2D(3)", "unexpected-token", 2, 1, 3, "the end"},
    {"Conv2D(3 @ 4)", "unexpected-character", 9, 1, 10, ""},
    {"<keras.layers.Conv2D object at 0x7f>", "unexpected-character", 0, 1, 1, "the line of code"},
    {"Conv2D(32, padding=\xE2\x80\x98same\xE2\x80\x99)", "typographic-character", 19, 1, 20, "'"},
    {"Conv2D(32, padding=\xE2\x80\x9Csame\xE2\x80\x9D)", "typographic-character", 19, 1, 20, "\""},
    {"Conv2D\xEF\xBC\x88"
     "32)",
     "typographic-character", 6, 1, 7, "("},
    {"\xE5\x8D\xB7 = Conv2D(\xE5\x8D\xB7, !)", "unexpected-character", 18, 1, 15, ""},
    {"Conv2D(\xFF)", "not-utf8", 7, 1, 8, ""},
    {"Conv2D('\xC0\x80')", "not-utf8", 8, 1, 9, ""},
};

START_TEST(mistakes_have_a_place) {
    const char *text = mistakes[_i].text;
    parsed p = parse(text, strlen(text));
    ck_assert_msg(p.status == CVS_SYNTAX, "%s: was read", text);
    ck_assert_msg(strcmp(p.err.code, mistakes[_i].code) == 0, "%s: %s: %s", text, p.err.code, p.err.message);
    ck_assert_msg(p.err.offset == mistakes[_i].offset && p.err.line == mistakes[_i].line &&
                      p.err.column == mistakes[_i].column,
                  "%s: %s at %d, line %d, column %d", text, p.err.message, (int)p.err.offset, p.err.line, p.err.column);
    ck_assert_msg(strstr(p.err.expected, mistakes[_i].expected) != NULL, "%s: expected %s", text, p.err.expected);
    ck_assert_ptr_null(p.node);
    cvs_arena_free(&p.arena);
}
END_TEST

START_TEST(the_open_bracket_is_named) {
    static const char text[] = "Conv2D(32, (3, 3)";
    parsed p = parse(text, strlen(text));
    ck_assert_str_eq(p.err.message, "unclosed '(' opened at line 1, column 7");
    cvs_arena_free(&p.arena);
}
END_TEST

START_TEST(a_nul_byte_is_refused) {
    parsed p = parse("Conv2D(\0)", 9);
    ck_assert_int_eq(p.status, CVS_SYNTAX);
    ck_assert_int_eq(p.err.offset, 7);
    cvs_arena_free(&p.arena);
    p = parse("Conv2D('a\0b')", 13);
    ck_assert_int_eq(p.status, CVS_SYNTAX);
    cvs_arena_free(&p.arena);
}
END_TEST

START_TEST(depth_is_limited) {
    for (int depth = CVS_NODE_MAX_DEPTH - 1; depth <= CVS_NODE_MAX_DEPTH; depth++) {
        char text[256] = "f(";
        for (int i = 0; i < depth; i++) strcat(text, "[");
        for (int i = 0; i < depth; i++) strcat(text, "]");
        strcat(text, ")");
        parsed p = parse(text, strlen(text));
        ck_assert_int_eq(p.status, depth < CVS_NODE_MAX_DEPTH ? CVS_OK : CVS_SYNTAX);
        if (p.status) ck_assert_str_eq(p.err.code, "too-deep");
        cvs_arena_free(&p.arena);
    }
}
END_TEST

/* Texts of `length` bytes that are hard on a parser: none may be slow, deep in recursion, or hungry. */
START_TEST(long_texts) {
    static const char *const patterns[] = {"(",  "-", "[",   "a.", "a+", "2**", "f(",
                                           "a=", "{", "'a'", "1,", "+-", "x[",  "\\\n"};
    enum { LENGTH = 64 * 1024 };
    char *text = malloc(LENGTH + 1);
    size_t size = strlen(patterns[_i]);
    for (size_t i = 0; i <= LENGTH; i++) text[i] = patterns[_i][i % size];
    parsed p = {.arena = cvs_arena_make(16 << 20)};
    cvs_status status = cvs_text_parse(&p.arena, text, LENGTH, &p.node, &p.err);
    ck_assert_msg(status == CVS_SYNTAX || status == CVS_OK, "%s: %s", patterns[_i], p.err.message);
    cvs_arena_free(&p.arena);
    p = parse(text, LENGTH + 1);
    ck_assert_str_eq(p.err.code, "text-too-long");
    cvs_arena_free(&p.arena);
    free(text);
}
END_TEST

Suite *text_suite(void) {
    Suite *suite = suite_create("text");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_loop_test(core, whatever_is_pasted, 0, sizeof pastes / sizeof *pastes);
    tcase_add_loop_test(core, literals_have_python_s_values, 0, sizeof values / sizeof *values);
    tcase_add_loop_test(core, mistakes_have_a_place, 0, sizeof mistakes / sizeof *mistakes);
    tcase_add_test(core, the_open_bracket_is_named);
    tcase_add_test(limits, a_nul_byte_is_refused);
    tcase_add_test(limits, depth_is_limited);
    tcase_add_loop_test(limits, long_texts, 0, 14);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
