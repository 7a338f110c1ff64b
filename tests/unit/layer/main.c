#include "suite.h"

Suite *adaptive_pool_suite(void);
Suite *axes_suite(void);
Suite *chain_suite(void);
Suite *conv_suite(void);
Suite *cost_suite(void);
Suite *dense_suite(void);
Suite *depthwise_suite(void);
Suite *dim_suite(void);
Suite *flatten_suite(void);
Suite *framework_count_suite(void);
Suite *infer_suite(void);
Suite *layout_suite(void);
Suite *merge_suite(void);
Suite *names_suite(void);
Suite *norm_suite(void);
Suite *permute_suite(void);
Suite *perturb_suite(void);
Suite *pointwise_suite(void);
Suite *pool_suite(void);
Suite *reshape_suite(void);
Suite *resize_suite(void);
Suite *symbols_suite(void);
Suite *transposed_suite(void);
Suite *validate_suite(void);
Suite *weights_suite(void);
Suite *window_count_suite(void);
Suite *window_suite(void);

int main(void) {
    Suite *const suites[] = {
        adaptive_pool_suite(), axes_suite(),      chain_suite(),      conv_suite(),     cost_suite(),
        dense_suite(),         depthwise_suite(), dim_suite(),        flatten_suite(),  framework_count_suite(),
        infer_suite(),         layout_suite(),    merge_suite(),      names_suite(),    norm_suite(),
        permute_suite(),       perturb_suite(),   pointwise_suite(),  pool_suite(),     reshape_suite(),
        resize_suite(),        symbols_suite(),   transposed_suite(), validate_suite(), weights_suite(),
        window_count_suite(),  window_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
