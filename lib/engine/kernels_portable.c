#include "simd_portable.h"

#include "depthwise_body.h"
#include "gather_body.h"
#include "lines_body.h"
#include "phase_body.h"
#include "plane_body.h"
#include "product.h"
#include "tile_each_body.h"
#include "tile_first_body.h"
#include "tile_groups_body.h"
#include "tile_last_body.h"
#include "transpose_body.h"
#include "winograd_body.h"

static void product(const cvs__product *p) { cvs__product_by(run_tile_last, TILE_COLUMNS, p); }

const cvs__kernels cvs__kernels_portable = {
    .tile_first = run_tile_first,
    .tile_last = run_tile_last,
    .tile_each = run_tile_each,
    .tile_groups = run_tile_groups,
    .plane = run_plane,
    .copy_phase = copy_phase,
    .depthwise = run_depthwise,
    .gather = gather,
    .transpose = transpose,
    .winograd_kernel = winograd_kernel,
    .winograd_input = winograd_input,
    .winograd_output = winograd_output,
    .lanes = LANES,
    .tile_columns = TILE_COLUMNS,
    .product = product,
    .axpy = axpy,
    .multiply_add = multiply_add,
    .finish_rows = finish_rows,
    .finish_columns = finish_columns,
};
