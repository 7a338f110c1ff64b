/* choices.c - the settings that the way back tries, the most natural first. */
#include "layer/inspect/choices.h"

#include "layer/layer_internal.h"

static void add_number(int64_t *list, int *count, int capacity, int64_t value) {
    if (value < 1 || *count == capacity) return;
    for (int i = 0; i < *count; i++)
        if (list[i] == value) return;
    list[(*count)++] = value;
}

static void add_padding(cvs__choices *all, cvs_padding_mode mode, int64_t before, int64_t after, int cost) {
    if (all->paddings < CVS__PADDINGS) all->padding[all->paddings++] = (cvs__padding_choice){mode, before, after, cost};
}

/* Only what the layer's framework can write. */
static void list_paddings(const cvs_layer *layer, cvs__choices *all) {
    const cvs_framework framework = cvs__framework_of(layer);
    const bool keras = framework == CVS_KERAS || framework == CVS_KERAS1;
    add_padding(all, CVS_PAD_VALID, 0, 0, 0);
    add_padding(all, CVS_PAD_SAME, 0, 0, 1);
    if (framework == CVS_KERAS1) add_padding(all, CVS_PAD_FULL, 0, 0, 4);
    if (framework == CVS_KERAS && layer->spatial_rank == 1) add_padding(all, CVS_PAD_CAUSAL, 0, 0, 3);
    if (keras) return;
    for (int64_t p = 1; p <= 24; p++) add_padding(all, CVS_PAD_EXPLICIT, p, p, 1 + (int)p / 4);
    if (framework == CVS_PYTORCH) return;
    for (int64_t p = 0; p <= 8; p++) add_padding(all, CVS_PAD_EXPLICIT, p, p + 1, 8 + (int)p);
}

static void list_kernels(int64_t input, int64_t output, cvs__choices *all) {
    static const int64_t usual[] = {3, 5, 1, 7, 2, 4, 9, 11, 6, 8};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        add_number(all->kernel, &all->kernels, CVS__KERNELS, usual[i]);
    add_number(all->kernel, &all->kernels, CVS__KERNELS, input - output + 1);
    add_number(all->kernel, &all->kernels, CVS__KERNELS, output - input + 1);
    add_number(all->kernel, &all->kernels, CVS__KERNELS, input);
}

static void list_strides(int64_t input, int64_t output, cvs__choices *all) {
    for (int64_t s = 1; s <= 6; s++) add_number(all->stride, &all->strides, CVS__STRIDES, s);
    const int64_t ratio = input > output ? input / output : output / input;
    if (ratio > CVS_MAX_PARAMETER) return; /* no stride may be as large */
    for (int64_t s = ratio - 1; s <= ratio + 1; s++) add_number(all->stride, &all->strides, CVS__STRIDES, s);
}

void cvs__list_choices(const cvs_layer *layer, unsigned asked, int64_t input, int64_t output, cvs__choices *all) {
    *all = (cvs__choices){0};
    if (asked & CVS_ASK_KERNEL) list_kernels(input, output, all);
    if (asked & CVS_ASK_STRIDE) list_strides(input, output, all);
    if (asked & CVS_ASK_PADDING) list_paddings(layer, all);
    if (asked & CVS_ASK_DILATION)
        for (int64_t d = 1; d <= CVS__DILATIONS; d++) add_number(all->dilation, &all->dilations, CVS__DILATIONS, d);
    if (asked & CVS_ASK_OUTPUT_PADDING)
        for (int64_t p = 0; p < CVS__OUTPUT_PADDINGS; p++) all->output_padding[all->output_paddings++] = p;
}
