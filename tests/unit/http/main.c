#include "suite.h"

Suite *access_log_suite(void);
Suite *address_suite(void);
Suite *body_suite(void);
Suite *coding_suite(void);
Suite *cors_suite(void);
Suite *cpus_suite(void);
Suite *deflate_suite(void);
Suite *division_suite(void);
Suite *exposition_suite(void);
Suite *headers_suite(void);
Suite *inflate_suite(void);
Suite *keys_suite(void);
Suite *layout_suite(void);
Suite *listener_suite(void);
Suite *log_suite(void);
Suite *metrics_suite(void);
Suite *options_suite(void);
Suite *pattern_suite(void);
Suite *peers_suite(void);
Suite *pool_suite(void);
Suite *pump_suite(void);
Suite *routes_suite(void);
Suite *seats_suite(void);
Suite *step_back_suite(void);
Suite *trace_suite(void);
Suite *writer_suite(void);

int main(void) {
    Suite *const suites[] = {
        access_log_suite(), address_suite(),  body_suite(),       coding_suite(),  cors_suite(),    cpus_suite(),
        deflate_suite(),    division_suite(), exposition_suite(), headers_suite(), inflate_suite(), keys_suite(),
        layout_suite(),     listener_suite(), log_suite(),        metrics_suite(), options_suite(), pattern_suite(),
        peers_suite(),      pool_suite(),     pump_suite(),       routes_suite(),  seats_suite(),   step_back_suite(),
        trace_suite(),      writer_suite(),
    };
    return run_suites(suites, sizeof suites / sizeof *suites);
}
