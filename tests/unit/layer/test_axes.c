#include "layer/layer_internal.h"
#include "layers.h"

Suite *axes_suite(void);

START_TEST(axes_of_every_data_tensor) {
    static const struct {
        cvs_data_format format;
        int spatial_rank;
        const char *axes;
    } table[] = {
        {CVS_CHANNELS_LAST, 1, "batch, length, channels"},
        {CVS_CHANNELS_FIRST, 1, "batch, channels, length"},
        {CVS_CHANNELS_LAST, 2, "batch, height, width, channels"},
        {CVS_CHANNELS_FIRST, 2, "batch, channels, height, width"},
        {CVS_CHANNELS_LAST, 3, "batch, depth, height, width, channels"},
        {CVS_CHANNELS_FIRST, 3, "batch, channels, depth, height, width"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        cvs_tensor_shape tensor = {0};
        cvs__label_data(&tensor, table[i].format, table[i].spatial_rank, CVS_AXIS_CHANNELS);
        assert_axes(&tensor, table[i].axes);
    }
}
END_TEST

START_TEST(kernel_axes_belong_to_spatial_ones) {
    for (int rank = 1; rank <= CVS_MAX_SPATIAL; rank++)
        for (int axis = 0; axis < rank; axis++) {
            ck_assert_int_eq(cvs__axis_of_kernel(rank, cvs__kernel_axis(rank, axis)), axis);
            char name[64];
            snprintf(name, sizeof name, "kernel_%s", cvs_axis_name(cvs__spatial_axis(rank, axis)));
            ck_assert_str_eq(cvs_axis_name(cvs__kernel_axis(rank, axis)), name);
        }
    ck_assert_int_eq(cvs__axis_of_kernel(2, CVS_AXIS_KERNEL_LENGTH), -1);
    ck_assert_int_eq(cvs__axis_of_kernel(3, CVS_AXIS_FILTERS), -1);
}
END_TEST

START_TEST(extents) {
    ck_assert_int_eq(cvs__extent(1, 7), 1);
    ck_assert_int_eq(cvs__extent(3, 2), 5);
    ck_assert_int_eq(cvs__extent(CVS_MAX_PARAMETER, CVS_MAX_PARAMETER), INT64_C(4611686011984936963));
}
END_TEST

Suite *axes_suite(void) {
    Suite *suite = suite_create("axes");
    TCase *core = tcase_create("core");
    tcase_add_test(core, axes_of_every_data_tensor);
    tcase_add_test(core, kernel_axes_belong_to_spatial_ones);
    tcase_add_test(core, extents);
    suite_add_tcase(suite, core);
    return suite;
}
