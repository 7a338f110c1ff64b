/* families.h - the rules that the table of operators names: one a family. */
#ifndef CONVSCOPE_MODEL_ONNX_FAMILIES_H
#define CONVSCOPE_MODEL_ONNX_FAMILIES_H

#include "model/onnx/values.h"

/* elementwise.c; variants are of cvs__onnx_sum, of Cast whether it is CastLike */
cvs_status cvs__onnx_infer_unary(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_test(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_cast(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_dropout(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_many(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_compare(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_prelu(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_where(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_quantize(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_dequantize(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_dynamic_quantize(cvs__onnx_call *call);

/* shapes.c */
cvs_status cvs__onnx_infer_reshape(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_flatten(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_transpose(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_squeeze(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_unsqueeze(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_expand(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_tile(cvs__onnx_call *call);

/* joins.c */
cvs_status cvs__onnx_infer_concat(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_split(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_slice(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_pad(cvs__onnx_call *call);

/* gather.c */
cvs_status cvs__onnx_infer_gather(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_gather_elements(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_gather_nd(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_non_zero(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_compress(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_one_hot(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_multinomial(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_top_k(cvs__onnx_call *call);

/* reduce.c; of reductions the variant is what numbers that are known are folded with */
cvs_status cvs__onnx_infer_reduce(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_arg(cvs__onnx_call *call);

/* matrix.c */
enum { CVS__ONNX_MATRICES = 0, CVS__ONNX_INTEGER_MATRICES, CVS__ONNX_QUANTIZED_MATRICES };
cvs_status cvs__onnx_infer_det(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_gemm(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_mat_mul(cvs__onnx_call *call);

/* make.c */
cvs_status cvs__onnx_infer_shape_of(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_size_of(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_constant_of_shape(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_like(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_of_attribute(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_other_constant(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_range(cvs__onnx_call *call);

/* windows.c; the variant: which input, from 1 on, has the type that comes out, 0 the first, or minus the type itself */
cvs_status cvs__onnx_infer_convolve(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_pool(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_lp_pool(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_global_pool(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_max_unpool(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_roi_pool(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_roi_align(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_grid_sample(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_depth_to_space(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_space_to_depth(cvs__onnx_call *call);

/* resize.c */
cvs_status cvs__onnx_infer_resize(cvs__onnx_call *call);

/* norms.c */
cvs_status cvs__onnx_infer_batch_norm(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_layer_norm(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_recurrent(cvs__onnx_call *call); /* the variant: how many states it has */

/* control.c */
cvs_status cvs__onnx_infer_if(cvs__onnx_call *call);
cvs_status cvs__onnx_infer_loop(cvs__onnx_call *call);

#endif
