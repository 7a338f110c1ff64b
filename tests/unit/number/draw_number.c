#include "draw_number.h"

#include <convscope/number.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void draw_text(uint64_t *state, char *text, size_t most) {
    const size_t digits = 1 + next_random(state) % most;
    const size_t point = next_random(state) % (digits + 1);
    char *p = text;
    if (next_random(state) % 2) *p++ = '-';
    if (point == 0) *p++ = '0';
    for (size_t i = 0; i < digits; i++) {
        if (i == point) *p++ = '.';
        const bool leads = i == 0 && point > 1;
        *p++ = (char)(leads ? '1' + next_random(state) % 9 : '0' + next_random(state) % 10);
    }
    *p = 0;
    if (next_random(state) % 3 == 0) sprintf(p, "e%d", (int)(next_random(state) % 100) - 50);
}

size_t draw_list(uint64_t *state, size_t count, char *text, float *wanted) {
    char *p = text;
    for (size_t i = 0; i < count; i++) {
        const float value = from_bits((uint32_t)next_random(state));
        char *number = p;
        if (next_random(state) % 2 && isfinite(value))
            p += cvs_float_to_text(next_random(state) % 2 ? value : value * 0x1p-100F, p);
        else {
            draw_text(state, p, 1 + next_random(state) % 20);
            p += strlen(p);
        }
        *p = 0;
        wanted[i] = strtof(number, NULL);
        if (isinf(wanted[i])) wanted[i] = 7, strcpy(number, "7"), p = number + 1;
        for (uint64_t spaces = next_random(state) % 20; spaces > 17; spaces--) *p++ = ' ';
        *p++ = ',';
    }
    return (size_t)(p - 1 - text);
}
