#include "layer/dim.h"
#include "layers.h"

Suite *dim_suite(void);

static cvs_arena arena;
static cvs_symbols *symbols;

static void set_up(void) {
    arena = cvs_arena_make(0);
    symbols = cvs_symbols_create(&arena);
    ck_assert_ptr_nonnull(symbols);
}

static void tear_down(void) { cvs_arena_free(&arena); }

static cvs_dim name(const char *text) {
    cvs_dim dim = 0;
    ck_assert_int_eq(cvs_symbols_name(symbols, text, &dim, NULL), CVS_OK);
    return dim;
}

static cvs_dim affine(cvs_dim n, int64_t scale, int64_t offset, int64_t divisor, int64_t plus) {
    cvs_dim out = 0;
    cvs_error err = {0};
    cvs_status status = cvs__dim_affine(symbols, n, (cvs__affine){scale, offset, divisor, plus}, &out, &err);
    ck_assert_msg(status == CVS_OK, "%s", err.message);
    return out;
}

static cvs_dim add(cvs_dim a, cvs_dim b) {
    cvs_dim out = 0;
    ck_assert_int_eq(cvs__dim_add(symbols, a, b, &out, NULL), CVS_OK);
    return out;
}

static cvs_dim mul(cvs_dim a, cvs_dim b) {
    cvs_dim out = 0;
    ck_assert_int_eq(cvs__dim_mul(symbols, a, b, &out, NULL), CVS_OK);
    return out;
}

static void assert_text(cvs_dim dim, const char *want) {
    cvs_text text = {0};
    cvs_dim_format(symbols, dim, &text);
    ck_assert_str_eq(text.data, want);
    cvs_text_free(&text);
}

/* ---- known and unknown -------------------------------------------------------- */

START_TEST(numbers_are_just_computed) {
    ck_assert_int_eq(affine(300, 1, -5, 1, 1), 296);
    ck_assert_int_eq(affine(224, 1, -1, 2, 1), 112);
    ck_assert_int_eq(affine(3, 1, -5, 2, 1), 0);
    ck_assert_int_eq(add(3, 4), 7);
    ck_assert_int_eq(mul(3, 4), 12);
    assert_text(224, "224");
}
END_TEST

START_TEST(unknown_stays_unknown) {
    ck_assert_int_eq(affine(NONE, 1, -5, 1, 1), NONE);
    ck_assert_int_eq(add(NONE, 4), NONE);
    ck_assert_int_eq(mul(4, NONE), NONE);
    ck_assert_int_eq(add(name("H"), NONE), NONE);
    assert_text(NONE, "?");
    cvs_binding binding = {"H", 5};
    ck_assert_int_eq(cvs_dim_bind(symbols, NONE, &binding, 1), NONE);
    ck_assert_int_eq(cvs_dim_bind(NULL, 42, NULL, 0), 42);
}
END_TEST

