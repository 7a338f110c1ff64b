/* transpose_body.h - rows to columns, a square of vectors at a time; include a simd_*.h before. */
#include "kernels.h"

static void transpose_square(const float *from, int64_t from_stride, int64_t rows, int64_t columns, float *to,
                             int64_t to_stride) {
    const vec_mask across = vec_first(columns), down = vec_first(rows);
    vec square[LANES];
    for (int i = 0; i < LANES; i++) square[i] = i < rows ? vec_load_part(from + i * from_stride, across) : vec_all(0);
    vec_transpose(square);
    for (int i = 0; i < columns; i++) vec_store_part(to + i * to_stride, square[i], down);
}

static inline int64_t at_most_lanes(int64_t count) { return count < LANES ? count : LANES; }

static void transpose(const cvs__block *block, float *to, int64_t to_stride) {
    for (int64_t r = 0; r < block->rows; r += LANES)
        for (int64_t c = 0; c < block->columns; c += LANES)
            transpose_square(block->data + r * block->stride + c, block->stride, at_most_lanes(block->rows - r),
                             at_most_lanes(block->columns - c), to + c * to_stride + r, to_stride);
}
