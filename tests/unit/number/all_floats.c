/*
 * all_floats [first [last]] - checks every float32 whose bits lie in first..last (all 2^32 without arguments)
 * against the oracle. An hour or two for all of them on one core; give ranges to several processes to share it.
 */
#include "oracle.h"

#include <convscope/number.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
    uint64_t last = argc > 2 ? strtoull(argv[2], NULL, 0) : UINT32_MAX;
    uint64_t wrong = 0;
    for (uint64_t i = first; i <= last && i <= UINT32_MAX; i++) {
        uint32_t bits = (uint32_t)i;
        float value;
        memcpy(&value, &bits, sizeof value);
        char text[CVS_FLOAT_TEXT_MAX];
        size_t length = cvs_float_to_text(value, text);
        const char *complaint = oracle_complaint(value, text, length);
        if (complaint && wrong++ < 100) printf("0x%08x: %.*s: %s\n", bits, (int)length, text, complaint);
    }
    printf("0x%08llx..0x%08llx: %llu wrong\n", (unsigned long long)first, (unsigned long long)last,
           (unsigned long long)wrong);
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