START_TEST(numbers_that_overflow_or_sink) {
    cvs_dim out = 0;
    cvs_error err = {0};
    ck_assert_int_eq(cvs__dim_add(NULL, INT64_MAX, 1, &out, &err), CVS_TOO_LARGE);
    ck_assert_str_eq(err.code, "size-overflow");
    ck_assert_int_eq(cvs__dim_mul(NULL, INT64_MAX, 2, &out, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_affine(NULL, INT64_MAX, (cvs__affine){2, 0, 1, 0}, &out, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_affine(NULL, INT64_MAX, (cvs__affine){1, 0, 1, 1}, &out, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs__dim_affine(NULL, 2, (cvs__affine){1, -5, 1, 0}, &out, NULL), CVS_INVALID);
}
END_TEST

START_TEST(elements_of_a_shape) {
    int64_t count = 0;
    cvs_shape shape = SHAPE(2, 3, 5), huge = SHAPE(INT64_C(1) << 32, INT64_C(1) << 31), open = SHAPE(2, NONE);
    ck_assert_int_eq(cvs_shape_count(&shape, &count, NULL), CVS_OK);
    ck_assert_int_eq(count, 30);
    ck_assert_int_eq(cvs_shape_count(&(cvs_shape){0}, &count, NULL), CVS_OK);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(cvs_shape_count(&huge, &count, NULL), CVS_TOO_LARGE);
    ck_assert_int_eq(cvs_shape_count(&open, &count, NULL), CVS_INVALID);
}
END_TEST

/* ---- text and canonical form --------------------------------------------------- */

START_TEST(expressions_read_as_people_write_them) {
    cvs_dim h = name("H"), w = name("W");
    assert_text(h, "H");
    assert_text(affine(h, 1, -4, 1, 0), "H - 4");
    assert_text(affine(h, 2, 1, 1, 0), "2*H + 1");
    assert_text(affine(h, 1, -3, 2, 1), "floor((H - 3)/2) + 1");
    assert_text(affine(h, 1, 2 - 3, 2, 1), "floor((H + 1)/2)");
    assert_text(affine(h, 1, -3, 3, 1), "floor(H/3)");
    assert_text(affine(h, 1, -5, 2, 1), "floor((H - 5)/2) + 1");
    assert_text(affine(h, 1, 8 - 5, 2, 1), "floor((H + 1)/2) + 2");
    assert_text(affine(h, 6, 5, 4, 0), "H + floor(H/2) + 1");
    assert_text(affine(h, 4, 6, 2, 0), "2*H + 3");
    assert_text(affine(affine(h, 1, 0, 2, 0), 1, 0, 3, 0), "floor(H/6)");
    assert_text(affine(affine(h, 1, 1, 2, 0), 1, 1, 2, 0), "floor((H + 3)/4)");
    assert_text(affine(affine(h, 1, 0, 5, 0), 2, 0, 1, 1), "2*floor(H/5) + 1");
    assert_text(add(h, w), "H + W");
    assert_text(add(w, affine(h, 3, -7, 1, 0)), "3*H + W - 7");
    assert_text(mul(mul(h, w), 16), "16*H*W");
    assert_text(mul(16, mul(affine(h, 1, -4, 1, 0), affine(w, 1, -2, 1, 0))), "16*(H - 4)*(W - 2)");
    assert_text(mul(affine(h, 1, -3, 2, 1), affine(w, 2, 0, 1, 0)), "2*W*(floor((H - 3)/2) + 1)");
    assert_text(mul(h, h), "H*H");
}
END_TEST

START_TEST(equal_sizes_are_the_same_dim) {
    cvs_dim h = name("H"), w = name("W"), d = name("D");
    ck_assert_int_eq(name("H"), h);
    ck_assert_int_ne(w, h);
    ck_assert_int_eq(affine(h, 1, -3 + 2, 2, 1), affine(h, 1, 1, 2, 0));
    ck_assert_int_eq(affine(h, 4, 6, 6, 0), affine(h, 2, 3, 3, 0));
    ck_assert_int_eq(affine(h, 4, 7, 6, 0), affine(h, 2, 3, 3, 0));
    ck_assert_int_eq(affine(affine(h, 1, -1, 1, 0), 1, 1, 1, 0), h);
    ck_assert_int_eq(add(h, w), add(w, h));
    ck_assert_int_eq(add(add(h, w), d), add(h, add(d, w)));
    ck_assert_int_eq(mul(mul(h, w), d), mul(w, mul(d, h)));
    ck_assert_int_eq(mul(affine(h, 2, 4, 1, 0), w), mul(2, mul(w, affine(h, 1, 2, 1, 0))));
    ck_assert_int_eq(affine(mul(affine(h, 1, 0, 1, 0), 6), 1, 0, 3, 0), mul(2, h));
    /* five convolutions of kernel 3, stride 2, padding 1 are one division by 32 */
    cvs_dim deep = h;
    for (int i = 0; i < 5; i++) deep = affine(deep, 1, -1, 2, 1);
    ck_assert_int_eq(deep, affine(h, 1, 31, 32, 0));
    assert_text(deep, "floor((H + 31)/32)");
    /* floor(2*floor(floor(x/5)*1/3)/4) and what it comes to */
    ck_assert_int_eq(affine(affine(h, 1, 0, 5, 0), 2, 0, 6, 0), affine(h, 1, 0, 15, 0));
}
END_TEST

/* ---- against plain arithmetic ------------------------------------------------------ */

static int64_t floor_div(int64_t a, int64_t b) {
    int64_t q = a / b;
    return q * b > a ? q - 1 : q;
}

enum { POOL = 12, ROUNDS = 3000 };

/* A random size from earlier ones, and beside it its value by plain arithmetic. */
static void grow_pool(cvs_dim *dim, int64_t *value, int count, uint64_t *state) {
    int a = (int)random_in(state, 0, count - 1), b = (int)random_in(state, 0, count - 1);
    cvs__affine map = {random_in(state, 1, 4), random_in(state, -6, 9), random_in(state, 1, 5), random_in(state, 0, 3)};
    cvs_status status = CVS_OK;
    switch (random_in(state, 0, 3)) {
    case 0:
        status = cvs__dim_add(symbols, dim[a], dim[b], &dim[count], NULL);
        value[count] = value[a] + value[b];
        break;
    case 1:
        if (value[a] > 1000 || value[b] > 1000) b = 0;
        status = cvs__dim_mul(symbols, dim[a], dim[b], &dim[count], NULL);
        value[count] = value[a] * value[b];
        break;
    default:
        status = cvs__dim_affine(symbols, dim[a], map, &dim[count], NULL);
        value[count] = floor_div(value[a] * map.scale + map.offset, map.divisor) + map.plus;
    }
    /* a size cannot be negative, nor an expression endless: take a plain one instead */
    if (status != CVS_OK || value[count] < 0 || value[count] > 100000) {
        dim[count] = dim[1];
        value[count] = value[1];
    }
}

START_TEST(random_expressions_evaluate_as_plain_arithmetic) {
    uint64_t state = 7;
    for (int round = 0; round < ROUNDS; round++) {
        if (round % 50 == 0 && round) {
            tear_down();
            set_up();
        }
        cvs_dim dim[POOL] = {2, name("H"), name("W")};
        cvs_binding binding[] = {{"H", random_in(&state, 0, 99)}, {"W", random_in(&state, 0, 99)}};
        int64_t value[POOL] = {2, binding[0].value, binding[1].value};
        for (int count = 3; count < POOL; count++) {
            grow_pool(dim, value, count, &state);
            ck_assert_int_eq(cvs_dim_bind(symbols, dim[count], binding, 2), value[count]);
        }
    }
}
END_TEST

static cvs_layer random_layer(uint64_t *state) {
    cvs_layer layer = conv(CVS_CONVSCOPE, 1, random_in(state, 1, 9), random_in(state, 1, 5));
    layer.stride[0] = random_in(state, 1, 3);
    layer.dilation[0] = random_in(state, 1, 3);
    layer.padding.mode = (cvs_padding_mode)random_in(state, CVS_PAD_VALID, CVS_PAD_EXPLICIT);
    layer.padding.before[0] = random_in(state, 0, 4);
    layer.padding.after[0] = random_in(state, 0, 4);
    return layer;
}

/* A chain of convolutions over H, then H given: the same sizes as the chain on the number. */
START_TEST(symbolic_inference_binds_to_the_concrete_one) {
    uint64_t state = 11;
    int compared = 0, refusals = 0;
    for (int round = 0; round < ROUNDS; round++) {
        cvs_binding binding = {"H", random_in(&state, 1, 200)};
        cvs_shape symbolic = SHAPE(NONE, name("H"), 3), concrete = SHAPE(NONE, binding.value, 3);
        for (int depth = 0; depth < 4; depth++) {
            cvs_layer layer = random_layer(&state);
            cvs_inference on_symbol = infer(&layer, symbolic, symbols), on_number;
            symbolic = on_symbol.output.shape;
            cvs_dim bound = cvs_dim_bind(symbols, symbolic.dim[1], &binding, 1);
            if (cvs_infer(&layer, &concrete, NULL, &on_number, NULL) != CVS_OK) {
                ck_assert_int_le(bound, 0);
                refusals++;
                break;
            }
            concrete = on_number.output.shape;
            ck_assert_int_eq(bound, concrete.dim[1]);
            compared++;
        }
        if (round % 50 == 49) {
            tear_down();
            set_up();
        }
    }
    ck_assert_int_gt(compared, ROUNDS);
    ck_assert_int_gt(refusals, 10);
}
END_TEST

START_TEST(bindings_that_do_not_do) {
    cvs_dim h = name("H"), small = affine(h, 1, -4, 1, 0), large = mul(h, mul(h, h));
    cvs_binding three = {"H", 3}, huge = {"H", INT64_MAX / 2}, other = {"W", 3};
    ck_assert_int_eq(cvs_dim_bind(symbols, h, &other, 1), NONE);
    ck_assert_int_eq(cvs_dim_bind(symbols, h, NULL, 0), NONE);
    ck_assert_int_eq(cvs_dim_bind(symbols, small, &three, 1), NONE);
    ck_assert_int_eq(cvs_dim_bind(symbols, large, &huge, 1), NONE);
    ck_assert_int_eq(cvs_dim_bind(symbols, large, &three, 1), 27);
    /* rounded down, not towards zero, below it too: floor((3 - 4)*3/2) + 5 */
    ck_assert_int_eq(cvs_dim_bind(symbols, affine(mul(small, h), 1, 0, 2, 5), &three, 1), 3);
    ck_assert_int_eq(cvs_dim_bind(symbols, -4000, &three, 1), NONE);
    ck_assert_int_eq(cvs_dim_bind(symbols, INT64_MIN, &three, 1), NONE);
    ck_assert_int_eq(cvs_dim_bind(NULL, h, &three, 1), NONE);
    assert_text(INT64_MIN, "?");
}
END_TEST

Suite *dim_suite(void) {
    Suite *suite = suite_create("dim");
    TCase *core = tcase_create("core"), *limits = tcase_create("limits");
    tcase_add_checked_fixture(core, set_up, tear_down);
    tcase_add_checked_fixture(limits, set_up, tear_down);
    tcase_add_test(core, numbers_are_just_computed);
    tcase_add_test(core, unknown_stays_unknown);
    tcase_add_test(core, elements_of_a_shape);
    tcase_add_test(core, expressions_read_as_people_write_them);
    tcase_add_test(core, equal_sizes_are_the_same_dim);
    tcase_add_test(core, random_expressions_evaluate_as_plain_arithmetic);
    tcase_add_test(core, symbolic_inference_binds_to_the_concrete_one);
    tcase_add_test(limits, numbers_that_overflow_or_sink);
    tcase_add_test(limits, bindings_that_do_not_do);
    tcase_set_timeout(core, 60);
    tcase_set_timeout(limits, 60);
    suite_add_tcase(suite, core);
    suite_add_tcase(suite, limits);
    return suite;
}
