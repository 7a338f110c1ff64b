/* pytorch_arguments.h - the lists of arguments of torch.nn modules and functions, each in the order of its signature.
 */
#ifndef CONVSCOPE_DIALECT_PYTORCH_ARGUMENTS_H
#define CONVSCOPE_DIALECT_PYTORCH_ARGUMENTS_H

#include "dialect/table.h"

/* pytorch_windows.c */
extern const cvs__argument cvs__torch_conv[];
extern const cvs__argument cvs__torch_lazy_conv[];
extern const cvs__argument cvs__torch_transposed[];
extern const cvs__argument cvs__torch_lazy_transposed[];
extern const cvs__argument cvs__torch_max_pool[];
extern const cvs__argument cvs__torch_average_pool_1d[];
extern const cvs__argument cvs__torch_average_pool[];
extern const cvs__argument cvs__torch_adaptive[];
extern const cvs__argument cvs__torch_zero_pad[];
extern const cvs__argument cvs__torch_constant_pad[];
extern const cvs__argument cvs__torch_upsample[];

extern const cvs__type cvs__type_torch_sides; /* padding of a padding module; a negative one crops */
extern const cvs__type cvs__type_torch_mode;  /* interpolation */

/* pytorch_others.c */
extern const cvs__argument cvs__torch_linear[];
extern const cvs__argument cvs__torch_lazy_linear[];
extern const cvs__argument cvs__torch_flatten[];
extern const cvs__argument cvs__torch_batch_norm[];
extern const cvs__argument cvs__torch_lazy_batch_norm[];
extern const cvs__argument cvs__torch_layer_norm[];
extern const cvs__argument cvs__torch_group_norm[];
extern const cvs__argument cvs__torch_instance_norm[];
extern const cvs__argument cvs__torch_inplace[];
extern const cvs__argument cvs__torch_leaky_relu[];
extern const cvs__argument cvs__torch_elu[];
extern const cvs__argument cvs__torch_softplus[];
extern const cvs__argument cvs__torch_gelu[];
extern const cvs__argument cvs__torch_softmax[];
extern const cvs__argument cvs__torch_nothing[];
extern const cvs__argument cvs__torch_dropout[];
extern const cvs__argument cvs__torch_cat[];
extern const cvs__argument cvs__torch_add[];
extern const cvs__argument cvs__torch_pair[];

#endif
