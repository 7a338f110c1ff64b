#include "suite.h"

Suite *keras_model_suite(void);
Suite *graph_suite(void);
Suite *keras_code_suite(void);
Suite *torch_text_suite(void);
Suite *networks_suite(void);
Suite *onnx_model_suite(void);
Suite *onnx_hostile_suite(void);

int main(void) {
    Suite *const suites[] = {keras_model_suite(), graph_suite(),      keras_code_suite(),  torch_text_suite(),
                             networks_suite(),    onnx_model_suite(), onnx_hostile_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
