#include "suite.h"

#include "api/api.h"

Suite *accept_suite(void);
Suite *budget_suite(void);
Suite *json_writer_suite(void);
Suite *base64_suite(void);
Suite *tensor_suite(void);
Suite *tensor_bytes_suite(void);
Suite *shape_input_suite(void);
Suite *problem_suite(void);
Suite *language_suite(void);
Suite *shape_suite(void);
Suite *merge_suite(void);
Suite *convolve_suite(void);
Suite *convolve_binary_suite(void);
Suite *convolve_parts_suite(void);
Suite *multiplier_suite(void);
Suite *multipart_suite(void);
Suite *npy_suite(void);
Suite *operators_suite(void);
Suite *mutations_suite(void);
Suite *flow_suite(void);
Suite *lifted_suite(void);
Suite *infer_suite(void);
Suite *infer_binary_suite(void);
Suite *source_suite(void);

int main(void) {
    api_init();
    Suite *const suites[] = {
        accept_suite(),       budget_suite(),      json_writer_suite(),     base64_suite(),         tensor_suite(),
        tensor_bytes_suite(), shape_input_suite(), problem_suite(),         language_suite(),       shape_suite(),
        merge_suite(),        convolve_suite(),    convolve_binary_suite(), convolve_parts_suite(), multiplier_suite(),
        multipart_suite(),    npy_suite(),         operators_suite(),       mutations_suite(),      flow_suite(),
        lifted_suite(),       infer_suite(),       infer_binary_suite(),    source_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
