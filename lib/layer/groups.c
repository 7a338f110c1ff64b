/* groups.c - do the groups of a convolution divide its channels? */
#include "layer/validate.h"

#include <stdio.h>

/* The largest divisor of `number` below `groups` and the smallest above it (0: there is none). */
static void near_divisors(uint64_t number, uint64_t groups, uint64_t *below, uint64_t *above) {
    *below = *above = 0;
    for (uint64_t small = 1; small * small <= number; small++) {
        if (number % small) continue;
        const uint64_t pair[] = {small, number / small};
        for (int i = 0; i < 2; i++) {
            if (pair[i] < groups && pair[i] > *below) *below = pair[i];
            if (pair[i] > groups && (!*above || pair[i] < *above)) *above = pair[i];
        }
    }
}

cvs_status cvs__check_groups(const cvs_layer *layer, cvs_error *err) {
    bool divides_in = layer->in_channels % layer->groups == 0, divides_out = layer->filters % layer->groups == 0;
    if (divides_in && divides_out) return CVS_OK;
    uint64_t below = 0, above = 0;
    near_divisors(cvs__gcd((uint64_t)layer->in_channels, (uint64_t)layer->filters), (uint64_t)layer->groups, &below,
                  &above);
    cvs_status status = cvs_fail(
        err, CVS_INVALID, "group-divides", "/groups",
        "Each of the %lld groups takes an equal share of the channels, but %lld does not divide the %lld %s.",
        (long long)layer->groups, (long long)layer->groups,
        (long long)(divides_in ? layer->filters : layer->in_channels), divides_in ? "filters" : "input channels");
    cvs_fail_value(err, "%lld", (long long)layer->groups);
    char also[32] = "";
    if (above) snprintf(also, sizeof also, " or %llu", (unsigned long long)above);
    cvs_fail_expected(err, "%llu%s groups", (unsigned long long)below, also);
    return status;
}
