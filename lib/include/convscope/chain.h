/*
 * chain.h - layers one after the other: what they come to together.
 */
#ifndef CONVSCOPE_CHAIN_H
#define CONVSCOPE_CHAIN_H

#include <convscope/layer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A zeroed struct is the chain without layers. Figures that are not known are CVS_DIM_UNKNOWN and stay so. */
typedef struct cvs_chain {
    int layers;
    int64_t parameters;
    cvs_cost cost; /* input_bytes of the first layer, output_bytes of the last, the sum of all layers' otherwise */
    /* What one output cell sees of the chain's input. rank 0 from a layer on that has no positions, e.g. flatten. */
    cvs_receptive_field field;
} cvs_chain;

/*
 * Append a layer. Its receptive field (r, s, start) extends the chain's:
 *   size += (r - 1)*jump, start += start*jump, jump *= s
 * (distill.pub, Araujo et al. 2019, relations 2-4), jump being jump/jump_divisor. Where every jump is a whole number
 * these are exact. Transposed convolutions, upsampling and adaptive pools may have steps of parts of a cell: size is
 * rounded up, start is an average, and a single cell may see a little more or less. CVS_TOO_LARGE when a figure
 * overflows.
 */
CVS_API cvs_status cvs_chain_add(cvs_chain *chain, const cvs_inference *inference, cvs_error *err) CVS_NODISCARD;

#ifdef __cplusplus
}
#endif

#endif
