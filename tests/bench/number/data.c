#include "data.h"

#include <math.h>
#include <stdint.h>

static double uniform(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Box and Muller. */
static float normal(uint64_t *state) {
    const double radius = sqrt(-2 * log(1 - uniform(state)));
    return (float)(radius * cos(6.283185307179586 * uniform(state)));
}

static void fill_normals(float *values, size_t count) {
    uint64_t state = 1;
    for (size_t i = 0; i < count; i++) values[i] = normal(&state);
}

static void fill_activations(float *values, size_t count) {
    fill_normals(values, count);
    for (size_t i = 0; i < count; i++) values[i] = values[i] > 0 ? values[i] : 0;
}

static void fill_pixels(float *values, size_t count) {
    uint64_t state = 2;
    for (size_t i = 0; i < count; i++) values[i] = (float)(int)(uniform(&state) * 256) / 255.0F;
}

const data_set data_sets[] = {
    {"activations, half zeros", fill_activations},
    {"normals", fill_normals},
    {"pixels n/255", fill_pixels},
};
const size_t data_set_count = sizeof data_sets / sizeof *data_sets;
