#include "suite.h"

Suite *catalogue_suite(void);
Suite *language_suite(void);
Suite *founding_suite(void);
Suite *conv_suite(void);
Suite *ops_suite(void);
Suite *transposed_suite(void);
Suite *channelwise_suite(void);
Suite *windows_suite(void);
Suite *tensor_suite(void);
Suite *seen_suite(void);
Suite *unsolved_suite(void);
Suite *property_suite(void);

int main(void) {
    Suite *const suites[] = {catalogue_suite(), language_suite(),   founding_suite(),    conv_suite(),
                             ops_suite(),       transposed_suite(), channelwise_suite(), windows_suite(),
                             tensor_suite(),    seen_suite(),       unsolved_suite(),    property_suite()};
    return run_suites(suites, sizeof suites / sizeof *suites);
}
