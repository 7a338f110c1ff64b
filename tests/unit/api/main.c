#include "suite.h"

#include "api/api.h"

Suite *json_writer_suite(void);
Suite *base64_suite(void);
Suite *tensor_suite(void);
Suite *shape_input_suite(void);
Suite *problem_suite(void);
Suite *language_suite(void);
Suite *shape_suite(void);
Suite *merge_suite(void);
Suite *convolve_suite(void);
Suite *multiplier_suite(void);
Suite *operators_suite(void);
Suite *mutations_suite(void);

int main(void) {
    api_init();
    Suite *const suites[] = {json_writer_suite(), base64_suite(),     tensor_suite(),    shape_input_suite(),
                             problem_suite(),     language_suite(),   shape_suite(),     merge_suite(),
                             convolve_suite(),    multiplier_suite(), operators_suite(), mutations_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
