#include "oracle.h"

#include <math.h>

void oracle_count_outputs(oracle_conv *conv) {
    for (int a = 0; a < 3; a++) {
        const int64_t padded = conv->before[a] + conv->in[a] + conv->after[a];
        const int64_t reach = (conv->kernel[a] - 1) * conv->dilation[a];
        conv->out[a] = 0;
        for (int64_t start = 0; start + reach < padded; start += conv->stride[a]) conv->out[a]++;
    }
}

/* Step from the edge outwards: the fill says how the source walks meanwhile. -1: a zero. */
static int64_t look_up(cvs_fill fill, int64_t position, int64_t in) {
    if (position >= 0 && position < in) return position;
    if (fill == CVS_FILL_ZEROS) return -1;
    const int64_t edge = position < 0 ? 0 : in - 1, outwards = position < 0 ? -1 : 1;
    int64_t source = edge;
    for (int64_t p = edge; p != position; p += outwards) {
        if (fill == CVS_FILL_REFLECT) source -= outwards;
        if (fill == CVS_FILL_CIRCULAR) source += outwards;
        if (source < 0) source = in - 1;
        if (source >= in) source = 0;
    }
    return source;
}

oracle_value oracle_at(const oracle_conv *conv, const float *input, const float *kernel, const float *bias,
                       int64_t sample, int64_t filter, const int64_t cell[3]) {
    const int64_t *k = conv->kernel, *in = conv->in;
    const int64_t per_group = conv->channels / conv->groups;
    const int64_t group = filter / (conv->filters / conv->groups);
    oracle_value value = {0, 0};
    for (int64_t c = 0; c < per_group; c++) {
        for (int64_t kd = 0; kd < k[0]; kd++) {
            for (int64_t kh = 0; kh < k[1]; kh++) {
                for (int64_t kw = 0; kw < k[2]; kw++) {
                    const int64_t tap[3] = {kd, kh, kw};
                    int64_t at[3];
                    for (int a = 0; a < 3; a++)
                        at[a] =
                            look_up(conv->fill,
                                    cell[a] * conv->stride[a] + tap[a] * conv->dilation[a] - conv->before[a], in[a]);
                    const int64_t channel = sample * conv->channels + group * per_group + c;
                    const double x = at[0] < 0 || at[1] < 0 || at[2] < 0
                                         ? 0
                                         : (double)input[((channel * in[0] + at[0]) * in[1] + at[1]) * in[2] + at[2]];
                    const double w = (double)kernel[(((filter * per_group + c) * k[0] + kd) * k[1] + kh) * k[2] + kw];
                    value.sum += x * w;
                    value.size += fabs(x * w);
                }
            }
        }
    }
    if (bias) {
        value.sum += (double)bias[filter];
        value.size += fabs((double)bias[filter]);
    }
    return value;
}
