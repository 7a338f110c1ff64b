#include "suite.h"

Suite *node_suite(void);
Suite *json_suite(void);
Suite *text_suite(void);
Suite *keras_suite(void);
Suite *keras1_suite(void);
Suite *pytorch_suite(void);
Suite *onnx_suite(void);
Suite *own_suite(void);
Suite *match_suite(void);
Suite *read_suite(void);
Suite *merges_suite(void);
Suite *write_suite(void);
Suite *round_trip_suite(void);
Suite *robust_suite(void);

int main(void) {
    Suite *const suites[] = {node_suite(),    json_suite(),  text_suite(),       keras_suite(), keras1_suite(),
                             pytorch_suite(), onnx_suite(),  own_suite(),        match_suite(), read_suite(),
                             merges_suite(),  write_suite(), round_trip_suite(), robust_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
